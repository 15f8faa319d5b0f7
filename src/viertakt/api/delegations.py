"""The documents of standing in: who consents in whose name, and who is away."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from viertakt.api.permissions import Who

PersonId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        description="A person's id.",
        examples=["person:0198c1c2-3333-7000-8000-000000000000"],
    ),
]


class AddDelegation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody consents in a person's name until then. No `person`: the caller; no `from_at`: from now on."""

    stand_in: PersonId
    until_at: datetime
    person: PersonId | None = None
    from_at: datetime | None = None
    absent: Annotated[bool, Meta(description="The person is away meanwhile.")] = False


class Delegation(msgspec.Struct, frozen=True):
    """Who consents in whose name. `in_force`: it has begun."""

    id: int
    person: Who
    stand_in: Who
    absent: bool
    from_at: datetime
    until_at: datetime
    said_by: str
    said_at: datetime
    in_force: bool


class DelegationList(msgspec.Struct, frozen=True):
    """Those that hold or will, the next to end first."""

    items: tuple[Delegation, ...]


class DelegationsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of delegations."""

    all: Annotated[bool, Meta(description="Everybody's, for who manages; else the caller's own.")] = False
