"""What waits while something is wrong outside: a hold names operations by a query, and letting go of it is work in steps.

    held ──► programs do not send these to their provider, nobody is asked about them, their deadlines do not fire
      │
    let go ──► their deadlines get back the time they waited, some hundreds at a time
      │                    └─ so they come due as far apart as they would have, and not all at once
      ├──► who else had them wait spreads how it goes on (`Spread`), and the hold is over
      └──► what was spread has gone out: all goes on (`After`)

A hold is a query and no list of operations: what is opened meanwhile waits as well. Claims ask the database (`held_sql`); the
batch keeps what is held in memory (`Holds`), so a move asks nobody, and where nothing is held it pays one look at an empty
tuple. A worker that is killed between two steps leaves the hold standing, and the next goes on where it was.

Lives here and not with incidents: what waits is decided where operations are; why, and who said so, is theirs.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any, NamedTuple, NewType
from uuid import UUID

import msgspec
import structlog
from psycopg import Connection, Error, sql
from psycopg.rows import class_row
from uuid_utils.compat import uuid7

from viertakt import language
from viertakt.access.model import ActorSort
from viertakt.db.leases import Ask
from viertakt.db.queries import load
from viertakt.errors import InvalidQuery, OnHold, ViertaktError
from viertakt.kinds.model import Cause, Kind, StageName, WaitingOn
from viertakt.kinds.searchable import search_fields
from viertakt.language import Profile, Query
from viertakt.language.model import AllOf, AnyOf
from viertakt.language.to_predicate import Judge, to_judge
from viertakt.operations.model import MoveRequest, Operation
from viertakt.operations.store_assignment import primary_clock

log = structlog.get_logger(__name__)
_queries = load(__package__, "holding.sql")

HoldId = NewType("HoldId", UUID)

NOTHING = sql.SQL("FALSE")

HOLDS_MAX = 20  # at a time: each is one more condition for whatever is claimed
EXTENDED_AT_ONCE = 500
COUNTED_MAX = 10_000
CONCERNED_AT_ONCE = (
    10  # of 200 in 24 partitions ten at once take 0.7 s, two hundred at once 1.0 s: all of it planning
)
LOOKED_AGAIN = timedelta(seconds=5)
LOOK_EVERY = 1.0  # seconds until what another process holds is held here too


class Hold(msgspec.Struct, frozen=True):
    """What waits. `released_from`: since when it is being let go, at so many a minute."""

    id: HoldId
    query: str
    held_at: datetime
    released_from: datetime | None = None
    per_minute: int | None = None


class Released(NamedTuple):
    """A hold whose deadlines have their time back, and what it found."""

    hold: Hold
    query: Query


class Held(NamedTuple):
    """How many operations are under way that a query finds, counted to `COUNTED_MAX`: all, those that wait on a provider, those with
    a deadline, and those whose deadline is up."""

    pending: int
    with_provider: int
    deadlines: int
    overdue: int


# How what else was held goes on, in the transaction that ends a hold; until when that takes, None where there was nothing.
Spread = Callable[[Connection[Any], Released], datetime | None]
# What is to be done when all of a hold goes on, in the transaction that says so.
After = Callable[[Connection[Any], Hold], None]


def hold(conn: Connection[Any], query: str) -> HoldId:
    """Let these operations wait from now on; the text is one that reads (`language.parse`)."""
    hold_id = HoldId(uuid7())
    conn.execute(_queries["add_hold"], {"hold_id": hold_id, "query": query})
    return hold_id


def let_go(conn: Connection[Any], hold_id: HoldId, *, per_minute: int) -> bool:
    """Let them go, so many a minute being asked about; whether nobody had before."""
    return conn.execute(_queries["let_go"], {"hold_id": hold_id, "per_minute": per_minute}).rowcount > 0


def standing_holds(conn: Connection[Any]) -> list[Hold]:
    """What waits now, the longest first."""
    with conn.cursor(row_factory=class_row(Hold)) as cursor:
        return cursor.execute(_queries["standing_holds"], {"limit": HOLDS_MAX}).fetchall()


def held_sql(conn: Connection[Any]) -> tuple[sql.Composable, dict[str, object]]:
    """The condition on which an operation `o` is held, and its parameters; FALSE where nothing is."""
    held = [query for _, query in _read(conn)]
    if not held:
        return NOTHING, {}
    either = Query((AnyOf(tuple(AllOf(query.terms) for query in held)),))
    return language.to_sql(either, primary_clock(conn))


class Looks:
    """From where on a duty looks for what is due while something is held. One a duty, for it remembers.

    What is held stays due, and each look would read all of it again: 10,000 operations take 3 to 10 ms, four times a second. So
    a look that left behind nothing but what is held counts for all that was due by then: for `LOOKED_AGAIN` only what has
    come due since is looked at. What falls due before that, a refusal that has rested say, is found these seconds later.
    """

    def __init__(self) -> None:
        self._all_at: datetime | None = None

    def since(self, now: datetime, held: sql.Composable) -> datetime | None:
        """What was due by then was looked at already; None: look at all, but for {held}."""
        if held is NOTHING or (self._all_at is not None and now >= self._all_at + LOOKED_AGAIN):
            self._all_at = None
        return self._all_at

    def note(self, now: datetime, held: sql.Composable, *, left: bool) -> None:
        """That look is over. `left`: there may be more than it took."""
        if self._all_at is None and held is not NOTHING and not left:
            self._all_at = now


def count_held(conn: Connection[Any], query: Query) -> Held:
    """How many operations under way a query finds."""
    condition, params = language.to_sql(query, primary_clock(conn))
    statement = sql.SQL(_queries["count_held"]).format(found=condition)
    row = conn.execute(statement, {**params, "limit": COUNTED_MAX}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return Held(*row)


def concerns(conn: Connection[Any], query: Query, *, since: datetime) -> bool:
    """Whether a query finds an operation that is under way, or has ended since then."""
    return bool(concerning(conn, [(query, since)]))


def concerning(conn: Connection[Any], asked: Sequence[tuple[Query, datetime]]) -> set[int]:
    """Which of these queries, by their places, do: one statement for up to `CONCERNED_AT_ONCE`, so that its plan stays small."""
    now, found = primary_clock(conn), set[int]()
    for start in range(0, len(asked), CONCERNED_AT_ONCE):
        params: dict[str, object] = {}
        parts = []
        for n, (query, since) in enumerate(asked[start : start + CONCERNED_AT_ONCE], start):
            condition, _ = language.to_sql(query, now, beside=params)
            params[f"since{n}"] = since
            places = {"n": sql.Literal(n), "since": sql.Placeholder(f"since{n}"), "found": condition}
            parts.append(sql.SQL(_queries["concerns"]).format(**places))
        statement = sql.SQL(" UNION ALL ").join(parts)
        found.update(n for (n,) in conn.execute(statement, params).fetchall())
    return found


def is_send(kind: Kind, operation: Operation, request: MoveRequest, cause: str) -> bool:
    """Whether a program is about to give an operation to a provider: a move now, by nobody's hand, into a stage that waits on one.

    `cause`: in which capacity the move is made. What a source reports, and what is told of the past, has happened already. A
    person who sends one by hand sees what is wrong, and knows why; of what a job of theirs sends nobody looks at each.
    """
    transition = kind.transitions.get(request.transition)
    if transition is None or request.at is not None or cause == Cause.SOURCE:
        return False
    if request.caller.actor.sort is ActorSort.PERSON and request.caller.cause is None:
        return False
    return goes_out(kind, operation, transition.to)


def goes_out(kind: Kind, operation: Operation, to: StageName) -> bool:
    """Whether coming to that stage gives an operation to a provider."""
    return kind.stages[to].waiting_on is WaitingOn.PROVIDER and operation.waiting_on is not WaitingOn.PROVIDER


class Holds:
    """What is held, as this process knows it: at most a second old where it `watch`es."""

    def __init__(self) -> None:
        self.standing: tuple[tuple[Hold, Judge], ...] = ()
        self._read_at = -LOOK_EVERY

    def refresh_when_old(self, conn: Connection[Any]) -> None:
        """Read it anew where that is a second ago: for who has no thread to `watch` it."""
        if time.monotonic() - self._read_at >= LOOK_EVERY:
            self._read_at = time.monotonic()
            self.refresh(conn)

    def refresh(self, conn: Connection[Any]) -> None:
        """Read it anew."""
        known = dict(self.standing)
        self.standing = tuple(
            (one, known[one] if one in known else to_judge(query, UTC)) for one, query in _read(conn)
        )

    def holds(
        self, kind: Kind, operation: Operation, request: MoveRequest, cause: str, now: datetime
    ) -> Hold | None:
        """The hold for which a program is not to send this, or None."""
        if not self.standing or not is_send(kind, operation, request, cause):
            return None
        return next((hold for hold, judge in self.standing if judge(operation, now)), None)

    def of(self, operation: Operation, now: datetime) -> Hold | None:
        """The hold that lies on an operation, whoever would send it, or None; one that has ended waits for nothing."""
        return next((hold for hold, judge in self.standing if judge(operation, now)), None)

    def check(
        self, kind: Kind, operation: Operation, request: MoveRequest, cause: str, now: datetime
    ) -> None:
        """Raises `OnHold` where a program is not to send this now."""
        held = self.holds(kind, operation, request, cause, now)
        if held is not None:
            raise OnHold(
                f"Operation {operation.id} is held since {held.held_at.isoformat(timespec='seconds')}: something is wrong "
                f"at its provider. '{request.transition}' is open again when that is over; ask again then.",
                stage=operation.stage,
                status=operation.status,
            )

    def watch(self, ask: Ask) -> "Watching":
        """Keeps it up to date in a thread of its own, until it is left."""
        return Watching(self, ask)


class Watching:
    """A context manager: while it is entered, `Holds` is a second old at most."""

    def __init__(self, holds: Holds, ask: Ask) -> None:
        self._holds, self._ask = holds, ask
        self._stop = Event()
        self._thread = Thread(target=self._watch, name="holds", daemon=True)

    def __enter__(self) -> Holds:
        self._ask(self._holds.refresh)
        self._thread.start()
        return self._holds

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            try:
                self._ask(self._holds.refresh)
            except (
                ViertaktError,
                Error,
            ):  # what was held a second ago still is; that the database is away, others report
                log.warning("holds_not_read", exc_info=True)


class Releaser:
    """Lets go of holds: a step a turn."""

    def __init__(self, ask: Ask, spreads: Sequence[Spread] = (), after: Sequence[After] = ()) -> None:
        self._ask, self._spreads, self._after = ask, spreads, after

    def turn(self) -> float | None:
        """0 where more is to be done at once, else None."""
        return 0.0 if self._ask(self.step) else None

    def step(self, conn: Connection[Any]) -> bool:
        """Whether anything was to be let go."""
        return self._end(conn) or self._resume(conn)

    def _end(self, conn: Connection[Any]) -> bool:
        found = _take(conn, "take_released")
        if found is None:
            return False
        query = _parsed(conn, found)
        if _extend(conn, found, query) < EXTENDED_AT_ONCE:
            ends = [spread(conn, Released(found, query)) for spread in self._spreads]
            until = max((one for one in ends if one is not None), default=None)
            conn.execute(_queries["end_hold"], {"hold_id": found.id, "asked_until": until})
        return True

    def _resume(self, conn: Connection[Any]) -> bool:
        found = _take(conn, "take_asked")
        if found is None:
            return False
        for after in self._after:
            after(conn, found)
        conn.execute(_queries["resume"], {"hold_id": found.id})
        return True


def _take(conn: Connection[Any], which: str) -> Hold | None:
    with conn.cursor(row_factory=class_row(Hold)) as cursor:
        return cursor.execute(_queries[which]).fetchone()


def _extend(conn: Connection[Any], held: Hold, query: Query) -> int:
    condition, params = language.to_sql(query, primary_clock(conn))
    asked = {
        "hold_id": held.id,
        "held_at": held.held_at,
        "released_from": held.released_from,
        "limit": EXTENDED_AT_ONCE,
    }
    statement = sql.SQL(_queries["extend_deadlines"]).format(found=condition)
    row = conn.execute(statement, {**params, **asked}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return int(row[0])


def _read(conn: Connection[Any]) -> list[tuple[Hold, Query]]:
    standing = standing_holds(conn)
    return [(one, _parsed(conn, one)) for one in standing]


def _parsed(conn: Connection[Any], held: Hold) -> Query:
    try:
        return language.parse(held.query, fields=search_fields(conn), profile=Profile.ROW)
    except InvalidQuery as fault:
        # What it names is gone since it was written: it finds nothing, and is let go like any other.
        log.warning("hold_reads_no_more", hold=str(held.id), fault=str(fault))
        return Query((AnyOf(()),))
