"""Which report of an operation comes next, and what is to be done about it. Pure.

Reports of one operation are in the order of the provider's time; at the same second progress comes before an end, and an
end before what reverses one. What one comes to where its operation stands is said by `rules_report`. One that comes after
a later one was applied is overtaken and moves nothing. It is flagged only where the reports contradict each other in the
provider's own order too (`rules_order`), and a flag is taken back when a report comes that was missing from the order.
So duplicates and reorderings alone flag nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from viertakt.kinds.model import Kind, ReasonCode, TransitionName
from viertakt.kinds.reasons import Catalogue
from viertakt.operations.model import Operation
from viertakt.signals.model import Signal, SignalState, Way
from viertakt.signals.rules_order import TOLD, conflicts, fits, is_flagged_by_order
from viertakt.signals.rules_report import Fate, is_timed, key_of, take

PATIENCE = timedelta(hours=24)  # after that a person looks: whatever was to come first has not come
WAITS = frozenset({SignalState.RECEIVED, SignalState.PARKED})


class Step(msgspec.Struct, frozen=True):
    """What is to be done about one signal: the state it comes to, and for a move its transition. `code`: why."""

    signal: Signal
    state: SignalState
    transition: TransitionName | None = None
    reason: ReasonCode | None = None
    code: str | None = None


class _Desk(msgspec.Struct, frozen=True):
    """All that is known when one report is looked at. `ordered`: the operation's signals in the provider's order."""

    kind: Kind
    operation: Operation
    ordered: tuple[Signal, ...]
    catalogue: Catalogue
    now: datetime


def next_step(
    kind: Kind, operation: Operation, signals: Sequence[Signal], *, catalogue: Catalogue, now: datetime
) -> Step | None:
    """What is to be done next for an operation with these signals; None where all that is left waits."""
    keyed = sorted((key_of(kind, signal, catalogue), n) for n, signal in enumerate(signals))
    told = [key for key, n in keyed if signals[n].state in TOLD and is_timed(signals[n])]
    newest = told[-1] if told else None
    desk = _Desk(kind, operation, tuple(signals[n] for _, n in keyed), catalogue, now)
    for key, n in keyed:
        signal = signals[n]
        late = is_timed(signal) and newest is not None and key < newest
        step = None
        if signal.state in WAITS and signal.way is not None:
            step = _late(desk, signal) if late else _first_look(desk, signal)
        elif is_flagged_by_order(signal):
            step = _taken_back(desk, signal, late=late)
        if step is not None:
            return step
    return None


def retry_after(received_at: datetime, now: datetime) -> timedelta:
    """When to look again for what a parked signal waits for: a quarter of the time it has waited, 1 second to 5 minutes."""
    return min(max((now - received_at) / 4, timedelta(seconds=1)), timedelta(minutes=5))


def _late(desk: _Desk, signal: Signal) -> Step:
    """One that comes after a later one was applied."""
    if conflicts(desk.kind, desk.ordered, signal, catalogue=desk.catalogue):
        return Step(signal, SignalState.CONTRADICTING, code="out_of_order")
    return Step(signal, SignalState.OVERTAKEN)


def _first_look(desk: _Desk, signal: Signal) -> Step | None:
    if not is_timed(signal) and _was_outrun(desk.ordered, signal):
        return Step(signal, SignalState.OVERTAKEN)
    return _step(desk, signal)


def _taken_back(desk: _Desk, signal: Signal, *, late: bool) -> Step | None:
    """A flag that no longer holds, for an earlier report has come since; None while it holds.

    It asks once more under a key of its own: by the old one it would be told of the flag.
    """
    if not fits(desk.kind, desk.operation, desk.ordered, signal, catalogue=desk.catalogue):
        return None
    again = msgspec.structs.replace(signal, rounds=signal.rounds + 1, state=SignalState.RECEIVED)
    step = None if late else _step(desk, again)
    return step or Step(again, SignalState.OVERTAKEN, code="order_differs")


def _step(desk: _Desk, signal: Signal) -> Step | None:
    kind, operation, catalogue = desk.kind, desk.operation, desk.catalogue
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
            if desk.now - signal.received_at <= PATIENCE:
                return None
            step = _flag(kind, signal, "too_early", catalogue)
        case Fate.UNMAPPED:
            step = Step(signal, SignalState.UNMAPPED, code="unmapped_code")
        case Fate.REASONLESS:
            step = Step(signal, SignalState.CONTRADICTING, code="reason_missing")
        case Fate.CONTRADICTS:
            step = _does_not_fit(desk, signal)
    return step


def _does_not_fit(desk: _Desk, signal: Signal) -> Step:
    """One that contradicts where its operation stands: to a person, unless it would not in the provider's order."""
    if fits(desk.kind, desk.operation, desk.ordered, signal, catalogue=desk.catalogue):
        return Step(signal, SignalState.OVERTAKEN, code="order_differs")
    return _flag(desk.kind, signal, "contradicts_stage", desk.catalogue)


def _flag(kind: Kind, signal: Signal, code: str, catalogue: Catalogue) -> Step:
    """To a person; but progress of which nobody knows when it was is only late."""
    if not is_timed(signal) and key_of(kind, signal, catalogue)[1] == 0:
        return Step(signal, SignalState.OVERTAKEN)
    return Step(signal, SignalState.CONTRADICTING, code=code)


def _was_outrun(signals: Iterable[Signal], late: Signal) -> bool:
    """Whether a report of the same attempt that says its time was applied before this one, which says none."""
    attempt = late.reading.attempt if late.reading else None
    return attempt is not None and any(
        one.state in TOLD and is_timed(one) and one.reading is not None and one.reading.attempt == attempt
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
