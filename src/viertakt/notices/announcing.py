"""Mails about alerts and incidents: to those whose matrix says so (event `alert`), once for each step, within their sight.

    an alert opens, gets worse, is looked at by nobody, closes ──┐
    an incident is opened ───────────────────────────────────────┴──► who hears of it and may see it ──► one mail each

What is told stands in the mail's own content, as it was at that moment; rights are looked at when it is told and again when it
goes. In the console nobody needs a notice of it: the rail counts what is open.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt import language
from viertakt.access.model import Actor, ActorId
from viertakt.access.rules import visible
from viertakt.errors import InvalidQuery, NotFound
from viertakt.kinds.actions import Kinds
from viertakt.kinds.model import Text
from viertakt.language import Profile
from viertakt.notices import deliveries, store
from viertakt.notices.deliveries import NewMail
from viertakt.notices.mail_text import Body, Links, Reader, letter
from viertakt.notices.mail_words import in_language, moment
from viertakt.notices.model import NoticeEvent, Pace, Setting, Subscription
from viertakt.notices.rules import matrix_line
from viertakt.notices.rules_timing import due_at
from viertakt.notices.telling import People
from viertakt.operations import holding
from viertakt.operations.reading import sees_new

_kinds = Kinds()  # remembers words and fields while nothing is published

TOPICS = ("alert:", "incident:")

Step = Literal["opened", "worse", "unseen", "closed"]


class AlertTold(msgspec.Struct, frozen=True, tag="alert"):
    """An alert as it stood at a step. `q`: the operations behind it; `limit`: whether a limit was passed."""

    id: UUID
    step: Step
    at: datetime
    kind: str
    brand: str | None
    measure: str
    direction: str
    value: float
    usual: float
    window_minutes: int
    limit: bool
    q: str
    stage: str | None = None


class IncidentTold(msgspec.Struct, frozen=True, tag="incident"):
    """An incident as it was opened. `paused`: whether its operations wait; `since`: what ended since then concerns it too."""

    id: UUID
    at: datetime
    title: str
    q: str
    paused: bool
    since: datetime
    by: str


Announced = AlertTold | IncidentTold

_STEPS: Mapping[str, Text] = {
    "opened": Text("Alert", "Afwijking"),
    "worse": Text("Alert is now critical", "Afwijking is nu kritiek"),
    "unseen": Text("Nobody has looked yet", "Nog niemand heeft gekeken"),
    "closed": Text("Over", "Voorbij"),
}
_MEASURES: Mapping[tuple[str, str], Text] = {
    ("created", "above"): Text("more are coming than usual", "er komen er meer dan gewoon"),
    ("created", "below"): Text("fewer are coming than usual", "er komen er minder dan gewoon"),
    ("ended", "above"): Text("more are ending than usual", "er eindigen er meer dan gewoon"),
    ("ended", "below"): Text("fewer are ending than usual", "er eindigen er minder dan gewoon"),
    ("errors", "above"): Text("more errors than usual", "meer fouten dan gewoon"),
    ("rejections", "above"): Text("more rejections than usual", "meer afwijzingen dan gewoon"),
}
_LIMITS: Mapping[str, Text] = {
    "created": Text("how many come passes its limit", "hoeveel er komen is over de grens"),
    "ended": Text("how many end passes its limit", "hoeveel er eindigen is over de grens"),
    "errors": Text("the share of errors passes its limit", "het aandeel fouten is over de grens"),
    "rejections": Text(
        "the share of rejections passes its limit", "het aandeel afwijzingen is over de grens"
    ),
    "backlog": Text("the oldest waits longer than its limit", "de oudste wacht langer dan de grens"),
    "stage_time": Text(
        "one stands in a stage longer than its limit", "er staat er een langer in een fase dan de grens"
    ),
    "silence": Text("providers say nothing, longer than the limit", "aanbieders zwijgen langer dan de grens"),
}
_FOUND = Text(
    "Found: {value}. {held}: {usual}. Since {at}.", "Gevonden: {value}. {held}: {usual}. Sinds {at}."
)
_USUAL, _LIMIT = Text("Usual", "Gewoon"), Text("Limit", "Grens")
_ALL = Text("all brands", "alle merken")
_INCIDENT = Text("Incident", "Storing")
_OPENED = Text("{by} opened it at {at}, about: {q}", "{by} heeft die geopend op {at}, over: {q}")
_PAUSED = Text(
    "These operations wait: programs do not send them, nobody is asked about them, and their deadlines stand still.",
    "Deze zaken wachten: programma's versturen ze niet, er wordt niet naar gevraagd, en hun termijnen staan stil.",
)
_LIST, _PAGE = Text("See the operations", "Bekijk de zaken"), Text("See the incident", "Bekijk de storing")


def announce(
    conn: Connection[Any], told: Announced, now: datetime, *, but: ActorId | None = None
) -> list[ActorId]:
    """Have those who want to hear of it told by mail; whom. `but`: who did it knows.

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
            mails.append(NewMail(actor.id, _topic(told), due, msgspec.to_builtins(told)))
    deliveries.gather(conn, mails)
    return [ActorId(mail.endpoint) for mail in mails]


def may_see(conn: Connection[Any], reader: Actor, told: Announced) -> bool:
    """Whether what is told is there for the reader: an alert by its kind, brand and stage, an incident by an operation that it concerns."""
    if isinstance(told, AlertTold):
        return sees_new(reader, kind=told.kind, brand=told.brand, stage=told.stage)
    try:
        query = language.parse(told.q, fields=_kinds.search_fields(conn), profile=Profile.ROW)
    except InvalidQuery:
        return False
    return holding.concerns(conn, language.within(query, visible(reader)), since=told.since)


def letter_of(conn: Connection[Any], content: Any, reader: Actor, to: Reader, links: Links) -> Body | None:
    """The mail of such a topic; None where its reader may not see it any more."""
    told = msgspec.convert(content, Announced)
    if not may_see(conn, reader, told):
        return None
    if isinstance(told, AlertTold):
        return _alert(conn, told, to, links)
    subject = f"{in_language(_INCIDENT, to.language)}: {told.title}"
    opened = in_language(_OPENED, to.language)
    said = [opened.format(by=told.by, at=moment(told.at, to.zone, to.language), q=told.q)]
    if told.paused:
        said.append(in_language(_PAUSED, to.language))
    address = f"{links.console}/incidents/{told.id}" if links.console else None
    return letter(subject, said, (in_language(_PAGE, to.language), address) if address else None, to, links)


def _alert(conn: Connection[Any], told: AlertTold, to: Reader, links: Links) -> Body:
    words = _LIMITS[told.measure] if told.limit else _MEASURES[told.measure, told.direction]
    about = f"{_kind_word(conn, told.kind, to.language)}, {told.brand or in_language(_ALL, to.language)}"
    what = f"{about}: {in_language(words, to.language)}"
    found = in_language(_FOUND, to.language).format(
        value=_number(told, told.value),
        held=in_language(_LIMIT if told.limit else _USUAL, to.language),
        usual=_number(told, told.usual),
        at=moment(told.at, to.zone, to.language),
    )
    address = f"{links.console}/operations?q={quote(told.q)}" if links.console else None
    lead = (in_language(_LIST, to.language), address) if address else None
    subject = f"{in_language(_STEPS[told.step], to.language)}: {what}"
    return letter(subject, [what[0].upper() + what[1:] + ".", found], lead, to, links)


def _number(told: AlertTold, value: float) -> str:
    if told.measure in {"errors", "rejections"}:
        return f"{value:.1%}"
    return f"{value:.0f}" if told.measure in {"created", "ended"} else f"{value:.0f} min"


def _kind_word(conn: Connection[Any], kind: str, named_in: str) -> str:
    try:
        return in_language(_kinds.latest(conn, kind).kind.label, named_in)
    except NotFound:
        return kind


def _meant(people: People, subscriptions: Iterable[Subscription]) -> list[Actor]:
    found = {actor.id: actor for one in subscriptions for actor in people.meant(one.subscriber)}
    return [found[actor] for actor in sorted(found)]


def _topic(told: Announced) -> str:
    return f"alert:{told.id}:{told.step}" if isinstance(told, AlertTold) else f"incident:{told.id}"
