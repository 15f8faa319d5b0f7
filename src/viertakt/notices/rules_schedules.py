"""When a report that comes by mail goes next, and which days it is about. Pure.

    day    ──► each day at `at`, about the day before
    week   ──► Mondays at `at`, about the seven days before
    month  ──► the first at `at`, about the month before

All of it by the reader's own clock: a time that a clock skips in spring is the moment it skips to.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Every(StrEnum):
    """How often a report comes."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def next_run(every: Every, at: time, zone: ZoneInfo, after: datetime) -> datetime:
    """The first moment after `after` at which it goes."""
    day = after.astimezone(zone).date()
    while not _goes_on(every, day) or _moment(day, at, zone) <= after:
        day += timedelta(days=1)
    return _moment(day, at, zone)


def last_run(every: Every, at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The latest moment at which it was to go, `now` among them."""
    day = now.astimezone(zone).date()
    while not _goes_on(every, day) or _moment(day, at, zone) > now:
        day -= timedelta(days=1)
    return _moment(day, at, zone)


def days_before(every: Every, due: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The first of the days that a mail is about which goes at `due`, and the day after the last."""
    day = due.astimezone(zone).date()
    match every:
        case Every.DAY:
            return day - timedelta(days=1), day
        case Every.WEEK:
            return day - timedelta(days=7), day
        case Every.MONTH:
            return (day.replace(day=1) - timedelta(days=1)).replace(day=1), day.replace(day=1)
    raise AssertionError("every pace has its days")


def _goes_on(every: Every, day: date) -> bool:
    return every is Every.DAY or (day.weekday() == 0 if every is Every.WEEK else day.day == 1)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
