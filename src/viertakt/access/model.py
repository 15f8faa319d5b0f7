"""Who acts: the nouns of access. Rights are decided in `rules`; people and tokens are kept by `store`."""

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NewType
from uuid import UUID

import msgspec

from viertakt.access.grants import Rights

ActorId = NewType("ActorId", str)  # person:<uuid> | token:<uuid> | system:<name>


class ActorSort(StrEnum):
    PERSON = "person"
    TOKEN = "token"  # noqa: S105 - a sort of actor, not a secret
    SYSTEM = "system"


class Actor(msgspec.Struct, frozen=True, dict=True):
    """Who asks, with the roles and their grants as read at `access_version`; a write is refused when that version is no longer the actor's."""

    id: ActorId
    name: str
    roles: frozenset[str] = frozenset()
    access_version: int = 1
    rights: Rights = Rights()

    @cached_property
    def sort(self) -> ActorSort:
        return ActorSort(self.id.partition(":")[0])


class StepUp(msgspec.Struct, frozen=True, gc=False):
    """Until when a session's person counts as having just proved who they are, and how they may do so again.

    `how`: `code` (authenticator or recovery code), `password`, or `sign_in` (again, at the provider they came by).
    """

    until: datetime
    how: tuple[str, ...]


class Look(msgspec.Struct, frozen=True, gc=False):
    """A look through the eyes of a role: what is read is what that role sees, and nothing can be changed."""

    role: str
    until: datetime


class Session(msgspec.Struct, frozen=True):
    """A person's live session: who it is, when they last proved it, and how they may do so again (as in `StepUp`).

    `look`: through whose eyes they look; `actor` has that role's rights then and none of their own. `lacks_factor`:
    one of their roles asks for an authenticator, and they have none yet. `made_password`: they came in by a password that
    was made up for them, and have to choose their own.
    """

    id: UUID
    actor: Actor
    proved_at: datetime
    how: tuple[str, ...]
    look: Look | None = None
    lacks_factor: bool = False
    made_password: bool = False


class Role(msgspec.Struct, frozen=True):
    """A role. `made_by`: who made it, None for the product's. `second_factor`: whoever has it needs an authenticator."""

    role: str
    label: dict[str, str]
    made_by: ActorId | None = None
    second_factor: bool = False


class Right(msgspec.Struct, frozen=True):
    """Why an actor may: in which capacity (`manual`, `process`, `source`, …) and by what ("role payments, grant 17")."""

    cause: str
    granted_by: str


class Person(msgspec.Struct, frozen=True):
    """Somebody who signs in. `language`: the console's, `en` or `nl`."""

    id: ActorId
    name: str
    email: str
    language: str
    active: bool
    roles: tuple[str, ...]
    created_at: datetime
    last_seen_at: datetime | None = None


class Token(msgspec.Struct, frozen=True):
    """A program's key to the door, without its secret: `hint` is the end of it, enough to tell two apart."""

    id: ActorId
    name: str
    hint: str
    roles: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    issued_by: ActorId | None = None
    issued_by_name: str | None = None


ROLES = (
    "admin",
    "payments",
    "payments_lead",
    "kyc",
    "risk",
    "support",
    "compliance",
    "auditor",
    "read_only",
    "integration",
)

ROLE_LABELS: dict[str, dict[str, str]] = {
    "admin": {"en": "Administrator", "nl": "Beheerder"},
    "payments": {"en": "Payments", "nl": "Betalingen"},
    "payments_lead": {"en": "Payments lead", "nl": "Teamleider betalingen"},
    "kyc": {"en": "Identity checks (KYC)", "nl": "Identiteitscontrole (KYC)"},
    "risk": {"en": "Risk", "nl": "Risico"},
    "support": {"en": "Support", "nl": "Klantenservice"},
    "compliance": {"en": "Compliance", "nl": "Compliance"},
    "auditor": {"en": "Auditor", "nl": "Auditor"},
    "read_only": {"en": "Read only", "nl": "Alleen lezen"},
    "integration": {"en": "Integration", "nl": "Koppeling"},
}


def system(name: str) -> Actor:
    """The system under a name: `deadline`, `check:velocity`, `source:stripe`, `ledger`."""
    return Actor(id=ActorId(f"system:{name}"), name=name)
