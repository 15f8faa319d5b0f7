"""How an operation moves: the decisions. Pure: no database, no clock, no I/O; `now` is the primary's clock, passed in.

Each function answers with a `Decision`, everything that is to be written, or raises the refusal. `available_moves` asks
the same questions as `decide_move`, so a button never lies.
"""

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches

import msgspec

from viertakt.access.model import Actor, Right
from viertakt.access.rules import WhyNot, check_stepped_up, may_move, right_to_amend, right_to_open
from viertakt.errors import Fault, Forbidden, Invalid, NotPermitted, Stale
from viertakt.kinds.flow import amendable
from viertakt.kinds.model import (
    Kind,
    PublishedKind,
    ReasonCode,
    Status,
    Transition,
    TransitionName,
)
from viertakt.kinds.moments import deadline_of, reads
from viertakt.kinds.reasons import Catalogue
from viertakt.operations.model import (
    AmendRequest,
    Approval,
    Available,
    Decision,
    EntrySort,
    MoveRequest,
    OpenRequest,
    Operation,
)
from viertakt.operations.rules_approvals import (
    asked,
    asked_words,
    declared,
    expiry,
    needs_of,
    waits_already,
)
from viertakt.operations.rules_content import check_amendment, check_opening, check_words, split_personal
from viertakt.operations.rules_guards import check_guard, guard_holds, guard_words
from viertakt.operations.rules_moved import moved, told


def decide_open(
    published: PublishedKind, request: OpenRequest, *, now: datetime, parent: Operation | None = None
) -> Decision:
    """A new operation at its kind's start, as entry and version 1. Raises `Invalid`, `Forbidden`, `NotPermitted`."""
    kind = published.kind
    check_opening(kind, request)
    _check_parent(parent)
    at = request.at or now
    public, personal = split_personal(kind, request.attributes)
    stage = kind.stages[kind.start]
    operation = Operation(
        id=request.operation_id,
        kind=kind.kind,
        kind_version=published.version,
        reference=request.reference,
        subject=request.subject,
        brand=request.brand,
        amount=request.amount,
        attributes=public,
        tags=request.tags,
        parent_id=request.parent_id,
        stage=kind.start,
        status=stage.status,
        waiting_on=stage.waiting_on,
        version=1,
        created_at=at,
        entered_at=at,
        changed_at=at,
        closed_at=None if stage.status is Status.PENDING else at,
        deadline_at=deadline_of(published, kind.start, entered=now, attributes=public),
    )
    right = right_to_open(request.caller.actor, operation)
    return Decision(
        sort=EntrySort.OPENED,
        operation=operation,
        read_version=0,
        at=at,
        cause=right.cause,
        granted_by=right.granted_by,
        data={
            "kind": kind.kind,
            "kind_version": published.version,
            "brand": request.brand,
            "amount": msgspec.to_builtins(request.amount, builtin_types=()),
            "attributes": public,
            "parent_id": str(request.parent_id) if request.parent_id else None,
        },
        personal={f"attributes.{name}": value for name, value in personal.items()},
    )


def _check_parent(parent: Operation | None) -> None:
    if parent is not None and parent.closed_at is not None:
        raise NotPermitted(
            f"Parent {parent.id} ended in '{parent.stage}': nothing is opened under it any more.",
            stage=parent.stage,
            status=parent.status,
        )


def decide_move(
    published: PublishedKind,
    operation: Operation,
    request: MoveRequest,
    *,
    catalogue: Catalogue,
    now: datetime,
    pending: Sequence[Approval] = (),
    consented: bool = False,
) -> Decision:
    """The move a request comes to, or its asking where it needs consents. Raises `Stale`, `NotPermitted`, `Forbidden`, `Invalid`.

    `pending`: what waits for consents on this operation already. `consented`: all consents are there.
    """
    kind = published.kind
    if request.expected_version is not None and request.expected_version != operation.version:
        raise _stale(operation, f"version {request.expected_version}, it is at {operation.version}")
    if request.expected_stage is not None and request.expected_stage != operation.stage:
        raise _stale(operation, f"stage '{request.expected_stage}', it is in '{operation.stage}'")
    transition = _transition_from_here(kind, operation, request.transition)
    right = right_for(request.caller.actor, request.transition, transition, operation)
    check_guard(kind, request.transition, operation, now)
    check_words(request.comment, request.data)
    reason = _reason(transition, request.transition, request.reason, catalogue)
    if transition.comment == "required" and not (request.comment or "").strip():
        raise invalid(
            "/comment", "comment_required", f"'{request.transition}' needs a comment that says why."
        )
    if transition.step_up:
        check_stepped_up(request.caller.step_up, now=now, what=request.transition)
    name = request.transition
    asks = transition.approvals and right.cause == "manual" and not consented
    if asks and needs_of(kind, name, operation, now):
        words, by = told(kind, request), in_course(right, request)
        ends, at = expiry(transition, now), request.at or now
        return asked(name, operation, by, pending, reason=reason, told=words, at=at, expires_at=ends)
    return moved(published, operation, request, name, in_course(right, request), reason=reason, now=now)


def decide_amend(
    published: PublishedKind, operation: Operation, request: AmendRequest, *, now: datetime
) -> Decision | None:
    """A new version with other amount or attributes; None where nothing would change. Raises `Stale`, `Invalid`, `NotPermitted`."""
    kind = published.kind
    right = right_to_amend(request.caller.actor, operation)
    if request.expected_version is not None and request.expected_version != operation.version:
        raise _stale(operation, f"version {request.expected_version}, it is at {operation.version}")
    if operation.closed_at is not None:
        raise NotPermitted(
            f"Operation {operation.id} ended in '{operation.stage}': its amount and attributes stay as they are.",
            stage=operation.stage,
            status=operation.status,
        )
    _check_amendable(kind, operation)
    check_amendment(kind, operation, request)
    public, personal = split_personal(kind, request.attributes)
    attributes = {**operation.attributes, **public}
    amount = request.amount or operation.amount
    if attributes == operation.attributes and amount == operation.amount and not personal:
        return None
    at = request.at or now
    after = msgspec.structs.replace(
        operation,
        amount=amount,
        attributes=attributes,
        version=operation.version + 1,
        changed_at=at,
        deadline_at=_reckoned(published, operation, attributes),
    )
    right_to_amend(request.caller.actor, after)  # nobody amends beyond what they may
    return Decision(
        sort=EntrySort.AMENDED,
        operation=after,
        read_version=operation.version,
        at=at,
        cause=right.cause,
        granted_by=right.granted_by,
        data={"amount": msgspec.to_builtins(request.amount, builtin_types=()), "attributes": public},
        personal={f"attributes.{name}": value for name, value in personal.items()},
    )


def _reckoned(
    published: PublishedKind, operation: Operation, attributes: dict[str, object]
) -> datetime | None:
    """The deadline, anew where its limit goes by an attribute that has changed."""
    limit = published.kind.stages[operation.stage].limit
    before = operation.attributes
    if limit is None or all(before.get(name) == attributes.get(name) for name in reads(limit)):
        return operation.deadline_at
    return deadline_of(published, operation.stage, entered=operation.entered_at, attributes=attributes)


def _check_amendable(kind: Kind, operation: Operation) -> None:
    stages = amendable(kind)
    if operation.stage not in stages:
        where = f"only in {', '.join(repr(str(stage)) for stage in stages)}" if stages else "in no stage"
        raise NotPermitted(
            f"Operation {operation.id} is in '{operation.stage}': amount and attributes may be changed {where}.",
            stage=operation.stage,
            status=operation.status,
            amend=stages,
        )


def available_moves(
    published: PublishedKind,
    operation: Operation,
    actor: Actor,
    *,
    now: datetime,
    pending: Sequence[Approval] = (),
) -> list[Available]:
    """Every transition that starts at the operation's stage: allowed to this actor, or the reason why not."""
    kind = published.kind
    return [
        _available(kind, name, operation, actor, now=now, pending=pending)
        for name, transition in kind.transitions.items()
        if operation.stage in transition.from_
    ]


def _available(
    kind: Kind,
    name: TransitionName,
    operation: Operation,
    actor: Actor,
    *,
    now: datetime,
    pending: Sequence[Approval],
) -> Available:
    transition = kind.transitions[name]
    consents = declared(kind, name, operation, now)
    code = why = None
    right = may_move(actor, name, operation, roles=transition.roles, by=transition.by)
    if isinstance(right, WhyNot):
        code, why = right.code, right.words
    elif not guard_holds(kind, transition, operation, now):
        code, why = "guard", guard_words(name, transition)
    elif right.cause == "manual" and any(rule.applies for rule in consents):
        waiting = waits_already(name, operation, pending)
        if waiting is not None:
            code, why = "asked_already", asked_words(waiting)
    return Available(
        transition=name,
        to=transition.to,
        status=kind.stages[transition.to].status,
        allowed=code is None,
        why_not_code=code,
        why_not=why,
        roles=transition.roles,
        by=tuple(cause.value for cause in transition.by),
        reasons=transition.reasons,
        comment_required=transition.comment == "required",
        approvals=consents,
    )


def right_for(actor: Actor, name: TransitionName, transition: Transition, operation: Operation) -> Right:
    right = may_move(actor, name, operation, roles=transition.roles, by=transition.by)
    if isinstance(right, WhyNot):
        raise Forbidden(right.words, why_not=right.code, roles=transition.roles, by=transition.by)
    return right


def in_course(right: Right, request: MoveRequest) -> Right:
    """The right with what asks by the actor's hand, where it is the hand's own."""
    cause = request.caller.cause
    return right if cause is None or right.cause != "manual" else Right(cause, right.granted_by)


def _transition_from_here(kind: Kind, operation: Operation, name: TransitionName) -> Transition:
    transition = kind.transitions.get(name)
    if transition is None:
        near = get_close_matches(name, kind.transitions, n=1)
        raise invalid(
            "/transition",
            "unknown_transition",
            f"A {kind.label.en.lower()} has no such transition"
            + (f"; did you mean '{near[0]}'?" if near else f"; it has: {', '.join(kind.transitions)}."),
        )
    if operation.stage not in transition.from_:
        raise NotPermitted(
            f"Operation {operation.id} is in '{operation.stage}'; {leaving_words(kind, name)} "
            "Reload it and choose again.",
            stage=operation.stage,
            status=operation.status,
            version=operation.version,
            allowed=[other for other, way in kind.transitions.items() if operation.stage in way.from_],
        )
    return transition


def leaving_words(kind: Kind, name: TransitionName | None) -> str:
    if name is None:
        return f"a {kind.label.en.lower()} has no transition for that."
    return f"'{name}' leaves {', '.join(repr(str(stage)) for stage in kind.transitions[name].from_)}."


def _reason(
    transition: Transition, name: TransitionName, given: ReasonCode | None, catalogue: Catalogue
) -> ReasonCode | None:
    """The reason that stands: the one given where it is allowed, the only one there is, or none where none is asked."""
    if given is None:
        if len(transition.reasons) > 1:
            raise invalid(
                "/reason", "reason_required", f"'{name}' needs a reason: {', '.join(transition.reasons)}."
            )
        return transition.reasons[0] if transition.reasons else None
    if transition.reasons and given not in transition.reasons:
        raise invalid(
            "/reason", "unknown_reason", f"'{name}' is made for one of: {', '.join(transition.reasons)}."
        )
    if catalogue.reason(given) is None:
        raise invalid("/reason", "unknown_reason", "The reason catalogue has no such code.")
    return given


def _stale(operation: Operation, expected: str) -> Stale:
    return Stale(
        f"Operation {operation.id} has moved on: you expected {expected}. Reload it and decide again.",
        version=operation.version,
        stage=operation.stage,
        status=operation.status,
    )


def invalid(pointer: str, code: str, detail: str) -> Invalid:
    return Invalid(detail, faults=(Fault(pointer, code, detail),))
