"""A view as a queue: what each is given next, and that nobody is given what another has."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.operations.conftest import House
from viertakt.access.actions import actor_by_id, add_person
from viertakt.access.model import Actor
from viertakt.db.pool import connect
from viertakt.errors import Forbidden, NotFound
from viertakt.operations.assigning import change_assignment
from viertakt.operations.model import Act, AssignmentRequest, Caller, Operation, OperationId
from viertakt.reports.queues import claim_next
from viertakt.reports.views import add_view
from viertakt.reports.views_model import Audience, ViewContent

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPERATORS = 50


class Queue:
    """Tickets that wait, the view that finds them, and people who take them."""

    def __init__(self, house: House, query: str = "kind:ticket status:pending") -> None:
        self.house = house
        self.names: dict[UUID, str] = {}
        keeper = self.person("keeper", "admin")
        with connect(house.url) as conn:
            content = ViewContent("Tickets", query, audience=Audience.EVERYONE)
            self.view = add_view(conn, content, keeper, fields={}).id
            conn.commit()

    def person(self, name: str, *roles: str) -> Actor:
        with connect(self.house.url) as conn:
            email = f"{name}@example.test"
            actor = add_person(conn, email=email, name=name, roles=roles or ("support",), password=None)
            conn.commit()
        return actor

    def ticket(self, name: str, due: int | None = None, *, age: int = 0, **content: Any) -> Operation:
        """One that is due in so many hours, and so many hours old."""
        opened = self.house.open("ticket", name, **content)
        self.names[opened.id] = name
        self.house.sql(
            "UPDATE viertakt.operation SET deadline_at = %s, created_at = %s WHERE operation_id = %s",
            None if due is None else NOON + timedelta(hours=due),
            NOON - timedelta(hours=age),
            opened.id,
        )
        return opened

    def next(self, actor: Actor, done: str | None = None) -> str | None:
        """What the actor is given."""
        finished = next((OperationId(id_) for id_, name in self.names.items() if name == done), None)
        with connect(self.house.url) as conn:
            found = claim_next(conn, self.view, Caller(actor), fields={}, done=finished)
            conn.commit()
        return None if found is None else self.names[found.id]

    def does(self, actor: Actor, operation: Operation, act: str, **asked: Any) -> None:
        with connect(self.house.url) as conn:
            change_assignment(conn, AssignmentRequest(operation.id, Caller(actor), Act(act), **asked))
            conn.commit()


@pytest.fixture
def queue(house: House) -> Iterator[Queue]:
    """A queue of tickets."""
    return Queue(house)  # type: ignore[return-value]


def test_the_first_deadline_comes_first_then_the_urgent_then_the_old(queue: Queue) -> None:
    """What is late soonest, and of what is never late what waits longest."""
    anna = queue.person("anna")
    queue.ticket("old", age=9)
    queue.ticket("due later", 5, age=20)
    queue.ticket("urgent", age=1)
    queue.ticket("due soon", 1)
    queue.ticket("new")
    low = queue.ticket("low", age=99)
    for name, priority in (("urgent", 2), ("low", -1)):
        operation = next(id_ for id_, given in queue.names.items() if given == name)
        with connect(queue.house.url) as conn:
            request = AssignmentRequest(
                OperationId(operation), Caller(anna), Act.PRIORITISE, priority=priority
            )
            change_assignment(conn, request)
            conn.commit()
    given = [queue.next(queue.person(f"p{n}")) for n in range(7)]
    assert given == ["due soon", "due later", "urgent", "old", "new", "low", None]
    assert low.id in queue.names


def test_fifty_at_once_are_given_fifty_different_ones_the_first_due_first(queue: Queue) -> None:
    """Nobody works on what another has, and nothing that is due sooner is left lying."""
    for n in range(OPERATORS + 20):
        # Opened in another order than they are due.
        queue.ticket(f"T-{(n * 37) % (OPERATORS + 20)}", due=(n * 37) % (OPERATORS + 20))
    people = [queue.person(f"p{n}") for n in range(OPERATORS)]
    with ThreadPoolExecutor(OPERATORS) as together:
        given = list(together.map(queue.next, people))
    assert sorted(given, key=str) == sorted((f"T-{n}" for n in range(OPERATORS)), key=str)
    rows = queue.house.sql(
        "SELECT count(*), count(DISTINCT claimed_by) FROM viertakt.assignment WHERE claimed_by <> ''"
    )
    assert rows == [(OPERATORS, OPERATORS)]
    claims = queue.house.sql("SELECT count(*) FROM viertakt.entry WHERE sort = 'claimed'")
    assert claims == [(OPERATORS,)]


def test_fifty_work_a_queue_off_and_nothing_is_given_twice(queue: Queue) -> None:
    """Each takes, ends and takes again, until nothing is left."""
    count = 120
    for n in range(count):
        queue.ticket(f"T-{n}", due=n)
    by_name = {name: OperationId(id_) for id_, name in queue.names.items()}
    people = [queue.person(f"p{n}") for n in range(OPERATORS)]

    def work(actor: Actor) -> list[str]:
        handled: list[str] = []
        while (name := queue.next(actor, handled[-1] if handled else None)) is not None:
            handled.append(name)
            queue.house.sql(
                "UPDATE viertakt.operation SET status = 'success', closed_at = now() WHERE operation_id = %s",
                by_name[name],
            )
        return handled

    with ThreadPoolExecutor(OPERATORS) as together:
        handled = [name for names in together.map(work, people) for name in names]
    assert sorted(handled) == sorted(by_name)


def test_what_another_has_or_put_off_or_was_assigned_is_not_given(queue: Queue) -> None:
    """Their work, a later day's, another team's."""
    anna, piet = queue.person("anna"), queue.person("piet")
    held, later, theirs, risks, ours, mine = (
        queue.ticket(name, n) for n, name in enumerate(("held", "later", "theirs", "risk's", "ours", "mine"))
    )
    queue.does(piet, held, "claim")
    queue.does(piet, later, "snooze", until=datetime.now(UTC) + timedelta(hours=1))
    queue.does(piet, theirs, "assign", to=piet.id)
    queue.does(piet, risks, "assign", to="role:risk")
    queue.does(piet, ours, "assign", to="role:support")
    queue.does(piet, mine, "assign", to=anna.id)
    assert queue.next(anna) == "ours"
    assert queue.next(anna, done="ours") == "mine"
    assert queue.next(anna, done="mine") == "ours"


def test_a_lease_that_ran_out_is_given_to_the_next(queue: Queue) -> None:
    """Without any job that frees it."""
    anna, piet = queue.person("anna"), queue.person("piet")
    queue.ticket("only")
    assert queue.next(anna) == "only"
    assert queue.next(piet) is None
    queue.house.sql("UPDATE viertakt.assignment SET lease_until = now() - interval '1 second'")
    assert queue.next(piet) == "only"


def test_asked_again_what_is_held_is_given_again(queue: Queue) -> None:
    """The answer was lost, or it is another window: nobody collects work without knowing."""
    anna = queue.person("anna")
    queue.ticket("later", 2)
    assert queue.next(anna) == "later"
    queue.ticket("sooner", 1)
    assert queue.next(anna) == "later"
    assert queue.next(anna, done="later") == "sooner"
    assert queue.next(anna, done="later") == "sooner"


def test_what_one_skipped_one_is_not_given_while_it_stays_as_it_was(queue: Queue) -> None:
    """But others are, and oneself when something has happened to it."""
    anna, piet = queue.person("anna"), queue.person("piet")
    queue.ticket("other", 2)
    hard = queue.ticket("hard", 1)
    assert queue.next(anna) == "hard"
    queue.does(anna, hard, "skip", comment="I know this customer.")
    assert queue.next(anna) == "other"
    assert queue.next(piet) == "hard"
    queue.does(piet, hard, "release")
    queue.house.sql("UPDATE viertakt.operation SET version = version + 1 WHERE operation_id = %s", hard.id)
    assert queue.next(anna, done="other") == "hard"


def test_a_queue_gives_only_what_its_asker_sees_and_may_take(queue: Queue) -> None:
    """A view is somebody's words, not anybody's rights."""
    queue.ticket("shop's", 1, brand="shop")
    queue.ticket("casino's", 2, brand="casino")
    anna = queue.person("anna")
    rows = queue.house.sql(
        "SELECT grant_id FROM viertakt.access_grant WHERE role = 'support' AND 'assign' = ANY(may)"
    )
    queue.house.sql(
        "UPDATE viertakt.access_grant SET revoked_by = 'system:cli', revoked_at = now() WHERE grant_id = %s",
        rows[0][0],
    )
    queue.house.sql(
        "INSERT INTO viertakt.access_grant (role, may, created_by) VALUES ('support', '{view}', 'system:cli')"
    )
    assert _reread(queue, anna).rights.to("assign") == ()
    with pytest.raises(Forbidden):
        queue.next(_reread(queue, anna))
    queue.house.sql(
        "INSERT INTO viertakt.access_grant (role, may, where_, created_by)"
        " VALUES ('support', '{assign}', 'brand:casino', 'system:cli')"
    )
    assert queue.next(_reread(queue, anna)) == "casino's"


def _reread(queue: Queue, actor: Actor) -> Actor:
    with connect(queue.house.url) as conn:
        return actor_by_id(conn, actor.id)


def test_a_view_that_asks_for_ones_own_is_ones_own_queue(house: House) -> None:
    """`me` is whoever takes."""
    queue = Queue(house, "kind:ticket assignee:me")
    anna, piet = queue.person("anna"), queue.person("piet")
    queue.does(anna, queue.ticket("anna's"), "assign", to=anna.id)
    queue.does(anna, queue.ticket("piet's"), "assign", to=piet.id)
    assert [queue.next(who) for who in (anna, piet)] == ["anna's", "piet's"]


def test_a_queue_of_no_view_is_not_found(queue: Queue) -> None:
    """Nor is one of another's view."""
    with connect(queue.house.url) as conn, pytest.raises(NotFound):
        claim_next(conn, UUID(int=1), Caller(queue.person("anna")), fields={})
