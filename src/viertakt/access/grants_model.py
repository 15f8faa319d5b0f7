"""Grants as they are administered: asked for, kept, and told in the audit."""

from datetime import datetime
from decimal import Decimal

import msgspec

from viertakt.access.model import ActorId


class NewGrant(msgspec.Struct, frozen=True):
    """What is to be granted to a role; words as in `grants.Grant`."""

    role: str
    may: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    where: str = ""
    amount_max: dict[str, Decimal] = {}


class GrantLine(msgspec.Struct, frozen=True):
    """A grant with where it came from. `brought_by`: the kind that brought it along, None for a company's or the product's."""

    id: int
    role: str
    kinds: tuple[str, ...]
    may: tuple[str, ...]
    where: str
    amount_max: dict[str, Decimal]
    brought_by: str | None
    created_by: ActorId
    created_at: datetime
    revoked_by: ActorId | None = None
    revoked_at: datetime | None = None


class Change(msgspec.Struct, frozen=True):
    """One line of the audit: who granted or revoked which grant of which role, and when."""

    id: int
    at: datetime
    actor: ActorId
    actor_name: str | None
    sort: str
    grant_id: int
    role: str
    reason: str | None
