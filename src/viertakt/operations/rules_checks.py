"""What checks come to: one verdict of all, and the transition that the stage names for it. Pure.

The severest verdict counts. A check that could not be done, and a pass that nobody may make alone, end in review: what
people need others' consent for, no check waves through.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from viertakt.access.model import ActorSort
from viertakt.errors import NotPermitted, ViertaktError
from viertakt.kinds.model import Cause, Kind, PublishedKind, Stage, Status, TransitionName
from viertakt.kinds.reasons import Catalogue
from viertakt.operations.findings import CheckVerdict, Finding
from viertakt.operations.model import Decision, MoveRequest, Operation
from viertakt.operations.requests import CheckRequest
from viertakt.operations.rules import decide_move
from viertakt.operations.rules_approvals import needs_of

SEVERITY = {verdict: n for n, verdict in enumerate(CheckVerdict)}


def decide_checks(
    published: PublishedKind,
    operation: Operation,
    request: CheckRequest,
    found: Sequence[Finding],
    *,
    catalogue: Catalogue,
    now: datetime,
) -> Decision | None:
    """The move of the verdict; None where it has moved on, or the stage names no way for it. Raises what refuses a move."""
    stage = published.kind.stages[operation.stage]
    if operation.version != request.version or stage.checks is None or not found:
        return None
    told = severest(found)
    verdict, name = told.verdict, way_of(stage, told.verdict)
    review = way_of(stage, CheckVerdict.REVIEW)
    why: str | None = None
    if verdict is CheckVerdict.PASS and name is not None and needs_of(published.kind, name, operation, now):
        verdict, name, why = CheckVerdict.REVIEW, review, "needs_consents"
    if name is None:
        return None
    try:
        decision = _moved(published, operation, request, name, told, catalogue=catalogue, now=now)
    except ViertaktError as refusal:
        if review is None or name == review:
            raise
        verdict, why = CheckVerdict.REVIEW, refusal.code
        decision = _moved(published, operation, request, review, None, catalogue=catalogue, now=now)
    data = {"verdict": verdict.value, "checks": msgspec.to_builtins(list(found))}
    return msgspec.structs.replace(decision, data=data | ({"why": why} if why else {}))


def is_gated(kind: Kind, operation: Operation, request: MoveRequest) -> bool:
    """Whether a program's move has to pass the checks of the stage that it leaves.

    A stage whose checks name no way for a pass is a gate: what passes stays, and a process takes it on. Between entering
    it and its verdict, and ever after, something may have come in between, such as a lock; so they are asked once more as
    it leaves. People decide for themselves, an outcome tells what has happened already, and history is told as it was.
    """
    checks = kind.stages[operation.stage].checks
    if checks is None or checks.pass_ is not None or request.at is not None:
        return False
    if request.caller.actor.sort is ActorSort.PERSON or request.transition in (checks.review, checks.reject):
        return False
    transition = kind.transitions.get(request.transition)
    if transition is None or Cause.PROCESS not in transition.by:
        return False
    ends = (kind.outcomes.success, kind.outcomes.error, kind.outcomes.rejected, kind.outcomes.unknown)
    closed = kind.stages[transition.to].status in {Status.ERROR, Status.REJECTED}
    return request.transition not in ends and not closed


def check_gate(operation: Operation, request: MoveRequest, found: Sequence[Finding]) -> None:
    """Refuse a move that does not pass its gate. Raises `NotPermitted`."""
    told = severest(found) if found else None
    if told is None or told.verdict is CheckVerdict.PASS:
        return
    raise NotPermitted(
        f"Operation {operation.id} does not pass '{told.check}' now, so '{request.transition}' is not made.",
        why_not="check",
        check=told.check,
        stage=operation.stage,
        status=operation.status,
        version=operation.version,
    )


def severest(found: Sequence[Finding]) -> Finding:
    """The finding that decides; of equal ones the first."""
    return max(found, key=lambda finding: SEVERITY[finding.verdict])


def way_of(stage: Stage, verdict: CheckVerdict) -> TransitionName | None:
    """The transition that a stage names for a verdict."""
    assert stage.checks is not None, "only a stage with checks is asked"
    match verdict:
        case CheckVerdict.PASS:
            return stage.checks.pass_
        case CheckVerdict.REVIEW:
            return stage.checks.review
        case CheckVerdict.REJECT:
            return stage.checks.reject


def _moved(
    published: PublishedKind,
    operation: Operation,
    request: CheckRequest,
    name: TransitionName,
    told: Finding | None,
    *,
    catalogue: Catalogue,
    now: datetime,
) -> Decision:
    reason = told.reason if told is not None and told.verdict is not CheckVerdict.PASS else None
    reasons = published.kind.transitions[name].reasons
    if reasons and reason not in reasons:
        reason = None
    move = MoveRequest(operation.id, request.caller, name, reason=reason)
    return decide_move(published, operation, move, catalogue=catalogue, now=now)
