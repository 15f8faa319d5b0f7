"""A saved view: a query with how its list is shown, under a name."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from viertakt.access.model import ActorId

ViewId = NewType("ViewId", UUID)


class Audience(StrEnum):
    """For whom a view is: its owner alone, everybody of one role, or everybody."""

    PERSONAL = "personal"
    TEAM = "team"
    EVERYONE = "everyone"


class ViewContent(msgspec.Struct, frozen=True):
    """What people choose of a view. None in `columns`, `sort`, `density`: as the reader has it. `role` is a team's."""

    name: str
    query: str
    audience: Audience = Audience.PERSONAL
    role: str | None = None
    columns: tuple[str, ...] | None = None
    sort: str | None = None
    density: str | None = None
    icon: str | None = None


class View(msgspec.Struct, frozen=True):
    """A view as one reader sees it: `starred` is the reader's. `builtin`: which one of the product's own, still unnamed."""

    id: ViewId
    version: int
    content: ViewContent
    owner: ActorId
    owner_name: str
    starred: bool
    created_at: datetime
    changed_at: datetime
    used_at: datetime | None = None
    deleted_at: datetime | None = None
    builtin: str | None = None
