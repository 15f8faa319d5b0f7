"""What callers send and get about bulk jobs, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api.permissions import ConsentsNeeded, Who, WhyNot
from viertakt.api.replies import EXAMPLE_ID
from viertakt.api.tags import ChangeTags, TagsChanged
from viertakt.api.wire import LIMIT_MAX, Money, Name, Zone
from viertakt.bulk.model import Fate, ItemState, Verb
from viertakt.operations.model import Verdict

IDS_MAX = 10_000
Comment = Annotated[str, Meta(max_length=10_000)]
Confirm = Annotated[
    int,
    Meta(
        ge=0,
        le=2**31 - 1,
        description="How many operations will be moved: asked for where there are many, or money leaves.",
    ),
]
State = Literal["ready", "waiting", "counting_down", "running", "paused", "done", "cancelled", "declined"]
Act = Literal["start", "pause", "resume", "cancel", "retry", "undo", "approve", "decline"]


class BulkAssign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Assign them: to a person (id or e-mail address) or a role; to nobody when left out."""

    to: Annotated[str, Meta(min_length=1, max_length=320, examples=["role:payments"])] | None = None


class BulkNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Write the same note to each."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000)]


class MakeBulk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing done to the operations that a query finds now, or to those that are named; not both.

    A `transition`, or one of `assign`, `note` and `tag`. With `dry_run` nothing happens until the job is started; without
    it the job starts where it may. `reason` and `comment` are a transition's; `comment` also says why it is assigned.
    """

    transition: Annotated[Name, Meta(examples=["refuse"])] | None = None
    assign: BulkAssign | None = None
    note: BulkNote | None = None
    tag: ChangeTags | None = None
    q: Annotated[str, Meta(max_length=2048, examples=["kind:withdrawal stage:under_review"])] | None = None
    ids: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=IDS_MAX)] | None = None
    reason: Name | None = None
    comment: Comment | None = None
    dry_run: bool = True
    confirm: Confirm | None = None
    zone: Zone = "UTC"


class StartBulk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Start a job that was tried dry."""

    confirm: Confirm | None = None


class UndoBulk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is taken back, as the kinds ask it of the transitions that do so."""

    reason: Name | None = None
    comment: Comment | None = None


class SayToBulk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a second person says to a whole job. Declining needs a comment; only who asked withdraws."""

    verdict: Verdict
    comment: Comment | None = None


class BulkListQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the list of jobs."""

    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 50


class BulkItemsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of a job's items."""

    state: Annotated[ItemState, Meta(description="Only those that stand so.")] | None = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 50
    cursor: Annotated[str, Meta(max_length=20, description="`next_cursor` of the page before.")] | None = None
    format: Annotated[Literal["json", "csv"], Meta(description="`csv`: all of them, as a file.")] = "json"
    language: Annotated[Literal["en", "nl"], Meta(description="Of a file's headings.")] = "en"


class BulkGroup(msgspec.Struct, frozen=True):
    """Operations of which the dry run says the same: they move, ask for consents of their own, or are skipped, and why."""

    kind: Annotated[
        str | None, Meta(description="None where the operations are not to be seen, or were not looked at.")
    ]
    stage: str | None
    fate: Fate
    count: int
    sums: tuple[Money, ...]
    transition: str | None
    to: str | None
    why_not: WhyNot | None


class BulkConsent(msgspec.Struct, frozen=True):
    """One person's yes to a whole job."""

    by: Who
    at: datetime
    on_behalf_of: Annotated[Who | None, Meta(description="Whose consent it is, where a stand-in gave it.")]


class BulkBounds(msgspec.Struct, frozen=True):
    """How far whoever asked goes alone, by their roles; above it a second person consents. `rate`: operations a second."""

    operations: int
    sums: tuple[Money, ...]
    rate: int | None


class BulkJob(msgspec.Struct, frozen=True):
    """A bulk job as it stands. `total`: the operations that were chosen; `affected`: those that it would move.

    The counts say what came of them so far; `left` are still to come. `rate` is in operations a second.
    """

    id: Annotated[UUID, Meta(examples=[EXAMPLE_ID])]
    state: State
    verb: Annotated[Verb, Meta(description="What it does: moves them, or one of the other things.")]
    transition: Annotated[
        str | None, Meta(description="Of a move. Of an undo: the transition that it takes back.")
    ]
    assign_to: Annotated[Who | None, Meta(description="Of `assign`; none where it assigns to nobody.")]
    tags: Annotated[TagsChanged | None, Meta(description="Of `tag`.")]
    reason: str | None
    comment: str | None
    q: str | None
    undoes: UUID | None
    undone_by: UUID | None
    asked_by: Who
    asked_at: datetime
    total: int
    affected: int
    done: int
    asked: int
    skipped: int
    failed: int
    left: int
    groups: Annotated[
        tuple[BulkGroup, ...], Meta(description="What the dry run said, the largest group first.")
    ]
    sums: Annotated[tuple[Money, ...], Meta(description="Of what would be moved, one for each currency.")]
    must_confirm: bool
    countdown_seconds: Annotated[
        int, Meta(description="How long it waits after its start, for it acts outside.")
    ]
    bounds: Annotated[
        BulkBounds | None,
        Meta(description="The limits of whoever asked, as they were when it was tried dry."),
    ]
    needs: Annotated[tuple[ConsentsNeeded, ...], Meta(description="Consents to the whole job.")]
    consents: tuple[BulkConsent, ...]
    on_behalf_of: Annotated[
        Who | None, Meta(description="In whose name the caller would consent, where not in their own.")
    ]
    waits_until: Annotated[
        datetime | None, Meta(description="Until when it waits for consents; then it ends by itself.")
    ]
    starts_at: datetime | None
    ended_at: datetime | None
    said: Annotated[str | None, Meta(description="Why it was declined, or ended early.")]
    rate: float | None
    seconds_left: int | None
    may: Annotated[tuple[Act, ...], Meta(description="What the caller may do with it now.")]
    why_not: Annotated[
        WhyNot | None, Meta(description="Why the caller may not consent, where it waits for consents.")
    ]


class BulkList(msgspec.Struct, frozen=True):
    """The newest jobs that the caller may see."""

    items: tuple[BulkJob, ...]


class BulkItem(msgspec.Struct, frozen=True):
    """One operation of a job and what came of it."""

    n: int
    operation_id: UUID
    kind: str | None
    reference: str | None
    state: ItemState
    why_not: WhyNot | None
    entry: Annotated[int | None, Meta(description="The `seq` of the entry that it wrote.")]
    settled_at: datetime | None


class BulkItems(msgspec.Struct, frozen=True):
    """A page of a job's items, in the order they are worked off."""

    items: tuple[BulkItem, ...]
    next_cursor: str | None
