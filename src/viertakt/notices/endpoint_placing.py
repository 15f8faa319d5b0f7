"""Finding what endpoints are told: each reads the journal from its own place, and what it finds becomes its deliveries.

    journal   1 2 3 4 5 6 7 8 9 ◄── head
    endpoints         │       └ a, b, c: read together
                      └ d: was off, or replays; a step of its own each turn, until it stands with the others

A step is one transaction in which the endpoints are held: their places move with what was made of the entries, so an
entry becomes a delivery exactly once, and numbers have no gaps. Whoever is killed has done a step whole or not at all.
No move waits for any of it: it reads what is committed and in order.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import structlog
from psycopg import Connection

from viertakt.access.actions import actor_by_id
from viertakt.access.grants import EXPORT, Grant
from viertakt.access.model import Actor, ActorId, ActorSort
from viertakt.access.rules import may, sees, teams
from viertakt.db.leases import Ask
from viertakt.errors import InvalidQuery, Unauthenticated
from viertakt.journal.reading import head
from viertakt.kinds.searchable import search_fields
from viertakt.language import Profile, Query, Reader, Sight, parse, within
from viertakt.language.fields import Fields
from viertakt.language.model import Comparator, Comparison
from viertakt.language.to_predicate import to_judge
from viertakt.notices import endpoint_store as store
from viertakt.notices.endpoint_model import Endpoint, EndpointId, WhyOff
from viertakt.notices.model import Line
from viertakt.operations.reading import sees_entry

log = structlog.get_logger(__name__)

AT_ONCE = 1_000  # positions
LOOK_SECONDS = 0.05  # what happens is on its way by then

Finds = Callable[[Line, datetime], bool]


class Looking(NamedTuple):
    """An endpoint with what it looks for."""

    endpoint: Endpoint
    finds: Finds
    kinds: frozenset[str] | None


class Placer:
    """Gives endpoints their deliveries. `ask` answers a question in a transaction of its own."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def turn(self) -> float | None:
        """One step; how long to wait before the next, None where there is nobody to tell."""
        if self._ask(step):
            return 0.0
        return LOOK_SECONDS if self._ask(store.any_active) else None


def step(conn: Connection[Any]) -> bool:
    """Ask those in front about the next entries, and those furthest behind; whether there was anything to ask."""
    end = head(conn).position
    behind = store.to_place(conn, end)
    if not behind:
        return False
    places = sorted({one.place for one in behind})
    fields = search_fields(conn)
    for place in {places[0], places[-1]}:
        upto = min([end, place + AT_ONCE, *(other for other in places if other > place)])
        _place(conn, [one for one in behind if one.place == place], place, upto, fields)
    return True


def _place(
    conn: Connection[Any], endpoints: Sequence[Endpoint], after: int, upto: int, fields: Fields
) -> None:
    now = datetime.now(UTC)
    looking = [one for one in (look(conn, each, fields) for each in endpoints) if one is not None]
    if looking:
        kinds = [one.kinds for one in looking]
        lines = store.entries_between(
            conn,
            after,
            upto,
            sorts={sort for one in looking for sort in one.endpoint.entries},
            kinds=None if None in kinds else frozenset().union(*(kind for kind in kinds if kind)),
        )
        found = [(one.endpoint.id, line) for line in lines for one in looking if one.finds(line, now)]
        if found:
            store.add_deliveries(conn, found)
    store.move_places(conn, [one.endpoint.id for one in looking], upto)


def look(conn: Connection[Any], endpoint: Endpoint, fields: Fields) -> Looking | None:
    """What an endpoint looks for, with its owner's rights as they are now; None where nobody owns it any more: it is off then."""
    owner = owner_of(conn, endpoint.owner)
    if owner is None:
        switch_off(conn, endpoint.id, WhyOff.OWNER)
        return None
    try:
        query = parse(endpoint.query, fields=fields, profile=Profile.ROW)
    except InvalidQuery as fault:
        # What it names is gone, or hidden since: it finds nothing until its owner mends it, and says so where it is listed.
        log.warning("endpoint_reads_no_more", endpoint=str(endpoint.id), fault=str(fault))
        return Looking(endpoint, lambda _line, _now: False, frozenset())
    judge = to_judge(within(query, Sight(reader=Reader((owner.id, *teams(owner))))))

    def finds(line: Line, now: datetime) -> bool:
        return (
            line.entry.sort in endpoint.entries
            and (not endpoint.stages or line.entry.to_stage in endpoint.stages)
            and judge(line.then, now)
            and may_be_told(owner, line)
        )

    return Looking(endpoint, finds, _kinds(query))


def may_be_told(owner: Actor, line: Line) -> bool:
    """Whether an entry may leave with this owner's rights: seen then and now, and of what they may take along."""
    return (
        sees(owner, line.then)
        and sees_entry(owner, line.present, line.entry)
        and (owner.sort is ActorSort.SYSTEM or isinstance(may(owner, EXPORT, line.then), Grant))
    )


def owner_of(conn: Connection[Any], actor: ActorId) -> Actor | None:
    """Whoever owns an endpoint, as they may act now; None where they may not."""
    try:
        return actor_by_id(conn, actor)
    except Unauthenticated:
        return None


def switch_off(conn: Connection[Any], endpoint: EndpointId, why: WhyOff) -> None:
    """Tell an endpoint nothing more, until somebody switches it on."""
    store.switch_endpoint(conn, endpoint, "off", why.value)
    log.warning("endpoint_switched_off", endpoint=str(endpoint), why=why.value)


def _kinds(query: Query) -> frozenset[str] | None:
    """The kinds that a query cannot do without, or None."""
    for term in query.terms:
        if (
            isinstance(term, Comparison)
            and (term.field, term.comparator, term.negated) == ("kind", Comparator.IS, False)
            and all(isinstance(value, str) for value in term.values)
        ):
            return frozenset(map(str, term.values))
    return None
