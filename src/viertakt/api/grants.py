"""The documents of roles and grants: what a role may, who changed it, and when."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from viertakt.api import wire

Act = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=r"^[a-z][a-z0-9_]*(:([a-z][a-z0-9_]*|\*))?\Z",
        description="view, restricted, open, amend, report, export, reveal, manage; or move:<transition>, consent:<transition>, move:*, consent:*.",
        examples=["move:approve"],
    ),
]
Scope = Annotated[
    str,
    Meta(
        max_length=2048,
        description="A query over brand, kind, stage, status and dimensions; empty: everything.",
        examples=["brand:casino-nl"],
    ),
]
Reason = Annotated[str, Meta(min_length=1, max_length=200, description="Why; kept in the audit.")]


class AddGrant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a role is to be granted. Without `kinds`: in all of them. `amount_max` limits acting, one amount a currency."""

    role: wire.Name
    may: Annotated[tuple[Act, ...], Meta(min_length=1, max_length=200)]
    kinds: Annotated[tuple[wire.Name, ...], Meta(max_length=100)] = ()
    where: Scope = ""
    amount_max: Annotated[tuple[wire.Money, ...], Meta(max_length=20)] = ()
    reason: Reason | None = None


class Grant(msgspec.Struct, frozen=True):
    """A grant of a role, or of one token alone. `brought_by`: the kind that brought it along. Revoked, it stays to be read."""

    id: int
    role: str | None
    token: str | None
    may: tuple[str, ...]
    kinds: tuple[str, ...]
    where: str
    amount_max: tuple[wire.Money, ...]
    brought_by: str | None
    created_by: str
    created_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None


class GrantList(msgspec.Struct, frozen=True):
    """Grants by their number."""

    items: tuple[Grant, ...]


class Role(msgspec.Struct, frozen=True):
    """A role, what it is called, and the grants in force that say what it may."""

    role: str
    label: dict[str, str]
    grants: tuple[Grant, ...]


class RoleList(msgspec.Struct, frozen=True):
    """Every role, by name."""

    items: tuple[Role, ...]


class GrantsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of grants. `revoked`: those that are no longer in force too."""

    role: wire.Name | None = None
    token: Annotated[str, Meta(max_length=100, pattern=r"^token:[0-9a-f-]{36}\Z")] | None = None
    revoked: bool = False


class RevokeQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of a revocation."""

    reason: Reason | None = None
