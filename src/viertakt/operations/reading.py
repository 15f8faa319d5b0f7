"""What an operation is, was, and how it came to be: the questions about one operation."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.access.model import Actor
from viertakt.access.rules import sees
from viertakt.errors import NotFound
from viertakt.kinds.model import KindName, PublishedKind, StageName, Status
from viertakt.operations import store
from viertakt.operations.model import Entry, EntrySort, Money, Operation, OperationId
from viertakt.operations.turn import no_operation

read_aliases = store.read_aliases
read_history = store.read_history
read_names = store.read_names
read_personal = store.read_personal


def read_operation(conn: Connection[Any], operation_id: UUID, *, reader: Actor | None = None) -> Operation:
    """The operation as it stands. Raises `NotFound`, also where it is not for this reader."""
    operation = store.read_operations(conn, [operation_id]).get(operation_id)
    if operation is None or (reader is not None and not sees(reader, operation)):
        raise no_operation(operation_id)
    return operation


def sees_entry(reader: Actor, operation: Operation, entry: Entry) -> bool:
    """Whether an entry of an operation is for this reader: as it stands now, and where the entry took it from and to.

    That something was in a restricted stage is not told when it has come out again either.
    """
    if reader.rights.sees_everything:
        return True
    places = ((entry.from_stage, entry.from_status), (entry.to_stage, entry.to_status))
    stood = [
        msgspec.structs.replace(operation, stage=stage, status=status)
        for stage, status in places
        if stage is not None and status is not None
    ]
    return all(sees(reader, one) for one in (operation, *stood))


def sees_new(
    reader: Actor,
    *,
    kind: str,
    brand: str | None,
    stage: str | None = None,
    attributes: Mapping[str, str] | None = None,
) -> bool:
    """Whether the reader would see an operation of this kind and brand that has just been opened: who is told of counts.

    Of all brands together (None): for those who see a new operation of any. `stage`, `attributes`: what is told is about these.
    """
    moment = datetime(2000, 1, 1, tzinfo=UTC)
    opened = Operation(
        OperationId(UUID(int=0)),
        KindName(kind),
        1,
        "",
        StageName(stage or ""),
        Status.PENDING,
        1,
        moment,
        moment,
        moment,
        brand=brand,
        attributes=dict(attributes or {}),
    )
    return sees(reader, opened)


def named_in(entries: Iterable[Entry]) -> set[str]:
    """Everybody whom these entries name: who acted, and whom the entry is about."""
    return {actor for entry in entries for actor in (entry.actor, *about(entry))}


def about(entry: Entry) -> tuple[str, ...]:
    """Whom an entry is about: to whom it was assigned, out of whose hand it was taken, whom a note calls, for whom a stand-in spoke."""
    data = entry.data or {}
    if entry.sort is EntrySort.NOTED:
        return tuple(data.get("mentions", ()))
    if entry.sort in {EntrySort.ASSIGNED, EntrySort.RELEASED}:
        return tuple(data[name] for name in ("assignee", "claimed_by") if name in data)
    if entry.sort in {EntrySort.CONSENTED, EntrySort.DECLINED}:
        return (data["for"],) if "for" in data else ()
    return ()


def asked_seq(entry: Entry) -> int | None:
    """The approval that an entry asks for, or that it says something about; None where it is about none."""
    match entry.sort:
        case EntrySort.ASKED:
            return entry.seq
        case EntrySort.CONSENTED | EntrySort.DECLINED | EntrySort.WITHDRAWN | EntrySort.EXPIRED:
            return (entry.data or {}).get("approval")
    return None


def read_as_of(
    conn: Connection[Any], operation_id: UUID, at: datetime, *, published: PublishedKind
) -> Operation:
    """The operation as it stood at a moment, told by its history. Raises `NotFound` before its opening."""
    present = read_operation(conn, operation_id)
    versions = store.read_versions(conn, operation_id, at)
    if not versions:
        raise NotFound(f"Operation {operation_id} was not open yet at {at.isoformat()}.")
    return replay(present, versions, published=published)


def replay(present: Operation, versions: Sequence[Entry], *, published: PublishedKind) -> Operation:
    """What these entries, oldest first, say the operation is: everything that can change is taken from them alone."""
    amount: dict[str, Any] | None = None
    attributes: dict[str, Any] = {}
    operation = present
    for entry in versions:
        told = entry.data or {}
        if entry.sort is not EntrySort.MOVED:
            amount = told.get("amount") or amount
            attributes = {**attributes, **told.get("attributes", {})}
        operation = _after(operation, entry, published)
    return msgspec.structs.replace(
        operation, amount=msgspec.convert(amount, Money | None), attributes=attributes, deadline_at=None
    )


def _after(operation: Operation, entry: Entry, published: PublishedKind) -> Operation:
    assert entry.version is not None, "a version has a number"
    assert entry.to_stage is not None, "a version has a stage"
    assert entry.to_status is not None, "a version has a status"
    closed_at = None
    if entry.to_status is not Status.PENDING:
        stays = entry.version > 1 and operation.status is entry.to_status
        closed_at = operation.closed_at if stays else entry.at
    return msgspec.structs.replace(
        operation,
        stage=entry.to_stage,
        status=entry.to_status,
        waiting_on=published.kind.stages[entry.to_stage].waiting_on,
        version=entry.version,
        changed_at=entry.at,
        entered_at=operation.entered_at if entry.sort is EntrySort.AMENDED else entry.at,
        closed_at=closed_at,
    )
