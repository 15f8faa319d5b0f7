"""The audit of access: what was changed by whom, and what was revealed to whom."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from viertakt.access.model import ActorId, ActorSort


class ChangeSort(StrEnum):
    """What a line of the audit tells."""

    GRANTED = "granted"
    REVOKED = "revoked"
    PERSON_ADDED = "person_added"
    ROLES_SET = "roles_set"
    DEACTIVATED = "deactivated"
    ACTIVATED = "activated"
    TOKEN_ISSUED = "token_issued"  # noqa: S105 - a sort of line, not a secret
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - the same
    REVEALED = "revealed"
    REVIEWED = "reviewed"
    DELEGATED = "delegated"
    DELEGATION_ENDED = "delegation_ended"
    CHANGE_ASKED = "change_asked"
    CHANGE_APPROVED = "change_approved"
    CHANGE_DECLINED = "change_declined"
    CHANGE_WITHDRAWN = "change_withdrawn"
    ROLE_MADE = "role_made"
    ROLE_CHANGED = "role_changed"
    ROLE_REMOVED = "role_removed"
    LOOKED = "looked"
    SOURCE_SET = "source_set"
    SECRET_ADDED = "secret_added"  # noqa: S105 - the same
    SECRET_REMOVED = "secret_removed"  # noqa: S105 - the same
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_PAUSED = "incident_paused"
    INCIDENT_RELEASED = "incident_released"
    INCIDENT_CLOSED = "incident_closed"
    LIMIT_SET = "limit_set"
    LIMIT_ENDED = "limit_ended"
    ERASED = "erased"


class Change(msgspec.Struct, frozen=True):
    """One line of the audit. `about`: the person, token or source concerned; `detail`: what changed, in codes and never in values."""

    id: int
    at: datetime
    actor: ActorId
    actor_name: str | None
    sort: ChangeSort
    grant_id: int | None = None
    role: str | None = None
    about: ActorId | None = None
    about_name: str | None = None
    operation_id: UUID | None = None
    reason: str | None = None
    detail: dict[str, Any] | None = None


class ChangeFilter(msgspec.Struct, frozen=True):
    """Which lines of the audit: all where nothing is said. `before`: older than this line."""

    sorts: tuple[ChangeSort, ...] = ()
    by: ActorId | None = None
    about: ActorId | None = None
    operation_id: UUID | None = None
    before: int | None = None


class Reviewed(msgspec.Struct, frozen=True):
    """Somebody who may act, as a review of access looks at them. `last_used_at`: to the minute, None for never."""

    id: ActorId
    name: str
    sort: ActorSort
    email: str | None
    roles: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
