"""A job from its dry run to its end: what is promised is what happens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.bulk.conftest import Bulk, euro_sum
from viertakt.access.model import system
from viertakt.bulk.model import Fate, ItemState, JobState, Limits
from viertakt.bulk.running import Runner
from viertakt.errors import Invalid, InvalidQuery, KeyReused, NotFound, NotPermitted


def test_a_job_moves_what_its_query_found_and_nothing_that_came_later(bulk: Bulk) -> None:
    """What somebody looked at and confirmed is a list of operations, not a filter that goes on growing."""
    bulk.withdrawals(5)
    job = bulk.make("kind:withdrawal stage:requested")
    assert (job.state, job.total, job.affected) == (JobState.READY, 5, 5)
    assert bulk.stages() == {"requested": 5}
    bulk.withdrawals(2, amount="30")
    bulk.start(job)
    job = bulk.work(job)
    assert (job.state, job.done, job.left) == (JobState.DONE, 5, 0)
    assert bulk.stages() == {"releasing": 5, "requested": 2}


def test_a_dry_run_says_what_would_happen_to_each_and_why_not(bulk: Bulk) -> None:
    """Counts, sums by currency, and the reason of every group: nobody confirms a number blindly."""
    bulk.withdrawals(3)
    sent = bulk.withdrawals(2, amount="40")
    for one in sent:
        bulk.house.move(one, "approve", by=bulk.asker)
    job = bulk.make("kind:withdrawal brand:casino-nl")
    groups = {(g.stage, g.fate): (g.count, g.code) for g in job.preview.groups}
    assert groups == {
        ("requested", Fate.MOVES): (3, None),
        ("approved", Fate.SKIPPED): (2, "not_permitted"),
    }
    skipped = next(group for group in job.preview.groups if group.fate is Fate.SKIPPED)
    assert skipped.detail == "'refuse' leaves 'requested', 'under_review'."
    assert job.preview.sums == euro_sum(60)
    assert (job.total, job.affected, job.skipped) == (5, 3, 2)


def test_each_entry_names_its_job(bulk: Bulk) -> None:
    """Whoever reads an operation's history finds the job, and everything else that it moved."""
    bulk.withdrawals(2)
    job = bulk.make("kind:withdrawal")
    bulk.start(job)
    bulk.work(job)
    entries = bulk.house.sql("SELECT cause, request_id, actor FROM viertakt.entry WHERE sort = 'moved'")
    assert entries == [("bulk", f"bulk:{job.bulk_id}", bulk.asker.id)] * 2


def test_an_empty_query_is_refused(bulk: Bulk) -> None:
    """It would mean everything there is; nobody means that."""
    bulk.withdrawals(1)
    for q in ("", "   "):
        with pytest.raises(InvalidQuery):
            bulk.make(q)


def test_named_operations_are_frozen_once_each_and_unknown_ones_are_told(bulk: Bulk) -> None:
    """A selection may name what has gone out of sight since; a number typed twice is one operation."""
    from uuid import uuid4

    (first, second) = bulk.withdrawals(2)
    job = bulk.make(ids=(second.id, first.id, second.id, uuid4()))
    assert (job.total, job.affected) == (3, 2)
    assert [(item.operation_id, item.state, item.code) for item in bulk.items(job)][:2] == [
        (second.id, ItemState.WAITING, None),
        (first.id, ItemState.WAITING, None),
    ]
    assert bulk.items(job)[2].code == "not_found"


def test_what_changed_after_the_dry_run_is_left_alone(bulk: Bulk) -> None:
    """It is no longer what was looked at: it is told, and not moved."""
    first, _ = bulk.withdrawals(2)
    job = bulk.make("kind:withdrawal")
    bulk.house.move(first, "hold", by=system("check:velocity"))
    bulk.start(job)
    job = bulk.work(job)
    assert (job.done, job.skipped) == (1, 1)
    assert {item.code for item in bulk.items(job) if item.operation_id == first.id} == {"stale"}


def test_a_request_that_fits_nothing_is_told_what_is_wrong_with_it(bulk: Bulk) -> None:
    """A missing reason is no property of the operations: it is asked for at once."""
    bulk.withdrawals(2)
    with pytest.raises(Invalid) as caught:
        bulk.make("kind:withdrawal", reason=None)
    assert [fault.code for fault in caught.value.faults] == ["reason_required"]


def test_a_large_job_is_confirmed_by_its_number(bulk: Bulk) -> None:
    """Money leaves by a withdrawal's kind, so even three are confirmed; another number is another intention."""
    bulk.withdrawals(3)
    job = bulk.make("kind:withdrawal")
    with pytest.raises(Invalid) as caught:
        bulk.start(job, confirm=4)
    assert [fault.code for fault in caught.value.faults] == ["confirm_required"]
    assert bulk.start(job, confirm=3).state is JobState.RUNNING


def test_a_key_answers_with_the_job_it_made(bulk: Bulk) -> None:
    """A lost answer asked for again must not leave two jobs behind."""
    bulk.withdrawals(2)
    first = bulk.make("kind:withdrawal", key="k")
    assert bulk.make("kind:withdrawal", key="k").bulk_id == first.bulk_id
    bulk.house.sql("UPDATE viertakt.bulk_job SET body_digest = 'other'")
    with pytest.raises(KeyReused):
        bulk.make("kind:withdrawal", key="k")


def test_nothing_is_started_where_nothing_would_move(bulk: Bulk) -> None:
    """An empty job that says it is done would be taken for success."""
    job = bulk.make("kind:withdrawal")
    with pytest.raises(NotPermitted):
        bulk.start(job)


def test_a_job_rests_goes_on_and_ends_where_it_is_told_to(bulk: Bulk) -> None:
    """Whoever sees a mistake stops it first and thinks afterwards."""
    from viertakt.bulk import actions

    bulk.limits = Limits(countdown=timedelta(0), consent_above=10_000)
    bulk.withdrawals(1_100)
    job = bulk.start(bulk.make("kind:withdrawal"))
    bulk.runner.turn()
    paused = bulk.ask(lambda conn: actions.pause_job(conn, job.bulk_id, actor=bulk.asker))
    assert (paused.state, paused.done) == (JobState.PAUSED, 512)
    assert bulk.runner.turn() is None
    bulk.ask(lambda conn: actions.resume_job(conn, job.bulk_id, actor=bulk.asker, limits=bulk.limits))
    bulk.runner.turn()
    bulk.ask(lambda conn: actions.cancel_job(conn, job.bulk_id, actor=bulk.asker))
    job = bulk.work(job)
    assert (job.state, job.done, job.left) == (JobState.CANCELLED, 1024, 76)
    assert bulk.stages() == {"releasing": 1024, "requested": 76}


def test_what_has_failed_is_tried_again_and_what_was_refused_is_not(bulk: Bulk) -> None:
    """A database that was away for a moment is no verdict on an operation."""
    from viertakt.bulk import actions

    bulk.withdrawals(3)
    job = bulk.work(bulk.start(bulk.make("kind:withdrawal")))
    bulk.house.sql(
        "UPDATE viertakt.bulk_item SET state = 'failed', code = 'unavailable' WHERE bulk_id = %s AND n = 2",
        job.bulk_id,
    )
    bulk.house.sql("UPDATE viertakt.bulk_job SET done = 2, failed = 1")
    before = bulk.house.sql("SELECT count(*) FROM viertakt.entry")
    bulk.ask(lambda conn: actions.retry_job(conn, job.bulk_id, actor=bulk.asker))
    job = bulk.work(job)
    assert (job.state, job.done, job.failed) == (JobState.DONE, 3, 0)
    assert (
        bulk.house.sql("SELECT count(*) FROM viertakt.entry") == before
    )  # its key told that it had happened


def test_what_is_held_has_failed_and_is_tried_again_when_that_is_over(bulk: Bulk) -> None:
    """A provider that has trouble is no verdict on an operation either."""
    from viertakt.bulk import actions
    from viertakt.operations import holding

    house = bulk.house
    for one in bulk.withdrawals(2):
        house.move(one, "approve", by=bulk.asker)
    job = bulk.make("kind:withdrawal", transition="send", reason=None, by=house.token)
    held = bulk.ask(lambda conn: holding.hold(conn, "kind:withdrawal"))
    bulk.ask(house.engine.holds.refresh)
    bulk.start(job, by=house.token)
    bulk.work_on()
    job = bulk.look(job, by=house.token)
    assert (job.state, job.done, job.failed) == (JobState.DONE, 0, 2)
    bulk.ask(lambda conn: holding.let_go(conn, held, per_minute=60))
    holding.Releaser(bulk.ask).turn()
    bulk.ask(house.engine.holds.refresh)
    bulk.ask(lambda conn: actions.retry_job(conn, job.bulk_id, actor=house.token))
    bulk.work_on()
    job = bulk.look(job, by=house.token)
    assert (job.state, job.done, job.failed) == (JobState.DONE, 2, 0)


def test_what_a_persons_job_sends_is_held_as_a_programs_is(bulk: Bulk) -> None:
    """By hand it goes out all the same: who sends one sees what is wrong there."""
    from viertakt.operations import holding

    house = bulk.house
    helper = bulk.person("A supporter", "support")
    first, second, third = (house.open("ticket", f"T-{n}") for n in range(3))
    job = bulk.make(ids=(first.id, second.id), transition="ask_vendor", reason=None, by=helper)
    bulk.ask(lambda conn: holding.hold(conn, "kind:ticket"))
    bulk.ask(house.engine.holds.refresh)
    bulk.start(job, by=helper)
    bulk.work_on()
    job = bulk.look(job, by=helper)
    assert (job.state, job.done, job.failed) == (JobState.DONE, 0, 2)
    assert house.move(third, "ask_vendor", by=helper).operation.stage == "with_vendor"


def test_an_item_that_somebody_else_has_claimed_since_is_not_settled_by_the_first(bulk: Bulk) -> None:
    """A worker that was taken for dead and comes back must not overwrite what its successor has found."""
    from viertakt.bulk import store
    from viertakt.bulk.model import Settled

    bulk.withdrawals(1)
    job = bulk.start(bulk.make("kind:withdrawal"))

    def claim(lease: timedelta) -> int:
        return bulk.ask(lambda conn: store.claim_items(conn, job.bulk_id, after=0, limit=9, lease=lease))[
            0
        ].attempt

    first, second = claim(timedelta(seconds=-1)), claim(timedelta(seconds=60))
    assert (first, second) == (1, 2)
    assert (
        bulk.ask(lambda conn: store.claim_items(conn, job.bulk_id, after=0, limit=9, lease=timedelta(0)))
        == []
    )
    late = Settled(1, first, ItemState.FAILED)
    bulk.ask(lambda conn: store.settle_items(conn, job.bulk_id, [late], 0.1))
    assert [item.state for item in bulk.items(job)] == [ItemState.WAITING]


def test_two_workers_share_a_job_and_do_nothing_twice(bulk: Bulk) -> None:
    """Several processes may work: each item is claimed by one of them."""
    bulk.limits = Limits(countdown=timedelta(0), consent_above=10_000)
    bulk.withdrawals(1_500)
    job = bulk.start(bulk.make("kind:withdrawal"))
    runners = [Runner(bulk.ask, bulk.house.batch, bulk.house.engine, bulk.limits) for _ in range(2)]

    def work(runner: Runner) -> None:
        while runner.turn() is not None:
            pass

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, runners))
    job = bulk.look(job)
    assert (job.state, job.done) == (JobState.DONE, 1_500)
    assert bulk.house.sql("SELECT count(*) FROM viertakt.entry WHERE sort = 'moved'") == [(1_500,)]
    assert bulk.house.sql("SELECT max(attempt) FROM viertakt.bulk_item") == [(1,)]


def test_nobody_moves_what_they_may_not_see(bulk: Bulk) -> None:
    """What stands in a restricted stage is in no job of theirs: not found by a query, and not there by its id."""
    hidden, open_ = bulk.withdrawals(2)
    bulk.house.move(hidden, "escalate", by=bulk.house.token)
    job = bulk.make("kind:withdrawal", reason="fraud")
    assert [item.operation_id for item in bulk.items(job)] == [open_.id]
    named = bulk.make(ids=(hidden.id, open_.id))
    assert {item.operation_id: (item.state, item.code, item.reference) for item in bulk.items(named)} == {
        hidden.id: (ItemState.SKIPPED, "not_found", None),
        open_.id: (ItemState.WAITING, None, open_.reference),
    }


def test_a_job_outside_somebody_s_sight_is_not_there(bulk: Bulk) -> None:
    """Its counts would tell of what they may not know."""
    held, _ = bulk.withdrawals(2)
    bulk.house.move(held, "escalate")
    job = bulk.make("kind:withdrawal", by=bulk.house.token)  # an administrator's: sees what is restricted
    with pytest.raises(NotFound):
        bulk.look(job, by=bulk.asker)
    own = bulk.make("kind:withdrawal")
    assert bulk.look(own, by=bulk.first).bulk_id == own.bulk_id
