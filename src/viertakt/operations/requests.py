"""What may be asked of the batch: what people and programs ask (`model`), and what comes due by itself.

What comes due is asked as a question: it happens only where it is so under the operation's lock.
"""

import msgspec

from viertakt.operations.findings import Finding
from viertakt.operations.model import (
    AmendRequest,
    Caller,
    MoveRequest,
    OpenRequest,
    OperationId,
    OutcomeRequest,
    VerdictRequest,
)


class DueRequest(msgspec.Struct, frozen=True, gc=False):
    """Make the transition of the stage's time limit, if this version of the operation is due; else nothing happens."""

    operation_id: OperationId
    caller: Caller
    version: int


class ExpireRequest(msgspec.Struct, frozen=True, gc=False):
    """End a request for consents whose time is up; else nothing happens."""

    operation_id: OperationId
    caller: Caller
    asked_seq: int


class FamilyRequest(msgspec.Struct, frozen=True, gc=False):
    """End an operation as its children say, if they say so now; else nothing happens."""

    operation_id: OperationId
    caller: Caller


class CheckRequest(msgspec.Struct, frozen=True, gc=False):
    """Examine this version of the operation by its stage's checks, and make the transition that their verdict names.

    `found`: of those that were asked elsewhere, outside the transaction. `told`: filled in with what all of them said,
    also where that moves nothing.
    """

    operation_id: OperationId
    caller: Caller
    version: int
    found: tuple[Finding, ...] = ()
    told: list[Finding] = msgspec.field(default_factory=list)


# What is asked of an operation that is there.
Later = (
    MoveRequest
    | OutcomeRequest
    | AmendRequest
    | VerdictRequest
    | DueRequest
    | ExpireRequest
    | FamilyRequest
    | CheckRequest
)
Request = OpenRequest | Later
