"""What deciding about consents needs besides the operation: what waits, as what it was asked for, and who may now.

Read after the operations are locked, so that no verdict on them can come in between; the rights of everybody involved are
read anew, and the write is guarded by what was read.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.access.delegations import represented_by
from viertakt.access.model import Actor, ActorId, Right
from viertakt.errors import NotFound, NotPermitted, Unauthenticated
from viertakt.operations import store, store_approvals
from viertakt.operations.model import (
    Approval,
    ApprovalState,
    Caller,
    Decision,
    MoveRequest,
    Operation,
    VerdictRequest,
)
from viertakt.operations.requests import ExpireRequest, Request
from viertakt.operations.rules_approvals import expired, state_of
from viertakt.operations.rules_verdicts import Matter, decide_verdict
from viertakt.operations.store_assignment import hold_assignments
from viertakt.operations.turn import ReloadActor, Turn

Pending = dict[UUID, list[Approval]]  # by operation, oldest first


def read_pending(turn: Turn, requests: Iterable[tuple[int, Request, Operation]]) -> Pending:
    """The approvals that these requests are about; most sets are about none, and then nothing is asked."""
    concerned = [request for _, request, operation in requests if _concerns(turn, request, operation)]
    if not concerned:
        return {}
    named = [
        request.asked_seq
        for request in concerned
        if isinstance(request, VerdictRequest | ExpireRequest) and request.asked_seq is not None
    ]
    pending: Pending = {}
    ids = {request.operation_id for request in concerned}
    for approval in store_approvals.read_approvals(turn.conn, ids, named=named):
        pending.setdefault(approval.operation_id, []).append(approval)
    return pending


def _concerns(turn: Turn, request: Request, operation: Operation) -> bool:
    if isinstance(request, VerdictRequest | ExpireRequest):
        return True
    if not isinstance(request, MoveRequest):
        return False
    transition = turn.kind_of(operation).kind.transitions.get(request.transition)
    return transition is not None and bool(transition.approvals)


def decide(turn: Turn, operation: Operation, request: VerdictRequest, pending: Pending) -> Decision:
    """What a verdict comes to. Raises `NotFound`, `NotPermitted`, `Forbidden`, `Invalid`, `Unauthenticated`."""
    approval = _meant(operation, request, pending.get(operation.id, []), turn.now)
    if approval is None:
        raise NotFound(f"Operation {operation.id} has no such approval.")
    held = hold_assignments(turn.conn, [operation.id])
    operation = msgspec.structs.replace(operation, assignment=held.get(operation.id))
    involved = {approval.asked_by, *givers(approval)}
    reload, who = turn.engine.reload_actor, request.caller.actor
    represented = present(turn.conn, reload, represented_by(turn.conn, who.id))
    matter = Matter(
        turn.kind_of(operation),
        operation,
        approval,
        asked_move(turn.conn, approval),
        present(turn.conn, reload, involved),
        tuple(represented.values()),
    )
    return decide_verdict(matter, request, catalogue=turn.engine.catalogue, now=turn.now)


def decide_expiry(
    turn: Turn, operation: Operation, request: ExpireRequest, pending: Pending
) -> Decision | None:
    """The end of a request whose time is up; None where it is over already, or has time left."""
    found = (one for one in pending.get(operation.id, ()) if one.asked_seq == request.asked_seq)
    approval = next(found, None)
    right = Right("deadline", request.caller.actor.id)
    return None if approval is None else expired(operation, approval, right, turn.now)


def _meant(
    operation: Operation, request: VerdictRequest, found: list[Approval], now: datetime
) -> Approval | None:
    if request.asked_seq is not None:
        return next((one for one in found if one.asked_seq == request.asked_seq), None)
    still_open = [one for one in found if state_of(one, operation, now) is ApprovalState.OPEN]
    if len(still_open) > 1:
        raise NotPermitted(
            f"{len(still_open)} moves of operation {operation.id} wait for consents; say which.",
            why_not="which_approval",
        )
    return still_open[0] if still_open else None


def givers(approval: Approval) -> set[ActorId]:
    """Everybody who consented, and in whose name."""
    named = (one for consent in approval.consents for one in (consent.actor, consent.on_behalf_of))
    return {one for one in named if one is not None}


def asked_move(conn: Connection[Any], approval: Approval) -> MoveRequest:
    """The move as it was asked for, with the comment and data that have not been erased."""
    (entry,) = store.read_history(conn, approval.operation_id, after=approval.asked_seq - 1, limit=1)
    personal = entry.personal or {}
    data = {**(entry.data or {}), **personal.get("data", {})}
    return MoveRequest(
        operation_id=approval.operation_id,
        caller=Caller(Actor(approval.asked_by, approval.asked_by)),
        transition=approval.transition,
        reason=approval.reason,
        comment=personal.get("comment"),
        data=data or None,
    )


def present(
    conn: Connection[Any], reload_actor: ReloadActor, actors: Iterable[ActorId]
) -> dict[ActorId, Actor]:
    """These actors with the rights of this moment; who may not act any more is missing."""
    found = {}
    for actor in sorted(actors):
        try:
            found[actor] = reload_actor(conn, actor)
        except Unauthenticated:
            continue
    return found
