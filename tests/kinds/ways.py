"""Reads provider_values.yaml and never.yaml, and walks their paths over a kind's graph: no database, no clock."""

from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.model import Cause, Kind, KindName, StageName, Transition
from viertakt.kinds.reasons import load_catalogue

REPORTED = frozenset({Cause.PROCESS, Cause.SOURCE})
SYSTEM_STEPS = {
    "deadline": Cause.DEADLINE,
    "re_ask": Cause.DEADLINE,
    "check": Cause.CHECK,
    "children": Cause.CHILDREN,
}
NEEDS = frozenset({"approvals", "checks", "children", "deadlines", "guards", "re_asking", "signals"})


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One requested move: by a machine's token or by a person, with what the kind asks of it."""

    transition: str
    as_: str = msgspec.field(name="as")
    reason: str | None = None
    comment: str | None = None
    approvals: int = 0


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reported end: an outcome, or only a provider's code."""

    outcome: str | None = None
    reason: str | None = None
    code: str | None = None


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a path; exactly one of these is there."""

    open: dict[str, Any] | None = None
    move: Move | None = None
    outcome: Report | None = None
    deadline: str | None = None
    re_ask: str | None = None
    check: str | None = None
    children: str | None = None


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stage: str
    status: str


class ProviderValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    provider: str
    value: str
    kind: str
    expect: Expected
    path: tuple[Step, ...]
    needs: str | None = None


class Beside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    path: tuple[Step, ...]


class Never(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    never: str
    path: tuple[Step, ...]
    needs: str | None = None
    beside: Beside | None = None
    try_: Step | None = msgspec.field(name="try", default=None)
    refused: str | None = None
    expect: Expected | None = None


def provider_values() -> list[ProviderValue]:
    """Every provider's value with the way that leads to where it belongs."""
    return msgspec.convert(_read("provider_values.yaml"), list[ProviderValue])


def never_lines() -> list[Never]:
    """Every try at something that must never happen."""
    return msgspec.convert(_read("never.yaml"), list[Never])


def _read(name: str) -> Any:
    return YAML(typ="safe", pure=True).load(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def kind_of(name: str) -> Kind:
    return builtin_kinds()[KindName(name)]


def transition_of(kind: Kind, stage: StageName, step: Step) -> tuple[str | None, Transition | None]:
    """The transition a step takes from this stage; (None, None) where the kind has none for it."""
    if step.outcome is not None:
        name = _outcome_transition(kind, stage, step.outcome)
    elif step.move is not None:
        name = step.move.transition
    else:
        name = step.deadline or step.re_ask or step.check or step.children
    found = {str(known): transition for known, transition in kind.transitions.items()}.get(name or "")
    return (name, found) if found else (None, None)


def _outcome_transition(kind: Kind, stage: StageName, report: Report) -> str | None:
    outcome = report.outcome
    if outcome is None and report.code is not None:
        verdict = load_catalogue().decide(code=report.code, direction=kind.direction)
        outcome = verdict.outcome.value if verdict and verdict.outcome else None
    late = kind.outcomes.late
    if outcome == "success" and late is not None and stage in kind.transitions[late].from_:
        return late
    return getattr(kind.outcomes, outcome) if outcome else None


def refusal(kind: Kind, stage: StageName, step: Step) -> str | None:
    """The code with which this step is refused at this stage; None where it is made."""
    _, transition = transition_of(kind, stage, step)
    if transition is None:
        return "invalid"
    if stage not in transition.from_:
        return "not_permitted"
    if not _may(transition, step):
        return "forbidden"
    if step.move is not None and not _complete(transition, step.move):
        return "invalid"
    return None


def _may(transition: Transition, step: Step) -> bool:
    for name, cause in SYSTEM_STEPS.items():
        if getattr(step, name) is not None:
            return cause in transition.by
    if step.move is not None and step.move.as_ == "person":
        return bool(transition.roles)
    return bool(REPORTED & set(transition.by))


def _complete(transition: Transition, move: Move) -> bool:
    """Whether a move carries the reason and comment its transition asks for."""
    if transition.comment == "required" and not move.comment:
        return False
    if move.reason is None:
        return len(transition.reasons) <= 1
    known = load_catalogue().reason(move.reason) is not None
    return known and (not transition.reasons or move.reason in transition.reasons)


def walk(kind: Kind, path: tuple[Step, ...]) -> StageName:
    """The stage at which a path ends; a step that would be refused is a fault of the path."""
    first, *steps = path
    assert first.open is not None, "a path begins with the opening"
    unknown = set(first.open.get("attributes", {})) - set(kind.attributes)
    assert not unknown, f"{kind.kind} has no attributes {sorted(unknown)}"
    stage = kind.start
    for step in steps:
        refused = refusal(kind, stage, step)
        assert refused is None, f"{kind.kind} at {stage!r} refuses {step} as {refused}"
        _, transition = transition_of(kind, stage, step)
        assert transition is not None, "what is not refused has a transition"
        stage = transition.to
    return stage


def needed(path: tuple[Step, ...]) -> set[str]:
    """The machinery without which nobody can make these steps."""
    words = {"deadline": "deadlines", "re_ask": "re_asking", "check": "checks", "children": "children"}
    return {word for step in path for name, word in words.items() if getattr(step, name) is not None}
