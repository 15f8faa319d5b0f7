"""Reads a working calendar as it is written (`kinds.calendars` reckons with it), and complains of all its faults at once."""

import re
from datetime import date
from zoneinfo import ZoneInfo

from viertakt.errors import Invalid, InvalidKind
from viertakt.kinds.calendars import WEEKDAYS, Calendar, minutes_of
from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.decoding import decode_struct, with_line
from viertakt.kinds.yaml_tree import read_tree

SPANS_A_DAY_MAX = 12
HOLIDAYS_MAX = 2_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_HOURS = re.compile(
    r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))", re.ASCII
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


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
        opens, closes = minutes_of(span)
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
