"""What a comparison with a time or a number comes to, for both compilers: signs and plain values.

    created<=2026-11-22    BELOW  2026-11-23 00:00 in the reader's zone     a day is the whole day
    created:-7d..          AT_LEAST  168 hours before now
    amount:5EUR..9EUR      AT_LEAST 5EUR, AT_MOST 9EUR
    age>2d                 BELOW  48 hours before now                       the time it is counted from

This and `stored` are all that decides; `to_sql` and `to_predicate` only write it down in their own words.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from viertakt.language.model import Ago, Comparator, Moment, Span

Bounds = list[tuple[Comparator, Any]]


def plain_bounds(comparator: Comparator, value: Any) -> Bounds:
    """A value as it is, a range as its ends."""
    if not isinstance(value, Span):
        return [(comparator, value)]
    ends = [(Comparator.AT_LEAST, value.low), (Comparator.AT_MOST, value.high)]
    return [(sign, end) for sign, end in ends if end is not None]


def instant_bounds(comparator: Comparator, value: Any, now: datetime, zone: tzinfo) -> Bounds:
    """A day is the whole day in the reader's zone: `>` begins after it, `<=` reaches to its end."""
    return [_instant(sign, moment, now, zone) for sign, moment in _ends(comparator, value)]


def day_bounds(comparator: Comparator, value: Any, now: datetime, zone: tzinfo) -> Bounds:
    """For a value that is a day by itself: a moment means the day it falls on in the reader's zone."""
    return [(sign, _day(moment, now, zone)) for sign, moment in plain_bounds(comparator, value)]


def age_bounds(comparator: Comparator, value: Any, now: datetime) -> Bounds:
    """Older than two days is: from before two days ago. So an index of the times serves ages too."""
    return [(_OLDER[sign], now - length.span) for sign, length in plain_bounds(comparator, value)]


def length_bounds(comparator: Comparator, value: Any) -> Bounds:
    """How long it took, as spans of time."""
    return [(sign, length.span) for sign, length in plain_bounds(comparator, value)]


def _ends(comparator: Comparator, value: Any) -> Bounds:
    if comparator is Comparator.IS and not isinstance(value, Span):
        return [(Comparator.AT_LEAST, value), (Comparator.AT_MOST, value)]
    return plain_bounds(comparator, value)


def _instant(sign: Comparator, moment: Moment, now: datetime, zone: tzinfo) -> tuple[Comparator, datetime]:
    if isinstance(moment, Ago):
        return sign, now + moment.offset
    if isinstance(moment, datetime):
        return sign, moment
    sign, days = _BOUND_OF_DAY[sign]
    midnight = datetime.combine(moment + timedelta(days=days), time.min, zone)
    return sign, midnight.astimezone(UTC)


def _day(moment: Moment, now: datetime, zone: tzinfo) -> date:
    if isinstance(moment, Ago):
        return (now + moment.offset).astimezone(zone).date()
    if isinstance(moment, datetime):
        return moment.astimezone(zone).date()
    return moment


# How a comparison with a day becomes one with a midnight: its own, or the next day's.
_BOUND_OF_DAY: Mapping[Comparator, tuple[Comparator, int]] = {
    Comparator.ABOVE: (Comparator.AT_LEAST, 1),
    Comparator.AT_LEAST: (Comparator.AT_LEAST, 0),
    Comparator.BELOW: (Comparator.BELOW, 0),
    Comparator.AT_MOST: (Comparator.BELOW, 1),
}

_OLDER: Mapping[Comparator, Comparator] = {
    Comparator.ABOVE: Comparator.BELOW,
    Comparator.AT_LEAST: Comparator.AT_MOST,
    Comparator.BELOW: Comparator.ABOVE,
    Comparator.AT_MOST: Comparator.AT_LEAST,
}
