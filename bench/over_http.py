"""P2, P3 and P11: the same moves over HTTP; one server process, the load generator here, PostgreSQL, on the same cores."""

import asyncio
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from urllib.parse import urlsplit
from uuid import uuid4

import uvloop

from bench import by_hand
from bench.figures import WARM_UP_SECONDS_MAX, Figure, Rounds, interleaved, rates
from bench.house import OURS, House
from bench.load import NextRequest, drive, request_bytes

CONNECTIONS = 64
BATCH_ITEMS = 100
BATCH_CONNECTIONS = 8  # 800 moves under way: three full sets, so that the batch never waits for the wire
STOP_SECONDS_MAX = 15
TO_AND_FRO = ("escalate", "clear")

Ask = Callable[[House, int], NextRequest]


def single_moves(place: House, rounds: Rounds) -> dict[str, Figure]:
    """P2: single moves over 64 connections beside the limit."""
    found = interleaved(
        {
            "limit": lambda: by_hand.limit(place, rounds.seconds),
            "over HTTP": lambda: _rate(
                place, rounds.seconds, _single, connections=CONNECTIONS, expected=b"201"
            ),
        },
        rounds,
    )
    figure = rates(
        ours=found["over HTTP"],
        ours_is="over HTTP, 64 connections",
        other=found["limit"],
        other_is="limit",
        goal=1.0,
        least=0.6,
    )
    return {"P2": figure}


def batches(place: House, rounds: Rounds) -> dict[str, Figure]:
    """P3: moves in batches of 100 beside the limit."""
    found = interleaved(
        {
            "limit": lambda: by_hand.limit(place, rounds.seconds),
            "over HTTP by 100": lambda: (
                _batch_items(place)
                * _rate(place, rounds.seconds, _hundred, connections=BATCH_CONNECTIONS, expected=b"200")
            ),
        },
        rounds,
    )
    figure = rates(
        ours=found["over HTTP by 100"],
        ours_is="over HTTP in batches of 100",
        other=found["limit"],
        other_is="limit",
        goal=3.0,
        least=2.0,
    )
    return {"P3": figure}


def lonely_move(place: House, rounds: Rounds) -> dict[str, Figure]:
    """P11: how long one caller alone waits for one move, in milliseconds, beside one caller alone by hand."""
    p50s: list[float] = []

    def ours() -> float:
        with _server(place) as port:
            _, latencies = _drive(place, port, rounds.seconds, _single, connections=1, expected=b"201")
        p50s.append(median(latencies) * 1000)
        return quantiles(latencies, n=100)[98] * 1000

    found = interleaved(
        {"limit, ms": lambda: by_hand.lonely_limit(place, rounds.seconds), "p99, ms": ours}, rounds
    )
    p99, other = found["p99, ms"], found["limit, ms"]
    figure = Figure(
        ratio=round(p99 / other, 3),
        ours=round(p99, 3),
        other=round(other, 3),
        goal=3.0,
        holds=p99 <= 3.0,
        unit="ms",
        ours_is="one lonely move over HTTP, p99",
        other_is="by hand without HTTP, average",
        details={"p50": round(median(p50s), 3)},
    )
    return {"P11": figure}


def _rate(place: House, seconds: float, ask: Ask, *, connections: int, expected: bytes) -> float:
    with _server(place) as port:
        return _drive(place, port, seconds, ask, connections=connections, expected=expected)[0]


def _drive(
    place: House, port: int, seconds: float, ask: Ask, *, connections: int, expected: bytes
) -> tuple[float, list[float]]:
    asking = ask(place, connections)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(
            drive(
                port,
                asking,
                connections=connections,
                expected=expected,
                warm_up=min(WARM_UP_SECONDS_MAX, seconds),
                seconds=seconds,
            )
        )


class _Mine:
    """The operations of one connection, and how often each was moved."""

    def __init__(self, ids: list[str]) -> None:
        self._ids = ids
        self._moved = [0] * len(ids)
        self._run = uuid4().hex
        self._number = 0

    def key(self) -> str:
        self._number += 1
        return f"{self._run}-{self._number}"

    def next(self, count: int) -> list[tuple[str, str]]:
        """Different operations picked at random, each with the transition that starts where it is."""
        picked = (
            random.sample(range(len(self._ids)), count) if count > 1 else [random.randrange(len(self._ids))]
        )
        moves = [(self._ids[which], TO_AND_FRO[self._moved[which] % 2]) for which in picked]
        for which in picked:
            self._moved[which] += 1
        return moves


def _mine(place: House, connections: int) -> list[_Mine]:
    return [_Mine([str(operation) for operation in place.ids[n::connections]]) for n in range(connections)]


def _single(place: House, connections: int) -> NextRequest:
    callers = _mine(place, connections)

    def ask(number: int) -> bytes:
        mine = callers[number]
        [(operation, transition)] = mine.next(1)
        path = f"/v1/operations/{operation}/moves"
        body = b'{"transition":"%b"}' % transition.encode("ascii")
        return request_bytes(path, body, token=place.secret, key=mine.key())

    return ask


def _batch_items(place: House) -> int:
    """A hundred, or what each connection has of its own where a trial run has fewer."""
    return min(BATCH_ITEMS, place.operations // BATCH_CONNECTIONS)


def _hundred(place: House, connections: int) -> NextRequest:
    callers = _mine(place, connections)

    def ask(number: int) -> bytes:
        mine = callers[number]
        items = mine.next(_batch_items(place))
        listed = ",".join(
            f'{{"operation_id":"{operation}","transition":"{transition}"}}' for operation, transition in items
        )
        body = b'{"items":[%b]}' % listed.encode("ascii")
        return request_bytes("/v1/moves", body, token=place.secret, key=mine.key())

    return ask


@contextmanager
def _server(place: House) -> Iterator[int]:
    """The port of `viertakt serve` in a process of its own over fresh tables."""
    with place.copy(OURS) as url:
        command = [
            sys.executable,
            "-m",
            "viertakt.cli",
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--json",
        ]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VIERTAKT_")}
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, "VIERTAKT_DATABASE_URL": url},
            text=True,
        )
        assert process.stdout is not None, "it was asked for"
        try:
            line = process.stdout.readline()
            assert line, "the server says where it answers"
            yield urlsplit(json.loads(line)["url"]).port or 0
        finally:
            process.terminate()
            process.wait(STOP_SECONDS_MAX)
