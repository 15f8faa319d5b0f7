"""What the worker does with signals: find their operations, and make the moves that they come to.

    received ── read by its mapping ──┬─ its operation is found ──► joins the line of that operation
    parked ──── looked for again ─────┤
                                      └─ not yet ──► parked, looked for again in a quarter of the time it has waited

    a line ── claimed for some seconds ── next_step ── the batch ── settled ── next_step … ── released

What happens when the worker dies, at each arrow: reading is one transaction, so it has happened or not. A claimed line is
free again when its lease ends; whoever takes it finds by the signals' keys which moves were made, and settles those
without asking again. What an earlier attempt still settles or releases is told by its number and ignored.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.access.model import Actor, system
from viertakt.errors import LostRace, OnHold, Stale, Unavailable
from viertakt.kinds.model import Kind, PublishedKind
from viertakt.operations.batch import Batch
from viertakt.operations.model import (
    Answer,
    Caller,
    Entry,
    EntrySort,
    MoveRequest,
    Operation,
    OutcomeRequest,
)
from viertakt.operations.requests import Request
from viertakt.operations.store import Key, read_keys, read_operations
from viertakt.operations.turn import Engine, Result
from viertakt.signals import rules, store
from viertakt.signals.model import Signal, SignalId, SignalState
from viertakt.signals.placing import place
from viertakt.signals.rules import Step

T = TypeVar("T")
Ask = Callable[[Callable[[Connection[Any]], T]], T]

SIGNALS_AT_ONCE = 200
LINES_AT_ONCE = 64
LEASE = timedelta(
    seconds=15
)  # a round takes milliseconds; whoever is slower is asked again with the same keys
ROUNDS_MAX = 50  # a line that goes on for longer goes on at the next turn
AT_ONCE = timedelta(0)
AFTER_TROUBLE = timedelta(seconds=2)


class Work(msgspec.Struct):
    """One line while it is worked on: its operation as it stands, and its signals as they are known here."""

    line: store.Line
    operation: Operation
    kind: Kind
    signals: dict[SignalId, Signal]
    again: timedelta | None = None
    done: bool = False


class Applier:
    """Works signals off. `ask` answers a question in a transaction of its own."""

    def __init__(self, ask: Any, batch: Batch, engine: Engine) -> None:
        self._ask: Ask[Any] = ask
        self._batch = batch
        self._engine = engine

    def turn(self) -> float | None:
        """What is due now: 0.0 where anything was done, for there may be more; None where there was nothing."""
        placed: int = self._ask(lambda conn: place(conn, limit=SIGNALS_AT_ONCE))
        lines: list[store.Line] = self._ask(
            lambda conn: store.claim_lines(conn, limit=LINES_AT_ONCE, lease=LEASE)
        )
        if lines:
            self._work(lines)
        return 0.0 if placed or lines else None

    def _work(self, lines: Sequence[store.Line]) -> None:
        works = self._ask(lambda conn: self._begun(conn, lines))
        for _ in range(ROUNDS_MAX):
            now: datetime = self._ask(store.primary_clock)
            steps = [(work, step) for work in works if (step := self._next(work, now)) is not None]
            if not steps:
                break
            self._settle(steps, self._made(steps))
        self._ask(lambda conn: store.settle_signals(conn, _parked(works)))
        now = self._ask(store.primary_clock)
        released = {work.line: _again(work, now) for work in works}
        self._ask(lambda conn: store.release_lines(conn, released))

    def _begun(self, conn: Connection[Any], lines: Sequence[store.Line]) -> list[Work]:
        """The lines with all that deciding needs; moves that an earlier attempt made are settled first."""
        ids = [line.operation_id for line in lines]
        operations = read_operations(conn, ids)
        signals: dict[UUID, list[Signal]] = {}
        for signal in store.signals_of(conn, ids):
            assert signal.operation_id is not None, "asked for by operation"
            signals.setdefault(signal.operation_id, []).append(signal)
        works = []
        for line in lines:
            operation = operations[line.operation_id]
            published = self._kind(conn, operation)
            mine = {signal.id: signal for signal in signals.get(line.operation_id, [])}
            works.append(Work(line, operation, published.kind, mine))
        self._recover(conn, works)
        return works

    def _recover(self, conn: Connection[Any], works: Sequence[Work]) -> None:
        waiting = [(work, one) for work in works for one in work.signals.values() if one.state in rules.WAITS]
        keys: list[Key] = [(work.operation.id, _actor(one).id, _key(one)) for work, one in waiting]
        made = read_keys(conn, keys) if keys else {}
        found = [
            _known(work, one, made[key])
            for (work, one), key in zip(waiting, keys, strict=True)
            if key in made
        ]
        if found:
            store.settle_signals(conn, found)

    def _kind(self, conn: Connection[Any], operation: Operation) -> PublishedKind:
        return self._engine.kinds.at(conn, operation.kind, operation.kind_version)

    def _next(self, work: Work, now: datetime) -> Step | None:
        if work.done:
            return None
        return rules.next_step(
            work.kind,
            work.operation,
            list(work.signals.values()),
            catalogue=self._engine.catalogue,
            now=now,
        )

    def _made(self, steps: Sequence[tuple[Work, Step]]) -> list[Result | None]:
        """What the batch answered to each step; None where nothing is to be asked of it."""
        requests = [(n, asked) for n, (work, step) in enumerate(steps) if (asked := _request(work, step))]
        results: list[Result | None] = [None] * len(steps)
        answers = self._batch.call_all([asked for _, asked in requests], bulk=False)
        for (n, _), answer in zip(requests, answers, strict=True):
            results[n] = answer
        return results

    def _settle(self, steps: Sequence[tuple[Work, Step]], results: Sequence[Result | None]) -> None:
        settled = []
        for (work, step), result in zip(steps, results, strict=True):
            if isinstance(result, Answer):
                work.operation = result.operation
                settled.append(_known(work, step.signal, result.entry, code=step.code))
            elif isinstance(result, Stale | LostRace):
                work.operation = self._again(work.operation)
            elif isinstance(result, Unavailable | OnHold):
                work.done, work.again = True, AFTER_TROUBLE
            elif result is not None:
                flag = Step(step.signal, SignalState.CONTRADICTING, code=result.code)
                settled.append(self._flagged(work, flag, result.detail))
            else:
                settled.append(_put(work, step.signal, step.state, code=step.code))
        self._ask(lambda conn: store.settle_signals(conn, settled))

    def _again(self, operation: Operation) -> Operation:
        found: dict[UUID, Operation] = self._ask(lambda conn: read_operations(conn, [operation.id]))
        return found[operation.id]

    def _flagged(self, work: Work, step: Step, detail: str) -> store.Settled:
        """A move that the kind refuses although the stage would let it: flagged, with the refusal's words."""
        request = _request(work, step)
        assert request is not None, "a contradiction is told to the operation"
        answer = self._batch.call_all([request], bulk=False)[0]
        if isinstance(answer, Answer):
            work.operation = answer.operation
            return _known(work, step.signal, answer.entry, code=step.code, detail=detail)
        return _put(work, step.signal, SignalState.CONTRADICTING, code=step.code, detail=detail)


def _request(work: Work, step: Step) -> Request | None:
    """What is asked of the batch; a report that tells nothing new is kept beside the operation and asks nothing."""
    signal = step.signal
    caller = Caller(_actor(signal), key=_key(signal), body_digest=str(signal.id))
    data = {"signal": str(signal.id), "source": signal.source, "event": signal.event_id, "type": signal.type}
    match step.state:
        case SignalState.APPLIED:
            assert step.transition is not None, "what is applied is a transition"
            return MoveRequest(
                operation_id=work.operation.id,
                caller=caller,
                transition=step.transition,
                reason=step.reason,
                data=data,
                expected_version=work.operation.version,
            )
        case SignalState.CONTRADICTING:
            return OutcomeRequest(work.operation.id, caller, data=data, contradicts=step.code)
        case SignalState.UNMAPPED:
            assert signal.way is not None, "it was read"
            return OutcomeRequest(work.operation.id, caller, code=signal.way.code, data=data)
        case _:
            return None


def _known(
    work: Work, signal: Signal, entry: Entry, *, code: str | None = None, detail: str | None = None
) -> store.Settled:
    """What an entry of the history says became of a signal."""
    states = {
        EntrySort.CONTRADICTED: SignalState.CONTRADICTING,
        EntrySort.UNMAPPED: SignalState.UNMAPPED,
    }
    state = states.get(entry.sort, SignalState.APPLIED)
    moved = state is SignalState.APPLIED
    why = code or (entry.data or {}).get("contradicts")
    return _put(
        work,
        signal,
        state,
        code=why,
        detail=detail,
        transition=entry.transition,
        from_stage=entry.from_stage if moved else None,
        to_stage=entry.to_stage,
        entry_seq=entry.seq,
    )


def _put(work: Work, signal: Signal, state: SignalState, **told: Any) -> store.Settled:
    work.signals[signal.id] = msgspec.structs.replace(signal, state=state, **told)
    return store.Settled(
        signal_id=signal.id,
        operation_id=work.operation.id,
        attempt=work.line.attempt,
        state=state,
        rounds=signal.rounds,
        **told,
    )


def _parked(works: Sequence[Work]) -> list[store.Settled]:
    """The signals whose turn is still to come, said to be so."""
    return [
        _put(work, one, SignalState.PARKED, code="too_early")
        for work in works
        for one in list(work.signals.values())
        if one.state is SignalState.RECEIVED and not work.done
    ]


def _again(work: Work, now: datetime) -> timedelta | None:
    """When this line is due again: what waits in it is looked at again; nothing where nothing does."""
    if work.again is not None:
        return work.again
    waiting: Iterable[Signal] = (one for one in work.signals.values() if one.state in rules.WAITS)
    return min((rules.retry_after(one.received_at, now) for one in waiting), default=None)


def _actor(signal: Signal) -> Actor:
    return system(f"source:{signal.source}")


def _key(signal: Signal) -> str:
    """One asking of the batch: replayed by hand, a signal asks anew."""
    return f"signal:{signal.id}:{signal.rounds}"
