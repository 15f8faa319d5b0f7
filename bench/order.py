"""P8 and P9: how soon an entry has its place in the order, and reaches a browser; server and worker run beside the callers."""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from statistics import median, quantiles
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import uvloop

from bench.figures import Figure, Rounds
from bench.house import OURS, House
from bench.in_process import DIGEST, TO_AND_FRO
from bench.webhooks import skip_what_was
from viertakt.db.pool import connect
from viertakt.journal.reading import delay, head
from viertakt.kinds.model import TransitionName
from viertakt.operations.model import Answer, Caller, MoveRequest
from viertakt.wiring import Application

MOVES_A_SECOND = 1_000
TICK = 0.01
STOP_SECONDS_MAX = 15
CATCH_UP_SECONDS_MAX = 60


def to_the_browser(place: House, rounds: Rounds) -> dict[str, Figure]:
    """P8: from the answered move to its event on a stream, at 1,000 moves a second, p99 in milliseconds."""
    p99s, p50s, placed = [], [], []
    for _ in range(rounds.count):
        with (
            place.copy(OURS) as url,
            _skipped(url),
            beside(url, "worker"),
            beside(url, "serve") as port,
            Application(url) as ours,
        ):
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                latencies = runner.run(_paced(place, ours, port or 0, rounds.seconds))
            p99s.append(quantiles(latencies, n=100)[98] * 1000)
            p50s.append(median(latencies) * 1000)
            placed.append(len(latencies))
    ours_p99 = median(p99s)
    figure = Figure(
        ratio=round(ours_p99 / 250, 3),
        ours=round(ours_p99, 1),
        other=250.0,
        goal=250.0,
        holds=ours_p99 <= 250,
        unit="ms",
        ours_is="answered move to event on a stream at 1,000 moves/s, p99",
        other_is="bound",
        details={"p50": round(median(p50s), 1), "events": float(median(placed))},
    )
    return {"P8": figure}


def keeping_up(place: House, rounds: Rounds) -> dict[str, Figure]:
    """P9: positions a second beside moves a second, with 256 callers at full speed."""
    speeds: list[tuple[float, float, float]] = []
    for _ in range(rounds.count):
        with (
            place.copy(OURS) as url,
            beside(url, "worker"),
            Application(url) as ours,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            speeds.append(runner.run(_full_speed(place, ours, url, rounds.seconds)))
    moves, positions, worst = (median(column) for column in zip(*speeds, strict=True))
    figure = Figure(
        ratio=round(positions / moves, 3),
        ours=round(positions, 1),
        other=round(moves, 1),
        goal=0.97,
        holds=positions / moves >= 0.97,
        unit="moves/s",
        ours_is="positions and tallies, 256 callers",
        other_is="moves",
        details={"longest wait, ms": round(worst * 1000, 1)},
    )
    return {"P9": figure}


async def _paced(place: House, application: Application, port: int, seconds: float) -> list[float]:
    """Seconds from each answer to its event."""
    answered: dict[int, float] = {}
    heard: dict[int, float] = {}
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET /v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {place.secret}\r\n\r\n".encode()
    )
    while not (await reader.readline()).startswith(b"id: "):
        pass  # what is moved before the stream knows its place is not on it
    listener = asyncio.create_task(_listen(reader, heard))
    actor = place.actor(application)
    begun = [0] * len(place.ids)

    async def move(which: int, transition: TransitionName) -> None:
        asked = Caller(actor, key=uuid4().hex, body_digest=DIGEST)
        answer = await application.batch.ask(MoveRequest(place.ids[which], asked, transition))
        assert isinstance(answer, Answer), answer
        answered[answer.entry.seq] = time.perf_counter()

    turns = cycle(range(len(place.ids)))  # one after the other: nobody waits for another's move
    tasks: list[asyncio.Task[None]] = []
    ends = time.perf_counter() + seconds
    due = time.perf_counter()
    while time.perf_counter() < ends:
        for which in islice(turns, int(MOVES_A_SECOND * TICK)):
            tasks.append(asyncio.create_task(move(which, TO_AND_FRO[begun[which] % 2])))
            begun[which] += 1
        due += TICK
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        if len(tasks) > MOVES_A_SECOND:
            await asyncio.gather(*tasks)
            tasks.clear()
    await asyncio.gather(*tasks)
    late = time.perf_counter() + CATCH_UP_SECONDS_MAX
    while len(heard.keys() & answered.keys()) < len(answered) and time.perf_counter() < late:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    listener.cancel()
    writer.close()
    assert len(heard.keys() & answered.keys()) == len(answered), "every move comes on the stream"
    return [heard[seq] - at for seq, at in answered.items()]


async def _listen(reader: asyncio.StreamReader, heard: dict[int, float]) -> None:
    while line := await reader.readline():
        if line.startswith(b"data: {") and (at := line.find(b'"seq":')) > 0:
            heard[int(line[at + 6 : line.find(b",", at)])] = time.perf_counter()


async def _full_speed(
    place: House, application: Application, url: str, seconds: float
) -> tuple[float, float, float]:
    """Moves and positions a second, and the longest that an entry waited."""
    actor = place.actor(application)
    moved, stopped = 0, False

    async def caller(mine: list[int]) -> None:
        nonlocal moved
        begun = dict.fromkeys(mine, 0)
        while not stopped:
            which = random.choice(mine)
            asked = Caller(actor, key=uuid4().hex, body_digest=DIGEST)
            await application.batch.ask(MoveRequest(place.ids[which], asked, TO_AND_FRO[begun[which] % 2]))
            begun[which] += 1
            moved += 1

    with connect(url, autocommit=True) as conn:
        callers = [asyncio.create_task(caller(list(range(n, len(place.ids), 256)))) for n in range(256)]
        await asyncio.sleep(1)
        first, moved_first, at = head(conn).position, moved, time.perf_counter()
        worst = 0.0
        while time.perf_counter() < at + seconds:
            await asyncio.sleep(0.1)
            worst = max(worst, delay(conn).total_seconds())
        took = time.perf_counter() - at
        positions, moves = head(conn).position - first, moved - moved_first
        stopped = True
        await asyncio.gather(*callers)
    return moves / took, positions / took, worst


@contextmanager
def _skipped(url: str) -> Iterator[None]:
    """No check decides what is moved about."""
    skip_what_was(url)
    yield


@contextmanager
def beside(url: str, command: str) -> Iterator[int | None]:
    """`viertakt worker` or `viertakt serve` in a process of its own; the port of the latter."""
    arguments = ["--host", "127.0.0.1", "--port", "0", "--json"] if command == "serve" else []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VIERTAKT_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "viertakt.cli", command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**environment, "VIERTAKT_DATABASE_URL": url},
        text=True,
    )
    try:
        if command == "serve":
            assert process.stdout is not None, "it was asked for"
            yield urlsplit(json.loads(process.stdout.readline())["url"]).port
        else:
            until_sequenced(url)
            yield None
    finally:
        process.terminate()
        process.wait(STOP_SECONDS_MAX)


def until_sequenced(url: str) -> None:
    """The worker has begun, and what the copy brought along has its place."""
    ends = time.monotonic() + CATCH_UP_SECONDS_MAX
    with psycopg.connect(url, autocommit=True) as conn:
        while delay(conn).total_seconds() > 0 or head(conn).position == 0:
            assert time.monotonic() < ends, "the worker begins"
            time.sleep(0.05)
