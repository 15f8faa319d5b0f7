"""Operations as the table's rows hold them, read to be moved, under their locks or not: the hot path's own shape.

The database writes a row as JSON in two thirds of the time that it takes to build `operation_document` from it (16 against
24 µs), and every move reads one. Names are the table's columns, so a new column changes nothing here until it is asked for.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from viertakt.kinds.model import KindName, StageName, Status, WaitingOn
from viertakt.operations.model import Money, Operation, OperationId


class Present(msgspec.Struct):
    """Operations as they stand, and the primary's clock at that moment, after their locks where they are locked.

    `answered`: those of which an entry answers the key that was asked, where keys were read with them.
    """

    now: datetime
    operations: list[Operation]
    answered: list[UUID] = []


class _Row(msgspec.Struct, gc=False):
    operation_id: OperationId
    kind: KindName
    kind_version: int
    reference: str
    subject: str | None
    brand: str | None
    amount: Decimal | None  # exact: the digits of a JSON number are read as they are written
    currency: str | None
    attributes: dict[str, Any]
    tags: tuple[str, ...]
    parent_id: OperationId | None
    stage: StageName
    status: Status
    waiting_on: WaitingOn | None
    version: int
    contradiction: bool
    created_at: datetime
    entered_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    deadline_at: datetime | None


class _Rows(msgspec.Struct):
    now: datetime
    operations: list[_Row]
    answered: list[UUID] = []


_rows = msgspec.json.Decoder(_Rows)


def read_present(text: str) -> Present:
    """What `lock_operations` or `read_operations` answered."""
    rows = _rows.decode(text)
    return Present(rows.now, [_operation(row) for row in rows.operations], rows.answered)


def _operation(row: _Row) -> Operation:
    amount = None
    if row.amount is not None:
        assert row.currency is not None, "the table refuses an amount without its currency"
        amount = Money(row.amount, row.currency)
    # In the order of the fields: by name it costs seven times as much, and every move reads one (0.10 against 0.71 µs).
    return Operation(
        row.operation_id,
        row.kind,
        row.kind_version,
        row.reference,
        row.stage,
        row.status,
        row.version,
        row.created_at,
        row.entered_at,
        row.changed_at,
        row.waiting_on,
        row.subject,
        row.brand,
        amount,
        row.attributes,
        row.tags,
        row.parent_id,
        row.closed_at,
        row.deadline_at,
        row.contradiction,
    )
