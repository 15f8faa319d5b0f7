"""What a reported end comes to. Pure.

report ── outcome given, or read from the provider's code by the catalogue ──┬─ its transition leaves this stage: a move
                                                                             ├─ success after another end, in a kind with
                                                                             │  a `late` way: that move
                                                                             ├─ equal to the final status: nothing new
                                                                             ├─ too early: refused
                                                                             ├─ too late, or another end: kept, flagged
                                                                             └─ unmapped: kept, a person looks
"""

from datetime import datetime
from typing import assert_never

import msgspec

from viertakt.access.model import Right
from viertakt.access.rules import WhyNot, may_move, right_to_report
from viertakt.errors import NotPermitted
from viertakt.kinds.flow import ahead
from viertakt.kinds.model import (
    Kind,
    Outcome,
    PublishedKind,
    ReasonCode,
    TransitionName,
    WaitingOn,
)
from viertakt.kinds.reasons import Catalogue
from viertakt.operations.model import Decision, EntrySort, Operation, OutcomeRequest
from viertakt.operations.rules import invalid, leaving_words, right_for
from viertakt.operations.rules_approvals import needed_words, needs_of
from viertakt.operations.rules_content import check_words
from viertakt.operations.rules_guards import check_guard, guard_holds
from viertakt.operations.rules_moved import moved, told


def decide_outcome(
    published: PublishedKind,
    operation: Operation,
    request: OutcomeRequest,
    *,
    catalogue: Catalogue,
    now: datetime,
) -> Decision | None:
    """What a reported end comes to: a move; an entry beside it; or None, a report of what is known already.

    An unmapped code leaves the operation where it is, waiting on an operator. A success that comes too late takes the
    kind's `late` way; any other report that contradicts a final stage is kept and flagged, and overwrites nothing.
    Raises `NotPermitted` for one that comes too early, `Forbidden`, `Invalid`.
    """
    check_words(None, request.data)
    kind = published.kind
    if request.contradicts is not None:
        return _flagged(kind, operation, request, request.contradicts, now=now)
    outcome, reason, mapped = _reported(kind, request, catalogue)
    if outcome is None and mapped:
        return None  # "still going on": nothing is to be moved
    actor = request.caller.actor
    if outcome is None:
        right = right_to_report(actor, operation)
        return _beside(EntrySort.UNMAPPED, kind, operation, request, right, now=now)
    name = _outcome_transition(kind, outcome)
    way = _way(kind, operation, request, outcome, name, now=now)
    if way is not None:
        taken, right = way
        reasons = kind.transitions[taken].reasons
        if reason is None and len(reasons) == 1:
            reason = reasons[0]
        return moved(published, operation, request, taken, right, reason=reason, now=now)
    right = right_to_report(actor, operation)
    if _known(kind, operation, outcome, name):
        return None
    if operation.closed_at is None and (
        name is None or any(stage in ahead(kind, operation.stage) for stage in kind.transitions[name].from_)
    ):
        raise NotPermitted(
            f"Operation {operation.id} is in '{operation.stage}', which cannot end in {outcome} yet: "
            f"{leaving_words(kind, name)}",
            stage=operation.stage,
            status=operation.status,
        )
    return _beside(
        EntrySort.CONTRADICTED, kind, operation, request, right, reason=reason, outcome=outcome, now=now
    )


def _flagged(
    kind: Kind, operation: Operation, request: OutcomeRequest, why: str, *, now: datetime
) -> Decision:
    """A report that whoever reads it has found to contradict what is known: kept, flagged, and nothing is moved."""
    right = right_to_report(request.caller.actor, operation)
    beside = _beside(EntrySort.CONTRADICTED, kind, operation, request, right, now=now)
    return msgspec.structs.replace(beside, data={**(beside.data or {}), "contradicts": why})


def _way(
    kind: Kind,
    operation: Operation,
    request: OutcomeRequest,
    outcome: Outcome,
    name: TransitionName | None,
    *,
    now: datetime,
) -> tuple[TransitionName, Right] | None:
    """The transition that this report takes from here, and by what right; None where it moves nothing.

    Raises `Forbidden`, `NotPermitted` where its guard does not hold or it needs consents.
    """
    if name is not None and operation.stage in kind.transitions[name].from_:
        right_of_reporter = right_for(request.caller.actor, name, kind.transitions[name], operation)
        check_guard(kind, name, operation, now)
        _check_consents(kind, operation, name, right_of_reporter, now)
        return name, right_of_reporter
    late = kind.outcomes.late
    if outcome is not Outcome.SUCCESS or late is None or operation.closed_at is None:
        return None
    transition = kind.transitions[late]
    if operation.stage not in transition.from_ or not guard_holds(kind, transition, operation, now):
        return None
    # Without the right it is kept as a contradiction: refused, the news of the money would be lost.
    right = may_move(request.caller.actor, late, operation, roles=transition.roles, by=transition.by)
    if isinstance(right, WhyNot):
        return None
    _check_consents(kind, operation, late, right, now)
    return late, right


def _check_consents(
    kind: Kind, operation: Operation, name: TransitionName, right: Right, now: datetime
) -> None:
    """Refuse a person's report that would make a move for which consents are asked. Raises `NotPermitted`."""
    needs = needs_of(kind, name, operation, now) if right.cause == "manual" else ()
    if needs:
        raise NotPermitted(
            f"'{name}' needs {needed_words(needs)}: ask for it as a move.", why_not="needs_approval"
        )


def _known(kind: Kind, operation: Operation, outcome: Outcome, name: TransitionName | None) -> bool:
    """Whether the report is no news: sources tell everything at least once, and refused they tell it for ever."""
    if outcome.value == operation.status.value:
        return True
    late = kind.outcomes.late
    if outcome is Outcome.SUCCESS and late is not None and operation.stage == kind.transitions[late].to:
        return True
    # Already beyond "unknown": asked about, or in a person's hands.
    if outcome is not Outcome.UNKNOWN or name is None or operation.closed_at is not None:
        return False
    return operation.stage in ahead(kind, kind.transitions[name].to)


def _reported(
    kind: Kind, request: OutcomeRequest, catalogue: Catalogue
) -> tuple[Outcome | None, ReasonCode | None, bool]:
    """The outcome and reason a report states, or the catalogue's reading of its code, and whether it could be read."""
    if request.reason is not None and catalogue.reason(request.reason) is None:
        raise invalid("/reason", "unknown_reason", "The reason catalogue has no such code.")
    verdict = catalogue.decide(code=request.code, direction=kind.direction) if request.code else None
    reason = request.reason or (verdict.reason if verdict else None)
    if request.outcome is not None:
        return request.outcome, reason, True
    if request.code is None:
        raise invalid("/outcome", "outcome_required", "Say how it ended: an outcome, or the provider's code.")
    return (verdict.outcome if verdict else None), reason, verdict is not None


def _outcome_transition(kind: Kind, outcome: Outcome) -> TransitionName | None:
    match outcome:
        case Outcome.SUCCESS:
            return kind.outcomes.success
        case Outcome.ERROR:
            return kind.outcomes.error
        case Outcome.REJECTED:
            return kind.outcomes.rejected
        case Outcome.UNKNOWN:
            return kind.outcomes.unknown
    assert_never(outcome)


def _beside(
    sort: EntrySort,
    kind: Kind,
    operation: Operation,
    request: OutcomeRequest,
    right: Right,
    *,
    now: datetime,
    reason: ReasonCode | None = None,
    outcome: Outcome | None = None,
) -> Decision:
    """An entry that changes neither stage nor version; it hands the operation to a person's eye."""
    if sort is EntrySort.CONTRADICTED:
        after = msgspec.structs.replace(operation, contradiction=True)
    else:
        waiting_on = WaitingOn.OPERATOR if operation.closed_at is None else operation.waiting_on
        after = msgspec.structs.replace(operation, waiting_on=waiting_on)
    data, personal = told(kind, request)
    facts = {"outcome": outcome.value} if outcome else {}
    return Decision(
        sort=sort,
        operation=after,
        read_version=operation.version,
        at=request.at or now,
        cause=right.cause,
        granted_by=right.granted_by,
        from_stage=operation.stage,
        from_status=operation.status,
        reason=reason,
        data={**(data or {}), **facts} or None,
        personal=personal,
    )
