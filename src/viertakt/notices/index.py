"""Subscriptions, compiled once and looked up by what an entry is: by event, then by stage or kind, and only then by query.

    entry moved to under_review of a withdrawal
        ├─ (entered, stage under_review) ──► its subscriptions, each asked its query
        ├─ (moved, kind withdrawal)      ──► those whose query can find no other kind
        └─ (moved, any kind)

With ten thousand subscriptions an entry asks the few that it may concern; those that say the same are asked once.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog

from viertakt.access.model import Actor
from viertakt.access.rules import teams
from viertakt.errors import InvalidQuery
from viertakt.language import Profile, Query, Reader, Sight, parse, within
from viertakt.language.fields import ME, MY_TEAMS, Fields
from viertakt.language.model import Comparator, Comparison, comparisons
from viertakt.language.to_predicate import Judge, to_judge
from viertakt.notices.model import Line, NoticeEvent, Subscription
from viertakt.notices.rules import happened, is_addressed
from viertakt.notices.store import Interest

log = structlog.get_logger(__name__)

JUDGES_MAX = 20_000  # compiled for one reader each, where a query says `me`; forgotten together


class Compiled(NamedTuple):
    """A subscription with its query. `personal`: it says `me`, so each reader is asked apart."""

    subscription: Subscription
    query: Query
    personal: bool


class Index:
    """All subscriptions of one moment."""

    def __init__(self, subscriptions: Sequence[Subscription], fields: Fields) -> None:
        self.lines: dict[tuple[str, NoticeEvent], Subscription] = {}
        self._by_place: dict[tuple[NoticeEvent, str | None], list[Compiled]] = {}
        self._judges: dict[object, Judge] = {}
        for subscription in subscriptions:
            if subscription.is_line:
                self.lines[subscription.subscriber, subscription.event] = subscription
            compiled = _compiled(subscription, fields)
            if compiled is not None and not is_addressed(subscription.event):
                for place in _places(compiled):
                    self._by_place.setdefault((subscription.event, place), []).append(compiled)

    @property
    def interest(self) -> Interest:
        """Which changes need to be read at all."""
        places = {place for event, place in self._by_place if event is not NoticeEvent.CONTRADICTION}
        return Interest(
            everything=None in places,
            kinds=tuple(sorted(place[5:] for place in places if place and place.startswith("kind:"))),
            stages=tuple(sorted(place[6:] for place in places if place and place.startswith("stage:"))),
            before=any(event is NoticeEvent.GAINED for event, _ in self._by_place),
        )

    def candidates(self, line: Line) -> Iterator[tuple[NoticeEvent, Compiled]]:
        """The subscriptions that an entry may concern, their queries not asked yet."""
        places = (None, f"kind:{line.then.kind}", f"stage:{line.then.stage}")
        for event in happened(line):
            for place in places:
                for compiled in self._by_place.get((event, place), ()):
                    yield event, compiled

    def finds(self, compiled: Compiled, line: Line, reader: Actor, now: datetime) -> bool:
        """Whether a subscription's query finds the operation as it stood at the entry, and for `gained` not before."""
        judge = self._judge(compiled, reader)
        if not judge(line.then, now):
            return False
        if compiled.subscription.event is not NoticeEvent.GAINED:
            return True
        return line.before is None or not judge(line.before, now)

    def _judge(self, compiled: Compiled, reader: Actor) -> Judge:
        subscription = compiled.subscription
        key = (subscription.query, subscription.zone, reader.id if compiled.personal else None)
        found = self._judges.get(key)
        if found is None:
            if len(self._judges) >= JUDGES_MAX:
                self._judges.clear()
            names = (reader.id, *teams(reader)) if compiled.personal else ()
            query = within(compiled.query, Sight(reader=Reader(names)))
            found = self._judges[key] = to_judge(query, ZoneInfo(subscription.zone))
        return found


def _compiled(subscription: Subscription, fields: Fields) -> Compiled | None:
    try:
        query = parse(subscription.query, fields=fields, profile=Profile.ROW)
    except InvalidQuery as fault:
        # What it names is gone, or hidden since: it finds nothing until its owner mends it, and says so where it is listed.
        log.warning("subscription_reads_no_more", subscription=str(subscription.id), fault=str(fault))
        return None
    personal = any(
        value in {ME, MY_TEAMS, "mine"}
        for term in comparisons(query.terms)
        for value in map(str, term.values)
    )
    return Compiled(subscription, query, personal)


def _places(compiled: Compiled) -> Sequence[str | None]:
    """Where to look it up: by each stage it names, else by each kind its query cannot do without, else everywhere."""
    if compiled.subscription.stages:
        return [f"stage:{stage}" for stage in compiled.subscription.stages]
    for term in compiled.query.terms:
        if (
            isinstance(term, Comparison)
            and (term.field, term.comparator, term.negated) == ("kind", Comparator.IS, False)
            and all(isinstance(value, str) for value in term.values)
        ):
            return [f"kind:{value}" for value in term.values]
    return [None]
