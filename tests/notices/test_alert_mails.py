"""Alerts by mail: one of its own at once, and otherwise with what else the hour or the day has told."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import msgspec
import pytest

from tests.notices.conftest import Office
from tests.notices.post_office import HOUSE, parts, post_office
from tests.notices.test_mail import Post
from tests.operations.conftest import euros
from viertakt.notices.announced import AlertTold
from viertakt.notices.announcing import announce
from viertakt.notices.model import Channels, NoticeEvent, Pace, Setting
from viertakt.notices.store import save_line, save_setting

AT = datetime(2026, 11, 26, 8, 10, tzinfo=UTC)


@pytest.fixture
def post(office: Office) -> Iterator[Post]:
    """Nobody hears of alerts who has not asked for it."""
    office.house.sql("DELETE FROM viertakt.subscription WHERE event = 'alert'")
    with post_office() as (server, settings):
        made = Post(office, server, settings)
        made.now = AT
        yield made


def _alert() -> AlertTold:
    return AlertTold(
        uuid4(),
        "opened",
        AT,
        "withdrawal",
        None,
        "errors",
        "above",
        0.12,
        0.021,
        60,
        False,
        "kind:withdrawal",
    )


def _tell(post: Post, told: AlertTold) -> None:
    post.office.ask(lambda conn: announce(conn, told, post.now))


def test_alerts_by_the_hour_come_with_the_hours_other_mail(post: Post) -> None:
    """One mail, each alert once and as it stood last: what was over long before is told as over."""
    reader = post.office.person("a lead", "payments_lead")
    post.office.ask(lambda conn: save_line(conn, reader.id, NoticeEvent.ALERT, Channels(mail=Pace.HOURLY)))
    post.office.subscribe(reader, NoticeEvent.OPENED, mail=Pace.HOURLY)
    over, still = _alert(), _alert()
    closed = msgspec.structs.replace(over, step="closed", closed_at=AT + timedelta(minutes=20))
    for told in (over, still, closed):
        _tell(post, told)
    post.office.house.open("withdrawal", "W-1", amount=euros("10"))
    assert post.send() == 0
    post.now += timedelta(minutes=50)
    assert post.send() == 1
    (mail,) = post.server.taken
    assert mail["Subject"] == "The last hour: 3"
    for part in parts(mail):
        assert part.count("Has ended: Withdrawal, all brands: more errors than usual") == 1
        assert part.count("Alert: Withdrawal, all brands: more errors than usual") == 1
        assert "From 26 Nov 08:10 UTC until 26 Nov 08:30 UTC." in part
        assert f"{HOUSE}/operations?q=kind%3Awithdrawal" in part
        assert "W-1" in part


def test_a_wave_of_alerts_is_thirty_mails_and_a_digest(post: Post) -> None:
    """Nobody reads the thirty-first."""
    reader = post.office.person("a lead", "payments_lead")
    post.office.ask(lambda conn: save_line(conn, reader.id, NoticeEvent.ALERT, Channels(mail=Pace.AT_ONCE)))
    for _ in range(50):
        _tell(post, _alert())
    while post.send():
        pass
    assert len(post.server.taken) == 30
    post.now += timedelta(minutes=50)
    assert post.send() == 1
    assert post.server.taken[-1]["Subject"] == "The last hour: 20"


def test_what_the_night_brought_is_one_mail_in_the_morning(post: Post) -> None:
    """Quiet hours are over for all of it at the same moment."""
    reader = post.office.person("a lead", "payments_lead")
    post.office.ask(lambda conn: save_line(conn, reader.id, NoticeEvent.ALERT, Channels(mail=Pace.AT_ONCE)))
    post.office.ask(lambda conn: save_setting(conn, reader.id, Setting("UTC", time(8), time(9))))
    for _ in range(3):
        _tell(post, _alert())
    assert post.send() == 0
    post.now += timedelta(minutes=50)
    assert post.send() == 1
    assert len(post.server.taken) == 1
