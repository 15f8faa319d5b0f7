"""Reckoning with a working calendar: the hours of the week that count, in a zone, except on holidays.

    calendar: office
    zone: Europe/Amsterdam
    hours: {monday: ["09:00-12:30", "13:00-17:30"], tuesday: ["09:00-17:30"], friday: ["22:00-24:00"]}
    holidays: ["2026-12-25", "2026-12-26"]

Hours are those on the wall. Reckoning goes by the moments they stand for, so a night in which the clock is changed counts
one hour more or less. A time that a change skips stands for the moment an hour later; one that it repeats, for the first.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec

from viertakt.errors import Invalid

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A calendar as it is written. `hours`: per weekday `HH:MM-HH:MM`, rising; `24:00` is the day's end."""

    calendar: str
    zone: str
    hours: dict[str, tuple[str, ...]]
    holidays: tuple[str, ...] = ()

    @cached_property
    def week(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Monday to Sunday: the minutes after midnight between which each span of the day lies."""
        return tuple(tuple(map(minutes_of, self.hours.get(day, ()))) for day in WEEKDAYS)

    @cached_property
    def closed_on(self) -> frozenset[date]:
        """The days on which no hour counts."""
        return frozenset(map(date.fromisoformat, self.holidays))


def spans(calendar: Calendar, first: date, after: date) -> Iterator[tuple[datetime, datetime]]:
    """The times that count on the days from `first` up to, not including, `after`: UTC, rising, none empty."""
    zone = ZoneInfo(calendar.zone)
    day = first
    while day < after:
        if day not in calendar.closed_on:
            for opens, closes in calendar.week[day.weekday()]:
                begin, end = _moment(day, opens, zone), _moment(day, closes, zone)
                if begin < end:  # hours that a change of the clock skips are none
                    yield begin, end
        day += timedelta(days=1)


def working_seconds(start: datetime, end: datetime, calendar: Calendar) -> float:
    """How many seconds between two moments count; 0 where the end comes first."""
    first, last = _day(start, calendar), _day(end, calendar)
    lengths = (
        (min(closes, end) - max(opens, start)).total_seconds()
        for opens, closes in spans(calendar, first, last + timedelta(days=1))
    )
    return sum(length for length in lengths if length > 0)


def add_working(start: datetime, duration: timedelta, calendar: Calendar) -> datetime:
    """The first moment at which so much time has counted since `start`: UTC; `start` itself for no time at all.

    Raises `Invalid` where that is after the year 9998.
    """
    left = duration
    if left <= timedelta(0):
        return start.astimezone(UTC)
    for opens, closes in spans(calendar, _day(start, calendar), date(9999, 1, 1)):
        begin = max(opens, start)
        if closes - begin >= left:
            return begin + left
        left -= max(closes - begin, timedelta(0))
    raise Invalid(f"{duration} from {start} on is after the end of the calendar {calendar.calendar!r}.")


def _day(moment: datetime, calendar: Calendar) -> date:
    return moment.astimezone(ZoneInfo(calendar.zone)).date()


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    days, minutes = divmod(minutes, 24 * 60)
    wall = time(minutes // 60, minutes % 60)
    return datetime.combine(day + timedelta(days=days), wall, zone).astimezone(UTC)


def minutes_of(written: str) -> tuple[int, int]:
    """The minutes after midnight between which a span lies."""
    opens, closes = written.split("-")
    return int(opens[:2]) * 60 + int(opens[3:]), int(closes[:2]) * 60 + int(closes[3:])
