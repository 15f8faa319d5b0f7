"""Whom an entry is told to."""

from datetime import UTC, datetime, timedelta

import msgspec

from tests.notices.conftest import Office
from tests.operations.conftest import euros
from viertakt.access.actions import actor_by_id
from viertakt.access.model import Actor
from viertakt.db.leases import work_off
from viertakt.db.pool import connect
from viertakt.deadlines.firing import Deadlines
from viertakt.notices.inbox import badge, read_inbox
from viertakt.notices.index import Index, Known
from viertakt.notices.model import NoticeEvent, NoticeTab, Pace
from viertakt.notices.store import all_subscriptions
from viertakt.notices.subscribing import fault_of, list_subscriptions, mute
from viertakt.operations.assigning import change_assignment
from viertakt.operations.model import (
    Act,
    AmendRequest,
    ApprovalState,
    AssignmentRequest,
    Caller,
    Verdict,
    VerdictRequest,
)


def events(office: Office, reader: Actor) -> list[str]:
    return [notice.event.value for notice in office.notices(reader)]


def unread_count(office: Office, reader: Actor) -> int:
    return office.ask(lambda conn: badge(conn, reader)).unread


def test_a_subscriber_is_told_of_any_move_that_its_query_finds(office: Office) -> None:
    """One language for what is looked for and what is told."""
    lead = office.person("a lead", "payments_lead")
    office.subscribe(lead, NoticeEvent.MOVED, query="kind:withdrawal amount>=100EUR")
    small = office.house.open("withdrawal", "W-1", amount=euros("10"))
    large = office.house.open("withdrawal", "W-2", amount=euros("500"))
    for operation in (small, large):
        office.house.move(operation, "approve")
    assert [notice.operation.reference for notice in office.notices(lead)] == ["W-2"]


def test_a_note_that_calls_somebody_is_told_without_a_subscription(office: Office) -> None:
    """Whoever is called expects nothing less."""
    clerk = office.person("a clerk", "payments")
    operation = office.house.open("withdrawal", "W-1", amount=euros("10"))
    office.note(operation, "@a clerk, have a look", office.house.person)
    office.note(operation, "@A payments lead said so", clerk)
    assert events(office, clerk) == ["mention"]


def test_an_entry_is_told_once_however_often_it_is_found_and_followed(office: Office) -> None:
    """Two subscriptions, a role's and a second follower are no reason to read the same twice."""
    lead = office.person("a lead", "payments_lead")
    office.subscribe(lead, NoticeEvent.MOVED)
    office.subscribe(lead, NoticeEvent.MOVED, query="kind:withdrawal")
    office.subscribe(lead, NoticeEvent.ENTERED, stages=("approved",))
    operation = office.house.open("withdrawal", "W-1", amount=euros("10"))
    office.house.move(operation, "approve")
    assert events(office, lead) == ["entered"]
    office.house.sql("UPDATE viertakt.follower SET position = 0 WHERE name = 'notices'")
    assert events(office, lead) == ["entered"]


def test_a_query_is_asked_of_the_operation_as_it_stood_at_the_entry(office: Office) -> None:
    """What has moved on, or is worth something else by the time it is told, was one thing then."""
    lead = office.person("a lead", "payments_lead")
    office.subscribe(lead, NoticeEvent.MOVED, query="stage:approved amount<100EUR")
    operation = office.house.open("withdrawal", "W-1", amount=euros("10"))
    office.house.batch.call(AmendRequest(operation.id, Caller(office.house.token), euros("50")))
    office.house.move(operation, "approve")
    office.house.move(operation, "hold_back")
    assert [(one.entry.to_stage, one.operation.stage) for one in office.notices(lead)] == [
        ("approved", "under_review")
    ]


def test_an_operation_is_gained_when_it_comes_to_be_one_that_is_found(office: Office) -> None:
    """By its opening, a move or an amendment; not again while it stays one."""
    lead = office.person("a lead", "payments_lead")
    office.subscribe(lead, NoticeEvent.GAINED, query="amount>=100EUR stage:requested,approved")
    small, large = (
        office.house.open("withdrawal", f"W-{worth}", amount=euros(worth)) for worth in ("10", "500")
    )
    office.house.batch.call(AmendRequest(small.id, Caller(office.house.token), euros("100")))
    for transition in ("approve", "hold_back", "approve"):
        office.house.move(large, transition)
    told = [(one.operation.reference, one.entry.sort, one.entry.to_stage) for one in office.notices(lead)]
    assert told == [
        ("W-500", "opened", "requested"),
        ("W-10", "amended", "requested"),
        ("W-500", "moved", "approved"),
    ]


def test_whoever_may_consent_is_asked_and_who_asked_hears_what_is_said(office: Office) -> None:
    """Never the one who asked; what is decided comes back to them."""
    first, second = office.person("a lead", "payments_lead"), office.person("another", "payments_lead")
    clerk = office.person("a clerk", "payments")
    operation = office.house.open("withdrawal", "W-1", amount=euros("5000"))
    office.house.move(operation, "approve", by=clerk)
    assert (events(office, first), events(office, second), events(office, clerk)) == (
        ["approval"],
        ["approval"],
        [],
    )
    office.house.batch.call(VerdictRequest(operation.id, Caller(first), Verdict.DECLINE, comment="no"))
    assert events(office, clerk) == ["decision"]
    (decided,) = office.notices(clerk)
    assert decided.approval is ApprovalState.DECLINED


def test_a_request_that_is_settled_waits_for_nobody(office: Office) -> None:
    """Decided, or void since the operation moved on, it is counted and listed as unread no more; what was told stays told."""
    lead = office.person("a lead", "payments_lead")
    clerk = office.person("a clerk", "payments")
    for reference in ("W-1", "W-2"):
        operation = office.house.open("withdrawal", reference, amount=euros("5000"))
        office.house.move(operation, "approve", by=clerk)
        assert (events(office, lead), unread_count(office, lead)) == (["approval"], 1)
        if reference == "W-1":
            office.house.batch.call(VerdictRequest(operation.id, Caller(lead), Verdict.DECLINE, comment="no"))
        else:
            office.house.move(operation, "refuse", reason="fraud", by=clerk)
        assert (events(office, lead), unread_count(office, lead)) == ([], 0)
    told = office.ask(lambda conn: read_inbox(conn, lead, NoticeTab.ALL)).groups
    assert [one.approval for group in told for one in group.notices] == ["void", "declined"]


def test_whoever_has_consented_has_nothing_left_to_do(office: Office) -> None:
    """Where two have to, the other one is still asked; and who asked hears that one of them has said yes."""
    first, second = office.person("a lead", "payments_lead"), office.person("another", "payments_lead")
    clerk = office.person("a clerk", "payments")
    operation = office.house.open("withdrawal", "W-1", amount=euros("50000"))
    office.house.move(operation, "approve", by=clerk)
    office.tell()
    office.house.batch.call(VerdictRequest(operation.id, Caller(first), Verdict.APPROVE))
    assert (events(office, first), events(office, second)) == ([], ["approval"])
    (decided,) = office.notices(clerk)
    assert decided.approval is ApprovalState.OPEN
    office.house.batch.call(VerdictRequest(operation.id, Caller(second), Verdict.APPROVE))
    assert [one.approval for one in office.notices(clerk)] == [ApprovalState.MADE, ApprovalState.MADE]


def test_whoever_was_told_of_what_is_undone_is_told_that_too(office: Office) -> None:
    """And nobody else: a correction goes to those whom the mistake reached, muted or not, and by mail where it did."""
    reader, other = office.person("a reader", "support"), office.person("another", "support")
    office.subscribe(reader, NoticeEvent.ENTERED, stages=("dismissed",), mail=Pace.AT_ONCE)
    before = office.house.open("ticket", "T-1")
    office.house.move(before, "dismiss", reason="spam")
    office.tell()
    office.ask(lambda conn: mute(conn, reader, f"operation:{before.id}", on=True))
    undo = msgspec.structs.replace(
        office.house.moving(before, "reopen"), caller=Caller(office.house.token, cause="undo")
    )
    office.house.batch.call(undo)
    assert events(office, reader) == ["entered", "correction"]
    assert events(office, other) == []
    assert office.house.sql("SELECT topic, state FROM viertakt.delivery") == [
        (f"operation:{before.id}", "waiting")
    ]


def test_what_is_told_and_undone_before_anybody_looked_is_told_as_both(office: Office) -> None:
    """A worker that is behind reads a mistake and its end at once; the operations beside it are told as ever."""
    reader = office.person("a reader", "support")
    office.subscribe(reader, NoticeEvent.ENTERED, stages=("dismissed",))
    tickets = [office.house.open("ticket", f"T-{n}") for n in range(3)]
    for ticket in tickets:
        office.house.move(ticket, "dismiss", reason="spam")
    for ticket in tickets[:2]:
        undo = msgspec.structs.replace(
            office.house.moving(ticket, "reopen"), caller=Caller(office.house.token, cause="undo")
        )
        office.house.batch.call(undo)
    assert sorted(events(office, reader)) == ["correction"] * 2 + ["entered"] * 3


def test_a_time_limit_that_fires_is_told_to_the_roles_that_watch_for_it(office: Office) -> None:
    """Without anybody having subscribed: the product's own choice for the role."""
    watcher = office.person("a risk officer", "risk")
    clerk = office.person("a clerk", "payments")
    operation = office.house.open("ticket", "T-1")
    office.house.move(operation, "solve")
    office.house.sql("UPDATE viertakt.operation SET deadline_at = now() - interval '1 second'")
    work_off(office.ask, Deadlines(office.house.batch))
    assert [(one.event, one.why.by) for one in office.notices(watcher)] == [("breach", "role:risk")]
    assert events(office, clerk) == []


def test_what_was_revoked_since_is_shown_no_more(office: Office) -> None:
    """Neither in the list nor in the badge."""
    reader = office.person("a reader", "support")
    office.subscribe(reader, NoticeEvent.OPENED)
    for brand in ("north", "south"):
        office.house.open("ticket", f"T-{brand}", brand=brand)
    assert len(office.notices(reader)) == 2
    office.grant("support", ([], "brand:north", ["view"]))
    assert [one.operation.brand for one in office.notices(reader)] == ["north"]
    assert office.ask(lambda conn: badge(conn, actor_by_id(conn, reader.id))).unread == 1


def test_a_subscription_that_reads_no_more_tells_nothing_and_says_so(office: Office) -> None:
    """A kind that loses an attribute must not stop what others are told."""
    reader = office.person("a reader", "support")
    made = office.subscribe(reader, NoticeEvent.OPENED, query="kind:ticket")
    office.house.sql(
        "UPDATE viertakt.subscription SET query = 'attributes.gone:x' WHERE subscription_id = %s", made.id
    )
    office.subscribe(reader, NoticeEvent.MOVED)
    operation = office.house.open("ticket", "T-1")
    office.house.move(operation, "solve")
    assert events(office, reader) == ["moved"]
    (listed,) = office.ask(lambda conn: list_subscriptions(conn, reader, event=NoticeEvent.OPENED))
    fields = office.ask(office.kinds.search_fields)
    assert "gone" in str(fault_of(listed, fields))


def test_a_query_that_says_me_means_each_of_those_who_are_told(office: Office) -> None:
    """Subscribed for a role, it is asked for each of its people."""
    first, second = office.person("a reader", "support"), office.person("another", "support")
    admin = office.person("an administrator", "admin")
    office.subscribe(admin, NoticeEvent.MOVED, subscriber="role:support", query="assignee:me")
    operation = office.house.open("ticket", "T-1")
    office.ask(
        lambda conn: change_assignment(
            conn, AssignmentRequest(operation.id, Caller(office.house.person), Act.ASSIGN, to=first.id)
        )
    )
    office.house.move(operation, "solve")
    assert events(office, first) == ["assigned", "moved"]
    assert events(office, second) == []


def test_what_an_import_brings_in_is_told_to_nobody(office: Office) -> None:
    """A month of history is no news."""
    reader = office.person("a reader", "support")
    office.subscribe(reader, NoticeEvent.OPENED)
    ago = datetime.now(UTC) - timedelta(days=30)
    office.house.open("ticket", "T-1", at=ago)
    office.house.open("ticket", "T-2")
    assert [one.operation.reference for one in office.notices(reader)] == ["T-2"]


def test_a_plain_move_that_nobody_subscribes_to_is_not_even_read(office: Office) -> None:
    """What the roles hear of by default comes with entries of its own: reading every move would hold up all followers."""
    with connect(office.house.url) as conn:
        plain = Index(all_subscriptions(conn), Known(office.kinds.search_fields(conn))).interest
        assert (plain.everything, plain.kinds, plain.stages) == (False, (), ())
    office.subscribe(office.person("kim", "support"), NoticeEvent.MOVED, query="kind:ticket")
    with connect(office.house.url) as conn:
        wanted = Index(all_subscriptions(conn), Known(office.kinds.search_fields(conn))).interest
        assert (wanted.everything, wanted.kinds) == (False, ("ticket",))
