"""Plain moves without locks: one statement reads a set, one writes it, and the write's guards say who came too late.

    read, with what answers the keys ── decide each ── write, guarded by all that was read
                                                            │
       left for the way under locks (`actions`): what lost its guard, is not plain, was answered before, or would be refused

Of a thousand moves a handful meets another writer on the same operation, so the locks that all would wait for are taken only
by those. Nothing is weaker for it: a move is written only where the version and the rights that it was decided on still
stand (of two that read the same, one is written), and whatever has answered a key since has also changed the version, or
collides with it. Only what succeeds is answered here: a refusal might rest on what another is just changing. A write is one
statement and its own transaction: two trips to the database a set, instead of five.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection, Error

from viertakt.access.rules import sees
from viertakt.errors import ViertaktError
from viertakt.operations import rules, store
from viertakt.operations.model import (
    Answer,
    MoveRequest,
    OpenRequest,
    Operation,
)
from viertakt.operations.requests import Request
from viertakt.operations.rows import Line, entry_of, line_of
from viertakt.operations.rules_checks import is_gated
from viertakt.operations.turn import Engine, Result, Turn, unconfirmed


def move_at_once(conn: Connection[Any], engine: Engine, requests: Sequence[Request]) -> dict[int, Result]:
    """What became of the plain moves among these, by their place; what is missing was not written and goes the other way.

    `conn` is in autocommit. Raises psycopg's errors where nothing was written.
    """
    asked = _plain(requests)
    if not asked:
        return {}
    present = store.read_unlocked(conn, [store.key_asked(request) for _, request in asked.values()])
    turn = Turn(conn, engine, present.now)
    answered = {operation_id.int for operation_id in present.answered}
    lines: dict[int, Line] = {}
    for operation in present.operations:
        if operation.id.int not in answered:
            n, request = asked[operation.id.int]
            line = _line(turn, operation, request)
            if line is not None:
                lines[n] = line
    return _write(conn, lines)


def _plain(requests: Sequence[Request]) -> dict[int, tuple[int, MoveRequest]]:
    """The moves that bring nothing to keep apart, each of an operation of which this set asks nothing else; with their places.

    By the number that an operation's id is: a UUID is looked up in Python, a number is not.
    """
    asked: dict[int, tuple[int, MoveRequest]] = {}
    crowded: set[int] = set()
    for n, request in enumerate(requests):
        if isinstance(request, OpenRequest):
            continue
        place = request.operation_id.int
        if place in asked:
            crowded.add(place)
        elif isinstance(request, MoveRequest) and request.comment is None and request.data is None:
            asked[place] = (n, request)
        else:
            crowded.add(place)
    for place in crowded:
        asked.pop(place, None)
    return asked


def _line(turn: Turn, operation: Operation, request: MoveRequest) -> Line | None:
    """The move as it will be written, where nothing but the operation and the caller decides it, and it is permitted."""
    kind = turn.kind_of(operation)
    transition = kind.kind.transitions.get(request.transition)
    if transition is None or transition.approvals or is_gated(kind.kind, operation, request):
        return None
    if not sees(request.caller.actor, operation):
        return None
    try:
        decision = rules.decide_move(kind, operation, request, catalogue=turn.engine.catalogue, now=turn.now)
    except ViertaktError:
        return None
    holds = turn.engine.holds
    if holds.standing and holds.holds(kind.kind, operation, request, decision.cause, turn.now):
        return None
    return line_of(request.caller, decision)


def _write(conn: Connection[Any], lines: Mapping[int, Line]) -> dict[int, Result]:
    """The answers to what was written; nobody knows of any where the connection broke. Raises psycopg's errors if none was."""
    if not lines:
        return {}
    try:
        written = store.write_plain(conn, list(lines.values()))
    except Error as error:
        if _was_undone(error):
            raise
        return dict.fromkeys(lines, unconfirmed())
    return {
        n: Answer(line.decision.operation, entry_of(line, row))
        for n, line in lines.items()
        if (row := written.get(line.decision.operation.id.int))
    }


def _was_undone(error: Error) -> bool:
    """Whether the server said that the statement failed. A connection that broke, or was ended, may have written before."""
    return error.sqlstate is not None and error.sqlstate[:2] not in {"57", "58", "XX", "08"}
