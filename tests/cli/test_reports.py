"""`viertakt report`: the reports at the terminal."""

import csv
import io
import os
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import Terminal
from viertakt.db.pool import connect
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.reports.stays import project_outcomes
from viertakt.reports.tallies import fold_statuses


@pytest.fixture
def placed(terminal: Terminal) -> Terminal:
    """Two tickets, with their places in the order."""
    for reference in ("T-1", "T-2"):
        assert terminal("operations", "open", "ticket", "--reference", reference).status == 0
    with connect(os.environ["VIERTAKT_DATABASE_URL"], autocommit=True) as conn:
        sequence_all(conn, [fold_statuses])
        follow_all(conn, "outcomes", project_outcomes)
    return terminal


def test_a_report_is_shown_as_a_table(placed: Terminal) -> None:
    """With what people call things; where it is exact goes to stderr, out of a pipe's way."""
    said = placed("report", "statuses", "--bucket", "day", "--language", "nl")
    lines = [line.split("\t") for line in said.out.splitlines()]
    assert lines[0] == ["PERIODE", "STATUS", "AANTAL"]
    assert lines[-1][1:] == ["In afwachting", "2"]
    assert "Exact at 1.2." in said.err


def test_a_report_for_programs_is_the_contracts_document(placed: Terminal) -> None:
    """What a script reads here it reads over HTTP too."""
    said = placed("report", "statuses", "--q", "kind:ticket", "--json").json
    assert (said["name"], said["position"], said["rows"][-1]["values"][1:]) == (
        "statuses",
        "1.2",
        ["pending", 2],
    )


def test_a_report_is_written_as_a_file(placed: Terminal, tmp_path: Path) -> None:
    """A month's end by cron: no browser, no token."""
    said = placed("report", "statuses", "--csv", tmp_path / "s.csv")
    assert (said.status, said.out) == (0, "")
    lines = list(csv.reader(io.StringIO((tmp_path / "s.csv").read_text("utf-8-sig"))))
    assert lines[0] == ["Period", "Status", "Count"]
    assert placed("report", "statuses", "--xlsx", tmp_path / "s.xlsx").status == 0
    page = openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets[0]
    assert page.max_row == len(lines)


def test_durations_and_shares_read_as_people_say_them(placed: Terminal) -> None:
    """Nobody reads 93784 seconds."""
    heading, row = (line.split("\t") for line in placed("report", "summary").out.splitlines())
    assert dict(zip(heading, row, strict=True))["OLDEST OPEN"].startswith("0:00:0")


def test_the_reports_there_are_are_listed(terminal: Terminal) -> None:
    """Whoever does not know a name leaves it out."""
    assert "flow" in terminal("report").out
    assert {"summary", "flow"} <= {one["name"] for one in terminal("report", "--json").json}


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["sales"], 1, "There is no report 'sales'"),
        (["flow", "--from", "yesterday"], 2, "from is a moment"),
        (["flow", "--zone", "Mars"], 2, "There is no time zone"),
        (["flow", "--q", "stauts:error"], 2, "status"),
        (["flow", "--bucket", "fortnight"], 2, "fortnight"),
        (["flow", "--json", "--csv", "x.csv"], 2, "Choose one"),
        (["flow", "--csv", "/nowhere/x.csv"], 1, "The system refused"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    terminal: Terminal, arguments: list[str], status: int, says: str
) -> None:
    """With a sentence, and nothing on stdout."""
    said = terminal("report", *arguments)
    assert (said.status, said.out) == (status, "")
    assert says in said.err
