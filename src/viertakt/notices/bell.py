"""Consoles hear at once that something was told to their reader: one connection of a process listens for all of them.

    follower, inbox ──notify(actor)──► Bell (one thread, one connection) ──► the callbacks of that actor

A bell only says "look": what there is stands in the tables, so one that was missed costs a moment and nothing else.
"""

from collections.abc import Callable
from threading import Event, Lock, Thread

import psycopg
import structlog

from viertakt.db.pool import Connection

log = structlog.get_logger(__name__)

AGAIN_AFTER = 1.0
LOOK_EVERY = 1.0  # seconds between looks at whether to stop


class Bell:
    """Starts with its first listener; `close` stops it. Callbacks are called in its thread and must not wait."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._lock = Lock()
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._stop = Event()
        self._thread: Thread | None = None

    def listen(self, actor: str, listener: Callable[[], None]) -> Callable[[], None]:
        """Be called when something changes for this person; what is returned ends it."""
        with self._lock:
            self._listeners.setdefault(actor, []).append(listener)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="bell", daemon=True)
                self._thread.start()

        def leave() -> None:
            with self._lock:
                heard = self._listeners.get(actor, [])
                if listener in heard:
                    heard.remove(listener)
                if not heard:
                    self._listeners.pop(actor, None)

        return leave

    def end(self) -> None:
        """Call everybody once more, and nobody from now on: who looks finds that the server stops."""
        self._stop.set()
        self._ring(None)

    def close(self) -> None:
        """The same, and wait for the thread."""
        self.end()
        if self._thread is not None:
            self._thread.join()

    @property
    def ended(self) -> bool:
        """Whether nothing will follow."""
        return self._stop.is_set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self._connect() as conn:
                    conn.autocommit = True
                    conn.execute("LISTEN viertakt_notices")
                    self._ring(None)  # what was told while nobody listened
                    while not self._stop.is_set():
                        for told in conn.notifies(timeout=LOOK_EVERY):
                            self._ring(told.payload)
            except psycopg.OperationalError as fault:
                log.warning("bell_interrupted", fault=str(fault).strip())
                self._stop.wait(AGAIN_AFTER)

    def _ring(self, actor: str | None) -> None:
        with self._lock:
            heard = [
                listener
                for one, listeners in self._listeners.items()
                if actor is None or one == actor
                for listener in listeners
            ]
        for listener in heard:
            listener()
