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
from viertakt.notices.rules import happened, is_addressed, is_silent
from viertakt.notices.store import Interest

log = structlog.get_logger(__name__)

# Told by entries of their own, or by what a time limit does: few, and `read_lines` reads all of them.
READ_ANYWAY = frozenset({NoticeEvent.CONTRADICTION, NoticeEvent.BREACH})
KNOWN_MAX = 50_000  # texts, most of them of subscriptions that are no more
JUDGES_MAX = 20_000  # compiled for one reader each, where a query says `me`; forgotten together


class Compiled(NamedTuple):
    """A subscription with its query. `judge`: whether it finds an operation; None where it says `me`, so that each reader is asked apart."""

    subscription: Subscription
    query: Query
    judge: Judge | None


class Known:
    """What was compiled of queries before, while the kinds stay as they are: a change of one subscription compiles one."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._read: dict[str, Query | InvalidQuery] = {}
        self._judges: dict[tuple[str, str], Judge] = {}

    @property
    def is_full(self) -> bool:
        """Whether it holds more texts than there are subscriptions worth keeping them for."""
        return len(self._read) > KNOWN_MAX

    def read(self, text: str) -> Query:
        """The query of a text. Raises `InvalidQuery`."""
        found = self._read.get(text)
        if found is None:
            try:
                found = parse(text, fields=self._fields, profile=Profile.ROW)
            except InvalidQuery as fault:
                found = fault
            self._read[text] = found
        if isinstance(found, InvalidQuery):
            raise found
        return found

    def judge(self, text: str, zone: str) -> Judge:
        """Whether an operation is found by it; of those that say the same there is one."""
        found = self._judges.get((text, zone))
        if found is None:
            found = self._judges[text, zone] = to_judge(self.read(text), ZoneInfo(zone))
        return found


class Index:
    """All subscriptions of one moment."""

    def __init__(self, subscriptions: Sequence[Subscription], known: Known) -> None:
        self.lines: dict[tuple[str, NoticeEvent], Subscription] = {}
        self._by_place: dict[tuple[NoticeEvent, str | None], list[Compiled]] = {}
        self._of_readers: dict[tuple[str, str, str], Judge] = {}
        for subscription in subscriptions:
            if subscription.is_line:
                self.lines[subscription.subscriber, subscription.event] = subscription
            if is_silent(subscription.channels):
                continue
            compiled = _compiled(subscription, known)
            if compiled is not None and not is_addressed(subscription.event):
                for place in _places(compiled):
                    self._by_place.setdefault((subscription.event, place), []).append(compiled)

    @property
    def interest(self) -> Interest:
        """Which changes need to be read at all."""
        places = {place for event, place in self._by_place if event not in READ_ANYWAY}
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

    def finds(self, compiled: Compiled, line: Line, now: datetime, reader: Actor | None = None) -> bool:
        """Whether a subscription's query finds the operation as it stood at the entry, and for `gained` not before.

        `reader`: whom its query means by `me`, where it says so.
        """
        judge = compiled.judge if reader is None else self._judge_of(compiled, reader)
        assert judge is not None, "whose query says me is asked for a reader"
        if not judge(line.then, now):
            return False
        if compiled.subscription.event is not NoticeEvent.GAINED:
            return True
        return line.before is None or not judge(line.before, now)

    def _judge_of(self, compiled: Compiled, reader: Actor) -> Judge:
        subscription = compiled.subscription
        key = (subscription.query, subscription.zone, reader.id)
        found = self._of_readers.get(key)
        if found is None:
            if len(self._of_readers) >= JUDGES_MAX:
                self._of_readers.clear()
            query = within(compiled.query, Sight(reader=Reader((reader.id, *teams(reader)))))
            found = self._of_readers[key] = to_judge(query, ZoneInfo(subscription.zone))
        return found


def _compiled(subscription: Subscription, known: Known) -> Compiled | None:
    try:
        query = known.read(subscription.query)
    except InvalidQuery as fault:
        # What it names is gone, or hidden since: it finds nothing until its owner mends it, and says so where it is listed.
        log.warning("subscription_reads_no_more", subscription=str(subscription.id), fault=str(fault))
        return None
    of_reader = any(
        value in {ME, MY_TEAMS, "mine"}
        for term in comparisons(query.terms)
        for value in map(str, term.values)
    )
    judge = None if of_reader else known.judge(subscription.query, subscription.zone)
    return Compiled(subscription, query, judge)


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
