"""Mails, as a real mail server takes them."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest

from tests.notices.conftest import Office
from tests.notices.post_office import HOUSE, USER, PostOffice, certified, parts, post_office
from tests.operations.conftest import euros
from viertakt.access.actions import deactivate
from viertakt.db.leases import work_off
from viertakt.db.pool import connect
from viertakt.notices import subscribing
from viertakt.notices.deliveries import NewMail, gather
from viertakt.notices.mailing import Mails, send_test
from viertakt.notices.model import NoticeEvent, Pace, Setting
from viertakt.notices.smtp import send_all
from viertakt.settings import Settings

EVENING = datetime(2026, 11, 26, 21, 30, tzinfo=UTC)


class Post:
    """The office's mail server, and a worker that sends what is due by a clock that the test holds."""

    def __init__(self, office: Office, server: PostOffice, settings: Settings) -> None:
        self.office = office
        self.server = server
        self.now = datetime.now(UTC)
        office.teller = type(office.teller)(lambda: self.now)
        self.mails = Mails(settings, office.kinds, clock=lambda: self.now)

    def send(self) -> int:
        """Tell everything, and send what is due; how many were tried."""
        self.office.tell()
        return work_off(self.office.ask, self.mails)

    def states(self) -> list[tuple[str, str, int]]:
        rows = self.office.house.sql(
            "SELECT topic, state, attempt FROM viertakt.delivery ORDER BY state DESC, made_at"
        )
        return [(topic.partition(":")[0], state, attempt) for topic, state, attempt in rows]


@pytest.fixture
def post(office: Office) -> Iterator[Post]:
    with post_office() as (server, settings):
        yield Post(office, server, settings)


def test_a_mention_comes_by_mail_in_its_readers_language(post: Post) -> None:
    """HTML and text say the same; mails about one operation stand in one thread; unsubscribing takes one press."""
    reader = post.office.person("de behandelaar", "payments", language="nl")
    operation = post.office.house.open("withdrawal", "W-1", amount=euros("10"))
    post.office.note(operation, "@de behandelaar <b>kijk</b> hiernaar", post.office.house.person)
    post.send()
    post.office.note(operation, "@de behandelaar nog eens", post.office.house.person)
    post.send()
    first, second = post.server.taken
    assert first["Subject"] == "Opname W-1: U wordt genoemd in een notitie"
    assert (
        str(first["To"]) == '"de behandelaar" <de.behandelaar@example.test>'
        or "de.behandelaar" in first["To"]
    )
    assert first["From"] == "Back office <status@viertakt.example.com>"
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["List-Unsubscribe"].startswith(f"<{HOUSE}/v1/unsubscribe/")
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = parts(first)
    assert "> @de behandelaar <b>kijk</b> hiernaar" in text
    assert "&lt;b&gt;kijk&lt;/b&gt;" in html
    assert "<b>kijk</b>" not in html
    for part in (text, html):
        assert f"{HOUSE}/operations/{operation.id}" in part
        assert "10" in part
        assert "u wordt er met naam in genoemd" in part
    assert reader.id not in html


def test_what_mail_programs_read_arrives_as_it_is_written(office: Office) -> None:
    """In the bytes: a link or an id that is encoded or broken is none to them, however long it is; words may be either."""
    house = "https://back-office.operations.a-rather-long-name-of-a-company.example.com/viertakt"
    domain = "notifications.back-office.operations.a-rather-long-name-of-a-company.example.com"
    with post_office() as (server, settings):
        sender = f"Vïertakt de afdeling <status@{domain}>"
        far = msgspec.structs.replace(settings, public_url=house, smtp_from=sender)
        post = Post(office, server, far)
        reader = post.office.person("de behandelaar", "payments", language="nl")
        reference = "Geïnd-één-coördinatie-" + "ë" * 40
        operation = post.office.house.open("withdrawal", reference, amount=euros("10"))
        post.office.note(operation, "@de behandelaar", post.office.house.person)
        post.office.tell()
        post.office.house.sql(
            "UPDATE viertakt.actor SET name = 'Zoë van der Coördinatie' WHERE actor = %s", reader.id
        )
        post.send()
        (raw,), (mail,) = server.raw, server.taken
    ((id_, secret),) = post.office.house.sql("SELECT delivery_id, secret FROM viertakt.delivery")
    head = raw.partition(b"\r\n\r\n")[0]
    thread = f"<operation-{operation.id}@{domain}>"
    for line in (
        f"List-Unsubscribe: <{house}/v1/unsubscribe/{id_}.{secret}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        f"Message-ID: <{id_}@{domain}>",
        f"In-Reply-To: {thread}",
        f"References: {thread}",
    ):
        assert line.encode() in head.split(b"\r\n")
    assert head.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    subject = head.partition(b"\r\nSubject: ")[2].partition(b"\r\nDate")[0]
    assert max(map(len, subject.split(b"\r\n"))) <= 78
    assert mail["Subject"] == f"Opname {reference}: U wordt genoemd in een notitie"
    assert mail["From"].addresses[0].addr_spec == f"status@{domain}"


def test_quiet_hours_are_kept(post: Post) -> None:
    """What happens at night is in the inbox at once, and by mail in the morning."""
    reader = post.office.person("a clerk", "payments")
    with connect(post.office.house.url) as conn:
        subscribing.save_setting(conn, reader, Setting("Europe/Amsterdam", time(22), time(7)))
    post.now = EVENING
    operation = post.office.house.open("withdrawal", "W-1", amount=euros("10"))
    post.office.note(operation, "@a clerk", post.office.house.person)
    assert post.send() == 0
    assert len(post.office.notices(reader)) == 1
    post.now = EVENING + timedelta(hours=8, minutes=29)
    assert post.send() == 0
    post.now = EVENING + timedelta(hours=8, minutes=30)
    assert post.send() == 1
    assert len(post.server.taken) == 1


def test_a_digest_tells_a_day_in_one_mail(post: Post) -> None:
    """By operation, without what its reader was done with in the console."""
    reader = post.office.person("a clerk", "payments")
    post.office.subscribe(reader, NoticeEvent.OPENED, mail=Pace.DAILY)
    post.now = EVENING
    for n in range(3):
        post.office.house.open("withdrawal", f"W-{n}", amount=euros("10"))
    assert post.send() == 0
    post.office.finish(reader, "W-1")
    post.now = EVENING + timedelta(hours=12)
    post.send()
    (mail,) = post.server.taken
    assert mail["Subject"] == "Since yesterday: 2"
    text, _ = parts(mail)
    assert "W-0" in text
    assert "W-1" not in text
    assert "W-2" in text
    assert mail["References"] is None


def test_a_mail_holds_nothing_that_its_reader_may_not_see(post: Post) -> None:
    """Judged when it is sent: what was written, and what has gone out of sight since; and not to who has left."""
    reader = post.office.person("an auditor", "read_only")
    left = post.office.person("a clerk", "payments")
    post.office.grant("read_only", ([], "", ["view"]))
    post.office.subscribe(reader, NoticeEvent.MOVED, mail=Pace.AT_ONCE)
    secret = post.office.house.open("withdrawal", "W-1", amount=euros("10"))
    post.office.house.move(secret, "escalate", by=post.office.house.person)
    open_ = post.office.house.open("withdrawal", "W-2", amount=euros("10"))
    post.office.house.move(open_, "approve", by=post.office.house.person, comment="called the player at home")
    gone = post.office.house.open("withdrawal", "W-3", amount=euros("10"))
    post.office.house.move(gone, "approve", by=post.office.house.person)
    post.office.note(open_, "@a clerk", post.office.house.person)
    post.office.tell()
    post.office.house.move(gone, "hold_back", by=post.office.house.token)
    post.office.house.move(gone, "escalate", by=post.office.house.person)
    with connect(post.office.house.url) as conn:
        deactivate(conn, left.id)
    post.send()
    assert [mail["To"] for mail in post.server.taken] == ["an auditor <an.auditor@example.test>"]
    text, html = parts(post.server.taken[0])
    assert "W-2" in text
    for part in (text, html):
        assert "called" not in part


def test_what_a_server_puts_off_is_tried_again_and_what_it_refuses_is_not(post: Post) -> None:
    """Under the same Message-ID, so that a mail whose answer got lost is not read twice."""
    post.office.person("a clerk", "payments")
    post.office.person("nobody", "payments")
    operation = post.office.house.open("withdrawal", "W-1", amount=euros("10"))
    post.server.answers = ["451 try later"]
    post.office.note(operation, "@a clerk", post.office.house.person)
    post.office.note(operation, "@nobody", post.office.house.person)
    assert post.send() == 2
    assert post.states() == [("operation", "waiting", 1), ("operation", "failed", 1)]
    assert post.send() == 0
    post.now += timedelta(seconds=31)
    assert post.send() == 1
    assert post.states() == [("operation", "failed", 1), ("operation", "done", 2)]
    tried = post.office.house.sql("SELECT outcome, attempt FROM viertakt.delivery_attempt ORDER BY outcome")
    assert tried == [("refused", 1), ("sent", 2), ("unreachable", 1)]
    (mail,) = post.server.taken
    rows = post.office.house.sql("SELECT delivery_id FROM viertakt.delivery WHERE state = 'done'")
    assert mail["Message-ID"] == f"<{rows[0][0]}@viertakt.example.com>"


def test_a_sender_that_dies_is_followed_by_another_when_its_lease_ends(post: Post) -> None:
    """And what it still says then counts no more."""
    post.office.person("a clerk", "payments")
    operation = post.office.house.open("withdrawal", "W-1", amount=euros("10"))
    post.office.note(operation, "@a clerk", post.office.house.person)
    post.office.tell()
    dead = post.office.ask(post.mails.claim)
    assert post.send() == 0
    post.now += timedelta(minutes=11)
    assert post.send() == 1
    late = post.mails.act(dead)
    post.office.ask(lambda conn: post.mails.settle(conn, late))
    assert post.states() == [("operation", "done", 2)]
    assert len({mail["Message-ID"] for mail in post.server.taken}) == 1


def test_whoever_gets_many_mails_gets_the_rest_with_the_hour(post: Post) -> None:
    """Nobody reads the thirty-first."""
    reader = post.office.person("a clerk", "payments")
    post.office.subscribe(reader, NoticeEvent.OPENED, mail=Pace.AT_ONCE)
    post.office.house.batch.call_all(
        [post.office.house.opening("withdrawal", f"W-{n}", amount=euros("10")) for n in range(35)]
    )
    while post.send():
        pass
    assert len(post.server.taken) == 30
    assert [topic for topic, state, _ in post.states() if state == "waiting"] == ["hourly"]


def send_tests(office: Office, settings: Settings, *, mails: int = 1) -> list[tuple[str, str]]:
    """So many test mails, tried once; what came of each."""
    readers = [office.person(f"reader {n} of mail", "support") for n in range(mails)]
    with connect(office.house.url) as conn:
        for reader in readers:
            send_test(conn, reader)
        conn.commit()
    work_off(office.ask, Mails(settings, office.kinds))
    return office.house.sql(
        "SELECT a.outcome, d.state FROM viertakt.delivery_attempt a JOIN viertakt.delivery d USING (delivery_id)"
    )


def test_a_server_that_wants_tls_and_a_sign_in_gets_both(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password goes to the server whose certificate is believed, encrypted, and to nobody else."""
    certificate = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with post_office(certificate) as (server, settings):
        assert send_tests(office, settings) == [("sent", "done")]
        assert (len(server.taken), server.signed_in) == (1, [USER])


def test_a_server_whose_certificate_nobody_believes_is_told_nothing(office: Office, tmp_path: Path) -> None:
    """Whoever answers in its place would read mails and password; it is tried again, for certificates are mended."""
    with post_office(certified(tmp_path)) as (server, settings):
        assert send_tests(office, settings) == [("unreachable", "waiting")]
        assert (server.taken, server.signed_in) == ([], [])


def test_a_password_that_is_wrong_costs_no_mail(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is due waits until somebody has put the setting right, and the account is not locked by trying."""
    certificate = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with post_office(certificate) as (server, settings):
        unspeakable = msgspec.structs.replace(settings, smtp_password="\udc80")
        mails = [plain_mail(), plain_mail()]
        assert [one.outcome for one in send_all(mails, unspeakable)] == ["unreachable"] * 2
        wrong = msgspec.structs.replace(settings, smtp_password="another")
        assert send_tests(office, wrong, mails=3) == [("unreachable", "waiting")] * 3
        # Each way to sign in was tried once, for all three.
        assert (server.taken, server.signed_in) == ([], [USER] * 2)


def plain_mail(**headers: str) -> EmailMessage:
    """A mail that says hello, with other headers where they are given."""
    mail = EmailMessage()
    for name, value in ({"From": "a@example.test", "To": "b@example.test"} | headers).items():
        if value:
            mail[name] = value
    mail.set_content("hello")
    return mail


def test_a_message_that_the_library_refuses_keeps_no_other() -> None:
    """What was sent before it is told, and what comes after it goes."""
    with post_office() as (server, settings):
        sent = send_all([plain_mail(), plain_mail(From=""), plain_mail()], settings)
        assert [one.outcome for one in sent] == ["sent", "unreachable", "sent"]
        assert len(server.taken) == 2


def test_a_mail_that_cannot_be_written_keeps_no_other(post: Post) -> None:
    """What another version has left, say: it is tried again, and what is due beside it goes."""
    first, second = (post.office.person(name, "payments") for name in ("a clerk", "a lead"))
    with connect(post.office.house.url) as conn:
        gather(conn, [NewMail(first.id, "alert:1", post.now, {"from": "another version"})])
        send_test(conn, second)
        conn.commit()
    post.now += timedelta(minutes=1)
    assert post.send() == 2
    assert len(post.server.taken) == 1
    assert post.states() == [("alert", "waiting", 1), ("test", "done", 1)]
    assert post.office.house.sql("SELECT outcome FROM viertakt.delivery_attempt ORDER BY outcome") == [
        ("not_written",),
        ("sent",),
    ]
    post.now += timedelta(hours=1)
    assert post.send() == 1
