"""What changes of who works on an operation are answered with."""

import msgspec

from viertakt.api import replies, work


class AssignmentResult(msgspec.Struct, frozen=True):
    """Who works on the operation now, and the entry that told so; none where nothing was to be told."""

    assignment: work.Assignment
    entry: replies.Entry | None


class ClaimedNext(msgspec.Struct, frozen=True):
    """The operation that is the caller's to handle next, until its lease runs out; none where the queue has none for them."""

    operation: replies.OperationAtWork | None
