"""Celery tasks as the process of an operation: how a task ends is its operation's status, and each retry an entry.

    @operation_task(app, "account_lock", reference=lambda account: f"lock-{account}", max_retries=3)
    def lock(task: OperationTask, account: str) -> None:
        task.operation.move("apply")
        …

    the task         its operation
    ──────────       ───────────────────────────────────────────────────────────────
    starts           is opened; the same reference again is the same operation
    is retried       gets a note: which try, why, and how long until the next
    succeeds         success
    fails            error; unknown in a kind with an external effect; rejected by `Rejected`
    comes again      is not run where the operation is over (a queue delivers at least once)

Each process of a worker has a client of its own, as VIERTAKT_URL and VIERTAKT_TOKEN say. A worker that is killed reports
nothing: with `acks_late` the task comes again, without it the stage's time limit looks after the operation.
"""

import os
from collections.abc import Callable
from typing import Any

from celery import Task
from celery.exceptions import Ignore
from celery.utils.log import get_task_logger

from viertakt_client import calls
from viertakt_client.client import Client, RunningOperation
from viertakt_client.ending import is_over, report_of, said_of
from viertakt_client.errors import ViertaktError

_log = get_task_logger("viertakt")
_clients: dict[int, Client] = {}


class Process:
    """Which operation a task's arguments mean."""

    def __init__(
        self, kind: str, reference: Callable[..., str], content: dict[str, Callable[..., Any]]
    ) -> None:
        self.kind = kind
        self.reference = reference
        self.content = content


class OperationTask(Task):
    """A task that is the process of an operation. `operation`: the one of the call that runs."""

    process: Process

    @property
    def operation(self) -> RunningOperation:
        """The operation of the call that runs."""
        running: RunningOperation = self.request.viertakt_operation
        return running

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        """Open the operation; do not run where it is over."""
        client = _client()
        client.has_effect(self.process.kind)  # asked now: when the task has failed it may be too late to ask
        content = {name: value(*args, **kwargs) for name, value in self.process.content.items()}
        reference = self.process.reference(*args, **kwargs)
        operation = client.open(self.process.kind, reference=reference, **content)
        if is_over(operation):
            _log.warning("%s '%s' is over, task %s is not run", operation.kind, operation.reference, task_id)
            raise Ignore
        self.request.viertakt_operation = RunningOperation(client, operation)

    def on_retry(self, exc: Any, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:  # noqa: ARG002
        """Write down which try failed, and why."""
        tries, most = self.request.retries + 1, self.max_retries
        of = "" if most is None else f" of {most + 1}"
        said = said_of(exc if isinstance(exc, BaseException) else RuntimeError(str(exc)))
        text = f"Try {tries}{of} failed, it is tried again. {said['exception']}: {said['message']}"
        try:
            _client().note(self.operation.id, text, key=f"{task_id}/{tries}")
        except ViertaktError as failure:
            _log.warning("the retry of %s could not be noted: %s", task_id, failure)

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:  # noqa: ARG002
        """Report success."""
        self._end(None, task_id)

    def on_failure(self, exc: Any, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:  # noqa: ARG002
        """Report what the exception means."""
        if hasattr(self.request, "viertakt_operation"):  # else it was never opened
            self._end(exc, task_id)

    def _end(self, error: BaseException | None, task_id: str) -> None:
        running = self.operation
        if running.result is not None:
            return
        report = report_of(error, external=_client().has_effect(self.process.kind))
        try:
            running.outcome(key=f"{task_id}/end", **calls.told(report))
        except ViertaktError as failure:
            _log.error(
                "'%s' of %s '%s' could not be reported: %s",
                report.outcome,
                self.process.kind,
                running.reference,
                failure,
            )


def operation_task(
    app: Any,
    kind: str,
    *,
    reference: Callable[..., str],
    content: dict[str, Callable[..., Any]] | None = None,
    **options: Any,
) -> Callable[[Callable[..., Any]], Any]:
    """A decorator like `app.task`, of a function that gets its task first. `reference`, `content`: from its arguments.

    `content`: what the operation is opened with, by the names of `Client.open`. `options`: Celery's.
    """
    process = Process(kind, reference, content or {})
    made: Callable[[Callable[..., Any]], Any] = app.task(
        bind=True, base=OperationTask, process=process, **options
    )
    return made


def _client() -> Client:
    """This process's client: connections do not survive a fork."""
    pid = os.getpid()
    if pid not in _clients:
        _clients.clear()
        _clients[pid] = Client.from_env()
    return _clients[pid]
