"""Imports an event log: every case an operation, every stage event a move, with its true time, order and actor.

    cases of the file ─► planned, 1,024 at a time ─┬─ people and systems of the log are made known by name
      (read while the chunk before is written)     ├─ cases not here yet are opened       (once per reference)
                                                   └─ moves not here yet are made         (once per key xes:<n>)

Both go through the batch like everybody's requests: the kind decides, in the file's order. So a second run, and one after
a crash in the middle, finds what is there and adds what is missing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from threading import Lock
from time import monotonic
from typing import Any, Protocol, TypeVar

import uuid_utils.compat
from psycopg import Connection

from viertakt.access.actions import ensure_actor, ensure_imported_people
from viertakt.access.model import Actor, ActorSort
from viertakt.errors import Invalid, Unavailable, ViertaktError
from viertakt.exchange import store
from viertakt.exchange.model import LogMap, Plan, Report
from viertakt.exchange.rules import NoStages, Planner
from viertakt.exchange.store import Imported
from viertakt.exchange.xes import EventLog
from viertakt.kinds.model import KindName, PublishedKind
from viertakt.operations.batch import Batch
from viertakt.operations.model import Caller, MoveRequest, OpenRequest, OperationId
from viertakt.operations.turn import Result

CASES_AT_ONCE = 1_024  # some six thousand requests in flight: the batch's sets stay full, memory stays small
T = TypeVar("T")


class Ask(Protocol):
    """Runs a question in a transaction of its own."""

    def __call__(self, question: Callable[[Connection[Any]], T], /) -> T: ...


class Importer:
    """One import under way: where the log stands, and the report as far as it goes."""

    def __init__(
        self, log: EventLog, log_map: LogMap, published: PublishedKind, *, batch: Batch, ask: Ask
    ) -> None:
        self.report = Report(kind=published.kind.kind, kind_version=published.version)
        self._log = log
        self._planner = Planner(log_map, published.kind)
        self._batch = batch
        self._ask = ask
        self._references: set[str] = set()
        self._actors: set[str] = set()
        self._refusing = (
            Lock()
        )  # the reader and the writer both refuse cases; all other counts have one of them

    def run(self, told: Callable[[EventLog, Report], None] = lambda _log, _report: None) -> Report:
        """The report of the whole import; `told` hears of every thousand cases. Raises Unavailable without a database."""
        began = monotonic()
        plans = self._plans()
        with ThreadPoolExecutor(1, "import") as writer:
            written: Future[None] | None = None
            while chunk := list(islice(plans, CASES_AT_ONCE)):
                if written is not None:
                    written.result()
                written = writer.submit(self._write, chunk)
                told(self._log, self.report)
            if written is not None:
                written.result()
        self.report.unmapped = dict(self._planner.unmapped.most_common())
        self.report.ignored = self._planner.ignored
        self.report.out_of_order = self._planner.out_of_order
        self.report.zero_amounts = self._planner.zero_amounts
        self.report.seconds = round(monotonic() - began, 3)
        return self.report

    def _plans(self) -> Iterator[Plan]:
        """The plan of every case that comes to something; the others are counted."""
        report = self.report
        cases = self._log.cases()
        while True:
            try:
                case = next(cases, None)
            except Invalid as refusal:
                # What came before was complete and stays; the report says where the file broke off.
                report.stopped_by = refusal.detail
                return
            if case is None:
                return
            report.cases += 1
            try:
                plan = self._planner.plan(case)
            except NoStages:
                report.without_stages += 1
            except Invalid as refusal:
                self._refuse(self._planner.name_of(case), refusal)
            else:
                if plan.reference in self._references:
                    self._refuse(plan.reference, Invalid("It stands in the file twice; the first was taken."))
                else:
                    self._references.add(plan.reference)
                    yield plan

    def _write(self, plans: Sequence[Plan]) -> None:
        """Open and move what is not here yet."""
        self._make_known({step.actor.id: step.actor for plan in plans for step in plan.steps})
        kind = self.report.kind
        here = self._ask(lambda conn: store.imported(conn, kind, [plan.reference for plan in plans]))
        self.report.already_there += sum(_complete(plan, here.get(plan.reference)) for plan in plans)
        operations = {reference: known.operation_id for reference, known in here.items()}
        operations |= self._open([plan for plan in plans if plan.reference not in here])
        self._move([plan for plan in plans if not _complete(plan, here.get(plan.reference))], operations)

    def _make_known(self, actors: dict[Any, Actor]) -> None:
        new = {actor_id: actor for actor_id, actor in actors.items() if actor_id not in self._actors}
        if not new:
            return
        people = {actor.id: actor.name for actor in new.values() if actor.sort is ActorSort.PERSON}

        def make_known(conn: Connection[Any]) -> None:
            ensure_imported_people(conn, people)
            for actor in new.values():
                if actor.sort is ActorSort.SYSTEM:
                    ensure_actor(conn, actor)

        self._ask(make_known)
        self._actors |= set(new)
        self.report.people += len(people)

    def _open(self, plans: Sequence[Plan]) -> dict[str, OperationId]:
        """The operations opened, by reference."""
        requests = [_opening(plan, KindName(self.report.kind)) for plan in plans]
        opened: dict[str, OperationId] = {}
        for plan, result in zip(plans, self._batch.call_all(requests), strict=True):
            if isinstance(result, ViertaktError):
                self._refuse(plan.reference, result)
            else:
                opened[plan.reference] = result.operation.id
                self.report.opened += not result.replayed
        return opened

    def _move(self, plans: Iterable[Plan], operations: dict[str, OperationId]) -> None:
        """Every move with its key: one that an earlier run made answers from its entry."""
        going = [plan for plan in plans if plan.reference in operations]
        requests = [move for plan in going for move in _moves(plan, operations[plan.reference])]
        results = iter(self._batch.call_all(requests))
        for plan in going:
            self._count_moves(plan, list(islice(results, len(plan.steps) - 1)))

    def _count_moves(self, plan: Plan, results: Sequence[Result]) -> None:
        for result in results:
            if isinstance(result, ViertaktError):
                # The moves after a refused one are refused because of it; its sentence is the one to read.
                self._refuse(plan.reference, result)
                return
            self.report.moves += not result.replayed

    def _refuse(self, case: str, refusal: ViertaktError) -> None:
        if isinstance(refusal, Unavailable):
            raise refusal
        with self._refusing:
            self.report.refuse(case, refusal.detail)


def _complete(plan: Plan, known: Imported | None) -> bool:
    return known is not None and known.moves >= len(plan.steps) - 1


def _opening(plan: Plan, kind: KindName) -> OpenRequest:
    first = plan.steps[0]
    return OpenRequest(
        operation_id=OperationId(uuid_utils.compat.uuid7()),
        # No key: the reference makes it happen once, and an opening's key would be one for all cases.
        caller=Caller(actor=first.actor),
        kind=kind,
        reference=plan.reference,
        subject=plan.subject,
        amount=plan.amount,
        attributes=plan.attributes,
        at=first.at,
    )


def _moves(plan: Plan, operation_id: OperationId) -> Iterator[MoveRequest]:
    for number, step in enumerate(plan.steps[1:], start=1):
        assert step.transition is not None, "every step but the first is a move"
        yield MoveRequest(
            operation_id=operation_id,
            caller=Caller(actor=step.actor, key=f"xes:{number}"),
            transition=step.transition,
            # A person may have moved the operation on between two runs: then the log's next move is refused, not bent.
            expected_version=number,
            at=step.at,
        )
