"""What a stage's time limit does when its time is up: the decision. Pure; `now` is the primary's clock under the lock."""

from datetime import datetime

import msgspec

from viertakt.kinds.model import PublishedKind
from viertakt.kinds.reasons import Catalogue
from viertakt.operations.model import (
    Decision,
    MoveRequest,
    Operation,
)
from viertakt.operations.requests import DueRequest
from viertakt.operations.rules import decide_move


def decide_due(
    published: PublishedKind,
    operation: Operation,
    request: DueRequest,
    *,
    catalogue: Catalogue,
    now: datetime,
) -> Decision | None:
    """The move that the limit makes; None where it is not due, or has moved on. Raises what refuses a move."""
    if operation.version != request.version or operation.deadline_at is None or operation.deadline_at > now:
        return None
    limit = published.kind.stages[operation.stage].limit
    assert limit is not None, "only a stage with a time limit gives a deadline"
    move = MoveRequest(operation.id, request.caller, limit.transition)
    decision = decide_move(published, operation, move, catalogue=catalogue, now=now)
    return msgspec.structs.replace(decision, data={"deadline_at": operation.deadline_at})
