"""What people who work on an operation do beside its moves: the requests."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from viertakt.operations.model import Caller, OperationId


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
