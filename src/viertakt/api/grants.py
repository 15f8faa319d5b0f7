"""The documents of roles and grants: what a role may, who changed it, and when."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from viertakt.api import wire
from viertakt.api.permissions import Who
from viertakt.api.replies import Count

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


class ReplaceGrant(AddGrant, frozen=True, forbid_unknown_fields=True):
    """What takes the place of a grant of the same role. A grant is never changed: the old number is revoked, a new one given."""


class PreviewGrant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of what a role may, to be looked at only: a grant, the number of one that would be revoked, or both."""

    role: wire.Name
    grant: AddGrant | None = None
    revoke: Annotated[int, Meta(ge=1, le=2**53 - 1)] | None = None


class GrantEffect(msgspec.Struct, frozen=True):
    """What a change would do now. `covers`: operations that the new grant is about and the role sees; counts stop at a limit (`capped`).

    `gains`, `loses`: words that the role would say newly, or no longer; `waits`: it takes a second person.
    """

    role: str
    holders: tuple[Who, ...]
    sees_before: Count
    sees_after: Count
    covers: Count | None
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    waits: bool


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


class RoleName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a role is called."""

    en: wire.Identifier
    nl: wire.Identifier


class MakeRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role of the company's own. It may nothing until something is granted to it."""

    role: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z", examples=["night_shift"])]
    label: RoleName
    reason: Reason | None = None


class ChangeRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a role is called from now on (a company's own only), and whether whoever has it needs an authenticator."""

    label: RoleName | None = None
    second_factor: bool | None = None
    reason: Reason | None = None


class Role(msgspec.Struct, frozen=True):
    """A role, what it is called, and the grants in force that say what it may. `own`: made by the company, and removable.

    `second_factor`: who has it and signs in by password needs an authenticator; `holders`: how many have it.
    """

    role: str
    label: dict[str, str]
    grants: tuple[Grant, ...]
    own: bool
    second_factor: bool
    holders: int


class ViewAs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Through whose eyes to look."""

    role: wire.Name


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
