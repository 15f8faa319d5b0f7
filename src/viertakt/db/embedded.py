"""A PostgreSQL of our own, started with the process that needs it: `with embedded(data) as server: server.url("x")`.

Who may do what, and what happens when somebody dies:

    process A ──┐ shared lock on  data/postgres.users   ("I use it")
    process B ──┤
                └─ exclusive lock on data/postgres.lock ("I start or stop it"; held for moments)
                      │
                      ├─ postmaster.pid names a live server of this cluster  → adopt it
                      ├─ it names a dead, zombie or foreign process          → remove the file, start
                      └─ there is none                                       → start

    A is killed    the kernel drops A's locks; the server lives on for B, or until the next start adopts it
    server killed  every user's watch thread sees it; the first to take the lock starts it again, the others adopt that
    A stops        A gives up its shared lock; if nobody else holds one (an exclusive lock succeeds), A stops the server

Locks are `flock`s: the kernel gives them back whatever way a process ends, so nothing here is cleaned up by hand.
The server is a foreground child in a process group of its own: Ctrl-C in a terminal reaches us, not the database.
"""

import fcntl
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg
import structlog
from psycopg import sql

from viertakt import errors
from viertakt.db.binaries import programs_for
from viertakt.db.cluster import (
    ENVIRONMENT,
    SUPERUSER,
    Postmaster,
    check_cluster,
    make_cluster,
    read_postmaster,
    serve_command,
    serves,
)
from viertakt.db.places import SOCKET_NAME, cluster_place, is_private, server_account, socket_place

# Crash recovery replays at most max_wal_size (2 GB) of log: minutes on a slow disk, never longer.
READY_SECONDS_MAX = 300
STOP_SECONDS_MAX = 30
WATCH_SECONDS = 0.1
RESTART_PAUSE_SECONDS_MAX = 30.0
LOG_BYTES_MAX = 10 * 1024 * 1024

log = structlog.get_logger(__name__)


@contextmanager
def embedded(
    data: Path, version: int = 18, *, options: Mapping[str, str] | None = None
) -> Iterator["Server"]:
    """A running server over the data in this folder, stopped afterwards unless another process uses it."""
    server = start(data, version, options=options)
    try:
        yield server
    finally:
        server.stop()


def start(data: Path, version: int = 18, *, options: Mapping[str, str] | None = None) -> "Server":
    """A running server over the data in this folder: adopted if one is alive, else started, made first if need be.

    `options` are server settings (`{"max_connections": "50"}`); an adopted server keeps its own.
    Raises `Unavailable` when it cannot be had, with the end of the server's log.
    """
    server = Server(data.absolute(), version, options or {})
    server.begin()
    return server


class Server:
    """A server in use by this process; it is kept alive until `stop`."""

    def __init__(self, data: Path, version: int, options: Mapping[str, str]) -> None:
        self.data = data
        self.version = version
        self.options = options
        self.adopted = False
        self.cluster = Path()
        self.socket_dir = Path()
        self.pid = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._users: IO[str] | None = None
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="viertakt-postgres-watch", daemon=True)

    def url(self, dbname: str = "viertakt") -> str:
        """The address of one database, for psycopg, psql and VIERTAKT_DATABASE_URL; the socket's folder is the lock."""
        return (
            f"postgresql://{SUPERUSER}@/{quote(dbname, safe='')}?host={quote(str(self.socket_dir), safe='')}"
        )

    def ensure_database(self, dbname: str = "viertakt") -> str:
        """The address of this database, made empty if it is missing."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [dbname]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(dbname)))
        return self.url(dbname)

    def begin(self) -> None:
        """Take part: the users' lock, a live server, and a thread that keeps it alive."""
        try:
            if not self.data.exists():
                self.data.mkdir(parents=True, exist_ok=True)
                # Ours, whatever the umask: nobody else looks in, but the server's account must get through.
                self.data.chmod(0o711 if os.geteuid() == 0 else 0o700)
            self._users = (self.data / "postgres.users").open("a", encoding="utf-8")
            with self._alone():
                fcntl.flock(self._users, fcntl.LOCK_SH)
                self._ensure()
        except OSError as fault:
            self._leave()
            raise errors.Unavailable(f"The data folder {self.data} cannot be used: {fault}") from fault
        except BaseException:
            self._leave()
            raise
        self._watcher.start()

    def stop(self) -> None:
        """Give the server up; it is stopped (fast, nothing lost) unless another process uses it. Twice is harmless."""
        if self._users is None:
            return
        self._stopping.set()
        self._watcher.join()
        with self._alone():
            fcntl.flock(self._users, fcntl.LOCK_UN)
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                log.info("postgres_left_running", pid=self.pid, reason="another process uses it")
            else:
                self._halt()
            self._leave()

    def _leave(self) -> None:
        if self._users is not None:
            self._users.close()
            self._users = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else starts or stops this cluster meanwhile."""
        with (self.data / "postgres.lock").open("a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _ensure(self) -> None:
        """A live server, found or made. Called with the lock held."""
        self.cluster = cluster_place(self.data)
        account = server_account(self.cluster)
        programs = programs_for(account, self.version)
        if not self.cluster.exists():
            make_cluster(self.cluster, programs, account, self.version)
        check_cluster(self.cluster, account, self.version)
        found = read_postmaster(self.cluster)
        if found is not None and serves(found.pid, self.cluster) and self._adopt(found):
            return
        # Whoever the file names, it does not serve this cluster; PostgreSQL itself would only look at the number.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        self.socket_dir = socket_place(self.cluster, account)
        # The same trap again beside the socket: its lock file may name a zombie or a recycled number.
        for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
            (self.socket_dir / name).unlink(missing_ok=True)
        command = serve_command(self.cluster, programs, self.socket_dir, self.options)
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while not self._launch(command, account.switch):
            # After a kill -9 its last backends take a moment to notice, and hold the shared memory until then.
            if time.monotonic() > deadline:
                raise errors.Unavailable(f"An earlier server still holds the data in {self.cluster}.")
            time.sleep(0.05)

    def _adopt(self, found: Postmaster) -> bool:
        """Use the live server; False when it was stopping, or had lost its socket and was stopped for that."""
        account = server_account(self.cluster)
        self.pid, self.socket_dir, self._child = found.pid, found.socket_dir, None
        if is_private(found.socket_dir, account) and self._wait_ready(
            lambda: serves(found.pid, self.cluster)
        ):
            self.adopted = True
            log.info("postgres_adopted", pid=self.pid, cluster=str(self.cluster))
            return True
        # Alive without a reachable socket (a cleaner of /tmp took it): nobody new can ever connect. Start afresh.
        self._halt()
        return False

    def _launch(self, command: list[str], switch: dict[str, Any]) -> bool:
        """Start the server and wait until it answers; False when it should be tried again in a moment."""
        path = self.data / "postgres.log"
        if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
            path.replace(path.with_suffix(".log.1"))
        # A failing statement is logged with its values.
        path.touch(mode=0o600)
        with path.open("ab") as output:
            begin = output.tell()
            child = subprocess.Popen(  # noqa: S603
                command, cwd="/", env=ENVIRONMENT, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, **switch,
            )  # fmt: skip
        self._child, self.pid, self.adopted = child, child.pid, False
        if self._wait_ready(lambda: child.poll() is None):
            log.info("postgres_started", pid=self.pid, cluster=str(self.cluster), socket=str(self.socket_dir))
            return True
        with path.open("rb") as output:
            output.seek(begin)
            said = output.read().decode("utf-8", "replace").strip()
        if "shared memory block" in said:
            return False
        self._halt()
        raise errors.Unavailable(f"PostgreSQL did not start over {self.cluster}: {said[-800:]}")

    def _wait_ready(self, alive: Callable[[], bool]) -> bool:
        """Whether the server answers and is ours, asked until it does, ends or takes longer than any recovery."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        while alive() and time.monotonic() < deadline:
            found = read_postmaster(self.cluster)
            if found is not None and found.pid == self.pid and found.ready:
                return self._answers()
            time.sleep(0.01)
        return False

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=5, autocommit=True) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and Path(row[0]).resolve() == self.cluster.resolve()

    def _halt(self) -> None:
        """Stop the server fast: sessions end, everything committed is on disk. Called with the lock held."""
        for how, seconds in ((signal.SIGINT, STOP_SECONDS_MAX), (signal.SIGQUIT, STOP_SECONDS_MAX)):
            if not self._lives():
                break
            os.kill(self.pid, how)
            deadline = time.monotonic() + seconds
            while self._lives() and time.monotonic() < deadline:
                time.sleep(0.01)
        # Anybody may make folders in /tmp; we do not leave ours lying about.
        with suppress(OSError):
            self.socket_dir.rmdir()
        log.info("postgres_stopped", pid=self.pid)

    def _lives(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return serves(self.pid, self.cluster)

    def _watch(self) -> None:
        """Start the server again when it dies under us; after a failure wait, longer each time up to half a minute."""
        pause = 0.0
        while not self._stopping.wait(pause or WATCH_SECONDS):
            if self._lives():
                continue
            log.warning("postgres_died", pid=self.pid)
            try:
                with self._alone():
                    # A stop that waits for the lock must not find a server started after its decision.
                    if not self._stopping.is_set():
                        self._ensure()
                pause = 0.0
            except (OSError, errors.ViertaktError) as fault:
                log.exception("postgres_restart_failed", fault=str(fault))
                pause = min(max(pause * 2, 1.0), RESTART_PAUSE_SECONDS_MAX)
