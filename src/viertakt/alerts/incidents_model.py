"""Incidents: the nouns."""

from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
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
    """How an incident stands. `open`: nothing waits for it; `paused`: its operations wait; `releasing`: they are being let go, or
    asked about again."""

    OPEN = "open"
    PAUSED = "paused"
    RELEASING = "releasing"
    CLOSED = "closed"


class Incident(msgspec.Struct, frozen=True):
    """Something wrong outside, and the operations it concerns, as a query. `held_at` to `resumed_at`: when they last waited.

    `alerts`: how many belong to it. `asked_until`: when the last of those that waited is asked about again, once they are let go.
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
    asked_until: datetime | None = None
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

    def to_ask(self, now: datetime) -> int:
        """How many are still to be asked about again, as many a minute as it was released at: one or two more or less."""
        if self.state is not IncidentState.RELEASING or self.asked_until is None or self.per_minute is None:
            return 0
        return max(ceil((self.asked_until - now) / timedelta(minutes=1) * self.per_minute), 0)


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
