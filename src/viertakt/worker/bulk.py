"""The thread that works bulk jobs off, beside a server or in a worker of its own.

Several processes may have one: items are claimed, so each is worked on once, and a job is as fast as all of them together.
"""

from threading import Event, Thread
from types import TracebackType
from typing import Self

import psycopg
import structlog

from viertakt.bulk.running import Runner
from viertakt.errors import ViertaktError
from viertakt.wiring import Application

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.25  # seconds: whoever has pressed start is looking at the page
AGAIN_AFTER = 1.0


class BulkWorker:
    """Works jobs off through an application's batch. A context manager: leaving it stops after the items under way."""

    def __init__(self, application: Application) -> None:
        self._runner = Runner(application.call, application.batch, application.engine, application.bulk)
        self._stop = Event()
        self._thread = Thread(target=self._run, name="bulk", daemon=True)

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
                pause = self._runner.turn()
            except (ViertaktError, psycopg.Error) as fault:
                # What was claimed is free again when its lease ends, and its keys answer for what has happened.
                log.warning("bulk_interrupted", fault=str(fault).strip(), again_after=AGAIN_AFTER)
                pause = AGAIN_AFTER
            self._stop.wait(LOOK_EVERY if pause is None else pause)
