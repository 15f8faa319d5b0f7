"""Alerts: what is out of the ordinary, and who has taken note of it."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from viertakt.access.actions import names_of
from viertakt.access.model import ActorId
from viertakt.alerts import actions
from viertakt.alerts.model import Alert, AlertId, Provider
from viertakt.alerts.rules import query_of
from viertakt.api import alerts as documents
from viertakt.api.permissions import Who
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.shapes import utc
from viertakt.errors import NotFound


async def list_alerts(call: Call) -> Reply:
    """The alerts that the caller may see."""
    asked: documents.AlertQuery = call.query

    def read(conn: Connection[Any]) -> documents.AlertList:
        found = actions.list_alerts(conn, call.by, only_open=asked.open)
        return documents.AlertList(alert_documents(conn, found))

    return Reply(200, await call.application.ask(read))


async def see_alert(call: Call) -> Reply:
    """Take note of an alert, so that others see somebody has."""
    sought = _id(call)

    def write(conn: Connection[Any]) -> documents.Alert:
        (found,) = alert_documents(conn, [actions.see(conn, sought, call.by)])
        return found

    return Reply(200, await call.application.ask(write))


def alert_documents(conn: Connection[Any], alerts: list[Alert]) -> tuple[documents.Alert, ...]:
    """Alerts with the names of who has noted them."""
    names = names_of(conn, {ActorId(alert.seen_by) for alert in alerts if alert.seen_by})
    return tuple(
        documents.Alert(
            id=alert.id,
            measure=alert.measure,
            direction=alert.direction.value,
            level=alert.level,
            kind=alert.kind,
            brand=alert.brand,
            provider=provider_document(alert.provider),
            value=alert.value,
            usual=alert.usual,
            window_minutes=alert.window_minutes,
            score=round(alert.score, 1),
            q=query_of(alert),
            opened_at=utc(alert.opened_at),
            closed_at=utc(alert.closed_at) if alert.closed_at else None,
            seen_by=Who(alert.seen_by, names[ActorId(alert.seen_by)]) if alert.seen_by else None,
            seen_at=utc(alert.seen_at) if alert.seen_at else None,
            incident_id=alert.incident_id,
            limit_id=alert.limit_id,
            stage=alert.stage,
        )
        for alert in alerts
    )


def provider_document(provider: Provider | None) -> documents.AlertProvider | None:
    """Of which provider something is."""
    return None if provider is None else documents.AlertProvider(provider.attribute, provider.value)


def _id(call: Call) -> AlertId:
    """The id in the path. Raises the same `NotFound` for what is no id as for an id that is nobody's."""
    text = call.path["id"]
    try:
        return AlertId(UUID(text))
    except ValueError:
        raise NotFound(f"There is no alert {text[:80]}.") from None


ROUTES = (
    Route(
        method="GET",
        path="/v1/alerts",
        operation_id="listAlerts",
        summary="What is out of the ordinary",
        tag="alerts",
        handler=list_alerts,
        query=documents.AlertQuery,
        answers={200: Answers("Open ones first, then the latest.", documents.AlertList)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/alerts/{id}/seen",
        operation_id="seeAlert",
        summary="Take note of an alert",
        tag="alerts",
        handler=see_alert,
        answers={200: Answers("The alert, with who was first to take note.", documents.Alert)},
        refusals=(400, 401, 404, 422, 429),
    ),
)
