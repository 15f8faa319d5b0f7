"""What checks come to: one verdict of all, and the transition that the stage names for it. Pure.

The severest verdict counts. A check that could not be done, and a pass that nobody may make alone, end in review: what
people need others' consent for, no check waves through.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from viertakt.errors import ViertaktError
from viertakt.kinds.model import PublishedKind, Stage, TransitionName
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
