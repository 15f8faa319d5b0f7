"""Entries that were read a moment ago to find whom they are told, kept for whoever sends them in the same process.

Kept for a second and no longer: then what an operation is now is read again, before it is told as what may be seen.
"""

import time
from collections.abc import Iterable
from threading import Lock
from uuid import UUID

from viertakt.notices.model import Line

KEPT_SECONDS = 1.0


class Recent:
    """The latest entries by operation and number, for one thread that adds and one that asks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._lines: dict[tuple[UUID, int], tuple[float, Line]] = {}

    def add(self, lines: Iterable[Line]) -> None:
        """Keep these for a second, and forget what is older."""
        now = time.monotonic()
        with self._lock:
            self._lines = {key: kept for key, kept in self._lines.items() if kept[0] > now}
            for line in lines:
                self._lines[line.entry.operation_id, line.entry.seq] = (now + KEPT_SECONDS, line)

    def find(self, operation: UUID | None, seq: int | None) -> Line | None:
        """The entry, where it was read a moment ago."""
        if operation is None or seq is None:
            return None
        with self._lock:
            until, line = self._lines.get((operation, seq), (0.0, None))
        return line if until > time.monotonic() else None
