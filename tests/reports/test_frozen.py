"""A month that was closed stays as it was; what comes back later is told of the month it comes back in."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.operations.conftest import House
from tests.reports.test_corrections import BANK, followed, paid
from viertakt.db.pool import Connection, connect
from viertakt.errors import Conflict, Invalid, NotFound
from viertakt.journal.sequencing import sequence_all
from viertakt.language.fields import FIELDS
from viertakt.reports.answers import Answer, Question, answer
from viertakt.reports.frozen import FrozenId, corrections_of, freeze, list_frozen, read_frozen
from viertakt.reports.periods import Bucket
from viertakt.reports.sources import one_snapshot
from viertakt.reports.tallies import fold_statuses

OCTOBER = Question("kind:withdrawal", date(2025, 10, 1), date(2025, 11, 1), Bucket.MONTH, "Europe/Amsterdam")


def on(month: int, day: int) -> datetime:
    return datetime(2025, month, day, 12, tzinfo=UTC)


@pytest.fixture
def conn(house: House) -> Iterator[Connection]:
    with connect(house.url, role="viertakt_app", autocommit=True) as connection:
        yield connection


def asked(conn: Connection, name: str, question: Question = OCTOBER) -> Answer:
    with conn.transaction():
        one_snapshot(conn)
        return answer(conn, name, question, fields=FIELDS)


def frozen(
    conn: Connection, house: House, name: str, question: Question = OCTOBER, title: str = "October"
) -> FrozenId:
    with conn.transaction():
        return freeze(conn, name, question, title=title, actor=house.person, fields=lambda _: FIELDS)


def values(found: Answer) -> list[tuple[Any, ...]]:
    return [row.values for row in found.table.rows]


def test_a_frozen_month_stays_and_its_return_corrects_the_next(house: House, conn: Connection) -> None:
    """October was reported with two paid withdrawals; one came back in November."""
    back = paid(house, "W-1", "250", on(10, 20), on(10, 21))
    paid(house, "W-2", "100", on(10, 20), on(10, 21))
    followed(conn)
    flow, statuses = frozen(conn, house, "flow"), frozen(conn, house, "statuses")
    before = asked(conn, "flow")
    house.move(back, "returned", by=BANK, reason="bank_returned", at=on(11, 3))
    followed(conn)

    kept, told = read_frozen(conn, flow, reader=house.token)
    assert values(told) == values(before) == [("2025-09-30T22:00:00Z", 2, 2, 0)]
    assert (kept.title, kept.frozen_by, kept.frozen_by_name) == (
        "October",
        house.person.id,
        "A payments lead",
    )
    assert told.table == before.table
    (correction,) = corrections_of(conn, kept, fields=FIELDS, reader=house.token).items
    assert (correction.month, correction.from_status, correction.to_status) == (
        "2025-11",
        "success",
        "pending",
    )
    assert (correction.count, correction.amounts) == (1, {"EUR": Decimal(250)})
    # The report of October asked now: what it was, less the correction.
    assert values(asked(conn, "flow")) == [("2025-09-30T22:00:00Z", 2, 2 - correction.count, 1)]

    kept, told = read_frozen(conn, statuses, reader=house.token)
    assert values(told) == [("2025-09-30T22:00:00Z", "success", 2)]
    (correction,) = corrections_of(conn, kept, fields=FIELDS, reader=house.token).items
    assert values(asked(conn, "statuses")) == [
        ("2025-09-30T22:00:00Z", "pending", correction.count),
        ("2025-09-30T22:00:00Z", "success", 2 - correction.count),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE viertakt.frozen_report SET title = 'Better'",
        "DELETE FROM viertakt.frozen_report",
        "TRUNCATE viertakt.frozen_report",
    ],
)
def test_nobody_changes_what_is_frozen(house: House, conn: Connection, statement: str) -> None:
    """Not the application, and not the owner of the tables either: what was reported stays."""
    followed(conn)
    frozen(conn, house, "flow")
    with pytest.raises(psycopg.errors.RestrictViolation):
        house.sql(statement)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement.encode())


def test_a_month_that_goes_on_is_not_frozen(house: House, conn: Connection) -> None:
    """Half a month would be taken for a whole one."""
    followed(conn)
    with pytest.raises(Invalid, match="frozen when it is over"):
        frozen(conn, house, "flow", Question(first=date(2025, 10, 1), bucket=Bucket.MONTH))


def test_a_month_is_not_frozen_before_all_of_it_is_counted(house: House, conn: Connection) -> None:
    """A worker that was down over midnight would leave the last hours out, for good and without a word."""
    house.open("ticket", "T-1")
    hour = Question(first=datetime.now(UTC) - timedelta(hours=1), after=datetime.now(UTC))
    for place in (lambda: None, lambda: sequence_all(conn, (fold_statuses,))):
        place()
        with pytest.raises(Conflict, match="not counted yet"):
            frozen(conn, house, "flow", hour)
    followed(conn)
    created = [
        row[1] for row in values(read_frozen(conn, frozen(conn, house, "flow", hour), reader=house.token)[1])
    ]
    assert sum(created) == 1


def test_a_moving_query_is_frozen_where_it_stood(house: House, conn: Connection) -> None:
    """Of the last ten thousand days: asked for its corrections tomorrow, it must mean the same days."""
    followed(conn)
    kept, _ = read_frozen(
        conn,
        frozen(conn, house, "flow", Question("created>-10000d", date(2025, 10, 1), date(2025, 11, 1))),
        reader=house.token,
    )
    assert kept.asked.q == "created>-10000d"
    assert kept.asked.fixed.startswith("created>")
    assert "T" in kept.asked.fixed
    assert corrections_of(conn, kept, fields=FIELDS, reader=house.token).items == ()


def test_reports_of_the_moment_have_no_corrections(house: House, conn: Connection) -> None:
    """What was open then is no end that could be left."""
    back = paid(house, "W-1", "250", on(10, 20), on(10, 21))
    followed(conn)
    ageing = frozen(conn, house, "ageing")
    house.move(back, "returned", by=BANK, reason="bank_returned", at=on(11, 3))
    followed(conn)
    assert (
        corrections_of(
            conn, read_frozen(conn, ageing, reader=house.token)[0], fields=FIELDS, reader=house.token
        ).items
        == ()
    )


def test_frozen_reports_are_listed_newest_first(house: House, conn: Connection) -> None:
    """Last month's is looked for most."""
    followed(conn)
    first, second = (frozen(conn, house, name, title=name) for name in ("flow", "statuses"))
    assert [one.id for one in list_frozen(conn, house.token)] == [second, first]
    with pytest.raises(NotFound):
        read_frozen(conn, FrozenId(UUID(int=7)), reader=house.token)


def test_a_frozen_report_has_a_title(house: House, conn: Connection) -> None:
    """Without one nobody finds October among forty."""
    followed(conn)
    with pytest.raises(Invalid):
        frozen(conn, house, "flow", title="  ")
