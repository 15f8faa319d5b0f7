"""The thread that works signals off, beside a server or in a worker of its own.

Several processes may have one: the signals of an operation are claimed together, so each is applied once.
"""

from threading import Event, Thread
from types import TracebackType
from typing import Self

import psycopg
import structlog

from viertakt.errors import ViertaktError
from viertakt.signals.applying import Applier
from viertakt.wiring import Application

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.25  # seconds
AGAIN_AFTER = 1.0


class SignalWorker:
    """Works signals off through an application's batch. A context manager: leaving it stops after those under way."""

    def __init__(self, application: Application) -> None:
        self._applier = Applier(application.call, application.batch, application.engine)
        self._stop = Event()
        self._thread = Thread(target=self._run, name="signals", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                pause = 0.0 if self._applier.turn() else LOOK_EVERY
            except (ViertaktError, psycopg.Error) as fault:
                # Lines that were claimed are free again when their lease ends; their keys answer for what has happened.
                log.warning("signals_interrupted", fault=str(fault).strip(), again_after=AGAIN_AFTER)
                pause = AGAIN_AFTER
            self._stop.wait(pause)
