"""One press in a mail ends all mails like it, whatever the reasons are for which they were sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.notices.conftest import Office
from tests.notices.post_office import parts, post_office
from tests.notices.test_mail import Post
from tests.operations.conftest import euros
from viertakt.access.model import Actor
from viertakt.db.pool import connect
from viertakt.notices import store, subscribing
from viertakt.notices.mailing import send_test
from viertakt.notices.model import NoticeEvent, Pace
from viertakt.notices.unsubscribing import is_stopped, mail_of, stop_mails
from viertakt.operations.model import Caller


@pytest.fixture
def post(office: Office) -> Iterator[Post]:
    with post_office() as (server, settings):
        yield Post(office, server, settings)


def press(post: Post) -> None:
    """Follow the link of the latest mail, and find that it is done."""
    link = post.server.taken[-1]["List-Unsubscribe"].strip("<>").rpartition("/")[2]

    def follow(conn: Any) -> None:
        mail, _ = mail_of(conn, link) or (None, "")
        assert mail is not None
        assert not is_stopped(conn, mail)
        assert stop_mails(conn, link) == "en"
        assert is_stopped(conn, mail)

    post.office.ask(follow)


def mailed(post: Post, reader: Actor) -> list[tuple[str, bool, str]]:
    """What a reader subscribes to by a query or by stages, and how it is told."""
    found = post.office.ask(lambda conn: store.subscriptions_of(conn, [reader.id]))
    return [
        (one.event.value, one.channels.console, one.channels.mail.value) for one in found if not one.is_line
    ]


def test_mails_end_where_there_are_several_reasons_for_them(post: Post) -> None:
    """The line and each subscription, and those of other events that would mail the same entry."""
    reader = post.office.person("a clerk", "payments")
    post.office.subscribe(reader, NoticeEvent.OPENED, mail=Pace.AT_ONCE)
    post.office.subscribe(reader, NoticeEvent.OPENED, mail=Pace.AT_ONCE, query="kind:withdrawal")
    post.office.subscribe(reader, NoticeEvent.OPENED, mail=Pace.AT_ONCE, query="amount>=5EUR")
    post.office.subscribe(reader, NoticeEvent.GAINED, mail=Pace.AT_ONCE, query="amount>=1EUR")
    post.office.subscribe(reader, NoticeEvent.MOVED, mail=Pace.AT_ONCE, query="kind:deposit")
    post.office.house.open("withdrawal", "W-1", amount=euros("10"))
    assert post.send() == 1
    press(post)
    assert sorted(mailed(post, reader)) == [
        ("gained", True, "off"),
        ("moved", True, "at_once"),
        ("opened", True, "off"),
        ("opened", True, "off"),
    ]
    post.office.house.open("withdrawal", "W-2", amount=euros("10"))
    assert post.send() == 0
    assert {one.operation.reference for one in post.office.notices(reader)} == {"W-1", "W-2"}


def test_a_digest_ends_with_its_subscriptions_and_what_waits_for_the_next(post: Post) -> None:
    """Also where the next one is gathered already."""
    reader = post.office.person("a clerk", "payments")
    post.office.subscribe(reader, NoticeEvent.OPENED, mail=Pace.HOURLY, query="kind:withdrawal")
    post.office.subscribe(reader, NoticeEvent.OPENED, mail=Pace.DAILY, query="kind:deposit")
    for kind in ("withdrawal", "deposit"):
        post.office.house.open(kind, f"{kind}-1", amount=euros("10"))
    post.send()
    post.now += timedelta(hours=1)
    assert post.send() == 1
    press(post)
    assert [mail for _, _, mail in mailed(post, reader)] == ["off", "off"]
    post.now += timedelta(days=1)
    post.send()
    assert len(post.server.taken) == 1


def test_mails_that_a_role_hears_of_end_for_one_of_its_people(post: Post) -> None:
    """Their console tells what it told, no more and no less, and the others get their mails as before."""
    reader, other = (post.office.person(name, "payments") for name in ("a clerk", "another clerk"))
    post.office.subscribe(
        post.office.person("who administers", "admin"),
        NoticeEvent.ENTERED,
        subscriber="role:payments",
        query="kind:withdrawal",
        stages=("requested",),
        mail=Pace.AT_ONCE,
    )
    post.office.house.open("withdrawal", "W-1", amount=euros("10"))
    assert post.send() == 3, "to both, and to the clerk of the house"
    post.server.taken.sort(key=lambda mail: str(mail["To"]).startswith("a clerk"))
    assert "your role hears of it (kind:withdrawal · Requested)" in parts(post.server.taken[-1])[0]
    press(post)
    post.office.house.open("withdrawal", "W-2", amount=euros("10"))
    post.office.house.open("deposit", "D-1", amount=euros("10"))
    assert post.send() == 2
    assert not any(str(mail["To"]).startswith("a clerk") for mail in post.server.taken[3:])
    for one in (reader, other):
        assert [told.operation.reference for told in post.office.notices(one)] == ["W-1", "W-2"]


def test_corrections_come_by_mail_no_more_once_their_reader_says_so(post: Post) -> None:
    """They are told by mail where the mistake was, whatever the lines say, so they need a choice of their own."""
    reader = post.office.person("a reader", "support")
    post.office.subscribe(reader, NoticeEvent.ENTERED, stages=("dismissed",), mail=Pace.AT_ONCE)
    for n in range(2):
        ticket = post.office.house.open("ticket", f"T-{n}")
        post.office.house.move(ticket, "dismiss", reason="spam")
        post.send()
        undo = post.office.house.moving(ticket, "reopen")
        post.office.house.batch.call(
            msgspec.structs.replace(undo, caller=Caller(post.office.house.token, cause="undo"))
        )
        post.send()
        if n == 0:
            press(post)
    assert len(post.server.taken) == 3
    assert [one.event.value for one in post.office.notices(reader)] == ["entered", "correction"] * 2


def test_one_press_stops_such_mails_and_no_others(post: Post) -> None:
    """The console goes on telling."""
    reader = post.office.person("a clerk", "payments")
    post.office.subscribe(reader, NoticeEvent.OPENED, mail=Pace.AT_ONCE)
    operation = post.office.house.open("withdrawal", "W-1", amount=euros("10"))
    post.office.note(operation, "@a clerk", post.office.house.person)
    post.send()
    (mail,) = post.server.taken
    link = mail["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    with connect(post.office.house.url) as conn:
        assert stop_mails(conn, link) == "en"
        assert stop_mails(conn, link[:-1] + "!") is None
        assert stop_mails(conn, "nonsense") is None
        lines = {
            one.event: (one.channels.console, one.channels.mail) for one in subscribing.matrix(conn, reader)
        }
        send_test(conn, reader)
    assert lines[NoticeEvent.MENTION] == (True, Pace.OFF)
    assert lines[NoticeEvent.OPENED] == (True, Pace.OFF)
    assert lines[NoticeEvent.APPROVAL] == (True, Pace.HOURLY)
    post.office.note(operation, "@a clerk", post.office.house.person)
    post.now = datetime.now(UTC)
    post.send()
    assert [mail["Subject"] for mail in post.server.taken[1:]] == ["A test mail"]
