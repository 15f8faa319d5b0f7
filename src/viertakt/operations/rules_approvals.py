"""Which moves need consents, what is still missing, and who may give it. Pure.

    asked for ──► consented, consented, … ──► the last consent makes the move, in the name of who asked
        │             │
        │             └─ counts while its person still has the right, and once for every rule that the person's grants are for
        ├─ declined, withdrawn, expired
        └─ void: the operation is no longer at the version that was asked about

Only moves made by hand ask: what a kind lets a check, a deadline or a process do is its own rule already. Whoever asked
never consents, whatever roles that person has; nor does whoever it is assigned to, where the kind does not say so.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from viertakt.access.model import Actor, ActorId, ActorSort, Right
from viertakt.access.rules import WhyNot, may_consent
from viertakt.errors import Forbidden, NotPermitted, ViertaktError
from viertakt.kinds.durations import parse_duration
from viertakt.kinds.model import Kind, ReasonCode, Transition, TransitionName
from viertakt.operations.model import (
    Approval,
    ApprovalState,
    Consent,
    Decision,
    Declared,
    EntrySort,
    Need,
    Operation,
)
from viertakt.operations.rules_guards import rule_applies

# Of several reasons why not, the nearest to a yes is told.
_TELLING = ("amount_above", "outside_grant", "needs_role", "not_a_person")
# As long as a colleague is on leave for, and short enough that nobody consents to what is long forgotten.
EXPIRES_AFTER = timedelta(days=7)
People = Mapping[ActorId, Actor]  # with the rights of this moment; who may not act any more is missing


class Voice(msgspec.Struct, frozen=True):
    """Who says yes, and by whose right: their own, or that of whom they stand in for."""

    giver: Actor
    whose: Actor

    @property
    def persons(self) -> frozenset[ActorId]:
        """Everybody whose consent this is: one person, or two that count as one."""
        return frozenset({self.giver.id, self.whose.id})

    @property
    def on_behalf_of(self) -> ActorId | None:
        """Whose right it is, where it is another's."""
        return None if self.whose.id == self.giver.id else self.whose.id


def own_or_for(actor: Actor, represented: Sequence[Actor]) -> list[Voice]:
    """In whose name somebody may speak: their own first, then those they stand in for."""
    return [Voice(actor, whose) for whose in (actor, *represented)]


def declared(kind: Kind, name: TransitionName, operation: Operation, now: datetime) -> tuple[Declared, ...]:
    """What the kind asks for this transition, a line a rule, and whether it asks it of this operation as it stands."""
    transition = kind.transitions[name]
    return tuple(
        Declared(
            rule.count,
            rule.roles or transition.roles,
            rule.when,
            rule_applies(kind, transition, rule, operation, now),
            rule.by_assignee,
        )
        for rule in transition.approvals
    )


def needs_of(kind: Kind, name: TransitionName, operation: Operation, now: datetime) -> tuple[Need, ...]:
    """The consents that this transition needs for this operation as it stands; none where it needs none."""
    rules = declared(kind, name, operation, now)
    return tuple(_need(rule, rules) for rule in rules if rule.applies)


def needs_to_decide(
    kind: Kind, name: TransitionName, operation: Operation, now: datetime
) -> tuple[Need, ...]:
    """The consents that a move which was asked for needs now; all that the kind declares where time has lifted every rule."""
    rules = declared(kind, name, operation, now)
    wanted = [rule for rule in rules if rule.applies] or rules
    return tuple(_need(rule, rules) for rule in wanted)


def _need(rule: Declared, rules: Sequence[Declared]) -> Need:
    others = {role for other in rules for role in other.roles}.difference(rule.roles)
    return Need(rule.count, rule.roles, by_assignee=rule.by_assignee, others=tuple(sorted(others)))


def standing(
    operation: Operation,
    needs: Sequence[Need],
    approval: Approval,
    people: People,
    *,
    besides: "Voice | None" = None,
) -> tuple[Need, ...]:
    """The needs with what was given and still counts; `besides`: as if it had been heard too."""
    given = voices(approval, people, besides)
    return tuple(
        msgspec.structs.replace(
            need, given=sum(counts_for(need, one, operation, approval.transition) for one in given)
        )
        for need in needs
    )


def voices(approval: Approval, people: People, besides: "Voice | None" = None) -> list["Voice"]:
    """The consents that may count: none of who asked, and each person once, whether they spoke or were spoken for."""
    told = [voice_of(consent, people) for consent in approval.consents]
    heard: set[ActorId] = {approval.asked_by}
    found = []
    for voice in (*told, besides):
        if voice is not None and heard.isdisjoint(voice.persons):
            found.append(voice)
            heard |= voice.persons
    return found


def voice_of(consent: Consent, people: People) -> "Voice | None":
    """A consent with the rights of this moment; None where who gave it, or whose it is, may not act any more."""
    whose = consent.on_behalf_of or consent.actor
    if consent.actor not in people or whose not in people:
        return None
    return Voice(people[consent.actor], people[whose])


def counts_for(need: Need, voice: "Voice", operation: Operation, name: TransitionName) -> bool:
    """Whether this consent is one that a rule of this transition asks for."""
    if _is_assignee(voice, operation) and not need.by_assignee:
        return False
    return isinstance(_right(need, voice.whose, operation, name), Right)


def _is_assignee(voice: "Voice", operation: Operation) -> bool:
    return operation.assignment is not None and operation.assignment.assignee in voice.persons


def asked(
    name: TransitionName,
    operation: Operation,
    right: Right,
    pending: Sequence[Approval],
    *,
    reason: ReasonCode | None,
    told: tuple[dict[str, object] | None, dict[str, object]],
    at: datetime,
    expires_at: datetime,
) -> Decision:
    """The entry of a move that waits for consents. Raises `NotPermitted` where it waits already."""
    waiting = waits_already(name, operation, pending)
    if waiting is not None:
        raise NotPermitted(
            asked_words(waiting),
            why_not="asked_already",
            approval=waiting.asked_seq,
            version=operation.version,
        )
    data, personal = told
    decision = beside(
        EntrySort.ASKED, operation, name, right, reason=reason, data=data, personal=personal, at=at
    )
    return msgspec.structs.replace(decision, expires_at=expires_at)


def expiry(transition: Transition, now: datetime) -> datetime:
    """When what is asked for now ends by itself, by the primary's clock: after the time that the kind says, or a week."""
    if transition.consents_within is None:
        return now + EXPIRES_AFTER
    length = parse_duration(transition.consents_within)
    assert length is not None, "check_kind lets no other duration be published"
    return now + length


def expired(operation: Operation, approval: Approval, right: Right, now: datetime) -> Decision | None:
    """The entry of a request whose time is up; None where it is over already, or has time left."""
    if state_of(approval, operation, now) is not ApprovalState.EXPIRED or approval.settled_at is not None:
        return None
    return beside(
        EntrySort.EXPIRED,
        operation,
        approval.transition,
        right,
        data={"approval": approval.asked_seq},
        approval=approval.asked_seq,
        at=now,
    )


def waits_already(name: TransitionName, operation: Operation, pending: Sequence[Approval]) -> Approval | None:
    """The approval in which this very move waits for consents; None where nobody asked for it.

    One whose time is up is among them until its end is written, so that there are never two.
    """
    for approval in pending:
        if (
            approval.transition == name
            and approval.state is ApprovalState.OPEN
            and approval.version == operation.version
        ):
            return approval
    return None


def asked_words(waiting: Approval) -> str:
    """Why a move is not asked for twice."""
    return (
        f"'{waiting.transition}' was asked for already and waits for consents (approval {waiting.asked_seq})."
    )


def beside(
    sort: EntrySort,
    operation: Operation,
    name: TransitionName,
    right: Right,
    *,
    at: datetime,
    reason: ReasonCode | None = None,
    data: dict[str, object] | None = None,
    personal: dict[str, object] | None = None,
    approval: int | None = None,
) -> Decision:
    """An entry about a move that is not made yet; the operation stays as it is."""
    return Decision(
        sort=sort,
        operation=operation,
        read_version=operation.version,
        at=at,
        cause=right.cause,
        granted_by=right.granted_by,
        transition=name,
        from_stage=operation.stage,
        from_status=operation.status,
        reason=reason,
        data=data,
        personal=personal or {},
        approval=approval,
    )


def state_of(approval: Approval, operation: Operation, now: datetime) -> ApprovalState:
    """How it stands: what is written, void where the operation has changed since, and expired as soon as its time is up."""
    if approval.state is not ApprovalState.OPEN:
        return approval.state
    if approval.version != operation.version:
        return ApprovalState.VOID
    if approval.expires_at is not None and approval.expires_at <= now:
        return ApprovalState.EXPIRED
    return ApprovalState.OPEN


def right_to_decide(
    actor: Actor, operation: Operation, name: TransitionName, needs: Sequence[Need]
) -> Right | WhyNot:
    """By what right a person says yes or no to a move with these needs, or why not; programs never do."""
    found = [_right(need, actor, operation, name) for need in needs]
    return min(found, key=lambda one: _TELLING.index(one.code) if isinstance(one, WhyNot) else -1)


def objection(
    operation: Operation,
    approval: Approval,
    voice: "Voice",
    needs: Sequence[Need],
    people: People,
    *,
    now: datetime,
) -> ViertaktError | None:
    """Why this may not be consented to now, in one's own name or another's; None where the consent would count."""
    actor = voice.giver
    if refusal := settled(operation, approval, now):
        return refusal
    if actor.sort is not ActorSort.PERSON:
        return Forbidden("Only a person consents, never a program.", why_not="not_a_person")
    if approval.asked_by in voice.persons:
        asker = actor if actor.id == approval.asked_by else voice.whose
        return Forbidden(
            f"{asker.name} asked for '{approval.transition}': somebody else has to consent.",
            why_not="own_request",
        )
    if _is_assignee(voice, operation) and not any(need.by_assignee for need in needs):
        return Forbidden(
            "The operation is assigned to who would consent: somebody else has to.", why_not="assignee"
        )
    return _not_wanted(operation, approval, voice, needs, people)


def _not_wanted(
    operation: Operation, approval: Approval, voice: "Voice", needs: Sequence[Need], people: People
) -> ViertaktError | None:
    roles = roles_of(needs)
    right = right_to_decide(voice.whose, operation, approval.transition, needs)
    if isinstance(right, WhyNot):
        return Forbidden(right.words, why_not=right.code, roles=roles)
    spoken = {one for consent in approval.consents for one in (consent.actor, consent.on_behalf_of)}
    if not voice.persons.isdisjoint(spoken):
        who = voice.giver if voice.giver.id in spoken else voice.whose
        return NotPermitted(
            f"{who.name} has consented already; it waits for others.", why_not="consented_already"
        )
    now = standing(operation, needs, approval, people)
    then = standing(operation, needs, approval, people, besides=voice)
    if sum(need.missing for need in then) == sum(need.missing for need in now) > 0:
        return Forbidden(
            f"What is missing is {needed_words(now)}; {voice.whose.name} has no grant for it.",
            why_not="needs_role",
            roles=roles_of([need for need in now if need.missing]),
        )
    return None


def settled(operation: Operation, approval: Approval, now: datetime) -> NotPermitted | None:
    """Why nothing is to be said about this approval any more; None while it is open."""
    state = state_of(approval, operation, now)
    ends = {
        ApprovalState.MADE: "has all its consents, and the move was made",
        ApprovalState.DECLINED: "was declined",
        ApprovalState.WITHDRAWN: "was withdrawn",
        ApprovalState.EXPIRED: "has expired: not all consents came in time; ask anew",
        ApprovalState.VOID: "is void: the operation has changed since it was asked for; ask anew",
    }
    if state is ApprovalState.OPEN:
        return None
    return NotPermitted(
        f"Approval {approval.asked_seq} {ends[state]}.",
        why_not=state.value,
        stage=operation.stage,
        version=operation.version,
    )


def needed_words(needs: Sequence[Need]) -> str:
    """What is missing, as a sentence says it: "2 consents by payments_lead"."""
    missing = [need for need in needs if need.missing]
    return " and ".join(
        f"{need.missing} consent{'s' if need.missing > 1 else ''} by {' or '.join(need.roles)}"
        for need in missing
    )


def roles_of(needs: Sequence[Need]) -> tuple[str, ...]:
    """The roles that these needs name, each once."""
    return tuple(dict.fromkeys(role for need in needs for role in need.roles))


def _right(need: Need, actor: Actor, operation: Operation, name: TransitionName) -> Right | WhyNot:
    if actor.sort is not ActorSort.PERSON:
        return WhyNot("not_a_person", "Only a person consents, never a program.")
    return may_consent(actor, name, operation, roles=need.roles, others=need.others)
