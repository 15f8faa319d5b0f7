"""A back office with bulk jobs: people who ask and consent, and a worker that works when it is told to."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from tests.operations.conftest import House, back_office, euros
from viertakt.access.actions import actor_by_id, add_person, set_roles
from viertakt.access.model import Actor, system
from viertakt.access.rules import visible
from viertakt.bulk import actions
from viertakt.bulk.dry_run import Chosen
from viertakt.bulk.model import Asker, Item, Job, Limits, Wanted
from viertakt.bulk.running import Runner
from viertakt.db.pool import connect
from viertakt.kinds.model import ReasonCode, TransitionName
from viertakt.language import parse, within
from viertakt.operations.model import Answer, Operation, Verdict
from viertakt.operations.store import read_operations

T = TypeVar("T")
LIMITS = Limits(countdown=timedelta(0))


class Bulk:
    """Jobs at a house, asked for by `self.asker` (payments) and consented to by two leads."""

    def __init__(self, house: House, limits: Limits = LIMITS) -> None:
        self.house = house
        self.limits = limits
        self.asker = self.person("An operator", "payments")
        self.first = self.person("A lead", "payments_lead")
        self.second = self.person("Another lead", "payments_lead")
        self.runner = Runner(self.ask, house.batch, house.engine, limits)

    def person(self, name: str, *roles: str) -> Actor:
        email = f"{name.replace(' ', '.')}@example.test"
        return self.ask(lambda conn: add_person(conn, email=email, name=name, roles=roles, password=None))

    def change(self, actor: Actor, *roles: str) -> None:
        self.ask(lambda conn: set_roles(conn, actor.id, roles))

    def ask(self, question: Callable[[Any], T]) -> T:
        with connect(self.house.url) as conn:
            found = question(conn)
            conn.commit()
        return found

    def withdrawals(self, count: int, *, amount: str = "20", brand: str = "casino-nl") -> list[Operation]:
        """So many withdrawals that wait for a decision."""
        openings = [
            # Told later than it happened: no check takes them on before somebody decides.
            self.house.opening(
                "withdrawal",
                f"W-{brand}-{amount}-{n}",
                amount=euros(amount),
                brand=brand,
                at=datetime.now(UTC) - timedelta(hours=1),
            )
            for n in range(count)
        ]
        answers = self.house.batch.call_all(openings)
        return [answer.operation for answer in answers if isinstance(answer, Answer)]

    def make(
        self,
        q: str | None = None,
        *,
        ids: tuple[Any, ...] | None = None,
        transition: str = "refuse",
        reason: str | None = "fraud",
        comment: str | None = None,
        by: Actor | None = None,
        key: str | None = None,
    ) -> Job:
        wanted = Wanted(TransitionName(transition), ReasonCode(reason) if reason else None, comment)
        return self.wants(wanted, q, ids=ids, by=by, key=key)

    def wants(
        self,
        wanted: Wanted,
        q: str | None = None,
        *,
        ids: tuple[Any, ...] | None = None,
        by: Actor | None = None,
        key: str | None = None,
    ) -> Job:
        """A job that does this."""
        actor = self.again(by or self.asker)

        def made(conn: Any) -> Job:
            fields = self.house.engine.kinds.search_fields(conn)  # type: ignore[attr-defined]
            query = None if q is None else within(parse(q, fields=fields), visible(actor))
            asker = Asker(actor, key, "d" if key else None)
            return actions.make_job(
                conn, self.house.engine, wanted, Chosen(query, ids), asker, limits=self.limits
            )[0]

        return self.ask(made)

    def again(self, actor: Actor) -> Actor:
        """The actor with the rights of this moment."""
        return self.ask(lambda conn: actor_by_id(conn, actor.id))

    def start(self, job: Job, *, by: Actor | None = None, confirm: int | None = None) -> Job:
        number = job.affected if confirm is None else confirm
        actor = self.again(by or self.asker)
        return self.ask(
            lambda conn: actions.start_job(conn, job.bulk_id, actor=actor, confirm=number, limits=self.limits)
        )

    def says(self, job: Job, by: Actor, verdict: str = "approve", comment: str | None = None) -> Job:
        actor = self.again(by)
        return self.ask(
            lambda conn: actions.say_verdict(
                conn, job.bulk_id, Verdict(verdict), actor=actor, comment=comment, limits=self.limits
            )
        )

    def undo(self, job: Job, *, by: Actor | None = None, comment: str | None = "The wrong filter.") -> Job:
        asker = Asker(self.again(by or self.first))
        return self.ask(
            lambda conn: actions.undo_job(
                conn,
                self.house.engine,
                job.bulk_id,
                asker,
                reason=None,
                comment=comment,
                limits=self.limits,
            )[0]
        )

    def work(self, job: Job) -> Job:
        """Let the worker work until nothing is to be done."""
        self.work_on()
        return self.look(job)

    def work_on(self) -> None:
        while self.runner.turn() is not None:
            pass

    def fresh(self, operations: list[Operation]) -> list[Operation]:
        """The same as they stand now."""
        found = self.ask(lambda conn: read_operations(conn, [one.id for one in operations]))
        return [found[one.id] for one in operations]

    def look(self, job: Job, *, by: Actor | None = None) -> Job:
        reader = self.again(by or self.asker)
        return self.ask(lambda conn: actions.read_job(conn, job.bulk_id, reader=reader))

    def items(self, job: Job) -> list[Item]:
        return self.ask(lambda conn: actions.list_items(conn, job.bulk_id, reader=self.asker, limit=10_000))

    def stages(self, *, brand: str = "casino-nl") -> dict[str, int]:
        """How many withdrawals of a brand stand where."""
        return dict(
            self.house.sql(
                "SELECT stage, count(*) FROM viertakt.operation WHERE brand = %s GROUP BY stage", brand
            )
        )

    def release(self, operations: list[Operation]) -> None:
        """The ledger gives the funds back, as it does when it is told of a refusal."""
        ledger = system("ledger")
        results = self.house.batch.call_all(
            [self.house.moving(one, "released", by=ledger) for one in operations]
        )
        assert all(isinstance(one, Answer) for one in results), results[:1]


@pytest.fixture
def house(database: str) -> Iterator[House]:
    with back_office(database) as made:
        yield made


@pytest.fixture
def bulk(house: House) -> Bulk:
    return Bulk(house)


def euro_sum(value: int) -> dict[str, Decimal]:
    return {"EUR": Decimal(value)}
