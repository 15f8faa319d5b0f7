"""The loan applications of BPI Challenge 2012 against figures computed from the file by independent means."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import TREE
from tests.conftest import _copy as copy_of_template
from tests.exchange.conftest import Desk, desk_at, real_log
from viertakt.db.pool import connect
from viertakt.exchange.model import Report
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.reports.histograms import bins_in, percentile
from viertakt.reports.stays import project_stays

SECONDS_MAX = timedelta(seconds=60).total_seconds()


@pytest.fixture(scope="module")
def log() -> Path:
    return real_log("bpic2012.xes.gz")


@pytest.fixture(scope="module")
def bank(log: Path, server_url: str, template: str) -> Iterator[tuple[Desk, Report]]:
    """The whole log imported once, for every question below."""
    for url in copy_of_template(server_url, template):
        with desk_at(url) as desk:
            yield desk, desk.load(log, TREE / "examples" / "bpic2012.map.yaml")


def test_every_application_event_is_an_opening_or_a_move(bank: tuple[Desk, Report]) -> None:
    """13,087 cases with 60,849 A_ events: none lost, none doubled, none refused, within a minute."""
    _, report = bank
    assert (report.cases, report.opened, report.opened + report.moves) == (13_087, 13_087, 60_849)
    assert (report.refused_count, report.unmapped, report.ignored) == (0, {}, 262_200 - 60_849)
    assert report.seconds < SECONDS_MAX


def test_outcomes_are_those_of_the_log(bank: tuple[Desk, Report]) -> None:
    """Approved, registered and activated are three marks of one success."""
    desk, _ = bank
    assert desk.rows("SELECT status, count(*) FROM viertakt.operation GROUP BY status ORDER BY status") == [
        ("pending", 399),
        ("rejected", 10_442),
        ("success", 2_246),
    ]
    ends = dict(
        desk.rows("SELECT stage, count(*) FROM viertakt.operation WHERE status <> 'success' GROUP BY stage")
    )
    assert ends == {"declined": 7_635, "cancelled": 2_807, "finalized": 327, "preaccepted": 69, "accepted": 3}


def test_transitions_are_those_of_the_log(bank: tuple[Desk, Report]) -> None:
    """All 21 ways; 3,712 moves share a moment with the one before, so this holds only if order came from the file."""
    desk, _ = bank
    counts = desk.rows(
        "SELECT from_stage, to_stage, count(*) FROM viertakt.entry WHERE sort = 'moved' GROUP BY 1, 2"
    )
    assert sorted(counts, key=lambda row: -row[2]) == [
        ("submitted", "partly_submitted", 13_087),
        ("partly_submitted", "preaccepted", 7_367),
        ("partly_submitted", "declined", 5_719),
        ("preaccepted", "accepted", 5_113),
        ("accepted", "finalized", 5_015),
        ("finalized", "cancelled", 1_640),
        ("preaccepted", "cancelled", 1_100),
        ("preaccepted", "declined", 1_085),
        ("finalized", "approved", 1_055),
        ("approved", "activated", 997),
        ("approved", "registered", 912),
        ("finalized", "declined", 802),
        ("registered", "activated", 773),
        ("finalized", "registered", 715),
        ("registered", "approved", 686),
        ("activated", "registered", 619),
        ("activated", "approved", 505),
        ("finalized", "activated", 476),
        ("accepted", "cancelled", 66),
        ("accepted", "declined", 29),
        ("partly_submitted", "cancelled", 1),
    ]


def test_the_history_tells_how_it_stood_at_new_year(bank: tuple[Desk, Report]) -> None:
    """As of a moment: the last version that had taken effect by then, for every operation."""
    desk, _ = bank
    as_of = desk.rows("""
        SELECT stage, count(*) FROM (
            SELECT DISTINCT ON (operation_id) to_stage AS stage FROM viertakt.entry
            WHERE version IS NOT NULL AND at <= '2012-01-01T00:00Z' ORDER BY operation_id, version DESC
        ) AS stood GROUP BY stage ORDER BY stage
    """)
    assert as_of == [
        ("accepted", 1),
        ("activated", 547),
        ("approved", 164),
        ("cancelled", 1_346),
        ("declined", 4_334),
        ("finalized", 509),
        ("partly_submitted", 5),
        ("preaccepted", 130),
        ("registered", 419),
    ]


def test_time_in_stage_comes_out_to_the_millisecond(bank: tuple[Desk, Report]) -> None:
    """Completed stays by PostgreSQL's percentile_cont: times were neither rounded nor shifted."""
    desk, _ = bank
    stays = desk.rows("""
        SELECT stage, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::float8,
            percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds)::float8
        FROM (
            SELECT to_stage AS stage, extract(epoch FROM lead(at) OVER following - at) AS seconds
            FROM viertakt.entry WHERE version IS NOT NULL
            WINDOW following AS (PARTITION BY operation_id ORDER BY version)
        ) AS stay
        WHERE seconds IS NOT NULL AND stage IN ('partly_submitted', 'preaccepted', 'finalized')
        GROUP BY stage ORDER BY stage
    """)
    assert stays == [
        (
            "finalized",
            4_688,
            pytest.approx(1_258_039.597, abs=0.001),
            pytest.approx(2_667_496.692, abs=0.001),
        ),
        ("partly_submitted", 13_087, pytest.approx(43.416, abs=0.001), pytest.approx(36_279.835, abs=0.001)),
        ("preaccepted", 7_298, pytest.approx(24_346.358, abs=0.001), pytest.approx(449_661.907, abs=0.001)),
    ]


def test_percentiles_of_the_tally_are_within_two_percent_of_those_of_the_log(
    bank: tuple[Desk, Report],
) -> None:
    """What reports read instead of thirteen thousand stays."""
    desk, _ = bank
    with connect(desk.url, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn)
        follow_all(conn, "stays", project_stays)
    rows = desk.rows("""
        SELECT stage, sum(histogram)::text FROM viertakt.duration_tally
        WHERE measure = 'stay' AND grain = 'month' GROUP BY stage
    """)
    for stage, count, median, ninetieth in (
        ("partly_submitted", 13_087, 43.416, 36_279.835),
        ("preaccepted", 7_298, 24_346.358, 449_661.907),
        ("finalized", 4_688, 1_258_039.597, 2_667_496.692),
    ):
        bins = bins_in(dict(rows)[stage])
        assert sum(bins.values()) == count
        assert percentile(bins, 0.5) == pytest.approx(median, rel=0.02)
        assert percentile(bins, 0.9) == pytest.approx(ninetieth, rel=0.02)


def test_amounts_are_numbers_that_can_be_compared(bank: tuple[Desk, Report]) -> None:
    """The log writes them as text; as text, 9000 would be more than 20000."""
    desk, _ = bank
    assert desk.rows(
        "SELECT count(*) FROM viertakt.operation WHERE amount >= 20000 AND currency = 'EUR'"
    ) == [(3_098,)]


def test_a_second_run_changes_nothing_of_all_that(bank: tuple[Desk, Report], log: Path) -> None:
    """60,849 entries stay 60,849."""
    desk, _ = bank
    report = desk.load(log, TREE / "examples" / "bpic2012.map.yaml")
    assert (report.opened, report.moves, report.already_there) == (0, 0, 13_087)
    assert desk.rows("SELECT count(*) FROM viertakt.entry") == [(60_849,)]
