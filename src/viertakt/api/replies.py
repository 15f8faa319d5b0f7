"""What callers get: the documents of every answer, exactly as the contract states them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api.permissions import Approval, AvailableTransition, HeldUp, Who, WhyNot
from viertakt.api.wire import Money
from viertakt.api.work import Assignment
from viertakt.kinds.diff import Difference
from viertakt.kinds.model import Finality, Kind, Status, Text, WaitingOn
from viertakt.kinds.reasons import Decides
from viertakt.operations.model import EntrySort

EXAMPLE_ID = "01939f4e-7c1a-7b3e-9a51-3f0c8f2b6d10"


class Operation(msgspec.Struct, frozen=True):
    """An operation as it stands."""

    id: Annotated[UUID, Meta(examples=[EXAMPLE_ID])]
    kind: Annotated[str, Meta(examples=["withdrawal"])]
    kind_version: int
    reference: Annotated[str, Meta(examples=["W-1001"])]
    subject: str | None
    brand: str | None
    amount: Money | None
    attributes: Annotated[
        dict[str, Any],
        Meta(description="Without personal ones, which are shown by revealing them only."),
    ]
    tags: tuple[str, ...]
    stage: Annotated[str, Meta(examples=["under_review"])]
    status: Status
    waiting_on: WaitingOn | None
    version: Annotated[int, Meta(description="Rises with every move and amendment; the ETag.")]
    parent_id: UUID | None
    created_at: datetime
    changed_at: datetime
    entered_at: Annotated[datetime, Meta(description="When it came to its stage.")]
    closed_at: Annotated[
        datetime | None, Meta(description="When it came to its status, unless that is Pending.")
    ]
    deadline_at: Annotated[datetime | None, Meta(description="When its stage's time limit fires.")]
    final: Finality
    contradiction: Annotated[bool, Meta(description="A report came that contradicts where it stands.")]


class OperationAtWork(Operation, frozen=True, kw_only=True):
    """An operation as it stands, with who works on it; None where nobody ever did."""

    assignment: Assignment | None


class OperationDetail(OperationAtWork, frozen=True, kw_only=True):
    """An operation as it stands, with its other names, every transition that starts there, and what waits for consents."""

    masked: Annotated[
        tuple[str, ...],
        Meta(description="Personal attributes it has; their values are revealed only.", examples=[["iban"]]),
    ]
    revealable: Annotated[bool, Meta(description="Whether the caller may reveal what is masked.")]
    aliases: Annotated[dict[str, str], Meta(examples=[{"stripe:payout": "po_1"}])]
    available: tuple[AvailableTransition, ...]
    may: Annotated[
        tuple[Literal["assign", "note"], ...], Meta(description="What else the caller may do here.")
    ]
    approvals: Annotated[
        tuple[Approval, ...], Meta(description="Moves that wait for consents here, the longest first.")
    ]
    held: Annotated[HeldUp | None, Meta(description="What it waits for meanwhile, while it is under way.")]


class Place(msgspec.Struct, frozen=True):
    """A stage and its status."""

    stage: str
    status: Status


class Entry(msgspec.Struct, frozen=True):
    """One line of an operation's history. `at`: when it took effect; `recorded_at`: when it was written."""

    operation_id: UUID
    seq: int
    version: Annotated[
        int | None, Meta(description="The operation's version it made; none for what is recorded beside it.")
    ]
    sort: EntrySort
    transition: str | None
    from_: Place | None = msgspec.field(name="from")
    to: Place | None
    actor: Who
    granted_by: Annotated[str | None, Meta(description="By what right.", examples=["role payments"])]
    cause: Annotated[str, Meta(examples=["manual"])]
    reason: str | None
    comment: str | None
    data: dict[str, Any] | None
    masked: Annotated[
        tuple[str, ...],
        Meta(description="Personal attributes, and `data`, that belong to it and are revealed only."),
    ]
    refusal: WhyNot | None
    about: Annotated[
        tuple[Who, ...],
        Meta(
            description="Whom it is about: the assignee, out of whose hand it was taken, whom a note calls."
        ),
    ]
    request_id: str | None
    at: datetime
    recorded_at: datetime


class JournalLine(msgspec.Struct, frozen=True):
    """An entry at its place in the order of all entries."""

    cursor: Annotated[str, Meta(description="Where the reader stands after this entry.", examples=["1.42"])]
    entry: Entry


class Journal(msgspec.Struct, frozen=True):
    """Entries in the order of all. `end` is the last place there was when this was read."""

    items: tuple[JournalLine, ...]
    next_cursor: Annotated[str, Meta(description="To go on from, also when nothing more is there yet.")]
    end: str


class StreamedEntry(msgspec.Struct, frozen=True):
    """An event `entry`: its operation as it stood then. `matches`: the query finds it; false where it no longer does."""

    cursor: Annotated[str, Meta(examples=["1.42"])]
    entry: Entry
    operation: OperationAtWork
    matches: bool


class CappedCount(msgspec.Struct, frozen=True):
    """How many; `capped`: at least so many, counting stopped there."""

    value: int
    capped: bool


class NextPromise(msgspec.Struct, frozen=True):
    """The promise of an open operation that is broken, or will be first."""

    operation: UUID
    target: str
    standing: Literal["in_time", "at_risk", "late", "paused"]
    due_at: Annotated[
        datetime | None, Meta(description="When it is late; null while its clock stands still.")
    ]


class OperationPage(msgspec.Struct, frozen=True):
    """One page of a list in the order of `sort`; without `next_cursor` it is the last, without `prev_cursor` the first."""

    items: tuple[OperationAtWork, ...]
    sort: str
    next_cursor: str | None
    prev_cursor: str | None
    count: CappedCount | None
    promises: Annotated[
        tuple[NextPromise, ...] | None,
        Meta(description="With `promises=true`: of those items that promise something."),
    ] = None


class History(msgspec.Struct, frozen=True):
    """Entries, oldest first. With `as_of`, `operation` is the operation as it stood then."""

    items: tuple[Entry, ...]
    next_cursor: str | None
    operation: Operation | None


class OutcomeResult(msgspec.Struct, frozen=True):
    """What a report came to: the entry (an earlier one where nothing is new), and the operation."""

    entry: Entry
    operation: Operation


class WaitingApproval(msgspec.Struct, frozen=True):
    """An approval with its operation."""

    approval: Approval
    operation: Operation


class ApprovalList(msgspec.Struct, frozen=True):
    """Approvals, the longest waiting first."""

    items: tuple[WaitingApproval, ...]


class VerdictResult(msgspec.Struct, frozen=True):
    """What a verdict came to: its entry, the approval, and the operation, moved where it was the last consent."""

    approval: Approval
    entry: Entry
    operation: Operation


class ProblemFault(msgspec.Struct, frozen=True):
    """One complaint: a JSON Pointer into what was sent, a stable code, a sentence, the value and the remedy."""

    pointer: str
    code: str
    detail: str
    value: str | None = None
    remedy: str | None = None


class Problem(msgspec.Struct, frozen=True):
    """A refusal (RFC 9457). More members may follow: facts such as `version`, `stage` and `status`."""

    type: Annotated[str, Meta(examples=["/problems/not_permitted"])]
    title: str
    status: int
    code: Annotated[str, Meta(description="Stable: what a program decides by.", examples=["not_permitted"])]
    detail: Annotated[str, Meta(description="What, with which values, and what to do.")]
    instance: Annotated[str, Meta(description="The request's id, as in X-Request-Id.")]
    errors: tuple[ProblemFault, ...] = ()


class BatchItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one item came to, with the status it would have had alone: its entry and operation, or the problem."""

    status: int
    entry: Entry | None = None
    operation: Operation | None = None
    problem: Problem | None = None


class BatchResult(msgspec.Struct, frozen=True):
    """A result per item, in the order of the items."""

    items: tuple[BatchItem, ...]


class Count(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many operations share these values; of what was not asked for, nothing stands here."""

    count: int
    capped: Annotated[bool, Meta(description="At least so many: counting stopped there.")] = False
    status: Status | None = None
    kind: str | None = None
    stage: str | None = None
    brand: str | None = None
    currency: str | None = None
    waiting_on: WaitingOn | None = None
    kind_version: int | None = None


class Counts(msgspec.Struct, frozen=True):
    """Counts by the fields asked for; `capped`: counting stopped at a bound."""

    items: tuple[Count, ...]
    capped: bool
    position: Annotated[
        str | None,
        Meta(
            description="Where in the journal these are exact; null where the present was counted.",
            examples=["1.42"],
        ),
    ]


class PublishedKind(msgspec.Struct, frozen=True):
    """An immutable version of a kind, and its document."""

    kind: Annotated[str, Meta(examples=["withdrawal"])]
    version: int
    document: Kind


class KindChange(msgspec.Struct, frozen=True):
    """One difference from the version before: where (JSON Pointer), what happened, and the sentence that says it."""

    pointer: str
    difference: Difference
    text: str


class KindPublication(PublishedKind, frozen=True, kw_only=True):
    """The published version, and what differs from the one before."""

    changes: tuple[KindChange, ...]


class KindList(msgspec.Struct, frozen=True):
    """Every kind in its latest version."""

    items: tuple[PublishedKind, ...]


class KindCheck(msgspec.Struct, frozen=True):
    """Whether a document may be published, and every fault that stands in the way."""

    valid: bool
    errors: tuple[ProblemFault, ...]


class Reason(msgspec.Struct, frozen=True):
    """A code that says why, with the text for ourselves and the only one that a customer ever sees."""

    code: str
    status: Annotated[Decides, Meta(description="What it says about the operation.")]
    internal: Text
    customer: Text


class ReasonList(msgspec.Struct, frozen=True):
    """The reason catalogue."""

    items: tuple[Reason, ...]


class RoleLook(msgspec.Struct, frozen=True):
    """A look through the eyes of a role: roles and rights are that role's until then, and nothing can be changed."""

    role: str
    label: dict[str, str]
    until: datetime


class Session(msgspec.Struct, frozen=True):
    """Who is signed in, and what they are to do or not to do now."""

    actor: Who
    email: str | None
    language: Literal["en", "nl"]
    roles: tuple[str, ...]
    manages: Annotated[
        bool, Meta(description="Whether people, roles, tokens and kinds are theirs to change.")
    ]
    connects: Annotated[bool, Meta(description="Whether endpoints of webhooks are theirs to make.")]
    look: Annotated[RoleLook | None, Meta(description="Through whose eyes they look.")] = None
    lacks_factor: Annotated[
        bool,
        Meta(description="Whether a role of theirs asks for an authenticator that they have yet to add."),
    ] = False
    made_password: Annotated[
        bool, Meta(description="Whether they have yet to choose a password in the place of a made-up one.")
    ] = False


class IssuedToken(msgspec.Struct, frozen=True):
    """A new token. `token` is shown this once."""

    id: str
    name: str
    token: Annotated[str, Meta(examples=["vt_…"])]


class Health(msgspec.Struct, frozen=True):
    """`ok`, or what is missing."""

    status: Literal["ok", "unavailable"]


class Readiness(msgspec.Struct, frozen=True):
    """`ok`, or what is missing."""

    status: Literal["ok", "unavailable"]
    journal_waits_seconds: Annotated[
        float | None,
        Meta(
            description="For how long the oldest entry has waited for its place; seconds mean that no worker runs."
        ),
    ] = None


class Version(msgspec.Struct, frozen=True):
    """Which version of Viertakt answers."""

    version: str
