"""One piece of work and its history: the nouns, and the requests that change them."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

import msgspec

from viertakt.access.model import Actor, ActorId, StepUp
from viertakt.kinds.model import KindName, Outcome, ReasonCode, StageName, Status, TransitionName, WaitingOn

OperationId = NewType("OperationId", UUID)


class Money(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """An amount: a decimal string on the wire, with its ISO 4217 currency."""

    value: Decimal
    currency: str


class Assignment(msgspec.Struct, frozen=True, gc=False):
    """Who works on an operation. `assignee`: person:… or role:…, for a team. A claim holds until `lease_until`.

    `queue`: the view whose queue gave it. `priority`: -1 low, 0, 1 high, 2 urgent. `names`: of the people in it.
    """

    assignee: str | None = None
    claimed_by: ActorId | None = None
    lease_until: datetime | None = None
    queue: UUID | None = None
    snoozed_until: datetime | None = None
    priority: int = 0
    names: dict[str, str] = {}

    def holder(self, now: datetime) -> ActorId | None:
        """Who has it in hand; None where nobody has, or the lease ran out."""
        return self.claimed_by if self.lease_until is not None and self.lease_until > now else None


class Operation(msgspec.Struct, frozen=True, gc=False):
    """An operation as it stands. `attributes` holds no personal values: those are read from `subject_data` by right.

    `entered_at`: when it came to its stage. `closed_at`: when it came to its status, unless that is Pending. `deadline_at`:
    when its stage's limit fires. `assignment`: not read where it is locked to be moved, for no move depends on it.
    """

    id: OperationId
    kind: KindName
    kind_version: int
    reference: str
    stage: StageName
    status: Status
    version: int
    created_at: datetime
    entered_at: datetime
    changed_at: datetime
    waiting_on: WaitingOn | None = None
    subject: str | None = None
    brand: str | None = None
    amount: Money | None = None
    attributes: dict[str, Any] = {}
    tags: tuple[str, ...] = ()
    parent_id: OperationId | None = None
    closed_at: datetime | None = None
    deadline_at: datetime | None = None
    contradiction: bool = False
    assignment: Assignment | None = None


class EntrySort(StrEnum):
    """The first three change the operation and carry its version; the others are recorded beside it.

    From `asked` on they tell of a move that needs consents; from `noted` on of the people who work on it; from
    `warned` on of a promise that is nearly broken, one that is, and an operation that shows no sign of life.
    """

    __hash__ = str.__hash__  # an enumeration's own is written in Python, and every move looks its sort up

    OPENED = "opened"
    MOVED = "moved"
    AMENDED = "amended"
    REFUSED = "refused"
    CONTRADICTED = "contradicted"
    UNMAPPED = "unmapped"
    ASKED = "asked"
    CONSENTED = "consented"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOTED = "noted"
    ASSIGNED = "assigned"
    CLAIMED = "claimed"
    RELEASED = "released"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    SKIPPED = "skipped"
    PRIORITISED = "prioritised"
    TAGGED = "tagged"
    WARNED = "warned"
    BREACHED = "breached"
    STALLED = "stalled"


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One line of an operation's history.

    `at`: when it took effect. `recorded_at`: the primary's clock. `personal`: values kept in `subject_data` (a comment,
    a provider's payload), joined on reading; `commitments` names them where they have been erased.
    """

    operation_id: OperationId
    seq: int
    sort: EntrySort
    actor: ActorId
    cause: str
    at: datetime
    recorded_at: datetime
    version: int | None = None
    transition: TransitionName | None = None
    from_stage: StageName | None = None
    from_status: Status | None = None
    to_stage: StageName | None = None
    to_status: Status | None = None
    granted_by: str | None = None
    reason: ReasonCode | None = None
    data: dict[str, Any] | None = None
    commitments: dict[str, str] | None = None
    personal: dict[str, Any] | None = None
    key: str | None = None
    body_digest: str | None = None
    request_id: str | None = None


class Caller(msgspec.Struct, frozen=True, gc=False):
    """Who asks, and what identifies the asking: `key` replays the first answer, `body_digest` tells another body apart.

    `step_up`: for a person who asks by a session of the console, how fresh the proof is of who they are.
    `cause`: what asks by this actor's hand (`bulk`, `undo`); None: the hand itself.
    """

    actor: Actor
    key: str | None = None
    body_digest: str | None = None
    request_id: str | None = None
    step_up: StepUp | None = None
    cause: str | None = None


class OpenRequest(msgspec.Struct, frozen=True, gc=False):
    """Open an operation. `operation_id` is a fresh UUIDv7; `at` is set by an import only."""

    operation_id: OperationId
    caller: Caller
    kind: KindName
    reference: str
    subject: str | None = None
    brand: str | None = None
    amount: Money | None = None
    attributes: dict[str, Any] = {}
    aliases: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    parent_id: OperationId | None = None
    at: datetime | None = None


class MoveRequest(msgspec.Struct, frozen=True, gc=False):
    """Make a transition. `expected_version` or `expected_stage` refuse it when the operation has moved on."""

    operation_id: OperationId
    caller: Caller
    transition: TransitionName
    reason: ReasonCode | None = None
    comment: str | None = None
    data: dict[str, Any] | None = None
    expected_version: int | None = None
    expected_stage: StageName | None = None
    at: datetime | None = None


class OutcomeRequest(msgspec.Struct, frozen=True, gc=False):
    """The process ended. With only a provider's `code` (scheme:value) the reason catalogue decides.

    `contradicts`: why whoever reads reports found that this one contradicts the others; it is kept and flagged, no more.
    """

    operation_id: OperationId
    caller: Caller
    outcome: Outcome | None = None
    reason: ReasonCode | None = None
    code: str | None = None
    data: dict[str, Any] | None = None
    at: datetime | None = None
    contradicts: str | None = None


class AmendRequest(msgspec.Struct, frozen=True, gc=False):
    """Change amount or attributes; what is not named stays."""

    operation_id: OperationId
    caller: Caller
    amount: Money | None = None
    attributes: dict[str, Any] = {}
    expected_version: int | None = None
    at: datetime | None = None


class Verdict(StrEnum):
    """What is said about a move that waits for consents; who asked for it may only withdraw it."""

    APPROVE = "approve"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


class VerdictRequest(msgspec.Struct, frozen=True, gc=False):
    """Consent to a move that was asked for, decline it, or withdraw it. `asked_seq`: which; None: the only open one."""

    operation_id: OperationId
    caller: Caller
    verdict: Verdict
    asked_seq: int | None = None
    comment: str | None = None
    at: datetime | None = None


class NoteRequest(msgspec.Struct, frozen=True):
    """Write something down for colleagues. `@name` calls one of them."""

    operation_id: OperationId
    caller: Caller
    text: str


class Act(StrEnum):
    """What is done about who works on an operation.

    `claim`: take it in hand for a quarter of an hour; `renew`: for another one. `release`: out of the hand that has it,
    else from whom it is assigned to. `skip`: pass it over, and say why.
    """

    ASSIGN = "assign"
    CLAIM = "claim"
    RENEW = "renew"
    RELEASE = "release"
    SNOOZE = "snooze"
    WAKE = "wake"
    SKIP = "skip"
    PRIORITISE = "prioritise"


class AssignmentRequest(msgspec.Struct, frozen=True):
    """Change who works on an operation. `to`: the assignee; None: nobody. `until`: of a snooze. `queue`: which gave it."""

    operation_id: OperationId
    caller: Caller
    act: Act
    to: str | None = None
    until: datetime | None = None
    priority: int = 0
    comment: str | None = None
    queue: UUID | None = None


class Consent(msgspec.Struct, frozen=True):
    """One person's yes, by the right that the person had then; `on_behalf_of`: whose right it was, where a stand-in gave it."""

    actor: ActorId
    granted_by: str
    at: datetime
    on_behalf_of: ActorId | None = None


class ApprovalState(StrEnum):
    """`void`: the operation has changed since, and what was consented to is no longer there."""

    OPEN = "open"
    MADE = "made"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"


class Approval(msgspec.Struct, frozen=True):
    """A move that waits for consents. `asked_seq`: its entry in the history, where comment and data are.

    `version`: the operation's when it was asked for; any other makes it void. `settled_by`, `settled_at`: who ended it.
    `expires_at`: when it ends by itself; None for what was over before there was such an end.
    """

    operation_id: OperationId
    asked_seq: int
    version: int
    transition: TransitionName
    asked_by: ActorId
    asked_at: datetime
    state: ApprovalState
    reason: ReasonCode | None = None
    settled_by: ActorId | None = None
    settled_at: datetime | None = None
    expires_at: datetime | None = None
    consents: tuple[Consent, ...] = ()


class Need(msgspec.Struct, frozen=True):
    """What one rule asks: so many consents by holders of these roles, and how many that count were given.

    `others`: roles that only other rules of the transition name.
    """

    count: int
    roles: tuple[str, ...]
    given: int = 0
    by_assignee: bool = False
    others: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """How many are still to be given."""
        return max(0, self.count - self.given)


class Decision(msgspec.Struct, frozen=True, gc=False):
    """What is to be written: the operation as it will stand and the entry that says why. Nothing is written without it.

    `personal` goes to `subject_data`; the entry holds commitments to it. `read_version` is what the decision was based on.
    `approval`: the `asked_seq` of the approval that a verdict is about. `expires_at`: of what is asked for; `on_behalf_of`: whose consent it is, where a stand-in gives it. `makes`: the move that the last consent makes, in
    the name of who asked. `guards`: whose rights were read besides the caller's; the write stands only where they still do.
    """

    sort: EntrySort
    operation: Operation
    read_version: int
    at: datetime
    cause: str
    granted_by: str | None = None
    transition: TransitionName | None = None
    from_stage: StageName | None = None
    from_status: Status | None = None
    reason: ReasonCode | None = None
    data: dict[str, Any] | None = None
    personal: dict[str, Any] = {}
    approval: int | None = None
    expires_at: datetime | None = None
    on_behalf_of: ActorId | None = None
    makes: "Made | None" = None
    guards: tuple[Actor, ...] = ()


class Made(msgspec.Struct, frozen=True, gc=False):
    """A move made by the last consent, and in whose name."""

    caller: Caller
    decision: Decision


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What a request came to: the operation, and its entry. `replayed`: an earlier request with this key did it."""

    operation: Operation
    entry: Entry
    replayed: bool = False


class Declared(msgspec.Struct, frozen=True):
    """Consents that the kind asks for a transition. `applies`: for this operation as it stands."""

    count: int
    roles: tuple[str, ...]
    when: str | None
    applies: bool
    by_assignee: bool = False


class Available(msgspec.Struct, frozen=True):
    """A transition that starts here: allowed to the caller, or why not."""

    transition: TransitionName
    to: StageName
    status: Status
    allowed: bool
    why_not_code: str | None = None  # needs_role | amount_above | outside_grant | not_by_hand | guard
    why_not: str | None = None
    roles: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    reasons: tuple[ReasonCode, ...] = ()
    comment_required: bool = False
    approvals: tuple[Declared, ...] = ()
