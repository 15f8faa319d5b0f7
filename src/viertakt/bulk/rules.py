"""What is decided about a bulk job: what would happen to each operation, what it needs before it starts, who may steer it. Pure.

The dry run asks the same `decide_move` as the move itself will, so what it promises is what happens, unless somebody is
faster; an operation that has changed since is left alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from viertakt.access.grants import MANAGE, Slice, reduced
from viertakt.access.model import Actor
from viertakt.access.rules import ADMIN, scope_of, sees_slices
from viertakt.bulk.model import (
    Claimed,
    Fate,
    Group,
    ItemState,
    Job,
    JobState,
    Limits,
    Preview,
    Settled,
    Verb,
    Wanted,
)
from viertakt.bulk.rules_consents import Parts
from viertakt.errors import (
    Fault,
    Forbidden,
    Invalid,
    LostRace,
    NotPermitted,
    OnHold,
    Unavailable,
    ViertaktError,
)
from viertakt.kinds.model import Cause, Direction, Effect, Kind, PublishedKind, StageName, TransitionName
from viertakt.kinds.reasons import Catalogue
from viertakt.operations.model import (
    Answer,
    Approval,
    Caller,
    EntrySort,
    MoveRequest,
    Need,
    Operation,
)
from viertakt.operations.rules import decide_move, leaving_words
from viertakt.operations.rules_approvals import needs_of

UNDOABLE = (JobState.PAUSED, JobState.DONE, JobState.CANCELLED)
# What the next try may well do better: the item failed, it was not refused.
TRANSIENT = (LostRace, OnHold, Unavailable)


class Judged(msgspec.Struct, frozen=True):
    """What would happen to an operation. `refusal`: why not, where the request itself is at fault."""

    fate: Fate
    transition: TransitionName | None = None
    to: StageName | None = None
    code: str | None = None
    detail: str | None = None
    refusal: ViertaktError | None = None


def transition_for(kind: Kind, wanted: Wanted) -> TransitionName | None:
    """The transition that the job makes in this kind; None where the kind has nothing that undoes it."""
    assert wanted.transition is not None, "a job that moves names its transition"
    return wanted.transition if wanted.undoes is None else kind.undo.get(wanted.transition)


def move_request(
    wanted: Wanted, name: TransitionName, operation: Operation | Claimed, caller: Caller
) -> MoveRequest:
    """The move of one item: of the operation as it was frozen, and no other."""
    return MoveRequest(
        operation_id=operation.id if isinstance(operation, Operation) else operation.operation_id,
        caller=caller,
        transition=name,
        reason=wanted.reason,
        comment=wanted.comment,
        expected_version=operation.version,
    )


def judge(
    published: PublishedKind,
    operation: Operation,
    wanted: Wanted,
    actor: Actor,
    *,
    catalogue: Catalogue,
    now: datetime,
    pending: Sequence[Approval] = (),
) -> Judged:
    """What would happen to an operation if the job came to it now."""
    kind = published.kind
    name = transition_for(kind, wanted)
    if name is None:
        words = f"A {kind.label.en.lower()} has no transition that undoes '{wanted.transition}'."
        return Judged(Fate.SKIPPED, code="no_reverse", detail=words)
    request = move_request(wanted, name, operation, Caller(actor))
    try:
        decision = decide_move(published, operation, request, catalogue=catalogue, now=now, pending=pending)
    except ViertaktError as refusal:
        return Judged(
            Fate.SKIPPED,
            transition=name,
            code=code_of(refusal),
            detail=_words(refusal, kind, name),
            refusal=refusal if isinstance(refusal, Invalid) else None,
        )
    fate = Fate.ASKS if decision.sort is EntrySort.ASKED else Fate.MOVES
    return Judged(fate, transition=name, to=kind.transitions[name].to)


def code_of(refusal: ViertaktError) -> str:
    """The most telling code of a refusal: the fault's, why not, or its own."""
    if refusal.faults:
        return refusal.faults[0].code
    return str(refusal.facts.get("why_not", refusal.code))


def _words(refusal: ViertaktError, kind: Kind, name: TransitionName) -> str:
    """The refusal in words that hold for every operation of its group."""
    if isinstance(refusal, NotPermitted) and "why_not" not in refusal.facts and name in kind.transitions:
        return leaving_words(kind, name)
    return refusal.detail


class Tally:
    """Counts what is judged, group by group."""

    def __init__(self) -> None:
        self._groups: dict[tuple[object, ...], tuple[Operation, Judged]] = {}
        self._counts: dict[tuple[object, ...], int] = {}
        self._sums: dict[tuple[object, ...], dict[str, Decimal]] = {}
        self._needs: dict[tuple[str, ...], int] = {}
        self.parts = Parts()
        self._outside = False
        self._money_out = False

    def add(
        self, published: PublishedKind | None, operation: Operation, judged: Judged, now: datetime
    ) -> None:
        """Count one operation; without its kind where nothing would move it."""
        key = (operation.kind, operation.stage, judged.fate, judged.transition, judged.code)
        if key not in self._groups:
            self._groups[key] = (operation, judged)
            self._counts[key], self._sums[key] = 0, {}
        self._counts[key] += 1
        if operation.amount is not None:
            sums, worth = self._sums[key], operation.amount
            sums[worth.currency] = sums.get(worth.currency, Decimal(0)) + worth.value
        if judged.fate is Fate.SKIPPED or published is None:
            return
        kind = published.kind
        self._outside = self._outside or kind.effect is Effect.EXTERNAL
        self._money_out = self._money_out or kind.direction is Direction.OUT
        if judged.transition is None:
            return
        if judged.fate is Fate.MOVES:
            self.parts.add(published, operation, judged.transition, now)
        else:
            self.parts.waits(kind.transitions[judged.transition], now)
            for need in needs_of(kind, judged.transition, operation, now):
                self._need(need)

    def _need(self, need: Need) -> None:
        self._needs[need.roles] = max(need.count, self._needs.get(need.roles, 0))

    def preview(self) -> Preview:
        """What was counted, the largest group first."""
        groups = [
            Group(
                kind=operation.kind,
                stage=operation.stage,
                fate=judged.fate,
                count=self._counts[key],
                sums=self._sums[key],
                transition=judged.transition,
                to=judged.to,
                code=judged.code,
                detail=judged.detail,
            )
            for key, (operation, judged) in self._groups.items()
        ]
        groups.sort(key=lambda group: -group.count)
        return Preview(
            tuple(groups),
            added(group for group in groups if group.fate is not Fate.SKIPPED),
            self._outside,
            self._money_out,
            consents_within=self.parts.within,
        )

    def needs(
        self, roles: Iterable[str], affected: int, sums: Mapping[str, Decimal], limits: Limits
    ) -> tuple[Need, ...]:
        """The consents to the whole job: the strictest that its operations need, and a second person's where it is large.

        `roles`: those to whom its transitions are open.
        """
        if affected > limits.consent_above or any(
            value > limits.sum_in(currency) for currency, value in sums.items()
        ):
            self._need(Need(1, tuple(sorted(set(roles))) or (ADMIN,)))
        return tuple(Need(count, roles) for roles, count in self._needs.items())


def added(groups: Iterable[Group]) -> dict[str, Decimal]:
    """The sums of several groups together, by currency."""
    total: dict[str, Decimal] = {}
    for group in groups:
        for currency, value in group.sums.items():
            total[currency] = total.get(currency, Decimal(0)) + value
    return total


# Starting ------------------------------------------------------------------------------------------------------


def must_confirm(job: Job, limits: Limits) -> bool:
    """Whether starting asks for the number of operations to be typed: there are many, or money leaves by it."""
    return job.affected > limits.confirm_above or job.preview.money_out


def check_start(job: Job, confirm: int | None, limits: Limits) -> None:
    """Raises `NotPermitted` where there is nothing to start, `Invalid` where the number is missing or another."""
    check_state(job, "start", JobState.READY)
    if job.affected == 0:
        raise NotPermitted(
            "Nothing would be moved by this job; look at why, and choose again.", why_not="nothing_to_do"
        )
    if must_confirm(job, limits) and confirm != job.affected:
        words = f"Confirm with the number of operations that will be moved: {job.affected}."
        raise Invalid(words, faults=(Fault("/confirm", "confirm_required", words),))


def check_state(job: Job, act: str, *states: JobState) -> None:
    """Raises `NotPermitted` where a job does not stand so that this can be done to it."""
    if job.state not in states:
        raise NotPermitted(
            f"The job is {job.state}; {act} is for one that is {' or '.join(states)}.", state=job.state
        )


# Who may -------------------------------------------------------------------------------------------------------


def scope_of_job(actor: Actor, places: Collection[tuple[str, str]]) -> tuple[Slice, ...]:
    """The parts of what whoever asks may see in which the job's operations stand (kinds and stages): who sees these sees the job.

    Narrower than everything they see, so that others can consent to an administrator's job.
    """
    kinds = {kind for kind, _ in places}
    restricted = any(place in actor.rights.restricted for place in places)
    parts = [
        Slice(
            tuple(sorted(kinds.intersection(part.kinds or kinds))), part.where, part.restricted and restricted
        )
        for part in scope_of(actor)
    ]
    return reduced(part for part in parts if part.kinds) or scope_of(actor)


def may_see(actor: Actor, job: Job) -> bool:
    """Whether the job is there for this actor: their own, or one that counts nothing out of their sight."""
    return actor.id == job.asked_by or sees_slices(actor, job.scope)


def may_steer(actor: Actor, job: Job) -> bool:
    """Whether this actor starts, pauses and ends the job: their own, or anybody's for who administers."""
    return actor.id == job.asked_by or bool(actor.rights.to(MANAGE))


def check_steer(actor: Actor, job: Job) -> None:
    """Raises `Forbidden` where the job is somebody else's."""
    if not may_steer(actor, job):
        raise Forbidden(f"This job is {job.asked_by_name}'s to steer.", why_not="not_yours")


Act = Literal["start", "pause", "resume", "cancel", "retry", "undo", "approve", "decline"]


def may_now(job: Job, actor: Actor, *, consents: bool) -> tuple[Act, ...]:
    """What this actor may do with the job as it stands; `consents`: whether theirs would count."""
    acts: list[Act] = []
    if may_steer(actor, job):
        if job.state is JobState.READY and job.affected:
            acts.append("start")
        if job.state is JobState.RUNNING:
            acts.append("pause")
        if job.state is JobState.PAUSED:
            acts.append("resume")
        if job.state in (JobState.READY, JobState.WAITING, JobState.RUNNING, JobState.PAUSED):
            acts.append("cancel")
        if job.failed and job.state in (JobState.DONE, JobState.PAUSED, JobState.RUNNING):
            acts.append("retry")
    if job.undoes is None and job.verb is not Verb.NOTE and job.done + job.asked and job.state in UNDOABLE:
        acts.append("undo")
    if consents:
        acts += ["approve", "decline"]
    return tuple(acts)


# Results -------------------------------------------------------------------------------------------------------


def caller_of(job: Job, item: Claimed, actor: Actor) -> Caller:
    """Who asks for an item's move, under a key that is the same whenever it is asked for."""
    return Caller(
        actor=actor,
        key=f"bulk:{job.bulk_id}/{item.n}",
        body_digest=f"bulk:{job.bulk_id}",
        request_id=f"bulk:{job.bulk_id}",
        cause=Cause.BULK if job.undoes is None else Cause.UNDO,
    )


def settle(item: Claimed, result: Answer | ViertaktError) -> Settled:
    """What a move's answer makes of its item."""
    if isinstance(result, ViertaktError):
        state = ItemState.FAILED if isinstance(result, TRANSIENT) else ItemState.SKIPPED
        return Settled(item.n, item.attempt, state, code=code_of(result), detail=result.detail)
    entry, version = result.entry, result.operation.version
    if entry.version is not None:
        return Settled(item.n, item.attempt, ItemState.DONE, entry_seq=entry.seq, moved_version=entry.version)
    if entry.sort is EntrySort.CONSENTED and version > item.version:
        return Settled(
            item.n, item.attempt, ItemState.DONE, entry_seq=entry.seq, moved_version=item.version + 1
        )
    return Settled(item.n, item.attempt, ItemState.ASKED, code="needs_consents", entry_seq=entry.seq)
