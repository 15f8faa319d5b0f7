"""Threads that work until they are stopped: one gives entries their positions, and each follower has one.

    sequencer ── step, step, step … ──wakes──► words, stays, notices, … ── each as far as the order goes
    upkeep, once an hour

Each has a connection of its own and opens another when it breaks, so one that takes long, or fails, keeps no other back.
Several processes may run them: of each loop one works, the others find its row locked and stand by.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from threading import Event, Thread
from types import TracebackType
from typing import Self

import psycopg
import structlog

from viertakt.db.pool import Connection, connect
from viertakt.journal.followers import AT_ONCE, Project, follow
from viertakt.journal.sequencing import Fold, Sequencer
from viertakt.wiring import APP_ROLE, FOLDS, FOLLOWERS, UPKEEP

log = structlog.get_logger(__name__)

# An entry waits at most this long for its position: short while there is work, longer when nobody has done anything.
PAUSE_BUSY, PAUSE_IDLE = 0.025, 0.1
BUSY_FOR = 2.0
# Entries of one step of the sequencer from which on it is pressed: it does not pause, and who follows gives way.
PRESSED = 400
FOLLOWERS_LOOK = 1.0  # unless the sequencer beside them wakes them
# Between steps, for one costs hardly less for one entry than for fifty: longer where nobody waits for what comes of it.
PROMPT = frozenset({"notices", "checks", "families"})
PROMPT_GATHER, FOLLOWERS_GATHER = 0.03, 0.2
AGAIN_AFTER, AGAIN_AFTER_MAX = 0.1, 5.0
UPKEEP_EVERY = 3600.0

# One turn of work, with the pause after it.
Turn = Callable[[], None]


class Worker:
    """The loops over one database. A context manager: leaving it stops them, each after the step it is in."""

    def __init__(
        self,
        url: str,
        *,
        folds: Sequence[Fold] = FOLDS,
        followers: Mapping[str, Project] = FOLLOWERS,
        upkeep: Sequence[Callable[[Connection], object]] = UPKEEP,
    ) -> None:
        self._url = url
        self._folds = folds
        self._followers = followers
        self._upkeep = upkeep
        self._stop = Event()
        self._pressed = False
        self._news = {name: Event() for name in followers}
        loops: dict[str, Callable[[Connection], Turn]] = {
            "sequencer": self._sequencing,
            **{name: partial(self._following, name) for name in followers},
            "upkeep": self._keeping_up,
        }
        self._threads = [
            Thread(target=self._loop, args=(name, begin), name=name) for name, begin in loops.items()
        ]

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self.stop)
            for thread in self._threads:
                thread.start()
            stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop the loops and wait for the steps they are in."""
        self._stop.set()
        self._wake()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def wait(self) -> None:
        """Until a signal comes: for a process that does nothing else."""
        while not self._stop.wait(3600):
            pass

    def _loop(self, name: str, begin: Callable[[Connection], Turn]) -> None:
        pause = AGAIN_AFTER
        while not self._stop.is_set():
            try:
                with connect(
                    self._url,
                    application_name="viertakt-worker",
                    statement_timeout=None,
                    autocommit=True,
                    role=APP_ROLE,
                ) as conn:
                    conn.prepare_threshold = (
                        None  # a plan made for any range would not be the one for the newest
                    )
                    # Of the newest alone, which lie in a month or two: what it saves reading it would cost planning.
                    conn.execute("SET enable_partitionwise_join = off")
                    turn = begin(conn)
                    while not self._stop.is_set():
                        turn()
                        pause = AGAIN_AFTER
            except psycopg.OperationalError as fault:
                log.warning("loop_interrupted", loop=name, fault=str(fault).strip(), again_after=pause)
            except Exception:  # a loop that ends in silence would be found days later: it says so and goes on
                log.exception("loop_failed", loop=name, again_after=pause)
            self._stop.wait(pause)
            pause = min(pause * 2, AGAIN_AFTER_MAX)

    def _sequencing(self, conn: Connection) -> Turn:
        sequencer = Sequencer(conn, self._folds)
        busy_until = 0.0
        self._pressed = False  # one that lost its connection keeps nobody waiting

        def turn() -> None:
            nonlocal busy_until
            now = time.monotonic()
            count = sequencer.step()
            self._pressed = count >= PRESSED
            if count:
                busy_until = now + BUSY_FOR
                self._wake()
            if not self._pressed:
                self._stop.wait(PAUSE_BUSY if now < busy_until else PAUSE_IDLE)

        return turn

    def _wake(self) -> None:
        for news in self._news.values():
            news.set()

    def _following(self, name: str, conn: Connection) -> Turn:
        news, project = self._news[name], self._followers[name]
        gather = PROMPT_GATHER if name in PROMPT else FOLLOWERS_GATHER
        # Its place moves with what it makes: what a crash takes of both is made again, so no step waits for the disk.
        conn.execute("SET synchronous_commit = off")

        def turn() -> None:
            news.clear()
            begun = time.monotonic()
            count = _followed(conn, name, project)
            if self._pressed:
                # Positions and tallies first: what follows them rests five times as long as it works, and catches up afterwards.
                self._stop.wait(max(gather, 5 * (time.monotonic() - begun)))
            elif not count:
                news.wait(FOLLOWERS_LOOK)
            elif count < AT_ONCE:
                self._stop.wait(gather)

        return turn

    def _keeping_up(self, conn: Connection) -> Turn:
        def turn() -> None:
            for keep in self._upkeep:
                keep(conn)
            self._stop.wait(UPKEEP_EVERY)

        return turn


def _followed(conn: Connection, name: str, project: Project) -> int:
    """One follower's next step; a fault of its own keeps the others from nothing."""
    try:
        return follow(conn, name, project)
    except psycopg.OperationalError:
        raise
    except Exception:
        log.exception("follower_failed", follower=name)
        return 0
