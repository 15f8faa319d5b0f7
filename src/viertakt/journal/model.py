"""Positions, epochs, and the cursor that tells a reader's place."""

from datetime import datetime

import msgspec

from viertakt.errors import InvalidCursor
from viertakt.operations.model import Entry, Operation


class Cursor(msgspec.Struct, frozen=True):
    """A place in the order: everything up to `position` has been read, in this epoch. On the wire `epoch.position`, opaque."""

    epoch: int
    position: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.position}"

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The cursor a text stands for. Raises `InvalidCursor`."""
        epoch, dot, position = text.partition(".")
        if not (dot and _is_number(epoch) and _is_number(position)) or int(epoch) < 1:
            raise InvalidCursor(f"{text[:40]!r} is no cursor of the journal; take one from an answer.")
        return cls(int(epoch), int(position))


class Epoch(msgspec.Struct, frozen=True):
    """Since when positions are told by this database: one that was restored or failed over starts another."""

    epoch: int
    first_position: int
    started_at: datetime


class Line(msgspec.Struct, frozen=True):
    """An entry at its position, with its operation as it is now: perhaps further on."""

    cursor: Cursor
    entry: Entry
    operation: Operation


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
