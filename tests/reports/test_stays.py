"""Stays and outcomes say what the history says, however it went and in whatever steps it was followed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from tests.operations.conftest import House, euros
from viertakt.db.pool import Connection, connect
from viertakt.journal.followers import follow, follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.reports.histograms import BIN_DIGITS, LOWEST, bin_of, bins_in, percentile, value_of
from viertakt.reports.stays import (
    differing_outcomes,
    differing_stays,
    project_outcomes,
    project_stays,
    rebuild_outcomes,
    rebuild_stays,
)

T = datetime(2026, 10, 1, 9, tzinfo=UTC)
COUNTED = (
    "outcome_tally",
    "reason_tally",
    "duration_tally",
    "way_tally",
    "move_tally",
    "hour_tally",
    "person_tally",
    "stay",
)


def hours(count: float) -> datetime:
    return T + timedelta(hours=count)


@pytest.fixture
def lived(house: House) -> House:
    """Three withdrawals: refused with a reason; refused, reinstated and waiting again; and approved."""
    person: dict[str, Any] = {"by": house.person}
    for n in (1, 2, 3):
        op = house.open("withdrawal", f"W-{n}", amount=euros("10"), brand="north", at=hours(0))
        if n == 3:
            house.move(op, "approve", at=hours(3), **person)
        if n < 3:
            house.move(op, "refuse", reason="fraud", at=hours(2), **person)
            house.move(op, "released", at=hours(4))
        if n == 2:
            house.move_with_consents(op, "reinstate", comment="a mistake", at=hours(30))
    return house


@pytest.fixture
def conn(lived: House) -> Iterator[Connection]:
    with connect(lived.url, role="viertakt_app", autocommit=True) as connection:
        sequence_all(connection)
        yield connection


def everything(conn: Connection) -> dict[str, list[Any]]:
    return {
        table: sorted(
            conn.execute(
                f"SELECT t::text FROM viertakt.{table} AS t"
                + (" WHERE count <> 0" if table != "stay" else "")
            ).fetchall()
        )
        for table in COUNTED
    }


def test_each_time_in_a_stage_is_a_stay(lived: House, conn: Connection) -> None:
    """Re-entered, it is another one; not left, it has no end."""
    follow_all(conn, "stays", project_stays)
    rows = lived.sql("""
        SELECT s.stage, s.next_stage, extract(epoch FROM s.left_at - s.entered_at) / 3600 FROM viertakt.stay AS s
        JOIN viertakt.operation AS o USING (operation_id) WHERE o.reference = 'W-2' ORDER BY s.ordinal""")
    assert rows == [
        ("requested", "releasing", 2), ("releasing", "rejected", 2), ("rejected", "under_review", 26), ("under_review", None, None),
    ]  # fmt: skip
    assert differing_stays(conn) == []


def test_an_end_that_was_left_is_taken_back(lived: House, conn: Connection) -> None:
    """A report of what is closed must not count what is open again."""
    follow_all(conn, "outcomes", project_outcomes)
    assert lived.sql(
        "SELECT stage, count, amount FROM viertakt.outcome_tally WHERE grain = 'day' AND count <> 0"
    ) == [("rejected", 1, 10)]
    assert lived.sql("SELECT reason, count FROM viertakt.reason_tally WHERE count <> 0") == [("fraud", 1)]
    (row,) = lived.sql(
        "SELECT histogram::text, count FROM viertakt.duration_tally WHERE grain = 'day' AND count <> 0"
    )
    ((bin_, count),) = bins_in(row[0]).items()
    assert value_of(bin_) == pytest.approx(4 * 3600, rel=0.02)
    assert count == row[1] == 1
    assert differing_outcomes(conn) == []


def test_followed_one_by_one_or_all_at_once_it_is_the_same(conn: Connection) -> None:
    """A worker's steps fall where they fall."""
    for name, project, again in (
        ("stays", project_stays, rebuild_stays),
        ("outcomes", project_outcomes, rebuild_outcomes),
    ):
        while follow(conn, name, project, limit=1):
            pass
        single = everything(conn)
        again(conn)
        assert everything(conn) == single


def test_a_stay_that_was_changed_behind_the_history_is_found(lived: House, conn: Connection) -> None:
    """What a doctor cannot find, a doctor cannot mend."""
    follow_all(conn, "stays", project_stays)
    follow_all(conn, "outcomes", project_outcomes)
    lived.sql(
        "UPDATE viertakt.stay SET entered_at = entered_at - interval '1 hour' WHERE stage = 'requested'"
    )
    lived.sql("UPDATE viertakt.outcome_tally SET count = count + 1")
    assert len(differing_stays(conn)) == 3
    assert differing_outcomes(conn)
    rebuild_stays(conn)
    rebuild_outcomes(conn)
    assert differing_stays(conn) == []
    assert differing_outcomes(conn) == []


@given(st.lists(st.floats(min_value=0.01, max_value=1e8), min_size=2, max_size=300))
def test_a_percentile_from_bins_is_within_two_percent(durations: list[float]) -> None:
    """The promise of the histogram, for any durations: of one that was measured, not of a point between two."""
    bins: dict[int, int] = {}
    for seconds in durations:
        bins[bin_of(seconds)] = bins.get(bin_of(seconds), 0) + 1
    ordered = sorted(durations)
    for share in (0.5, 0.9, 0.99):
        found = percentile(bins, share)
        assert found is not None
        lower = ordered[int(share * (len(ordered) - 1))]
        assert lower * 0.98 <= found <= lower * 1.02


@given(st.dictionaries(st.integers(LOWEST, 1200), st.integers(1, 10**12 - 1), min_size=1, max_size=30))
def test_a_histogram_is_one_number(bins: dict[int, int]) -> None:
    """Its counts stand side by side in it, whatever they are."""
    places = range(max(bins), LOWEST - 1, -1)
    number = "".join(f"{bins.get(bin_, 0):0{BIN_DIGITS}d}" for bin_ in places)
    assert bins_in(number.lstrip("0")) == bins


def test_the_database_reads_histograms_as_reports_do(house: House) -> None:
    """Both put them together and take them apart: one of them alone would be right by itself."""
    bins = {LOWEST: 1, -1: 7, 0: 10**12 - 1, 345: 3, 1200: 2}
    (row,) = house.sql(
        """SELECT sum(value::bigint * viertakt.histogram(key::integer))::text
           FROM jsonb_each_text(%s)""",
        Jsonb({str(bin_): count for bin_, count in bins.items()}),
    )
    assert bins_in(row[0]) == bins
    assert dict(house.sql("SELECT bin, count FROM viertakt.bins(%s::numeric)", row[0])) == bins


def test_a_large_sample_gives_the_median_of_everybody() -> None:
    """Beside the library's own reckoning."""
    durations = [1.5**n for n in range(1, 40)]
    bins = {bin_of(seconds): 1 for seconds in durations}
    assert percentile(bins, 0.5) == pytest.approx(quantiles(durations, n=2)[0], rel=0.02)
    assert percentile({}, 0.5) is None
