"""Judges a kind's targets: that they begin and end somewhere, and say how long or until when."""

import re

from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.durations import DURATION_REMEDY, parse_duration
from viertakt.kinds.flow import reachable
from viertakt.kinds.model import AttributeClass, AttributeType, Escalation, Kind, Target

_CALENDAR = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_DUE = re.compile(r"attributes\.([a-z][a-z0-9_]{0,62})", re.ASCII)
# With a calendar a day is neither 24 hours nor the hours of one day: whoever writes P3D might mean either.
_WORKING = re.compile(r"PT[0-9HMS]+", re.ASCII)
_SHARE = re.compile(r"[1-9][0-9]?%", re.ASCII)
_Path = tuple[str | int, ...]


def check_targets(kind: Kind, complaints: Complaints) -> None:
    """Complain about each target that is named twice, never ends, or is due at no time."""
    if kind.calendar is not None and not _CALENDAR.fullmatch(kind.calendar):
        detail = f"{kind.calendar[:80]!r} is no calendar's name."
        complaints.add(
            ("calendar",), "not_a_name", detail, value=kind.calendar, remedy="Write one such as office."
        )
    names = [target.name for target in kind.targets]
    for index, target in enumerate(kind.targets):
        path = ("targets", index)
        if target.name in names[:index]:
            detail = f"There are two targets {target.name!r}."
            complaints.add((*path, "name"), "target_repeats", detail, value=target.name, remedy="Rename one.")
        _check_stages(kind, target, path, complaints)
        if (target.within is None) == (target.due is None):
            remedy = "Write within: PT24H, or due: attributes.deadline."
            complaints.add(path, "target_unclear", "A target has either within or due.", remedy=remedy)
        if target.within is not None:
            _check_within(kind, target.within, (*path, "within"), complaints)
        if target.due is not None:
            _check_due(kind, target.due, (*path, "due"), complaints)
        if target.warn is not None and not _SHARE.fullmatch(target.warn):
            detail = f"{target.warn[:80]!r} is no share of the time."
            remedy = "Write 1% to 99%, such as 75%."
            complaints.add((*path, "warn"), "not_a_share", detail, value=target.warn, remedy=remedy)
        for nth, step in enumerate(target.escalate):
            _check_step(step, (*path, "escalate", nth), complaints)


def _check_stages(kind: Kind, target: Target, path: _Path, complaints: Complaints) -> None:
    unknown = [stage for stage in (target.from_, *target.until) if stage not in kind.stages]
    for stage in unknown:
        key = "from" if stage == target.from_ else "until"
        remedy = meant(stage, kind.stages)
        complaints.add((*path, key), "unknown_stage", f"{stage!r} is no stage.", value=stage, remedy=remedy)
    until = (*path, "until")
    if not target.until:
        remedy = "Name stages in until."
        complaints.add(
            until, "target_without_end", "A target ends in some stage.", value=target.name, remedy=remedy
        )
    elif target.from_ in target.until:
        detail = f"The target would end in {target.from_!r}, where it begins."
        complaints.add(until, "target_ends_at_once", detail, value=target.from_, remedy="Drop it from until.")
    elif not unknown and not reachable(kind, [target.from_]) & set(target.until):
        detail = f"No way leads from {target.from_!r} to where the target ends."
        complaints.add(until, "target_without_end", detail, value=", ".join(target.until))


def _check_step(step: Escalation, path: _Path, complaints: Complaints) -> None:
    words: tuple[tuple[str, str | None, tuple[str, ...]], ...] = (
        ("on", step.on, ("warned", "breached")),
        ("priority", step.priority, ("high", "urgent")),
    )
    for name, word, options in words:
        if word is not None and word not in options:
            detail = f"{word[:80]!r} is none of {', '.join(options)}."
            complaints.add((*path, name), "unknown_word", detail, value=word, remedy=meant(word, options))
    if step.assign is None and step.priority is None:
        remedy = "Write assign: a role, or priority: high."
        complaints.add(path, "step_does_nothing", "The step does nothing.", remedy=remedy)


def _check_within(kind: Kind, text: str, path: _Path, complaints: Complaints) -> None:
    if parse_duration(text) is None:
        detail = f"{text!r} is no duration."
        complaints.add(path, "not_a_duration", detail, value=text, remedy=DURATION_REMEDY)
    elif kind.calendar is not None and not _WORKING.fullmatch(text):
        detail = f"{text!r} counts days, and the kind's calendar {kind.calendar!r} counts hours."
        complaints.add(
            path, "days_of_a_calendar", detail, value=text, remedy="Write working hours, such as PT16H."
        )


def _check_due(kind: Kind, text: str, path: _Path, complaints: Complaints) -> None:
    named = _DUE.fullmatch(text)
    if named is None:
        remedy = "Write attributes.deadline, with a date or datetime of the kind."
        complaints.add(path, "not_a_moment", f"{text!r} is no attribute.", value=text, remedy=remedy)
        return
    attribute = kind.attributes.get(named[1])
    if attribute is None:
        remedy = meant(named[1], kind.attributes)
        complaints.add(path, "unknown_field", f"{named[1]!r} is no attribute.", value=text, remedy=remedy)
    elif attribute.type not in {AttributeType.DATE, AttributeType.DATETIME}:
        detail = f"{named[1]!r} is a {attribute.type}, not a date."
        complaints.add(path, "wrong_type", detail, value=text)
    elif attribute.class_ in {AttributeClass.PERSONAL, AttributeClass.SENSITIVE}:
        detail = f"{named[1]!r} is {attribute.class_}: it is kept apart, and no report reads it."
        complaints.add(path, "due_is_personal", detail, value=text)
