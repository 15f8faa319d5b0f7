"""D1: everything there is comes due at once: how fast it is fired, and what others notice of it.

Server and worker are one process, as `viertakt up` has them. The others make single moves of operations that are not due, a
hundredth of a second apart.
"""

import asyncio
import time
from statistics import median

import uvloop

from bench.bulk import OTHERS, P99_FACTOR_MAX, Others
from bench.figures import Figure, Rounds
from bench.house import OURS, House
from viertakt.db.pool import connect
from viertakt.wiring import Application
from viertakt.worker.duties import Duties

FIRED_ASKED = 100_000 / 60  # a second: a hundred thousand within a minute
# As if each had waited two weeks for its documents: making that true move by move would take longer than the measurement.
COME_DUE = """
    UPDATE viertakt.operation SET stage = 'awaiting_documents', waiting_on = 'customer', deadline_at = now()
    WHERE stage = 'requested' AND operation_id <> ALL(%s)
"""
LEFT = "SELECT count(*) FROM viertakt.operation WHERE deadline_at <= now()"
EARLY = """
    SELECT count(*) FROM viertakt.entry
    WHERE cause = 'deadline' AND recorded_at < (data ->> 'deadline_at')::timestamptz
"""


def at_once(place: House, rounds: Rounds) -> dict[str, Figure]:
    """D1: deadlines fired a second beside what is asked, and the p99 of others beside its idle value."""
    found = [_round(place, rounds.seconds) for _ in range(rounds.count)]
    rate, idle, during = (median(one[part] for one in found) for part in range(3))
    return {
        "D1": Figure(
            ratio=round(rate / FIRED_ASKED, 3),
            ours=round(rate, 1),
            other=round(FIRED_ASKED, 1),
            goal=1.0,
            holds=rate >= FIRED_ASKED,
            unit="deadlines/s",
            ours_is="fired",
            other_is="asked",
        ),
        "D1_p99": Figure(
            ratio=round(during / idle, 3),
            ours=round(during * 1000, 2),
            other=round(idle * 1000, 2),
            goal=P99_FACTOR_MAX,
            holds=during <= idle * P99_FACTOR_MAX,
            unit="ms",
            ours_is="p99 of others during the burst",
            other_is="without one",
        ),
    }


def _round(place: House, seconds: float) -> tuple[float, float, float]:
    """Deadlines fired a second, and the p99 of others without a burst and during it, in seconds."""
    with (
        place.copy(OURS) as url,
        Application(url) as application,
        Duties(application),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_measure(place, application, seconds))


async def _measure(place: House, application: Application, seconds: float) -> tuple[float, float, float]:
    others = Others(application, place.actor(application), place.ids[:OTHERS])
    idle = await others.during(asyncio.sleep(seconds))
    with connect(application.url, autocommit=True, statement_timeout=None) as conn:
        due = conn.execute(COME_DUE, [place.ids[:OTHERS]]).rowcount
        begun = time.perf_counter()
        during = await others.during(_fired(application))
        rate = due / (time.perf_counter() - begun)
        ((early,),) = conn.execute(EARLY).fetchall()
    assert early == 0, "a deadline is never early"
    print(
        f"        {due:,} fired at {rate:,.0f}/s, p99 {idle * 1e3:.2f} -> {during * 1e3:.2f} ms", flush=True
    )
    return rate, idle, during


async def _fired(application: Application) -> None:
    while True:
        ((left,),) = await application.ask(lambda conn: conn.execute(LEFT).fetchall())
        if not left:
            return
        await asyncio.sleep(0.1)
