"""A brake on guessing passwords: after five failures for one e-mail address, fifteen minutes' rest.

Kept in this process's memory: with several servers the count is per server, and a restart forgets it. That still
leaves a guesser twenty tries an hour and server, and needs no table that a failed sign-in would have to write.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from viertakt.errors import RateLimited

FAILURES_MAX = 5
WINDOW_SECONDS = 15 * 60.0
ADDRESSES_MAX = 10_000  # the oldest are forgotten: a flood of invented addresses must not fill the memory


class FailedSignIns:
    """Counts failures by e-mail address, known or not: the brake must not tell who exists."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed_at: OrderedDict[str, deque[float]] = OrderedDict()

    def admit(self, email: str) -> None:
        """Let a try pass, counted as failed until it succeeds: tries at the same moment must not pass uncounted.

        Raises `RateLimited` with `retry_after` in seconds.
        """
        with self._lock:
            failures = self._recent(email)
            if len(failures) >= FAILURES_MAX:
                wait = int(failures[0] + WINDOW_SECONDS - self._clock()) + 1
                raise RateLimited(
                    f"Too many failed sign-ins for this address; try again in {wait // 60 + 1} minutes.",
                    retry_after=wait,
                )
            failures.append(self._clock())
            self._failed_at[email] = failures
            self._failed_at.move_to_end(email)
            while len(self._failed_at) > ADDRESSES_MAX:
                self._failed_at.popitem(last=False)

    def succeeded(self, email: str) -> None:
        """Forget the failures of somebody who got in."""
        with self._lock:
            self._failed_at.pop(email, None)

    def _recent(self, email: str) -> deque[float]:
        failures = self._failed_at.get(email, deque[float](maxlen=FAILURES_MAX))
        while failures and failures[0] <= self._clock() - WINDOW_SECONDS:
            failures.popleft()
        return failures
