"""P1 and P4: callers in this process ask the batch; everything counts, from the request to the committed answer."""

import asyncio
import random
import time
from hashlib import sha256
from uuid import uuid4

import uvloop

from bench import by_django, by_hand
from bench.figures import WARM_UP_SECONDS_MAX, Figure, Rounds, interleaved, rates
from bench.house import OURS, House
from viertakt.kinds.model import TransitionName
from viertakt.operations.model import Caller, MoveRequest, OperationId
from viertakt.wiring import Application

DIGEST = sha256(b"escalate").hexdigest()  # what the API computes from a body
TO_AND_FRO = (
    TransitionName("escalate"),
    TransitionName("clear"),
)  # requested → hold → under_review → hold → …


def moves(place: House, rounds: Rounds) -> dict[str, Figure]:
    """P1: moves per second of 64 and 256 callers beside the limit."""
    found = interleaved(
        {
            "limit": lambda: by_hand.limit(place, rounds.seconds),
            "ours, 64 callers": lambda: ours(place, rounds.seconds, callers=64),
            "ours, 256 callers": lambda: ours(place, rounds.seconds, callers=256),
            "blind limit": lambda: by_hand.blind_limit(place, rounds.seconds),
        },
        rounds,
    )
    blind = {"blind limit": round(found["blind limit"], 1)}

    def figure(callers: int, *, goal: float, least: float) -> Figure:
        return rates(
            ours=found[f"ours, {callers} callers"],
            ours_is=f"in process, {callers} callers",
            other=found["limit"],
            other_is="limit",
            goal=goal,
            least=least,
            details=blind,
        )

    return {"P1": figure(64, goal=2.5, least=1.6), "P1_256": figure(256, goal=5.0, least=3.0)}


def beside_django(place: House, rounds: Rounds) -> dict[str, Figure]:
    """P4: moves per second beside django-fsm-2 with django-fsm-log: what each side gets out of the same server at its best.

    Ours gains by callers that wait together; Django by processes, of which two cores hold two. The figure of 64 callers
    stands beside it.
    """
    found = interleaved(
        {
            "django-fsm-2 with its log": lambda: by_django.moves(place, rounds.seconds),
            "ours, 64 callers": lambda: ours(place, rounds.seconds, callers=64),
            "ours, 256 callers": lambda: ours(place, rounds.seconds, callers=256),
        },
        rounds,
    )
    return {
        "P4": rates(
            ours=found["ours, 256 callers"],
            ours_is="in process, 256 callers",
            other=found["django-fsm-2 with its log"],
            other_is="django-fsm-2 with its log",
            goal=20.0,
            least=15.0,
            details={"64 callers": round(found["ours, 64 callers"], 1)},
        )
    }


def ours(place: House, seconds: float, *, callers: int) -> float:
    """Moves per second of so many callers at once, each with operations of its own and a request key a move."""
    with (
        place.copy(OURS) as url,
        Application(url) as application,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_callers(place, application, seconds, callers))


async def _callers(place: House, application: Application, seconds: float, callers: int) -> float:
    actor = place.actor(application)
    counted = 0
    counting = stopped = False

    async def caller(mine: list[OperationId]) -> None:
        nonlocal counted
        begun = [0] * len(mine)
        run, number = uuid4().hex, 0
        while not stopped:
            which = random.randrange(len(mine))
            number += 1
            asked = Caller(actor, key=f"{run}-{number}", body_digest=DIGEST)
            await application.batch.ask(MoveRequest(mine[which], asked, TO_AND_FRO[begun[which] % 2]))
            begun[which] += 1
            counted += counting

    tasks = [asyncio.create_task(caller(place.ids[n::callers])) for n in range(callers)]
    await asyncio.sleep(min(WARM_UP_SECONDS_MAX, seconds))
    counting, begun_at = True, time.perf_counter()
    await asyncio.sleep(seconds)
    took, total = time.perf_counter() - begun_at, counted
    stopped = True
    await asyncio.gather(*tasks)
    return total / took
