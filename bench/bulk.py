"""B1: a bulk job of everything there is: its dry run, how fast it is worked off, and what others notice of it.

Server and worker are one process, as `viertakt up` has them. The others make single moves of operations that are not in
the job, a hundredth of a second apart.
"""

import asyncio
import time
from collections.abc import Awaitable
from datetime import timedelta
from decimal import Decimal
from statistics import median, quantiles
from uuid import uuid4

import uvloop

from bench.figures import Figure, Rounds
from bench.house import OURS, House
from viertakt.access.model import Actor
from viertakt.access.rules import visible
from viertakt.bulk import actions
from viertakt.bulk.dry_run import Chosen
from viertakt.bulk.model import Asker, Job, JobState, Limits, Wanted
from viertakt.db.pool import Connection
from viertakt.kinds.model import ReasonCode, TransitionName
from viertakt.language import parse, within
from viertakt.operations.model import Caller, MoveRequest, OperationId
from viertakt.wiring import Application
from viertakt.worker.duties import Duties

OTHERS = 4
THINK_SECONDS = 0.01
DRY_RUN_ASKED = 10_000.0  # operations a second: a hundred thousand in ten
ITEMS_ASKED = 3_000.0
P99_FACTOR_MAX = 3.0
TO_AND_FRO = (TransitionName("escalate"), TransitionName("clear"))
LIMITS = Limits(countdown=timedelta(0), consent_above=10**9, consent_sum=Decimal(10**12))
FOUND = "kind:withdrawal stage:requested"


def jobs(place: House, rounds: Rounds) -> dict[str, Figure]:
    """B1: dry run and execution a second beside what is asked, and the p99 of others beside its idle value."""
    found = [_round(place, rounds.seconds) for _ in range(rounds.count)]
    dry, rate, idle, during = (median(one[part] for one in found) for part in range(4))
    return {
        "B1": _beside(dry, DRY_RUN_ASKED, "dry run"),
        "B1_items": _beside(rate, ITEMS_ASKED, "worked off"),
        "B1_p99": Figure(
            ratio=round(during / idle, 3),
            ours=round(during * 1000, 2),
            other=round(idle * 1000, 2),
            goal=P99_FACTOR_MAX,
            holds=during <= idle * P99_FACTOR_MAX,
            unit="ms",
            ours_is="p99 of others during a job",
            other_is="without one",
        ),
    }


def _beside(ours: float, asked: float, what: str) -> Figure:
    return Figure(
        ratio=round(ours / asked, 3),
        ours=round(ours, 1),
        other=asked,
        goal=1.0,
        holds=ours >= asked,
        unit="operations/s",
        ours_is=what,
        other_is="asked",
    )


def _round(place: House, seconds: float) -> tuple[float, float, float, float]:
    """Operations a second tried dry and worked off, and the p99 of others without a job and during it, in seconds."""
    with (
        place.copy(OURS) as url,
        Application(url, bulk=LIMITS) as application,
        Duties(application),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_measure(place, application, seconds))


async def _measure(
    place: House, application: Application, seconds: float
) -> tuple[float, float, float, float]:
    actor = place.actor(application)
    others = Others(application, actor, place.ids[:OTHERS])
    idle = await others.during(asyncio.sleep(seconds))
    begun = time.perf_counter()
    making = asyncio.ensure_future(application.ask(lambda conn: _made(conn, application, actor)))
    trying = await others.during(making)
    job = making.result()
    dry = job.total / (time.perf_counter() - begun)
    await application.ask(
        lambda conn: actions.start_job(
            conn, job.bulk_id, actor=actor, confirm=job.affected, limits=application.bulk
        )
    )
    begun = time.perf_counter()
    during = await others.during(_ended(application, job, actor))
    rate = job.affected / (time.perf_counter() - begun)
    print(
        f"        dry run {dry:,.0f}/s, worked off {rate:,.0f}/s, p99 {idle * 1e3:.2f} -> {trying * 1e3:.2f} -> {during * 1e3:.2f} ms",
        flush=True,
    )
    return dry, rate, idle, during


def _made(conn: Connection, application: Application, actor: Actor) -> Job:
    wanted = Wanted(TransitionName("refuse"), ReasonCode("fraud"))
    chosen = Chosen(within(parse(FOUND), visible(actor)))
    return actions.make_job(conn, application.engine, wanted, chosen, Asker(actor), limits=LIMITS)[0]


async def _ended(application: Application, job: Job, actor: Actor) -> None:
    while True:
        now = await application.ask(lambda conn: actions.read_job(conn, job.bulk_id, reader=actor))
        if now.state is JobState.DONE:
            return
        await asyncio.sleep(0.1)


class Others:
    """Callers who move operations of their own to and fro, and how long each move took them."""

    def __init__(
        self,
        application: Application,
        actor: Actor,
        ids: list[OperationId],
        to_and_fro: tuple[TransitionName, TransitionName] = TO_AND_FRO,
    ) -> None:
        self._application, self._actor, self._ids, self._ways = application, actor, ids, to_and_fro
        self._moved = dict.fromkeys(ids, 0)
        self._run = uuid4().hex

    async def during(self, other: Awaitable[object]) -> float:
        """The p99 of their moves while something else goes on."""
        took: list[float] = []
        stop = asyncio.Event()
        callers = [asyncio.create_task(self._call(one, took, stop)) for one in self._ids]
        await other
        stop.set()
        await asyncio.gather(*callers)
        return quantiles(took, n=100)[98]

    async def _call(self, operation: OperationId, took: list[float], stop: asyncio.Event) -> None:
        while not stop.is_set():
            count = self._moved[operation]
            caller = Caller(self._actor, key=f"{self._run}-{count}", body_digest="d")
            begun = time.perf_counter()
            await self._application.batch.ask(MoveRequest(operation, caller, self._ways[count % 2]))
            took.append(time.perf_counter() - begun)
            self._moved[operation] += 1
            await asyncio.sleep(THINK_SECONDS)
