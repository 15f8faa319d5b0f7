"""What comes back after a month was closed: a correction of the month it comes back in, never of the closed one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from psycopg import sql

from tests.operations.conftest import House, euros
from viertakt import language
from viertakt.access.model import system
from viertakt.db.pool import Connection, connect
from viertakt.db.queries import load
from viertakt.journal.followers import follow_all
from viertakt.journal.reading import head
from viertakt.journal.sequencing import sequence_all
from viertakt.operations.model import Operation
from viertakt.reports.corrections import By, Corrections, corrections
from viertakt.reports.periods import Bucket, period
from viertakt.reports.stays import project_outcomes, project_stays
from viertakt.reports.tallies import fold_statuses

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOVEMBER = period(date(2026, 11, 1), date(2026, 12, 1), Bucket.DAY, AMSTERDAM)
BANK = system("source:bank")


def on(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def paid(house: House, reference: str, amount: str, opened: datetime, settled: datetime) -> Operation:
    operation = house.open("withdrawal", reference, amount=euros(amount), brand="north", at=opened)
    house.move(operation, "approve", by=house.person, at=opened + timedelta(minutes=1))
    house.move(operation, "send", at=opened + timedelta(minutes=2))
    house.move(operation, "settle", at=settled)
    return operation


def come_back(house: House, operation: Operation, at: datetime) -> None:
    house.move(operation, "returned", by=BANK, reason="bank_returned", at=at)


def followed(conn: Connection) -> int:
    """Everything in its order and followed, as the worker does within a second; the position it has come to."""
    sequence_all(conn, (fold_statuses,))
    follow_all(conn, "stays", project_stays)
    follow_all(conn, "outcomes", project_outcomes)
    return head(conn).position


@pytest.fixture
def conn(house: House) -> Iterator[Connection]:
    with connect(house.url, role="viertakt_app", autocommit=True) as connection:
        yield connection


def asked(conn: Connection, position: int, q: str = "", by: By = "closed") -> Corrections:
    return corrections(
        conn, language.parse(q), NOVEMBER, by=by, position=position, now=datetime(2026, 12, 31, tzinfo=UTC)
    )


def told(found: Corrections) -> list[tuple[Any, ...]]:
    return [(c.month, c.kind, c.from_status, c.to_status, c.count, c.amounts) for c in found.items]


def test_a_return_corrects_the_month_it_comes_in(house: House, conn: Connection) -> None:
    """The closed month is published; its money is missed in the next one."""
    operations = [paid(house, f"W-{n}", "250", on(11, 20), on(11, 21)) for n in range(3)]
    position = followed(conn)
    come_back(house, operations[0], on(12, 3))
    come_back(house, operations[1], on(12, 4))
    assert followed(conn) == position + 2
    found = asked(conn, position)
    assert told(found) == [("2026-12", "withdrawal", "success", "pending", 2, {"EUR": Decimal(500)})]
    assert (found.position, found.partial) == (position + 2, False)


def test_a_month_begins_at_the_readers_midnight(house: House, conn: Connection) -> None:
    """In Amsterdam, the last hour of December is already January's, as the report's own buckets have it."""
    operation = paid(house, "W-1", "10", on(11, 20), on(11, 30, 22))
    late = paid(house, "W-2", "10", on(11, 20), on(11, 30, 23))
    position = followed(conn)
    come_back(house, operation, on(12, 31, 23))
    come_back(house, late, on(12, 31, 22))
    followed(conn)
    assert told(asked(conn, position)) == [
        ("2027-01", "withdrawal", "success", "pending", 1, {"EUR": Decimal(10)})
    ]


def test_what_came_back_before_the_freezing_is_in_the_frozen_numbers(house: House, conn: Connection) -> None:
    """Counted there once; a correction too would take it off twice."""
    operation = paid(house, "W-1", "10", on(11, 20), on(11, 21))
    come_back(house, operation, on(11, 25))
    assert told(asked(conn, followed(conn))) == []


def test_what_ended_after_the_freezing_was_not_in_its_numbers(house: House, conn: Connection) -> None:
    """An end that was reported late and came back changes nothing that was frozen."""
    operation = house.open("withdrawal", "W-1", amount=euros("10"), at=on(11, 20))
    house.move(operation, "approve", by=house.person, at=on(11, 20))
    house.move(operation, "send", at=on(11, 20))
    position = followed(conn)
    house.move(operation, "settle", at=on(11, 30))
    come_back(house, operation, on(12, 2))
    followed(conn)
    assert told(asked(conn, position)) == []


def test_an_end_is_taken_back_once(house: House, conn: Connection) -> None:
    """Returned, refunded as rejected and reinstated: the frozen success is gone since the first of these."""
    operation = paid(house, "W-1", "10", on(11, 20), on(11, 21))
    position = followed(conn)
    come_back(house, operation, on(12, 3))
    house.move(operation, "released", at=on(12, 3))
    house.move_with_consents(operation, "reinstate", comment="a mistake", at=on(12, 5))
    followed(conn)
    assert [c.count for c in asked(conn, position).items] == [1]


def test_an_end_may_be_left_for_another_end(house: House, conn: Connection) -> None:
    """Solved and closed is still a success; a ticket whose answer bounced is an error."""
    tickets = [house.open("ticket", f"T-{n}", at=on(11, 20)) for n in range(2)]
    for ticket in tickets:
        house.move(ticket, "solve", at=on(11, 21))
    position = followed(conn)
    house.move(tickets[0], "close", by=BANK, at=on(12, 3))
    house.move(tickets[1], "bounce", by=BANK, reason="undeliverable", at=on(12, 3))
    followed(conn)
    assert told(asked(conn, position)) == [("2026-12", "ticket", "success", "error", 1, {})]


@pytest.mark.parametrize(("by", "count"), [("closed", 0), ("created", 1)])
def test_a_report_by_creation_has_other_corrections(
    house: House, conn: Connection, by: By, count: int
) -> None:
    """Created in November and paid in December: November's report of ends never held it, that of statuses did."""
    operation = paid(house, "W-1", "10", on(11, 20), on(12, 1))
    position = followed(conn)
    come_back(house, operation, on(12, 3))
    followed(conn)
    assert len(asked(conn, position, by=by).items) == count


def test_only_what_the_report_asked_for_is_corrected(house: House, conn: Connection) -> None:
    """Asked of the operation as it was when it left: it is pending by now."""
    for number, amount in enumerate(("10", "500")):
        operation = paid(house, f"W-{number}", amount, on(11, 20), on(11, 21))
    position = followed(conn)
    come_back(house, operation, on(12, 3))
    followed(conn)
    for q, count in (("status:success amount>100EUR", 1), ("amount<100EUR", 0), ("status:pending", 0)):
        assert len(asked(conn, position, q).items) == count


def test_the_operations_of_a_correction_can_be_looked_at(house: House, conn: Connection) -> None:
    """Few are named by a query; so that whoever explains the month sees which they were."""
    operations = [paid(house, f"W-{n}", "1", on(11, 20), on(11, 21)) for n in range(41)]
    position = followed(conn)
    for operation in operations[:2]:
        come_back(house, operation, on(12, 3))
    followed(conn)
    found = asked(conn, position).items[0].q
    assert found == f"id:{','.join(sorted(str(operation.id) for operation in operations[:2]))}"
    assert language.parse(found)
    for operation in operations[2:]:
        come_back(house, operation, on(12, 3))
    followed(conn)
    assert [(c.count, c.q) for c in asked(conn, position).items] == [(41, None)]


def test_corrections_are_found_by_an_index(conn: Connection) -> None:
    """Among ten million stays few left an end; the plan reads only those."""
    statement = sql.SQL("EXPLAIN ") + sql.SQL(
        load("viertakt.reports", "corrections.sql")["corrections"]
    ).format(filter=sql.SQL("true"))
    params = {
        "by": "closed",
        "position": 5,
        "upto": 9,
        "start": NOVEMBER.start,
        "end": NOVEMBER.end,
        "seen_max": 9,
    }
    plan = "\n".join(row[0] for row in conn.execute(statement, params).fetchall())
    assert "stay_default_left_position_idx" in plan
    assert "Seq Scan on stay" not in plan
