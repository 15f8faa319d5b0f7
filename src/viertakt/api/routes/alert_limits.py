"""Limits of one's own: what opens an alert whatever is usual."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from viertakt.access.actions import names_of
from viertakt.alerts import limits
from viertakt.alerts.limits_model import Limit, LimitId
from viertakt.alerts.model import Direction
from viertakt.api import alerts as documents
from viertakt.api.permissions import Who
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.alerts import provider_document
from viertakt.api.shapes import utc
from viertakt.errors import NotFound


async def list_limits(call: Call) -> Reply:
    """The limits on what the caller sees."""
    asked: documents.LimitQuery = call.query

    def read(conn: Connection[Any]) -> documents.AlertLimitList:
        found = limits.list_limits(conn, call.by, ended=asked.ended)
        return documents.AlertLimitList(_documents(conn, found))

    return Reply(200, await call.application.ask(read))


async def set_limit(call: Call) -> Reply:
    """Say what is too much; in force from the next look on."""
    sent: documents.SetLimit = call.body

    def write(conn: Connection[Any]) -> documents.AlertLimit:
        kinds = call.application.kinds
        made = limits.set_limit(
            conn,
            call.by,
            measure=sent.measure,
            bound=sent.bound,
            kind=None if sent.kind is None else kinds.latest(conn, sent.kind).kind,
            brand=sent.brand,
            provider=sent.provider,
            stage=sent.stage,
            direction=Direction(sent.direction),
            window_minutes=sent.window_minutes,
            at_least=sent.at_least,
        )
        (shown,) = _documents(conn, [made])
        return shown

    return Reply(201, await call.application.ask(write))


async def end_limit(call: Call) -> Reply:
    """End a limit; what it opened closes at the next look."""
    sought = _id(call)

    def write(conn: Connection[Any]) -> documents.AlertLimit:
        (shown,) = _documents(conn, [limits.end_limit(conn, call.by, sought)])
        return shown

    return Reply(200, await call.application.ask(write))


def _documents(conn: Connection[Any], found: list[Limit]) -> tuple[documents.AlertLimit, ...]:
    actors = {one.set_by for one in found} | {one.ended_by for one in found if one.ended_by}
    names = names_of(conn, actors)
    who = {one: Who(one, names.get(one, one)) for one in actors}
    return tuple(
        documents.AlertLimit(
            id=one.id,
            measure=one.measure,
            direction=one.direction.value,
            kind=one.kind,
            brand=one.brand,
            provider=provider_document(one.provider),
            stage=one.stage,
            bound=one.bound,
            window_minutes=one.window_minutes,
            at_least=one.at_least,
            set_by=who[one.set_by],
            set_at=utc(one.set_at),
            ended_by=who[one.ended_by] if one.ended_by else None,
            ended_at=utc(one.ended_at) if one.ended_at else None,
        )
        for one in found
    )


def _id(call: Call) -> LimitId:
    """The id in the path. Raises the same `NotFound` for what is no id as for an id that is nobody's."""
    text = call.path["id"]
    try:
        return LimitId(UUID(text))
    except ValueError:
        raise NotFound(f"There is no limit {text[:80]}.") from None


ROUTES = (
    Route(
        method="GET",
        path="/v1/alert-limits",
        operation_id="listLimits",
        summary="Limits that open an alert",
        tag="alerts",
        handler=list_limits,
        query=documents.LimitQuery,
        answers={200: Answers("Those in force first.", documents.AlertLimitList)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/alert-limits",
        operation_id="setLimit",
        summary="Set a limit",
        tag="alerts",
        handler=set_limit,
        body=documents.SetLimit,
        example={"measure": "errors", "bound": 0.05, "kind": "withdrawal", "window_minutes": 10},
        answers={201: Answers("It is in force.", documents.AlertLimit)},
        refusals=(400, 401, 403, 404, 409, 413, 415, 422, 429),
    ),
    Route(
        method="DELETE",
        path="/v1/alert-limits/{id}",
        operation_id="endLimit",
        summary="End a limit",
        tag="alerts",
        handler=end_limit,
        answers={200: Answers("It is in force no more.", documents.AlertLimit)},
        refusals=(400, 401, 403, 404, 409, 422, 429),
    ),
)
