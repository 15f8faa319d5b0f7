"""Who works on what, on the wire: notes, assignments, queues, and who else looks at an operation."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api.permissions import Who
from viertakt.operations.model import Act

Priority = Literal["low", "normal", "high", "urgent"]
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high", "urgent")  # from -1 on
Comment = Annotated[str, Meta(max_length=10_000)]


class WriteNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that colleagues should know. `@` before a name or an e-mail address calls somebody."""

    text: Annotated[
        str, Meta(min_length=1, max_length=10_000, examples=["@Lena Bakker: same device as W-1007"])
    ]


class ChangeAssignment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is done about who works on an operation.

    `assign` takes `to` (a person's id or e-mail address, or a role; nobody when left out), `snooze` takes `until`,
    `prioritise` a `priority`, and `skip` a `comment` that says why.
    """

    act: Act
    to: Annotated[str, Meta(min_length=1, max_length=320, examples=["role:payments"])] | None = None
    until: Annotated[str, Meta(extra_json_schema={"format": "date-time"})] | None = None
    priority: Priority = "normal"
    comment: Comment | None = None


class ClaimNext(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`done`: the operation that the caller has in hand and is finished with; it is let go first."""

    done: UUID | None = None


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That the caller looks at an operation; `writing`: and has begun to write."""

    writing: bool = False


class Assignment(msgspec.Struct, frozen=True):
    """Who works on an operation. A claim holds until `lease_until`, and is not told once its lease ran out."""

    assignee: Annotated[Who | None, Meta(description="A person, or role:… for a team.")]
    claimed_by: Who | None
    lease_until: datetime | None
    snoozed_until: datetime | None
    priority: Priority


class Present(msgspec.Struct, frozen=True):
    """Somebody who looks at an operation now."""

    id: str
    name: str
    writing: bool


class Presence(msgspec.Struct, frozen=True):
    """Who else looks at it now, by name."""

    items: tuple[Present, ...]


class Colleague(msgspec.Struct, frozen=True):
    """Somebody whom work can be assigned to, and whom a note can call."""

    id: str
    name: str
    roles: tuple[str, ...]


class Team(msgspec.Struct, frozen=True):
    """A role as a team that work can be assigned to."""

    id: Annotated[str, Meta(examples=["role:payments"])]
    label: dict[str, str]


class Directory(msgspec.Struct, frozen=True):
    """Everybody whom work can be assigned to."""

    people: tuple[Colleague, ...]
    teams: tuple[Team, ...]
