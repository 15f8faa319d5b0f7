"""The only place that knows the table `access_request`, and what stands in it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from viertakt.access.audit_model import ChangeSort
from viertakt.access.grants_model import NewGrant
from viertakt.access.model import ActorId
from viertakt.db.queries import load

_queries = load(__package__, "requests.sql")


class RequestState(StrEnum):
    """What became of a request."""

    OPEN = "open"
    MADE = "made"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change of access: a grant, its revocation, both (one in place of another), somebody's roles, or (without roles) their coming back."""

    grant: NewGrant | None = None
    revoke: int | None = None
    actor: ActorId | None = None
    roles: tuple[str, ...] | None = None

    @property
    def sort(self) -> ChangeSort:
        """Which line the audit will have when it is made."""
        if self.grant is not None:
            return ChangeSort.GRANTED
        if self.revoke is not None:
            return ChangeSort.REVOKED
        return ChangeSort.ACTIVATED if self.roles is None else ChangeSort.ROLES_SET


class AccessRequest(msgspec.Struct, frozen=True):
    """A change of access that waits for a second person, or what became of it."""

    id: int
    asked: Asked
    asked_by: ActorId
    asked_by_name: str
    asked_at: datetime
    reason: str | None
    state: RequestState
    settled_by: ActorId | None
    settled_by_name: str | None
    settled_at: datetime | None


def add(conn: Connection[Any], asked: Asked, *, by: ActorId, reason: str | None) -> int:
    """The number of a new request."""
    params = {"asked": msgspec.json.encode(asked).decode(), "by": by, "reason": reason}
    return int(_rows(conn, "add_request", params)[0]["request_id"])


def lock(conn: Connection[Any], request_id: int) -> None:
    """Nobody else settles this request until the transaction ends."""
    conn.execute(_queries["lock_request"], {"request_id": request_id})


def settle(conn: Connection[Any], request_id: int, state: RequestState, *, by: ActorId) -> None:
    """Write what became of a request."""
    conn.execute(_queries["settle_request"], {"request_id": request_id, "state": state.value, "by": by})


def requests(
    conn: Connection[Any], *, request_id: int | None = None, only_open: bool = False, limit: int = 200
) -> tuple[AccessRequest, ...]:
    """Requests, the newest first."""
    rows = _rows(conn, "requests", {"request_id": request_id, "open": only_open, "limit": limit})
    for row in rows:
        row["asked"] = msgspec.json.decode(row["asked"], type=Asked)
    return msgspec.convert(rows, tuple[AccessRequest, ...])


def _rows(conn: Connection[Any], name: str, params: Mapping[str, object]) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_queries[name], params).fetchall()
