"""Mails about an endpoint that is not reached: a day after nothing has arrived, and when it was switched off.

They go to the person who owns it; where a program does, or nobody any more, to those who manage the installation. Each is
written when it goes, of the endpoint as it is then: what was mended meanwhile is not told.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from viertakt.access.directory import roles_granted
from viertakt.access.grants import MANAGE
from viertakt.access.model import Actor
from viertakt.errors import NotFound
from viertakt.kinds.model import Text
from viertakt.notices import deliveries, store
from viertakt.notices import endpoint_store as endpoints
from viertakt.notices.deliveries import NewMail
from viertakt.notices.endpoint_model import Endpoint, EndpointId, WhyOff
from viertakt.notices.endpoint_rules import OFF_AFTER
from viertakt.notices.endpoints import read_endpoint
from viertakt.notices.mail_text import Body, Links, Reader, letter
from viertakt.notices.mail_words import in_language, moment

TOPIC = "endpoint"
WARNED = "warned"
PERSON = "person:"

SUBJECTS: Mapping[str, Text] = {
    WARNED: Text("{name} has not been reached for a day", "{name} is al een dag niet bereikt"),
    "off": Text("{name} was switched off", "{name} is uitgeschakeld"),
}
WHYS: Mapping[str, Text] = {
    WARNED: Text(
        "Nothing has arrived at {shown} since {since}. If nothing arrives before {until}, it is switched off.",
        "Sinds {since} is bij {shown} niets aangekomen. Komt er vóór {until} niets aan, dan wordt het uitgeschakeld.",
    ),
    WhyOff.FAILING: Text(
        "Nothing had arrived at {shown} for three days.",
        "Bij {shown} was drie dagen lang niets aangekomen.",
    ),
    WhyOff.GONE: Text(
        "{shown} answered that there is nothing there any more (410).",
        "{shown} antwoordde dat daar niets meer is (410).",
    ),
    WhyOff.OWNER: Text(
        "With whose rights {shown} was told may not act any more.",
        "Degene met wiens rechten {shown} bericht kreeg, mag niet meer handelen.",
    ),
}
KEPT = Text(
    "Nothing is lost: what it misses is kept, and switched on again it goes on where it stopped.",
    "Er gaat niets verloren: wat het mist blijft bewaard, en na inschakelen gaat het verder waar het stopte.",
)
OPEN = Text("See what was tried", "Bekijk wat er is geprobeerd")


def warn(conn: Connection[Any], id_: EndpointId, what: str) -> None:
    """Have those concerned told by mail; `what`: `WARNED`, or why it is off."""
    found = next(iter(endpoints.read_endpoints(conn, id_=id_)), None)
    if found is None:
        return
    told = [found.owner]
    if what == WhyOff.OWNER or not found.owner.startswith(PERSON):
        held = store.holders(conn, roles_granted(conn, MANAGE))
        told = sorted({actor for actors in held.values() for actor in actors})
    now = datetime.now(UTC)
    deliveries.gather(conn, [NewMail(actor, f"{TOPIC}:{id_}:{what}", now) for actor in told])


def letter_of(conn: Connection[Any], topic: str, reader: Actor, to: Reader, links: Links) -> Body | None:
    """The mail of a topic, as things are now; None where there is nothing to tell any more."""
    _, id_, what = topic.split(":")
    try:
        found = read_endpoint(conn, EndpointId(UUID(id_)), reader=reader)
    except NotFound:
        return None
    if what != (WARNED if found.state == "active" and found.warned_at else found.why_off):
        return None
    said = [_filled(WHYS[what], found, to), in_language(KEPT, to.language)]
    subject = _filled(SUBJECTS.get(what, SUBJECTS["off"]), found, to)
    address = f"{links.console}/webhooks/{found.id}" if links.console else None
    return letter(subject, said, (in_language(OPEN, to.language), address) if address else None, to, links)


def _filled(text: Text, endpoint: Endpoint, to: Reader) -> str:
    since = endpoint.failing_since or endpoint.off_at or endpoint.changed_at
    return in_language(text, to.language).format(
        name=endpoint.name,
        shown=endpoint.shown,
        since=moment(since, to.zone, to.language),
        until=moment(since + OFF_AFTER, to.zone, to.language),
    )
