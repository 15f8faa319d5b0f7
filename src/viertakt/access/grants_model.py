"""Grants as they are administered: asked for, kept, and told in the audit."""

from datetime import datetime
from decimal import Decimal

import msgspec

from viertakt.access.model import ActorId


class NewGrant(msgspec.Struct, frozen=True):
    """What is to be granted to a role, or to one token alone; words as in `grants.Grant`."""

    role: str | None
    may: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    where: str = ""
    amount_max: dict[str, Decimal] = {}
    token: ActorId | None = None


class GrantLine(msgspec.Struct, frozen=True):
    """A grant of a role or a token, with where it came from. `brought_by`: the kind that brought it along, None for a company's or the product's."""

    id: int
    role: str | None
    kinds: tuple[str, ...]
    may: tuple[str, ...]
    where: str
    amount_max: dict[str, Decimal]
    brought_by: str | None
    created_by: ActorId
    created_at: datetime
    revoked_by: ActorId | None = None
    revoked_at: datetime | None = None
    token: ActorId | None = None
