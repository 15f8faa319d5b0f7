"""Telling in time: promises that are nearly or already broken, with the steps their kinds declare, and what is stuck.

    journal ─► promises (reports) ─► schedule_steps ─► promise_step ─► tell: an entry in the history, once ─► escalation
                                                                            └► journal ─► notices, like all entries

Nothing here moves an operation. An entry is written in the transaction that notes that it was told, so a worker that is
killed has done both or neither. A snooze stops no clock: what was put off is told of all the same, and a step that gives it
to somebody takes it up again.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
import structlog
from psycopg import Connection

from viertakt.access.model import system
from viertakt.db.queries import load
from viertakt.errors import ViertaktError
from viertakt.kinds.model import Escalation, KindName
from viertakt.operations.assigning import change_assignment
from viertakt.operations.model import Act, AssignmentRequest, Caller, Operation, OperationId
from viertakt.operations.reading import read_operation
from viertakt.operations.turn import Engine

log = structlog.get_logger(__name__)
_queries = load(__package__, "alarms.sql")

TARGET, SWEEPER = system("target"), system("sweeper")
TOLD_AT_ONCE = 256
STALLED_AT_ONCE = 500
SWEEP_EVERY = 60.0  # seconds: what is stuck has been for an hour at least
PRIORITIES = {"high": 1, "urgent": 2}


class Told(msgspec.Struct, frozen=True, array_like=True):
    """What was told of an operation's promise."""

    operation_id: OperationId
    step: str
    target: str
    kind: KindName
    kind_version: int


class Promised(msgspec.Struct, frozen=True):
    """How a promise of an operation stands now. `due_at`: when it is late; None while its clock stands still in good time."""

    target: str
    standing: Literal["in_time", "at_risk", "late", "paused", "kept", "missed"]
    began_at: datetime
    due_at: datetime | None
    decided_at: datetime | None


class NextPromise(msgspec.Struct, frozen=True):
    """The promise of an open operation that is broken, or will be first."""

    operation_id: OperationId
    target: str
    standing: Literal["in_time", "at_risk", "late", "paused"]
    began_at: datetime
    due_at: datetime | None


class _Turn(msgspec.Struct, frozen=True):
    looked: int
    told: list[Told]


_turns = msgspec.json.Decoder(_Turn)
_promised = msgspec.json.Decoder(list[Promised])
_next = msgspec.json.Decoder(list[NextPromise])
_stalled = msgspec.json.Decoder(list[tuple[str, str, int]])


def schedule_steps(conn: Connection[Any], after: int, upto: int) -> None:
    """Follow the entries of positions (after, upto], of which the promises have been made: when to tell of them."""
    for name in ("schedule_steps", "drop_steps"):
        conn.execute(_queries[name], {"after": after, "upto": upto})


def read_promises(conn: Connection[Any], operation_id: UUID) -> list[Promised]:
    """What an operation promises as its history tells it now, the first begun first."""
    row = conn.execute(_queries["promises_now"], {"operation_id": operation_id}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return _promised.decode(row[0])


def next_promises(conn: Connection[Any], ids: Sequence[UUID]) -> list[NextPromise]:
    """Of each of these operations the open promise that is broken, or will be first; nothing of those without one."""
    row = conn.execute(_queries["next_promises"], {"ids": msgspec.json.encode(ids).decode()}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return _next.decode(row[0])


def tell_promises(conn: Connection[Any], engine: Engine) -> int:
    """Tell of the next promises that are nearly or already broken, and take the steps their kinds declare; how many were
    looked at."""
    row = conn.execute(_queries["tell_steps"], {"limit": TOLD_AT_ONCE, "actor": TARGET.id}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    turn = _turns.decode(row[0])
    for told in turn.told:
        kind = engine.kinds.at(conn, told.kind, told.kind_version).kind
        steps = [
            step
            for target in kind.targets
            if target.name == told.target
            for step in target.escalate
            if step.on == told.step
        ]
        for step in steps:
            _escalate(conn, told, step)
    return turn.looked


class Sweeper:
    """Finds what is stuck, once a minute, tells of it and says so in the log."""

    def __init__(self, ask: Callable[[Callable[[Connection[Any]], int]], int]) -> None:
        self._ask = ask
        self._next = 0.0

    def turn(self) -> float | None:
        """Seconds until the next look."""
        if time.monotonic() >= self._next and self._ask(sweep) < STALLED_AT_ONCE:
            self._next = time.monotonic() + SWEEP_EVERY
        return max(0.0, min(self._next - time.monotonic(), 1.0))


def sweep(conn: Connection[Any]) -> int:
    """Tell of what is stuck and was not told of, some hundreds at a time; how many."""
    parameters = {"limit": STALLED_AT_ONCE, "actor": SWEEPER.id}
    row = conn.execute(_queries["find_stalled"], parameters).fetchone()
    assert row is not None, "an aggregate always answers one row"
    found = _stalled.decode(row[0])
    for kind, stage, count in found:
        log.warning("operations_stuck", kind=kind, stage=stage, count=count)
    return sum(count for _, _, count in found)


def prune_stalled(conn: Connection[Any]) -> None:
    """Forget what has moved on since it was told of."""
    conn.execute(_queries["prune_stalled"])


def count_stalled(conn: Connection[Any]) -> Sequence[tuple[str, int]]:
    """How many operations are stuck, by kind."""
    return [(row[0], row[1]) for row in conn.execute(_queries["count_stalled"]).fetchall()]


def count_breached(conn: Connection[Any]) -> int:
    """How many open promises are broken."""
    row = conn.execute(_queries["count_breached"]).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return int(row[0])


def _escalate(conn: Connection[Any], told: Told, step: Escalation) -> None:
    """One step; what cannot be done (a role that is gone, an operation that has ended) is logged and harms nothing else."""
    operation = read_operation(conn, told.operation_id)
    requests = _requests(operation, step)
    for request in requests:
        try:
            with conn.transaction():
                change_assignment(conn, request)
        except ViertaktError as refusal:
            log.warning(
                "escalation_refused", operation=str(told.operation_id), target=told.target, code=refusal.code
            )


def _requests(operation: Operation, step: Escalation) -> list[AssignmentRequest]:
    caller, held = Caller(TARGET), operation.assignment
    requests = []
    if step.priority is not None:
        priority = PRIORITIES[step.priority]
        if held is None or held.priority < priority:
            requests.append(AssignmentRequest(operation.id, caller, Act.PRIORITISE, priority=priority))
    if step.assign is not None:
        if held is not None and held.snoozed_until is not None:
            requests.append(AssignmentRequest(operation.id, caller, Act.WAKE))
        role = f"role:{step.assign}"
        if held is None or held.assignee != role:
            requests.append(AssignmentRequest(operation.id, caller, Act.ASSIGN, to=role))
    return requests
