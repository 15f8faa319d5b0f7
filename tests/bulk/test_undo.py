"""Undo, and the consents that a whole job needs: the bad day."""

from datetime import timedelta

import msgspec
import pytest

from tests.bulk.conftest import Bulk
from viertakt.bulk.model import Fate, JobState, Limits
from viertakt.bulk.running import Runner
from viertakt.errors import Forbidden, Invalid, NotPermitted
from viertakt.operations.model import Need

# The bad day: some thousand, some hours later.
REJECTED = 4_000


def test_the_bad_day_every_withdrawal_is_under_review_again_or_listed_with_its_reason(bulk: Bulk) -> None:
    """4,000 were rejected by the wrong filter; since then the ledger gave the funds back, and some went on by hand."""
    operations = bulk.withdrawals(REJECTED)
    job = bulk.make("kind:withdrawal stage:requested")
    assert job.needs == (Need(1, ("payments", "risk")),)
    job = bulk.start(job)
    assert job.state is JobState.WAITING
    risk = bulk.person("Risk", "risk")
    bulk.says(job, risk)
    job = bulk.work(job)
    assert (job.done, bulk.stages()) == (REJECTED, {"releasing": REJECTED})
    bulk.release(bulk.fresh(operations[5:]))  # five the ledger has not come to
    by_hand = bulk.fresh(operations[10:13])
    for one in by_hand:
        bulk.house.move_with_consents(one, "reinstate", comment="Asked for by the player.")
    bulk.house.move(bulk.fresh(operations[10:11])[0], "refuse", by=bulk.asker, reason="fraud")

    undo = bulk.undo(job)
    groups = {(g.fate, g.code): g.count for g in undo.preview.groups}
    assert groups == {
        (Fate.ASKS, None): REJECTED - 8,
        (Fate.SKIPPED, "not_permitted"): 5,
        (Fate.SKIPPED, "moved_since"): 3,
    }
    assert undo.needs == (Need(2, ("payments_lead",)),)
    undo = bulk.start(undo, by=bulk.first)
    bulk.says(undo, bulk.second)
    third = bulk.person("A third lead", "payments_lead")
    assert bulk.says(undo, third).state is JobState.RUNNING
    undo = bulk.work(undo)
    assert (undo.state, undo.done, undo.skipped, undo.asked, undo.failed) == (
        JobState.DONE,
        REJECTED - 8,
        8,
        0,
        0,
    )
    assert bulk.stages() == {"under_review": REJECTED - 8 + 2, "releasing": 5 + 1}
    assert bulk.look(job).undone_by == undo.bulk_id
    entry = "SELECT sort, actor, cause FROM viertakt.entry WHERE operation_id = %s ORDER BY entry_seq DESC LIMIT 4"
    assert bulk.house.sql(entry, operations[100].id) == [
        ("moved", bulk.first.id, "undo"),
        ("consented", third.id, "manual"),
        ("consented", bulk.second.id, "manual"),
        ("asked", bulk.first.id, "undo"),
    ]


def test_a_kind_without_a_way_back_says_so(bulk: Bulk) -> None:
    """What cannot be taken back is told before anybody believes that it was."""
    bulk.withdrawals(2)
    done = bulk.work(bulk.start(bulk.make("kind:withdrawal", transition="approve", reason=None)))
    assert done.done == 2
    undo = bulk.undo(done)
    assert [(g.fate, g.code, g.count) for g in undo.preview.groups] == [(Fate.SKIPPED, "no_reverse", 2)]
    with pytest.raises(NotPermitted):
        bulk.start(undo, by=bulk.first)


def test_an_undo_asks_for_the_comment_that_its_transition_needs(bulk: Bulk) -> None:
    """Reinstating a payment says why; four thousand times no less than once."""
    operations = bulk.withdrawals(2)
    job = bulk.work(bulk.start(bulk.make("kind:withdrawal")))
    bulk.release(bulk.fresh(operations))
    with pytest.raises(Invalid) as caught:
        bulk.undo(job, comment=None)
    assert [fault.code for fault in caught.value.faults] == ["comment_required"]


def test_consents_are_by_others_each_once_and_by_the_role(bulk: Bulk) -> None:
    """Who asked never consents, whatever roles they have; nobody counts twice."""
    operations = bulk.withdrawals(2)
    job = bulk.work(bulk.start(bulk.make("kind:withdrawal")))
    bulk.release(bulk.fresh(operations))
    undo = bulk.start(bulk.undo(job), by=bulk.first)
    for person, why_not in ((bulk.first, "own_request"), (bulk.asker, "needs_role")):
        with pytest.raises(Forbidden) as caught:
            bulk.says(undo, person)
        assert caught.value.facts["why_not"] == why_not
    assert bulk.says(undo, bulk.second).state is JobState.WAITING
    with pytest.raises(NotPermitted) as again:
        bulk.says(undo, bulk.second)
    assert again.value.facts["why_not"] == "consented_already"


def test_a_consent_whose_giver_lost_the_role_counts_no_more(bulk: Bulk) -> None:
    """Rights are those of the moment: two are needed of whom the role is still true."""
    operations = bulk.withdrawals(1)
    job = bulk.work(bulk.start(bulk.make("kind:withdrawal")))
    bulk.release(bulk.fresh(operations))
    undo = bulk.start(bulk.undo(job), by=bulk.first)
    bulk.says(undo, bulk.second)
    bulk.change(bulk.second, "support")
    third, fourth = (bulk.person(name, "payments_lead") for name in ("A third", "A fourth"))
    assert bulk.says(undo, third).state is JobState.WAITING
    assert bulk.says(undo, fourth).state is JobState.RUNNING
    assert bulk.work(undo).done == 1


def test_a_declined_job_says_why_and_moves_nothing(bulk: Bulk) -> None:
    """Who asked reads the reason; nothing was begun."""
    bulk.limits = Limits(consent_above=1, countdown=timedelta(0))
    bulk.withdrawals(2)
    job = bulk.start(bulk.make("kind:withdrawal"))
    risk = bulk.person("Risk", "risk")
    with pytest.raises(Invalid):
        bulk.says(job, risk, "decline")
    job = bulk.says(job, risk, "decline", "These are known players.")
    assert (job.state, job.said) == (JobState.DECLINED, "These are known players.")
    assert bulk.stages() == {"requested": 2}


def test_a_large_sum_needs_a_second_person_and_a_small_one_does_not(bulk: Bulk) -> None:
    """Two withdrawals can be worth more than two thousand."""
    bulk.withdrawals(2, amount="60000")
    assert bulk.make("kind:withdrawal").needs == (Need(1, ("payments", "risk")),)
    bulk.withdrawals(2, amount="10", brand="small")
    assert bulk.make("kind:withdrawal brand:small").needs == ()


def test_what_acts_outside_waits_out_its_countdown_and_can_be_cancelled(bulk: Bulk) -> None:
    """The mistake is seen the second after the click: then nothing has left yet."""
    from viertakt.bulk import actions

    bulk.limits = Limits(countdown=timedelta(hours=1))
    bulk.withdrawals(2)
    job = bulk.start(bulk.make("kind:withdrawal"))
    assert job.starts_at is not None
    assert job.starts_at > job.now
    assert bulk.work(job).done == 0
    job = bulk.ask(lambda conn: actions.cancel_job(conn, job.bulk_id, actor=bulk.asker))
    assert (job.state, bulk.stages()) == (JobState.CANCELLED, {"requested": 2})


def test_what_acts_outside_goes_no_faster_than_its_rate(bulk: Bulk) -> None:
    """A bank that gets a thousand payments in a second blocks all of them."""
    bulk.limits = msgspec.structs.replace(bulk.limits, rate=2)
    slow = Runner(bulk.ask, bulk.house.batch, bulk.house.engine, bulk.limits)
    bulk.withdrawals(4)
    job = bulk.start(bulk.make("kind:withdrawal"))
    pause = slow.turn()
    assert pause is not None
    assert 0 < pause <= 1
    assert slow.turn() is not None  # too early: nothing is claimed
    assert bulk.look(job).done == 2


def test_rights_are_those_of_the_moment_an_item_is_moved(bulk: Bulk) -> None:
    """A right revoked while a job waits stops the job, item by item, with its reason."""
    bulk.withdrawals(2)
    job = bulk.start(bulk.make("kind:withdrawal"))
    bulk.change(bulk.asker, "support")
    job = bulk.work(job)
    assert (job.done, job.skipped, bulk.stages()) == (0, 2, {"requested": 2})
    assert {item.code for item in bulk.items(job)} == {"outside_grant"}


def test_a_job_of_somebody_who_may_not_act_any_more_ends(bulk: Bulk) -> None:
    """Nobody works in the name of who has left."""
    from viertakt.access.actions import deactivate

    bulk.withdrawals(2)
    job = bulk.start(bulk.make("kind:withdrawal"))
    bulk.ask(lambda conn: deactivate(conn, bulk.asker.id))
    bulk.work_on()
    job = bulk.look(job, by=bulk.first)
    assert (job.state, job.said, bulk.stages()) == (JobState.CANCELLED, "asker_may_not", {"requested": 2})


def test_somebody_else_s_job_is_not_steered(bulk: Bulk) -> None:
    """To see a job is not to own it; an administrator may stop anybody's."""
    from viertakt.bulk import actions

    bulk.withdrawals(2)
    job = bulk.start(bulk.make("kind:withdrawal"))
    with pytest.raises(Forbidden):
        bulk.ask(lambda conn: actions.pause_job(conn, job.bulk_id, actor=bulk.first))
    admin = bulk.again(bulk.house.token)
    assert bulk.ask(lambda conn: actions.pause_job(conn, job.bulk_id, actor=admin)).state is JobState.PAUSED
