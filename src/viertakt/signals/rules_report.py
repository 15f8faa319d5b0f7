"""What one report comes to where its operation stands, and where it is in the provider's order. Pure.

a report ──┬─ one of its transitions leaves this stage ........................ a move
           ├─ it says what is so already ...................................... known
           ├─ its turn is still to come: earlier reports are under way ........ it waits
           ├─ the operation is beyond what it says ............................. known
           └─ none of these .................................................... a contradiction, for a person
"""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum, auto

import msgspec

from viertakt.kinds.flow import ahead
from viertakt.kinds.model import Cause, Kind, Outcome, ReasonCode, StageName, Status, TransitionName
from viertakt.kinds.reasons import Catalogue
from viertakt.signals.model import Signal, Way

Key = tuple[datetime, int, str]


class Fate(Enum):
    MOVE = auto()
    KNOWN = auto()
    WAIT = auto()
    CONTRADICTS = auto()
    UNMAPPED = auto()
    REASONLESS = auto()


class Taken(msgspec.Struct, frozen=True):
    """What a report comes to, and by which transition, for which reason."""

    fate: Fate
    transition: TransitionName | None = None
    reason: ReasonCode | None = None


class _Says(msgspec.Struct, frozen=True):
    """A way read by the catalogue: the transitions it may take, in order, and the end that it tells of."""

    transitions: tuple[TransitionName, ...]
    outcome: Outcome | None
    reasons: tuple[ReasonCode, ...]
    mapped: bool


def take(kind: Kind, stage: StageName, way: Way, *, catalogue: Catalogue) -> Taken:
    """What a report comes to where its operation stands in this stage."""
    says = _says(kind, way, catalogue)
    move = _move(kind, stage, says)
    if move is not None:
        return move
    if not says.mapped:
        return Taken(Fate.UNMAPPED)
    return Taken(_unmoved(kind, stage, says))


def _move(kind: Kind, stage: StageName, says: _Says) -> Taken | None:
    """The first transition that leaves the stage; or that only a reason is missing which it asks for."""
    found = None
    for name in says.transitions:
        transition = kind.transitions[name]
        if stage not in transition.from_ or Cause.SOURCE not in transition.by:
            continue
        reason = _reason(transition.reasons, says.reasons)
        if reason is not None or len(transition.reasons) <= 1:
            return Taken(Fate.MOVE, name, reason)
        found = Taken(Fate.REASONLESS)
    return found


def _unmoved(kind: Kind, stage: StageName, says: _Says) -> Fate:
    """Why a report moves nothing here."""
    here = kind.stages[stage]
    targets = {kind.transitions[name].to for name in says.transitions}
    if stage in targets or (says.outcome is not None and says.outcome.value == here.status.value):
        return Fate.KNOWN
    if not says.transitions and says.outcome is None:
        return Fate.KNOWN  # its code says that it is still going on
    beyond = ahead(kind, stage)
    if any(one in beyond for name in says.transitions for one in kind.transitions[name].from_):
        return Fate.WAIT
    if here.status is Status.PENDING and any(stage in ahead(kind, target) for target in targets):
        return Fate.KNOWN
    return Fate.CONTRADICTS


def key_of(kind: Kind, signal: Signal, catalogue: Catalogue) -> Key:
    """Where a signal stands among those of its operation."""
    rank = 0 if signal.way is None else _rank(kind, _says(kind, signal.way, catalogue))
    return signal.at, rank, signal.event_id


def is_timed(signal: Signal) -> bool:
    """Whether the provider says when it was; Veriff's event hooks do not."""
    return signal.reading is None or signal.reading.at is not None


def _says(kind: Kind, way: Way, catalogue: Catalogue) -> _Says:
    verdict = None if way.code is None else catalogue.decide(code=way.code, direction=kind.direction)
    outcome = way.outcome or (verdict.outcome if verdict else None)
    ends = () if outcome is None else (getattr(kind.outcomes, outcome.value),)
    if outcome is Outcome.SUCCESS:
        ends = (*ends, kind.outcomes.late)
    names = (*way.transitions, *(name for name in ends if name is not None))
    reasons = (verdict.reason if verdict else None, way.reason)
    return _Says(
        transitions=tuple(name for name in names if name in kind.transitions),
        outcome=outcome,
        reasons=tuple(reason for reason in reasons if reason is not None),
        mapped=way.code is None or verdict is not None,
    )


def _reason(asked: Sequence[ReasonCode], known: Sequence[ReasonCode]) -> ReasonCode | None:
    """The reason that a transition takes: the first known one that it asks for, the only one it has, or any at all."""
    if not asked:
        return known[0] if known else None
    fitting = [reason for reason in known if reason in asked]
    if fitting:
        return fitting[0]
    return asked[0] if len(asked) == 1 else None


def _rank(kind: Kind, says: _Says) -> int:
    """0 for progress, 1 for an end, 2 for what reverses one: the order of what happens within one second."""
    if not says.transitions:
        return 0 if says.outcome is None else 1
    first = kind.transitions[says.transitions[0]]
    if all(kind.stages[stage].status is not Status.PENDING for stage in first.from_):
        return 2
    return 0 if kind.stages[first.to].status is Status.PENDING else 1
