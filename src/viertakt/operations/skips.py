"""What was passed over in queues: who did, when, and why, within the last month, for whoever sees the operations.

Of each operation the last time that each person passed it over is kept; all of them stand in its history.
"""

from datetime import datetime, tzinfo
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.access.model import Actor
from viertakt.access.rules import may_reveal
from viertakt.language import Query, to_sql
from viertakt.operations import store_assignment
from viertakt.operations.model import Entry, Operation
from viertakt.operations.reading import sees_entry


class Skip(msgspec.Struct, frozen=True):
    """One operation passed over by one person. `comment`: why, for its writer and for whoever may reveal."""

    entry: Entry
    operation: Operation
    comment: str | None


def list_skips(
    conn: Connection[Any],
    query: Query,
    *,
    reader: Actor,
    zone: tzinfo,
    by: str | None = None,
    before: datetime | None = None,
    limit: int,
) -> list[Skip]:
    """The latest first. `query`: within what the reader may see; `before`: passed over earlier than this."""
    found = to_sql(query, store_assignment.primary_clock(conn), zone)
    rows = store_assignment.list_skips(conn, found, by=by, before=before, limit=limit)
    return [
        Skip(entry, operation, comment if _reads(entry, operation, reader) else None)
        for entry, operation, comment in rows
        if sees_entry(reader, operation, entry)
    ]


def _reads(entry: Entry, operation: Operation, reader: Actor) -> bool:
    return entry.actor == reader.id or may_reveal(reader, operation)
