"""The follower that tells: reads the entries as they get their positions, finds whom each concerns, and writes notices.

    journal ──► read_lines ──► for each entry: called by name │ asked to consent │ told of what is undone │ subscribed
                                                  │
                                 people, active, who may see the operation then and now, and have not muted it
                                                  │
                                 one notice for each person and entry ──► the consoles ring

It moves its place in the transaction of what it writes, and what it writes is unique for a person and an entry: killed
anywhere, it has told each once or will. Rights are those of the moment of telling, and are looked up again by whoever shows
a notice. Nothing of it is in a move's way: it reads what is committed.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from viertakt.access.actions import actor_by_id
from viertakt.access.directory import roles_granted
from viertakt.access.grants import CONSENT
from viertakt.access.model import Actor, ActorId, Right
from viertakt.access.rules import sees
from viertakt.kinds.actions import Kinds
from viertakt.kinds.searchable import search_fields
from viertakt.notices import store
from viertakt.notices.gathering import gather
from viertakt.notices.index import Compiled, Index, Known
from viertakt.notices.model import ROLE, Channels, Line, NoticeEvent, Pace, Told, Why
from viertakt.notices.rules import called, deciders, is_muted, is_silent, matrix_line, merged, undone
from viertakt.operations.model import Entry, EntrySort, Need
from viertakt.operations.reading import sees_entry
from viertakt.operations.rules_approvals import needs_to_decide, right_to_decide

AT_ONCE = 500  # positions read together: a document each of entry and operation


class Wish(NamedTuple):
    """That an entry may concern somebody (person:… or role:…): by its own words, or by a subscription."""

    line: Line
    event: NoticeEvent
    target: str
    by: Compiled | None = None
    as_told: Channels | None = None
    needs: tuple[Need, ...] = ()


class Teller:
    """Remembers subscriptions, rights and kinds from step to step, each only as long as they are what the database says."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._kinds = Kinds()
        self._known = Known({})
        self._index = Index((), self._known)
        self._as_of: tuple[str, int, int] | None = None
        self._reverses: Sequence[str] = ()
        self._actors: dict[ActorId, Actor] = {}

    def project(self, conn: Connection[Any], after: int, upto: int) -> None:
        """Tell what these positions hold, in the transaction that moves the follower on."""
        as_of = (conn.info.dbname, *store.rules_as_of(conn))
        if as_of != self._as_of:
            other_kinds = self._as_of is None or (as_of[0], as_of[2]) != (self._as_of[0], self._as_of[2])
            if other_kinds or self._known.is_full:
                self._known = Known(search_fields(conn))
            if other_kinds:
                self._reverses = store.reverses(conn)
            self._index = Index(store.all_subscriptions(conn), self._known)
            self._as_of = as_of
        rung: set[str] = set()
        for start in range(after, upto, AT_ONCE):
            upto_here = min(upto, start + AT_ONCE)
            lines = store.read_lines(conn, start, upto_here, self._index.interest, self._reverses)
            for part in self._parts(lines):
                rung |= self._tell(conn, part)
        if rung:
            store.ring(conn, rung)

    def _parts(self, lines: Sequence[Line]) -> Iterator[list[Line]]:
        """The lines in order, cut where one takes back what another of these told: by then that one has been told."""
        part: list[Line] = []
        touched: set[UUID] = set()
        for line in lines:
            if line.entry.operation_id in touched and self._takes_back(line.entry):
                yield part
                part, touched = [], set()
            part.append(line)
            touched.add(line.entry.operation_id)
        if part:
            yield part

    def _takes_back(self, entry: Entry) -> bool:
        return entry.sort is EntrySort.MOVED and (
            entry.cause == "undo" or (entry.cause == "manual" and entry.transition in self._reverses)
        )

    def _tell(self, conn: Connection[Any], lines: Sequence[Line]) -> set[str]:
        now = self._clock()
        wanted = [wish for line in lines for wish in self._wishes(conn, line, now)]
        if not wanted:
            return set()
        people = People(conn, {wish.target for wish in wanted}, self._actors)
        mutes = store.mutes_of(conn, people.ids)
        found: dict[tuple[ActorId, int], list[Told]] = {}
        for wish in wanted:
            for actor in people.meant(wish.target):
                told = self._told(wish, actor, now)
                if told is not None and not is_muted(told, mutes):
                    found.setdefault((actor.id, wish.line.position), []).append(told)
        notices = [merged(reasons) for reasons in found.values()]
        written = store.add_notices(conn, notices)
        fresh = [one for one in notices if _key(one) in written]
        gather(conn, [one for one in fresh if one.channels.mail is not Pace.OFF], now)
        return {one.actor for one in fresh if one.channels.console}

    def _wishes(self, conn: Connection[Any], line: Line, now: datetime) -> Iterator[Wish]:
        """Whom an entry may concern, by its own words and by subscriptions; their rights not looked at yet."""
        entry = line.entry
        named = called(line)
        if named is not None:
            event, targets = named
            yield from (Wish(line, event, target) for target in targets)
        if entry.sort is EntrySort.ASKED and entry.transition is not None:
            kind = self._kinds.at(conn, line.then.kind, line.then.kind_version).kind
            needs = needs_to_decide(kind, entry.transition, line.then, now)
            granted = roles_granted(conn, CONSENT + entry.transition)
            for role in dict.fromkeys((*deciders(needs), *(ROLE + name for name in granted))):
                yield Wish(line, NoticeEvent.APPROVAL, role, needs=needs)
        if self._takes_back(entry):
            kind = self._kinds.at(conn, line.then.kind, line.then.kind_version).kind
            for actor, mailed in store.told_since(conn, entry, undone(kind, entry.transition)):
                as_told = Channels(mail=Pace.AT_ONCE) if mailed else None
                yield Wish(line, NoticeEvent.CORRECTION, actor, as_told=as_told)
        if entry.sort in {EntrySort.CONSENTED, EntrySort.DECLINED} and entry.transition is not None:
            asker = store.asked_by(conn, entry.operation_id, entry.seq, entry.transition)
            if asker is not None:
                yield Wish(line, NoticeEvent.DECISION, asker)
        for event, compiled in self._index.candidates(line):
            # Asked before anybody is looked up: of many subscriptions few find it.
            if compiled.judge is None or self._index.finds(compiled, line, now):
                yield Wish(line, event, compiled.subscription.subscriber, compiled)

    def _told(self, wish: Wish, actor: Actor, now: datetime) -> Told | None:
        """What this person is told, or None: who did it knows, and who may not see it is told nothing."""
        line = wish.line
        if actor.id == line.entry.actor or not _may_decide(actor, wish):
            return None
        if wish.by is not None and not self._wanted(wish.by, line, actor, now):
            return None
        if wish.by is None:
            line_of = matrix_line(wish.event, actor.id, actor.roles, self._index.lines)
            # What was told by mail is put right by mail, unless they have chosen otherwise.
            as_told = wish.as_told if line_of.by != "own" else None
            channels, why = as_told or line_of.channels, Why("you")
        else:
            subscription = wish.by.subscription
            by = "own" if subscription.subscriber == actor.id else subscription.subscriber
            channels = subscription.channels
            why = Why(by, subscription.id, subscription.query, subscription.stages)
        if is_silent(channels) or not _may_see(actor, line):
            return None
        return Told(actor.id, line, wish.event, why, channels)

    def _wanted(self, by: Compiled, line: Line, actor: Actor, now: datetime) -> bool:
        """Whether a subscription that may find an entry tells this person of it: it was there before, holds for them, and means them."""
        subscription = by.subscription
        if subscription.created_at > line.entry.recorded_at:
            return False
        # What somebody says for themselves stands in the place of what their role hears of.
        if subscription.subscriber != actor.id and (actor.id, subscription.event) in self._index.lines:
            return False
        return by.judge is not None or self._index.finds(by, line, now, actor)


def _key(told: Told) -> tuple[ActorId, UUID, int]:
    return told.actor, told.line.entry.operation_id, told.line.entry.seq


def _may_decide(actor: Actor, wish: Wish) -> bool:
    """Whether somebody's consent would count, where one is asked for."""
    transition = wish.line.entry.transition
    if not wish.needs or transition is None:
        return True
    return isinstance(right_to_decide(actor, wish.line.then, transition, wish.needs), Right)


def _may_see(actor: Actor, line: Line) -> bool:
    return sees(actor, line.then) and sees_entry(actor, line.present, line.entry)


class People:
    """The people that some targets mean, with their rights as they are now."""

    def __init__(self, conn: Connection[Any], targets: set[str], known: dict[ActorId, Actor]) -> None:
        roles = {target.removeprefix(ROLE) for target in targets if target.startswith(ROLE)}
        self._holders = store.holders(conn, roles) if roles else {}
        wanted = {ActorId(target) for target in targets if not target.startswith(ROLE)}
        wanted.update(*self._holders.values())
        self._actors: dict[ActorId, Actor] = {}
        for actor, version in store.access_versions(conn, wanted).items():
            held = known.get(actor)
            if held is None or held.access_version != version:
                held = known[actor] = actor_by_id(conn, actor)
            self._actors[actor] = held

    @property
    def ids(self) -> list[ActorId]:
        """All of them."""
        return list(self._actors)

    def meant(self, target: str) -> list[Actor]:
        """Who is meant by person:… or role:…; nobody where they may not act any more."""
        ids = (
            self._holders.get(target.removeprefix(ROLE), []) if target.startswith(ROLE) else [ActorId(target)]
        )
        return [self._actors[id_] for id_ in ids if id_ in self._actors]
