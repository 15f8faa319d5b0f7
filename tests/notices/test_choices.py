"""What somebody chooses to hear of, and when."""

from datetime import UTC, datetime, time
from typing import Any

import pytest

from tests.notices.conftest import Office
from tests.operations.conftest import euros
from viertakt.access.model import Actor
from viertakt.db.pool import connect
from viertakt.errors import Forbidden, Invalid, InvalidQuery
from viertakt.notices import subscribing
from viertakt.notices.model import Channels, NoticeEvent, Pace, Setting
from viertakt.notices.rules_timing import due_at, next_try

AMSTERDAM = Setting("Europe/Amsterdam", time(22), time(7), time(8, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def mute(office: Office, by: Actor, about: str, *, on: bool = True) -> None:
    with connect(office.house.url) as conn:
        subscribing.mute(conn, by, about, on=on)


@pytest.mark.parametrize(
    ("pace", "now", "due"),
    [
        (Pace.AT_ONCE, "2026-11-26T15:00:30", "2026-11-26T15:00:30"),
        (Pace.AT_ONCE, "2026-11-26T21:30:00", "2026-11-27T06:00:00"),  # half past ten in the evening there
        (Pace.AT_ONCE, "2026-11-27T05:59:59", "2026-11-27T06:00:00"),
        (Pace.AT_ONCE, "2026-11-27T06:00:00", "2026-11-27T06:00:00"),
        (Pace.HOURLY, "2026-11-26T15:00:30", "2026-11-26T16:00:00"),
        (Pace.HOURLY, "2026-11-26T20:30:00", "2026-11-27T06:00:00"),
        (Pace.DAILY, "2026-11-26T07:29:00", "2026-11-26T07:30:00"),
        (Pace.DAILY, "2026-11-26T07:30:00", "2026-11-27T07:30:00"),
        (
            Pace.DAILY,
            "2026-03-28T08:00:00",
            "2026-03-29T06:30:00",
        ),  # the night in which the clock goes forward
    ],
)
def test_a_mail_goes_by_its_readers_clock(pace: Pace, now: str, due: str) -> None:
    """Quiet hours and digests are in the reader's own zone, also across midnight and a change of the clock."""
    assert due_at(pace, AMSTERDAM, at(now)) == at(due)


def test_a_delivery_is_tried_ten_times_ever_more_rarely() -> None:
    """A server that is down for an hour costs nobody a mail, and one that is gone does not cost a try a minute."""
    now = at("2026-11-26T15:00:00")
    rests = [again - now for n in range(1, 12) if (again := next_try(n, now)) is not None]
    assert [rest.total_seconds() for rest in rests] == [30, 60, 120, 240, 480, 960, 1920, 3840, 7680]


def test_what_is_muted_is_not_told(office: Office) -> None:
    """An operation, or all of a kind; other operations are told as before."""
    lead = office.person("a lead", "payments_lead")
    office.subscribe(lead, NoticeEvent.MOVED)
    first, second = (office.house.open("withdrawal", f"W-{n}", amount=euros("10")) for n in (1, 2))
    ticket = office.house.open("ticket", "T-1")
    mute(office, lead, f"operation:{first.id}")
    mute(office, lead, "kind:ticket")
    for operation in (first, second):
        office.house.move(operation, "approve")
    office.note(ticket, "@a lead", office.house.person)
    assert [notice.operation.reference for notice in office.notices(lead)] == ["W-2"]
    mute(office, lead, "kind:ticket", on=False)
    office.note(ticket, "@a lead", office.house.person)
    assert [notice.operation.reference for notice in office.notices(lead)] == ["W-2", "T-1"]


def test_each_notice_says_why_it_was_told(office: Office) -> None:
    """By name, by a subscription of one's own, or because a role hears of it."""
    lead = office.person("a lead", "payments_lead")
    office.subscribe(lead, NoticeEvent.ENTERED, query="amount>=5EUR", stages=("approved",))
    admin = office.person("an administrator", "admin")
    office.subscribe(admin, NoticeEvent.OPENED, subscriber="role:payments_lead")
    operation = office.house.open("withdrawal", "W-1", amount=euros("10"))
    office.note(operation, "@a lead", office.house.person)
    office.house.move(operation, "approve")
    told = [(one.event, one.why.by, one.why.query, one.why.stages) for one in office.notices(lead)]
    assert told == [
        ("opened", "role:payments_lead", "", ()),
        ("mention", "you", "", ()),
        ("entered", "own", "amount>=5EUR", ("approved",)),
    ]


def test_ones_own_choice_stands_in_the_place_of_the_roles(office: Office) -> None:
    """Whoever switches an event off hears nothing of it, whatever their role hears of."""
    lead = office.person("a lead", "payments_lead")
    admin = office.person("an administrator", "admin")
    office.subscribe(admin, NoticeEvent.OPENED, subscriber="role:payments_lead")
    office.subscribe(lead, NoticeEvent.OPENED, console=False)
    office.house.open("withdrawal", "W-1", amount=euros("10"))
    assert office.notices(lead) == []
    with connect(office.house.url) as conn:
        lines = {one.event: one for one in subscribing.matrix(conn, lead)}
    assert (lines[NoticeEvent.OPENED].by, lines[NoticeEvent.OPENED].channels.console) == ("own", False)
    assert (lines[NoticeEvent.BREACH].by, lines[NoticeEvent.MENTION].by) == ("role:payments_lead", "usual")


def test_what_nobody_could_be_told_of_is_refused(office: Office) -> None:
    """Also what names a value that is masked: being told of it would be a way to find it."""
    clerk = office.person("a clerk", "payments")
    refused: list[tuple[type[Exception], NoticeEvent, dict[str, Any]]] = [
        (InvalidQuery, NoticeEvent.MOVED, {"query": "stauts:pending"}),
        (InvalidQuery, NoticeEvent.MOVED, {"query": '"free text"'}),
        (InvalidQuery, NoticeEvent.MOVED, {"query": "attributes.iban:NL91ABNA0417164300"}),
        (Invalid, NoticeEvent.MOVED, {"stages": ("approved",)}),
        (Invalid, NoticeEvent.ENTERED, {}),
        (Invalid, NoticeEvent.MENTION, {"query": "kind:ticket"}),
        (Forbidden, NoticeEvent.MOVED, {"subscriber": "role:admin"}),
    ]
    for refusal, kind_of_event, what in refused:
        with pytest.raises(refusal):
            office.subscribe(clerk, kind_of_event, **what)


def test_a_subscriber_changes_their_own_subscriptions_only(office: Office) -> None:
    """A role's are changed by whoever administers, and others' are not there."""
    clerk, other = office.person("a clerk", "payments"), office.person("another", "payments")
    admin = office.person("an administrator", "admin")
    theirs = office.subscribe(clerk, NoticeEvent.MOVED)
    of_role = office.subscribe(admin, NoticeEvent.MOVED, subscriber="role:payments")
    with connect(office.house.url) as conn:
        assert (
            subscribing.change_subscription(conn, clerk, theirs.id, Channels(console=False)).channels.mail
            == "off"
        )
        with pytest.raises(Exception, match="There is no subscription"):
            subscribing.end_subscription(conn, other, theirs.id)
        with pytest.raises(Forbidden, match="your own choice"):
            subscribing.end_subscription(conn, clerk, of_role.id)
        subscribing.end_subscription(conn, admin, of_role.id)
        assert theirs.id in {one.id for one in subscribing.list_subscriptions(conn, clerk)}
        assert of_role.id not in {one.id for one in subscribing.list_subscriptions(conn, clerk)}
