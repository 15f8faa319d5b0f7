"""Counts: exact up to a bound, and honest beyond it."""

import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from psycopg import sql

from tests.language.rows import insert
from viertakt.db.pool import Connection
from viertakt.errors import Invalid
from viertakt.language import parse
from viertakt.reports.counts import Count, Counts, count_capped, counts
from viertakt.reports.lists import list_operations
from viertakt.reports.zones import zone_named

MODULE = sys.modules["viertakt.reports.counts"]  # the package gives its function that name
ALL = parse("")


def test_a_count_is_exact_up_to_its_cap(conn: Connection) -> None:
    """At the cap it is still exact; one more, and it says there are at least so many."""
    for _ in range(3):
        insert(conn)
    assert count_capped(conn, ALL, cap=4) == Count(3)
    assert count_capped(conn, ALL, cap=3) == Count(3)
    assert count_capped(conn, ALL, cap=2) == Count(2, capped=True)
    assert count_capped(conn, parse("kind:nothing")) == Count(0)


def test_every_status_has_its_tab_also_when_empty(conn: Connection) -> None:
    """A tab that vanishes when it is empty makes people search for it."""
    insert(conn)
    insert(conn)
    insert(conn, status="error", kind="deposit")
    assert counts(conn, ALL, ["status"]) == Counts(
        [
            {"status": "pending", "count": 2},
            {"status": "success", "count": 0},
            {"status": "error", "count": 1},
            {"status": "rejected", "count": 0},
        ]
    )
    assert [row["count"] for row in counts(conn, parse("kind:deposit"), ["status"]).items] == [0, 0, 1, 0]
    assert [row["count"] for row in counts(conn, parse("-status:error"), ["status"]).items] == [2, 0, 0, 0]


def test_a_tab_beyond_the_bound_says_so_by_itself(conn: Connection) -> None:
    """10,000+ under one status must not blur the exact figure under another."""
    for _ in range(3):
        insert(conn)
    insert(conn, status="error")
    found = counts(conn, ALL, ["status"], rows_max=2)
    assert found.capped
    assert found.items[0] == {"status": "pending", "count": 2, "capped": True}
    assert found.items[2] == {"status": "error", "count": 1}


def test_groups_hold_what_they_are_of_and_how_many(conn: Connection) -> None:
    """In the order of their dimensions; what is absent is a group of its own."""
    insert(conn, brand="shop")
    insert(conn)
    insert(conn)
    insert(conn, kind="deposit", status="success", brand="shop")
    assert counts(conn, ALL, ["kind", "status"]).items == [
        {"kind": "deposit", "status": "success", "count": 1},
        {"kind": "withdrawal", "status": "pending", "count": 3},
    ]
    assert counts(conn, parse("kind:withdrawal"), ["brand"]).items == [
        {"brand": "shop", "count": 1},
        {"brand": None, "count": 2},
    ]


def test_groups_beyond_the_bound_are_marked(conn: Connection) -> None:
    """The figures are then what was seen: at least so many."""
    for _ in range(3):
        insert(conn)
    assert counts(conn, ALL, ["kind"], rows_max=3) == Counts([{"kind": "withdrawal", "count": 3}])
    assert counts(conn, ALL, ["kind"], rows_max=2).capped


def test_counting_that_takes_too_long_says_less(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers beside a list never hold it up: looked at is what there is time for, and the next question is whole again."""
    insert(conn)
    monkeypatch.setattr(MODULE, "LONGEST", timedelta(milliseconds=50))
    slow = sql.SQL("(SELECT pg_sleep(CASE WHEN %(rows_max)s > 5000 THEN 1 ELSE 0 END)) IS NOT NULL")
    monkeypatch.setattr(MODULE, "condition", lambda *_: (slow, {}))
    assert counts(conn, ALL, ["kind"]).items == [{"kind": "withdrawal", "count": 1}]
    stuck = sql.SQL("(SELECT pg_sleep(1)) IS NOT NULL")
    monkeypatch.setattr(MODULE, "condition", lambda *_: (stuck, {}))
    assert counts(conn, ALL, ["kind"]) == Counts([], capped=True)
    assert [item["capped"] for item in counts(conn, ALL, ["status"]).items] == [True] * 4
    assert conn.execute("SHOW statement_timeout").fetchone() != ("50ms",)


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ([], "Say what to count by"),
        (["reference"], "Nothing is counted by 'reference'"),
        (["status", "status"], "named twice"),
        (["status; DROP TABLE x"], "Nothing is counted by"),
    ],
)
def test_only_dimensions_are_counted_by(conn: Connection, by: list[str], says: str) -> None:
    """Groups of one each would be a list, and the list is elsewhere."""
    with pytest.raises(Invalid, match=says):
        counts(conn, ALL, by)


def test_the_number_and_the_list_agree(conn: Connection) -> None:
    """Whoever clicks a figure must find as many operations behind it, in the same zone and at the same moment."""
    now, zone = datetime(2026, 11, 22, 12, tzinfo=UTC), ZoneInfo("Asia/Tokyo")
    for hours in range(0, 60, 5):
        insert(conn, created_at=now - timedelta(hours=hours))
    for text in ["created:2026-11-21", "created>-24h", "-created>-24h status:pending"]:
        query = parse(text)
        page = list_operations(conn, query, zone=zone, now=now)
        assert count_capped(conn, query, zone=zone, now=now).value == len(page.items) > 0
        assert counts(conn, query, ["kind"], zone=zone, now=now).items[0]["count"] == len(page.items)


def test_a_zone_has_an_iana_name() -> None:
    """Whatever else is sent as a zone is refused: a path, a NUL, an offset, nothing."""
    assert zone_named("Europe/Amsterdam") == ZoneInfo("Europe/Amsterdam")
    for name in ["Mars/Olympus", "../../etc/passwd", "\0", "", "+01:00", "\ud800", "x" * 5000, "Europe"]:
        with pytest.raises(Invalid, match="no time zone"):
            zone_named(name)
