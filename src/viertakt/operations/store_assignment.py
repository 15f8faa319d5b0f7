"""The only place that knows the tables `assignment`, `skip` and `presence`, and what is written beside moves: entries, tags."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, sql
from psycopg.rows import dict_row, tuple_row

from viertakt.db.queries import load
from viertakt.operations import store
from viertakt.operations.model import Assignment, Entry, Operation, OperationId
from viertakt.operations.rows import Line, Written, decision_row

_queries = load(__package__, "assignment.sql")
_encode = msgspec.json.Encoder().encode
_skips = msgspec.json.Decoder(list[tuple[Entry, Operation, str | None]])


def lock_assignment(conn: Connection[Any], operation: OperationId) -> tuple[Assignment, datetime]:
    """Who works on it, held until the transaction ends, and the primary's clock since then."""
    conn.execute(_queries["make_assignment"], {"operation_id": operation})
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(_queries["lock_assignment"], {"operation_id": operation}).fetchone()
    assert row is not None, "it was made before it was locked"
    now: datetime = row.pop("now")
    return msgspec.convert(row, Assignment), now


def hold_assignments(conn: Connection[Any], operations: Iterable[UUID]) -> dict[UUID, Assignment]:
    """Who works on these; nobody changes that until the transaction ends. What nobody ever worked on is missing."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_queries["hold_assignments"], {"ids": list(operations)}).fetchall()
    return {row.pop("operation_id"): msgspec.convert(row, Assignment) for row in rows}


def write_assignment(conn: Connection[Any], operation: OperationId, after: Assignment) -> None:
    """How it stands from now on."""
    row = msgspec.structs.asdict(after) | {"operation_id": operation}
    conn.execute(_queries["write_assignment"], row)


def hand_over(conn: Connection[Any], leaver: str, to: str | None, by: str) -> int:
    """Give what somebody works on to another, or to nobody; how many operations it was."""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_queries["hand_over"], {"leaver": leaver, "to": to, "by": by}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    handed: int = row[0]
    return handed


def write_beside(conn: Connection[Any], line: Line) -> Written | None:
    """Write an entry that changes no operation, with its personal values; None where its guard is lost."""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = _encode(decision_row(line)).decode()
        found = cursor.execute(_queries["write_beside"], {"row": row}).fetchone()
    if found is None:
        return None
    store.write_personal(conn, [line], {line.decision.operation.id})
    return found[0], found[1]


def entry_of_key(conn: Connection[Any], operation: OperationId, actor: str, key: str) -> Entry | None:
    """The entry that answers this actor's key already."""
    asked = (operation, actor, key)
    return store.read_keys(conn, [asked]).get(asked)


def write_skip(conn: Connection[Any], operation: OperationId, actor: str, version: int, at: datetime) -> None:
    """Do not give it to this actor again while it stays at this version."""
    parameters = {"operation_id": operation, "actor": actor, "version": version, "at": at}
    conn.execute(_queries["write_skip"], parameters)


def lock_operation(conn: Connection[Any], operation: OperationId) -> datetime:
    """Nobody else tags or moves it until the transaction ends; the primary's clock since then."""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_queries["lock_operation"], {"operation_id": operation}).fetchone()
    assert row is not None, "it was read before it was locked, and none is ever deleted"
    now: datetime = row[0]
    return now


def write_tags(conn: Connection[Any], operation: OperationId, tags: Sequence[str]) -> None:
    """Its tags from now on."""
    conn.execute(_queries["write_tags"], {"operation_id": operation, "tags": list(tags)})


def prune_skips(conn: Connection[Any], *, age: timedelta) -> None:
    """Forget what has moved on since it was passed over, or was so long ago."""
    conn.execute(_queries["prune_skips"], {"age": age})


def list_skips(
    conn: Connection[Any],
    found: tuple[sql.Composable, Mapping[str, object]],
    *,
    by: str | None,
    before: datetime | None,
    limit: int,
) -> list[tuple[Entry, Operation, str | None]]:
    """Who passed over what, the latest first: the entry, the operation as it stands, and why, while that is kept."""
    condition, params = found
    statement = sql.SQL(_queries["list_skips"]).format(filter=condition)
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(statement, {**params, "by": by, "before": before, "limit": limit}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return _skips.decode(row[0])


def primary_clock(conn: Connection[Any]) -> datetime:
    """Now, as the primary has it."""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_queries["primary_clock"]).fetchone()
    assert row is not None, "a clock always answers"
    now: datetime = row[0]
    return now


def see(conn: Connection[Any], operation: OperationId, actor: str, *, writing: bool) -> None:
    """Note that an actor looks at an operation."""
    conn.execute(_queries["see"], {"operation_id": operation, "actor": actor, "writing": writing})


def leave(conn: Connection[Any], operation: OperationId, actor: str) -> None:
    """Note that an actor looks no more."""
    conn.execute(_queries["leave"], {"operation_id": operation, "actor": actor})


def present(
    conn: Connection[Any], operation: OperationId, *, besides: str, age: timedelta, limit: int
) -> list[tuple[str, str, bool]]:
    """Who else looked at it within this time: id, name, and whether they write."""
    parameters = {"operation_id": operation, "actor": besides, "age": age, "limit": limit}
    with conn.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(_queries["present"], parameters).fetchall()


def prune_presence(conn: Connection[Any], *, age: timedelta) -> None:
    """Forget who has gone."""
    conn.execute(_queries["prune_presence"], {"age": age})
