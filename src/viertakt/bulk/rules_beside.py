"""What a job does that moves nothing: who may, what would happen to each, and what puts it back. Pure.

assign ──undo──► to whom it was assigned, where it is still assigned to whom the job said
tag    ──undo──► the tags it put on come off, and those it took off come back, as far as that is still so
note   ── stays: what colleagues have read is not unsaid
"""

from datetime import datetime

from viertakt.access.model import Actor
from viertakt.bulk.model import Before, Fate, ItemState, Verb, Wanted, Work
from viertakt.bulk.rules import TRANSIENT, Judged, code_of
from viertakt.errors import Invalid, NotPermitted, ViertaktError
from viertakt.operations.model import (
    Act,
    Assignment,
    AssignmentRequest,
    Caller,
    NoteRequest,
    Operation,
    OperationId,
)
from viertakt.operations.rules_assignment import decide_assignment, decide_note
from viertakt.operations.rules_tags import TagRequest, decide_tags

NOTHING = "nothing_to_do"
_SO_ALREADY = "It is so already."


def check_undoable(verb: Verb) -> None:
    """Raises `NotPermitted` where nothing takes back what such a job did."""
    if verb is Verb.NOTE:
        raise NotPermitted(
            "A note stays: what was read is not unsaid. Write another one.", why_not="no_reverse"
        )


def judge_beside(
    operation: Operation, wanted: Wanted, actor: Actor, before: Before | None, *, now: datetime
) -> Judged:
    """What would happen to an operation if the job came to it now."""
    held = operation.assignment or Assignment()
    caller = Caller(actor)
    try:
        match wanted.verb:
            case Verb.ASSIGN:
                check_still(held.assignee, wanted)
                request = assignment_request(operation.id, caller, wanted, before)
                changes = decide_assignment(operation, held, request, now=now).decision is not None
            case Verb.TAG:
                tags = tag_request(operation.id, caller, wanted, before)
                changes = decide_tags(operation, tags, now=now).decision is not None
            case _:
                decide_note(operation, note_request(operation.id, caller, wanted), (), now=now)
                changes = True
    except ViertaktError as refusal:
        return Judged(
            Fate.SKIPPED,
            code=code_of(refusal),
            detail=refusal.detail,
            refusal=refusal if isinstance(refusal, Invalid) else None,
        )
    return Judged(Fate.MOVES) if changes else Judged(Fate.SKIPPED, code=NOTHING, detail=_SO_ALREADY)


def check_still(assignee: str | None, wanted: Wanted) -> None:
    """Raises `NotPermitted` where an undo would take it from whoever has got it since."""
    if wanted.undoes is not None and assignee != _work(wanted).to:
        raise NotPermitted("Somebody has assigned it to another since.", why_not="assigned_since")


def assignment_request(
    operation: OperationId, caller: Caller, wanted: Wanted, before: Before | None
) -> AssignmentRequest:
    """To whom the job assigns an operation, or to whom it gives it back."""
    to = _work(wanted).to if before is None else before.assignee
    return AssignmentRequest(operation, caller, Act.ASSIGN, to=to, comment=wanted.comment)


def tag_request(operation: OperationId, caller: Caller, wanted: Wanted, before: Before | None) -> TagRequest:
    """Which tags the job puts on and takes off, or puts back."""
    if before is not None:
        return TagRequest(operation, caller, add=before.removed, remove=before.added)
    return TagRequest(operation, caller, add=_work(wanted).add, remove=_work(wanted).remove)


def note_request(operation: OperationId, caller: Caller, wanted: Wanted) -> NoteRequest:
    """The note that the job writes."""
    return NoteRequest(operation, caller, wanted.comment or "")


def state_of_refusal(refusal: ViertaktError) -> ItemState:
    """Whether the next try may well do better."""
    return ItemState.FAILED if isinstance(refusal, TRANSIENT) else ItemState.SKIPPED


def _work(wanted: Wanted) -> Work:
    return wanted.work or Work()
