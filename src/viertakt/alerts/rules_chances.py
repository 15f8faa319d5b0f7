"""How likely as many or more are where the rate itself varies, as natural logarithms. Pure.

Counts are negative binomial: Poisson's with a rate that varies as a gamma does. Parts are beta-binomial: the binomial's with a
share that varies as a beta does (Johnson, Kemp and Kotz, Univariate Discrete Distributions, 3rd ed., 5.1 and 6.2.2). Without
variation they are Poisson's and the binomial's. Logarithms, since what opens an alert may be far rarer than a float can say.
"""

import math
from collections.abc import Callable

# Below it the sums are those of the distribution without variation, whose logarithms lose no digits.
VARIES_FROM = 1e-6
NEGLIGIBLE = 1e-9
SIZE_MIN = 2.0  # flatter than even is nobody's share


def at_least(count: int, mean: float, variance: float = 0.0) -> float:
    """The natural logarithm of the chance of `count` or more where `mean` are expected, `count` being above it."""
    return _tail(count, *_counts(count, mean, variance), last=math.inf) if mean > 0 else -math.inf


def at_most(count: int, mean: float, variance: float = 0.0) -> float:
    """The same of `count` or fewer, `count` being below it."""
    return _tail(count, *_counts(count, mean, variance), last=0)


def part_at_least(count: int, of: int, share: float, deviation: float = 0.0) -> float:
    """The same of `count` or more of so many, where each is one with the chance `share`, which varies by a standard deviation."""
    if not 0 < share < 1:
        return 0.0
    first = math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)
    if deviation < VARIES_FROM * share:
        first += count * math.log(share) + (of - count) * math.log1p(-share)
        return _tail(count, first, lambda n: (of - n) / (n + 1) * share / (1 - share), last=of)
    size = max(share * (1 - share) / deviation**2 - 1, SIZE_MIN)
    a, b = share * size, (1 - share) * size
    first += _log_beta(count + a, of - count + b) - _log_beta(a, b)
    return _tail(count, first, lambda n: (of - n) * (n + a) / ((n + 1) * (of - n - 1 + b)), last=of)


def _counts(count: int, mean: float, variance: float) -> tuple[float, Callable[[int], float]]:
    """The logarithm of the chance of just so many, and how much likelier the next is than a count."""
    if variance < mean * (1 + VARIES_FROM):
        return count * math.log(mean) - mean - math.lgamma(count + 1), lambda n: mean / (n + 1)
    size, more = mean**2 / (variance - mean), 1 - mean / variance
    ways = math.lgamma(count + size) - math.lgamma(count + 1) - math.lgamma(size)
    return ways + size * math.log1p(-more) + count * math.log(more), lambda n: (n + size) / (n + 1) * more


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _tail(start: int, first: float, ratio: Callable[[int], float], *, last: float) -> float:
    """The logarithm of a sum of chances from `start` to `last`, away from the mean: each is smaller than the one before."""
    total, part, n = 1.0, 1.0, start
    while n != last and part > NEGLIGIBLE * total:
        if last > start:
            part *= ratio(n)
            n += 1
        else:
            n -= 1
            part /= ratio(n)
        total += part
    return min(first + math.log(total), 0.0)
