"""What callers get about what stands under an operation, exactly as the contract states it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from viertakt.api.replies import OperationAtWork


class ChildOperation(msgspec.Struct, frozen=True):
    """An operation under another, so many steps below it."""

    depth: Annotated[int, Meta(ge=1)]
    operation: OperationAtWork


class Children(msgspec.Struct, frozen=True):
    """What stands under an operation, each followed by its own children, as far as the caller sees it."""

    items: tuple[ChildOperation, ...]
    partial: Annotated[bool, Meta(description="There are more, or deeper ones, than are told.")]
