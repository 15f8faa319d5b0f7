"""Load, decide, write: a set of requests inside the transaction that the caller opened.

    lock the operations, in order ── read what answers their keys ── decide each ── write all as one set
                                                                         │
                                                     a refusal harms nobody: it gets its own entry
                                                     (on hold: its own line in the log)

The server's batch, an import and a host application's own transaction all come through `execute`: there is no second
way to change a status. Requests for one operation are decided in rounds, each on what the one before it left.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
import structlog
from psycopg import Connection

from viertakt.access.rules import sees
from viertakt.errors import LostRace, OnHold, ViertaktError
from viertakt.operations import examining, families, rules, rules_due, rules_outcome, store, verdicts
from viertakt.operations.actions_open import open_all
from viertakt.operations.model import (
    AmendRequest,
    Answer,
    Decision,
    Entry,
    EntrySort,
    MoveRequest,
    OpenRequest,
    Operation,
    OutcomeRequest,
    VerdictRequest,
)
from viertakt.operations.requests import (
    CheckRequest,
    DueRequest,
    ExpireRequest,
    FamilyRequest,
    Later,
    Request,
)
from viertakt.operations.rows import Line, entry_of, line_of
from viertakt.operations.turn import Engine, Result, Turn, may_read_replay, no_operation, replayed

log = structlog.get_logger(__name__)

TRIES_MAX = 3  # after that rights change faster than we decide: the caller should look again

Due = tuple[int, Later, Operation]  # which one, what is asked, and of what


def execute(conn: Connection[Any], engine: Engine, requests: Sequence[Request]) -> list[Result]:
    """The result of each request, in order. Nothing is committed here, and a refusal is an answer, not an exception."""
    rounds: list[list[tuple[int, Later]]] = []
    openings: list[tuple[int, OpenRequest]] = []
    checks: list[tuple[int, CheckRequest]] = []
    seen: dict[UUID, int] = {}
    for n, request in enumerate(requests):
        if isinstance(request, OpenRequest):
            openings.append((n, request))
            continue
        if isinstance(request, CheckRequest):
            checks.append((n, request))
            seen.setdefault(request.operation_id, 0)
            continue
        nth = seen.get(request.operation_id, 0)
        if nth == len(rounds):
            rounds.append([])
        rounds[nth].append((n, request))
        seen[request.operation_id] = nth + 1
    parents = {request.parent_id for _, request in openings if request.parent_id is not None}
    keys = [key for asked in rounds for _, request in asked if (key := _key(request))]
    locked, replays = store.lock_operations(conn, seen.keys() | parents, keys)
    operations: dict[UUID, Operation] = {operation.id: operation for operation in locked.operations}
    turn = Turn(conn, engine, locked.now, operations)
    results: dict[int, Result] = {}
    for asked in rounds:
        _execute_later(turn, asked, replays, results)
        if len(rounds) > 1 or openings or checks:
            _go_on(operations, replays, [results[n] for n, _ in asked])
    for wave in examining.waves(turn, checks) if checks else ():
        _execute_later(turn, wave, replays, results)
        _go_on(operations, replays, [results[n] for n, _ in wave])
    if openings:
        open_all(turn, openings, results)
    return [results[n] for n in range(len(requests))]


def _go_on(operations: dict[UUID, Operation], replays: store.Replays, results: Iterable[Result]) -> None:
    """What follows in this set is decided on what these left."""
    answers = [result for result in results if isinstance(result, Answer)]
    operations.update((answer.operation.id, answer.operation) for answer in answers)
    replays.update((store.key_of(answer.entry), answer.entry) for answer in answers)


def _execute_later(
    turn: Turn, requests: Sequence[tuple[int, Later]], replays: store.Replays, results: dict[int, Result]
) -> None:
    """Moves, outcomes, amendments and verdicts: what a key has answered already, what is not there, and the rest as one set."""
    left: list[Due] = []
    for n, request in requests:
        operation = turn.operations.get(request.operation_id)
        key = _key(request) if replays else None
        replay = replays.get(key) if key else None
        if operation is None or (
            replay is not None and not may_read_replay(request.caller, operation, replay)
        ):
            results[n] = no_operation(request.operation_id)
        elif replay is not None:
            results[n] = replayed(request.caller, operation, replay)
        else:
            left.append((n, request, operation))
    for _ in range(TRIES_MAX):
        left = _decide_and_write(turn, left, results) if left else []
    for n, request, _ in left:
        results[n] = LostRace(
            f"What {request.caller.actor.name} may do changed {TRIES_MAX} times while this was decided. Try again."
        )


def _decide_and_write(turn: Turn, requests: Sequence[Due], results: dict[int, Result]) -> list[Due]:
    """Fill in results; the requests that lost their guard come back with their actor read again."""
    lines = _decide_all(turn, requests, results)
    written = store.write_decisions(turn.conn, list(lines.values())) if lines else {}
    lost: list[Due] = []
    for n, request, operation in requests:
        if n in results:
            continue
        row = written.get(operation.id)
        if row is not None:
            after = lines[n].parts()[-1].decision.operation
            results[n] = Answer(operation=after, entry=entry_of(lines[n], row))
            continue
        try:
            actor = turn.engine.reload_actor(turn.conn, request.caller.actor.id)
        except ViertaktError as refusal:
            results[n] = refusal
        else:
            caller = msgspec.structs.replace(request.caller, actor=actor)
            lost.append((n, msgspec.structs.replace(request, caller=caller), operation))
    return lost


def _decide_all(turn: Turn, requests: Sequence[Due], results: dict[int, Result]) -> dict[int, Line]:
    """What is to be written for each; results of those that are refused, or need nothing written."""
    lines: dict[int, Line] = {}
    pending = verdicts.read_pending(turn, requests)
    moves = ((operation, request) for _, request, operation in requests if isinstance(request, MoveRequest))
    examining.hold_gates(turn, moves)
    for n, request, operation in requests:
        if not sees(request.caller.actor, operation):
            results[n] = no_operation(operation.id)  # no entry either: nothing there that could be refused
            continue
        try:
            decision = _decide(turn, operation, request, pending)
        except OnHold as refusal:
            # Told to the log: a program asks again until it is over, and a history is for good.
            results[n] = refusal
            _log_on_hold(request, refusal)
            continue
        except ViertaktError as refusal:
            results[n] = refusal
            decision = _refused(turn, operation, request, refusal)
        if decision is None:
            results[n] = Answer(operation=operation, entry=_last_entry(turn.conn, operation), replayed=True)
        else:
            lines[n] = line_of(request.caller, decision)
    return lines


def _decide(turn: Turn, operation: Operation, request: Later, pending: verdicts.Pending) -> Decision | None:
    kind, catalogue = turn.kind_of(operation), turn.engine.catalogue
    match request:
        case MoveRequest():
            waiting = pending.get(operation.id, ())
            decision = rules.decide_move(
                kind, operation, request, catalogue=catalogue, now=turn.now, pending=waiting
            )
            examining.pass_gate(turn, operation, request)
            turn.engine.holds.check(kind.kind, operation, request, decision.cause, turn.now)
            return decision
        case OutcomeRequest():
            return rules_outcome.decide_outcome(kind, operation, request, catalogue=catalogue, now=turn.now)
        case AmendRequest():
            return rules.decide_amend(kind, operation, request, now=turn.now)
        case VerdictRequest():
            return verdicts.decide(turn, operation, request, pending)
        case DueRequest() | ExpireRequest() | FamilyRequest() | CheckRequest():
            return _come_due(turn, operation, request, pending)


def _come_due(
    turn: Turn,
    operation: Operation,
    request: DueRequest | ExpireRequest | FamilyRequest | CheckRequest,
    pending: verdicts.Pending,
) -> Decision | None:
    match request:
        case DueRequest():
            kind, catalogue = turn.kind_of(operation), turn.engine.catalogue
            return rules_due.decide_due(kind, operation, request, catalogue=catalogue, now=turn.now)
        case ExpireRequest():
            return verdicts.decide_expiry(turn, operation, request, pending)
        case FamilyRequest():
            return families.decide(turn, operation, request)
        case CheckRequest():
            decision = examining.decide(turn, operation, request)
            if decision is not None and decision.transition is not None:
                move = MoveRequest(operation.id, request.caller, decision.transition)
                of = turn.kind_of(operation).kind
                turn.engine.holds.check(of, operation, move, decision.cause, turn.now)
            return decision


def _refused(turn: Turn, operation: Operation, request: Later, refusal: ViertaktError) -> Decision:
    """The entry of an attempt that came to nothing: its codes and place, never its words, which may hold a name."""
    tried = request.transition if isinstance(request, MoveRequest) else None
    return Decision(
        sort=EntrySort.REFUSED,
        operation=operation,
        read_version=operation.version,
        at=turn.now,
        cause="manual" if request.caller.actor.id.startswith("person:") else "process",
        transition=tried if tried in turn.kind_of(operation).kind.transitions else None,
        from_stage=operation.stage,
        from_status=operation.status,
        data={"refusal": {"code": refusal.code, "faults": [fault.code for fault in refusal.faults]}},
    )


def _log_on_hold(request: Later, refusal: OnHold) -> None:
    """The record of an attempt that was refused while its provider has trouble: who, what and where, never words."""
    log.info(
        "move_refused",
        code=refusal.code,
        operation=str(request.operation_id),
        actor=request.caller.actor.id,
        transition=request.transition if isinstance(request, MoveRequest) else None,
    )


def _key(request: Later) -> store.Key | None:
    caller = request.caller
    return None if caller.key is None else (request.operation_id, caller.actor.id, caller.key)


def _last_entry(conn: Connection[Any], operation: Operation) -> Entry:
    """The entry of the present version: what an equal report after the end is answered with."""
    versions = store.read_versions(conn, operation.id, operation.changed_at)
    assert versions, "an operation has the entry that opened it"
    return versions[-1]
