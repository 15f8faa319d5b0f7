"""Durations in bins that grow by a fixed factor: they add up, and a percentile read from them is right within two percent.

A bin i holds what lies in (g^(i-1), g^i] seconds with g = (1 + a) / (1 - a); its value 2g^i / (g + 1) is off by at most a
(DDSketch: Masson, Rim and Lee, VLDB 2019, section 2).

A histogram is kept as one number in whose decimal digits the counts stand side by side (migration 0055), so that PostgreSQL
merges histograms by adding numbers.
"""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal

ERROR = 0.01  # half of what is promised: the rest is for ties at a percentile's edge
GAMMA = Decimal(str(round((1 + ERROR) / (1 - ERROR), 12)))
SHORTEST = Decimal("0.001")  # seconds: what is shorter counts as this
LOWEST = -345  # the bin of the shortest
BIN_DIGITS = 12


def lanes(number: str, digits: int) -> Iterator[tuple[int, int]]:
    """The counts that stand in a number, so many digits each, with their places; the lowest first, and no zeros."""
    first = (len(number) - len(number.rstrip("0"))) // digits
    for nth, end in enumerate(range(len(number) - first * digits, 0, -digits), first):
        if count := int(number[max(end - digits, 0) : end]):
            yield nth, count


def bins_in(histogram: str) -> dict[int, int]:
    """The bins of a histogram, with their counts."""
    return {LOWEST + nth: count for nth, count in lanes(histogram, BIN_DIGITS)}


def value_of(bin_: int) -> float:
    """The seconds that stand for a bin, off by at most one percent."""
    gamma = float(GAMMA)
    return 2 * gamma**bin_ / (gamma + 1)


def percentile(bins: Mapping[int, int], share: float) -> float | None:
    """The seconds that `share` (0 to 1) of all durations do not exceed; None of none."""
    total = sum(bins.values())
    if total <= 0:
        return None
    rank = share * (total - 1)
    seen = 0
    for bin_ in sorted(bins):
        seen += bins[bin_]
        if seen > rank + 1e-9:
            return 0.0 if value_of(bin_) <= float(SHORTEST) * 1.02 else value_of(bin_)
    return value_of(max(bins))


def bin_of(seconds: float) -> int:
    """The bin a duration falls into."""
    return math.ceil(math.log(max(seconds, float(SHORTEST))) / math.log(float(GAMMA)))
