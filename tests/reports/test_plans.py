"""Which index answers each question of the console, read from the plans PostgreSQL makes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from psycopg import sql

from tests.conftest import _copy
from tests.reports.many import fill
from viertakt.db.pool import Connection, connect
from viertakt.kinds.actions import install_builtin
from viertakt.language import Reader, Sight, parse, to_sql, within
from viertakt.reports import lists, store
from viertakt.reports.cursor import Way
from viertakt.reports.lists import SORTS


@pytest.fixture(scope="module")
def filled(server_url: str, template: str) -> Iterator[Connection]:
    """Twenty thousand operations: enough for the planner to prefer an index where there is one."""
    for url in _copy(server_url, template):
        with connect(url) as connection:
            fill(connection, 20_000)
            yield connection
            connection.rollback()


def plan(conn: Connection, query: str, sort: str, way: Way | None = None) -> str:
    """The plan of a page of a query: the first, or one beside noon of the day before yesterday."""
    condition, params = to_sql(parse(query), datetime.now(UTC))
    parts = {"filter": condition} | SORTS[sort].parts(way)
    statement = sql.SQL("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ") + store.filled(
        "page", parts
    )
    params |= {"after_at": datetime.now(UTC) - timedelta(days=2), "after_id": UUID(int=7)}
    return "\n".join(row[0] for row in conn.execute(statement, params | {"limit": 51}))


def indexes_of(plan_text: str) -> set[str]:
    """The columns of the indexes used, without the names of partitions."""
    names = re.findall(r"(?:using|Bitmap Index Scan on) (?:operation_(?:\d+|default)_)?(\w+)", plan_text)
    told_along = r"(_operation_id(_status(_kind(_curr\w*)?)?)?)?_idx$"  # a long name is cut off
    return {re.sub(told_along, "", name) for name in names}


def rows_read_in_vain(plan_text: str) -> int:
    """How many rows were looked at and thrown away."""
    return sum(int(count) for count in re.findall(r"Rows Removed by Filter: (\d+)", plan_text))


@pytest.mark.parametrize(
    ("query", "sort", "index"),
    [
        ("", "-created_at", "created_at"),
        ("", "created_at", "created_at"),
        ("created>-7d", "-created_at", "created_at"),
        ("kind:withdrawal", "-created_at", "kind_created_at"),
        ("kind:withdrawal", "created_at", "kind_created_at"),
        ("kind:withdrawal status:pending", "-created_at", "status_kind_created_at"),
        ("subject:player-7", "-created_at", "subject_created_at"),
        ("reference:W-1001", "-created_at", "pkey"),
        ("player-7", "-created_at", "subject_created_at"),
        ("deadline:*", "deadline_at", "deadline_at"),
        ("deadline<+2h", "-deadline_at", "deadline_at"),
        ("age>1w", "-created_at", "created_at"),
        ("brand:nowhere", "-created_at", "brand_created_at"),
        ("currency:SEK", "-created_at", "currency_amount"),
        ("amount>=900000EUR", "-created_at", "currency_amount"),
        ("attributes.country:IS", "-created_at", "attributes"),
        ("has:parent", "-created_at", "created_at_operation_id_parent_id"),
        ("has:children", "-created_at", "created_at_operation_id_parent_id"),
        ("tag:vip", "-created_at", "tags"),
        ("is:contradiction", "-created_at", "created_at_operation_id_idx1"),
    ],
)
def test_a_question_of_the_console_has_its_index(
    filled: Connection, query: str, sort: str, index: str
) -> None:
    """A page costs what it shows, not what there is: without its index it would read the whole table."""
    text = plan(filled, query, sort)
    assert index in indexes_of(text), text
    assert rows_read_in_vain(text) == 0, text


@pytest.mark.parametrize(
    ("query", "sort", "index"),
    [
        ("", "-created_at", "created_at"),
        ("", "created_at", "created_at"),
        ("kind:withdrawal", "-created_at", "kind_created_at"),
        ("kind:withdrawal status:pending", "-created_at", "status_kind_created_at"),
        ("subject:player-7", "created_at", "subject_created_at"),
        ("deadline:*", "deadline_at", "deadline_at"),
        ("deadline:*", "-deadline_at", "deadline_at"),
    ],
)
@pytest.mark.parametrize("way", list(Way))
def test_a_page_back_has_the_index_of_the_page_on(
    filled: Connection, query: str, sort: str, index: str, way: Way
) -> None:
    """An index reads both ways; a sort of what lies before would read all of it to show fifty."""
    text = plan(filled, query, sort, way)
    assert indexes_of(text) == {index}, text
    assert rows_read_in_vain(text) == 0, text
    # Some hundreds are sorted as quickly as they are read in order; thousands are not.
    assert query not in ("", "kind:withdrawal") or "Sort Method" not in text, text


def test_a_stage_is_found_among_the_open_ones_of_its_kind(filled: Connection) -> None:
    """No index holds the stage (decision 0017): what is read in vain are other open operations, never the ended ones."""
    text = plan(filled, "kind:withdrawal status:pending stage:stage_3", "-created_at")
    open_count = filled.execute(
        "SELECT count(*) FROM viertakt.operation WHERE kind = 'withdrawal' AND status = 'pending'"
    ).fetchall()[0][0]
    assert indexes_of(text) == {"status_kind_created_at"}, text
    assert rows_read_in_vain(text) <= open_count, text


def test_a_name_is_looked_up_by_its_value(filled: Connection) -> None:
    """Nobody who pastes an identifier says which provider's it is."""
    assert "alias_by_value" in plan(filled, "W-1001", "-created_at")
    assert "alias_by_value" in plan(filled, "reference:W-1001", "-created_at")


@pytest.mark.parametrize(
    "query", ["status:pending", "status:error", "status:pending,error", "-status:success"]
)
def test_a_status_tab_reads_little_more_than_it_shows(filled: Connection, query: str) -> None:
    """Common ones are met while reading by time, rare ones are fetched by status: never all of the others."""
    assert rows_read_in_vain(plan(filled, query, "-created_at")) < 20_000 / 3


def test_a_page_far_down_costs_what_the_first_costs(filled: Connection) -> None:
    """The key of the page before is part of the index: nothing is skipped by counting."""
    query = parse("kind:withdrawal")
    page = lists.list_operations(filled, query, limit=200)
    for _ in range(5):
        assert page.next_cursor is not None
        page = lists.list_operations(filled, query, limit=200, cursor=page.next_cursor)
    last = page.items[-1]
    condition, params = to_sql(query, datetime.now(UTC))
    statement = store.filled("page", {"filter": condition} | SORTS["-created_at"].parts(Way.AFTER))
    params |= {"after_at": last.created_at, "after_id": last.id, "limit": 51}
    explained = filled.execute(sql.SQL("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ") + statement, params)
    text = "\n".join(row[0] for row in explained)
    assert rows_read_in_vain(text) == 0, text


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("kind = 'withdrawal' AND status = 'pending'", "status_kind_created_at"),
        ("created_at >= now() - interval '1 day'", "created_at"),
    ],
)
def test_the_reporting_views_take_an_index_and_read_the_kinds_once(
    filled: Connection, question: str, index: str
) -> None:
    """What is hidden is said by the kinds' documents: looked up for each row, a table of a million would take minutes."""
    with filled.transaction(force_rollback=True):
        install_builtin(filled)
        for condition, expected in ((question, {index}), ("true", set())):
            explained = filled.execute(
                f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT * FROM reporting.operations WHERE {condition}"
            ).fetchall()
            text = "\n".join(row[0] for row in explained)
            assert expected <= indexes_of(text), text
            assert set(re.findall(r"kind_version.*loops=(\d+)", text)) == {"1"}, text


def test_ones_own_work_is_found_by_who_works_on_it(filled: Connection) -> None:
    """However many operations there are: of two lookups joined by OR neither index would be used."""
    reader = Reader(("person:1", "role:payments"))
    filled.execute(
        "INSERT INTO viertakt.assignment (operation_id, assignee)"
        " SELECT o.operation_id, 'person:' || (row_number() OVER ()) % 100 FROM viertakt.operation AS o"
        " WHERE o.status = 'pending'"
    )
    filled.execute("ANALYZE viertakt.assignment")
    for text in ("is:mine", "assignee:me is:open -is:snoozed -claimed_by:me", "claimed_by:me"):
        condition, params = to_sql(within(parse(text), Sight(reader=reader)), datetime.now(UTC))
        parts = {"filter": condition} | SORTS["-created_at"].parts(None)
        statement = sql.SQL("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ") + store.filled(
            "page", parts
        )
        found = "\n".join(row[0] for row in filled.execute(statement, params | {"limit": 51}))
        assert "assignment_by_" in found, text
        assert rows_read_in_vain(found) < 100, text
