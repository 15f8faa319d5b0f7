"""A number and its list agree at the position both state, whatever has happened since."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.operations.conftest import House, euros
from viertakt.db.pool import Connection, connect
from viertakt.errors import Invalid
from viertakt.journal.reading import head
from viertakt.journal.sequencing import sequence_all
from viertakt.language import parse
from viertakt.operations.model import AmendRequest, Caller
from viertakt.reports import as_of
from viertakt.reports.counts import count_capped, counts
from viertakt.reports.lists import list_operations
from viertakt.reports.tallied import tallied_counts
from viertakt.reports.tallies import fold_statuses

QUERIES = (
    "",
    "status:pending",
    "kind:deposit status:pending",
    "stage:processing",
    "attributes.method:card",
    "kind:ticket OR -status:pending",
    "amount>=15EUR",
    "is:closed",
    "closed:*",
    "waiting_on:provider",
)
BY: list[list[str]] = [["status"], ["kind", "stage"], ["waiting_on"]]


def found(conn: Connection, query: Any, **asked: Any) -> dict[str, Any]:
    """Everything that is told of a query."""
    page = list_operations(conn, query, **asked)
    return {
        "page": [
            (one.reference, one.stage, one.status, one.version, one.amount, one.attributes)
            for one in page.items
        ],
        "count": count_capped(conn, query, **asked),
    } | {f"by {by}": counts(conn, query, by, **asked) for by in BY}


@pytest.fixture
def conn(house: House) -> Iterator[Connection]:
    with connect(house.url, role="viertakt_app", autocommit=True) as connection:
        yield connection


def test_what_was_found_then_is_found_again(house: House, conn: Connection) -> None:
    """Opened, moved, amended, ended, in the order or not yet: the past does not change."""
    ops = [
        house.open("deposit", f"D-{n}", amount=euros("10"), attributes={"method": ("card", "bank")[n % 2]})
        for n in range(6)
    ]
    house.open("ticket", "T-1")
    for op in ops[:4]:
        house.move(op, "submit")
    house.end(ops[0], "success")
    sequence_all(conn, [fold_statuses])
    position = head(conn).position
    then = {text: found(conn, parse(text)) for text in QUERIES}
    tallied = {text: tallied_counts(conn, parse(text), ["kind", "stage"]) for text in QUERIES}
    house.open("deposit", "D-late", amount=euros("99"), attributes={"method": "card"})
    house.move(ops[4], "submit")
    house.end(ops[1], "success")
    house.batch.call(
        AmendRequest(ops[5].id, Caller(house.token), amount=euros("20"), attributes={"method": "card"})
    )
    sequence_all(conn, [fold_statuses])
    house.move(ops[5], "submit")  # without a position yet
    for text in QUERIES:
        assert found(conn, parse(text), position=position) == then[text], text
        again = tallied_counts(conn, parse(text), ["kind", "stage"], position=position)
        assert again == tallied[text], text
    assert found(conn, parse("")) != then[""]


def test_pages_of_the_past_go_on_where_they_stopped(house: House, conn: Connection) -> None:
    """Whoever reads page two an hour later reads the same list."""
    for n in range(5):
        house.open("ticket", f"T-{n}")
    sequence_all(conn)
    position = head(conn).position
    first = list_operations(conn, parse(""), limit=3, position=position)
    house.open("ticket", "T-late")
    sequence_all(conn)
    second = list_operations(conn, parse(""), limit=3, position=position, cursor=first.next_cursor)
    assert [one.reference for one in (*first.items, *second.items)] == ["T-4", "T-3", "T-2", "T-1", "T-0"]
    back = list_operations(conn, parse(""), limit=3, position=position, cursor=second.prev_cursor)
    assert (back.items, back.prev_cursor, first.prev_cursor) == (first.items, None, None)
    with pytest.raises(Invalid):
        list_operations(conn, parse(""), limit=3, cursor=first.next_cursor)


def test_too_long_ago_is_said(house: House, conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Better than a list that takes a minute."""
    for n in range(3):
        house.open("ticket", f"T-{n}")
    sequence_all(conn)
    monkeypatch.setattr(as_of, "LATE_MAX", 1)
    assert as_of.position_of(conn, "1.2") == 2
    with pytest.raises(Invalid, match="Load the report again"):
        as_of.position_of(conn, "1.1")
