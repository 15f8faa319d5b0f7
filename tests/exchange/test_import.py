"""Importing small logs: what is written, what is left, and what a second run adds."""

from pathlib import Path

from tests.exchange.conftest import Desk
from tests.exchange.logs import event, trace, write, write_map
from viertakt.access.model import system
from viertakt.kinds.model import TransitionName
from viertakt.operations.model import Caller, MoveRequest, OperationId

POST = event("Post", "2026-01-01T10:00:00+01:00", "7")
SORT = event("Sort", "2026-01-01T10:00:00+01:00", "belt")
AGAIN = event("Sort", "2026-01-02T10:00:00+01:00")
DELIVER = event("Deliver", "2026-01-03T10:00:00+01:00", "Bo")
HISTORY = """
    SELECT e.version, e.sort, e.transition, e.to_stage, a.name, e.cause, e.granted_by, e.at::text
    FROM viertakt.entry AS e JOIN viertakt.actor AS a USING (actor) ORDER BY e.operation_id, e.entry_seq
"""


def test_a_case_becomes_an_operation_with_its_true_history(desk: Desk, tmp_path: Path) -> None:
    """When, in which order and by whom: that is what an import is for. Why it may is one word: import."""
    desk.load(
        write(tmp_path, [trace("P-1", POST, SORT, DELIVER, sender="Cas", value="12.50")]), write_map(tmp_path)
    )
    assert desk.rows(HISTORY) == [
        (1, "opened", None, "posted", "Ans", "import", "import", "2026-01-01 09:00:00+00"),
        (2, "moved", "sort", "sorted", "belt", "import", "import", "2026-01-01 09:00:00+00"),
        (3, "moved", "deliver", "delivered", "Bo", "import", "import", "2026-01-03 09:00:00+00"),
    ]
    (row,) = desk.rows(
        "SELECT reference, subject, amount::text, currency, status, closed_at::text FROM viertakt.operation"
    )
    assert row == ("P-1", "Cas", "12.50", "EUR", "success", "2026-01-03 09:00:00+00")


def test_a_second_run_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    """Whoever is not sure that an import went through may simply run it again."""
    log, log_map = (
        write(tmp_path, [trace("P-1", POST, SORT), trace("P-2", POST)], "log.xes.gz"),
        write_map(tmp_path),
    )
    first = desk.load(log, log_map)
    history = desk.rows("SELECT * FROM viertakt.entry ORDER BY operation_id, entry_seq")
    second = desk.load(log, log_map)
    assert (first.opened, first.moves, first.already_there) == (2, 1, 0)
    assert (second.opened, second.moves, second.already_there, second.kind_version) == (0, 0, 2, 1)
    assert desk.rows("SELECT * FROM viertakt.entry ORDER BY operation_id, entry_seq") == history


def test_a_later_log_adds_what_has_happened_since(desk: Desk, tmp_path: Path) -> None:
    """Logs are exported every night and begin with what was in yesterday's."""
    log_map = write_map(tmp_path)
    desk.load(write(tmp_path, [trace("P-1", POST, SORT)]), log_map)
    report = desk.load(write(tmp_path, [trace("P-1", POST, SORT, AGAIN, DELIVER)]), log_map)
    assert (report.opened, report.moves, report.refused_count) == (0, 2, 0)
    assert [row[0] for row in desk.rows(HISTORY)] == [1, 2, 3, 4]


def test_a_case_that_people_have_moved_since_is_left_to_them(desk: Desk, tmp_path: Path) -> None:
    """The log's next move was made from another version; what a person did is not overwritten by a file."""
    log_map = write_map(tmp_path)
    desk.load(write(tmp_path, [trace("P-1", POST)]), log_map)
    desk.load(write(tmp_path, [trace("P-1", POST, SORT)]), log_map)
    ((operation_id,),) = desk.rows("SELECT operation_id FROM viertakt.operation")
    by_hand = Caller(system("belt"), key="by hand")
    desk.batch.call(MoveRequest(OperationId(operation_id), by_hand, TransitionName("sort")))
    report = desk.load(write(tmp_path, [trace("P-1", POST, SORT, DELIVER)]), log_map)
    assert (report.moves, report.refused_count) == (0, 1)
    assert "moved on" in report.refused[0].detail


def test_a_log_that_breaks_off_is_imported_as_far_as_it_goes(desk: Desk, tmp_path: Path) -> None:
    """The report says where it broke, and the mended file adds the rest."""
    log, log_map = write(tmp_path, [trace("P-1", POST), trace("P-2", POST)]), write_map(tmp_path)
    whole = log.read_bytes()
    log.write_bytes(whole[: whole.index(b"P-2")])
    report = desk.load(log, log_map)
    assert (report.cases, report.opened) == (1, 1)
    assert report.stopped_by is not None
    assert "log.xes: line 1" in report.stopped_by
    log.write_bytes(whole)
    report = desk.load(log, log_map)
    assert (report.opened, report.already_there, report.stopped_by) == (1, 1, None)


def test_what_could_not_be_mapped_is_reported_with_counts_and_reasons(desk: Desk, tmp_path: Path) -> None:
    """An import that is silent about what it left out is one that nobody can trust."""
    log = write(
        tmp_path,
        [
            trace("P-1", POST, event("Weigh", None), event("Weigh", None), event("Scan in", None)),
            trace("P-1", POST),
            trace("P-2", POST, event("Sort", None)),
            trace("P-3", event("Scan in", None)),
            trace(None, POST),
            trace("P-6 ", POST),
            trace("P-7", DELIVER, POST),
            trace("P-8", POST, event("Sort", "2025-12-31T10:00:00+01:00")),
        ],
    )
    report = desk.load(log, write_map(tmp_path))
    assert (report.cases, report.opened, report.moves, report.without_stages) == (8, 2, 1, 1)
    assert (report.unmapped, report.ignored, report.out_of_order) == ({"Weigh": 2}, 2, 1)
    assert [(case.case, case.detail.split(": ")[0]) for case in report.refused] == [
        ("P-1", "It stands in the file twice; the first was taken."),
        ("P-2", "Its event 'Sort' has no time."),
        ("number 5", "It has no 'concept:name', which would be its reference."),
        ("P-7", "It begins with 'Deliver', which is 'delivered'; every parcel begins in 'posted'."),
        ("P-6 ", "This parcel cannot be opened"),
    ]
