"""Firing: what a stage's time limit does when its time is up.

    look at the primary's clock ──► claim what was due then ──► ask the batch for each ──► settle
             │                                                       │
             a jump: stop, and say so                                decided under the operation's lock: due at this
                                                                     version, or nothing happens

Never early: the claim goes by the primary's clock, and the decision asks it again once the operation is locked. Once: the
move is bound to the version that was due, so two workers, or one that was killed between the move and the note of it, make
it once. A burst stays behind those who wait: it is asked for a few at a time, as bulk work, which takes half of a set at most.

A clock that is set forward makes everything due at once, and no undo brings that back. So each worker compares how far the
primary's clock has come between two looks with a clock that nobody sets; where it has run ahead, firing stops for all
workers until somebody says that it may go on.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from psycopg import Connection

from viertakt.access.model import Actor, system
from viertakt.deadlines import store_firing
from viertakt.deadlines.model import Due, Settled, Standing
from viertakt.deadlines.rules import UNKNOWN_REST, jump, rest_after
from viertakt.errors import Unavailable, ViertaktError
from viertakt.operations.batch import Batch
from viertakt.operations.holding import Looks
from viertakt.operations.model import (
    Caller,
)
from viertakt.operations.requests import DueRequest
from viertakt.operations.turn import Result

log = structlog.get_logger(__name__)

DEADLINE = system("deadline")
CLAIMED_AT_ONCE = 512
# Of these asked at once, on two lines: whoever else asks waits for a small set and not for a large one.
UNDER_WAY = 64
# Of the time that each of these took, before the next: a burst is not in a hurry, and who waits for an answer is.
RESTS = 0.5
LEASE = timedelta(
    seconds=20
)  # five hundred take a tenth of a second; who is slower only asks for what has happened
DUE_MAX = 10_000


def steady() -> float:
    """Seconds on a clock that nobody sets, and that goes on while the machine sleeps where it knows how to."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Deadlines:
    """The duty (`db.leases.Duty`) of firing what is due. One a thread, for it remembers its last look."""

    def __init__(self, batch: Batch, *, clock: Callable[[], float] = steady) -> None:
        self._batch = batch
        self._clock = clock
        self._before: tuple[datetime, float] | None = None
        self._looks = Looks()

    def claim(self, conn: Connection[Any]) -> Sequence[Due]:
        """What was due at the look that this begins with; nothing while firing is stopped."""
        started = self._clock()
        now, paused = store_firing.look(conn)
        ahead = jump(self._before, now, self._clock())
        self._before = (now, started)
        if ahead is not None:
            store_firing.pause(conn, cause="clock", by=DEADLINE.id, jumped=ahead)
            log.error(
                "deadlines_paused", cause="clock", jumped_seconds=ahead.total_seconds(), now=now.isoformat()
            )
            return []
        if paused:
            return []
        return store_firing.claim_due(conn, self._looks, looked_at=now, limit=CLAIMED_AT_ONCE, lease=LEASE)

    def act(self, claimed: Sequence[Due]) -> Sequence[Settled]:
        """The moves that their stages' limits make, a few at a time."""
        requests = [DueRequest(one.operation_id, Caller(DEADLINE), one.version) for one in claimed]
        results: list[Result] = []
        for at in range(0, len(requests), UNDER_WAY):
            begun = time.monotonic()
            results += self._batch.call_all(requests[at : at + UNDER_WAY], bulk=True)
            time.sleep((time.monotonic() - begun) * RESTS)
        return [_settled(one, result) for one, result in zip(claimed, results, strict=True)]

    def settle(self, conn: Connection[Any], done: Sequence[Settled]) -> None:
        """Let go of what was fired; what was refused rests."""
        store_firing.settle_due(conn, done)


def pause(conn: Connection[Any], by: Actor) -> bool:
    """Fire nothing from now on; whether anything was before."""
    return store_firing.pause(conn, cause="hand", by=by.id)


def resume(conn: Connection[Any], by: Actor) -> bool:
    """Fire what is due again, after a jump or a pause; whether it was stopped."""
    return store_firing.resume(conn, by=by.id)


def standing(conn: Connection[Any]) -> Standing:
    """How firing stands."""
    return store_firing.standing(conn, due_max=DUE_MAX)


def prune_attempts(conn: Connection[Any]) -> None:
    """Forget refusals of operations that have moved on since."""
    store_firing.prune_attempts(conn)


def _settled(due: Due, result: Result) -> Settled:
    match result:
        case Unavailable():
            return Settled(due.operation_id, due.attempt, rest=UNKNOWN_REST)
        case ViertaktError():
            log.warning(
                "deadline_refused", operation=str(due.operation_id), attempt=due.attempt, code=result.code
            )
            return Settled(due.operation_id, due.attempt, result.code, rest_after(due.attempt))
        case _:
            return Settled(due.operation_id, due.attempt)
