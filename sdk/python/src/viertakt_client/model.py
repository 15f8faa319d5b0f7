"""What is sent and what comes back, under the names of the HTTP contract (openapi.json).

A member that a later server adds is passed over; an entry's `sort` and a refusal's `code` are texts, for new ones come.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec


class Status(StrEnum):
    """The four; which one follows from the stage."""

    PENDING = "pending"
    SUCCESS = "success"
    ERROR = "error"
    REJECTED = "rejected"


class Outcome(StrEnum):
    """How a process ended. Unknown: somebody outside may have acted, and it is asked about, never guessed."""

    SUCCESS = "success"
    ERROR = "error"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class Money(msgspec.Struct, frozen=True):
    """An amount: a decimal string with its ISO 4217 currency."""

    value: str
    currency: str

    @property
    def decimal(self) -> Decimal:
        """To calculate with."""
        return Decimal(self.value)


class Who(msgspec.Struct, frozen=True):
    """An actor and the name it is shown by."""

    id: str
    name: str


class WhyNot(msgspec.Struct, frozen=True):
    """Why something is not allowed."""

    code: str
    detail: str


class Fault(msgspec.Struct, frozen=True):
    """One complaint about what was sent: a JSON Pointer, a stable code, a sentence, the value and the remedy."""

    pointer: str
    code: str
    detail: str
    value: str | None = None
    remedy: str | None = None


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """An operation as it stands. `attributes` holds no personal values."""

    id: UUID
    kind: str
    kind_version: int
    reference: str
    stage: str
    status: Status
    version: int
    created_at: datetime
    changed_at: datetime
    entered_at: datetime
    subject: str | None = None
    brand: str | None = None
    amount: Money | None = None
    attributes: dict[str, Any] = {}
    tags: tuple[str, ...] = ()
    waiting_on: str | None = None
    parent_id: UUID | None = None
    closed_at: datetime | None = None
    deadline_at: datetime | None = None
    final: str = "no"
    contradiction: bool = False


class Available(msgspec.Struct, frozen=True):
    """A transition that starts where the operation stands: allowed to this caller, or why not."""

    transition: str
    to: str
    status: Status
    allowed: bool
    why_not: WhyNot | None = None
    reasons: tuple[str, ...] = ()
    comment_required: bool = False


class OperationDetail(Operation, frozen=True, kw_only=True):
    """One operation with its other names and every transition that starts there."""

    aliases: dict[str, str] = {}
    available: tuple[Available, ...] = ()


class Place(msgspec.Struct, frozen=True):
    """A stage and its status."""

    stage: str
    status: Status


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an operation's history. `at`: when it took effect; `recorded_at`: when it was written."""

    operation_id: UUID
    seq: int
    sort: str
    actor: Who
    cause: str
    at: datetime
    recorded_at: datetime
    version: int | None = None
    transition: str | None = None
    from_: Place | None = msgspec.field(name="from", default=None)
    to: Place | None = None
    granted_by: str | None = None
    reason: str | None = None
    comment: str | None = None
    data: dict[str, Any] | None = None
    masked: tuple[str, ...] = ()
    refusal: WhyNot | None = None
    request_id: str | None = None


class AskedMove(msgspec.Struct, frozen=True):
    """A move that waits for consents: it was asked for, and has not been made."""

    approval: int
    operation_id: UUID
    version: int
    transition: str
    state: str


class OutcomeResult(msgspec.Struct, frozen=True):
    """What a report came to: its entry (an earlier one where nothing is new), and the operation."""

    entry: Entry
    operation: Operation

    @property
    def contradicts(self) -> bool:
        """Whether it was kept beside the operation, for it contradicts how that ended."""
        return self.entry.sort == "contradicted"


class Count(msgspec.Struct, frozen=True):
    """How many; `capped`: at least so many."""

    value: int
    capped: bool


class Page(msgspec.Struct, frozen=True):
    """One page of a list; without `next_cursor` it is the last."""

    items: tuple[Operation, ...]
    next_cursor: str | None = None
    count: Count | None = None


class History(msgspec.Struct, frozen=True):
    """Entries, oldest first; with `as_of`, the operation as it stood then."""

    items: tuple[Entry, ...]
    next_cursor: str | None = None
    operation: Operation | None = None


class Opening(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an operation is opened with. `amount`: "120.00 EUR", or `Money`."""

    kind: str
    reference: str
    subject: str | None = None
    brand: str | None = None
    amount: Money | str | None = None
    attributes: dict[str, str | int | bool] = {}
    parent: UUID | None = None
    aliases: dict[str, str] = {}
    tags: tuple[str, ...] = ()


class Move(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One move of a batch."""

    operation_id: UUID
    transition: str
    reason: str | None = None
    comment: str | None = None
    data: dict[str, Any] | None = None
    expected_version: int | None = None
    expected_stage: str | None = None


class Done(msgspec.Struct, frozen=True):
    """An item of a batch that was done: 201, 200 where it was done before, 202 where it waits for consents."""

    status: int
    operation: Operation
    entry: Entry


def money(amount: Money | str | None) -> Money | None:
    """The amount that a text such as "120.00 EUR" means. Raises `ValueError` where it means none."""
    if not isinstance(amount, str):
        return amount
    match amount.split():
        case [value, currency]:
            return Money(value, currency)
    raise ValueError(f"An amount is a decimal number and its currency, such as '120.00 EUR', not {amount!r}.")
