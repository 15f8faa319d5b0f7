"""Who works on an operation: what a request about it comes to. Pure.

    free ──claim──► in hand until the lease runs out ──renew──► …        (then it is free again; nobody has to do anything)
      │                 └─ release, skip, snooze, or assigned to another
      └─assign──► somebody's, or a team's: others do not take it in hand

Nothing of this makes a version: no approval becomes void, and no move depends on it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec

from viertakt.access.model import Actor, ActorSort, Right
from viertakt.access.rules import right_to_assign, right_to_note, teams
from viertakt.errors import Forbidden, NotPermitted
from viertakt.operations.model import (
    Act,
    Assignment,
    AssignmentRequest,
    Decision,
    EntrySort,
    NoteRequest,
    Operation,
)
from viertakt.operations.rules import invalid
from viertakt.operations.rules_content import check_words

LEASE = timedelta(minutes=15)
SNOOZE_MAX = timedelta(days=366)
_replace = msgspec.structs.replace


class Change(msgspec.Struct, frozen=True):
    """What is to be written: how it stands afterwards, and the entry that says why; without one nothing is told."""

    after: Assignment
    decision: Decision | None = None


def decide_note(
    operation: Operation, request: NoteRequest, mentions: tuple[str, ...], *, now: datetime
) -> Decision:
    """The entry of a note. Raises `Forbidden`, `Invalid`."""
    right = right_to_note(request.caller.actor, operation)
    if not request.text.strip():
        raise invalid("/text", "required", "A note says something.")
    check_words(request.text, None)
    data: dict[str, object] | None = {"mentions": list(mentions)} if mentions else None
    return told_beside(EntrySort.NOTED, operation, right, now, data=data, comment=request.text)


def decide_assignment(
    operation: Operation, held: Assignment, request: AssignmentRequest, *, now: datetime
) -> Change:
    """What a request comes to, of an assignment as it is held. Raises `Forbidden`, `NotPermitted`, `Invalid`."""
    right = right_to_assign(request.caller.actor, operation)
    check_words(request.comment, None)
    return _ACTS[request.act](_Matter(operation, held, request, right, now))


def taken(held: Assignment, actor: Actor, now: datetime) -> NotPermitted | None:
    """Why an actor cannot take this in hand; None where it is free for them."""
    holder = held.holder(now)
    if holder not in {None, actor.id}:
        name = _named(held, str(holder))
        assert held.lease_until is not None, "a claim has a lease"
        until = held.lease_until
        return NotPermitted(
            f"{name} has it in hand, until {until:%H:%M} UTC at least. Ask them, or assign it to yourself.",
            why_not="held",
            claimed_by=holder,
            lease_until=until.isoformat(),
        )
    theirs = held.assignee is None or held.assignee == actor.id
    if not theirs and held.assignee not in teams(actor):
        return NotPermitted(
            f"It is assigned to {_named(held, str(held.assignee))}. Assign it to yourself first.",
            why_not="assigned_to_other",
            assignee=held.assignee,
        )
    return None


class _Matter(msgspec.Struct, frozen=True):
    operation: Operation
    held: Assignment
    request: AssignmentRequest
    right: Right
    now: datetime

    @property
    def actor(self) -> Actor:
        return self.request.caller.actor

    @property
    def holder(self) -> str | None:
        return self.held.holder(self.now)

    def change(self, sort: EntrySort, after: Assignment, **data: object) -> Change:
        told = {name: value for name, value in data.items() if value is not None}
        comment = self.request.comment
        return Change(
            after, told_beside(sort, self.operation, self.right, self.now, data=told or None, comment=comment)
        )

    def check_in_nobody_elses_hand(self) -> None:
        if self.holder not in {None, self.actor.id}:
            refusal = taken(self.held, self.actor, self.now)
            assert refusal is not None, "another has it in hand"
            raise refusal


def _assign(matter: _Matter) -> Change:
    held, to = matter.held, matter.request.to
    if to == held.assignee:
        return Change(held)
    # What is in another's hand is taken out of it: whoever assigns knows better.
    after = _replace(held if matter.holder == to else _free(held), assignee=to)
    if to is None:
        return matter.change(EntrySort.RELEASED, after, assignee=held.assignee)
    return matter.change(EntrySort.ASSIGNED, after, assignee=to)


def _claim(matter: _Matter) -> Change:
    held, actor, request = matter.held, matter.actor, matter.request
    _check_person(actor)
    if refusal := taken(held, actor, matter.now):
        raise refusal
    after = _replace(
        held,
        claimed_by=actor.id,
        lease_until=matter.now + LEASE,
        queue=request.queue,
        snoozed_until=None,
    )
    if matter.holder == actor.id:
        return Change(_replace(after, queue=request.queue or held.queue))
    queue = str(request.queue) if request.queue else None
    return matter.change(EntrySort.CLAIMED, after, queue=queue)


def _renew(matter: _Matter) -> Change:
    # Also after the lease ran out, as long as nobody else has come.
    if matter.held.claimed_by != matter.actor.id:
        matter.check_in_nobody_elses_hand()
        raise NotPermitted(
            f"{matter.actor.name} does not have operation {matter.operation.id} in hand any more.",
            why_not="not_held",
        )
    return Change(_replace(matter.held, lease_until=matter.now + LEASE))


def _release(matter: _Matter) -> Change:
    held = matter.held
    if matter.holder is not None:
        return matter.change(EntrySort.RELEASED, _free(held), claimed_by=matter.holder)
    if held.assignee is not None:
        return matter.change(EntrySort.RELEASED, _replace(_free(held), assignee=None), assignee=held.assignee)
    return Change(_free(held))


def _snooze(matter: _Matter) -> Change:
    until, now = matter.request.until, matter.now
    matter.check_in_nobody_elses_hand()
    if until is None or not now < until <= now + SNOOZE_MAX:
        raise invalid("/until", "invalid_time", "It is put off until a moment to come, at most a year ahead.")
    # What nobody is responsible for comes back to the one who put it off.
    mine = matter.actor.id if matter.holder == matter.actor.id else None
    after = _replace(_free(matter.held), snoozed_until=until, assignee=matter.held.assignee or mine)
    return matter.change(EntrySort.SNOOZED, after, until=until.isoformat())


def _wake(matter: _Matter) -> Change:
    held = matter.held
    after = _replace(held, snoozed_until=None)
    if held.snoozed_until is None or held.snoozed_until <= matter.now:
        return Change(after)
    return matter.change(EntrySort.WOKEN, after)


def _skip(matter: _Matter) -> Change:
    _check_person(matter.actor)
    if not (matter.request.comment or "").strip():
        raise invalid(
            "/comment", "comment_required", "Passing an operation over needs a comment that says why."
        )
    held = matter.held
    after = _free(held) if matter.holder in {None, matter.actor.id} else held
    queue = held.queue if matter.holder == matter.actor.id else None
    return matter.change(EntrySort.SKIPPED, after, queue=str(queue) if queue else None)


def _prioritise(matter: _Matter) -> Change:
    if matter.request.priority == matter.held.priority:
        return Change(matter.held)
    after = _replace(matter.held, priority=matter.request.priority)
    return matter.change(EntrySort.PRIORITISED, after, priority=after.priority)


_ACTS: Mapping[Act, Callable[[_Matter], Change]] = {
    Act.ASSIGN: _assign,
    Act.CLAIM: _claim,
    Act.RENEW: _renew,
    Act.RELEASE: _release,
    Act.SNOOZE: _snooze,
    Act.WAKE: _wake,
    Act.SKIP: _skip,
    Act.PRIORITISE: _prioritise,
}


def _free(held: Assignment) -> Assignment:
    return _replace(held, claimed_by=None, lease_until=None, queue=None)


def _named(held: Assignment, actor: str) -> str:
    return held.names.get(actor) or actor.partition(":")[2]


def _check_person(actor: Actor) -> None:
    if actor.sort is not ActorSort.PERSON:
        raise Forbidden("Only a person takes work in hand, never a program.", why_not="not_a_person")


def told_beside(
    sort: EntrySort,
    operation: Operation,
    right: Right,
    now: datetime,
    *,
    data: dict[str, object] | None,
    comment: str | None,
) -> Decision:
    """The entry of what changes no version."""
    return Decision(
        sort=sort,
        operation=operation,
        read_version=operation.version,
        at=now,
        cause=right.cause,
        granted_by=right.granted_by,
        # Where it stood: what is said in a restricted stage is not told when it has come out again.
        from_stage=operation.stage,
        from_status=operation.status,
        data=data,
        personal={"comment": comment} if comment else {},
    )
