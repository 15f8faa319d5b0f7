"""Durations in bins that grow by a fixed factor: they add up, and a percentile read from them is right within two percent.

A bin i holds what lies in (g^(i-1), g^i] seconds with g = (1 + a) / (1 - a); its value 2g^i / (g + 1) is off by at most a
(DDSketch: Masson, Rim and Lee, VLDB 2019, section 2).
"""

import math
from collections.abc import Mapping
from decimal import Decimal

ERROR = 0.01  # half of what is promised: the rest is for ties at a percentile's edge
GAMMA = Decimal(str(round((1 + ERROR) / (1 - ERROR), 12)))
SHORTEST = Decimal("0.001")  # seconds: what is shorter counts as this


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
