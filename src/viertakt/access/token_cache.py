"""Tokens already looked up, for writes only: a write is guarded by `access_version` in the database, so an actor that is
a few seconds old can be refused but never wrongly obeyed (a token that expires may write for these seconds more: its end is no change of rights).
Reads have no such guard and always look the token up.
"""

import threading
import time
from collections.abc import Callable

import msgspec

from viertakt.access.model import Actor
from viertakt.access.secret_text import fingerprint

SECONDS_MAX = 5.0
TOKENS_MAX = 1_000


class CachedActor(msgspec.Struct, frozen=True):
    actor: Actor
    until: float


class TokenCache:
    """Actors by the fingerprint of their token, for five seconds. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._actors: dict[bytes, CachedActor] = {}

    def get(self, plain: str) -> Actor | None:
        """The actor of this token if it was looked up within five seconds."""
        cached = self._actors.get(fingerprint(plain))
        return cached.actor if cached and cached.until > self._clock() else None

    def put(self, plain: str, actor: Actor) -> None:
        """Keep what `actor_of_token` answered."""
        now = self._clock()
        with self._lock:
            if len(self._actors) >= TOKENS_MAX:
                self._actors = {key: kept for key, kept in self._actors.items() if kept.until > now}
            if len(self._actors) < TOKENS_MAX:
                self._actors[fingerprint(plain)] = CachedActor(actor, now + SECONDS_MAX)

    def drop(self, plain: str) -> None:
        """Forget a token: its write was refused because its rights have changed."""
        with self._lock:
            self._actors.pop(fingerprint(plain), None)
