"""Bulk jobs that move nothing: they assign, note and tag, and put back what can be put back."""

import pytest

from tests.bulk.conftest import Bulk
from viertakt.bulk import actions, store
from viertakt.bulk.beside import perform
from viertakt.bulk.model import Fate, Job, JobState, Verb, Wanted, Work
from viertakt.db.pool import connect
from viertakt.errors import Invalid, NotFound, NotPermitted
from viertakt.operations.assigning import change_assignment
from viertakt.operations.model import Act, AssignmentRequest, Caller, Operation

ALL = "kind:withdrawal"


def assigning(to: str | None) -> Wanted:
    return Wanted(verb=Verb.ASSIGN, work=Work(to=to))


def tagging(*add: str, remove: tuple[str, ...] = ()) -> Wanted:
    return Wanted(verb=Verb.TAG, work=Work(add=add, remove=remove))


def assign(bulk: Bulk, operation: Operation, to: str | None) -> None:
    request = AssignmentRequest(operation.id, Caller(bulk.again(bulk.first)), Act.ASSIGN, to=to)
    bulk.ask(lambda conn: change_assignment(conn, request))


def assignees(bulk: Bulk, operations: list[Operation]) -> list[str | None]:
    return [one.assignment.assignee if one.assignment else None for one in bulk.fresh(operations)]


def done(bulk: Bulk, job: Job) -> Job:
    return bulk.work(bulk.start(job))


def test_many_are_assigned_and_given_back(bulk: Bulk) -> None:
    """Each to whom it was assigned before; what somebody has assigned to another since is that person's decision."""
    operations = bulk.withdrawals(4)
    assign(bulk, operations[0], bulk.second.id)
    assign(bulk, operations[1], "role:risk")
    job = bulk.wants(assigning("risk"), ALL)
    assert {(one.fate, one.code): one.count for one in job.preview.groups} == {
        (Fate.MOVES, None): 3,
        (Fate.SKIPPED, "nothing_to_do"): 1,
    }
    assert assignees(bulk, operations) == [bulk.second.id, "role:risk", None, None], (
        "nothing happens in a dry run"
    )
    job = done(bulk, job)
    assert (job.state, job.done, job.skipped, job.needs) == (JobState.DONE, 3, 1, ())
    assert assignees(bulk, operations) == ["role:risk"] * 4
    versions = {one.version for one in bulk.fresh(operations)}
    assert versions == {1}, "nobody's approval is void by it"
    told = "SELECT sort, actor, cause, request_id FROM viertakt.entry WHERE entry_seq = %s"
    assert bulk.house.sql(told, bulk.items(job)[0].entry_seq) == [
        ("assigned", bulk.asker.id, "bulk", f"bulk:{job.bulk_id}")
    ]

    assign(bulk, operations[3], bulk.first.id)
    undo = bulk.undo(job, by=bulk.asker, comment=None)
    assert {(one.fate, one.code): one.count for one in undo.preview.groups} == {
        (Fate.MOVES, None): 2,
        (Fate.SKIPPED, "assigned_since"): 1,
    }
    done(bulk, undo)
    assert assignees(bulk, operations) == [bulk.second.id, "role:risk", None, bulk.first.id]
    assert bulk.look(job).undone_by == undo.bulk_id


def test_many_are_tagged_and_the_tags_taken_off_again(bulk: Bulk) -> None:
    """Only those that the job put on, and back come only those that it took off."""
    first, second = bulk.withdrawals(2)
    done(bulk, bulk.wants(tagging("vip", "old"), ids=(first.id,)))
    job = done(bulk, bulk.wants(tagging("vip", "new", remove=("old",)), ALL))
    assert [one.tags for one in bulk.fresh([first, second])] == [("vip", "new"), ("vip", "new")]
    done(bulk, bulk.undo(job, by=bulk.asker, comment=None))
    assert [one.tags for one in bulk.fresh([first, second])] == [("vip", "old"), ()]
    found = bulk.wants(tagging("seen"), "tag:old")
    assert found.total == 1, "what is tagged is found by it"
    entries = (
        "SELECT sort, cause, version, data FROM viertakt.entry WHERE operation_id = %s ORDER BY entry_seq"
    )
    assert bulk.house.sql(entries, second.id)[1:] == [
        ("tagged", "bulk", None, {"added": ["vip", "new"]}),
        ("tagged", "undo", None, {"removed": ["vip", "new"]}),
    ]


def test_the_same_note_is_written_to_each_and_stays(bulk: Bulk) -> None:
    """Its text is kept apart like anybody's; what was read is not unsaid."""
    (operation, _) = bulk.withdrawals(2)
    job = done(bulk, bulk.wants(Wanted(comment="The bank is closed on Monday.", verb=Verb.NOTE), ALL))
    assert (job.done, job.skipped) == (2, 0)
    assert bulk.house.sql(
        "SELECT field, value FROM viertakt.subject_data WHERE operation_id = %s", operation.id
    ) == [("comment", "The bank is closed on Monday.")]
    with pytest.raises(NotPermitted, match="A note stays"):
        bulk.undo(job, by=bulk.asker)


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        (assigning("role:risk"), "assign"),
        (Wanted(comment="Look.", verb=Verb.NOTE), "note"),
        (tagging("vip"), "amend"),
    ],
)
def test_each_asks_for_its_own_word(bulk: Bulk, wanted: Wanted, word: str) -> None:
    """Also when the right is taken away between the dry run and the work."""
    bulk.withdrawals(2)
    reader = bulk.person("A reader", "read_only")
    job = bulk.wants(wanted, ALL, by=reader)
    assert (job.affected, job.skipped) == (0, 2)
    job = bulk.start(bulk.wants(wanted, ALL))
    bulk.house.sql(
        "UPDATE viertakt.access_grant SET may = array_remove(may, %s) WHERE role = 'payments'", word
    )
    bulk.house.sql(
        "UPDATE viertakt.actor SET access_version = access_version + 1 WHERE actor = %s", bulk.asker.id
    )
    job = bulk.work(job)
    assert (job.done, job.skipped) == (0, 2)
    assert not bulk.house.sql("SELECT FROM viertakt.entry WHERE sort IN ('assigned', 'noted', 'tagged')")


def test_nonsense_is_refused_before_anything_is_frozen(bulk: Bulk) -> None:
    """Nobody of that name; a tag that is none."""
    bulk.withdrawals(1)
    with pytest.raises(NotFound):
        bulk.wants(assigning("role:nobody_here"), ALL)
    with pytest.raises(Invalid):
        bulk.wants(tagging("  blank "), ALL)


def test_a_worker_that_died_has_done_and_told_or_neither(bulk: Bulk) -> None:
    """What it did and did not settle is undone with it, so the next one does it once, and knows what was before."""
    operations = bulk.withdrawals(3)
    assign(bulk, operations[0], bulk.second.id)
    job = bulk.start(bulk.wants(assigning("role:risk"), ALL))
    claimed = bulk.ask(
        lambda conn: store.claim_items(conn, job.bulk_id, after=0, limit=10, lease=bulk.limits.countdown)
    )
    with connect(bulk.house.url) as conn:
        conn.execute("SELECT 1")  # a transaction that is open, and never committed
        perform(conn, job, claimed, bulk.again(bulk.asker))
        assert conn.execute("SELECT count(*) FROM viertakt.bulk_item WHERE state = 'done'").fetchone() == (3,)
        conn.rollback()
    assert bulk.house.sql("SELECT count(*) FROM viertakt.entry WHERE sort = 'assigned'") == [(1,)]
    job = bulk.work(job)
    assert (job.done, job.left) == (3, 0)
    done(bulk, bulk.undo(job, by=bulk.asker, comment=None))
    assert assignees(bulk, operations) == [bulk.second.id, None, None]


def test_a_job_s_items_say_what_came_of_each(bulk: Bulk) -> None:
    """One line an operation, in the order they were named."""
    first, second = bulk.withdrawals(2)
    job = done(bulk, bulk.wants(tagging("vip"), ids=(second.id, first.id)))
    items = bulk.ask(lambda conn: actions.list_items(conn, job.bulk_id, reader=bulk.asker, limit=10))
    assert [(one.operation_id, one.state) for one in items] == [(second.id, "done"), (first.id, "done")]
