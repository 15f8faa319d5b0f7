"""The end of the order, as it grows: every reader of this process is told of new entries by one connection.

    sequencer ──notify──► Tail (one thread, one connection) ──lines──► each listener's callback

Whoever was away reads what it missed from the journal itself (`reading.read_after`): positions are dense, so it knows.
"""

from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread

import psycopg
import structlog

from viertakt.db.pool import Connection
from viertakt.journal import store
from viertakt.journal.model import Cursor, Line

log = structlog.get_logger(__name__)

# New entries, in order; none at all means that nothing will follow.
Listener = Callable[[Sequence[Line]], None]

LOOK_EVERY = 1.0  # seconds, also without a notification: one may be lost with its connection
AT_ONCE = 500
AGAIN_AFTER = 1.0


class Tail:
    """Starts with its first listener; `end` stops it. Listeners are called in its thread and must not wait."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._lock = Lock()
        self._listeners: list[Listener] = []
        self._stop = Event()
        self._begun = Event()
        self._thread: Thread | None = None

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Be told of every entry placed once this has `begun`; what is returned ends it."""
        with self._lock:
            self._listeners.append(listener)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="tail", daemon=True)
                self._thread.start()

        def leave() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return leave

    def begun(self, seconds: float) -> bool:
        """Wait until it knows from where it reads: only then does a reader's own look at the journal leave no gap."""
        return self._begun.wait(seconds)

    def end(self) -> None:
        """Tell every listener that nothing will follow, and nobody anything from now on."""
        self._stop.set()
        with self._lock:
            listeners, self._listeners = tuple(self._listeners), []
        for listener in listeners:
            listener(())

    def close(self) -> None:
        """The same, and wait for the thread."""
        self.end()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        place: Cursor | None = None
        while not self._stop.is_set():
            try:
                with self._connect() as conn:
                    conn.autocommit = True
                    conn.execute("LISTEN viertakt_journal")
                    place = place or store.head(conn)
                    self._begun.set()
                    while not self._stop.is_set():
                        place = self._read_on(conn, place)
                        for _ in conn.notifies(timeout=LOOK_EVERY, stop_after=1):
                            pass
            except psycopg.OperationalError as fault:
                log.warning("tail_interrupted", fault=str(fault).strip())
                self._stop.wait(AGAIN_AFTER)

    def _read_on(self, conn: Connection, place: Cursor) -> Cursor:
        """Tell what was placed since; where nobody listens, only go on to the end."""
        end = store.head(conn)
        with self._lock:
            listeners = tuple(self._listeners)
        if not listeners:
            return end
        after = min(place.position, end.position)
        while after < end.position and not self._stop.is_set():
            lines = store.read_journal(conn, end.epoch, after, AT_ONCE)
            if not lines:
                break
            for listener in listeners:
                listener(lines)
            after = lines[-1].cursor.position
        return Cursor(end.epoch, after)
