"""`viertakt journal`: the order of all entries at the terminal."""

import os

import pytest

from tests.cli.conftest import Terminal
from viertakt.db.pool import connect
from viertakt.journal.sequencing import sequence_all
from viertakt.reports.tallies import fold_statuses


@pytest.fixture
def placed(terminal: Terminal) -> Terminal:
    """Two tickets, with their places in the order."""
    for reference in ("T-1", "T-2"):
        assert terminal("operations", "open", "ticket", "--reference", reference).status == 0
    with connect(os.environ["VIERTAKT_DATABASE_URL"], autocommit=True) as conn:
        sequence_all(conn, [fold_statuses])
    return terminal


def test_entries_are_shown_in_order_and_gone_on_from(placed: Terminal) -> None:
    """A cursor that was printed is the next command's --after."""
    first, second = placed("journal", "show", "--json").json
    assert first["entry"]["sort"] == "opened"
    assert placed("journal", "show", "--after", first["cursor"], "--json").json == [second]
    assert second["cursor"] in placed("journal", "show").out
    assert placed("journal", "show", "--after", "nonsense").status == 2


def test_the_status_says_where_the_order_ends(placed: Terminal) -> None:
    """The first question when a report looks old."""
    told = placed("journal", "status", "--json").json
    assert (told["end"], told["waits_seconds"]) == ("1.2", 0)
    assert "1.2" in placed("journal", "status").out


def test_what_differs_is_said_and_made_again(placed: Terminal) -> None:
    """Whoever edits a tally by hand is found, and the history puts it right."""
    assert placed("journal", "verify").status == 0
    with connect(os.environ["VIERTAKT_DATABASE_URL"], autocommit=True) as conn:
        conn.execute("UPDATE viertakt.status_tally SET count = count + 1")
    said = placed("journal", "verify", "--json")
    assert said.status == 1
    assert said.json["tallies"]
    states = {finding["name"]: finding["state"] for finding in placed("doctor", "--json").json["findings"]}
    assert (states["journal"], states["projections"]) == ("good", "red")
    assert placed("journal", "rebuild", "tallies").status == 0
    assert placed("journal", "verify").status == 0
    assert placed("journal", "rebuild", "nothing").status == 2
