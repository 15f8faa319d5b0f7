"""Who hears of alerts and incidents: people by mail (event `alert`), and the endpoints that ask for it; each step once.

    an alert opens, gets worse, is looked at by nobody, closes ──┐                              ┌──► one mail each
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
from viertakt.notices.announced_words import say
from viertakt.notices.deliveries import NewMail
from viertakt.notices.endpoint_owners import owner_of
from viertakt.notices.mail_text import Body, Links, Reader, letter
from viertakt.notices.mail_words import in_language
from viertakt.notices.model import NoticeEvent, Pace, Setting, Subscription
from viertakt.notices.rules import matrix_line
from viertakt.notices.rules_timing import due_at
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
    mails = []
    for actor in _meant(people, subscriptions):
        pace = matrix_line(NoticeEvent.ALERT, actor.id, actor.roles, lines).channels.mail
        if pace is not Pace.OFF and actor.id != but and may_see(conn, actor, told):
            due = due_at(pace, settings.get(actor.id, Setting()), now)
            mails.append(NewMail(actor.id, told.topic, due, msgspec.to_builtins(told)))
    deliveries.gather(conn, mails)
    _to_endpoints(conn, told)
    return [ActorId(mail.endpoint) for mail in mails]


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
    said = say(conn, told, named_in=to.language, zone=to.zone)
    below = [said.what[0].upper() + said.what[1:] + ".", *said.below]
    if isinstance(told, IncidentTold) and told.q:
        below.append(f"{in_language(_ABOUT, to.language)}: {told.q}")
    lead = (said.link, links.console + said.path) if links.console else None
    return letter(said.head, below, lead, to, links)


def _meant(people: People, subscriptions: Iterable[Subscription]) -> list[Actor]:
    found = {actor.id: actor for one in subscriptions for actor in people.meant(one.subscriber)}
    return [found[actor] for actor in sorted(found)]
