"""The permit applications of CoSeLoG against figures computed from the file by independent means."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import TREE
from tests.conftest import _copy as copy_of_template
from tests.exchange.conftest import Desk, desk_at, real_log
from viertakt.db.pool import connect
from viertakt.exchange.model import Report
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.language import parse
from viertakt.reports.catalogue import build
from viertakt.reports.periods import period
from viertakt.reports.promises import differing_promises, project_promises
from viertakt.reports.report import ColumnType


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


def test_the_report_says_the_same(municipality: tuple[Desk, Report]) -> None:
    """Month by month, and what is open now."""
    desk, _ = municipality
    years = period(date(2010, 1, 1), date(2013, 1, 1), None, ZoneInfo("Europe/Amsterdam"))

    def sums(include: Any) -> list[int]:
        table = desk.ask(
            lambda conn: build(conn, "targets", parse("kind:permit_receipt"), years, include=include)
        )
        columns = [number for number, column in enumerate(table.columns) if column.type is ColumnType.COUNT]
        return [sum(int(str(row.values[number])) for row in table.rows) for number in columns]

    assert sums("completed") == [952, 377]
    assert sums("open") == [0, 0, 105, 0]
