"""Finding what endpoints are told: each reads the journal from its own place, and what it finds becomes its deliveries.

    journal   1 2 3 4 5 6 7 8 9 ◄── head
    endpoints         │       └ a, b, c: read together
                      └ d: was off, or replays; a step of its own each turn, until it stands with the others

A step is one transaction. What is to be told is found with nobody held; then the endpoints are held and, where they are as
they were read, their places move with what was made of the entries: an entry becomes a delivery exactly once, and numbers
have no gaps. Whoever is killed has done a step whole or not at all. No move waits for any of it: it reads what is committed
and in order.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import structlog
from psycopg import Connection

from viertakt.access.grants import EXPORT, Grant
from viertakt.access.model import Actor, ActorId, ActorSort
from viertakt.access.rules import may, may_connect, sees, teams
from viertakt.db.leases import Ask
from viertakt.errors import InvalidQuery
from viertakt.journal.reading import head
from viertakt.kinds.searchable import search_fields
from viertakt.language import Profile, Reader, Sight, parse, within
from viertakt.language.fields import Fields
from viertakt.language.to_predicate import Judge, to_judge
from viertakt.notices import endpoint_store as store
from viertakt.notices.endpoint_model import Endpoint, EndpointId, WhyOff
from viertakt.notices.endpoint_owners import Owners
from viertakt.notices.endpoint_recent import Recent
from viertakt.notices.endpoint_stages import kinds_of
from viertakt.notices.endpoint_warnings import warn
from viertakt.notices.model import Line
from viertakt.operations.reading import sees_entry

log = structlog.get_logger(__name__)

AT_ONCE = 1_000  # positions
LOOK_SECONDS = 0.05  # what happens is on its way by then
JUDGES_MAX = 10_000  # compiled queries; forgotten together

Finds = Callable[[Line, datetime], bool]


class Looking(NamedTuple):
    """An endpoint with what it looks for."""

    endpoint: Endpoint
    finds: Finds
    kinds: frozenset[str] | None


class Found(NamedTuple):
    """What endpoints at one place were asked about, up to where, and what each is to be told. `left`: nobody owns them any more."""

    looking: Sequence[Looking]
    upto: int
    lines: Sequence[tuple[EndpointId, Line]]
    left: Sequence[Endpoint]


class Placer:
    """Gives endpoints their deliveries. `ask` answers a question in a transaction of its own; `told`: there is something to send."""

    def __init__(
        self, ask: Ask, *, told: Callable[[], None] = lambda: None, recent: Recent | None = None
    ) -> None:
        self._ask = ask
        self._told = told
        self.recent = recent or Recent()
        self._owners = Owners()
        self._fields: tuple[int, Fields] = (0, {})
        self._judges: dict[tuple[str, ActorId, int], tuple[Judge, frozenset[str] | None] | None] = {}

    def turn(self) -> float | None:
        """One step; how long to wait before the next, None where there is nobody to tell."""
        more = self._ask(self.step)
        if more is None:
            return LOOK_SECONDS if self._ask(store.any_active) else None
        self._told()
        return 0.0 if more else LOOK_SECONDS  # a step costs hardly less for one entry than for fifty

    def step(self, conn: Connection[Any]) -> bool | None:
        """Ask those in front about the next entries, and those furthest behind; whether there is more, None: nothing was new."""
        end = head(conn).position
        behind = store.to_place(conn, end)
        if not behind:
            return None
        found = self.find(conn, behind, end)
        write(conn, found)
        self.recent.add(line for each in found for _, line in each.lines)
        return len({one.place for one in behind}) > len(found) or any(each.upto < end for each in found)

    def find(self, conn: Connection[Any], behind: Sequence[Endpoint], end: int) -> list[Found]:
        """What is to be told, with nobody held: who works on an endpoint meanwhile need not wait for it."""
        places = sorted({one.place for one in behind})
        self._look_at_kinds(conn)
        owners = self._owners.look(conn, {one.owner for one in behind})
        found = []
        for place in {places[0], places[-1]}:
            upto = min([end, place + AT_ONCE, *(other for other in places if other > place)])
            asked = [one for one in behind if one.place == place]
            looking = [self._look(one, owners[one.owner]) for one in asked if one.owner in owners]
            lines = _ask_about(conn, looking, place, upto)
            found.append(Found(looking, upto, lines, [one for one in asked if one.owner not in owners]))
        return found

    def _look_at_kinds(self, conn: Connection[Any]) -> None:
        as_of = store.kinds_as_of(conn)
        if as_of != self._fields[0] or len(self._judges) > JUDGES_MAX:
            self._fields = (as_of, search_fields(conn))
            self._judges.clear()

    def _look(self, endpoint: Endpoint, owner: Actor) -> Looking:
        """What an endpoint looks for, with its owner's rights as they are now."""
        key = (endpoint.query, owner.id, owner.access_version)
        if key not in self._judges:
            self._judges[key] = self._compiled(endpoint, owner)
        compiled = self._judges[key]
        if compiled is None:
            return Looking(endpoint, lambda _line, _now: False, frozenset())
        judge, kinds = compiled
        sorts, stages = frozenset(endpoint.entries), frozenset(endpoint.stages)

        def finds(line: Line, now: datetime) -> bool:
            return (
                line.entry.sort in sorts
                and (not stages or line.entry.to_stage in stages)
                and judge(line.then, now)
                and may_be_told(owner, line)
            )

        return Looking(endpoint, finds, kinds)

    def _compiled(self, endpoint: Endpoint, owner: Actor) -> tuple[Judge, frozenset[str] | None] | None:
        try:
            query = parse(endpoint.query, fields=self._fields[1], profile=Profile.ROW)
        except InvalidQuery as fault:
            # What it names is gone, or hidden since: it finds nothing until its owner mends it, and says so where it is listed.
            log.warning("endpoint_reads_no_more", endpoint=str(endpoint.id), fault=str(fault))
            return None
        sight = Sight(reader=Reader((owner.id, *teams(owner))))
        return to_judge(within(query, sight)), kinds_of(query)


def write(conn: Connection[Any], found: Sequence[Found]) -> None:
    """Make deliveries of what was found, and move the endpoints on; those that were changed meanwhile are asked again."""
    asked = [one.endpoint for each in found for one in each.looking]
    held = store.hold_placed(conn, [*asked, *(one for each in found for one in each.left)])
    lines = [(id_, line) for each in found for id_, line in each.lines if id_ in held]
    if lines:
        store.add_deliveries(conn, lines)
    for each in found:
        store.move_places(
            conn, [one.endpoint.id for one in each.looking if one.endpoint.id in held], each.upto
        )
        for endpoint in each.left:
            if endpoint.id in held:
                switch_off(conn, endpoint.id, WhyOff.OWNER)


def _ask_about(
    conn: Connection[Any], looking: Sequence[Looking], after: int, upto: int
) -> list[tuple[EndpointId, Line]]:
    if not looking:
        return []
    now = datetime.now(UTC)
    kinds = [one.kinds for one in looking]
    lines = store.entries_between(
        conn,
        after,
        upto,
        sorts={sort for one in looking for sort in one.endpoint.entries},
        kinds=None if None in kinds else frozenset().union(*(kind for kind in kinds if kind)),
    )
    return [(one.endpoint.id, line) for line in lines for one in looking if one.finds(line, now)]


def may_be_told(owner: Actor, line: Line) -> bool:
    """Whether an entry may leave with this owner's rights: told at all, seen then and now, and of what they may take along."""
    return (
        may_connect(owner)
        and sees(owner, line.then)
        and sees_entry(owner, line.present, line.entry)
        and (owner.sort is ActorSort.SYSTEM or isinstance(may(owner, EXPORT, line.then), Grant))
    )


def switch_off(conn: Connection[Any], endpoint: EndpointId, why: WhyOff) -> None:
    """Tell an endpoint nothing more, until somebody switches it on, and tell those concerned by mail: once, however many of its
    deliveries say so."""
    if not store.switch_endpoint(conn, endpoint, "off", why.value):
        return
    warn(conn, endpoint, why.value)
    log.warning("endpoint_switched_off", endpoint=str(endpoint), why=why.value)
