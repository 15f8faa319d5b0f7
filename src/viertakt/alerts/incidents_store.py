"""The only place that knows the tables `incident` and `incident_event`."""

from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from viertakt.access.model import ActorId
from viertakt.alerts.incidents_model import Because, Event, EventSort, Incident, IncidentId
from viertakt.alerts.model import Alert, AlertId
from viertakt.db.queries import load
from viertakt.operations.holding import HoldId

_queries = load(__package__, "incidents.sql")
_alerts = msgspec.json.Decoder(list[Alert])

EVENTS_MAX = 500


def add_incident(
    conn: Connection[Any], incident_id: IncidentId, *, title: str, query: str, by: ActorId
) -> None:
    """Write a new incident."""
    told = {"incident_id": incident_id, "title": title, "query": query, "actor": by}
    conn.execute(_queries["add_incident"], told)


def lock_incident(conn: Connection[Any], incident_id: IncidentId) -> Incident | None:
    """An incident that nobody else changes until the transaction ends."""
    conn.execute(_queries["lock_incident"], {"incident_id": incident_id})
    return read_incident(conn, incident_id)


def read_incident(conn: Connection[Any], incident_id: IncidentId) -> Incident | None:
    """One incident."""
    found = _incidents(conn, incident_id, only_open=False, limit=1)
    return found[0] if found else None


def list_incidents(conn: Connection[Any], *, only_open: bool, limit: int) -> list[Incident]:
    """Incidents, open ones first, then the latest."""
    return _incidents(conn, None, only_open=only_open, limit=limit)


def incident_of(conn: Connection[Any], hold_id: HoldId) -> Because | None:
    """Whose operations waited there."""
    row = conn.execute(_queries["incident_of_hold"], {"hold_id": hold_id}).fetchone()
    return None if row is None else Because(*row)


def set_hold(conn: Connection[Any], incident_id: IncidentId, hold_id: HoldId) -> None:
    """What waits because of it from now on."""
    conn.execute(_queries["set_hold"], {"incident_id": incident_id, "hold_id": hold_id})


def close_incident(conn: Connection[Any], incident_id: IncidentId, by: ActorId) -> None:
    """It is over."""
    conn.execute(_queries["close_incident"], {"incident_id": incident_id, "actor": by})


def add_alert(conn: Connection[Any], incident_id: IncidentId, alert_id: AlertId) -> bool:
    """Whether the alert belongs to it from now on; False where it belongs to another, or is none."""
    told = {"incident_id": incident_id, "alert_id": alert_id}
    return conn.execute(_queries["add_alert"], told).rowcount > 0


def add_event(
    conn: Connection[Any],
    incident_id: IncidentId,
    sort: EventSort,
    *,
    by: ActorId,
    comment: str | None = None,
    alert_id: AlertId | None = None,
    per_minute: int | None = None,
) -> None:
    """One more line of its history; it stays."""
    told = {"incident_id": incident_id, "actor": by, "sort": sort.value}
    said = {"comment": comment, "alert_id": alert_id, "per_minute": per_minute}
    conn.execute(_queries["add_event"], {**told, **said})


def read_events(conn: Connection[Any], incident_id: IncidentId) -> list[Event]:
    """Its history, the first first."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_queries["events"], {"incident_id": incident_id, "limit": EVENTS_MAX})
        return msgspec.convert(rows.fetchall(), list[Event])


def alerts_of(conn: Connection[Any], incident_id: IncidentId) -> list[Alert]:
    """The alerts that belong to it, the first first."""
    row = conn.execute(_queries["alerts_of"], {"incident_id": incident_id}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return _alerts.decode(row[0])


def standing_incidents(conn: Connection[Any]) -> tuple[int, int]:
    """How many incidents are open with nothing waiting, and with something."""
    row = conn.execute(_queries["standing_incidents"]).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return row[0], row[1]


def _incidents(
    conn: Connection[Any], incident_id: UUID | None, *, only_open: bool, limit: int
) -> list[Incident]:
    told = {"incident_id": incident_id, "open": only_open, "limit": limit}
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_queries["incidents"], told).fetchall()
    return msgspec.convert(rows, list[Incident])
