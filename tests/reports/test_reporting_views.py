"""The reporting views are a contract: documented column by column, read by one role, and silent about persons."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.operations.conftest import House, euros
from viertakt.db.pool import Connection, connect
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.reports.histograms import value_of
from viertakt.reports.stays import project_outcomes, project_stays
from viertakt.reports.tallies import fold_statuses

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/reporting-views.md"
SECTION = re.compile(r"^### (?P<view>\w+)\n\n(?P<says>.+)\n\n(?P<rows>(?:\|.*\n)+)", re.MULTILINE)
ROW = re.compile(r"^\| `(?P<column>\w+)` \| (?P<type>[^|]+) \| (?P<says>[^|]+) \|$", re.MULTILINE)
EXAMPLES = [
    text for text in re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL) if text.startswith("SELECT")
]
VIEWS = (
    "operations",
    "moves",
    "stays",
    "status_counts",
    "outcome_counts",
    "durations",
    "kinds",
    "stages",
)
COLUMNS = """
    SELECT
        c.relname, obj_description(c.oid, 'pg_class'), a.attname, format_type(a.atttypid, a.atttypmod),
        col_description(c.oid, a.attnum)
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'reporting'::regnamespace
    ORDER BY c.relname, a.attnum
"""
RIGHTS = """
    SELECT c.oid::regclass::text, p.privilege
    FROM pg_class AS c
    CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('TRIGGER'), ('REFERENCES')) AS p (privilege)
    WHERE
        c.relnamespace IN ('reporting'::regnamespace, 'viertakt'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm')
        AND has_table_privilege('viertakt_reporting', c.oid, p.privilege)
"""
LATER_PERSONAL = """
    INSERT INTO viertakt.kind_version (kind, version, document, digest, published_by)
    SELECT
        k.kind, k.version + 1, jsonb_set(k.document, '{attributes,country,class}', '"personal"'), sha256(k.digest),
        'system:tests'
    FROM viertakt.kind_version AS k
    WHERE k.kind = 'withdrawal'
"""


def followed(house: House) -> None:
    """Everything that a worker would have done by now."""
    with connect(house.url, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn, [fold_statuses])
        follow_all(conn, "stays", project_stays)
        follow_all(conn, "outcomes", project_outcomes)


@pytest.fixture
def lived(house: House) -> House:
    """One withdrawal that was refused, one that waits, and everything about persons that could leak."""
    money: dict[str, Any] = {"amount": euros("10"), "subject": "subject-of-somebody"}
    attributes = {
        "iban": "NL91ABNA0417164300",
        "country": "NL",
        "method": "bank",
    }
    refused = house.open("withdrawal", "W-1", attributes=attributes, **money)
    house.move(
        refused,
        "refuse",
        by=house.person,
        reason="fraud",
        comment="somebody's neighbour said so",
        data={"note": "somebody's birthday"},
    )
    house.move(refused, "released")
    house.open("withdrawal", "W-2", attributes=attributes, **money)
    house.open("ticket", "T-1", attributes={"email": "somebody@example.test"})
    followed(house)
    return house


@pytest.fixture
def reader(lived: House) -> Iterator[Connection]:
    with connect(lived.url, role="viertakt_reporting", autocommit=True) as connection:
        yield connection


def everything(conn: Connection) -> str:
    """All rows of all views as text."""
    return "\n".join(
        row[0]
        for view in VIEWS
        for row in conn.execute(f"SELECT v::text FROM reporting.{view} AS v").fetchall()
    )


def test_every_column_is_documented_with_its_type_and_meaning(conn: Connection) -> None:
    """What a dashboard was built upon must be there in the next version too; the page and the database say the same."""
    documented = [
        (section["view"], section["says"], row["column"], row["type"], row["says"])
        for section in SECTION.finditer(PAGE.read_text())
        for row in ROW.finditer(section["rows"])
    ]
    actual = conn.execute(COLUMNS).fetchall()
    assert sorted(documented) == sorted(actual)
    assert {row[0] for row in actual} == set(VIEWS)


def test_the_role_may_read_the_views_and_nothing_else(conn: Connection) -> None:
    """A dashboard's password lies in more places than one would wish."""
    assert set(conn.execute(RIGHTS).fetchall()) == {(f"reporting.{view}", "SELECT") for view in VIEWS}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT FROM viertakt.operation",
        "SELECT FROM viertakt.subject_data",
        "SELECT FROM viertakt.restricted",
        "SELECT viertakt.hold_writers()",
        "INSERT INTO reporting.kinds (kind) VALUES ('x')",
        "UPDATE reporting.operations SET stage = 'paid'",
        "DELETE FROM reporting.stays",
        "CREATE TABLE reporting.mine ()",
        "DROP VIEW reporting.moves",
    ],
)
def test_whatever_else_a_reader_tries_is_refused(reader: Connection, statement: str) -> None:
    """By the database, whatever the tool in front of it allows."""
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)):
        reader.execute(statement)


def test_a_login_that_was_granted_the_role_reads(conn: Connection) -> None:
    """The three lines an administrator writes are enough."""
    conn.execute("CREATE ROLE somebodys_dashboard LOGIN; GRANT viertakt_reporting TO somebodys_dashboard")
    conn.execute("SET SESSION AUTHORIZATION somebodys_dashboard")
    assert conn.execute("SELECT count(*) FROM reporting.operations").fetchall() == [(0,)]


def test_the_role_itself_reads_only_and_not_for_ever(conn: Connection) -> None:
    """It has no login; should somebody give it one, this is how it begins."""
    row = conn.execute(
        "SELECT rolcanlogin, rolconfig FROM pg_roles WHERE rolname = 'viertakt_reporting'"
    ).fetchone()
    assert row == (False, ["default_transaction_read_only=on", "statement_timeout=60s"])


def test_nothing_about_persons_appears(lived: House, reader: Connection) -> None:
    """Not the values kept apart, not the subject, not who acted, not what was written to a colleague."""
    shown = everything(reader)
    assert '""method"": ""bank""' in shown
    assert '""country"": ""NL""' in shown
    for hidden in ("NL91ABNA", "somebody", str(lived.person.id), str(lived.token.id), "person:", "token:"):
        assert hidden not in shown, hidden


def test_what_a_later_version_calls_personal_is_hidden_from_then_on(lived: House, reader: Connection) -> None:
    """Operations opened before hold the value in the open; who reads reports need not see it any longer."""
    lived.sql(LATER_PERSONAL)
    shown = everything(reader)
    assert '""method"": ""bank""' in shown
    assert "country" not in shown


def test_suspected_crime_is_told_nowhere(lived: House, reader: Connection) -> None:
    """Not as a row, not as a next stage, not as a count: a hold must never be given away."""
    held = lived.open("withdrawal", "W-3", amount=euros("5"))
    followed(lived)
    before = reader.execute("SELECT sum(count) FROM reporting.status_counts").fetchall()
    lived.move(held, "escalate", by=lived.person)
    followed(lived)
    tables = [view for view in VIEWS if view not in ("kinds", "stages")]
    for view in tables:
        rows = reader.execute(f"SELECT v::text FROM reporting.{view} AS v").fetchall()
        assert not [row for (row,) in rows if "compliance_hold" in row or "escalate" in row], view
    assert reader.execute("SELECT FROM reporting.operations WHERE reference = 'W-3'").fetchall() == []
    assert reader.execute("SELECT sum(count) + 1 FROM reporting.status_counts").fetchall() == before
    left = "SELECT next_stage, left_at IS NOT NULL FROM reporting.stays WHERE operation_id = %s"
    assert reader.execute(left, [held.id]).fetchall() == [(None, True)]


def test_the_views_agree_with_each_other(reader: Connection) -> None:
    """A count is the number of rows it counts."""
    counted = reader.execute(
        "SELECT kind, stage, status, sum(count), sum(amount) FROM reporting.status_counts GROUP BY 1, 2, 3 ORDER BY 1, 2"
    ).fetchall()
    listed = reader.execute(
        """SELECT kind, stage, status, count(*), sum(coalesce(amount, 0)) FROM reporting.operations
           GROUP BY 1, 2, 3 ORDER BY 1, 2"""
    ).fetchall()
    assert counted == listed
    assert len(listed) == 3
    moves = "SELECT operation_id, position, to_stage FROM reporting.moves ORDER BY position"
    stays = "SELECT operation_id, entered_position, stage FROM reporting.stays ORDER BY entered_position"
    assert reader.execute(moves).fetchall() == reader.execute(stays).fetchall()
    assert reader.execute(
        "SELECT stage, count FROM reporting.durations WHERE measure = 'stay' ORDER BY stage"
    ).fetchall() == [("releasing", 1), ("requested", 1)]


def test_a_move_says_by_what_and_by_which_sort_of_actor(reader: Connection) -> None:
    """Enough for how much is done by hand, and no more."""
    told = "SELECT transition, from_stage, to_stage, cause, acted_by, reason FROM reporting.moves ORDER BY position LIMIT 3"
    assert reader.execute(told).fetchall() == [
        (None, None, "requested", "process", "token", None),
        ("refuse", "requested", "releasing", "manual", "person", "fraud"),
        ("released", "releasing", "rejected", "process", "token", None),
    ]


def test_days_are_the_organisations(house: House) -> None:
    """A tally's midnight is a moment; the day it begins depends on the zone."""
    house.sql("UPDATE viertakt.installation SET zone = 'Europe/Amsterdam'")
    house.sql(
        """INSERT INTO viertakt.outcome_tally (grain, bucket, kind, stage, status, count)
           VALUES ('day', '2026-11-22T23:00Z', 'ticket', 'done', 'success', 1)"""
    )
    assert house.sql("SELECT closed_on::text FROM reporting.outcome_counts") == [("2026-11-23",)]


def test_a_duration_stands_for_its_class_as_in_reports(house: House) -> None:
    """Two formulas of one thing: a median here and in the console must be the same."""
    bins = (-345, 0, 1, 500)
    house.sql(
        """INSERT INTO viertakt.duration_tally (measure, grain, bucket, kind, stage, count, seconds, histogram)
           SELECT 'stay', 'day', '2026-11-22T00:00Z', 'ticket', 'open', 8, 12345, sum(2 * viertakt.histogram(bin))
           FROM unnest(%s::integer []) AS bin""",
        list(bins),
    )
    told = house.sql("SELECT seconds, count, seconds_total FROM reporting.durations ORDER BY seconds")
    assert [row[0] for row in told] == pytest.approx([0.0, *(value_of(bin_) for bin_ in bins[1:])])
    assert [row[1] for row in told] == [2, 2, 2, 2]
    assert float(sum(row[2] for row in told)) == pytest.approx(12345)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split()[1])
def test_the_pages_questions_are_answered(reader: Connection, example: str) -> None:
    """An example that fails is worse than none."""
    assert reader.execute(example).fetchall(), example


def test_the_backlog_of_the_page_is_what_was_open(reader: Connection) -> None:
    """Two withdrawals came and one has ended, a ticket came."""
    (backlog,) = [text for text in EXAMPLES if "AS open\nFROM (" in text]
    assert {(row[1], row[2]) for row in reader.execute(backlog).fetchall()} == {
        ("withdrawal", 1),
        ("ticket", 1),
    }
