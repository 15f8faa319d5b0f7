"""That queries mean in memory what they mean in PostgreSQL: for any query and any operation."""

import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from psycopg import sql

from tests.language.operations import AMSTERDAM, Row, Worth, columns, days, instants, numbers, rows, texts
from tests.language.rows import NOON, insert, insert_rows
from tests.language.trees import PEOPLE, TYPED, row_queries
from viertakt.db.pool import Connection
from viertakt.language import Query, Reader, Sight, parse, to_predicate, to_sql, to_text, within
from viertakt.language.stored import DAY_FORM, INSTANT_FORM, NUMBER_FORM, read_day, read_instant, read_number

# One example asks each of these queries of each of these operations. VIERTAKT_TEST_CASES=100000 is the proof before a release.
QUERIES_MAX, ROWS_MAX = 10, 12
CASES = int(os.environ.get("VIERTAKT_TEST_CASES", "12000"))
ZONES = [
    UTC,
    AMSTERDAM,
    ZoneInfo("America/New_York"),
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("America/Santiago"),
]
READERS = [None, Reader((PEOPLE[0],)), Reader((PEOPLE[1], "role:payments"))]
nows = st.sampled_from(
    [NOON, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)]
)


@settings(max_examples=-(-CASES // (QUERIES_MAX * ROWS_MAX)), suppress_health_check=list(HealthCheck))
@given(
    asked=st.lists(row_queries, min_size=QUERIES_MAX, max_size=QUERIES_MAX),
    given_rows=st.lists(rows(), min_size=ROWS_MAX, max_size=ROWS_MAX),
    reading=st.tuples(nows, st.sampled_from(ZONES), st.sampled_from(READERS)),
)
def test_memory_and_postgresql_agree(
    conn: Connection,
    asked: list[Query],
    given_rows: list[Row],
    reading: tuple[datetime, Any, Reader | None],
) -> None:
    """One language: a guard that holds in memory is a filter that finds, for any query, operation and reader."""
    now, zone, reader = reading
    asked = [within(query, Sight(reader=reader)) for query in asked]
    asked_rows = {UUID(int=7 + place): row for place, row in enumerate(given_rows)}
    asked_rows = {key: msgspec.structs.replace(row, id=key) for key, row in asked_rows.items()}
    with conn.transaction(force_rollback=True):
        insert_rows(conn, [columns(row) for row in asked_rows.values()])
        with conn.pipeline():
            answers = [_ids(conn, query, now, zone) for query in asked]
        for query, answer in zip(asked, answers, strict=True):
            holds = to_predicate(query, now=now, zone=zone)
            judged = {key for key, row in asked_rows.items() if holds(row)}
            event(f"finds {'all' if len(judged) == ROWS_MAX else 'some' if judged else 'none'}")
            assert {row[0] for row in answer.fetchall()} == judged, to_text(query)


def _ids(conn: Connection, query: Query, now: datetime, zone: Any) -> Any:
    condition, params = to_sql(query, now, zone)
    statement = sql.SQL("SELECT o.operation_id FROM viertakt.operation AS o WHERE {}").format(condition)
    return conn.execute(statement, params)


EDGES = {
    "attributes.pieces": ("3", ["2", "3", "10"]),
    "attributes.rate": ("0.50", ["0.5", "0.500001", "-1e3"]),
    "attributes.due_on": ("2026-11-22", ["2026-11-21", "2026-11-22", "2026-11-23"]),
    "attributes.seen_at": (
        "2026-11-22",
        [
            "2026-11-21T23:00:00Z",
            "2026-11-22T22:59:59.999999Z",
            "2026-11-22T22:59:59.9999999Z",
            "2026-11-22T23:00Z",
        ],
    ),
    "attributes.note": ("b", ["a", "b", "ba", "B", "é"]),
}


@pytest.mark.parametrize("sign", [":", ">", ">=", "<", "<="])
def test_they_agree_at_every_edge(conn: Connection, sign: str) -> None:
    """What is at the bound, just below it and just above it: the places where two compilers part."""
    with conn.transaction(force_rollback=True):
        for name, (bound, values) in EDGES.items():
            query = parse(f"{name}{sign}{bound}", fields=TYPED)
            rows = {value: Row(attributes={name.removeprefix("attributes."): value}) for value in values}
            ids = {insert(conn, attributes=row.attributes): value for value, row in rows.items()}
            condition, params = to_sql(query, NOON, AMSTERDAM)
            statement = sql.SQL("SELECT o.operation_id FROM viertakt.operation AS o WHERE {}").format(
                condition
            )
            found = {ids.get(row[0]) for row in conn.execute(statement, params)}
            judge = to_predicate(query, now=NOON, zone=AMSTERDAM)
            assert found == {value for value, row in rows.items() if judge(row)}, name


@pytest.mark.parametrize("sign", [":", ">", ">=", "<", "<="])
def test_they_agree_at_every_edge_of_amounts_and_times(conn: Connection, sign: str) -> None:
    """Whole days by the reader's midnight, amounts by their currency."""
    midnight = datetime(2026, 11, 21, 23, tzinfo=UTC)
    tick = timedelta(microseconds=1)
    rows = [
        Row(amount=Worth(Decimal("5.00"), "EUR"), created_at=midnight),
        Row(amount=Worth(Decimal("5.01"), "EUR"), created_at=midnight - tick),
        Row(amount=Worth(Decimal("4.99"), "EUR"), created_at=midnight + timedelta(days=1)),
        Row(amount=Worth(Decimal(5), "USD"), created_at=midnight + timedelta(days=1) - tick),
        Row(created_at=NOON),
    ]
    queries = [
        f"amount{sign}5EUR",
        f"created{sign}2026-11-22",
        f"created{sign}-0h",
        f"created{sign}2026-11-22T12:00Z",
    ]
    with conn.transaction(force_rollback=True):
        ids = [
            insert(
                conn,
                amount=row.amount and row.amount.value,
                currency=row.amount and row.amount.currency,
                created_at=row.created_at,
            )
            for row in rows
        ]
        for text in queries:
            query = parse(text)
            condition, params = to_sql(query, NOON, AMSTERDAM)
            statement = sql.SQL("SELECT o.operation_id FROM viertakt.operation AS o WHERE {}").format(
                condition
            )
            found = {row[0] for row in conn.execute(statement, params)}
            judge = to_predicate(query, now=NOON, zone=AMSTERDAM)
            assert found == {id_ for id_, row in zip(ids, rows, strict=True) if judge(row)}, text


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(
    text=st.one_of(texts, numbers.map(str), days, instants)
    | st.from_regex(NUMBER_FORM, fullmatch=True)
    | st.from_regex(DAY_FORM, fullmatch=True)
    | st.from_regex(INSTANT_FORM, fullmatch=True)
)
def test_a_stored_value_reads_alike_on_both_sides(conn: Connection, text: str) -> None:
    """The same patterns decide, and PostgreSQL accepts whatever they let through: a failing cast would lose the list."""
    for form, type_, read in (
        (NUMBER_FORM, "numeric", read_number),
        (DAY_FORM, "date", read_day),
        (INSTANT_FORM, "timestamptz", read_instant),
    ):
        row = conn.execute(
            "SELECT %(text)s::text ~ %(form)s AND pg_input_is_valid(%(text)s::text, %(type)s::text)",
            {"text": text, "form": f"^(?:{form})$", "type": type_},
        ).fetchone()
        assert row is not None
        assert row[0] is (read(text) is not None), type_


def test_a_name_with_a_nul_is_nowhere(conn: Connection) -> None:
    """PostgreSQL cannot keep one, and no query can ask for one: there is nothing to disagree about."""
    with pytest.raises(psycopg.DataError), conn.transaction():
        insert(conn, subject="a\0b")
