"""Parents that end with their children: a follower notes who is to be looked at, a duty looks.

    a child ends ─► journal ─► note_families ─► family_due ─► claim ─► batch: decided under the parent's lock ─► settle

The follower comes after both commits, so of two children that end together the later one in the journal finds both ended:
no parent is missed. And the decision reads the children once the parent is locked, and moves it from the version it read:
no parent ends twice. News that comes during a look is looked at again.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import structlog
from psycopg import Connection

from viertakt.access.model import system
from viertakt.db.leases import Ask
from viertakt.db.queries import load
from viertakt.deadlines.rules import UNKNOWN_REST, rest_after
from viertakt.errors import Unavailable, ViertaktError
from viertakt.operations import families
from viertakt.operations.batch import Batch
from viertakt.operations.model import (
    Answer,
    Caller,
    Operation,
    OperationId,
)
from viertakt.operations.requests import FamilyRequest
from viertakt.operations.turn import Engine, Result

log = structlog.get_logger(__name__)
_queries = load(__package__, "families.sql")

FOLLOWER = "families"
CHILDREN = system("children")
CLAIMED_AT_ONCE = 256
UNDER_WAY = 32
LEASE = timedelta(seconds=20)


class Look(msgspec.Struct, frozen=True, array_like=True):
    """A parent that is claimed to be looked at, with the news so far, for the n-th time."""

    operation_id: OperationId
    news: int
    attempt: int


class Looked(msgspec.Struct, frozen=True):
    """What a look came to. `rest`: before the next one; None where there is nothing more to be done."""

    operation_id: OperationId
    news: int
    attempt: int
    refused: str | None = None
    rest: timedelta | None = None


_looks = msgspec.json.Decoder(list[Look])


def note_families(conn: Connection[Any], after: int, upto: int) -> None:
    """Follow the entries of positions (after, upto]: note the parents that they give reason to look at."""
    conn.execute(_queries["note_families"], {"after": after, "upto": upto})


class Families:
    """The duty (`db.leases.Duty`) of ending parents with their children, and children with their parents."""

    def __init__(self, ask: Ask, batch: Batch, engine: Engine) -> None:
        self._ask = ask
        self._batch = batch
        self._engine = engine

    def claim(self, conn: Connection[Any]) -> Sequence[Look]:
        """The parents that waited longest."""
        row = conn.execute(_queries["claim_families"], {"limit": CLAIMED_AT_ONCE, "lease": LEASE}).fetchone()
        assert row is not None, "an aggregate always answers one row"
        return _looks.decode(row[0])

    def act(self, claimed: Sequence[Look]) -> Sequence[Looked]:
        """End what is to end: the parent by its rule, or its children where it has ended itself."""
        requests = [FamilyRequest(one.operation_id, Caller(CHILDREN)) for one in claimed]
        results = self._answers(requests)
        return [self._looked(one, result) for one, result in zip(claimed, results, strict=True)]

    def settle(self, conn: Connection[Any], done: Sequence[Looked]) -> None:
        """Let go of what was looked at."""
        conn.execute(_queries["settle_families"], {"rows": msgspec.json.encode(done).decode()})

    def _answers(self, requests: Sequence[Any]) -> list[Result]:
        return [
            result
            for at in range(0, len(requests), UNDER_WAY)
            for result in self._batch.call_all(requests[at : at + UNDER_WAY], bulk=True)
        ]

    def _looked(self, look: Look, result: Result) -> Looked:
        if isinstance(result, Answer) and result.operation.closed_at is not None:
            result = self._end_children(result.operation) or result
        match result:
            case Unavailable():
                return Looked(look.operation_id, look.news, look.attempt, rest=UNKNOWN_REST)
            case ViertaktError():
                log.warning("family_refused", operation=str(look.operation_id), code=result.code)
                rest = rest_after(look.attempt)
                return Looked(look.operation_id, look.news, look.attempt, result.code, rest)
            case _:
                return Looked(look.operation_id, look.news, look.attempt)

    def _end_children(self, parent: Operation) -> ViertaktError | None:
        """End the children that the parent's kind ends with it; the first refusal, once all have been asked."""
        requests = self._ask(lambda conn: families.endings(conn, self._engine, parent, Caller(CHILDREN)))
        refusals = [result for result in self._answers(requests) if isinstance(result, ViertaktError)]
        return refusals[0] if refusals else None
