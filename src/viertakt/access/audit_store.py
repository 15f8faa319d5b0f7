"""The only place that writes and reads `access_change`, and what a review of access looks at."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from viertakt.access.audit_model import Change, ChangeFilter, ChangeSort, Reviewed
from viertakt.access.model import ActorId
from viertakt.db.queries import load

_queries = load(__package__, "audit.sql")


def note(
    conn: Connection[Any],
    sort: ChangeSort,
    *,
    by: ActorId,
    grant_id: int | None = None,
    about: ActorId | None = None,
    operation_id: UUID | None = None,
    reason: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write a line of the audit; it stays."""
    params = {
        "actor": by,
        "sort": sort.value,
        "grant_id": grant_id,
        "about": about,
        "operation_id": operation_id,
        "reason": reason,
        "detail": None if detail is None else msgspec.json.encode(detail).decode(),
    }
    conn.execute(_queries["note_change"], params)


def changes(conn: Connection[Any], wanted: ChangeFilter, *, limit: int) -> tuple[Change, ...]:
    """The audit, the newest first."""
    params = {
        "sorts": [sort.value for sort in wanted.sorts] or None,
        "by": wanted.by,
        "about": wanted.about,
        "operation_id": wanted.operation_id,
        "before": wanted.before,
        "limit": limit,
    }
    return msgspec.convert(_rows(conn, "changes", params), tuple[Change, ...])


def lock_reveals(conn: Connection[Any], actor: ActorId) -> None:
    """This actor reveals nothing else until the transaction ends."""
    conn.execute(_queries["lock_reveals"], {"actor": actor})


def reveals_within(conn: Connection[Any], actor: ActorId, window: timedelta) -> tuple[int, int]:
    """How many reveals there were, and in how many seconds one fewer counts."""
    row = _rows(conn, "reveals_within", {"actor": actor, "window": window})[0]
    return int(row["reveals"]), int(row["seconds"])


def review(conn: Connection[Any], *, limit: int) -> tuple[Reviewed, ...]:
    """Everybody who may act."""
    return msgspec.convert(_rows(conn, "access_review", {"limit": limit}), tuple[Reviewed, ...])


def _rows(conn: Connection[Any], name: str, params: Mapping[str, object]) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_queries[name], params).fetchall()
