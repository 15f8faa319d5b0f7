"""Parents end with their children, once; children end with their parent where it says so."""

import os
import threading

from tests.deadlines.conftest import Clocked, until, worker
from tests.deadlines.kin import Kin, kin
from tests.operations.conftest import euros
from viertakt.operations import families
from viertakt.operations.store import read_history

__all__ = ["kin"]

# VIERTAKT_TEST_FAMILIES=10000 is the proof before a release.
FAMILIES = int(os.environ.get("VIERTAKT_TEST_FAMILIES", "300"))


def test_the_last_child_ends_its_parent(kin: Kin) -> None:
    """Not the first, and not twice; the history says by what."""
    parent, children = kin.family("E-1")
    kin.finish(children[:1])
    kin.follow()
    assert kin.stage(parent) == "waiting"
    kin.finish(children[1:])
    kin.follow()
    kin.follow()
    assert (kin.stage(parent), kin.led_by_children()) == ("done", [(parent.id, 1)])
    entry = kin.clocked.ask(lambda conn: read_history(conn, parent.id, after=0, limit=10))[-1]
    assert (entry.actor, entry.transition, entry.data) == (
        "system:children",
        "finish",
        {"children": {"success": 2}},
    )
    assert kin.house.sql("SELECT count(*) FROM viertakt.family_due") == [(0,)]


def test_a_withdrawal_is_paid_when_its_transfers_are(kin: Kin) -> None:
    """Paid out in parts: with the last of them, and by them alone; a check of who it is beside them counts for nothing."""
    parent = kin.house.open("withdrawal", "W-1", amount=euros("20"))
    kin.house.open("kyc", "K-1", parent_id=parent.id)
    parts = [kin.house.open("transfer", f"T-{n}", amount=euros("10"), parent_id=parent.id) for n in (1, 2)]
    for transition in ("approve", "send"):
        kin.house.move(kin.fresh(parent), transition)
    for part in parts:
        kin.follow()
        assert kin.stage(parent) == "sending"
        # Its own way here needs two persons, which is another test's matter.
        kin.house.sql("UPDATE viertakt.operation SET stage = 'processing' WHERE operation_id = %s", part.id)
        kin.move(part, "settle")
    kin.follow()
    assert (kin.stage(parent), kin.led_by_children()) == ("paid", [(parent.id, 1)])


def test_both_children_at_once_end_every_parent_once(kin: Kin) -> None:
    """Whichever commits last is seen by whoever looks: no parent is forgotten, none ends twice."""
    openings = [kin.house.opening("errand", f"E-{n}") for n in range(FAMILIES)]
    parents = [answer.operation for answer in kin.house.batch.call_all(openings)]  # type: ignore[union-attr]
    halves = [
        [kin.house.opening("task", f"{half}-{n}", parent_id=one.id) for n, one in enumerate(parents)]
        for half in ("first", "second")
    ]
    tasks = [[one.operation for one in kin.house.batch.call_all(half)] for half in halves]  # type: ignore[union-attr]
    working = worker(kin.house.url)
    threads = [threading.Thread(target=kin.finish, args=(half,)) for half in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stages = "SELECT stage, count(*) FROM viertakt.operation WHERE kind = 'errand' GROUP BY stage"
    until(lambda: kin.house.sql(stages) == [("done", FAMILIES)])
    working.terminate()
    assert working.wait() == 0
    assert {count for _, count in kin.led_by_children()} == {1}
    assert kin.house.sql("SELECT count(*) FROM viertakt.entry WHERE sort = 'refused'") == [(0,)]


def test_news_during_a_look_is_looked_at_again(kin: Kin) -> None:
    """Else the last child's end would be settled together with the first one's."""
    parent, children = kin.family("E-1")
    kin.finish(children[:1])
    kin.note()
    claimed = kin.clocked.ask(kin.duty.claim)
    looked = kin.duty.act(claimed)
    kin.finish(children[1:])
    kin.note()
    kin.clocked.ask(lambda conn: kin.duty.settle(conn, looked))
    assert kin.house.sql("SELECT news, leased_until FROM viertakt.family_due") == [(2, None)]
    kin.follow()
    assert kin.stage(parent) == "done"


def test_children_that_ended_before_their_parent_waited_for_them_end_it_then(kin: Kin) -> None:
    """Nothing more will happen to them: whoever waits must be told on coming."""
    parent, children = kin.family("E-1")
    kin.move(parent, "pause")
    kin.finish(children)
    kin.follow()
    assert kin.stage(parent) == "paused"
    kin.move(parent, "go_on")
    kin.follow()
    assert kin.stage(parent) == "done"


def test_children_of_an_earlier_round_count_no_more(kin: Kin) -> None:
    """A reopened parent would end at once by what ended it before."""
    parent, children = kin.family("E-1")
    kin.finish(children)
    kin.follow()
    kin.move(parent, "reopen")
    another = kin.house.open("task", "E-1-again", parent_id=parent.id)
    kin.move(parent, "go_on")
    kin.follow()
    assert kin.stage(parent) == "waiting"
    kin.finish([another])
    kin.follow()
    assert kin.stage(parent) == "done"


def test_one_bad_child_ends_its_parent_and_its_parent_ends_the_others(kin: Kin) -> None:
    """As the kind declares it: of this kind, by this transition, where it may be made."""
    parent, children = kin.family("E-1", 4)
    kin.move(children[1], "hold")
    kin.move(children[0], "refuse")
    other = kin.house.open("ticket", "T-1", parent_id=parent.id)
    kin.follow()
    assert kin.stage(parent) == "undone"
    assert [kin.stage(one) for one in children] == ["dropped", "held", "dropped", "dropped"]
    assert kin.stage(other) == "new"
    assert dict(kin.led_by_children()) == {parent.id: 1, children[2].id: 1, children[3].id: 1}


def test_a_claim_ends_with_its_refund_and_with_nothing_else(clocked: Clocked) -> None:
    """Money is owed until the refund is paid, whatever other children are done by then."""
    kin = Kin(clocked)
    house = kin.house
    claim = house.open("claim", "C-1", amount=euros("20"))
    ticket = house.open("ticket", "T-1", parent_id=claim.id)
    refund = house.open("refund", "R-1", amount=euros("20"), parent_id=claim.id)
    for transition in ("take", "grant_refund"):
        kin.move(claim, transition)
    kin.move(ticket, "solve")
    kin.follow()
    assert kin.stage(claim) == "refunding"
    for transition in ("approve", "send", "settle"):
        kin.move(refund, transition)
    kin.follow()
    assert kin.stage(claim) == "refunded"


def test_a_tree_is_told_as_far_as_it_is_seen(kin: Kin) -> None:
    """Each child before its own children; of what is out of sight nothing below it either."""
    parent, children = kin.family("E-1")
    below = kin.house.open("ticket", "T-1", parent_id=children[0].id)
    tree = kin.clocked.ask(lambda conn: families.read_tree(conn, parent.id, reader=kin.house.token))
    told = [(one.operation.id, one.depth) for one in tree.children]
    assert told == [(children[0].id, 1), (below.id, 2), (children[1].id, 1)]
    assert tree.partial is False
