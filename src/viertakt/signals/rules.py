"""What a report does where an operation stands, and which report comes next. Pure.

    a report ──┬─ one of its transitions leaves this stage ........................ a move
               ├─ it says what is so already ...................................... known
               ├─ its turn is still to come: earlier reports are under way ........ it waits
               ├─ the operation is beyond what it says ............................. known
               └─ none of these .................................................... a contradiction, for a person

Reports of one operation are in the order of the provider's time; at the same second progress comes before an end, and an
end before what reverses one. One that comes after a later one was applied is overtaken and moves nothing. It is flagged
only where the reports contradict each other in the provider's own order too, which is looked at by telling them once
more from the stage at which the later one was applied. So duplicates and reorderings alone flag nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto

import msgspec

from viertakt.kinds.flow import ahead
from viertakt.kinds.model import Cause, Kind, Outcome, ReasonCode, StageName, Status, TransitionName
from viertakt.kinds.reasons import Catalogue
from viertakt.operations.model import Operation
from viertakt.signals.model import Signal, SignalState, Way

PATIENCE = timedelta(hours=24)  # after that a person looks: whatever was to come first has not come
WAITS = frozenset({SignalState.RECEIVED, SignalState.PARKED})
TOLD = frozenset({SignalState.APPLIED, SignalState.KNOWN})
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


class Step(msgspec.Struct, frozen=True):
    """What is to be done about one signal: the state it comes to, and for a move its transition. `code`: why."""

    signal: Signal
    state: SignalState
    transition: TransitionName | None = None
    reason: ReasonCode | None = None
    code: str | None = None


class _Says(msgspec.Struct, frozen=True):
    """A way read by the catalogue: the transitions it may take, in order, and the end that it tells of."""

    transitions: tuple[TransitionName, ...]
    outcome: Outcome | None
    reasons: tuple[ReasonCode, ...]
    mapped: bool


def next_step(
    kind: Kind, operation: Operation, signals: Sequence[Signal], *, catalogue: Catalogue, now: datetime
) -> Step | None:
    """What is to be done next for an operation with these signals; None where all that is left waits."""
    keyed = sorted((key_of(kind, signal, catalogue), n) for n, signal in enumerate(signals))
    told = [key for key, n in keyed if signals[n].state in TOLD and _is_timed(signals[n])]
    newest = told[-1] if told else None
    for key, n in keyed:
        signal = signals[n]
        if signal.state not in WAITS or signal.way is None:
            continue
        if not _is_timed(signal):
            if _was_outrun(signals, signal):
                return Step(signal, SignalState.OVERTAKEN)
        elif newest is not None and key < newest:
            conflict = _conflict(kind, [signals[m] for _, m in keyed], signal, catalogue)
            if conflict:
                return Step(signal, SignalState.CONTRADICTING, code="out_of_order")
            return Step(signal, SignalState.OVERTAKEN)
        step = _step(kind, operation, signal, catalogue, now)
        if step is not None:
            return step
    return None


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


def retry_after(received_at: datetime, now: datetime) -> timedelta:
    """When to look again for what a parked signal waits for: a quarter of the time it has waited, 1 second to 5 minutes."""
    return min(max((now - received_at) / 4, timedelta(seconds=1)), timedelta(minutes=5))


def _step(
    kind: Kind, operation: Operation, signal: Signal, catalogue: Catalogue, now: datetime
) -> Step | None:
    assert signal.way is not None, "a signal that has found its operation has been read"
    taken = take(kind, operation.stage, signal.way, catalogue=catalogue)
    if taken.fate in {Fate.MOVE, Fate.KNOWN} and _amount_differs(operation, signal.way):
        return _other_amount(kind, operation, signal)
    match taken.fate:
        case Fate.MOVE:
            step = Step(signal, SignalState.APPLIED, taken.transition, taken.reason)
        case Fate.KNOWN:
            step = Step(signal, SignalState.KNOWN)
        case Fate.WAIT:
            if now - signal.received_at <= PATIENCE:
                return None
            step = _flag(kind, signal, "too_early", catalogue)
        case Fate.UNMAPPED:
            step = Step(signal, SignalState.UNMAPPED, code="unmapped_code")
        case Fate.REASONLESS:
            step = Step(signal, SignalState.CONTRADICTING, code="reason_missing")
        case Fate.CONTRADICTS:
            step = _flag(kind, signal, "contradicts_stage", catalogue)
    return step


def _flag(kind: Kind, signal: Signal, code: str, catalogue: Catalogue) -> Step:
    """To a person; but progress of which nobody knows when it was is only late."""
    if not _is_timed(signal) and key_of(kind, signal, catalogue)[1] == 0:
        return Step(signal, SignalState.OVERTAKEN)
    return Step(signal, SignalState.CONTRADICTING, code=code)


def _is_timed(signal: Signal) -> bool:
    """Whether the provider says when it was; Veriff's event hooks do not."""
    return signal.reading is None or signal.reading.at is not None


def _was_outrun(signals: Iterable[Signal], late: Signal) -> bool:
    """Whether a report of the same attempt that says its time was applied before this one, which says none."""
    attempt = late.reading.attempt if late.reading else None
    return attempt is not None and any(
        one.state in TOLD and _is_timed(one) and one.reading is not None and one.reading.attempt == attempt
        for one in signals
    )


def _amount_differs(operation: Operation, way: Way) -> bool:
    return way.amount is not None and operation.amount is not None and way.amount != operation.amount


def _other_amount(kind: Kind, operation: Operation, signal: Signal) -> Step:
    """To a person: by the transition that the mapping names, where it leaves this stage, else by the flag."""
    assert signal.way is not None, "its amount was read"
    name = signal.way.otherwise
    way_out = None if name is None else kind.transitions.get(name)
    if way_out is not None and operation.stage in way_out.from_:
        return Step(signal, SignalState.APPLIED, name, code="amount_differs")
    return Step(signal, SignalState.CONTRADICTING, code="amount_differs")


def _conflict(kind: Kind, ordered: Iterable[Signal], late: Signal, catalogue: Catalogue) -> bool:
    """Whether the late one and those after it contradict each other in the provider's order, told from where the first
    of the later ones was applied."""
    rest = list(ordered)
    rest = rest[rest.index(late) :]
    stage = next((one.from_stage for one in rest if one.from_stage is not None), None)
    if stage is None:
        return False  # none of the later ones moved it
    for one in rest:
        if one is not late and one.state not in {*TOLD, SignalState.OVERTAKEN}:
            continue
        if one.way is None or not _is_timed(one):
            continue
        taken = take(kind, stage, one.way, catalogue=catalogue)
        if taken.fate is Fate.CONTRADICTS:
            return True
        if taken.fate is Fate.MOVE and taken.transition is not None:
            stage = kind.transitions[taken.transition].to
    return False


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
