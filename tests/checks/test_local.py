"""Rules, counts and sums: what they say, and that two at once cannot both pass."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from tests.checks.conftest import Examined
from tests.operations.conftest import euros
from viertakt.access.actions import add_person
from viertakt.access.model import Actor, system
from viertakt.checks import settings
from viertakt.db.pool import connect
from viertakt.errors import NotPermitted
from viertakt.operations.actions import execute
from viertakt.operations.examining import CheckSetting
from viertakt.operations.model import Answer, Caller
from viertakt.operations.requests import CheckRequest

PLAYER = {"subject": "p-1", "attributes": {"method": "bank", "iban": "NL91", "wagering_open": False}}


def test_what_passes_moves_on_by_itself(examined: Examined) -> None:
    """Nobody waits for a person where nothing speaks against it, and the history says what was looked at."""
    opened = examined.house.open("withdrawal", "W-1", amount=euros("20"), **PLAYER)
    assert examined.examine() == 1
    entry = examined.last(opened)
    assert (entry.to_stage, entry.cause, entry.actor) == ("approved", "check", "system:check")
    assert entry.data is not None
    assert entry.data["verdict"] == "pass"
    assert [(one["check"], one["verdict"]) for one in entry.data["checks"]] == [
        ("velocity", "pass"),
        ("wagering_known", "pass"),
        ("wagering_met", "pass"),
        ("not_locked", "pass"),
    ]


def test_a_rule_that_does_not_hold_gives_its_reason(examined: Examined) -> None:
    """The customer is told why, and the funds go back before it counts as rejected."""
    content = PLAYER | {"attributes": PLAYER["attributes"] | {"wagering_open": True}}  # type: ignore[operator]
    opened = examined.house.open("withdrawal", "W-1", amount=euros("20"), **content)
    examined.examine()
    assert (examined.now(opened).stage, examined.last(opened).reason) == ("releasing", "wagering_open")


def test_what_needs_consents_is_never_waved_through(examined: Examined) -> None:
    """A check is no second pair of eyes: above the bound two people consent, whatever it says."""
    opened = examined.house.open("withdrawal", "W-1", amount=euros("1000"), **PLAYER)
    examined.examine()
    data = examined.last(opened).data
    assert data is not None
    assert (examined.now(opened).stage, data["verdict"], data["why"]) == (
        "under_review",
        "review",
        "needs_consents",
    )


def test_the_fourth_of_a_day_is_looked_at(examined: Examined) -> None:
    """Counted with its evidence, and without naming the player in an entry that stays for ever."""
    for n in range(3):
        examined.house.open("withdrawal", f"W-{n}", amount=euros("20"), **PLAYER)
        examined.examine()
    opened = examined.house.open("withdrawal", "W-4", amount=euros("20"), **PLAYER)
    examined.examine()
    assert examined.now(opened).stage == "under_review"
    data = examined.last(opened).data
    assert data is not None
    evidence = data["checks"][0]["evidence"]
    assert (evidence["found"], evidence["at_most"]) == (4, 3)
    assert "p-1" not in str(data)


def test_what_stays_where_it_is_still_says_what_was_found(examined: Examined) -> None:
    """A gate that lets through writes no entry; its run is kept."""
    opened = examined.house.open("withdrawal", "W-1", amount=euros("20"), **PLAYER)
    assert (examined.examine(), examined.examine(), examined.examine()) == (1, 1, 0)
    assert examined.now(opened).stage == "approved"
    runs = "SELECT stage, state, verdict FROM viertakt.check_run ORDER BY version"
    assert examined.house.sql(runs) == [("requested", "done", "pass"), ("approved", "done", "pass")]


def test_history_is_not_examined(examined: Examined) -> None:
    """Whoever did it then has examined it, and nothing that ended long ago begins to move."""
    at = datetime.now(UTC) - timedelta(days=1)
    examined.house.open("withdrawal", "W-1", amount=euros("20"), at=at, **PLAYER)
    assert examined.examine() == 0


def test_what_has_moved_on_is_left_alone(examined: Examined) -> None:
    """An operator was quicker; the verdict was of another version."""
    opened = examined.house.open("withdrawal", "W-1", amount=euros("20"), **PLAYER)
    examined.follow()
    claimed = examined.ask(examined.duty.claim)
    examined.house.move(opened, "approve", by=examined.house.person)
    done = examined.duty.act(claimed)
    assert [one.state for one in done] == ["void"]


ONE_AT_MOST = """
    UPDATE viertakt.kind_version SET document = jsonb_set(document, '{checks,velocity}',
    '{"count": "kind:withdrawal subject:$subject stage:approved,sending", "at_most": 0, "otherwise": "review"}')
    WHERE kind = 'withdrawal'
"""


def test_two_at_once_do_not_both_pass(examined: Examined) -> None:
    """Each is decided before the other is written, but for the guard: the second counts the first."""
    examined.house.sql("ALTER TABLE viertakt.kind_version DISABLE TRIGGER USER")
    examined.house.sql(ONE_AT_MOST)
    pairs = [
        [
            examined.house.open(
                "withdrawal", f"W-{n}-{k}", amount=euros("20"), **PLAYER | {"subject": f"p-{n}"}
            )
            for k in "ab"
        ]
        for n in range(20)
    ]
    barrier = Barrier(2)

    def check(side: int) -> None:
        for pair in pairs:
            barrier.wait()
            examined.house.batch.call(CheckRequest(pair[side].id, Caller(system("check")), 1))

    threads = [Thread(target=check, args=(side,)) for side in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for pair in pairs:
        assert sorted(examined.now(one).stage for one in pair) == ["approved", "under_review"]


def test_two_in_one_set_do_not_both_pass(examined: Examined) -> None:
    """They are written in one transaction: the second is counted after the first is written."""
    examined.house.sql("ALTER TABLE viertakt.kind_version DISABLE TRIGGER USER")
    examined.house.sql(ONE_AT_MOST)
    opened = [examined.house.open("withdrawal", f"W-{k}", amount=euros("20"), **PLAYER) for k in "abcd"]
    asked = [CheckRequest(one.id, Caller(system("check")), 1) for one in opened]
    results = examined.ask(lambda conn: execute(conn, examined.house.engine, [*asked, asked[0]]))
    stages = [one.operation.stage for one in results if isinstance(one, Answer)]
    assert stages == ["approved", "under_review", "under_review", "under_review", "approved"]


def test_those_without_a_subject_wait_for_nobody(examined: Examined) -> None:
    """Nobody counts anything of theirs: one guard for all of them would let them pass one by one."""
    own = examined.house.open("withdrawal", "W-1", amount=euros("20"), **PLAYER)
    nobodys = examined.house.open(
        "withdrawal", "W-2", amount=euros("20"), attributes={"wagering_open": False}
    )
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    for operation, guards in ((nobodys, 0), (own, 2)):
        with connect(examined.house.url) as conn:
            execute(conn, examined.house.engine, [CheckRequest(operation.id, Caller(system("check")), 1)])
            assert conn.execute(held).fetchone() == (guards,), operation.reference
            conn.commit()
    assert {examined.now(one).stage for one in (own, nobodys)} == {"approved"}


def test_wagering_that_nobody_told_of_goes_to_a_person(examined: Examined) -> None:
    """Turned down, a player would lose a payout to a field that the platform left out; waved through, a bonus is paid out."""
    opened = examined.house.open(
        "withdrawal", "W-1", amount=euros("20"), subject="p-1", attributes={"method": "bank"}
    )
    examined.examine()
    entry = examined.last(opened)
    assert entry.data is not None
    said = {one["check"]: one["verdict"] for one in entry.data["checks"]}
    assert (entry.to_stage, said["wagering_known"], said["wagering_met"]) == (
        "under_review",
        "review",
        "pass",
    )


def test_what_two_persons_set_acts_without_a_new_version_of_the_kind(examined: Examined) -> None:
    """A bound for a weekend and a block list for an hour are no reason to publish a kind; what blocks is not told by its value."""

    def manager(name: str) -> Actor:
        return examined.ask(
            lambda conn: add_person(
                conn, email=f"{name}@example.test", name=name, roles=["admin"], password=None
            )
        )

    one, another = manager("one"), manager("another")
    kind = examined.ask(lambda conn: examined.house.engine.kinds.latest(conn, "withdrawal").kind)

    def put(check: str, setting: CheckSetting) -> None:
        asked = examined.ask(
            lambda conn: settings.ask_change(conn, kind, check, setting, reason="A weekend.", actor=one)
        )
        examined.ask(lambda conn: settings.settle(conn, asked.id, "approve", actor=another))

    def stage(reference: str) -> str:
        opened = examined.house.open("withdrawal", reference, amount=euros("20"), **PLAYER)
        examined.examine()
        return examined.now(opened).stage

    put("velocity", CheckSetting(at_most=1))
    assert (stage("W-1"), stage("W-2")) == ("approved", "under_review")
    put("velocity", CheckSetting(at_most=9))
    put("wagering_met", CheckSetting(block={"subject": ("p-1",)}))
    opened = examined.house.open("withdrawal", "W-3", amount=euros("20"), **PLAYER)
    examined.examine()
    entry = examined.last(opened)
    assert entry.data is not None
    assert (entry.to_stage, entry.data["checks"][2]["evidence"]) == ("releasing", {"blocked": "subject"})
    put("wagering_met", CheckSetting(off=True))
    assert stage("W-4") == "approved"


def test_nothing_is_sent_under_a_lock_that_came_after_the_verdict(examined: Examined) -> None:
    """A gate is asked as it is entered and as it is left: between the two a player may be locked, and the money gone."""
    opened = examined.house.open("withdrawal", "W-1", amount=euros("20"), **PLAYER)
    examined.examine()
    examined.examine()
    assert examined.now(opened).stage == "approved"
    examined.house.open("account_lock", "L-1", subject="p-1")
    with pytest.raises(NotPermitted) as refused:
        examined.house.move(opened, "send")
    assert (refused.value.facts["why_not"], refused.value.facts["check"]) == ("check", "not_locked")
    assert examined.now(opened).stage == "approved"
    examined.house.sql("UPDATE viertakt.operation SET subject = 'p-2' WHERE kind = 'account_lock'")
    assert examined.house.move(opened, "send").operation.stage == "sending"
