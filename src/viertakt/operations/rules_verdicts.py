"""What a verdict comes to: a consent, the move that the last consent makes, or the end of what was asked for. Pure.

The move is decided anew at every consent, as if who asked for it asked now, with the rights of this moment: a consent to
what could not be made any more would only be found out at the last one.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from viertakt.access.model import Actor, ActorId, Right
from viertakt.access.rules import WhyNot, check_stepped_up
from viertakt.errors import Forbidden, NotPermitted, ViertaktError
from viertakt.kinds.model import PublishedKind
from viertakt.kinds.reasons import Catalogue
from viertakt.operations.model import (
    Approval,
    Caller,
    Decision,
    EntrySort,
    Made,
    MoveRequest,
    Need,
    Operation,
    Verdict,
    VerdictRequest,
)
from viertakt.operations.rules import decide_move, invalid
from viertakt.operations.rules_approvals import (
    Voice,
    beside,
    needs_to_decide,
    objection,
    own_or_for,
    right_to_decide,
    roles_of,
    settled,
    standing,
    voices,
)
from viertakt.operations.rules_content import check_words


class Matter(msgspec.Struct, frozen=True):
    """What a verdict is about. `asked`: the move as it was asked for; `people`: who asked and who consented, as they may now.

    `represented`: for whom who says it stands in at this moment.
    """

    published: PublishedKind
    operation: Operation
    approval: Approval
    asked: MoveRequest
    people: Mapping[ActorId, Actor]
    represented: tuple[Actor, ...] = ()


def decide_verdict(
    matter: Matter, request: VerdictRequest, *, catalogue: Catalogue, now: datetime
) -> Decision:
    """What is to be written. Raises `NotPermitted`, `Forbidden`, `Invalid`."""
    check_words(request.comment, None)
    if refusal := settled(matter.operation, matter.approval, now):
        raise refusal
    match request.verdict:
        case Verdict.APPROVE:
            return _consent(matter, request, catalogue=catalogue, now=now)
        case Verdict.DECLINE:
            return _decline(matter, request, now)
        case Verdict.WITHDRAW:
            return _withdraw(matter, request, now)


def _consent(matter: Matter, request: VerdictRequest, *, catalogue: Catalogue, now: datetime) -> Decision:
    actor, approval, people = request.caller.actor, matter.approval, matter.people
    needs = needs_to_decide(matter.published.kind, approval.transition, matter.operation, now)
    voice = _voice(matter, actor, needs, now)
    right = right_to_decide(voice.whose, matter.operation, approval.transition, needs)
    assert isinstance(right, Right), "who may not decide was refused"
    if matter.published.kind.transitions[approval.transition].step_up:
        check_stepped_up(request.caller.step_up, now=now, what=approval.transition)
    made = _move(matter, request, catalogue=catalogue, now=now)
    consent = _beside(EntrySort.CONSENTED, matter, request, right, now=now, voice=voice)
    if any(need.missing for need in standing(matter.operation, needs, approval, people, besides=voice)):
        return consent
    counted = [one for heard in voices(approval, people, voice) for one in (heard.giver, heard.whose)]
    return msgspec.structs.replace(consent, makes=made, guards=tuple(counted))


def _voice(matter: Matter, actor: Actor, needs: tuple[Need, ...], now: datetime) -> Voice:
    """In whose name this consent counts: one's own where it does, else of the first one stands in for. Raises the own refusal."""
    own: ViertaktError | None = None
    for voice in own_or_for(actor, matter.represented):
        refusal = objection(matter.operation, matter.approval, voice, needs, matter.people, now=now)
        if refusal is None:
            return voice
        own = own or refusal
    assert own is not None, "who speaks has a name of their own"
    raise own


def _move(matter: Matter, request: VerdictRequest, *, catalogue: Catalogue, now: datetime) -> Made:
    """The move as if all consents were there. Raises `NotPermitted` where who asked may not make it any more, `Invalid`."""
    approval, asker = matter.approval, matter.people.get(matter.approval.asked_by)
    if asker is None:
        raise NotPermitted(
            f"Who asked for '{approval.transition}' may not act any more. Decline it, and let somebody else ask.",
            why_not="asker_may_not",
        )
    caller = Caller(asker, request_id=request.caller.request_id, cause=request.caller.cause)
    move = msgspec.structs.replace(matter.asked, caller=caller, at=request.at)
    try:
        made = decide_move(
            matter.published, matter.operation, move, catalogue=catalogue, now=now, consented=True
        )
    except Forbidden as refusal:
        raise NotPermitted(
            f"{asker.name}, who asked, may not make '{approval.transition}' any more. "
            "Decline it, and let somebody else ask.",
            why_not="asker_may_not",
        ) from refusal
    told = {**(made.data or {}), "approval": approval.asked_seq}
    return Made(caller, msgspec.structs.replace(made, data=told))


def _decline(matter: Matter, request: VerdictRequest, now: datetime) -> Decision:
    actor, approval = request.caller.actor, matter.approval
    if actor.id == approval.asked_by:
        raise Forbidden(
            f"{actor.name} asked for '{approval.transition}': withdraw it instead.", why_not="own_request"
        )
    needs = needs_to_decide(matter.published.kind, approval.transition, matter.operation, now)
    name, operation = approval.transition, matter.operation
    said = [
        (right_to_decide(voice.whose, operation, name, needs), voice)
        for voice in own_or_for(actor, matter.represented)
        if voice.whose.id != approval.asked_by
    ]
    right, voice = next((one for one in said if isinstance(one[0], Right)), said[0])
    if isinstance(right, WhyNot):
        words = f"Who declines '{approval.transition}' may consent to it. {right.words}"
        raise Forbidden(words, why_not=right.code, roles=roles_of(needs))
    if not (request.comment or "").strip():
        raise invalid("/comment", "comment_required", "Declining needs a comment that says why.")
    return _beside(EntrySort.DECLINED, matter, request, right, now=now, voice=voice)


def _withdraw(matter: Matter, request: VerdictRequest, now: datetime) -> Decision:
    approval = matter.approval
    if request.caller.actor.id != approval.asked_by:
        raise Forbidden(
            f"Only who asked for '{approval.transition}' withdraws it; others decline.", why_not="not_yours"
        )
    return _beside(EntrySort.WITHDRAWN, matter, request, Right("manual", "own request"), now=now)


def _beside(
    sort: EntrySort,
    matter: Matter,
    request: VerdictRequest,
    right: Right,
    *,
    now: datetime,
    voice: Voice | None = None,
) -> Decision:
    approval, whose = matter.approval, voice.on_behalf_of if voice else None
    decision = beside(
        sort,
        matter.operation,
        approval.transition,
        right,
        data={"approval": approval.asked_seq} | ({"for": whose} if whose else {}),
        personal={"comment": request.comment} if request.comment else {},
        approval=approval.asked_seq,
        at=request.at or now,
    )
    return msgspec.structs.replace(decision, on_behalf_of=whose) if whose else decision
