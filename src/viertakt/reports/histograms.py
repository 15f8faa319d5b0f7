"""Durations in bins that grow by a fixed factor: they add up, and a percentile read from them is right within two percent.

A bin i holds what lies in (g^(i-1), g^i] seconds with g = (1 + a) / (1 - a); its value 2g^i / (g + 1) is off by at most a
(DDSketch: Masson, Rim and Lee, VLDB 2019, section 2).

A histogram is kept as one number in whose decimal digits the counts stand side by side (migration 0055), so that PostgreSQL
merges histograms by adding numbers.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate

ERROR = 0.01  # half of what is promised: the rest is for ties at a percentile's edge
GAMMA = Decimal(str(round((1 + ERROR) / (1 - ERROR), 12)))
SHORTEST = Decimal("0.001")  # seconds: what is shorter counts as this
LOWEST = -345  # the bin of the shortest
BIN_DIGITS = 12


def lanes(number: str, digits: int) -> Iterator[tuple[int, int]]:
    """The counts that stand in a number, so many digits each, with their places; the lowest first, and no zeros."""
    first = (len(number) - len(number.rstrip("0"))) // digits
    filled = number.zfill(-(-len(number) // digits) * digits)
    starts = range(len(filled) - (first + 1) * digits, -1, -digits)
    counts = [int(filled[start : start + digits]) for start in starts]
    return ((nth, count) for nth, count in enumerate(counts, first) if count)


def bins_in(histogram: str) -> dict[int, int]:
    """The bins of a histogram, with their counts."""
    return {LOWEST + nth: count for nth, count in lanes(histogram, BIN_DIGITS)}


def value_of(bin_: int) -> float:
    """The seconds that stand for a bin, off by at most one percent."""
    gamma = float(GAMMA)
    return 2 * gamma**bin_ / (gamma + 1)


def percentile(bins: Mapping[int, int], share: float) -> float | None:
    """The seconds that `share` (0 to 1) of all durations do not exceed; None of none."""
    return percentiles(bins, (share,))[0]


def percentiles(bins: Mapping[int, int], shares: Sequence[float]) -> list[float | None]:
    """The same for several shares of the same durations."""
    ordered = sorted(bins)
    seen = list(accumulate(bins[bin_] for bin_ in ordered))
    if not seen or seen[-1] <= 0:
        return [None for _ in shares]
    # The first bin by whose end more have been seen than the rank.
    found = [bisect_right(seen, share * (seen[-1] - 1) + 1e-9) for share in shares]
    values = [value_of(ordered[min(nth, len(ordered) - 1)]) for nth in found]
    return [0.0 if value <= float(SHORTEST) * 1.02 else value for value in values]


def bin_of(seconds: float) -> int:
    """The bin a duration falls into."""
    return math.ceil(math.log(max(seconds, float(SHORTEST))) / math.log(float(GAMMA)))
