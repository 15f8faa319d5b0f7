"""Incidents: the nouns."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, NewType
from uuid import UUID

import msgspec

from viertakt.access.model import ActorId
from viertakt.alerts.model import AlertId
from viertakt.operations.holding import HoldId

IncidentId = NewType("IncidentId", UUID)

PER_MINUTE = 60  # asked about after a release, where nobody says otherwise
PER_MINUTE_MAX = 6_000


class EventSort(StrEnum):
    """What was done about an incident. `resumed`: all that waited goes on again; everything else is somebody's act."""

    OPENED = "opened"
    PAUSED = "paused"
    ALERT_ADDED = "alert_added"
    NOTED = "noted"
    RELEASED = "released"
    RESUMED = "resumed"
    CLOSED = "closed"


class IncidentState(StrEnum):
    """How an incident stands. `open`: nothing waits for it; `paused`: its operations wait; `releasing`: they are being let go."""

    OPEN = "open"
    PAUSED = "paused"
    RELEASING = "releasing"
    CLOSED = "closed"


class Incident(msgspec.Struct, frozen=True):
    """Something wrong outside, and the operations it concerns, as a query. `held_at` to `resumed_at`: when they last waited.

    `alerts`: how many belong to it.
    """

    id: IncidentId
    title: str
    query: str
    opened_by: ActorId
    opened_at: datetime
    alerts: int = 0
    hold_id: HoldId | None = None
    held_at: datetime | None = None
    released_at: datetime | None = None
    per_minute: int | None = None
    resumed_at: datetime | None = None
    closed_by: ActorId | None = None
    closed_at: datetime | None = None

    @property
    def state(self) -> IncidentState:
        """How it stands."""
        if self.closed_at is not None:
            return IncidentState.CLOSED
        if self.held_at is None or self.resumed_at is not None:
            return IncidentState.OPEN
        return IncidentState.PAUSED if self.released_at is None else IncidentState.RELEASING


class Because(NamedTuple):
    """What operations wait for: the incident, and what it says is wrong."""

    incident: IncidentId
    title: str


class Event(msgspec.Struct, frozen=True):
    """One line of an incident's history. `alert_id`: the alert that was added; `per_minute`: of a release."""

    id: int
    at: datetime
    actor: ActorId
    sort: EventSort
    comment: str | None = None
    alert_id: AlertId | None = None
    per_minute: int | None = None
