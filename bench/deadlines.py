"""D1: a hundred thousand come due at once: how fast they are fired, and what others notice of it.

Two workers in processes of their own, of which one is killed once the burst is under way; the server is a process beside
them. The others make single moves of operations that are not due, a hundredth of a second apart. Before the burst some
hundred come due one after the other, which tells how late a deadline is when there is no crowd.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

import msgspec
import uvloop
from uuid_utils.compat import uuid7

from bench.bulk import OTHERS, P99_FACTOR_MAX, Others
from bench.figures import Figure, Rounds
from bench.house import OURS, House
from bench.order import until_sequenced
from viertakt.db.pool import Connection, connect
from viertakt.kinds.model import KindName, TransitionName
from viertakt.operations.model import Answer, Caller, OpenRequest, OperationId
from viertakt.wiring import FOLLOWERS, Application
from viertakt.worker.loops import Worker

DUE = 100_000
DRAINED_MAX = 60.0  # seconds
LATE_MAX = 1.0  # seconds, for 99 of 100 outside bursts
PACED, PACED_SECONDS = 400, 20
KILLED_AFTER = DUE // 5  # fired
TO_AND_FRO = (TransitionName("put_on_hold"), TransitionName("resume"))
# As if each customer had been silent for a week: making that true move by move would take longer than the measurement.
COME_DUE = """
    UPDATE viertakt.operation SET stage = 'pending', waiting_on = 'customer', deadline_at = now()
    WHERE stage = 'new' AND operation_id <> ALL(%s)
"""
COME_DUE_PACED = """
    UPDATE viertakt.operation SET
        stage = 'pending', waiting_on = 'customer',
        deadline_at = now() + interval '1 second' + random() * make_interval(secs => %s)
    WHERE operation_id = ANY(%s)
"""
FIRED = "SELECT count(*) FROM viertakt.entry WHERE cause = 'deadline'"
EARLY = """
    SELECT count(*) FROM viertakt.entry
    WHERE cause = 'deadline' AND recorded_at < (data ->> 'deadline_at')::timestamptz
"""
TWICE = "SELECT count(*) - count(DISTINCT operation_id) FROM viertakt.entry WHERE cause = 'deadline'"
LATE = """
    SELECT percentile_cont(0.99) WITHIN GROUP (
        ORDER BY extract(EPOCH FROM recorded_at - (data ->> 'deadline_at')::timestamptz)
    )::float
    FROM viertakt.entry WHERE cause = 'deadline'
"""
FOLLOWED = """
    INSERT INTO viertakt.follower (name, position)
    SELECT f.name, s.position FROM viertakt.sequencer AS s CROSS JOIN unnest(%s::text []) AS f (name)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position
"""
# Each worker has a sequencer and followers, and says by its sessions that it is there.
AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'viertakt-worker'"


class Burst(msgspec.Struct, frozen=True):
    """What a round found; seconds. `late`: the p99 outside the burst; `idle`, `during`: the p99 of others."""

    drained: float
    late: float
    idle: float
    during: float


def at_once(place: House, rounds: Rounds) -> dict[str, Figure]:
    """D1: seconds to drain the burst, the lateness outside it, and the p99 of others beside its idle value."""
    found = [_round(place, rounds.seconds) for _ in range(rounds.count)]
    drained, late, idle, during = (
        median(getattr(one, part) for one in found) for part in ("drained", "late", "idle", "during")
    )
    return {
        "D1": _within(drained, DRAINED_MAX, f"{DUE:,} drained, one of two workers killed, in"),
        "D1_late": _within(late, LATE_MAX, "p99 lateness outside the burst"),
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


def _within(seconds: float, most: float, what: str) -> Figure:
    return Figure(
        ratio=round(seconds / most, 3),
        ours=round(seconds, 2),
        other=most,
        goal=most,
        holds=seconds <= most,
        unit="s",
        ours_is=what,
        other_is="asked",
    )


def _round(place: House, seconds: float) -> Burst:
    with (
        place.copy(OURS) as url,
        Application(url) as application,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        tickets = runner.run(_opened(application, Caller(place.actor(application))))
        _followed(url)
        place.settle(url)
        return runner.run(_measure(place, application, tickets, seconds))


async def _opened(application: Application, caller: Caller) -> list[OperationId]:
    """Support tickets: a kind without checks, so that workers have nothing else to do with them."""
    ids = [OperationId(uuid7()) for _ in range(OTHERS + PACED + DUE)]
    openings = [OpenRequest(one, caller, KindName("ticket"), f"T-{n}") for n, one in enumerate(ids)]
    results = await application.batch.ask_all(openings)
    assert all(isinstance(result, Answer) for result in results), "every opening is accepted"
    return ids


def _followed(url: str) -> None:
    """As if workers had been there while it was opened: everybody has followed everything."""
    with Worker(url, followers={}, upkeep=()):
        until_sequenced(url)
    with connect(url, autocommit=True, statement_timeout=None) as conn:
        conn.execute(FOLLOWED, [list(FOLLOWERS)])


async def _measure(
    place: House, application: Application, tickets: list[OperationId], seconds: float
) -> Burst:
    callers, paced = tickets[:OTHERS], tickets[OTHERS : OTHERS + PACED]
    others = Others(application, place.actor(application), callers, TO_AND_FRO)
    with (
        ExitStack() as stack,
        connect(application.url, autocommit=True, statement_timeout=None) as conn,
    ):
        workers = [stack.enter_context(_worker(application.url)) for _ in range(2)]
        await _until(conn, AT_WORK, 4)
        conn.execute(COME_DUE_PACED, [PACED_SECONDS, paced])
        await _until(conn, FIRED, PACED)
        late = float(_one(conn, LATE))
        idle = await others.during(asyncio.sleep(seconds))
        due = conn.execute(COME_DUE, [callers]).rowcount
        begun = time.perf_counter()
        during = await others.during(_drained(conn, workers[0], PACED + due))
        found = Burst(time.perf_counter() - begun, late, idle, during)
        early, twice = _one(conn, EARLY), _one(conn, TWICE)
    print(
        f"        {due:,} fired in {found.drained:.1f} s, {early} early, {twice} twice, outside {late:.2f} s late, "
        f"p99 {idle * 1e3:.2f} -> {during * 1e3:.2f} ms",
        flush=True,
    )
    assert (early, twice) == (0, 0), "a deadline is never early, and fires once"
    return found


async def _drained(conn: Connection, victim: "subprocess.Popen[bytes]", fired: int) -> None:
    """Until so many have been fired altogether; on the way one worker is killed."""
    await _until(conn, FIRED, KILLED_AFTER)
    victim.kill()
    await _until(conn, FIRED, fired)


async def _until(conn: Connection, question: str, count: int) -> None:
    while int(_one(conn, question)) < count:  # noqa: ASYNC110 - what is waited for is in the database
        await asyncio.sleep(1)  # and counting reads the whole history


def _one(conn: Connection, question: str) -> float:
    ((value,),) = conn.execute(question.encode()).fetchall()
    return value  # type: ignore[no-any-return]


@contextmanager
def _worker(url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker in a process of its own, killed at the end where it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "viertakt.cli", "worker"], env={**os.environ, "VIERTAKT_DATABASE_URL": url}
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
