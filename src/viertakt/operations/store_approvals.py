"""The only place that knows the tables `approval` and `consent`: the present of moves that wait for consents.

What happened stands in the history; these tables say in one look what is open. They are written in the transaction of the
entries they follow from, under the operation's lock.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.db.queries import load
from viertakt.operations.model import Approval, ApprovalState, EntrySort
from viertakt.operations.rows import Line, Written

_queries = load(__package__, "approvals.sql")
_encode = msgspec.json.Encoder().encode
_approvals = msgspec.json.Decoder(list[Approval])
_ENDS = {
    EntrySort.DECLINED: ApprovalState.DECLINED,
    EntrySort.WITHDRAWN: ApprovalState.WITHDRAWN,
    EntrySort.EXPIRED: ApprovalState.EXPIRED,
}


class Place(NamedTuple):
    """Which approval, of which operation."""

    operation_id: UUID
    asked_seq: int


class Left(NamedTuple):
    """A move that was asked for by somebody who may no longer act."""

    operation_id: UUID
    asked_seq: int
    transition: str


def write_approvals(conn: Connection[Any], lines: Sequence[Line], written: Mapping[UUID, Written]) -> None:
    """Let the tables follow the entries that were written."""
    asked, consents, ended = [], [], []
    for line in lines:
        decision, actor = line.decision, line.caller.actor.id
        if decision.sort is not EntrySort.ASKED and decision.approval is None:
            continue
        place = written.get(decision.operation.id)
        if place is None:
            continue
        if decision.sort is EntrySort.ASKED:
            asked.append(
                {
                    "operation_id": decision.operation.id,
                    "asked_seq": place[0],
                    "version": decision.read_version,
                    "transition": decision.transition,
                    "reason": decision.reason,
                    "asked_by": actor,
                    "asked_at": decision.at,
                    "expires_at": decision.expires_at,
                }
            )
        if decision.approval is None:
            continue
        key = {"operation_id": decision.operation.id, "asked_seq": decision.approval}
        if decision.sort is EntrySort.CONSENTED:
            consents.append(
                {
                    **key,
                    "actor": actor,
                    "granted_by": decision.granted_by,
                    "at": decision.at,
                    "on_behalf_of": decision.on_behalf_of,
                }
            )
        state = ApprovalState.MADE if line.makes else _ENDS.get(decision.sort)
        if state is not None:
            ended.append({**key, "state": state, "settled_by": actor, "settled_at": decision.at})
    for query, rows in (("write_asked", asked), ("write_consents", consents), ("write_settled", ended)):
        if rows:
            conn.execute(_queries[query], {"rows": _encode(rows).decode()})


def read_approvals(
    conn: Connection[Any], operations: Iterable[UUID], *, named: Iterable[int] = ()
) -> list[Approval]:
    """The open approvals of these operations, and those that are named whatever became of them, oldest first."""
    parameters = {
        "operations": _encode(list(operations)).decode(),
        "named": _encode([str(seq) for seq in named]).decode(),
    }
    row = conn.execute(_queries["read_approvals"], parameters).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return _approvals.decode(row[0])


def read_comments(conn: Connection[Any], approvals: Iterable[Approval]) -> dict[int, str]:
    """What was said when these were asked for, by `asked_seq`, as far as it is kept."""
    rows = [{"operation_id": one.operation_id, "asked_seq": one.asked_seq} for one in approvals]
    return dict(conn.execute(_queries["read_comments"], {"rows": _encode(rows).decode()}).fetchall())


def waiting(conn: Connection[Any], *, asked_by: str | None, limit: int) -> list[Place]:
    """What waits for consents, the longest waiting first; of one who asked, or of all."""
    parameters = {"asked_by": asked_by, "limit": limit}
    return [Place(*row) for row in conn.execute(_queries["waiting_approvals"], parameters)]


def settled(conn: Connection[Any], *, asked_by: str, limit: int) -> list[Place]:
    """What this actor asked for and is over, the latest first."""
    parameters = {"asked_by": asked_by, "limit": limit}
    return [Place(*row) for row in conn.execute(_queries["settled_approvals"], parameters)]


def claim_expired(conn: Connection[Any], *, limit: int, lease: timedelta) -> list[Place]:
    """Take approvals whose time is up, for as long as the lease lasts."""
    parameters = {"limit": limit, "lease": lease}
    return [Place(*row) for row in conn.execute(_queries["claim_expired"], parameters)]


def settle_void(conn: Connection[Any]) -> None:
    """Write down what has become void."""
    conn.execute(_queries["settle_void"])


def void_asked_by(conn: Connection[Any], asked_by: str, *, by: str) -> list[Left]:
    """End what somebody had asked for who may no longer act; which moves those were, in no order."""
    parameters = {"asked_by": asked_by, "by": by}
    return [Left(*row) for row in conn.execute(_queries["void_asked_by"], parameters)]
