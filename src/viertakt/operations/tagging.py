"""Tags on operations: load, decide, write, in a transaction that the door opened; past the batch, as assignments are.

The operation's row is locked while its tags are read and written, so that two who tag it at once lose nothing of each
other's. A move of the same moment waits for that one statement; it writes no tag, and its version is not touched.
"""

from typing import Any

import msgspec
from psycopg import Connection

from viertakt.operations import store_assignment
from viertakt.operations.assigning import earlier, write_entry
from viertakt.operations.model import Entry
from viertakt.operations.reading import read_operation
from viertakt.operations.rules_tags import TagChange, TagRequest, decide_tags


class Tagged(msgspec.Struct, frozen=True):
    """The tags as they stand now, what of them changed, and the entry that told so; None where nothing did."""

    tags: tuple[str, ...]
    change: TagChange
    entry: Entry | None = None
    replayed: bool = False


def change_tags(conn: Connection[Any], request: TagRequest) -> Tagged:
    """Put tags on an operation and take others off. Raises `NotFound`, `Forbidden`, `Invalid`, `KeyReused`, `LostRace`."""
    read_operation(conn, request.operation_id, reader=request.caller.actor)
    now = store_assignment.lock_operation(conn, request.operation_id)
    operation = read_operation(conn, request.operation_id, reader=request.caller.actor)
    answer = earlier(conn, request.caller, operation)
    if answer is None:
        change = decide_tags(operation, request, now=now)
        if change.decision is None:
            return Tagged(operation.tags, change)
        answer = write_entry(conn, request.caller, change.decision)
        if not answer.replayed:
            store_assignment.write_tags(conn, operation.id, change.tags)
            return Tagged(change.tags, change, answer.entry)
    told = answer.entry.data or {}
    before = TagChange(operation.tags, tuple(told.get("added", ())), tuple(told.get("removed", ())))
    return Tagged(operation.tags, before, answer.entry, replayed=True)
