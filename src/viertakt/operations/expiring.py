"""The duty of ending requests for consents whose time is up.

    claim what was due by the primary's clock ──► ask the batch for the end of each ──► nothing left to settle

A consent that comes after the time is up is refused, whether or not a worker was there already. The end is decided under the
operation's lock: of it and the last consent, at the same moment, one happens; and a second worker finds it over.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from psycopg import Connection

from viertakt.access.model import system
from viertakt.errors import ViertaktError
from viertakt.operations import store_approvals
from viertakt.operations.batch import Batch
from viertakt.operations.model import (
    Caller,
    OperationId,
)
from viertakt.operations.requests import ExpireRequest
from viertakt.operations.store_approvals import Place
from viertakt.operations.turn import Result

log = structlog.get_logger(__name__)

DEADLINE = system("deadline")
CLAIMED_AT_ONCE = 256
UNDER_WAY = 32  # of these asked at once: whoever else asks waits for a small set and not for a large one
LEASE = timedelta(seconds=20)  # who is slower only asks for what has happened


class Expiring:
    """The duty (`db.leases.Duty`) of ending what waited too long."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def claim(self, conn: Connection[Any]) -> Sequence[Place]:
        """The longest overdue."""
        return store_approvals.claim_expired(conn, limit=CLAIMED_AT_ONCE, lease=LEASE)

    def act(self, claimed: Sequence[Place]) -> Sequence[Result]:
        """Their ends, a few at a time."""
        requests = [
            ExpireRequest(OperationId(one.operation_id), Caller(DEADLINE), one.asked_seq) for one in claimed
        ]
        return [
            result
            for at in range(0, len(requests), UNDER_WAY)
            for result in self._batch.call_all(requests[at : at + UNDER_WAY], bulk=True)
        ]

    def settle(self, conn: Connection[Any], done: Sequence[Result]) -> None:  # noqa: ARG002 - as every duty
        """The batch has written it all; what it could not write is due again when the lease ends."""
        for result in done:
            if isinstance(result, ViertaktError):
                log.warning("expiry_refused", code=result.code)
