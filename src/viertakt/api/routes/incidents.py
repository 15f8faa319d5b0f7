"""Incidents: something is wrong outside; which operations wait because of it, and how they are let go again."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from viertakt.access.actions import names_of
from viertakt.access.model import ActorId
from viertakt.alerts import incidents
from viertakt.alerts.incidents_model import Event, Incident, IncidentId
from viertakt.alerts.model import AlertId
from viertakt.api import incidents as documents
from viertakt.api.permissions import Who
from viertakt.api.refusals import invalid
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.alerts import alert_documents
from viertakt.api.shapes import utc
from viertakt.errors import NotFound
from viertakt.wiring import tell_incident

EXAMPLE = {"title": "Card provider is down", "q": "kind:deposit attributes.method:card", "pause": True}


async def open_incident(call: Call) -> Reply:
    """Say that something is wrong outside, and which operations it concerns; with `pause` they wait from now on."""
    sent: documents.OpenIncident = call.body

    def write(conn: Connection[Any]) -> Incident:
        fields = call.application.kinds.search_fields(conn)
        return incidents.open_incident(
            conn,
            call.by,
            title=sent.title,
            query=sent.q,
            fields=fields,
            alerts=[AlertId(one) for one in sent.alerts],
            pause=sent.pause,
            comment=sent.comment,
            tell=tell_incident,
        )

    return await _written(call, write, 201)


async def list_incidents(call: Call) -> Reply:
    """The incidents that concern operations that the caller sees."""
    asked: documents.IncidentQuery = call.query

    def read(conn: Connection[Any]) -> documents.IncidentList:
        fields = call.application.kinds.search_fields(conn)
        found = incidents.list_incidents(conn, call.by, fields, only_open=asked.open)
        return documents.IncidentList(_documents(conn, found))

    return Reply(200, await call.application.ask(read))


async def read_incident(call: Call) -> Reply:
    """An incident with its history, and how many operations it concerns now."""
    sought = _id(call)

    def read(conn: Connection[Any]) -> documents.IncidentDetail:
        fields = call.application.kinds.search_fields(conn)
        found, events, alerts, held = incidents.read_incident(conn, call.by, fields, sought)
        (shown,) = _documents(conn, [found])
        return documents.IncidentDetail(
            shown,
            _events(conn, events),
            alert_documents(conn, alerts),
            pending=held.pending,
            with_provider=held.with_provider,
            deadlines=held.deadlines,
            overdue=held.overdue,
            to_ask=found.to_ask(datetime.now(UTC)),
        )

    return Reply(200, await call.application.ask(read))


async def change_incident(call: Call) -> Reply:
    """Note something, add an alert, pause, release or close."""
    sent: documents.ChangeIncident = call.body
    sought = _id(call)

    def write(conn: Connection[Any]) -> Incident:
        match sent.act:
            case "note":
                return incidents.note(conn, call.by, sought, sent.comment or "")
            case "add_alert":
                if sent.alert is None:
                    raise invalid("/alert", "required", "Say which alert belongs to it.")
                return incidents.add_alert(conn, call.by, sought, AlertId(sent.alert))
            case "pause":
                return incidents.pause(conn, call.by, sought, comment=sent.comment)
            case "release":
                return incidents.release(
                    conn, call.by, sought, per_minute=sent.per_minute, comment=sent.comment
                )
            case "close":
                return incidents.close(conn, call.by, sought, comment=sent.comment)

    return await _written(call, write, 200)


async def _written(call: Call, write: Callable[[Connection[Any]], Incident], status: int) -> Reply:
    def act(conn: Connection[Any]) -> documents.Incident:
        (shown,) = _documents(conn, [write(conn)])
        return shown

    shown = await call.application.ask(act)
    # This process holds what waits from now on at once; others do within a second.
    await call.application.ask(call.application.engine.holds.refresh)
    return Reply(status, shown)


def _documents(conn: Connection[Any], found: list[Incident]) -> tuple[documents.Incident, ...]:
    who = _names(conn, {one.opened_by for one in found} | {one.closed_by for one in found if one.closed_by})
    return tuple(
        documents.Incident(
            id=one.id,
            title=one.title,
            q=one.query,
            state=one.state.value,
            alerts=one.alerts,
            opened_by=who[one.opened_by],
            opened_at=utc(one.opened_at),
            held_at=utc(one.held_at) if one.held_at else None,
            released_at=utc(one.released_at) if one.released_at else None,
            per_minute=one.per_minute,
            asked_until=utc(one.asked_until) if one.asked_until else None,
            resumed_at=utc(one.resumed_at) if one.resumed_at else None,
            closed_by=who[one.closed_by] if one.closed_by else None,
            closed_at=utc(one.closed_at) if one.closed_at else None,
        )
        for one in found
    )


def _events(conn: Connection[Any], events: list[Event]) -> tuple[documents.IncidentEvent, ...]:
    who = _names(conn, {one.actor for one in events})
    return tuple(
        documents.IncidentEvent(
            at=utc(one.at),
            actor=who[one.actor],
            sort=one.sort.value,
            comment=one.comment,
            alert_id=one.alert_id,
            per_minute=one.per_minute,
        )
        for one in events
    )


def _names(conn: Connection[Any], actors: set[ActorId]) -> dict[ActorId, Who]:
    names = names_of(conn, actors)
    return {one: Who(one, names.get(one, one)) for one in actors}


def _id(call: Call) -> IncidentId:
    """The id in the path. Raises the same `NotFound` for what is no id as for an id that is nobody's."""
    text = call.path["id"]
    try:
        return IncidentId(UUID(text))
    except ValueError:
        raise NotFound(f"There is no incident {text[:80]}.") from None


ROUTES = (
    Route(
        method="GET",
        path="/v1/incidents",
        operation_id="listIncidents",
        summary="What is wrong outside",
        tag="alerts",
        handler=list_incidents,
        query=documents.IncidentQuery,
        answers={200: Answers("Open ones first, then the latest.", documents.IncidentList)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/incidents",
        operation_id="openIncident",
        summary="Open an incident",
        tag="alerts",
        handler=open_incident,
        body=documents.OpenIncident,
        example=EXAMPLE,
        answers={201: Answers("It is open.", documents.Incident)},
        refusals=(400, 401, 403, 404, 409, 413, 415, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/incidents/{id}",
        operation_id="readIncident",
        summary="Read an incident with its history",
        tag="alerts",
        handler=read_incident,
        answers={200: Answers("The incident.", documents.IncidentDetail)},
        refusals=(400, 401, 404, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/incidents/{id}",
        operation_id="changeIncident",
        summary="Note, pause, release or close",
        tag="alerts",
        handler=change_incident,
        body=documents.ChangeIncident,
        example={"act": "release", "per_minute": 60},
        answers={200: Answers("The incident as it stands now.", documents.Incident)},
        refusals=(400, 401, 403, 404, 409, 413, 415, 422, 429),
    ),
)
