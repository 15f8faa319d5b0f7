"""What is told of alerts and incidents, in the two languages of the product."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

from psycopg import Connection

from viertakt.errors import NotFound
from viertakt.kinds.actions import Kinds
from viertakt.kinds.model import Text
from viertakt.notices.announced import AlertTold, Announced
from viertakt.notices.mail_words import in_language, moment, stage_word

_kinds = Kinds()  # remembers words while nothing is published


class Said(NamedTuple):
    """It in somebody's words: which step it is, what is said of it, and where the console shows it.

    The query is not among its words, for it can name a customer: it stands only where the console asks who reads.
    """

    step: str
    what: str
    below: tuple[str, ...]
    link: str
    path: str

    @property
    def head(self) -> str:
        """In one line."""
        return f"{self.step}: {self.what}"


_STEPS: Mapping[str, Text] = {
    "opened": Text("Alert", "Afwijking"),
    "worse": Text("Alert is now critical", "Afwijking is nu kritiek"),
    "unseen": Text("Nobody has looked yet", "Nog niemand heeft gekeken"),
    "closed": Text("Has ended", "Voorbij"),
}
_MEASURES: Mapping[tuple[str, str], Text] = {
    ("created", "above"): Text("more are coming than usual", "er komen er meer dan gewoon"),
    ("created", "below"): Text("fewer are coming than usual", "er komen er minder dan gewoon"),
    ("ended", "above"): Text("more are ending than usual", "er eindigen er meer dan gewoon"),
    ("ended", "below"): Text("fewer are ending than usual", "er eindigen er minder dan gewoon"),
    ("errors", "above"): Text("more errors than usual", "meer fouten dan gewoon"),
    ("rejections", "above"): Text("more rejections than usual", "meer afwijzingen dan gewoon"),
}
LIMITS: Mapping[str, Text] = {
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
_FOUND = Text("Found: {value}. {held}: {usual}. {when}.", "Gevonden: {value}. {held}: {usual}. {when}.")
_SINCE = Text("Since {at}", "Sinds {at}")
_FROM = Text("From {at} until {until}", "Van {at} tot {until}")
_MINUTES, _HOURS = (
    Text("{value} in {n} min", "{value} in {n} min"),
    Text("{value} in {n} h", "{value} in {n} uur"),
)
_USUAL, _LIMIT = Text("Usual", "Gewoon"), Text("Limit", "Grens")
_ALL = Text("all brands", "alle merken")
_INCIDENT = Text("Incident", "Incident")
_OPENED = Text("{by} opened it at {at}.", "{by} heeft het geopend op {at}.")
_PAUSED = Text(
    "These operations wait: programs do not send them, nobody is asked about them, and their deadlines stand still.",
    "Deze zaken wachten: programma's versturen ze niet, er wordt niet naar gevraagd, en hun termijnen staan stil.",
)
_COUNTED = frozenset({"created", "ended", "errors", "rejections"})
_LIST, _PAGE = Text("See the operations", "Bekijk de zaken"), Text("See the incident", "Bekijk het incident")


def say(conn: Connection[Any], told: Announced, *, named_in: str, zone: ZoneInfo) -> Said:
    """What is told in one of the two languages, moments by the clock of a zone."""
    if isinstance(told, AlertTold):
        return _alert(conn, told, named_in, zone)
    below = [in_language(_OPENED, named_in).format(by=told.by, at=_at(told.at, zone, named_in))]
    if told.paused:
        below.append(in_language(_PAUSED, named_in))
    return Said(
        in_language(_INCIDENT, named_in),
        told.title,
        tuple(below),
        in_language(_PAGE, named_in),
        f"/incidents/{told.id}",
    )


def _alert(conn: Connection[Any], told: AlertTold, named_in: str, zone: ZoneInfo) -> Said:
    words = LIMITS[told.measure] if told.limit else _MEASURES[told.measure, told.direction]
    since = in_language(_SINCE if told.closed_at is None else _FROM, named_in)
    found = in_language(_FOUND, named_in).format(
        value=_within(told, named_in),
        held=in_language(_LIMIT if told.limit else _USUAL, named_in),
        usual=_number(told, told.usual),
        when=since.format(
            at=_at(told.at, zone, named_in), until=told.closed_at and _at(told.closed_at, zone, named_in)
        ),
    )
    return Said(
        in_language(_STEPS[told.step], named_in),
        f"{', '.join(_about(conn, told, named_in))}: {in_language(words, named_in)}",
        (found,),
        in_language(_LIST, named_in),
        f"/operations?q={quote(told.q)}",
    )


def _about(conn: Connection[Any], told: AlertTold, named_in: str) -> list[str]:
    """Its kind, its brand or provider, and its stage, as they are called."""
    provider = told.provider and told.provider.value
    brand = told.brand or provider or in_language(_ALL, named_in)
    try:
        kind = _kinds.latest(conn, told.kind).kind
    except NotFound:
        return [told.kind, brand, *([told.stage] if told.stage else [])]
    stage = [stage_word(kind, told.stage, named_in)] if told.stage else []
    return [in_language(kind.label, named_in), brand, *stage]


def _at(at: datetime, zone: ZoneInfo, named_in: str) -> str:
    """With the zone's name: a room has readers by other clocks."""
    return f"{moment(at, zone, named_in)} {at.astimezone(zone):%Z}"


def _within(told: AlertTold, named_in: str) -> str:
    """What was found, and in how long a time, where it was counted in one."""
    value = _number(told, told.value)
    if told.measure not in _COUNTED:
        return value
    hours = told.window_minutes >= 120  # a window is minutes longer than its name
    words, n = (_HOURS, told.window_minutes // 60) if hours else (_MINUTES, told.window_minutes)
    return in_language(words, named_in).format(value=value, n=n)


def _number(told: AlertTold, value: float) -> str:
    if told.measure in {"errors", "rejections"}:
        return f"{value:.1%}"
    return f"{value:.0f}" if told.measure in {"created", "ended"} else f"{value:.0f} min"
