"""The synchronous client."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from viertakt_client import calls, model
from viertakt_client.calls import Id
from viertakt_client.doors import Door
from viertakt_client.ending import Running, is_over, note_failed_report, report_of
from viertakt_client.errors import AlreadyEnded, Problem, ViertaktError

P = ParamSpec("P")
R = TypeVar("R")


class Client(Door):
    """Operations over HTTP. May be shared by threads; after a fork each process makes its own.

    Every call raises a `Problem` for what the server refuses and `Unreachable` where no answer came. Writes carry a
    request key: yours, so that a later process can ask for the same write again, or a fresh one.
    """

    def open(
        self,
        kind: str,
        *,
        reference: str,
        subject: str | None = None,
        brand: str | None = None,
        amount: model.Money | str | None = None,
        attributes: Mapping[str, str | int | bool] | None = None,
        parent: UUID | None = None,
        aliases: Mapping[str, str] | None = None,
        tags: Iterable[str] = (),
        key: str | None = None,
    ) -> model.Operation:
        """The operation, opened; the same reference and content again give the same one. `amount`: "120.00 EUR"."""
        opening = model.Opening(
            kind=kind,
            reference=reference,
            subject=subject,
            brand=brand,
            amount=amount,
            attributes=dict(attributes or {}),
            parent=parent,
            aliases=dict(aliases or {}),
            tags=tuple(tags),
        )
        return self.send(calls.open_operation(opening, key))

    def get(self, operation_id: Id) -> model.OperationDetail:
        """One operation as it stands, with the transitions that start there."""
        return self.send(calls.get(operation_id))

    def find(self, kind: str, reference: str) -> model.Operation | None:
        """The operation of this kind with this reference, or None."""
        found = self.page(calls.by_reference(kind, reference), limit=1).items
        return found[0] if found else None

    def page(
        self,
        q: str = "",
        *,
        sort: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        count: bool = False,
    ) -> model.Page:
        """One page of a list, at most 200. `count`: also how many there are, up to a cap."""
        return self.send(calls.page(q, sort=sort, limit=limit, cursor=cursor, count=count))

    def list(self, q: str = "", *, sort: str | None = None) -> Iterator[model.Operation]:
        """Every operation that the query finds, page by page as they are taken."""
        cursor = None
        while True:
            page = self.page(q, sort=sort, limit=calls.PAGE, cursor=cursor)
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def move(
        self,
        operation_id: Id,
        transition: str,
        *,
        reason: str | None = None,
        comment: str | None = None,
        data: Mapping[str, Any] | None = None,
        expected_version: int | None = None,
        expected_stage: str | None = None,
        key: str | None = None,
    ) -> model.Entry | model.AskedMove:
        """The entry of the move; what it waits for, where the kind asks consents for it."""
        asked = calls.move(
            operation_id,
            key,
            transition=transition,
            reason=reason,
            comment=comment,
            data=data,
            expected_version=expected_version,
            expected_stage=expected_stage,
        )
        return self.send(asked)

    def outcome(
        self,
        operation_id: Id,
        outcome: model.Outcome | str | None = None,
        *,
        reason: str | None = None,
        code: str | None = None,
        data: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> model.OutcomeResult:
        """What the report of an end came to. With only a provider's `code` the reason catalogue decides."""
        return self.send(
            calls.outcome(operation_id, key, outcome=outcome, reason=reason, code=code, data=data)
        )

    def amend(
        self,
        operation_id: Id,
        *,
        amount: model.Money | str | None = None,
        attributes: Mapping[str, str | int | bool] | None = None,
        expected_version: int | None = None,
        key: str | None = None,
    ) -> model.Operation:
        """The operation with another amount or other attributes; what is not named stays."""
        changes = {"amount": amount, "attributes": attributes, "expected_version": expected_version}
        return self.send(calls.amend(operation_id, key, **changes))

    def note(self, operation_id: Id, text: str, *, key: str | None = None) -> model.Entry:
        """The entry of a note for those who work on it."""
        return self.send(calls.note(operation_id, text, key))

    def open_batch(
        self, openings: Iterable[model.Opening], *, key: str | None = None
    ) -> tuple[model.Done | Problem, ...]:
        """Up to 1,000 opened at once; a result for each, in order, and a refusal is one."""
        return self.send(calls.open_batch(openings, key))

    def move_batch(
        self, moves: Iterable[model.Move], *, key: str | None = None
    ) -> tuple[model.Done | Problem, ...]:
        """Up to 1,000 moves at once; a result for each, in order, and a refusal is one."""
        return self.send(calls.move_batch(moves, key))

    def history(self, operation_id: Id) -> Iterator[model.Entry]:
        """Its entries, oldest first."""
        cursor = None
        while True:
            page = self.send(calls.history(operation_id, as_of=None, limit=calls.PAGE, cursor=cursor))
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def as_of(self, operation_id: Id, moment: datetime) -> model.Operation:
        """The operation as it stood at a moment (with its time zone)."""
        return calls.stood(self.send(calls.history(operation_id, as_of=moment, limit=1, cursor=None)))

    def signal(self, source: str, payload: bytes, headers: Mapping[str, str]) -> None:
        """Hand on what a provider sent: its bytes and headers as they came, for the signature is over them."""
        self.send(calls.signal(source, payload, headers))

    def kind(self, name: str) -> dict[str, Any]:
        """The latest document of a kind."""
        return self.send(calls.kind(name))

    @contextmanager
    def operation(self, kind: str, *, reference: str, **content: Any) -> "Iterator[RunningOperation]":
        """A block of code as an operation's process: opened before, ended as the block ends (see `ending`).

        `content`: as of `open`. Raises `AlreadyEnded`, and does not enter, where it was opened before and is over.
        """
        operation = self.open(kind, reference=reference, **content)
        if is_over(operation):
            raise AlreadyEnded(operation)
        external = self.has_effect(kind)
        running = RunningOperation(self, operation)
        try:
            yield running
        except BaseException as error:
            report = report_of(error, external=external)
            if running.result is None:
                try:
                    running.outcome(**calls.told(report))
                except ViertaktError as failure:
                    note_failed_report(error, report, failure)
            raise
        if running.result is None:
            running.outcome(**calls.told(report_of(None, external=external)))

    def process(
        self, kind: str, *, reference: Callable[P, str], **content: Callable[P, Any]
    ) -> Callable[[Callable[Concatenate["RunningOperation", P], R]], Callable[P, R]]:
        """A decorator: each call of the function is an operation, which the function gets as its first argument.

        @viertakt.process("ticket", reference=lambda case: case.id, subject=lambda case: case.customer)
        def answer(op: RunningOperation, case: Case) -> None: ...
        """

        def decorate(function: Callable[Concatenate["RunningOperation", P], R]) -> Callable[P, R]:
            @wraps(function)
            def run(*args: P.args, **kwargs: P.kwargs) -> R:
                given = {name: value(*args, **kwargs) for name, value in content.items()}
                with self.operation(kind, reference=reference(*args, **kwargs), **given) as running:
                    return function(running, *args, **kwargs)

            return run

        return decorate

    def has_effect(self, kind: str) -> bool:
        """Whether somebody outside may have acted; asked before the block, for afterwards it may be too late to ask."""
        if kind not in self._effects:
            self._effects[kind] = self.kind(kind).get("effect") == "external"
        return self._effects[kind]


class RunningOperation(Running):
    """The operation whose process runs in this block."""

    def __init__(self, client: Client, operation: model.Operation) -> None:
        super().__init__(operation)
        self._client = client

    def move(self, transition: str, **asked: Any) -> model.Entry | model.AskedMove:
        """Make a transition, as `Client.move`."""
        return self._client.move(self.id, transition, **asked)

    def outcome(self, outcome: model.Outcome | str | None = None, **told: Any) -> model.OutcomeResult:
        """Report the end by yourself, as `Client.outcome`; leaving the block then reports nothing more."""
        self.result = self._client.outcome(self.id, outcome, **told)
        return self.result
