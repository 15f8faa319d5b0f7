"""When a stage's time limit ends: `after`, a duration from entering it, or `at`, an expression over dates. Pure.

    after: P14D
    at: attributes.respond_by
    at: min(entered+P6D, attributes.starts_at+P1D, attributes.ends_at)

A date attribute that the operation does not have is left out; where none of an expression is left, the stage has no limit.
A day ends at its midnight in the organisation's zone. With `working: true` durations count the hours of the kind's calendar.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from viertakt.errors import Invalid
from viertakt.kinds.calendars import add_working
from viertakt.kinds.durations import parse_duration
from viertakt.kinds.model import AttributeType, Limit, PublishedKind, StageName
from viertakt.language.stored import read_day, read_instant

ENTERED = "entered"
TERMS_MAX = 20
MOMENTS_KEPT = 2_000
_CALL = re.compile(r"(min|max)\((.*)\)", re.ASCII | re.DOTALL)
_TERM = re.compile(r"(?:(entered)|attributes\.([a-z][a-z0-9_]{0,62}))\s*(?:([-+])\s*(P[A-Z0-9]+))?", re.ASCII)


class Term(msgspec.Struct, frozen=True):
    """One moment of an expression: entering the stage (no `attribute`), or a date of the operation; and how much later."""

    attribute: str | None
    later: timedelta = timedelta(0)
    duration: str | None = None  # as it is written


class Moment(msgspec.Struct, frozen=True):
    """The earliest of some terms, or the latest."""

    latest: bool
    terms: tuple[Term, ...]


class Unread(msgspec.Struct, frozen=True):
    """A part of an expression that is none. `duration`: it is one but for this."""

    part: str
    duration: str | None = None


@lru_cache(maxsize=MOMENTS_KEPT)
def read_moment(text: str) -> Moment | tuple[Unread, ...]:
    """The moment that an expression describes, or its parts that do not read."""
    call = _CALL.fullmatch(text.strip())
    parts = [part.strip() for part in (call[2].split(",") if call else [text])]
    read = [_term(part) for part in parts[:TERMS_MAX]]
    unread = tuple(one for one in read if isinstance(one, Unread))
    if len(parts) > TERMS_MAX:
        unread = (*unread, Unread(", ".join(parts[TERMS_MAX:])[:80]))
    if unread:
        return unread
    return Moment(call is not None and call[1] == "max", tuple(one for one in read if isinstance(one, Term)))


def deadline_of(
    published: PublishedKind, stage: StageName, *, entered: datetime, attributes: Mapping[str, Any]
) -> datetime | None:
    """When the limit of a stage ends that was entered then; None where it has none, or none that this operation has a date for."""
    limit = published.kind.stages[stage].limit
    if limit is None:
        return None
    moment = _moment(limit)
    found = [
        at
        for term in moment.terms
        if (begin := entered if term.attribute is None else _date(published, term.attribute, attributes))
        is not None
        and (at := _later(published, begin, term.later, working=limit.working)) is not None
    ]
    if not found:
        return None
    return max(found) if moment.latest else min(found)


def reads(limit: Limit) -> frozenset[str]:
    """The attributes that a limit goes by."""
    return frozenset(term.attribute for term in _moment(limit).terms if term.attribute is not None)


@lru_cache(maxsize=MOMENTS_KEPT)
def _moment(limit: Limit) -> Moment:
    moment = read_moment(limit.at if limit.at is not None else f"{ENTERED}+{limit.after}")
    assert isinstance(moment, Moment), "check_kind lets no other limit be published"
    return moment


def _term(part: str) -> Term | Unread:
    match = _TERM.fullmatch(part)
    if match is None:
        return Unread(part)
    if match[4] is None:
        return Term(match[2])
    length = parse_duration(match[4])
    if length is None:
        return Unread(part, match[4])
    return Term(match[2], -length if match[3] == "-" else length, match[4])


def _date(published: PublishedKind, name: str, attributes: Mapping[str, Any]) -> datetime | None:
    """The moment that an attribute names: a day by its end."""
    value = attributes.get(name)
    if not isinstance(value, str):
        return None
    if published.kind.attributes[name].type is not AttributeType.DATE:
        return read_instant(value)
    day = read_day(value)
    if day is None:
        return None
    return _within(lambda: datetime.combine(day + timedelta(days=1), time(), ZoneInfo(published.zone)))


def _later(published: PublishedKind, begin: datetime, by: timedelta, *, working: bool) -> datetime | None:
    if working and published.calendar is not None and by:
        calendar = published.calendar
        return _within(lambda: add_working(begin, by, calendar))
    return _within(lambda: begin + by)


def _within(reckon: Callable[[], datetime]) -> datetime | None:
    """What comes of it; None beyond the years that a clock knows, which never comes."""
    try:
        return reckon()
    except (OverflowError, ValueError, Invalid):
        return None
