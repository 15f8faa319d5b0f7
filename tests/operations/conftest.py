"""A back office small enough for one test: the built-in kinds, a token and a person who may, and the batch."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt.access.actions import actor_by_id, add_person, install_roles, issue_token
from viertakt.access.model import Actor
from viertakt.db.pool import connect
from viertakt.kinds.actions import Kinds, install_builtin
from viertakt.kinds.model import KindName, ReasonCode, StageName, TransitionName
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.batch import Batch
from viertakt.operations.model import (
    Answer,
    Caller,
    Money,
    MoveRequest,
    OpenRequest,
    Operation,
    OperationId,
    OutcomeRequest,
    Verdict,
    VerdictRequest,
)
from viertakt.operations.turn import Engine, Result

if TYPE_CHECKING:
    from tests.operations.desk import Desk


class House:
    """The batch with its callers, and short ways to ask it."""

    def __init__(self, url: str, batch: Batch, engine: Engine, token: Actor, person: Actor) -> None:
        self.url = url
        self.batch = batch
        self.engine = engine
        self.token = token
        self.person = person

    def open(self, kind: str = "ticket", reference: str = "T-1", **content: Any) -> Operation:
        return self.batch.call(self.opening(kind, reference, **content)).operation

    def opening(
        self,
        kind: str = "ticket",
        reference: str = "T-1",
        *,
        by: Actor | None = None,
        key: str | None = None,
        **content: Any,
    ) -> OpenRequest:
        return OpenRequest(
            operation_id=OperationId(uuid7()),
            caller=Caller(by or self.token, key=key, body_digest="d" if key else None),
            kind=KindName(kind),
            reference=reference,
            **content,
        )

    def move(self, operation: Operation, transition: str, **asked: Any) -> Answer:
        return self.batch.call(self.moving(operation, transition, **asked))

    def moving(
        self,
        operation: Operation,
        transition: str,
        *,
        by: Actor | None = None,
        key: str | None = None,
        body: str = "d",
        reason: str | None = None,
        stage: str | None = None,
        **asked: Any,
    ) -> MoveRequest:
        return MoveRequest(
            operation_id=operation.id,
            caller=Caller(by or self.token, key=key, body_digest=body if key else None),
            transition=TransitionName(transition),
            reason=ReasonCode(reason) if reason else None,
            expected_stage=StageName(stage) if stage else None,
            **asked,
        )

    def move_with_consents(self, operation: Operation, transition: str, **asked: Any) -> Answer:
        """The move by `self.person`, with the consents of two administrators, all at the moment `at`."""
        answer = self.move(operation, transition, by=self.person, **asked)
        for name in ("one", "another"):
            with connect(self.url) as conn:
                email = f"{name}-{answer.entry.seq}@example.test"
                person = add_person(conn, email=email, name=name, roles=["admin"], password=None)
                conn.commit()
            verdict = VerdictRequest(operation.id, Caller(person), Verdict.APPROVE, at=asked.get("at"))
            answer = self.batch.call(verdict)
        return answer

    def end(
        self, operation: Operation, outcome: Any = None, *, by: Actor | None = None, **told: Any
    ) -> Result:
        request = OutcomeRequest(operation.id, Caller(by or self.token), outcome=outcome, **told)
        return self.batch.call_all([request])[0]

    def sql(self, statement: str, *parameters: Any) -> list[Any]:
        with connect(self.url, autocommit=True) as conn:
            cursor = conn.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []


def euros(value: str) -> Money:
    return Money(Decimal(value), "EUR")


@contextmanager
def back_office(url: str) -> Iterator[House]:
    """A house over a migrated database that has none yet."""
    with connect(url) as conn:
        install_roles(conn)
        install_builtin(conn)
        _, token = issue_token(conn, "till", ["admin"])
        person = add_person(
            conn,
            email="lead@example.test",
            name="A payments lead",
            roles=["payments_lead", "payments"],
            password="correct horse battery",
            language="nl",
        )
        conn.commit()
    engine = Engine(Kinds(), load_catalogue(), actor_by_id)
    with Batch(lambda: connect(url), engine) as batch:
        yield House(url, batch, engine, token, person)


@pytest.fixture
def house(database: str) -> Iterator[House]:
    with back_office(database) as made:
        yield made


@pytest.fixture
def desk(house: House) -> "Desk":
    """The house with an operator who asks and two leads who consent."""
    from tests.operations.desk import Desk

    return Desk(house)


@pytest.fixture
def host(house: House) -> Iterator[Connection[Any]]:
    """A host application's own connection, in a transaction of its own."""
    with connect(house.url) as conn:
        yield conn
