"""One set of requests on its way through one transaction: what deciding needs besides the requests themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.access.model import Actor, ActorId
from viertakt.access.rules import sees
from viertakt.errors import KeyReused, NotFound, Unavailable, ViertaktError
from viertakt.kinds.model import PublishedKind
from viertakt.kinds.reasons import Catalogue
from viertakt.operations.holding import Holds
from viertakt.operations.model import (
    Answer,
    Caller,
    Entry,
    Operation,
)

Result = Answer | ViertaktError


class Kinds(Protocol):
    """Where published kinds come from."""

    def latest(self, conn: Connection[Any], name: str) -> PublishedKind: ...

    def at(self, conn: Connection[Any], name: str, version: int) -> PublishedKind: ...


class ReloadActor(Protocol):
    """Reads an actor again; raises `Unauthenticated` where it may not act any more."""

    def __call__(self, conn: Connection[Any], actor: ActorId) -> Actor: ...


class Engine(msgspec.Struct, frozen=True):
    """What deciding needs besides the request: kinds, the reason catalogue, a way to read an actor again, and what is held."""

    kinds: Kinds
    catalogue: Catalogue
    reload_actor: ReloadActor
    holds: Holds = msgspec.field(default_factory=Holds)


class Turn(msgspec.Struct, frozen=True):
    """One set on its way: the primary's clock when its operations were read, and those themselves where they are locked."""

    conn: Connection[Any]
    engine: Engine
    now: datetime
    operations: Mapping[UUID, Operation] = {}

    def kind_of(self, operation: Operation) -> PublishedKind:
        """The version an operation was opened with."""
        return self.engine.kinds.at(self.conn, operation.kind, operation.kind_version)


def no_operation(operation_id: UUID) -> NotFound:
    """The refusal of what is not there, and of what is out of the caller's sight: nobody can tell the two apart."""
    return NotFound(f"There is no operation {operation_id}.")


def may_read_replay(caller: Caller, operation: Operation, entry: Entry) -> bool:
    """Whether a first answer may be given again: the operation is in sight, or the caller's own entry was its last.

    Who moves an operation out of their own sight must still hear that it was done, also when they ask again.
    """
    return sees(caller.actor, operation) or entry.version == operation.version


def replayed(caller: Caller, operation: Operation, entry: Entry) -> Result:
    """The first answer again, or a refusal where this key carried another body then."""
    if entry.body_digest == caller.body_digest:
        return Answer(operation=operation, entry=entry, replayed=True)
    return KeyReused(
        f"Key '{caller.key}' was used before with another body. A new request needs a new key.",
        operation_id=str(entry.operation_id),
    )


def unconfirmed() -> Unavailable:
    """What is told when a commit got no answer."""
    return Unavailable(
        "The database did not confirm this, so it is not known whether it happened. Ask again with the same key: "
        "what has happened is answered, what has not happens then."
    )
