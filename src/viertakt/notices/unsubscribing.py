"""The link in a mail by which its reader gets no more like it; whoever has the mail may, for its link is all they have.

It switches mail off, for each event that the mail tells and whatever the reasons are: the line of the matrix, subscriptions of
their own, and what their roles hear of. The console tells what it told before, and what waits to be sent is not.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt.access.actions import actor_by_id, person
from viertakt.access.model import Actor, ActorId
from viertakt.notices import deliveries, report_schedules, store
from viertakt.notices.announced import TOPICS
from viertakt.notices.deliveries import Delivery
from viertakt.notices.model import ROLE, Channels, NoticeEvent, Pace, Subscription, SubscriptionId
from viertakt.notices.rules import matrix_line

MAIL = "mail"


def mail_of(conn: Connection[Any], token: str) -> tuple[Delivery, str] | None:
    """The mail in which a link stands, and its reader's language; None where no mail has it."""
    id_, _, secret = token.partition(".")
    try:
        delivery = deliveries.delivery_named(conn, UUID(id_))
    except ValueError:
        return None
    if delivery is None or delivery.channel != MAIL or not deliveries.is_secret(delivery, secret):
        return None
    reader = person(conn, ActorId(delivery.endpoint))
    return (delivery, reader.language) if reader.active else None


def is_stopped(conn: Connection[Any], mail: Delivery) -> bool:
    """Whether nothing is left to switch off: no more mails like this one are sent."""
    if mail.topic.startswith(report_schedules.TOPIC + ":"):
        return report_schedules.schedule_of(conn, mail.topic) is None
    reader, subscriptions = _reader(conn, mail)
    return not any(_reasons(reader, event, subscriptions) for event in _events(conn, mail))


def stop_mails(conn: Connection[Any], token: str) -> str | None:
    """Send its reader no more mails like the one this stands in; their language, None where no mail has it."""
    found = mail_of(conn, token)
    if found is None:
        return None
    mail, language = found
    if mail.topic.startswith(report_schedules.TOPIC + ":"):
        report_schedules.stop(conn, mail.topic)
        return language
    reader, subscriptions = _reader(conn, mail)
    events = _events(conn, mail)
    for event in events:
        if _reasons(reader, event, subscriptions):
            _switch_off(conn, reader, event, subscriptions)
    deliveries.forget_waiting(conn, reader.id, events)
    return language


def _reader(conn: Connection[Any], mail: Delivery) -> tuple[Actor, list[Subscription]]:
    """Whose mail it is, and all that they and their roles subscribe to."""
    reader = actor_by_id(conn, ActorId(mail.endpoint))
    return reader, store.subscriptions_of(conn, [reader.id, *(ROLE + role for role in reader.roles)])


def _events(conn: Connection[Any], mail: Delivery) -> set[NoticeEvent]:
    """All events that a mail tells, and those for which it was sent besides."""
    told = deliveries.notices_of(conn, [mail.id]).get(mail.id, [])
    found = {event for one in told for event in (one.event, *one.why.mailed_as)}
    if mail.topic.startswith(TOPICS) or mail.content:
        found.add(NoticeEvent.ALERT)
    return found


def _reasons(reader: Actor, event: NoticeEvent, subscriptions: Iterable[Subscription]) -> bool:
    """Whether mails of an event are sent to this reader, for any reason."""
    counting = _counting(reader, event, subscriptions)
    own_line = any(one.is_line and one.subscriber == reader.id for one in counting)
    if event is NoticeEvent.CORRECTION and not own_line:
        return True  # by mail where the mistake was, while they have chosen nothing
    usual = matrix_line(event, reader.id, reader.roles, _lines(counting)).channels.mail
    return usual is not Pace.OFF or any(one.channels.mail is not Pace.OFF for one in counting)


def _switch_off(
    conn: Connection[Any], reader: Actor, event: NoticeEvent, subscriptions: Iterable[Subscription]
) -> None:
    counting = _counting(reader, event, subscriptions)
    usual = matrix_line(event, reader.id, reader.roles, _lines(counting)).channels
    # A line of their own stands in the place of all that their roles hear of, so that becomes their own as well.
    store.save_line(conn, reader.id, event, Channels(usual.console, Pace.OFF))
    for one in counting:
        quiet = Channels(one.channels.console, Pace.OFF)
        if one.is_line:
            continue
        if one.subscriber == reader.id:
            store.change_subscription(conn, one.id, quiet)
        elif quiet.console:
            store.save_subscription(
                conn,
                SubscriptionId(uuid7()),
                reader.id,
                event,
                quiet,
                query=one.query,
                stages=one.stages,
                zone=one.zone,
                by=reader.id,
                limit=store.LINES_TOO,
            )


def _counting(reader: Actor, event: NoticeEvent, subscriptions: Iterable[Subscription]) -> list[Subscription]:
    """What makes an event be told to a reader: their own, and their roles' while they have no line of their own."""
    of_event = [one for one in subscriptions if one.event is event]
    if any(one.is_line and one.subscriber == reader.id for one in of_event):
        return [one for one in of_event if one.subscriber == reader.id]
    return of_event


def _lines(subscriptions: Iterable[Subscription]) -> dict[tuple[str, NoticeEvent], Subscription]:
    return {(one.subscriber, one.event): one for one in subscriptions if one.is_line}
