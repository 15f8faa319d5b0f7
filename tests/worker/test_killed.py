"""Workers that are killed in the middle of their steps, and a database that is killed under them."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import psycopg

from tests.conftest import POSTGRES, TREE
from tests.journal.order import FAULTS
from tests.operations.killed import judge, kill_database, wait_for_more, work
from viertakt.access.actions import actor_by_id, install_roles
from viertakt.db.embedded import embedded
from viertakt.db.migrate import migrate
from viertakt.db.partitions import ensure_partitions
from viertakt.db.pool import Connection, connect
from viertakt.journal.reading import head, lag
from viertakt.kinds.actions import Kinds, install_builtin
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.batch import Batch
from viertakt.operations.turn import Engine
from viertakt.wiring import DIFFERENCES, FOLLOWERS

WRITERS = 16
# VIERTAKT_TEST_KILLS=20 is the proof before a release.
WORKERS_KILLED = int(os.environ.get("VIERTAKT_TEST_KILLS", "3"))
DATABASE_KILLED_EVERY = 2  # workers
SECONDS_MAX = 60
T = TypeVar("T")


class Processes:
    """Worker processes over one database, one at a time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._environment = {**os.environ, "VIERTAKT_DATABASE_URL": url}

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "viertakt.cli", "worker"],
            cwd=TREE,
            env=self._environment,
            stderr=subprocess.DEVNULL,
        )

    def kill_at_work(self) -> None:
        """Start one, and kill it without a word once it has placed some entries and each follower has come on."""
        before = self._places()
        process = self._start()
        self._until(
            process, lambda: all(now > then for now, then in zip(self._places(), before, strict=True))
        )
        process.send_signal(signal.SIGKILL)
        process.wait()

    def finish(self) -> int:
        """Let one do all that is left, and stop it as a supervisor does; its exit status."""
        process = self._start()
        self._until(process, lambda: self._left() == 0)
        process.terminate()
        return process.wait()

    def _until(self, process: subprocess.Popen[bytes], question: Callable[[], bool]) -> None:
        ends = time.monotonic() + SECONDS_MAX
        while not question():
            assert process.poll() is None, "the worker ended by itself"
            assert time.monotonic() < ends, "it did not come true in time"
            time.sleep(0.02)

    def _places(self) -> list[int]:
        """How far the order goes, and each follower."""
        end, behind = self._ask(lambda conn: (head(conn).position, lag(conn)))
        return [end, *(end - behind.get(name, end) for name in FOLLOWERS)]

    def _left(self) -> int:
        """How many entries have no position, or were not followed."""
        counted = "SELECT count(*) FROM viertakt.entry"
        entries = self._ask(lambda conn: conn.execute(counted).fetchall()[0][0])
        return int(entries - min(self._places()))

    def _ask(self, question: Callable[[Connection], T]) -> T:
        """The database's answer, as soon as it has come back."""
        ends = time.monotonic() + SECONDS_MAX
        while True:
            try:
                with connect(self.url) as conn:
                    return question(conn)
            except psycopg.OperationalError:
                assert time.monotonic() < ends, "the database was not back in time"
                time.sleep(0.05)


@contextmanager
def writing(url: str) -> Iterator[list[tuple[object, int]]]:
    """Sixteen writers that ask again until they are told; the ledger of what they were told."""
    ledger: list[tuple[object, int]] = []
    stop = threading.Event()
    engine = Engine(Kinds(), load_catalogue(), actor_by_id)
    with Batch(lambda: connect(url), engine) as batch:
        writers = [threading.Thread(target=work, args=(batch, n, ledger, stop)) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        try:
            yield ledger
        finally:
            stop.set()
            for writer in writers:
                writer.join()


def test_killed_workers_and_a_killed_database_leave_everything_whole(folder: Path) -> None:
    """Positions, tallies and what follows are each made in one transaction: whatever is killed, a recount agrees."""
    with embedded(folder / "data", POSTGRES) as server:
        url = server.url("postgres")
        with connect(url) as conn:
            migrate(conn)
            ensure_partitions(conn, now=datetime.now(UTC))
            install_roles(conn)
            install_builtin(conn)
        workers = Processes(url)
        with writing(url) as ledger:
            for n in range(WORKERS_KILLED):
                workers.kill_at_work()
                if n % DATABASE_KILLED_EVERY:
                    before = len(ledger)
                    kill_database(url)
                    wait_for_more(ledger, before)
        assert workers.finish() == 0
        # What was told is kept: nobody was told of a move that is not in the history, or of one that is there twice.
        told, kept, gaps = judge(url, ledger)
        with connect(url) as conn:
            assert conn.execute(FAULTS).fetchall() == [(0, 0, 0, 0)]
            assert {name: ask(conn) for name, ask in DIFFERENCES.items()} == {
                name: [] for name in DIFFERENCES
            }
            assert conn.execute("SELECT count(*) FROM viertakt.operation").fetchall() == [(WRITERS,)]
        assert (kept, gaps) == (told, [])
