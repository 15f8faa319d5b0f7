"""Working off the examinations that need nobody outside: rules, counts and sums.

    follower: a run for each version in a checked stage ──► claim ──► the batch examines and moves ──► settle

What happens when a worker dies: before the move, its lease ends and another asks; after it, another asks too, and finds
that this version is no longer there. The move is bound to the version, so it is made once.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from psycopg import Connection

from viertakt.access.model import system
from viertakt.checks import store
from viertakt.checks.model import Claimed, RunState, Settled
from viertakt.errors import NotFound, OnHold, Unavailable, ViertaktError
from viertakt.operations.batch import Batch
from viertakt.operations.findings import CheckVerdict, Finding
from viertakt.operations.model import Caller
from viertakt.operations.requests import CheckRequest
from viertakt.operations.rules_checks import severest
from viertakt.operations.turn import Result

log = structlog.get_logger(__name__)

CHECK = system("check")
CLAIMED_AT_ONCE = 256
UNDER_WAY = 32  # of these asked at once: whoever else asks waits for a small set
LEASE = timedelta(seconds=25)  # within half a minute another worker takes over
TOLD_LATE = timedelta(minutes=10)  # what is told so long after it happened is history, and is not examined
UNKNOWN_REST = timedelta(seconds=5)
HELD_REST = timedelta(minutes=1)  # a held one is not examined at every look; letting go spreads them
KEPT = timedelta(days=90)


def project_runs(conn: Connection[Any], after: int, upto: int) -> None:
    """A run for each version that came to a checked stage at the positions (after, upto]."""
    store.project_runs(conn, after, upto, told_late=TOLD_LATE)


def prune_runs(conn: Connection[Any]) -> None:
    """Forget what was done a quarter of a year ago."""
    store.prune_runs(conn, kept=KEPT)


class Checks:
    """The duty (`db.leases.Duty`) of examining what entered a checked stage."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def claim(self, conn: Connection[Any]) -> Sequence[Claimed]:
        """The next runs that ask nobody outside."""
        return store.claim_runs(conn, limit=CLAIMED_AT_ONCE, lease=LEASE)

    def act(self, claimed: Sequence[Claimed]) -> Sequence[Settled]:
        """The moves that the verdicts make, a few at a time."""
        settled = []
        for at in range(0, len(claimed), UNDER_WAY):
            some = claimed[at : at + UNDER_WAY]
            requests = [request_of(one) for one in some]
            results = self._batch.call_all(requests, bulk=True)
            settled += [settled_by(*one) for one in zip(some, requests, results, strict=True)]
        return settled

    def settle(self, conn: Connection[Any], done: Sequence[Settled]) -> None:
        """Write down what they said."""
        store.settle_runs(conn, done)


def request_of(run: Claimed, found: tuple[Finding, ...] = ()) -> CheckRequest:
    """What is asked of the batch for a run. `found`: what those outside have said."""
    return CheckRequest(run.operation_id, Caller(CHECK), run.version, found)


def settled_by(run: Claimed, request: CheckRequest, result: Result) -> Settled:
    """What a run came to by the batch's answer."""
    key = (run.operation_id, run.version, run.sort, run.attempt)
    told = tuple(request.told)
    if isinstance(result, Unavailable):
        return Settled(*key, RunState.DUE, run.tries, run.found, rest=UNKNOWN_REST)
    if isinstance(result, OnHold):
        return Settled(*key, RunState.DUE, run.tries, run.found, said=result.code, rest=HELD_REST)
    if isinstance(result, NotFound):
        return Settled(*key, RunState.VOID, run.tries, run.found)
    if isinstance(result, ViertaktError):
        log.warning("check_refused", operation=str(run.operation_id), code=result.code)
        return Settled(*key, RunState.REFUSED, run.tries, told, said=result.code)
    if not told:
        return Settled(*key, RunState.VOID, run.tries, run.found)
    verdict = severest(told).verdict
    moved = result.entry.data if not result.replayed else None
    if moved and "verdict" in moved:
        verdict = CheckVerdict(moved["verdict"])
    return Settled(*key, RunState.DONE, run.tries, told, verdict, said=moved.get("why") if moved else None)
