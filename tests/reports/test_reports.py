"""Every number of every report opens a list of exactly so many, at the position both state, while moves go on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.operations.conftest import House, euros
from viertakt.db.pool import Connection, connect
from viertakt.errors import NotFound
from viertakt.journal.followers import follow, follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.language import parse
from viertakt.operations.model import Operation
from viertakt.reports.catalogue import REPORTS, build
from viertakt.reports.counts import count_capped
from viertakt.reports.periods import Bucket, period
from viertakt.reports.promises import project_promises
from viertakt.reports.report import ColumnType, Table
from viertakt.reports.sources import one_snapshot
from viertakt.reports.stays import project_outcomes, project_stays
from viertakt.reports.tallies import fold_statuses

NOW = datetime.now(UTC)
TODAY = NOW.date()
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ASKED = (
    "",
    "kind:withdrawal",
    "kind:ticket,withdrawal -brand:north",
    "subject:player-1",
    "status:success OR amount>15EUR",
    "age<20d -reason:fraud",
    "created:-40d..",
)
PERIODS = {
    "days": period(TODAY - timedelta(days=30), TODAY + timedelta(days=1), None, UTC),
    "weeks": period(TODAY - timedelta(days=45), TODAY + timedelta(days=1), Bucket.WEEK, UTC),
    "hours": period(NOW - timedelta(hours=20, minutes=7), NOW, Bucket.HOUR, UTC),
    "elsewhere": period(TODAY - timedelta(days=9), TODAY, Bucket.DAY, AMSTERDAM),
    "past": period(TODAY - timedelta(days=29), TODAY - timedelta(days=8), Bucket.DAY, UTC),
}


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def live(house: House, n: int) -> Operation:
    """An operation with a life of its own; what it does depends on its number."""
    days = (0.01, 0.2, 0.7, 1.5, 2.6, 5, 9, 20, 28, 60)[n % 10]
    kind = ("withdrawal", "ticket", "withdrawal", "ticket", "withdrawal")[n % 5]
    extra: dict[str, Any] = {"amount": euros(str(10 + n))} if kind == "withdrawal" else {}
    op = house.open(
        kind, f"{kind}-{n}", subject=f"player-{n % 3}", brand=("north", None)[n % 2], at=ago(days), **extra
    )
    by = {"by": house.person}
    if kind == "ticket":
        steps = ("solve", "bounce") if n % 7 == 1 else ("solve", "reopen", "solve")[: n % 4]
        for step, transition in enumerate(steps):
            reason = "technical_fault" if transition == "bounce" else None
            house.move(op, transition, reason=reason, at=ago(days * (0.8 - step * 0.2)))
    elif n % 4 == 0:
        house.move(op, "refuse", reason=("fraud", "wagering_open")[n % 3 == 0], at=ago(days * 0.5), **by)
        house.move(op, "released", at=ago(days * 0.4))
    elif n % 4 == 1:
        house.move(op, "approve", at=ago(days * 0.5), **by)
    return op


@pytest.fixture
def conn(house: House) -> Iterator[Connection]:
    """A back office in which much has happened, part of it after its journal was last followed."""
    for n in range(40):
        live(house, n)
    with connect(house.url, role="viertakt_app", autocommit=True) as connection:
        sequence_all(connection, [fold_statuses])
        follow_all(connection, "stays", project_stays)
        follow_all(connection, "targets", project_promises)
        follow(connection, "outcomes", project_outcomes, limit=70)  # lags behind the others
        for n in range(40, 50):
            live(house, n)
        sequence_all(connection, [fold_statuses])
        for n in range(50, 60):
            live(house, n)  # without a position yet
    with connect(house.url, role="viertakt_app") as connection:
        yield connection


def asked(conn: Connection, name: str, query: str, span: str, **more: Any) -> Table:
    """A report as the door asks it, with what was read left open for the lists."""
    conn.rollback()
    one_snapshot(conn)
    return build(conn, name, parse(query), PERIODS[span], **more)


@pytest.mark.parametrize("name", REPORTS)
def test_a_number_is_as_long_as_its_list(conn: Connection, name: str) -> None:
    """Whoever clicks 37 and finds 36 believes neither."""
    clicked = 0
    for query in ASKED:
        for span, include in [*((one, "completed") for one in PERIODS), ("days", "open")]:
            table = asked(conn, name, query, span, include=include)
            assert not table.partial
            conn.rollback()  # the list is asked later, by another question
            for nth, row in enumerate(table.rows):
                for column, value in zip(table.columns, row.values, strict=True):
                    text = row.qs.get(column.name, row.q)
                    # Of the many zeros a few will do.
                    if column.type is ColumnType.COUNT and text is not None and (value or nth % 10 == 0):
                        found = count_capped(conn, parse(text), position=table.position)
                        assert found.value == value, f"{name} {span} {query!r}: {column.name} of {row}"
                        clicked += 1
    assert clicked or name in {"people", "automation", "targets"}


@pytest.mark.parametrize("name", REPORTS)
def test_the_tallies_say_what_the_operations_say(conn: Connection, name: str) -> None:
    """Read from counts or from the operations themselves, a report is the same."""
    with connect(conn.info.dsn, role="viertakt_app", autocommit=True) as worker:
        sequence_all(worker, [fold_statuses])
        follow_all(worker, "stays", project_stays)
        follow_all(worker, "outcomes", project_outcomes)
        follow_all(worker, "targets", project_promises)
    for span in PERIODS:
        for query in ("", "kind:withdrawal"):
            tallied = asked(conn, name, query, span, now=NOW)
            scanned = asked(conn, name, f"{query} reference:*", span, now=NOW)
            assert [_known(row.values) for row in tallied.rows] == [
                _known(row.values) for row in scanned.rows
            ]
            assert tallied.position == scanned.position


def _known(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(round(value, 3) if isinstance(value, float) else value for value in values)


def test_a_month_ends_as_it_should(conn: Connection) -> None:
    """Created less finished is what the backlog grew by: what was open before, and what is open now, stay the same."""
    rows: list[Any] = [row.values for row in asked(conn, "flow", "", "days").rows]
    for (_, _, _, before), (_, created, finished, after) in pairwise(rows):
        assert after == before + created - finished
    assert sum(created for _, created, _, _ in rows) >= 20
    assert rows[-1][3] == count_capped(conn, parse("is:open"), position=_position(conn, "outcomes")).value


def _position(conn: Connection, follower: str) -> int:
    (row,) = conn.execute("SELECT position FROM viertakt.follower WHERE name = %s", [follower]).fetchall()
    return int(row[0])


def test_a_report_nobody_made_is_refused(conn: Connection) -> None:
    """With the names of those there are."""
    with pytest.raises(NotFound, match="There is no report 'sales'; there are summary, statuses"):
        asked(conn, "sales", "", "days")


def test_a_scan_that_is_cut_says_so(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a truth that looks whole is a lie."""
    monkeypatch.setattr("viertakt.reports.sources.SCAN_MAX", 5)
    assert asked(conn, "statuses", "subject:player-1", "days").partial
    assert not asked(conn, "statuses", "", "days").partial
