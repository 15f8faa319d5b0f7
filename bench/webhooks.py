"""H1: what endpoints that hang cost the others: from commit to a healthy receiver at 1,000 moves/s, with and without them.

How P8 is read: an installation with a thousand moves a second has fifty endpoints, each with a query that finds its share,
so that all of them together are told of each move once. It has been at work for a while when five begin to hang, before
anybody knows it; the others' p99 may rise by a tenth, and is bounded by 500 ms from the entry's record to the arrival of its
bytes. What a worker takes in its first half second, when it has read no query and knows no connection, is twice the p99 of
all that follows, whoever hangs.
"""

import asyncio
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import cycle, islice
from multiprocessing.connection import Connection as Pipe
from statistics import quantiles
from uuid import uuid4

import msgspec
import uvloop

from bench.figures import Figure, Rounds
from bench.house import OURS, SUBJECTS, House
from bench.in_process import DIGEST, TO_AND_FRO
from viertakt.db.pool import Connection, connect
from viertakt.journal.reading import head, lag
from viertakt.journal.sequencing import sequence_all
from viertakt.journal.store import lock_follower, move_follower
from viertakt.notices import endpoints
from viertakt.notices.endpoint_model import EndpointSort
from viertakt.notices.endpoint_wanted import Wanted
from viertakt.operations.model import Caller, EntrySort, MoveRequest
from viertakt.settings import Settings
from viertakt.wiring import FOLDS, FOLLOWERS, Application

ENDPOINTS, HANGING = 50, 5
MOVES_A_SECOND, TICK = 1_000, 0.01
WARM_SECONDS, QUIET_SECONDS, DRAIN_SECONDS_MAX = 2.0, 1.0, 30.0
SETTINGS = Settings(secret_key="a key that only this measurement knows", webhook_allow="127.0.0.0/8")
RISE_MAX, P99_MS_MAX = 1.1, 500.0


class _Told(msgspec.Struct):
    timestamp: datetime


_told = msgspec.json.Decoder(_Told)


def to_receivers(place: House, rounds: Rounds) -> dict[str, Figure]:
    """H1: p99 at 45 endpoints while 5 hang, by the p99 at the same 45 while all answer; milliseconds.

    The p99 of all that arrived in all rounds, for that of one round moves by a twentieth. Each round is two of either side, in
    turns first.
    """
    found: dict[int, list[float]] = {0: [], HANGING: []}
    for _ in range(rounds.count):
        for hanging in (0, HANGING, HANGING, 0):
            found[hanging] += _round(place, rounds.seconds, hanging)
    ours, other = (quantiles(found[hanging], n=100)[98] * 1000 for hanging in (HANGING, 0))
    figure = Figure(
        ratio=round(ours / other, 3),
        ours=round(ours, 1),
        other=round(other, 1),
        goal=round(min(other * RISE_MAX, P99_MS_MAX), 1),
        holds=ours <= min(other * RISE_MAX, P99_MS_MAX),
        unit="ms",
        ours_is=f"commit to webhook at {ENDPOINTS - HANGING} endpoints, {HANGING} others hanging, p99",
        other_is="with none hanging",
        details={"webhooks/s": round(len(found[HANGING]) / (2 * rounds.count * rounds.seconds), 1)},
    )
    return {"H1": figure}


def _round(place: House, seconds: float, hanging: int) -> list[float]:
    with (
        place.copy(OURS) as url,
        _receivers(hanging) as (port, pipe),
        Application(url, settings=SETTINGS) as ours,
    ):
        skip_what_was(url)
        ours.call(lambda conn: _make(conn, ours, place, port))
        moves = _to_and_fro(place, ours)
        with _worker(url), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_paced(ours, moves, WARM_SECONDS))
            place.settle(url)
            pipe.send("measure")
            moved = runner.run(_paced(ours, moves, seconds))
            pipe.send("done")
            delays: list[float] = pipe.recv()
    expected = moved * (ENDPOINTS - HANGING) / ENDPOINTS
    assert abs(len(delays) - expected) <= ENDPOINTS, f"{len(delays)} arrived of {expected}"
    return delays


def _make(conn: Connection, application: Application, place: House, port: int) -> None:
    """An endpoint for each fiftieth of the operations, so that all together are told of each move once."""
    fields = application.kinds.search_fields(conn)
    for which in range(ENDPOINTS):
        subjects = ",".join(f"player-{n}" for n in range(which, min(len(place.ids), SUBJECTS), ENDPOINTS))
        wanted = Wanted(
            f"e{which}", f"http://127.0.0.1:{port}/{which}", f"subject:{subjects}", (EntrySort.MOVED,), ()
        )
        endpoints.make_endpoint(
            conn,
            place.actor(application),
            EndpointSort.WEBHOOK,
            wanted,
            sealer=application.sealer,
            allowed=application.networks,
            fields=fields,
            persons=1,
        )


def _to_and_fro(place: House, application: Application) -> Iterator[MoveRequest]:
    """Moves without end, of one operation after the other: nobody waits for another's move."""
    actor = place.actor(application)
    for transition in cycle(TO_AND_FRO):
        for operation in place.ids:
            yield MoveRequest(operation, Caller(actor, key=uuid4().hex, body_digest=DIGEST), transition)


async def _paced(application: Application, moves: Iterator[MoveRequest], seconds: float) -> int:
    """How many moves it was."""
    tasks: list[asyncio.Task[object]] = []
    ends = due = time.perf_counter()
    ends += seconds
    while time.perf_counter() < ends:
        now = islice(moves, int(MOVES_A_SECOND * TICK))
        tasks.extend(asyncio.ensure_future(application.batch.ask(move)) for move in now)
        due += TICK
        await asyncio.sleep(max(due - time.perf_counter(), 0))
    await asyncio.gather(*tasks)
    return len(tasks)


@contextmanager
def _worker(url: str) -> Iterator[None]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VIERTAKT_")}
    own = {
        "VIERTAKT_DATABASE_URL": url,
        "VIERTAKT_SECRET_KEY": SETTINGS.secret_key or "",
        "VIERTAKT_WEBHOOK_ALLOW": SETTINGS.webhook_allow,
    }
    command = [sys.executable, "-m", "viertakt.cli", "worker"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=kept | own)
    try:
        until_followed(url)
        yield
    finally:
        process.kill()
        process.wait()


def skip_what_was(url: str) -> None:
    """What the copy brought along has its positions and concerns no follower: no check decides what is moved about."""
    with connect(url, autocommit=True) as conn:
        sequence_all(conn, FOLDS)
        for name in FOLLOWERS:
            with conn.transaction():
                lock_follower(conn, name)
                move_follower(conn, name, head(conn).position)


def until_followed(url: str) -> None:
    """The worker has begun: a figure that holds its start is none."""
    ends = time.monotonic() + DRAIN_SECONDS_MAX
    at_work = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'viertakt-worker' AND datname = current_database()"
    with connect(url, autocommit=True) as conn:
        while conn.execute(at_work).fetchone() == (0,) or any(lag(conn).values()):
            assert time.monotonic() < ends, "the worker begins"
            time.sleep(0.05)


@contextmanager
def _receivers(hanging: int) -> Iterator[tuple[int, Pipe]]:
    """All receivers in a process of their own: the port, and a pipe that tells the delays when it is asked."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_receive, args=(theirs, hanging))
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.kill()
        process.join()


def _receive(pipe: Pipe, hanging: int) -> None:
    asyncio.run(_receiving(pipe, hanging))


async def _receiving(pipe: Pipe, hanging: int) -> None:
    """Seconds from each entry's record to its arrival, at the endpoints that never hang in any round.

    The first word on the pipe begins the measurement, and the hanging; the second ends it.
    """
    delays: list[float] = []
    begun = float("inf")
    last = time.monotonic()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal last
        while head := await _head(reader):
            which = int(head.split(b" ", 2)[1][1:])
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            if which < hanging and time.time() >= begun:
                await reader.read()  # until the sender has had enough
                break
            last = time.monotonic()
            recorded = _told.decode(body).timestamp.timestamp()
            if which >= HANGING and recorded >= begun:
                delays.append(time.time() - recorded)
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await _word(pipe)
    begun = time.time()
    await _word(pipe)
    until = time.monotonic() + DRAIN_SECONDS_MAX
    while time.monotonic() < min(until, last + QUIET_SECONDS):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    pipe.send(delays)
    os._exit(0)  # whoever is still connected would only be complained about


async def _word(pipe: Pipe) -> None:
    while not pipe.poll():  # noqa: ASYNC110 - the other side is no coroutine
        await asyncio.sleep(0.02)
    pipe.recv()


async def _head(reader: asyncio.StreamReader) -> bytes:
    """The head of the next request on a connection; nothing where it has ended."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
