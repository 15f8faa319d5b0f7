"""P9F: how many entries a second the followers take in, each alone and all beside each other, when they are behind."""

import asyncio
import random
import time
from statistics import median
from uuid import uuid4

import uvloop

from bench.figures import Figure, Rounds
from bench.house import OURS, House
from bench.in_process import DIGEST, TO_AND_FRO
from viertakt.db.pool import connect
from viertakt.journal.followers import follow_all
from viertakt.journal.reading import head, lag
from viertakt.journal.sequencing import sequence_all
from viertakt.operations.model import Caller, MoveRequest
from viertakt.wiring import FOLDS, FOLLOWERS, Application
from viertakt.worker.loops import Worker

CALLERS, CATCH_UP_SECONDS_MAX = 64, 100
GOAL = 2_000  # entries/s: twice what an installation of P8 writes


def catching_up(place: House, rounds: Rounds) -> dict[str, Figure]:
    """P9F: entries a second that all followers of a worker take in together, by what they took one after the other."""
    apart: list[float] = []
    together: list[float] = []
    alone: dict[str, list[float]] = {name: [] for name in FOLLOWERS}
    for _ in range(rounds.count):
        with place.copy(OURS) as url:
            count = _behind(place, url, rounds.seconds)
            took = _each(url)
            for name, seconds in took.items():
                alone[name].append(count / seconds)
            apart.append(count / sum(took.values()))
        with place.copy(OURS) as url:
            count = _behind(place, url, rounds.seconds)
            together.append(count / _all(url))
    ours, other = median(together), median(apart)
    figure = Figure(
        ratio=round(ours / other, 3),
        ours=round(ours, 1),
        other=round(other, 1),
        goal=GOAL,
        holds=ours >= GOAL,
        unit="entries/s",
        ours_is="all followers of a worker, behind",
        other_is="one after the other",
        details={name: round(median(found)) for name, found in alone.items()},
    )
    return {"P9F": figure}


def _behind(place: House, url: str, seconds: float) -> int:
    """Followed up to what the copy brought along; then so many moves have their positions, and nobody has followed them."""
    with connect(url, autocommit=True, statement_timeout=None) as conn:
        sequence_all(conn, FOLDS)
        for name, project in FOLLOWERS.items():
            follow_all(conn, name, project)
        before = head(conn).position
        with Application(url) as ours, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_moves(place, ours, seconds))
        sequence_all(conn, FOLDS)
        return head(conn).position - before


async def _moves(place: House, application: Application, seconds: float) -> None:
    actor = place.actor(application)
    ends = time.monotonic() + seconds

    async def caller(mine: list[int]) -> None:
        begun = dict.fromkeys(mine, 0)
        while time.monotonic() < ends:
            which = random.choice(mine)
            asked = Caller(actor, key=uuid4().hex, body_digest=DIGEST)
            await application.batch.ask(MoveRequest(place.ids[which], asked, TO_AND_FRO[begun[which] % 2]))
            begun[which] += 1

    await asyncio.gather(*(caller(list(range(n, len(place.ids), CALLERS))) for n in range(CALLERS)))


def _each(url: str) -> dict[str, float]:
    """Seconds that each follower takes when nothing else is done."""
    took = {}
    with connect(url, autocommit=True, statement_timeout=None) as conn:
        conn.prepare_threshold = None
        for name, project in FOLLOWERS.items():
            begun = time.perf_counter()
            follow_all(conn, name, project)
            took[name] = time.perf_counter() - begun
    return took


def _all(url: str) -> float:
    """Seconds until the followers of a worker have taken in everything."""
    with connect(url, autocommit=True) as conn, Worker(url):
        begun = time.perf_counter()
        while any(lag(conn).values()):
            assert time.perf_counter() < begun + CATCH_UP_SECONDS_MAX, "they catch up"
            time.sleep(0.05)
        return time.perf_counter() - begun
