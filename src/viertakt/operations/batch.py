"""Requests that arrive together are read, decided and written together.

    callers ──► ready ─► ready ─► ready          a request whose operation is free
                  │                                 (interactive ones first, bulk fills at most half)
                held: operation → queue          later requests for an operation already on its way, in their order;
                  │                                 those that wait when a set is taken go with it, as later rounds
                  │
                  ▼   a few threads, each with one connection
             plain moves:  read ─ decide ─ write as one set, guarded, committed at once ──► only now is anybody answered
             what is left: BEGIN ─ lock in order ─ decide ─ write as one set ─ COMMIT   ──► only now is anybody answered

Who waits for whom: where nothing is on its way, a thread takes what is there at once, so a lonely request waits for
nobody. Otherwise it takes its share of all there is, so that one thread decides while the other's set is written, and
waits a millisecond at most until its share has come. An operation is in at most one set at a time.

What happens on a crash, at each line: before COMMIT nothing happened, and callers are told it did not. In COMMIT nobody
can know; callers are told so (`Unavailable`), and asking again with the same key answers from the entry that carries it.
If a set fails as a whole its members run one by one, each in its own transaction, so that only the culprit fails.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from threading import Condition, Lock, Thread
from time import perf_counter, sleep
from types import TracebackType
from typing import NamedTuple, Self

import msgspec
from psycopg import DataError, Error, InterfaceError, OperationalError
from psycopg.errors import DeadlockDetected, SerializationFailure

from viertakt.db.pool import Connection
from viertakt.errors import Invalid, Unavailable, ViertaktError
from viertakt.operations.actions import execute
from viertakt.operations.at_once import move_at_once
from viertakt.operations.model import (
    Answer,
    OpenRequest,
)
from viertakt.operations.requests import Request
from viertakt.operations.store import steer
from viertakt.operations.turn import Engine, Result, unconfirmed

LINES_MIN = 2  # one writes while the other decides
# A third line and more only for sets still this large: smaller ones cost more than waiting does.
SIZE_WORTH_A_LINE = 64
SIZE_MAX = 256  # more gains nothing (28k moves/s at 256 callers) and only lets the first wait for the last
TRIES_MAX = 3
# While another set is on its way, this long at most for more to come: sets of one cost what sets of thirty do.
GATHER_SECONDS = 0.001
RETRY_SECONDS = 0.5  # a restarted database is back within a second

logger = logging.getLogger(__name__)


class Ticket:
    """One waiting request and where its answer goes. `behind`: where it holds its operation, those that wait for it."""

    __slots__ = ("behind", "bulk", "future", "loop", "place", "request")

    def __init__(self, request: Request, *, bulk: bool, loop: asyncio.AbstractEventLoop | None) -> None:
        self.request = request
        self.bulk = bulk
        self.loop = loop
        self.future: asyncio.Future[Result] | Future[Result] = loop.create_future() if loop else Future()
        # What at most one set at a time may hold; an opening has none, for its names are claimed in the database.
        # A number, as a UUID is hashed and compared in Python, and this is looked up several times a move.
        self.place: int | None = None if isinstance(request, OpenRequest) else request.operation_id.int
        self.behind: deque[Ticket] | None = None


class Done(msgspec.Struct):
    """What a batch has done since its start: sets, the requests in them, and the seconds that its lines were at work."""

    sets: int = 0
    requests: int = 0
    seconds: float = 0.0


class Standing(NamedTuple):
    """How a batch stands: requests that wait, also behind others for their operation, and those that are on their way."""

    waiting: int
    underway: int
    done: Done


class Batch:
    """The one door to the tables of operations. A context manager: leaving it answers what was accepted, then stops."""

    def __init__(self, connect: Callable[[], Connection], engine: Engine, *, threads: int = 2) -> None:
        """Each thread keeps one connection from `connect` for as long as it lives, and asks for another when it dies."""
        self._connect = connect
        self._engine = engine
        self._ready: deque[Ticket] = deque()
        self._ready_bulk: deque[Ticket] = deque()
        self._held: dict[int, deque[Ticket]] = {}
        self._underway = 0
        self._idle = 0  # threads that wait for a set
        self._done = Done()
        self._lock = Lock()
        self._wake = Condition(self._lock)
        self._closing = False
        self._threads = [Thread(target=self._work, name=f"batch-{n}", daemon=True) for n in range(threads)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._closing = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join()

    async def ask(self, request: Request, *, bulk: bool = False) -> Answer:
        """The answer to one request. Raises its refusal."""
        ticket = Ticket(request, bulk=bulk, loop=asyncio.get_running_loop())
        self._accept([ticket])
        assert isinstance(ticket.future, asyncio.Future), "it was made for this loop"
        return _told(await ticket.future)

    async def ask_all(self, requests: Iterable[Request], *, bulk: bool = True) -> list[Result]:
        """The result of each request, in order; requests for one operation happen in their order."""
        loop = asyncio.get_running_loop()
        tickets = [Ticket(request, bulk=bulk, loop=loop) for request in requests]
        self._accept(tickets)
        return [await ticket.future for ticket in tickets if isinstance(ticket.future, asyncio.Future)]

    def call(self, request: Request, *, bulk: bool = False) -> Answer:
        """The answer to one request, for a caller that is a thread. Raises its refusal."""
        return _told(self.call_all([request], bulk=bulk)[0])

    def call_all(self, requests: Iterable[Request], *, bulk: bool = True) -> list[Result]:
        """The result of each request, in order, for a caller that is a thread."""
        tickets = [Ticket(request, bulk=bulk, loop=None) for request in requests]
        self._accept(tickets)
        return [ticket.future.result() for ticket in tickets if isinstance(ticket.future, Future)]

    def standing(self) -> "Standing":
        """How much waits, is on its way, and has been done since the start."""
        with self._lock:
            held = sum(map(len, self._held.values()))
            return Standing(self._waiting() + held, self._underway, msgspec.structs.replace(self._done))

    def _accept(self, tickets: Sequence[Ticket]) -> None:
        with self._lock:
            if self._closing:
                raise Unavailable("The server is stopping: ask again in a moment.")
            for ticket in tickets:
                if ticket.place is not None:
                    behind = self._held.get(ticket.place)
                    if behind is not None:
                        behind.append(ticket)
                        continue
                    ticket.behind = self._held[ticket.place] = deque()
                (self._ready_bulk if ticket.bulk else self._ready).append(ticket)
            if self._idle and self._is_worth_a_set():
                self._wake.notify()

    def _waiting(self) -> int:
        return len(self._ready) + len(self._ready_bulk)

    def _share(self) -> int:
        """How many make a set: each line its part of all there is, so that one writes while another decides."""
        total = self._underway + self._waiting()
        lines = min(len(self._threads), max(LINES_MIN, total // SIZE_WORTH_A_LINE))
        return min(SIZE_MAX, -(-total // lines))

    def _is_worth_a_set(self) -> bool:
        waiting = self._waiting()
        return waiting > 0 and (not self._underway or waiting >= self._share())

    def _take(self) -> list[Ticket]:
        """The next set, waiting until there is one; empty when all is done and the batch is closing."""
        with self._lock:
            gathered = False
            while not (self._is_worth_a_set() or (gathered and self._waiting())):
                if self._closing and not self._held and not self._waiting():
                    return []
                self._idle += 1
                gathered = not self._wake.wait(GATHER_SECONDS if self._waiting() else None)
                self._idle -= 1
            size = self._share()
            taken = [self._ready.popleft() for _ in range(min(len(self._ready), size))]
            room = size // 2 if taken else size
            taken += [self._ready_bulk.popleft() for _ in range(min(len(self._ready_bulk), room))]
            taken += self._followers(taken)
            self._underway += len(taken)
            if self._waiting():
                self._wake.notify()
            return taken

    def _followers(self, taken: Sequence[Ticket]) -> list[Ticket]:
        """Later requests for the same operations, as far as there is room: a burst on one is not a commit each."""
        followers: list[Ticket] = []
        for ticket in taken:
            while ticket.behind and len(taken) + len(followers) < SIZE_MAX:
                followers.append(ticket.behind.popleft())
        return followers

    def _work(self) -> None:
        with closing(_Line(self._connect, self._engine)) as line:
            while tickets := self._take():
                begun = perf_counter()
                results = line.run([ticket.request for ticket in tickets])
                self._give_back(tickets, perf_counter() - begun)
                _deliver(tickets, results)

    def _give_back(self, tickets: Sequence[Ticket], took: float) -> None:
        """Free the places, and let the next in each line through before those who came later."""
        with self._lock:
            self._underway -= len(tickets)
            self._done.sets += 1
            self._done.requests += len(tickets)
            self._done.seconds += took
            for ticket in tickets:
                if ticket.behind:
                    following = ticket.behind.popleft()
                    following.behind = ticket.behind
                    (self._ready_bulk if following.bulk else self._ready).append(following)
                elif ticket.behind is not None and ticket.place is not None:
                    del self._held[ticket.place]
            self._wake.notify_all() if self._closing else self._wake.notify()


class _Line:
    """One thread's connection, and what it does with a set."""

    def __init__(self, connect: Callable[[], Connection], engine: Engine) -> None:
        self._connect = connect
        self._engine = engine
        self._conn: Connection | None = None

    def close(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None

    def run(self, requests: Sequence[Request]) -> list[Result]:
        """The result of each, whatever happens: plain moves at once, and what is left of the set under locks."""
        results = self._at_once(requests)
        left = [n for n in range(len(requests)) if n not in results]
        if left:
            results.update(zip(left, self._locked([requests[n] for n in left]), strict=True))
        return [results[n] for n in range(len(requests))]

    def _at_once(self, requests: Sequence[Request]) -> dict[int, Result]:
        """What could be moved without locks; nothing where that failed, for then the way under locks says why."""
        try:
            return move_at_once(self._connected(), self._engine, requests)
        except Exception as error:  # noqa: BLE001 - the edge: nothing was written, and all are asked again one way up
            logger.info("a set of %d goes under locks (%s)", len(requests), type(error).__name__)
            return {}

    def _locked(self, requests: Sequence[Request]) -> list[Result]:
        """The result of each: a set that fails as a whole is tried again, then member by member."""
        for attempt in range(TRIES_MAX):
            try:
                return self._transact(requests)
            except (DeadlockDetected, SerializationFailure):
                logger.info("a set of %d met another's locks, try %d", len(requests), attempt + 1)
            except (OperationalError, InterfaceError) as error:
                logger.warning("the database did not answer (%s), try %d", type(error).__name__, attempt + 1)
                self.close()
                sleep(attempt * RETRY_SECONDS)
            except Exception as error:  # noqa: BLE001 - the edge: whatever a set dies of, its members are still answered
                if len(requests) == 1:
                    return [_failed(error)]
                return [self._locked([request])[0] for request in requests]
        return [unconfirmed() for _ in requests]

    def _transact(self, requests: Sequence[Request]) -> list[Result]:
        conn = self._connected()
        conn.autocommit = False
        try:
            results = execute(conn, self._engine, requests)
        except BaseException:
            with suppress(Error):
                conn.rollback()
                conn.autocommit = True
            raise
        try:
            conn.commit()
            conn.autocommit = True
        except Error as error:
            # Committed or not: nobody knows, so it is not tried again here. Keys make asking again safe.
            logger.warning("a commit was not confirmed (%s)", type(error).__name__)
            self.close()
            return [unconfirmed() for _ in requests]
        return results

    def _connected(self) -> Connection:
        """This line's connection, in autocommit: a transaction is opened by who needs one."""
        if self._conn is None or self._conn.closed:
            self._conn = self._connect()
            steer(self._conn)
            self._conn.autocommit = True
        return self._conn


def _told(result: Result) -> Answer:
    if isinstance(result, ViertaktError):
        raise result
    return result


def _deliver(tickets: Sequence[Ticket], results: Sequence[Result]) -> None:
    """Answer everybody, waking each event loop once for all of its callers."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Ticket, Result]]] = {}
    for ticket, result in zip(tickets, results, strict=True):
        if ticket.loop is not None:
            by_loop.setdefault(ticket.loop, []).append((ticket, result))
        else:
            ticket.future.set_result(result)
    for loop, answered in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, answered)


def _resolve(answered: Sequence[tuple[Ticket, Result]]) -> None:
    for ticket, result in answered:
        if not ticket.future.done():  # a caller that went away is not waited for
            ticket.future.set_result(result)


def _failed(error: Exception) -> ViertaktError:
    """What its only member is told when a set fails: its own fault where the database says so, else ours, logged."""
    if isinstance(error, ViertaktError):
        return error
    if isinstance(error, DataError):
        return Invalid(f"This holds a value the database cannot keep ({type(error).__name__}).")
    logger.error("a request failed", exc_info=error)
    return Unavailable(
        f"This could not be carried out ({type(error).__name__}); it is logged. Nothing was written."
    )
