"""What reports read from the tables; the statements of `lists.sql` are templates that a query of the language fills."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
from psycopg import Connection, sql
from psycopg.rows import tuple_row

from viertakt.db.queries import load
from viertakt.errors import Invalid
from viertakt.operations.model import Operation
from viertakt.reports.as_of import template

queries = load(__package__)
templates = load(__package__, "lists.sql")

_operations = msgspec.json.Decoder(list[Operation])


class TooLong(Invalid):
    """A question that was stopped because it took too long."""


class Groups(msgspec.Struct, frozen=True):
    """Counts as the database gives them: a row for each group, and how many rows were seen."""

    groups: list[dict[str, Any]]
    seen: int


_groups = msgspec.json.Decoder(Groups)


def secret_and_clock(conn: Connection[Any]) -> tuple[bytes, datetime]:
    """The secret of this installation, and now, as the database has it."""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(queries["secret_and_clock"]).fetchone()
    assert row is not None, "An installation has its one row from the migrations."
    return bytes(row[0]), row[1]


def primary_clock(conn: Connection[Any]) -> datetime:
    """Now, as the database has it."""
    now = _one(conn, queries["primary_clock"], {})
    assert isinstance(now, datetime), "PostgreSQL's now() is a time."
    return now


def limit_statements(conn: Connection[Any], longest: timedelta | str) -> str:
    """No statement of this transaction takes longer from here on; how long one might until now, to go back to."""
    if isinstance(longest, timedelta):
        longest = f"{max(1, round(longest.total_seconds() * 1000))}ms"
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(queries["limit_statements"], {"longest": longest}).fetchone()
    assert row is not None, "every session has a statement_timeout"
    return str(row[0])


@contextmanager
def taking_at_most(conn: Connection[Any], longest: timedelta) -> Iterator[None]:
    """A statement in here that takes longer raises `TooLong`; the transaction goes on as if it had not been asked."""
    with conn.transaction():
        usual = limit_statements(conn, longest)
        yield
        limit_statements(conn, usual)


def find_by_name(conn: Connection[Any], text: str, ids: list[str], *, limit: int) -> list[Operation]:
    """Operations under a name, the newest first."""
    return _read(conn, queries["find_by_name"], {"text": text, "ids": ids, "limit": limit})


def page(
    conn: Connection[Any],
    parts: Mapping[str, sql.Composable],
    params: Mapping[str, object],
    *,
    position: int | None = None,
) -> list[Operation]:
    """The operations of a page; `parts` are filter, after, order and outer_order."""
    if position is not None:
        return _read(conn, template("page_as_of", **parts), {**params, "position": position})
    return _read(conn, filled("page", parts), params)


def estimate(conn: Connection[Any], parts: Mapping[str, sql.Composable], params: Mapping[str, object]) -> int:
    """How many operations the planner expects a filter to find; it looks at none of them."""
    (explained,) = _one(conn, filled("estimate", parts), params)
    return int(explained["Plan"]["Plan Rows"])


def count_capped(
    conn: Connection[Any],
    parts: Mapping[str, sql.Composable],
    params: Mapping[str, object],
    *,
    position: int | None = None,
) -> int:
    """How many there are, up to the cap; `parts` is the filter."""
    if position is not None:
        return int(_one(conn, template("count_as_of", **parts), {**params, "position": position}))
    return int(_one(conn, filled("count_capped", parts), params))


def counts(
    conn: Connection[Any],
    parts: Mapping[str, sql.Composable],
    params: Mapping[str, object],
    *,
    position: int | None = None,
) -> Groups:
    """How many there are in each group; `parts` are filter and columns."""
    if position is not None:
        statement = template("counts_as_of", **parts)
        return _groups.decode(_one(conn, statement, {**params, "position": position}))
    return _groups.decode(_one(conn, filled("counts", parts), params))


def filled(name: str, parts: Mapping[str, sql.Composable]) -> sql.Composed:
    """A template with its parts; values stay parameters."""
    return sql.SQL(templates[name]).format(**parts)


def _read(
    conn: Connection[Any], statement: str | sql.Composed, params: Mapping[str, object]
) -> list[Operation]:
    # Texts joined into one JSON array: one decoding in C for the page, and no row becomes a Python object first.
    documents = [row[0] for row in _rows(conn, statement, params)]
    return _operations.decode("[" + ",".join(documents) + "]")


def _one(conn: Connection[Any], statement: str | sql.Composed, params: Mapping[str, object]) -> Any:
    ((value,),) = _rows(conn, statement, params)
    return value


def _rows(
    conn: Connection[Any], statement: str | sql.Composed, params: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    # Never prepared where a query of the language stands in it: a plan made for any value reads ten million rows to find
    # the fifty of a rare one, since on average they seem to be right at hand.
    prepare = False if isinstance(statement, sql.Composed) else None
    try:
        with conn.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(statement, params, prepare=prepare).fetchall()
    except psycopg.errors.QueryCanceled as refusal:
        raise TooLong(
            "This question reads too much to be answered in time; narrow it by kind, status, subject or time."
        ) from refusal
