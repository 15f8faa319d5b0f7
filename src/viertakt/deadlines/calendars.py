"""A working calendar: the hours of the week that count, in a zone, except on holidays; and reckoning with it.

    calendar: office
    zone: Europe/Amsterdam
    hours: {monday: ["09:00-12:30", "13:00-17:30"], tuesday: ["09:00-17:30"], friday: ["22:00-24:00"]}
    holidays: ["2026-12-25", "2026-12-26"]

Hours are those on the wall. Reckoning goes by the moments they stand for, so a night in which the clock is changed counts
one hour more or less. A time that a change skips stands for the moment an hour later; one that it repeats, for the first.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec

from viertakt.errors import Invalid, InvalidKind
from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.decoding import decode_struct, with_line
from viertakt.kinds.yaml_tree import read_tree

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPANS_A_DAY_MAX = 12
HOLIDAYS_MAX = 2_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_HOURS = re.compile(
    r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))", re.ASCII
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A calendar as it is written. `hours`: per weekday `HH:MM-HH:MM`, rising; `24:00` is the day's end."""

    calendar: str
    zone: str
    hours: dict[str, tuple[str, ...]]
    holidays: tuple[str, ...] = ()

    @cached_property
    def week(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Monday to Sunday: the minutes after midnight between which each span of the day lies."""
        return tuple(tuple(map(_minutes, self.hours.get(day, ()))) for day in WEEKDAYS)

    @cached_property
    def closed_on(self) -> frozenset[date]:
        """The days on which no hour counts."""
        return frozenset(map(date.fromisoformat, self.holidays))


def read_calendar(text: str, *, what: str = "The calendar") -> Calendar:
    """The calendar that a YAML text describes. Raises `Invalid` with all faults at once, each with its line."""
    try:
        tree = read_tree(text)
        calendar = decode_struct(tree.value, Calendar, what=what, lines=tree.lines)
    except InvalidKind as refusal:
        raise Invalid(refusal.detail, faults=refusal.faults) from None
    complaints = Complaints()
    _check(calendar, complaints)
    if complaints.faults:
        faults = tuple(with_line(fault, tree.lines) for fault in complaints.faults)
        said = " ".join(f"{fault.detail} {fault.remedy or ''}".strip() for fault in faults)
        raise Invalid(f"{what} has {len(faults)} fault(s): {said}", faults=faults)
    return calendar


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


def _minutes(written: str) -> tuple[int, int]:
    opens, closes = written.split("-")
    return int(opens[:2]) * 60 + int(opens[3:]), int(closes[:2]) * 60 + int(closes[3:])


def _check(calendar: Calendar, complaints: Complaints) -> None:
    if not _NAME.fullmatch(calendar.calendar):
        detail = f"{calendar.calendar[:80]!r} is no name: lower case letters, digits and _, a letter first."
        complaints.add(("calendar",), "not_a_name", detail, value=calendar.calendar)
    try:
        ZoneInfo(calendar.zone)
    except (KeyError, ValueError, OSError):
        detail = f"There is no time zone {calendar.zone[:80]!r}."
        complaints.add(("zone",), "unknown_zone", detail, remedy="Write one such as Europe/Amsterdam.")
    for day, written in calendar.hours.items():
        if day not in WEEKDAYS:
            detail = f"{day[:80]!r} is no day of the week."
            complaints.add(("hours", day), "unknown_day", detail, value=day, remedy=meant(day, WEEKDAYS))
        _check_hours(day, written, complaints)
    if not any(calendar.hours.values()):
        complaints.add(("hours",), "no_hours", "No hour of the week counts.", remedy="Name some.")
    if len(calendar.holidays) > HOLIDAYS_MAX:
        complaints.add(("holidays",), "too_many", f"A calendar has at most {HOLIDAYS_MAX} holidays.")
    for index, holiday in enumerate(calendar.holidays):
        if not _is_day(holiday):
            detail = f"{holiday[:80]!r} is no day."
            complaints.add(
                ("holidays", index), "not_a_day", detail, value=holiday, remedy="Write 2026-12-25."
            )


def _check_hours(day: str, written: tuple[str, ...], complaints: Complaints) -> None:
    if len(written) > SPANS_A_DAY_MAX:
        detail = f"A day has at most {SPANS_A_DAY_MAX} spans."
        complaints.add(("hours", day), "too_many", detail, value=len(written))
    until = 0
    for index, span in enumerate(written):
        path = ("hours", day, index)
        if not _HOURS.fullmatch(span):
            detail = f"{span[:80]!r} are no hours."
            complaints.add(
                path, "not_hours", detail, value=span, remedy="Write 09:00-17:30; 24:00 ends a day."
            )
            continue
        opens, closes = _minutes(span)
        if opens < until or closes <= opens:
            detail = f"{span!r} does not lie after what is before it, or ends before it begins."
            remedy = "Write a day's hours in their order; a night is written in two days."
            complaints.add(path, "hours_in_disorder", detail, value=span, remedy=remedy)
        until = max(until, closes)


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False
