"""Who acts: the nouns of access. Rights are decided in `rules`; people and tokens are kept by `store`."""

from enum import StrEnum
from typing import NewType

import msgspec

ActorId = NewType("ActorId", str)  # person:<uuid> | token:<uuid> | system:<name>


class ActorSort(StrEnum):
    PERSON = "person"
    TOKEN = "token"  # noqa: S105 - a sort of actor, not a secret
    SYSTEM = "system"


class Actor(msgspec.Struct, frozen=True):
    """Who asks, with the roles read at `access_version`; a write is refused when that version is no longer the actor's."""

    id: ActorId
    name: str
    roles: frozenset[str] = frozenset()
    access_version: int = 1

    @property
    def sort(self) -> ActorSort:
        return ActorSort(self.id.partition(":")[0])


class Right(msgspec.Struct, frozen=True):
    """Why an actor may: in which capacity (`manual`, `process`, `source`, …) and by what ("role payments")."""

    cause: str
    granted_by: str


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


def system(name: str) -> Actor:
    """The system under a name: `deadline`, `check:velocity`, `source:stripe`, `ledger`."""
    return Actor(id=ActorId(f"system:{name}"), name=name)
