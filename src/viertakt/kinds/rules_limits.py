"""Judges a stage's time limit: that it ends at some time, and that its transition can be made by the clock alone."""

import re

from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.durations import DURATION_REMEDY, parse_duration
from viertakt.kinds.model import (
    AttributeClass,
    AttributeType,
    Cause,
    Kind,
    Limit,
    StageName,
    TransitionName,
)
from viertakt.kinds.moments import Moment, read_moment

_Path = tuple[str | int, ...]
# With a calendar a day is neither 24 hours nor the hours of one day: whoever writes P3D might mean either.
_WORKING = re.compile(r"PT[0-9HMS]+", re.ASCII)


def check_limit(kind: Kind, stage: StageName, limit: Limit, complaints: Complaints) -> None:
    """Complain about a limit that never ends, that nobody can reckon, or whose transition the clock cannot make."""
    path = ("stages", stage, "limit")
    check_way(kind, stage, limit.transition, complaints, cause=Cause.DEADLINE, path=(*path, "transition"))
    _check_makeable(kind, limit, (*path, "transition"), complaints)
    if (limit.after is None) == (limit.at is None):
        complaints.add(
            path,
            "limit_unclear",
            "A time limit has either after or at.",
            remedy="Write after: PT2H, or at: an expression.",
        )
    if limit.working and kind.calendar is None:
        complaints.add(
            (*path, "working"),
            "without_calendar",
            "The kind has no calendar whose hours could count.",
            remedy="Name one: calendar: office.",
        )
    if limit.after is not None:
        check_duration(limit.after, (*path, "after"), complaints)
        _check_working(limit, limit.after, (*path, "after"), complaints)
    if limit.at is not None:
        _check_at(kind, limit, limit.at, (*path, "at"), complaints)


def check_way(
    kind: Kind, stage: StageName, name: TransitionName, complaints: Complaints, *, cause: Cause, path: _Path
) -> None:
    """Complain unless the transition exists, leaves this stage, and may be taken by this cause."""
    transition = kind.transitions.get(name)
    if transition is None:
        complaints.add(
            path,
            "unknown_transition",
            f"{name!r} is no transition.",
            value=name,
            remedy=meant(name, kind.transitions),
        )
        return
    if stage not in transition.from_:
        remedy = f"Add {stage!r} to its from, or name one that leaves {stage!r}."
        complaints.add(
            path, "does_not_leave", f"{name!r} does not leave {stage!r}.", value=name, remedy=remedy
        )
    if cause not in transition.by:
        complaints.add(
            path,
            "cause_not_allowed",
            f"{name!r} may not be taken by a {cause}.",
            value=name,
            remedy=f"Add {cause} to its by.",
        )


def check_duration(text: str, path: _Path, complaints: Complaints) -> None:
    """Complain about what is no duration."""
    if parse_duration(text) is None:
        complaints.add(
            path, "not_a_duration", f"{text!r} is no duration.", value=text, remedy=DURATION_REMEDY
        )


def _check_makeable(kind: Kind, limit: Limit, path: _Path, complaints: Complaints) -> None:
    """No clock writes a comment or chooses a reason."""
    transition = kind.transitions.get(limit.transition)
    if transition is None:
        return
    if len(transition.reasons) > 1 or transition.comment == "required":
        detail = f"{limit.transition!r} asks for a comment or a choice of reasons, and a clock gives neither."
        remedy = "Name a transition with one reason at most, and no comment."
        complaints.add(path, "nobody_to_say_why", detail, value=limit.transition, remedy=remedy)


def _check_at(kind: Kind, limit: Limit, text: str, path: _Path, complaints: Complaints) -> None:
    """`at` is a term or `min(…)`/`max(…)` of terms; a term is `entered` or a date attribute, plus or minus a duration."""
    moment = read_moment(text)
    if not isinstance(moment, Moment):
        for part in moment:
            if part.duration is not None:
                check_duration(part.duration, path, complaints)
                continue
            remedy = "Write entered+P6D, attributes.start-P1D, or min(entered+P6D, attributes.start)."
            complaints.add(path, "not_a_moment", f"{part.part!r} is no moment.", value=text, remedy=remedy)
        return
    for term in moment.terms:
        if term.duration is not None:
            _check_working(limit, term.duration, path, complaints, backwards=term.later.days < 0)
        if term.attribute is not None:
            _check_date(kind, term.attribute, text, path, complaints)


def _check_date(kind: Kind, name: str, text: str, path: _Path, complaints: Complaints) -> None:
    attribute = kind.attributes.get(name)
    if attribute is None:
        detail, remedy = f"{name!r} is no attribute.", meant(name, kind.attributes)
        complaints.add(path, "unknown_field", detail, value=text, remedy=remedy)
    elif attribute.type not in {AttributeType.DATE, AttributeType.DATETIME}:
        complaints.add(path, "wrong_type", f"{name!r} is a {attribute.type}, not a date.", value=text)
    elif attribute.class_ in {AttributeClass.PERSONAL, AttributeClass.SENSITIVE}:
        detail = f"{name!r} is {attribute.class_}: it is kept apart, and no limit reads it."
        complaints.add(path, "limit_is_personal", detail, value=text)


def _check_working(
    limit: Limit, duration: str, path: _Path, complaints: Complaints, *, backwards: bool = False
) -> None:
    if limit.working and (backwards or not _WORKING.fullmatch(duration)):
        detail = f"{duration!r} counts days or backwards, and working hours are counted on."
        complaints.add(
            path, "days_of_a_calendar", detail, value=duration, remedy="Write working hours, such as PT16H."
        )
