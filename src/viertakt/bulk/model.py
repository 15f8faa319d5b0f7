"""Bulk jobs: the nouns."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

import msgspec

from viertakt.access.grants import Slice
from viertakt.access.model import Actor, ActorId
from viertakt.kinds.model import KindName, ReasonCode, StageName, TransitionName
from viertakt.operations.model import Need, Operation, OperationId

BulkId = NewType("BulkId", UUID)

ITEMS_MAX = 200_000  # the dry run of so many takes as long as anybody waits


class JobState(StrEnum):
    """`ready`: tried dry, not started. `waiting`: for consents. `running` with `starts_at` to come: counting down."""

    READY = "ready"
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    DECLINED = "declined"


class ItemState(StrEnum):
    """`asked`: the move waits for consents of its own. `skipped`: it may not be; `failed`: it could not, and may be retried."""

    WAITING = "waiting"
    DONE = "done"
    ASKED = "asked"
    SKIPPED = "skipped"
    FAILED = "failed"


class Fate(StrEnum):
    """What a dry run says of an operation. `moves`: it would be done, also where that is no move."""

    MOVES = "moves"
    ASKS = "asks"
    SKIPPED = "skipped"


class RoleLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far somebody with a role goes alone. What is left out is as for everybody."""

    operations: Annotated[int, msgspec.Meta(ge=0)] | None = None
    sums: dict[Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")], Decimal] = {}
    rate: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Limits(msgspec.Struct, frozen=True):
    """From where on a job needs more than a click.

    `confirm_above`: so many operations have to be confirmed by their number. Above `consent_above` operations, or
    `consent_sum` in any one currency, a second person consents. `countdown`: how long a job with effects outside waits
    before it begins. `rate`: how many operations a second such a job takes at most; None: as many as can be.
    `consent_sums`: by currency, where it is another than `consent_sum`. `roles`: what is otherwise for those who have one.
    """

    confirm_above: int = 100
    consent_above: int = 1000
    consent_sum: Decimal = Decimal(100_000)
    countdown: timedelta = timedelta(seconds=30)
    rate: int | None = None
    consent_sums: dict[str, Decimal] = {}
    roles: dict[str, RoleLimit] = {}

    def sum_in(self, currency: str) -> Decimal:
        """Above which sum in a currency a second person consents."""
        return self.consent_sums.get(currency, self.consent_sum)


class Bounds(msgspec.Struct, frozen=True):
    """How far whoever asked goes alone: so many operations, and sums in the currencies of the job. `rate`: a second, at most."""

    operations: int
    sums: dict[str, Decimal] = {}
    rate: int | None = None


class Verb(StrEnum):
    """What a job does: moves the operations, or what is done beside moves."""

    MOVE = "move"
    ASSIGN = "assign"
    NOTE = "note"
    TAG = "tag"


class Work(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a job does that moves nothing: assigns `to` (None: to nobody), or puts tags on and takes them off."""

    to: str | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class Before(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was before a job assigned or tagged an operation: to whom it was assigned, and which tags were put on and taken off."""

    assignee: str | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Wanted(msgspec.Struct, frozen=True):
    """What a job does to each of its operations: one `transition`, or the `work` of another verb; a note's text is its `comment`.

    `undoes`: the reverse of what that job did; of a transition as the kind says.
    """

    transition: TransitionName | None = None
    reason: ReasonCode | None = None
    comment: str | None = None
    undoes: BulkId | None = None
    verb: Verb = Verb.MOVE
    work: Work | None = None


class Group(msgspec.Struct, frozen=True):
    """Operations of which the dry run says the same. `sums`: by currency; `to`: where they would go; `code`, `detail`: why not."""

    kind: KindName
    stage: StageName
    fate: Fate
    count: int
    sums: dict[str, Decimal] = {}
    transition: TransitionName | None = None
    to: StageName | None = None
    code: str | None = None
    detail: str | None = None


class Preview(msgspec.Struct, frozen=True):
    """What a dry run says: groups, the largest first, and the sums of what would be moved.

    `outside`: somebody outside may act on it. `money_out`: money leaves by it, however little. `bounds`: how far whoever
    asked goes without a second person. `consents_within`: for how long it waits for consents.
    """

    groups: tuple[Group, ...] = ()
    sums: dict[str, Decimal] = {}
    outside: bool = False
    money_out: bool = False
    bounds: Bounds | None = None
    consents_within: timedelta | None = None


class Part(msgspec.Struct, frozen=True, array_like=True):
    """A place in which a job moves operations: the one with the highest amount there, and by which transition."""

    transition: TransitionName
    operation: Operation


class JobConsent(msgspec.Struct, frozen=True):
    """One person's yes to a whole job; `on_behalf_of`: whose right it was, where a stand-in gave it."""

    actor: ActorId
    name: str
    at: datetime
    on_behalf_of: ActorId | None = None
    on_behalf_of_name: str | None = None


class Job(msgspec.Struct, frozen=True):
    """A bulk job as it stands. `affected`: how many the dry run would move; the counts are of items settled so far.

    `worked_seconds`: how long it has been worked on, pauses and countdown apart. `undone_by`: the job that undoes it.
    """

    bulk_id: BulkId
    state: JobState
    asked_by: ActorId
    asked_by_name: str
    asked_at: datetime
    scope: tuple[Slice, ...]
    preview: Preview
    needs: tuple[Need, ...]
    total: int
    affected: int
    now: datetime
    transition: TransitionName | None = None
    verb: Verb = Verb.MOVE
    work: Work | None = None
    done: int = 0
    asked: int = 0
    skipped: int = 0
    failed: int = 0
    worked_seconds: float = 0.0
    reason: ReasonCode | None = None
    comment: str | None = None
    undoes: BulkId | None = None
    undone_by: BulkId | None = None
    query: str | None = None
    starts_at: datetime | None = None
    ended_at: datetime | None = None
    waits_until: datetime | None = None
    said: str | None = None
    key: str | None = None
    body_digest: str | None = None
    consents: tuple[JobConsent, ...] = ()

    @property
    def left(self) -> int:
        """How many are still to be moved."""
        return self.total - self.done - self.asked - self.skipped - self.failed

    @property
    def handled(self) -> int:
        """How many were worked on, those apart that the dry run had skipped."""
        return self.affected - self.left

    @property
    def wanted(self) -> Wanted:
        """What it does to each of its operations."""
        return Wanted(self.transition, self.reason, self.comment, self.undoes, self.verb, self.work)


class Item(msgspec.Struct, frozen=True):
    """One operation of a job and what came of it. `reference` is missing where the operation is not to be seen."""

    n: int
    operation_id: OperationId
    state: ItemState
    kind: KindName | None = None
    reference: str | None = None
    code: str | None = None
    detail: str | None = None
    entry_seq: int | None = None
    settled_at: datetime | None = None


class Frozen(msgspec.Struct, frozen=True, array_like=True):
    """An item that the dry run looks at. `version`: the operation's when it was frozen; `before`: of an undo, what is to come back."""

    n: int
    version: int
    operation: Operation
    before: Before | None = None


class Claimed(msgspec.Struct, frozen=True, array_like=True):
    """An item that a worker has taken; `attempt` is the worker's proof of it."""

    n: int
    operation_id: OperationId
    version: int
    attempt: int
    kind: KindName
    kind_version: int
    before: Before | None = None


class Settled(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a claimed item."""

    n: int
    attempt: int
    state: ItemState
    code: str | None = None
    detail: str | None = None
    entry_seq: int | None = None
    moved_version: int | None = None
    before: Before | None = None


class Asker(msgspec.Struct, frozen=True):
    """Who asks for a job, with the request's own key."""

    actor: Actor
    key: str | None = None
    body_digest: str | None = None
