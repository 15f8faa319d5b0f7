"""The report on targets: what was kept and missed when, and how the rest stands now."""

from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.reports.permits import Desk, desk, hours, office
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.language import parse
from viertakt.reports.catalogue import build
from viertakt.reports.periods import Bucket, period
from viertakt.reports.promises import project_promises
from viertakt.reports.report import Table
from viertakt.reports.sources import one_snapshot
from viertakt.reports.stays import project_stays

__all__ = ["desk", "office"]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """Two decided in time and one too late, three days apart; four that are not decided."""
    desk.live("a", ("decide", 2), brand="north", due_on="2026-11-23")
    desk.live("b", ("ask", 2), ("take", 72), ("decide", 74), brand="north", due_on="2026-11-25")
    desk.live("c", ("decide", 75), brand="south")
    desk.live("running")
    desk.live("resting", ("ask", 2), brand="north")
    desk.live("on", ("ask", 2), ("take", 90))
    desk.live("gone", ("withdraw", 2))
    sequence_all(desk.conn)
    follow_all(desk.conn, "targets", project_promises)
    return desk


def asked(
    desk: Desk,
    query: str,
    *,
    name: str = "targets",
    include: Any = "completed",
    zone: Any = UTC,
    now: float = 96,
) -> Table:
    days = period(date(2026, 11, 20), date(2026, 11, 30), Bucket.DAY, zone)
    with desk.conn.transaction():
        one_snapshot(desk.conn)
        return build(desk.conn, name, parse(query), days, include=include, now=hours(now))


def test_what_was_kept_and_missed_stands_on_the_day_it_was_decided(lived: Desk) -> None:
    """Each target apart; the third day's are three of two sorts."""
    assert [row.values for row in asked(lived, "").rows] == [
        ("2026-11-23T00:00:00Z", "permit", "decision", 1, 0, 1.0),
        ("2026-11-23T00:00:00Z", "permit", "in_time", 1, 0, 1.0),
        ("2026-11-26T00:00:00Z", "permit", "decision", 1, 1, 0.5),
        ("2026-11-26T00:00:00Z", "permit", "in_time", 0, 1, 0.0),
    ]


@pytest.mark.parametrize("query", ["", "brand:north", "-brand:north kind:permit", "kind:ticket"])
@pytest.mark.parametrize("zone", [UTC, AMSTERDAM])
def test_counted_or_looked_at_one_by_one_it_is_the_same(lived: Desk, query: str, zone: Any) -> None:
    """Also in a zone whose days are not the organisation's, and where only the operations know what is asked."""
    for include in ("completed", "open"):
        tallied = asked(lived, query, include=include, zone=zone)
        scanned = asked(lived, f"{query} reference:*", include=include, zone=zone)
        assert tallied == scanned
        assert bool(tallied.rows) == (query != "kind:ticket")


def test_the_rest_is_in_time_at_risk_late_or_paused(lived: Desk) -> None:
    """As the clock goes on; what is paused in good time stays so, and what has ended elsewhere is nowhere."""
    decisions = {
        now: row.values[2:]
        for now in (7, 9, 92, 97, 99)
        for row in asked(lived, "", include="open", now=now).rows
        if row.values[1] == "decision"
    }
    # running, resting, and the one that runs on for eight hours from the 90th
    assert decisions == {
        7: (2, 0, 0, 1),
        9: (1, 1, 0, 1),
        92: (1, 0, 1, 1),
        97: (0, 1, 1, 1),
        99: (0, 0, 2, 1),
    }


def test_time_in_stage_counts_the_hours_of_the_calendar(office: Desk) -> None:
    """From Monday noon to Tuesday noon are eight hours; of stays that are over, and of those that go on."""
    office.live("left", ("take", 3), ("decide", 27))
    office.live("open", ("take", 3))
    sequence_all(office.conn)
    follow_all(office.conn, "stays", project_stays)
    for include, now in (("completed", 96), ("open", 27)):
        for query in ("", "reference:*"):
            table = asked(office, query, name="stages", include=include, now=now)
            (row,) = [row for row in table.rows if row.values[1] == "with_us"]
            assert row.values[6] == 8 * 3600, (include, query)


def test_a_brand_without_open_promises_has_none(lived: Desk) -> None:
    """Asked of open operations only, whatever else is asked."""
    assert [row.values for row in asked(lived, "brand:north", include="open").rows] == [
        ("permit", "decision", 0, 0, 0, 1)
    ]
    assert asked(lived, "status:success", include="open").rows == ()
