"""Promises are what the history and the calendar say, in whatever steps they were followed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reports.permits import PERMIT, Desk, desk, hours, office
from viertakt.access.model import system
from viertakt.db.pool import Connection, connect
from viertakt.deadlines.store import write_calendar
from viertakt.errors import InvalidKind
from viertakt.journal.followers import follow
from viertakt.journal.sequencing import sequence_all
from viertakt.kinds.actions import publish_kind
from viertakt.kinds.calendars import Calendar, add_working, spans, working_seconds
from viertakt.kinds.document import read_kind
from viertakt.reports.promises import differing_promises, project_promises, rebuild_promises

__all__ = ["desk", "office"]


def test_time_in_which_the_clock_pauses_does_not_count(desk: Desk) -> None:
    """Four hours, a week with the customer, and five hours more are nine; two more would have been too many."""
    desk.live("kept", ("take", 1), ("ask", 4), ("take", 172), ("decide", 177))
    desk.live("missed", ("take", 1), ("ask", 4), ("take", 172), ("decide", 179))
    assert desk.promises("kept") == [("kept", 9, None, None)]
    assert desk.promises("missed") == [("missed", 11, None, None)]
    assert desk.counts() == [("decision", 1, 1)]


def test_an_open_promise_says_when_it_is_at_risk_and_when_late(desk: Desk) -> None:
    """Counted on from where the clock runs again; while it stands still it is never late."""
    desk.live("running", ("ask", 4), ("take", 172))
    desk.live("paused", ("ask", 4))
    desk.live("paused too late", ("ask", 11))
    assert desk.promises("running") == [("running", 4, hours(176), hours(178))]
    assert desk.promises("paused") == [("paused", 4, None, None)]
    assert desk.promises("paused too late") == [("paused", 11, hours(11), hours(11))]
    assert desk.counts() == []


def test_a_promise_counts_the_hours_of_its_kinds_calendar(office: Desk) -> None:
    """Eight hours on Monday, two on Tuesday; Wednesday is a holiday."""
    office.live("open")
    office.live("kept", ("decide", 26))
    office.live("missed", ("decide", 26.1))
    office.live("evening", ("ask", 10), ("take", 40))
    assert office.promises("open") == [("running", 0, hours(8), hours(26))]
    assert office.promises("kept") == [("kept", 10, None, None)]
    assert office.promises("missed")[0][0] == "missed"
    # Until 17:00 on Monday eight hours; taken up on Wednesday at one in the morning, it goes on on Thursday.
    assert office.promises("evening") == [("running", 8, hours(40), hours(74))]


def test_what_ends_elsewhere_is_dropped_and_runs_on_when_it_is_resumed(desk: Desk) -> None:
    """A withdrawn application was neither decided in time nor too late; closed, no clock runs."""
    desk.live("gone", ("withdraw", 3))
    desk.live("resumed", ("withdraw", 3), ("resume", 300))
    assert desk.promises("gone") == [("dropped", 3, None, None)]
    assert desk.promises("resumed") == [("running", 3, hours(305), hours(307))]
    assert desk.counts() == []


def test_what_begins_again_is_promised_again(desk: Desk) -> None:
    """The second decision has ten hours of its own; the first stays kept."""
    desk.live("again", ("decide", 2), ("again", 100), ("decide", 111))
    assert desk.promises("again") == [("kept", 2, None, None), ("missed", 11, None, None)]
    assert desk.counts() == [("decision", 1, 1)]


def test_an_operation_that_says_when_it_is_due_is_judged_by_that(desk: Desk) -> None:
    """To the end of the day, as the organisation counts days; no pause moves that, an amendment does."""
    desk.live("kept", ("ask", 1), ("decide", 15.9), due_on="2026-11-23")
    desk.live("missed", ("ask", 1), ("decide", 16.1), due_on="2026-11-23")
    desk.live("waiting", ("ask", 1), due_on="2026-11-23")
    desk.live("silent")
    end = hours(16)
    assert desk.promises("kept", "in_time")[0][0] == "kept"
    assert desk.promises("missed", "in_time")[0][0] == "missed"
    assert desk.promises("waiting", "in_time") == [("running", 1, hours(12.8), end)]
    assert desk.promises("silent", "in_time") == [("dropped", 0, None, None)]


def test_a_day_that_is_set_later_counts_from_then_on(desk: Desk) -> None:
    """What was decided by the day it was due then stays decided."""
    operation = desk.live("late", ("take", 1))
    assert desk.promises("late", "in_time") == [("dropped", 1, None, None)]
    desk.amend(operation, "2026-11-24")
    assert desk.promises("late", "in_time")[0][3] == hours(40)
    desk.amend(operation, "2026-11-23")
    desk.house.move(operation, "decide", at=hours(17))
    assert desk.promises("late", "in_time")[0][0] == "missed"


def test_followed_one_by_one_all_at_once_or_again_it_is_the_same(office: Desk) -> None:
    """A worker's steps fall where they fall."""
    office.live("one", ("take", 1), ("ask", 4), ("take", 172), ("decide", 177), due_on="2026-11-30")
    office.live("two", ("decide", 2), ("again", 100), ("withdraw", 111), ("resume", 120), due_on="2026-11-24")
    sequence_all(office.conn)

    def everything() -> list[Any]:
        return [
            sorted(office.house.sql(f"SELECT t::text FROM viertakt.{table} AS t"))
            for table in ("promise", "target_tally")
        ]

    while follow(office.conn, "targets", project_promises, limit=1):
        pass
    single = everything()
    rebuild_promises(office.conn)
    assert everything() == single
    assert differing_promises(office.conn) == []
    office.house.sql("UPDATE viertakt.promise SET seconds = seconds + 1 WHERE ordinal = 1")
    office.house.sql("UPDATE viertakt.target_tally SET kept = kept + 1")
    assert len(differing_promises(office.conn)) > 2
    rebuild_promises(office.conn)
    assert everything() == single


def test_a_kind_names_a_calendar_that_is_there(desk: Desk) -> None:
    """Promises of a kind whose hours nobody knows would count nothing."""
    text = PERMIT.replace("CALENDAR", "calendar: offcie")
    with connect(desk.house.url) as owner, pytest.raises(InvalidKind, match="no calendar 'offcie'"):
        publish_kind(owner, read_kind(text), actor=system("test"))


MOMENTS = st.integers(0, 400 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(MOMENTS, MOMENTS, st.integers(0, 500_000)), min_size=1, max_size=20))
def test_the_database_reckons_like_the_calendar(
    conn: Connection, cases: list[tuple[datetime, datetime, int]]
) -> None:
    """Two ways to the same hours: laid out as rows, and read from the week, across both changes of the clock."""
    nights = Calendar(
        "nights", "Europe/Amsterdam", {"sunday": ("00:00-02:30", "02:30-08:00")}, ("2026-03-01",)
    )
    write_calendar(conn, nights, list(spans(nights, date(2025, 12, 1), date(2030, 1, 1))))
    for start, end, seconds in cases:
        found = conn.execute(
            """SELECT viertakt.seconds_between('nights', %(start)s, %(end)s)::float8,
            viertakt.moment_after('nights', %(start)s, %(seconds)s::numeric)""",
            {"start": start, "end": end, "seconds": seconds},
        ).fetchone()
        assert found == (
            working_seconds(start, end, nights),
            add_working(start, timedelta(seconds=seconds), nights),
        )
