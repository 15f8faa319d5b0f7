"""How an operation ends when its children end: the decision. Pure."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from viertakt.kinds.model import Cause, Kind, PublishedKind, Status, TransitionName
from viertakt.kinds.reasons import Catalogue
from viertakt.operations.model import (
    Decision,
    MoveRequest,
    Operation,
)
from viertakt.operations.requests import FamilyRequest
from viertakt.operations.rules import decide_move

# What turned out badly first: where any failure ends the parent, a success among the others does not save it.
_ENDINGS = (Status.REJECTED, Status.ERROR, Status.SUCCESS)


def decide_family(
    published: PublishedKind,
    operation: Operation,
    request: FamilyRequest,
    children: Mapping[str, int],
    *,
    catalogue: Catalogue,
    now: datetime,
) -> Decision | None:
    """The move that the children's ends make; None where they make none here, or not yet. Raises what refuses a move.

    `children`: how many of those that count stand at each status.
    """
    kind = published.kind
    name = next(
        (
            way
            for ending in _ENDINGS
            if has_come(kind, ending, children) and (way := way_to(kind, operation, ending))
        ),
        None,
    )
    if name is None:
        return None
    move = MoveRequest(operation.id, request.caller, name)
    decision = decide_move(published, operation, move, catalogue=catalogue, now=now)
    return msgspec.structs.replace(decision, data={"children": dict(children)})


def has_come(kind: Kind, ending: Status, children: Mapping[str, int]) -> bool:
    """Whether the children end their parent so, by its kind's rule."""
    if kind.children is None:
        return False
    count, total = children.get(ending, 0), sum(children.values())
    match getattr(kind.children, ending):
        case "any":
            return count > 0
        case "all":
            return 0 < total == count
    return False


def way_to(kind: Kind, operation: Operation, ending: Status) -> TransitionName | None:
    """The transition that children may make from here to such an end: the kind's outcome, else the first that ends so."""
    declared: TransitionName | None = getattr(kind.outcomes, ending)
    ways = [
        name
        for name, way in kind.transitions.items()
        if Cause.CHILDREN in way.by and operation.stage in way.from_
    ]
    if declared in ways:
        return declared
    return next((name for name in ways if kind.stages[kind.transitions[name].to].status is ending), None)
