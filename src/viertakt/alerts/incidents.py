"""Incidents: a person says that something is wrong outside, and which operations it concerns; what is sent there waits.

    alert ──► opened ──► paused ──► released: asked again at a bounded rate, deadlines go on ──► resumed ──► closed
                 └─ by hand    └─ noted, more alerts                 (`operations.holding`)

Which operations: a query, for a provider is no field of an operation but what a company's own attributes, kinds and brands
come to (decision 0046). Only a person who manages opens, pauses, releases and closes; each act is a line of the incident's
history and, where it pauses or lets go, of the audit of access. It is there for whoever manages, and for whoever sees an
operation that it concerns.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt import language
from viertakt.access import audit_store
from viertakt.access.audit_model import ChangeSort
from viertakt.access.model import Actor, system
from viertakt.access.rules import check_may_manage, may_manage, visible
from viertakt.alerts import actions, incidents_store, store
from viertakt.alerts.incidents_model import (
    PER_MINUTE_MAX,
    Because,
    Event,
    EventSort,
    Incident,
    IncidentId,
    IncidentState,
)
from viertakt.alerts.model import Alert, AlertId
from viertakt.errors import Conflict, Fault, Invalid, InvalidQuery, NotFound
from viertakt.language import Profile, Query
from viertakt.language.fields import Fields
from viertakt.operations import holding
from viertakt.operations.holding import HOLDS_MAX, Held, Hold
from viertakt.operations.rules_content import unseen

LIST_MAX = 200
TITLE_LENGTH_MAX, COMMENT_LENGTH_MAX = 200, 2_000
IN_COMMENTS = "\n\t\u200c\u200d"  # lines, and what joins letters and emoji
CONCERNED_FOR = timedelta(days=1)  # what ended the day before may have ended by it
HOLDER = system("hold")

# Tells those concerned of an incident that somebody has opened, in the transaction that writes it.
Tell = Callable[[Connection[Any], Incident, Actor], None]


def open_incident(
    conn: Connection[Any],
    by: Actor,
    *,
    title: str,
    query: str,
    fields: Fields,
    alerts: Sequence[AlertId] = (),
    pause: bool = False,
    comment: str | None = None,
    tell: Tell | None = None,
) -> Incident:
    """A new incident about the operations of this query, with its first alerts; `pause`: they wait from now on.

    `tell`: tells those concerned, once.

    Raises `Forbidden`, `Invalid`, `InvalidQuery`, `NotFound`, `Conflict`.
    """
    check_may_manage(by)
    text = language.to_text(language.parse(query, fields=fields, profile=Profile.ROW))
    if not text:
        raise _fault(
            "/q", "empty", "Say which operations: an incident about all of them would stop everything."
        )
    if not 1 <= len(title.strip()) <= TITLE_LENGTH_MAX:
        raise _fault("/title", "wrong_length", f"A title has 1 to {TITLE_LENGTH_MAX} characters.")
    if unseen(title.strip()):
        words = "A title is one line, without control, invisible and direction characters."
        raise _fault("/title", "invalid_characters", words)
    incident_id = IncidentId(uuid7())
    incidents_store.add_incident(conn, incident_id, title=title.strip(), query=text, by=by.id)
    incidents_store.add_event(conn, incident_id, EventSort.OPENED, by=by.id, comment=_said(comment))
    _audit(conn, ChangeSort.INCIDENT_OPENED, by, incident_id)
    for alert_id in alerts:
        _add_alert(conn, by, incident_id, alert_id)
    if pause:
        _pause(conn, by, _found(conn, incident_id), None)
    made = _found(conn, incident_id)
    if tell is not None:
        tell(conn, made, by)
    return made


def add_alert(conn: Connection[Any], by: Actor, incident_id: IncidentId, alert_id: AlertId) -> Incident:
    """One more alert that belongs to it. Raises `Forbidden`, `NotFound`, `Conflict`."""
    _open(conn, by, incident_id)
    _add_alert(conn, by, incident_id, alert_id)
    return _found(conn, incident_id)


def note(conn: Connection[Any], by: Actor, incident_id: IncidentId, comment: str) -> Incident:
    """Write something down about it. Raises `Forbidden`, `NotFound`, `Conflict`, `Invalid`."""
    _open(conn, by, incident_id)
    if not _said(comment):
        raise _fault("/comment", "comment_required", "Write something.")
    incidents_store.add_event(conn, incident_id, EventSort.NOTED, by=by.id, comment=_said(comment))
    return _found(conn, incident_id)


def pause(
    conn: Connection[Any], by: Actor, incident_id: IncidentId, *, comment: str | None = None
) -> Incident:
    """Let its operations wait from now on. Raises `Forbidden`, `NotFound`, `Conflict`."""
    incident = _open(conn, by, incident_id)
    # Also while what waited is asked about again: it may have been let go too early.
    if incident.state is IncidentState.PAUSED:
        raise Conflict(f"Incident '{incident.title}' is {incident.state.value}: its operations wait already.")
    _pause(conn, by, incident, comment)
    return _found(conn, incident_id)


def release(
    conn: Connection[Any], by: Actor, incident_id: IncidentId, *, per_minute: int, comment: str | None = None
) -> Incident:
    """Let go: deadlines get their time back, and so many operations a minute are asked about again; a worker sees to it.

    Raises `Forbidden`, `NotFound`, `Conflict`, `Invalid`.
    """
    incident = _open(conn, by, incident_id)
    if not 1 <= per_minute <= PER_MINUTE_MAX:
        words = f"Between 1 and {PER_MINUTE_MAX} operations a minute are asked about."
        raise _fault("/per_minute", "out_of_range", words)
    if incident.state is not IncidentState.PAUSED or incident.hold_id is None:
        raise Conflict(f"Incident '{incident.title}' is {incident.state.value}: nothing waits to be let go.")
    holding.let_go(conn, incident.hold_id, per_minute=per_minute)
    incidents_store.add_event(
        conn, incident_id, EventSort.RELEASED, by=by.id, comment=_said(comment), per_minute=per_minute
    )
    _audit(conn, ChangeSort.INCIDENT_RELEASED, by, incident_id, per_minute=per_minute)
    return _found(conn, incident_id)


def close(
    conn: Connection[Any], by: Actor, incident_id: IncidentId, *, comment: str | None = None
) -> Incident:
    """End it; not while its operations wait. Raises `Forbidden`, `NotFound`, `Conflict`."""
    incident = _open(conn, by, incident_id)
    if incident.state is IncidentState.RELEASING:
        raise Conflict(f"Incident '{incident.title}' is being released: close it when all goes on.")
    if incident.state is not IncidentState.OPEN:
        raise Conflict(
            f"Incident '{incident.title}' is {incident.state.value}: release it before you close it."
        )
    incidents_store.close_incident(conn, incident_id, by.id)
    incidents_store.add_event(conn, incident_id, EventSort.CLOSED, by=by.id, comment=_said(comment))
    _audit(conn, ChangeSort.INCIDENT_CLOSED, by, incident_id)
    return _found(conn, incident_id)


def note_resumed(conn: Connection[Any], hold: Hold) -> None:
    """All that was let go goes on again (`operations.holding.After`)."""
    because = incidents_store.incident_of(conn, hold.id)
    if because is not None:
        incidents_store.add_event(conn, because.incident, EventSort.RESUMED, by=HOLDER.id)


def list_incidents(
    conn: Connection[Any], reader: Actor, fields: Fields, *, only_open: bool
) -> list[Incident]:
    """Incidents that are there for the reader, open ones first, then the latest: at most 200."""
    found = incidents_store.list_incidents(conn, only_open=only_open, limit=LIST_MAX)
    if may_manage(reader):
        return found
    asked = [(one, _asked(one, reader, fields)) for one in found]
    known = [(one, concern) for one, concern in asked if concern is not None]
    concerned = holding.concerning(conn, [concern for _, concern in known])
    return [one for n, (one, _) in enumerate(known) if n in concerned]


def read_incident(
    conn: Connection[Any], reader: Actor, fields: Fields, incident_id: IncidentId
) -> tuple[Incident, list[Event], list[Alert], Held]:
    """An incident with its history, its alerts and how many operations under way it concerns, as far as the reader may see them.

    Raises `NotFound`.
    """
    found = incidents_store.read_incident(conn, incident_id)
    if found is None or not may_see(conn, reader, found, fields):
        raise _nothing(incident_id)
    alerts = [one for one in incidents_store.alerts_of(conn, incident_id) if actions.may_see(reader, one)]
    query = query_of(found, fields)
    held = Held(0, 0, 0, 0) if query is None else holding.count_held(conn, _seen(query, reader))
    return found, incidents_store.read_events(conn, incident_id), alerts, held


def incident_of(conn: Connection[Any], hold: Hold) -> Because | None:
    """Because of which incident this waits."""
    return incidents_store.incident_of(conn, hold.id)


def may_see(conn: Connection[Any], reader: Actor, incident: Incident, fields: Fields) -> bool:
    """Whether an incident is there for the reader: who manages, and who sees an operation that it concerns."""
    asked = _asked(incident, reader, fields)
    return may_manage(reader) or (asked is not None and bool(holding.concerning(conn, [asked])))


def query_of(incident: Incident, fields: Fields) -> Query | None:
    """The operations that it concerns; None where its text names what is gone."""
    try:
        return language.parse(incident.query, fields=fields, profile=Profile.ROW)
    except InvalidQuery:
        return None


def _asked(incident: Incident, reader: Actor, fields: Fields) -> tuple[Query, datetime] | None:
    """What the reader sees of the operations that it concerns, and since when; None where its text names what is gone."""
    query = query_of(incident, fields)
    return None if query is None else (_seen(query, reader), incident.opened_at - CONCERNED_FOR)


def _seen(query: Query, reader: Actor) -> Query:
    return language.within(query, visible(reader))


def _pause(conn: Connection[Any], by: Actor, incident: Incident, comment: str | None) -> None:
    if len(holding.standing_holds(conn)) >= HOLDS_MAX:
        raise Conflict(f"{HOLDS_MAX} incidents have their operations wait already; release one first.")
    incidents_store.set_hold(conn, incident.id, holding.hold(conn, incident.query))
    incidents_store.add_event(conn, incident.id, EventSort.PAUSED, by=by.id, comment=_said(comment))
    _audit(conn, ChangeSort.INCIDENT_PAUSED, by, incident.id)


def _add_alert(conn: Connection[Any], by: Actor, incident_id: IncidentId, alert_id: AlertId) -> None:
    alert = store.read_alert(conn, alert_id)
    if alert is None or not actions.may_see(by, alert):
        raise NotFound(f"There is no alert {alert_id}.")
    if not incidents_store.add_alert(conn, incident_id, alert_id):
        raise Conflict(f"Alert {alert_id} belongs to an incident already.")
    incidents_store.add_event(conn, incident_id, EventSort.ALERT_ADDED, by=by.id, alert_id=alert_id)


def _open(conn: Connection[Any], by: Actor, incident_id: IncidentId) -> Incident:
    """An incident to be changed, locked."""
    check_may_manage(by)
    found = incidents_store.lock_incident(conn, incident_id)
    if found is None:
        raise _nothing(incident_id)
    if found.state is IncidentState.CLOSED:
        raise Conflict(f"Incident '{found.title}' is closed; open another one.")
    return found


def _found(conn: Connection[Any], incident_id: IncidentId) -> Incident:
    found = incidents_store.read_incident(conn, incident_id)
    assert found is not None, "incidents are never deleted"
    return found


def _said(comment: str | None) -> str | None:
    said = (comment or "").strip().replace("\r\n", "\n")
    if len(said) > COMMENT_LENGTH_MAX:
        raise _fault("/comment", "too_long", f"A comment has at most {COMMENT_LENGTH_MAX} characters.")
    if unseen(said, besides=IN_COMMENTS):
        words = "A comment has lines of text, without control, invisible and direction characters."
        raise _fault("/comment", "invalid_characters", words)
    return said or None


def _audit(
    conn: Connection[Any], sort: ChangeSort, by: Actor, incident_id: IncidentId, **detail: Any
) -> None:
    audit_store.note(conn, sort, by=by.id, detail={"incident": str(incident_id), **detail})


def _fault(pointer: str, code: str, words: str) -> Invalid:
    return Invalid(words, faults=(Fault(pointer, code, words),))


def _nothing(incident_id: object) -> NotFound:
    return NotFound(f"There is no incident {incident_id}.")
