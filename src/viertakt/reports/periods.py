"""Periods and their buckets, cut at the midnights of a time zone: a day of 23 or 25 hours is one day."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

import msgspec

from viertakt.errors import Invalid

BUCKETS_MAX = 800  # a month of hours, two years of days: more is no picture


class Bucket(StrEnum):
    """The steps of a report; weeks begin on Monday (ISO 8601)."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Period(msgspec.Struct, frozen=True):
    """`edges`: when each bucket begins, and last where the period ends; UTC, rising."""

    edges: tuple[datetime, ...]
    bucket: Bucket
    zone: tzinfo

    @property
    def start(self) -> datetime:
        """The first moment of the period."""
        return self.edges[0]

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return self.edges[-1]


def period(first: date | datetime, after: date | datetime, bucket: Bucket | None, zone: tzinfo) -> Period:
    """From `first` up to, not including, `after`; a day means its midnight in `zone`. The bucket suits the length if None.

    Buckets begin where the calendar's do: the first and the last may be cut short by the period. Raises `Invalid`.
    """
    start, end = _moment(first, zone), _moment(after, zone)
    if start >= end:
        raise Invalid("The period ends before it begins; `to` is the day after the last one.")
    chosen = bucket or _suiting(end - start)
    edges = [start]
    while (following := _next(edges[-1], chosen, zone)) < end:
        edges.append(following)
        if len(edges) > BUCKETS_MAX:
            raise Invalid(f"That is more than {BUCKETS_MAX} steps of a {chosen}; choose longer ones.")
    return Period((*edges, end), chosen, zone)


def previous(of: Period) -> Period:
    """The period just before, as long by the calendar: whole months before whole months, else as many days."""
    start, end = of.start.astimezone(of.zone), of.end.astimezone(of.zone)
    if start.day == end.day == 1 and _is_midnight(start) and _is_midnight(end):
        months = (end.year - start.year) * 12 + end.month - start.month
        return period(_months_on(start.date(), -months), start.date(), of.bucket, of.zone)
    if _is_midnight(start) and _is_midnight(end):
        days = (end.date() - start.date()).days
        return period(start.date() - timedelta(days=days), start.date(), of.bucket, of.zone)
    return period(of.start - (of.end - of.start), of.start, of.bucket, of.zone)


def pairs(of: Period) -> list[tuple[datetime, datetime]]:
    """Each bucket as its first moment and the first moment after it."""
    return list(pairwise(of.edges))


def _moment(value: date | datetime, zone: tzinfo) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value, time.min, zone).astimezone(UTC)


def _suiting(length: timedelta) -> Bucket:
    if length <= timedelta(days=2):
        return Bucket.HOUR
    if length <= timedelta(days=92):
        return Bucket.DAY
    return Bucket.WEEK if length <= timedelta(days=184) else Bucket.MONTH


def _next(moment: datetime, bucket: Bucket, zone: tzinfo) -> datetime:
    """When the next bucket begins. Hours are counted in UTC: the one that a clock change repeats is two."""
    if bucket is Bucket.HOUR:
        whole = moment.replace(minute=0, second=0, microsecond=0)
        return whole + timedelta(hours=1)
    day = moment.astimezone(zone).date()
    match bucket:
        case Bucket.DAY:
            following = day + timedelta(days=1)
        case Bucket.WEEK:
            following = day + timedelta(days=7 - day.weekday())
        case Bucket.MONTH:
            following = _months_on(day, 1)
        case Bucket.QUARTER:
            following = _months_on(day, 3 - (day.month - 1) % 3)
    return _moment(following, zone)


def _months_on(day: date, months: int) -> date:
    """The first of the month so many months on."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _is_midnight(moment: datetime) -> bool:
    return moment.time() == time.min
