"""What callers send and get about saved views, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api.permissions import Who
from viertakt.api.replies import EXAMPLE_ID, CappedCount
from viertakt.api.wire import Identifier, Name, Sort, Zone

Density = Literal["compact", "normal", "wide"]
AudienceName = Literal["personal", "team", "everyone"]


class SaveView(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A query under a name, and how its list is shown; what is left out is as the reader has it. `role`: the team's."""

    name: Annotated[Identifier, Meta(examples=["Large withdrawals"])]
    query: Annotated[str, Meta(max_length=2048, examples=["kind:withdrawal amount>=1000EUR created>-7d"])]
    audience: AudienceName = "personal"
    role: Name | None = None
    columns: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=50)] | None = None
    sort: Sort | None = None
    density: Density | None = None
    icon: Name | None = None


class ViewFault(msgspec.Struct, frozen=True):
    """Why a view's query reads no longer: a sentence, and the place in the query, in characters."""

    detail: str
    offset: int
    length: int


class View(msgspec.Struct, frozen=True):
    """A saved view. `starred` and `may_change` are the caller's; `counted`: a number belongs beside it.

    `builtin` says which of the product's own views it is, while it has the product's name.
    """

    id: Annotated[UUID, Meta(examples=[EXAMPLE_ID])]
    version: int
    name: str
    query: Annotated[str, Meta(description="Canonical; relative times stay relative.")]
    audience: AudienceName
    role: str | None
    columns: tuple[str, ...] | None
    sort: Sort | None
    density: Density | None
    icon: str | None
    owner: Who
    builtin: str | None
    starred: bool
    may_change: bool
    counted: bool
    fault: ViewFault | None
    created_at: datetime
    changed_at: datetime
    used_at: datetime | None


class ViewList(msgspec.Struct, frozen=True):
    """The views that are there for the caller, by name."""

    items: tuple[View, ...]


class ViewCount(msgspec.Struct, frozen=True):
    """How many operations a view holds; null where counting took too long."""

    id: UUID
    count: CappedCount | None


class ViewCounts(msgspec.Struct, frozen=True):
    """A count for each starred and each team view, up to 999."""

    items: tuple[ViewCount, ...]


class ViewCountsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the views' counts."""

    zone: Zone = "UTC"
