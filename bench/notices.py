"""N1: how soon people learn of a change: from the answered move to the badge on their stream, and to the row of their inbox.

200 moves/s, each told to one of ten people who follow a tenth of the operations; worker and server run beside the callers.
"""

import asyncio
import json
import time
from hashlib import sha256
from itertools import islice
from statistics import median, quantiles
from uuid import uuid4

import httpx
import uvloop

from bench.figures import Figure, Rounds
from bench.house import OURS, House
from bench.order import beside
from bench.webhooks import skip_what_was
from viertakt.access.actions import actor_by_id, add_person
from viertakt.db.pool import Connection, connect
from viertakt.kinds.model import TransitionName
from viertakt.notices.model import Channels, NoticeEvent
from viertakt.notices.subscribing import subscribe
from viertakt.operations.model import Answer, Caller, MoveRequest
from viertakt.wiring import Application

READERS, MOVES_A_SECOND, TICK = 10, 200, 0.02
APPROVE = TransitionName("approve")  # into a stage that everybody here may see
DIGEST = sha256(b"approve").hexdigest()
PASSWORD = "a long sentence that nobody guesses"
BOUND_MS, WAIT_SECONDS_MAX = 1_000.0, 30.0
DELAYS = """
SELECT extract(epoch FROM n.told_at - e.recorded_at)::float8 FROM viertakt.notice AS n
JOIN viertakt.entry AS e ON e.operation_id = n.operation_id AND e.entry_seq = n.entry_seq
"""


def to_the_inbox(place: House, rounds: Rounds) -> dict[str, Figure]:
    """N1: p99 in milliseconds from the answered move to the badge that counts it."""
    shown: list[float] = []
    written: list[float] = []
    for _ in range(rounds.count):
        with place.copy(OURS) as url:
            skip_what_was(url)
            with Application(url) as ours:
                people = ours.call(lambda conn: _people(conn, ours, place))
                with (
                    beside(url, "worker"),
                    beside(url, "serve") as port,
                    asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
                ):
                    shown += runner.run(_measured(place, ours, port or 0, people, rounds.seconds))
            with connect(url) as conn:
                written += [row[0] for row in conn.execute(DELAYS).fetchall()]
    cuts, rows = quantiles(shown, n=100), quantiles(written, n=100)
    ours_p99 = cuts[98] * 1000
    figure = Figure(
        ratio=round(ours_p99 / BOUND_MS, 3),
        ours=round(ours_p99, 1),
        other=BOUND_MS,
        goal=BOUND_MS,
        holds=ours_p99 <= BOUND_MS,
        unit="ms",
        ours_is=f"answered move to badge at {MOVES_A_SECOND} moves/s, p99",
        other_is="bound",
        details={
            "p50": round(median(shown) * 1000, 1),
            "row p50": round(median(written) * 1000, 1),
            "row p99": round(rows[98] * 1000, 1),
            "notices": float(len(shown)),
        },
    )
    return {"N1": figure}


def _people(conn: Connection, application: Application, place: House) -> list[str]:
    """Those who are told, each of an own part of the operations."""
    fields = application.kinds.search_fields(conn)
    mails = [f"reader-{which}@example.test" for which in range(READERS)]
    for which, mail in enumerate(mails):
        added = add_person(conn, email=mail, name=mail, roles=["payments_lead"], password=PASSWORD)
        subjects = ",".join(f"player-{n}" for n in range(which, min(len(place.ids), 1_000), READERS))
        subscribe(
            conn,
            actor_by_id(conn, added.id),
            NoticeEvent.MOVED,
            Channels(console=True),
            fields=fields,
            query=f"subject:{subjects}",
        )
    return mails


async def _measured(
    place: House, application: Application, port: int, people: list[str], seconds: float
) -> list[float]:
    """Seconds from each answer to the first badge that counts as many."""
    heard: list[list[tuple[float, int]]] = [[] for _ in people]
    address = f"http://127.0.0.1:{port}"
    clients = [httpx.AsyncClient(base_url=address, headers={"origin": address}) for _ in people]
    for client, mail in zip(clients, people, strict=True):
        signed = await client.post("/v1/session", json={"email": mail, "password": PASSWORD})
        signed.raise_for_status()
    tasks = [asyncio.create_task(_listen(*pair)) for pair in zip(clients, heard, strict=True)]
    answered = await _paced(place, application, seconds)
    ends = time.perf_counter() + WAIT_SECONDS_MAX
    while any(not one or one[-1][1] < len(at) for one, at in zip(heard, answered, strict=True)):
        assert time.perf_counter() < ends, "everybody is told of everything"
        await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    return [
        next(at for at, unread in one if unread > which) - moved
        for one, moves in zip(heard, answered, strict=True)
        for which, moved in enumerate(sorted(moves))
    ]


async def _listen(client: httpx.AsyncClient, heard: list[tuple[float, int]]) -> None:
    async with client.stream("GET", "/v1/notices/stream", timeout=None) as answer:
        async for line in answer.aiter_lines():
            at = time.perf_counter()
            heard += [(at, json.loads(line[6:])["unread"])] if line.startswith("data: ") else []


async def _paced(place: House, application: Application, seconds: float) -> list[list[float]]:
    """When each move was answered, by whose it is; each operation moves once."""
    actor = place.actor(application)
    answered: list[list[float]] = [[] for _ in range(READERS)]

    async def move(which: int) -> None:
        asked = Caller(actor, key=uuid4().hex, body_digest=DIGEST)
        answer = await application.batch.ask(MoveRequest(place.ids[which], asked, APPROVE))
        assert isinstance(answer, Answer), answer
        answered[which % READERS].append(time.perf_counter())

    turns = iter(range(min(len(place.ids), 1_000)))
    tasks = []
    ends = due = time.perf_counter()
    ends += min(seconds, 1_000 / MOVES_A_SECOND)
    while time.perf_counter() < ends:
        tasks += [asyncio.create_task(move(which)) for which in islice(turns, int(MOVES_A_SECOND * TICK))]
        due += TICK
        await asyncio.sleep(max(due - time.perf_counter(), 0))
    await asyncio.gather(*tasks)
    return answered
