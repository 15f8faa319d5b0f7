"""Tags: what a request about them comes to. Pure.

They are words of a company's own, to find operations by. Nothing of this makes a version, as with assignments: no approval
becomes void by a tag. Whoever may amend an operation may tag it, for a guard may ask for a tag as for any attribute.
"""

from datetime import datetime

import msgspec

from viertakt.access.rules import right_to_amend
from viertakt.errors import Fault, Invalid
from viertakt.operations.model import Caller, Decision, EntrySort, Operation, OperationId
from viertakt.operations.rules_assignment import told_beside
from viertakt.operations.rules_content import tag_faults


class TagRequest(msgspec.Struct, frozen=True):
    """Put tags on an operation and take others off."""

    operation_id: OperationId
    caller: Caller
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class TagChange(msgspec.Struct, frozen=True):
    """What is to be written: the tags afterwards, what of it is new or gone, and the entry; without one nothing changes."""

    tags: tuple[str, ...]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    decision: Decision | None = None


def decide_tags(operation: Operation, request: TagRequest, *, now: datetime) -> TagChange:
    """What a request comes to, of the tags as they are. Raises `Forbidden`, `Invalid`."""
    right = right_to_amend(request.caller.actor, operation)
    if both := set(request.add).intersection(request.remove):
        words = f"Put {min(both)!r} on or take it off, not both."
        raise Invalid(words, faults=(Fault("/remove", "one_of_two", words),))
    held = operation.tags
    added = tuple(tag for tag in dict.fromkeys(request.add) if tag not in held)
    removed = tuple(tag for tag in dict.fromkeys(request.remove) if tag in held)
    after = (*(tag for tag in held if tag not in removed), *added)
    if faults := tuple(tag_faults("/add", added, of=after)):
        raise Invalid(f"These tags cannot be put on: {faults[0].detail}", faults=faults)
    if not added and not removed:
        return TagChange(held)
    told = {name: list(tags) for name, tags in (("added", added), ("removed", removed)) if tags}
    decision = told_beside(EntrySort.TAGGED, operation, right, now, data=dict(told), comment=None)
    return TagChange(after, added, removed, decision)
