"""Who hears of alerts and incidents: people by mail (event `alert`), and the endpoints that ask for it; each step once.

    an alert opens, gets worse, is looked at by nobody, closes ──┐                              ┌──► a mail each, or a digest
    an incident is opened ───────────────────────────────────────┴──► who hears and may see it ─┴──► one delivery each

What is told stands in the mail's or delivery's own content, as it was at that moment; rights are looked at when it is told and
again when it goes. In the console nobody needs a notice of it: the rail counts what is open.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.access.model import Actor, ActorId
from viertakt.access.rules import may_connect
from viertakt.kinds.model import Text
from viertakt.notices import deliveries, store
from viertakt.notices import endpoint_store as endpoints
from viertakt.notices.announced import AlertTold, Announced, IncidentTold, may_see
from viertakt.notices.announced_words import Said, say
from viertakt.notices.deliveries import NewMail
from viertakt.notices.endpoint_owners import owner_of
from viertakt.notices.gathering import HOUR
from viertakt.notices.mail_text import Body, Item, Links, Reader, letter
from viertakt.notices.mail_words import in_language
from viertakt.notices.model import NoticeEvent, Pace, Setting, Subscription
from viertakt.notices.rules import matrix_line
from viertakt.notices.rules_timing import due_at, thinned
from viertakt.notices.telling import People

_ABOUT = Text("About", "Over")


def announce(
    conn: Connection[Any], told: Announced, now: datetime, *, but: ActorId | None = None
) -> list[ActorId]:
    """Have those who want to hear of it told; whom by mail. `but`: who did it knows, and gets no mail.

    In the transaction that writes what is told.
    """
    subscriptions = store.subscriptions_of(conn, None, event=NoticeEvent.ALERT)
    lines = {(one.subscriber, one.event): one for one in subscriptions if one.is_line}
    people = People(conn, {one.subscriber for one in subscriptions}, {})
    settings = store.settings_of(conn, people.ids)
    sent = deliveries.mails_within(conn, people.ids, since=now - HOUR)
    mails = []
    for actor in _meant(people, subscriptions):
        pace = matrix_line(NoticeEvent.ALERT, actor.id, actor.roles, lines).channels.mail
        if pace is not Pace.OFF and actor.id != but and may_see(conn, actor, told):
            pace = thinned(pace, sent.get(actor.id, 0))
            mails.append(_mail(actor.id, told, pace, settings.get(actor.id, Setting()), now))
    deliveries.gather(conn, mails)
    _to_endpoints(conn, told)
    return [ActorId(mail.endpoint) for mail in mails]


def _mail(reader: ActorId, told: Announced, pace: Pace, setting: Setting, now: datetime) -> NewMail:
    """One of its own only where it goes now: in the morning a night's alerts are one mail, each as it ended."""
    due, content = due_at(pace, setting, now), msgspec.to_builtins(told)
    if pace is Pace.AT_ONCE and due <= now:
        return NewMail(reader, told.topic, due, content)
    digest = Pace.DAILY if pace is Pace.DAILY else Pace.HOURLY
    return NewMail(reader, digest.value, due, [content])


def _to_endpoints(conn: Connection[Any], told: Announced) -> None:
    """One delivery for each endpoint that is told of alerts and whose owner may see this one. One that is off misses it."""
    asking = endpoints.hearing_of_alerts(conn)
    owners = {one: owner_of(conn, one) for one in {endpoint.owner for endpoint in asking}}
    told_to = {
        id_
        for id_, owner in owners.items()
        if owner is not None and may_connect(owner) and may_see(conn, owner, told)
    }
    ids = [endpoint.id for endpoint in asking if endpoint.owner in told_to]
    if ids:
        endpoints.add_announced(
            conn,
            ids,
            topic=told.topic,
            alert=told.id if isinstance(told, AlertTold) else None,
            type_=told.type,
            content=msgspec.json.encode(told),
        )


def letter_of(conn: Connection[Any], content: Any, reader: Actor, to: Reader, links: Links) -> Body | None:
    """The mail of such a topic; None where its reader may not see it any more."""
    told: Announced = msgspec.convert(content, Announced)
    if not may_see(conn, reader, told):
        return None
    said, item = _item(conn, told, to, links)
    below = [said.what[0].upper() + said.what[1:] + ".", *item.said]
    return letter(item.head, below, item.lead, to, links)


def items_of(conn: Connection[Any], contents: Any, reader: Actor, to: Reader, links: Links) -> list[Item]:
    """What a digest tells of alerts and incidents: each as it stood last, where its reader may see it."""
    latest = {told.id: told for told in msgspec.convert(contents or [], list[Announced])}
    return [_item(conn, told, to, links)[1] for told in latest.values() if may_see(conn, reader, told)]


def _item(conn: Connection[Any], told: Announced, to: Reader, links: Links) -> tuple[Said, Item]:
    said = say(conn, told, named_in=to.language, zone=to.zone)
    below = [*said.below]
    if isinstance(told, IncidentTold) and told.q:
        below.append(f"{in_language(_ABOUT, to.language)}: {told.q}")
    lead = (said.link, links.console + said.path) if links.console else None
    return said, Item(said.head, tuple(below), lead)


def _meant(people: People, subscriptions: Iterable[Subscription]) -> list[Actor]:
    found = {actor.id: actor for one in subscriptions for actor in people.meant(one.subscriber)}
    return [found[actor] for actor in sorted(found)]
