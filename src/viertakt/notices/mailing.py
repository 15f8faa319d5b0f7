"""The duty of sending mail: what is due is claimed, written for its reader as they may see it now, sent, and recorded.

    claim ──► write: rights, language and zone of this moment ──► send, no transaction open ──► settle
                │
                nobody left to tell, nothing left to see: dropped

Killed between sending and settling, the same mail is sent once more when the lease ends, under the same Message-ID.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import structlog
from psycopg import Connection

from viertakt.access.actions import actor_by_id, person
from viertakt.access.model import Actor, ActorId
from viertakt.errors import Unauthenticated, Unavailable, ViertaktError
from viertakt.kinds.actions import Kinds
from viertakt.kinds.model import Kind
from viertakt.notices import announcing, deliveries, endpoint_warnings, report_schedules, store
from viertakt.notices.announced import TOPICS
from viertakt.notices.deliveries import Delivery, NewMail, Result
from viertakt.notices.inbox import grouped, seen_by
from viertakt.notices.mail_text import Body, Links, Reader, write, write_test
from viertakt.notices.model import Group, Notice, Pace, Setting
from viertakt.notices.report_letters import Count, Counted, letter_of
from viertakt.notices.rules_schedules import days_before
from viertakt.notices.rules_timing import next_try
from viertakt.notices.smtp import Envelope, Sent, message_of, send_all
from viertakt.notices.unsubscribing import MAIL
from viertakt.settings import Settings

log = structlog.get_logger(__name__)

TEST = "test"
NOT_WRITTEN = "not_written"
AT_ONCE = 20
LEASE = timedelta(minutes=10)  # twenty mails to a server that answers each at the last moment


class Outgoing(NamedTuple):
    """A mail that is written, or why there is nothing to send.

    `write`: it is written last, for it takes a while. `again`: it could not be written this time.
    """

    delivery: Delivery
    message: EmailMessage | None
    why: str = ""
    write: Callable[[], EmailMessage | None] | None = None
    again: bool = False


def is_set_up(settings: Settings) -> bool:
    """Whether this installation sends mail."""
    return settings.smtp_host is not None


class Mails:
    """The duty (`db.leases.Duty`). One a thread: it remembers how many mails it has sent within the minute."""

    def __init__(
        self,
        settings: Settings,
        kinds: Kinds,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        count: Count | None = None,
    ) -> None:
        """`count`: counts the reports that come by mail; None sends none."""
        self._count = count
        self._settings = settings
        self._kinds = kinds
        self._clock = clock
        self._sent: list[float] = []

    def claim(self, conn: Connection[Any]) -> Sequence[Outgoing]:
        """The mails that are due, written for their readers; as many as the rate leaves."""
        minute = time.monotonic() - 60
        self._sent = [at for at in self._sent if at > minute]
        left = min(AT_ONCE, self._settings.smtp_per_minute - len(self._sent))
        if left <= 0:
            return []
        claimed = deliveries.claim(conn, MAIL, now=self._clock(), lease=LEASE, limit=left)
        told = deliveries.notices_of(conn, [one.id for one in claimed]) if claimed else {}
        return [self._kept_apart(conn, one, told.get(one.id, [])) for one in claimed]

    def act(self, claimed: Sequence[Outgoing]) -> Sequence[Result]:
        """Send them."""
        claimed = [_finished(one) for one in claimed]
        mails = [one for one in claimed if one.message is not None]
        self._sent += [time.monotonic()] * len(mails)
        sent = iter(
            send_all([one.message for one in mails if one.message is not None], self._settings)
            if mails
            else []
        )
        return [
            self._unsent(one) if one.message is None else self._result(one, next(sent)) for one in claimed
        ]

    def settle(self, conn: Connection[Any], done: Sequence[Result]) -> None:
        """Write down what came of it."""
        deliveries.settle(conn, done)

    def _unsent(self, mail: Outgoing) -> Result:
        again_at = next_try(mail.delivery.attempt, self._clock()) if mail.again else None
        return Result(mail.delivery, mail.why, "failed" if mail.again else "dropped", again_at=again_at)

    def _result(self, mail: Outgoing, sent: Sent) -> Result:
        again_at = next_try(mail.delivery.attempt, self._clock()) if sent.outcome == "unreachable" else None
        state = "done" if sent.outcome == "sent" else "failed"
        return Result(mail.delivery, sent.outcome, state, sent.said, again_at, sent.milliseconds)

    def _kept_apart(self, conn: Connection[Any], delivery: Delivery, told: list[Notice]) -> Outgoing:
        """A mail that cannot be written costs its own try, and no other mail its."""
        try:
            with conn.transaction():
                return self._written(conn, delivery, told)
        except Exception:
            if conn.broken:
                raise  # the database is away, for all of them
            log.exception("mail_not_written", delivery=str(delivery.id))
            return Outgoing(delivery, None, NOT_WRITTEN, again=True)

    def _written(self, conn: Connection[Any], delivery: Delivery, told: list[Notice]) -> Outgoing:
        try:
            reader = actor_by_id(conn, ActorId(delivery.endpoint))
        except Unauthenticated:
            return Outgoing(delivery, None, "reader_left")
        account = person(conn, reader.id)
        setting = store.settings_of(conn, [reader.id]).get(reader.id, Setting())
        to = Reader(account.language, ZoneInfo(setting.zone))
        topic = delivery.topic
        envelope = Envelope(
            to=account.email,
            name=account.name,
            message_id=str(delivery.id),
            thread=topic.replace(":", "-") if topic.startswith("operation:") else None,
            stop=self._links(delivery).stop,
        )
        if topic.startswith(report_schedules.TOPIC + ":"):
            return self._reported(conn, delivery, to, envelope)
        body = self._body(conn, delivery, reader, to, told)
        if body is None:
            return Outgoing(delivery, None, "nothing_to_see")
        try:
            return Outgoing(delivery, message_of(body, envelope, self._settings))
        except ValueError:
            return Outgoing(delivery, None, "address_unusable")

    def _reported(
        self, conn: Connection[Any], delivery: Delivery, to: Reader, envelope: Envelope
    ) -> Outgoing:
        """The mail of a report, which is counted when nothing is held any more."""
        wanted, count, links = (
            report_schedules.schedule_of(conn, delivery.topic),
            self._count,
            self._links(delivery),
        )
        if wanted is None or count is None:
            return Outgoing(delivery, None, "nothing_to_see")
        days = days_before(
            wanted.every, datetime.fromisoformat(delivery.content["due"]), ZoneInfo(wanted.zone)
        )

        def write() -> EmailMessage | None:
            found: Counted | str
            try:
                found = count(wanted, days, to.language)
            except Unavailable:
                raise  # another time it can be counted
            except ViertaktError as fault:
                found = str(fault)
            attached = found if isinstance(found, Counted) and found.fits else None
            body = letter_of(wanted, found, days, to, links)
            try:
                return message_of(body, envelope, self._settings, attached=attached)
            except ValueError:
                return None

        return Outgoing(delivery, None, "address_unusable", write)

    def _body(
        self, conn: Connection[Any], delivery: Delivery, reader: Actor, to: Reader, told: list[Notice]
    ) -> Body | None:
        links = self._links(delivery)
        if delivery.topic == TEST:
            return write_test(to, links)
        if delivery.topic.startswith(endpoint_warnings.TOPIC + ":"):
            return endpoint_warnings.letter_of(conn, delivery.topic, reader, to, links)
        if delivery.topic.startswith(TOPICS):
            return announcing.letter_of(conn, delivery.content, reader, to, links)
        seen, news = seen_by(reader, told), []
        if delivery.topic in {Pace.HOURLY.value, Pace.DAILY.value}:
            news = announcing.items_of(conn, delivery.content, reader, to, links)
            seen = [one for one in seen if one.done_at is None]  # whoever has seen it needs no digest of it
        if not seen and not news:
            return None
        return write(
            grouped(seen), delivery.topic, lambda group: self._kind(conn, group), to, links, news=news
        )

    def _kind(self, conn: Connection[Any], group: Group) -> Kind:
        return self._kinds.at(conn, group.operation.kind, group.operation.kind_version).kind

    def _links(self, delivery: Delivery) -> Links:
        console = (self._settings.public_url or "").rstrip("/") or None
        about_own = delivery.topic.startswith((TEST, endpoint_warnings.TOPIC + ":"))
        stop = (
            f"{console}/v1/unsubscribe/{delivery.id}.{delivery.secret}" if console and not about_own else None
        )
        return Links(console, stop)


def _finished(mail: Outgoing) -> Outgoing:
    if mail.write is None:
        return mail
    try:
        return mail._replace(message=mail.write())
    except Exception:
        log.exception("mail_not_written", delivery=str(mail.delivery.id))
        return mail._replace(why=NOT_WRITTEN, again=True)


def send_test(conn: Connection[Any], reader: Actor) -> None:
    """Have a mail sent that says that mails arrive."""
    deliveries.gather(conn, [NewMail(reader.id, TEST, datetime.now(UTC))])
