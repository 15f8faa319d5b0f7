"""What callers send and get about incidents, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.alerts.incidents import COMMENT_LENGTH_MAX, TITLE_LENGTH_MAX
from viertakt.alerts.incidents_model import PER_MINUTE, PER_MINUTE_MAX
from viertakt.api.alerts import Alert
from viertakt.api.permissions import Who

Comment = Annotated[str, Meta(max_length=COMMENT_LENGTH_MAX)]


class IncidentQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which incidents."""

    open: Annotated[bool, Meta(description="Only those that are open.")] = False


class OpenIncident(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something wrong outside. With `pause` nothing is sent, asked or fired for its operations from now on."""

    title: Annotated[str, Meta(min_length=1, max_length=TITLE_LENGTH_MAX, examples=["Card provider is down"])]
    q: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=2048,
            description="The operations that it concerns: what a provider handles.",
            examples=["kind:deposit,withdrawal attributes.method:card"],
        ),
    ]
    alerts: Annotated[
        tuple[UUID, ...], Meta(max_length=50, description="Alerts that belong to it; of no incident yet.")
    ] = ()
    pause: bool = False
    comment: Comment | None = None


class ChangeIncident(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One act on an incident. `alert`: of `add_alert`; `per_minute`: of `release`, how many operations are asked about again."""

    act: Literal["note", "add_alert", "pause", "release", "close"]
    comment: Comment | None = None
    alert: UUID | None = None
    per_minute: Annotated[int, Meta(ge=1, le=PER_MINUTE_MAX)] = PER_MINUTE


class Incident(msgspec.Struct, frozen=True):
    """Something wrong outside. `paused`: its operations wait; `releasing`: they are let go, and asked about again one after the
    other; `open`: nothing waits for it.

    `held_at`, `released_at`, `resumed_at`: when they last began to wait, when somebody let them go, and when all went on.
    `asked_until`: when the last of those that waited is asked about again.
    """

    id: UUID
    title: str
    q: Annotated[str, Meta(description="The operations that it concerns.")]
    state: Literal["open", "paused", "releasing", "closed"]
    alerts: Annotated[int, Meta(description="How many alerts belong to it.")]
    opened_by: Who
    opened_at: datetime
    held_at: datetime | None
    released_at: datetime | None
    per_minute: int | None
    asked_until: datetime | None
    resumed_at: datetime | None
    closed_by: Who | None
    closed_at: datetime | None


class IncidentList(msgspec.Struct, frozen=True):
    """Open ones first, then the latest; at most 200."""

    items: tuple[Incident, ...]


class IncidentEvent(msgspec.Struct, frozen=True):
    """One line of an incident's history."""

    at: datetime
    actor: Who
    sort: Literal["opened", "paused", "alert_added", "noted", "released", "resumed", "closed"]
    comment: str | None
    alert_id: UUID | None
    per_minute: int | None


class IncidentDetail(msgspec.Struct, frozen=True):
    """An incident with its history, the first line first, and how many operations under way it concerns, counted to 10,000."""

    incident: Incident
    events: tuple[IncidentEvent, ...]
    alerts: tuple[Alert, ...]
    pending: Annotated[int, Meta(description="Operations under way that it concerns.")]
    with_provider: Annotated[int, Meta(description="Of these, how many wait on a provider.")]
    deadlines: Annotated[int, Meta(description="Of these, how many have a deadline.")]
    overdue: Annotated[int, Meta(description="Of these, how many have a deadline that is up.")]
    to_ask: Annotated[
        int,
        Meta(
            description="While it is released, how many are still to be asked about again; one or two more or less."
        ),
    ]
