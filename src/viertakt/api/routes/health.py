"""Is it alive, is it ready, which version is it, and what is its contract."""

from functools import cache
from importlib.metadata import version

from viertakt.api import replies
from viertakt.api.metrics import MEDIA_TYPE, exposition
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.errors import Unavailable
from viertakt.journal.reading import delay


async def live(_: Call) -> Reply:
    """The process answers."""
    return Reply(200, replies.Health("ok"))


async def ready(call: Call) -> Reply:
    """The database answers, its schema is there, and how far the journal is behind."""
    try:
        waits = await call.application.ask(delay)
    except Unavailable:
        return Reply(503, replies.Readiness("unavailable"))
    return Reply(200, replies.Readiness("ok", round(waits.total_seconds(), 3)))


async def read_metrics(call: Call) -> Reply:
    """How the work stands, for Prometheus: about requests, queues and delays, never about the business."""
    return Reply(200, await exposition(call.application), media_type=MEDIA_TYPE)


async def read_version(_: Call) -> Reply:
    """Which version of Viertakt answers."""
    return Reply(200, replies.Version(version("viertakt")))


async def read_contract(_: Call) -> Reply:
    """This document."""
    return Reply(200, _contract())


@cache
def _contract() -> bytes:
    from viertakt.api.openapi import contract_bytes  # it reads the table of routes, which holds this one

    return contract_bytes()


ROUTES = (
    Route(
        method="GET",
        path="/healthz",
        operation_id="readLiveness",
        summary="Is the process alive?",
        tag="health",
        handler=live,
        open_to_all=True,
        answers={200: Answers("It is.", replies.Health)},
    ),
    Route(
        method="GET",
        path="/readyz",
        operation_id="readReadiness",
        summary="Is the service ready?",
        tag="health",
        handler=ready,
        open_to_all=True,
        answers={
            200: Answers("It is.", replies.Readiness),
            503: Answers("The database does not answer.", replies.Readiness),
        },
    ),
    Route(
        method="GET",
        path="/metrics",
        operation_id="readMetrics",
        summary="How does the work stand, in numbers for monitoring?",
        tag="health",
        handler=read_metrics,
        refusals=(401,),
        answers={
            200: Answers("The numbers, in the text format of Prometheus.", str, media_type="text/plain")
        },
    ),
    Route(
        method="GET",
        path="/version",
        operation_id="readVersion",
        summary="Which version answers?",
        tag="health",
        handler=read_version,
        open_to_all=True,
        answers={200: Answers("The version.", replies.Version)},
    ),
    Route(
        method="GET",
        path="/openapi.json",
        operation_id="readContract",
        summary="This contract, as OpenAPI 3.1",
        tag="health",
        handler=read_contract,
        open_to_all=True,
        answers={200: Answers("The contract.", dict)},
    ),
)
