"""How much one caller asks within a minute, in this process: a count by name, forgotten when the minute is over.

A fixed minute and no sliding one: at its border a caller asks twice as much in a moment, which a server stands, and a count
costs a look into a dictionary. Nobody is locked out, and nothing is written: guessing at the door has a brake of its own.
"""

import time
from collections.abc import Callable

from viertakt.errors import RateLimited

MINUTE = 60.0


class CallerRate:
    """Counts requests by caller. `per_minute`: 0 counts nothing."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._ends = 0.0
        self._counts: dict[str, int] = {}

    def count(self, caller: str) -> None:
        """One more request of this caller. Raises `RateLimited`."""
        if not self._per_minute:
            return
        now = self._clock()
        if now >= self._ends:
            self._counts.clear()
            self._ends = now + MINUTE
        asked = self._counts[caller] = self._counts.get(caller, 0) + 1
        if asked > self._per_minute:
            wait = max(1, round(self._ends - now))
            raise RateLimited(
                f"More than {self._per_minute:,} requests within a minute; ask again in {wait} seconds.",
                retry_after=wait,
            )
