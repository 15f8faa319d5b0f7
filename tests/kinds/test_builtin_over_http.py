"""Every provider value and every never line, tried through the API: by a machine's token and a person's session.

What only later machinery can do (a deadline that fires, a check that runs, a consent that is asked for) is expected to
fail and listed with what it needs; once that machinery acts, its word goes into `ACTING`.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid4

import httpx
import pytest

from tests.api.conftest import run
from tests.conftest import _copy
from tests.kinds.ways import Never, ProviderValue, Step, kind_of, never_lines, provider_values
from viertakt.access.actions import actor_by_id
from viertakt.access.model import system
from viertakt.access.sealing import Sealer
from viertakt.checks.asking import Sender
from viertakt.checks.outside import Outside
from viertakt.checks.running import project_runs
from viertakt.db.leases import work_off
from viertakt.db.pool import Connection, connect
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.kinds.actions import Kinds
from viertakt.kinds.model import AmountRule
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.batch import Batch
from viertakt.operations.model import Caller, OperationId
from viertakt.operations.requests import CheckRequest, DueRequest
from viertakt.operations.store import read_operations
from viertakt.operations.turn import Engine
from viertakt.settings import Settings

T = TypeVar("T")

# What the bare graph of a kind cannot show (`test_builtin_never` looks at it apart), and the door does.
ACTING = frozenset({"guards", "approvals", "checks", "deadlines", "re_asking"})


class NeedsMachineryError(Exception):
    """A step that only the system makes, and nothing makes yet."""


class Callers:
    """Who acts: a machine with role integration, a person with role admin, and others like that person who consent."""

    def __init__(
        self,
        token: httpx.Client,
        person: httpx.Client,
        others: list[httpx.Client],
        *,
        database: str,
        batch: Batch,
    ) -> None:
        self.database = database
        self.batch = batch
        self.token = token
        self.person = person
        self.others = others

    def open(self, kind: str, step: Step, *, subject: str) -> str:
        """A new operation of this kind; its id."""
        body: dict[str, object] = {
            "kind": kind,
            "reference": f"{kind}-{uuid4()}",
            "subject": subject,
            **(step.open or {}),
        }
        if kind_of(kind).amount is AmountRule.REQUIRED:
            body["amount"] = {"value": "100.00", "currency": "EUR"}
        answer = self.token.post("/v1/operations", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def ask(self, operation_id: str, step: Step) -> httpx.Response:
        """The answer to one request of a path."""
        path = f"/v1/operations/{operation_id}"
        if step.outcome is not None:
            report = {name: getattr(step.outcome, name) for name in ("outcome", "reason", "code")}
            return self.token.post(
                f"{path}/outcome", json={name: value for name, value in report.items() if value}
            )
        if step.move is None:
            raise NeedsMachineryError(str(step))
        said = {name: getattr(step.move, name) for name in ("transition", "reason", "comment")}
        body = {name: value for name, value in said.items() if value}
        caller = self.person if step.move.as_ == "person" else self.token
        return caller.post(f"{path}/moves", json=body)

    def bring(self, kind: str, path: tuple[Step, ...], *, subject: str) -> str:
        """An operation at the end of its path; its id."""
        operation_id = self.open(kind, path[0], subject=subject)
        for step in path[1:]:
            if step.check is not None:
                assert self.examine(operation_id) == step.check, f"{kind} {step}"
                continue
            if step.deadline is not None:
                self.let_pass(operation_id, step.deadline)
                continue
            if step.re_ask is not None:
                self.ask_in_vain(operation_id)
                continue
            answer = self.ask(operation_id, step)
            consents = step.move.approvals if step.move else 0
            assert answer.status_code == (202 if consents else 201), f"{kind} {step}: {answer.text}"
            for other in self.others[:consents]:
                approval = f"/v1/operations/{operation_id}/approvals/{answer.json()['approval']}"
                said = other.post(approval, json={"verdict": "approve"})
                assert said.status_code == 201, f"{kind} {step}: {said.text}"
        return operation_id

    def let_pass(self, operation_id: str, transition: str) -> None:
        """Time passes: the stage's limit fires, as the worker fires it."""
        with connect(self.database, autocommit=True) as conn:
            due = """UPDATE viertakt.operation SET deadline_at = deadline_at - (deadline_at - least(deadline_at, now()))
                     WHERE operation_id = %s RETURNING version"""
            ((version,),) = conn.execute(due, [operation_id]).fetchall()
        request = DueRequest(OperationId(UUID(operation_id)), Caller(system("deadline")), version)
        answer = self.batch.call(request)
        if answer.replayed:
            raise NeedsMachineryError(transition)
        assert answer.entry.transition == transition

    def ask_in_vain(self, operation_id: str) -> None:
        """Whoever could know is asked for the last time, and says nothing, as the worker asks them."""
        with connect(self.database, autocommit=True) as conn:
            sequence_all(conn)
            follow_all(conn, "checks", project_runs)
            last = "UPDATE viertakt.check_run SET due_at = now(), tries = 23 WHERE operation_id = %s AND sort = 're_ask'"
            assert conn.execute(last, [operation_id]).rowcount == 1
        sender = Sender(Sealer(Settings(secret_key="x" * 40)), ())
        assert work_off(self.call, Outside(self.call, self.batch, Kinds(), sender)) == 1

    def call(self, question: Callable[[Connection], T]) -> T:
        """A question in a transaction of its own."""
        with connect(self.database) as conn:
            found = question(conn)
            conn.commit()
        return found

    def examine(self, operation_id: str) -> str | None:
        """What the checks of its stage make of it, as the worker asks them; the transition that it took."""
        with connect(self.database) as conn:
            sought = OperationId(UUID(operation_id))
            operation = read_operations(conn, [sought])[sought]
        answer = self.batch.call(CheckRequest(operation.id, Caller(system("check")), operation.version))
        return None if answer.replayed else answer.entry.transition

    def stands(self, operation_id: str) -> tuple[str, str]:
        """Its stage and status now."""
        found = self.token.get(f"/v1/operations/{operation_id}").json()
        return (found["stage"], found["status"])


@pytest.fixture(scope="module")
def callers(server_url: str, template: str) -> Iterator[Callers]:
    """A server of this file's own, and who acts."""
    for database in _copy(server_url, template):
        for running in run(database):
            with ExitStack() as stack:
                token = stack.enter_context(running.client("integration"))
                person, *others = [
                    stack.enter_context(running.person(name)) for name in ("Anna", "Bert", "Carla")
                ]
                engine = Engine(Kinds(), load_catalogue(), actor_by_id)
                batch = stack.enter_context(Batch(partial(connect, database), engine))
                yield Callers(token, person, others, database=database, batch=batch)


def _marks(needs: str | None) -> list[pytest.MarkDecorator]:
    if needs is None or needs in ACTING:
        return []
    failures = (AssertionError, NeedsMachineryError)
    return [pytest.mark.xfail(reason=f"needs {needs}", strict=True, raises=failures)]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(line, marks=_marks(line.needs), id=f"{line.provider}: {line.value}")
        for line in provider_values()
    ],
)
def test_a_provider_value_comes_to_its_place_through_the_api(callers: Callers, line: ProviderValue) -> None:
    """An importer and a source make these very requests."""
    operation_id = callers.bring(line.kind, line.path, subject=f"s-{uuid4()}")
    assert callers.stands(operation_id) == (line.expect.stage, line.expect.status)


@pytest.mark.parametrize(
    "line",
    [pytest.param(line, marks=_marks(line.needs), id=f"{line.kind}: {line.never}") for line in never_lines()],
)
def test_what_must_never_happen_does_not_through_the_api(callers: Callers, line: Never) -> None:
    """The last line of defence is not the graph but the door."""
    subject = f"s-{uuid4()}"
    if line.beside is not None:
        callers.bring(line.beside.kind, line.beside.path, subject=subject)
    operation_id = callers.bring(line.kind, line.path, subject=subject)
    before = callers.stands(operation_id)
    if line.try_ is not None:
        answer = callers.ask(operation_id, line.try_)
        if line.refused is None:
            assert answer.status_code == 202, answer.text
        else:
            assert answer.status_code in {403, 409, 422}, answer.text
            assert answer.json()["code"] == line.refused
        assert callers.stands(operation_id) == before
    if line.expect is not None:
        assert callers.stands(operation_id) == (line.expect.stage, line.expect.status)
