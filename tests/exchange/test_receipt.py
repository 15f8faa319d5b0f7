"""The permit applications of CoSeLoG against figures computed from the file by independent means."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import TREE
from tests.conftest import _copy as copy_of_template
from tests.exchange.conftest import Desk, desk_at, real_log
from viertakt.db.pool import connect
from viertakt.exchange.model import Report
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.reports.promises import differing_promises, project_promises


@pytest.fixture(scope="module")
def log() -> Path:
    return real_log("receipt.xes.gz")


@pytest.fixture(scope="module")
def municipality(log: Path, server_url: str, template: str) -> Iterator[tuple[Desk, Report]]:
    """The whole log imported once, and followed."""
    for url in copy_of_template(server_url, template):
        with desk_at(url) as desk:
            report = desk.load(log, TREE / "examples" / "receipt.map.yaml")
            with connect(url, role="viertakt_app", autocommit=True) as conn:
                sequence_all(conn)
                follow_all(conn, "targets", project_promises)
            yield desk, report


def test_every_event_and_every_end_is_taken(municipality: tuple[Desk, Report]) -> None:
    """1,434 cases with 8,577 events, and the 1,329 ends that only the cases tell."""
    _, report = municipality
    assert (report.cases, report.opened) == (1_434, 1_434)
    assert report.opened + report.moves == 8_577 + 1_329
    assert (report.refused, report.unmapped, report.ignored) == ([], {}, 0)


def test_on_time_and_late_are_those_of_the_log(municipality: tuple[Desk, Report]) -> None:
    """By the deadline that each case names: 952 on time, 377 late, 105 without an end."""
    desk, _ = municipality
    assert desk.rows(
        "SELECT sum(kept)::int, sum(missed)::int FROM viertakt.target_tally WHERE grain = 'day' AND target = 'on_time'"
    ) == [(952, 377)]
    assert desk.rows(
        "SELECT standing, count(*) FROM viertakt.promise GROUP BY standing ORDER BY standing"
    ) == [
        ("kept", 952),
        ("missed", 377),
        ("running", 105),
    ]
    assert desk.ask(differing_promises) == []
