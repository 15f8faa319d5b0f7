"""Openings: once per (kind, reference), and never two operations under one name.

claim every name, sorted ──┬─ all ours: write operation and entry 1
                           └─ one is taken: give ours back; the same operation again, or a refusal that says whose
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.access.rules import sees
from viertakt.errors import LostRace, NotFound, ReferenceTaken, ViertaktError
from viertakt.operations import rules, store
from viertakt.operations.model import Answer, Entry, Money, OpenRequest, Operation
from viertakt.operations.rows import Line, entry_of, line_of
from viertakt.operations.turn import Result, Turn, may_read_replay, replayed

TRIES_MAX = 3  # after that rights change faster than we decide

Owners = Mapping[tuple[str, str], UUID]


def open_all(
    turn: Turn,
    requests: Sequence[tuple[int, OpenRequest]],
    results: dict[int, Result],
    *,
    tries: int = TRIES_MAX,
) -> None:
    """Fill in the result of each opening; two openings of one set may want the same name."""
    lines: dict[int, Line] = {}
    wanted: list[tuple[int, OpenRequest]] = []
    for n, request in requests:
        try:
            lines[n] = _line(turn, request)
            wanted.append((n, request))
        except ViertaktError as refusal:
            results[n] = refusal
    owners = store.claim_aliases(turn.conn, [request for _, request in wanted]) if wanted else {}
    ours = [
        (n, r) for n, r in wanted if all(owners.get(name) == r.operation_id for name in store.names_of(r))
    ]
    taken = [
        (n, r) for n, r in wanted if any(owners.get(name) != r.operation_id for name in store.names_of(r))
    ]
    written = store.write_openings(turn.conn, [lines[n] for n, _ in ours]) if ours else {}
    lost: list[tuple[int, OpenRequest]] = []
    for n, request in ours:
        row = written.get(request.operation_id)
        if row is not None:
            results[n] = Answer(operation=lines[n].decision.operation, entry=entry_of(lines[n], row))
        elif isinstance(again := _lost(turn, request, tries), ViertaktError):
            results[n] = again
        else:
            lost.append((n, again))
    homeless = [request.operation_id for _, request in wanted if request.operation_id not in written]
    if homeless:
        store.release_aliases(turn.conn, homeless)
    if taken:
        _answer_taken(turn.conn, taken, owners, results)
    if lost:
        open_all(turn, lost, results, tries=tries - 1)


def _line(turn: Turn, request: OpenRequest) -> Line:
    parent = turn.operations.get(request.parent_id) if request.parent_id is not None else None
    if request.parent_id is not None and (parent is None or not sees(request.caller.actor, parent)):
        raise NotFound(f"There is no operation {request.parent_id} to open this one under.")
    kind = turn.engine.kinds.latest(turn.conn, request.kind)
    decision = rules.decide_open(kind, request, now=turn.now, parent=parent)
    version = parent.version if parent is not None else None
    line = line_of(request.caller, decision)
    line.parent_version = version
    return line


def _lost(turn: Turn, request: OpenRequest, tries: int) -> OpenRequest | ViertaktError:
    """The request again with its actor's rights of now, for the guard did not hold; or why not."""
    try:
        actor = turn.engine.reload_actor(turn.conn, request.caller.actor.id)
    except ViertaktError as refusal:
        return refusal
    if tries <= 1:
        return LostRace(
            f"What {actor.name} may do changed {TRIES_MAX} times while this was decided. Try again."
        )
    return msgspec.structs.replace(request, caller=msgspec.structs.replace(request.caller, actor=actor))


def _answer_taken(
    conn: Connection[Any],
    requests: Sequence[tuple[int, OpenRequest]],
    owners: Owners,
    results: dict[int, Result],
) -> None:
    """The same operation again, or a refusal that says under which name another one stands."""
    operations = store.read_operations(conn, set(owners.values()))
    openings = store.read_openings(conn, operations)
    for n, request in requests:
        key, reference = store.key_name(request), store.reference_name(request.kind, request.reference)
        by_key, by_reference = owners.get(key) if key else None, owners.get(reference)
        if by_key in openings and by_key != request.operation_id:
            operation, opening = operations[by_key], openings[by_key]
            readable = may_read_replay(request.caller, operation, opening)
            results[n] = replayed(request.caller, operation, opening) if readable else _taken(request, owners)
        elif by_reference in openings and by_reference != request.operation_id:
            operation, opening = operations[by_reference], openings[by_reference]
            readable = sees(request.caller.actor, operation)
            results[n] = _again(conn, request, operation, opening) if readable else _taken(request, owners)
        else:
            results[n] = _taken(request, owners, operations)


def _taken(
    request: OpenRequest, owners: Owners, operations: Mapping[UUID, Operation] | None = None
) -> ReferenceTaken:
    """That a name is another operation's, and whose where the caller may see it."""
    scheme, value = next(name for name in store.names_of(request) if owners.get(name) != request.operation_id)
    owner = operations.get(owners[scheme, value]) if operations else None
    words = f"Another operation is already known as '{value}' ({scheme}). Use that one, or another name."
    if owner is None or not sees(request.caller.actor, owner):
        return ReferenceTaken(words)
    return ReferenceTaken(words, operation_id=str(owner.id))


def _again(conn: Connection[Any], request: OpenRequest, operation: Operation, opening: Entry) -> Result:
    """The operation itself where the content is what it was opened with, whatever has become of it since."""
    told = opening.data or {}
    personal = store.read_opening_personal(conn, opening)
    then = (
        operation.subject,
        told.get("brand"),
        _value(told.get("amount")),
        told.get("parent_id"),
        {**told.get("attributes", {}), **personal},
    )
    now = (
        request.subject,
        request.brand,
        _value(msgspec.to_builtins(request.amount)),
        str(request.parent_id) if request.parent_id else None,
        request.attributes,
    )
    if then == now:
        return Answer(operation=operation, entry=opening, replayed=True)
    return ReferenceTaken(
        f"{request.kind} '{request.reference}' was opened before with other content (operation {operation.id}). "
        "Use another reference, or send what was sent then.",
        operation_id=str(operation.id),
    )


def _value(amount: Any) -> tuple[Decimal, str] | None:
    """Money to compare by: 12.5 and 12.50 are the same amount."""
    money = msgspec.convert(amount, Money | None)
    return (money.value, money.currency) if money else None
