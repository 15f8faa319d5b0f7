"""The documents of changes of access that wait for a second person."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from viertakt.access.audit_model import ChangeSort
from viertakt.access.requests import RequestVerdict
from viertakt.access.requests_store import AccessRequest as Request
from viertakt.access.requests_store import Asked, RequestState
from viertakt.api import wire
from viertakt.api.access import ActorName
from viertakt.api.permissions import Who
from viertakt.api.shapes import utc


class AskedGrant(msgspec.Struct, frozen=True):
    """The grant that is asked for, of a role or a token."""

    role: str | None
    token: str | None
    may: tuple[str, ...]
    kinds: tuple[str, ...]
    where: str
    amount_max: tuple[wire.Money, ...]


class AccessRequest(msgspec.Struct, frozen=True):
    """A change of access that waits for another person who manages, or what became of it."""

    id: int
    sort: Annotated[ChangeSort, Meta(description="granted, revoked, roles_set or activated.")]
    grant: AskedGrant | None
    revoke: Annotated[int | None, Meta(description="The number of the grant that is to be revoked.")]
    about: Annotated[ActorName | None, Meta(description="Whose roles are to change.")]
    roles: tuple[str, ...] | None
    asked_by: Who
    asked_at: datetime
    reason: str | None
    state: RequestState
    settled_by: Who | None
    settled_at: datetime | None


class AccessRequestList(msgspec.Struct, frozen=True):
    """Changes of access that wait, the newest first."""

    items: tuple[AccessRequest, ...]


class SettleRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said to a change that waits; only who asked withdraws, and only another approves or declines."""

    verdict: RequestVerdict


def document(core: Request) -> AccessRequest:
    """The request on the wire."""
    settled_by = core.settled_by
    return AccessRequest(
        id=core.id,
        sort=core.asked.sort,
        grant=_grant(core.asked),
        revoke=core.asked.revoke,
        about=core.asked.actor,
        roles=core.asked.roles,
        asked_by=Who(core.asked_by, core.asked_by_name),
        asked_at=utc(core.asked_at),
        reason=core.reason,
        state=core.state,
        settled_by=None if settled_by is None else Who(settled_by, core.settled_by_name or settled_by),
        settled_at=None if core.settled_at is None else utc(core.settled_at),
    )


def _grant(asked: Asked) -> AskedGrant | None:
    grant = asked.grant
    if grant is None:
        return None
    return AskedGrant(
        role=grant.role,
        token=grant.token,
        may=grant.may,
        kinds=grant.kinds,
        where=grant.where,
        amount_max=tuple(
            wire.Money(f"{amount:f}", currency) for currency, amount in sorted(grant.amount_max.items())
        ),
    )
