"""Notes, and who works on what: load, decide, write, in a transaction that the door opened.

They go past the batch, for they change no operation: no version, no status, and no row of `operation` is written, so no
move ever waits for them. Their guards are their own: the row of `assignment` is locked before it is judged, and an entry is
written only where its actor's rights still are what was read.
"""

from datetime import timedelta
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.errors import UniqueViolation

from viertakt.access.directory import assignee_named, mentioned
from viertakt.access.model import Actor, ActorId
from viertakt.errors import LostRace, ViertaktError
from viertakt.operations import store, store_assignment
from viertakt.operations.model import (
    Act,
    Answer,
    Assignment,
    AssignmentRequest,
    Caller,
    Decision,
    Entry,
    NoteRequest,
    Operation,
    OperationId,
)
from viertakt.operations.reading import read_operation
from viertakt.operations.rows import entry_of, line_of
from viertakt.operations.rules_assignment import decide_assignment, decide_note
from viertakt.operations.turn import replayed

SKIPS_KEPT = timedelta(days=30)
PRESENT_WITHIN = timedelta(seconds=45)  # a page says every twenty seconds that it is still looked at
PRESENT_MAX = 20


class Assigned(msgspec.Struct, frozen=True):
    """How it stands now, and the entry that told so; None where nothing was to be told."""

    operation: Operation
    assignment: Assignment
    entry: Entry | None = None
    replayed: bool = False


class Present(msgspec.Struct, frozen=True):
    """Somebody who looks at an operation now; `writing`: and has begun to write."""

    id: str
    name: str
    writing: bool


def write_note(conn: Connection[Any], request: NoteRequest) -> Answer:
    """Write a note. Raises `NotFound`, `Forbidden`, `Invalid`, `KeyReused`, `LostRace`."""
    caller = request.caller
    operation = read_operation(conn, request.operation_id, reader=caller.actor)
    answer = earlier(conn, caller, operation)
    if answer is not None:
        return answer
    called = tuple(str(actor) for actor in mentioned(conn, request.text))
    decision = decide_note(operation, request, called, now=store_assignment.primary_clock(conn))
    return write_entry(conn, caller, decision)


def change_assignment(conn: Connection[Any], request: AssignmentRequest) -> Assigned:
    """Change who works on an operation. Raises `NotFound`, `Forbidden`, `NotPermitted`, `Invalid`, `KeyReused`, `LostRace`."""
    caller = request.caller
    operation = read_operation(conn, request.operation_id, reader=caller.actor)
    held, now = store_assignment.lock_assignment(conn, operation.id)
    answer = earlier(conn, caller, operation)
    if answer is not None:
        return Assigned(operation, held, answer.entry, replayed=True)
    if request.act is Act.ASSIGN and request.to is not None:
        request = msgspec.structs.replace(request, to=assignee_named(conn, request.to))
    change = decide_assignment(operation, held, request, now=now)
    entry = None
    if change.decision is not None:
        answer = write_entry(conn, caller, change.decision)
        if answer.replayed:
            return Assigned(operation, held, answer.entry, replayed=True)
        entry = answer.entry
    if change.after != held:
        store_assignment.write_assignment(conn, operation.id, change.after)
    if request.act is Act.SKIP:
        store_assignment.write_skip(conn, operation.id, caller.actor.id, operation.version, now)
    return Assigned(operation, _with_names(conn, change.after), entry)


def assignee_of(conn: Connection[Any], operation_id: OperationId) -> str | None:
    """To whom it is assigned; nobody changes that until the transaction ends."""
    return store_assignment.lock_assignment(conn, operation_id)[0].assignee


def look(conn: Connection[Any], operation_id: OperationId, actor: Actor, *, writing: bool) -> list[Present]:
    """Note that somebody looks at an operation; who else does, by name. Raises `NotFound`."""
    operation = read_operation(conn, operation_id, reader=actor)
    store_assignment.see(conn, operation.id, actor.id, writing=writing)
    others = store_assignment.present(
        conn, operation.id, besides=actor.id, age=PRESENT_WITHIN, limit=PRESENT_MAX
    )
    return [Present(*one) for one in others]


def look_away(conn: Connection[Any], operation_id: OperationId, actor: Actor) -> None:
    """Note that somebody looks no more. Raises `NotFound`."""
    operation = read_operation(conn, operation_id, reader=actor)
    store_assignment.leave(conn, operation.id, actor.id)


def hand_over(conn: Connection[Any], leaver: ActorId, *, to: ActorId | None, by: ActorId) -> int:
    """What somebody who leaves works on goes to another, or to nobody; how many operations it was."""
    return store_assignment.hand_over(conn, leaver, to, by)


def prune_skips(conn: Connection[Any]) -> None:
    """Forget what was passed over and has moved on, or a month ago; and who looked and has gone."""
    store_assignment.prune_skips(conn, age=SKIPS_KEPT)
    store_assignment.prune_presence(conn, age=timedelta(hours=1))


def write_entry(conn: Connection[Any], caller: Caller, decision: Decision) -> Answer:
    """An entry beside the operation's versions; what its key was answered with before, where it was. Raises `LostRace`."""
    if caller.cause is not None:
        decision = msgspec.structs.replace(decision, cause=caller.cause)
    line = line_of(caller, decision)
    try:
        with conn.transaction():
            written = store_assignment.write_beside(conn, line)
    except UniqueViolation:
        # The same key at the same time: the other one was first, and is the answer to both.
        answer = earlier(conn, caller, decision.operation)
        assert answer is not None, "an entry with this key stands there"
        return answer
    if written is None:
        raise LostRace(f"What {caller.actor.name} may do changed while this was decided. Try again.")
    return Answer(operation=decision.operation, entry=entry_of(line, written))


def earlier(conn: Connection[Any], caller: Caller, operation: Operation) -> Answer | None:
    """What this request's key was answered with before. Raises `KeyReused`."""
    if caller.key is None:
        return None
    found = store_assignment.entry_of_key(conn, operation.id, caller.actor.id, caller.key)
    if found is None:
        return None
    answer = replayed(caller, operation, found)
    if isinstance(answer, ViertaktError):
        raise answer
    return answer


def _with_names(conn: Connection[Any], assignment: Assignment) -> Assignment:
    named = [actor for actor in (assignment.assignee, assignment.claimed_by) if actor]
    return msgspec.structs.replace(assignment, names=store.read_names(conn, named))
