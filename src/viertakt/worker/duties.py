"""The threads that do what comes due by itself, beside a server or in a worker of its own: each duty has one.

Several processes may run them: what is due is claimed, so each piece is worked on once, and all are as fast as they are
together. `wiring.turns` names the duties.
"""

from collections.abc import Mapping
from threading import Event, Thread
from types import TracebackType
from typing import Self

import psycopg
import structlog

from viertakt.errors import ViertaktError
from viertakt.wiring import Application, Turn, turns

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.25  # seconds: what is due is late by no more, and a look at nothing costs a millisecond
AGAIN_AFTER, AGAIN_AFTER_MAX = 1.0, 10.0


class Duties:
    """Runs an application's duties. A context manager: leaving it stops each after the turn it is in."""

    def __init__(self, application: Application, *, only: Mapping[str, Turn] | None = None) -> None:
        """`only`: these instead of all."""
        self._stop = Event()
        self._threads = [
            Thread(target=self._run, args=(name, turn), name=name, daemon=True)
            for name, turn in (turns(application) if only is None else only).items()
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, name: str, turn: Turn) -> None:
        again = AGAIN_AFTER
        while not self._stop.is_set():
            try:
                pause = turn()
                pause, again = LOOK_EVERY if pause is None else pause, AGAIN_AFTER
            except (ViertaktError, psycopg.Error) as fault:
                # What was claimed is free again when its lease ends, and asking twice is harmless.
                log.warning("duty_interrupted", duty=name, fault=str(fault).strip(), again_after=again)
                pause, again = again, min(again * 2, AGAIN_AFTER_MAX)
            except (
                Exception
            ):  # a thread that ends in silence would be found days later: it says so and goes on
                log.exception("duty_failed", duty=name, again_after=again)
                pause, again = again, min(again * 2, AGAIN_AFTER_MAX)
            self._stop.wait(pause)
