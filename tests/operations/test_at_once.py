"""Moves without locks when something comes in between: after the reading and before the write, whatever can."""

import threading
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from psycopg import Connection

from tests.operations.conftest import House, euros
from viertakt.access.actions import deactivate
from viertakt.db.pool import connect
from viertakt.errors import LostRace, NotPermitted, Unauthenticated, Unavailable
from viertakt.kinds.model import PublishedKind
from viertakt.operations.actions import execute
from viertakt.operations.batch import Batch
from viertakt.operations.model import Answer, Operation
from viertakt.operations.turn import Kinds

Meanwhile = Callable[[House, Operation], None]


class Interrupted:
    """Kinds that let something happen when a decision asks for one: after the reading, before the write."""

    def __init__(self, kinds: Kinds, then: Callable[[], None]) -> None:
        self.kinds = kinds
        self.then: Callable[[], None] | None = then

    def latest(self, conn: Connection[Any], name: str) -> PublishedKind:
        return self.kinds.latest(conn, name)

    def at(self, conn: Connection[Any], name: str, version: int) -> PublishedKind:
        if self.then is not None:
            happen, self.then = self.then, None
            happen()
        return self.kinds.at(conn, name, version)


def _interrupted(house: House, operation: Operation, meanwhile: Meanwhile) -> Batch:
    kinds = Interrupted(house.engine.kinds, lambda: meanwhile(house, operation))
    engine = msgspec.structs.replace(house.engine, kinds=kinds)
    return Batch(lambda: connect(house.url), engine, threads=1)


def _moved(house: House, operation: Operation) -> list[Any]:
    return house.sql(
        "SELECT transition, key FROM viertakt.entry WHERE operation_id = %s AND sort = 'moved' ORDER BY entry_seq",
        operation.id,
    )


def test_who_comes_too_late_is_decided_anew(house: House) -> None:
    """Escalated by somebody else in between, it cannot be approved any more, and the refusal says where it stands."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    with (
        _interrupted(house, operation, lambda house, operation: _move(house, operation, "escalate")) as batch,
        pytest.raises(NotPermitted, match="compliance_hold"),
    ):
        batch.call(house.moving(operation, "approve", key="k-1"))
    assert _moved(house, operation) == [("escalate", None)]


def test_who_comes_too_late_may_still_come(house: House) -> None:
    """What is permitted from there too happens, on the version that it is now at."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))

    def there_and_back(house: House, operation: Operation) -> None:
        _move(house, operation, "escalate")
        _move(house, operation, "clear")

    with _interrupted(house, operation, there_and_back) as batch:
        answer = batch.call(house.moving(operation, "escalate", key="k-1"))
    assert answer.operation.version == 4
    assert _moved(house, operation) == [("escalate", None), ("clear", None), ("escalate", "k-1")]


def test_the_same_key_in_between_answers(house: House) -> None:
    """Of one request that two servers got, one acts and the other gives its answer."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))

    def first(house: House, operation: Operation) -> None:
        house.move(operation, "escalate", key="k-1")

    with _interrupted(house, operation, first) as batch:
        answer = batch.call(house.moving(operation, "escalate", key="k-1"))
    assert answer.replayed
    assert _moved(house, operation) == [("escalate", "k-1")]


def test_a_right_lost_in_between_no_longer_writes(house: House) -> None:
    """The write is guarded by what the actor may do, not by what was read of it."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))

    def leaves(house: House, _: Operation) -> None:
        with connect(house.url) as conn:
            deactivate(conn, house.token.id)

    with _interrupted(house, operation, leaves) as batch, pytest.raises(Unauthenticated):
        batch.call(house.moving(operation, "escalate", key="k-1"))
    assert _moved(house, operation) == []


def test_a_connection_that_breaks_in_the_write_is_not_asked_twice(house: House) -> None:
    """Nobody can know whether it was written: the caller is told so, and the key tells when it asks again."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))

    def ended(house: House, _: Operation) -> None:
        house.sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'the one that breaks'"
        )

    kinds = Interrupted(house.engine.kinds, lambda: ended(house, operation))
    engine = msgspec.structs.replace(house.engine, kinds=kinds)
    with Batch(
        lambda: connect(house.url, application_name="the one that breaks"), engine, threads=1
    ) as batch:
        with pytest.raises(Unavailable, match="not known whether it happened"):
            batch.call(house.moving(operation, "escalate", key="k-1"))
        answer = batch.call(house.moving(operation, "escalate", key="k-1"))
    assert not answer.replayed, "it had not been written"
    assert _moved(house, operation) == [("escalate", "k-1")]


def test_two_servers_on_one_operation_take_turns(house: House) -> None:
    """Each move is made once, on the version before it, whoever makes it; and of one key one entry."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    told: list[Answer | LostRace | NotPermitted] = []

    def server(name: str) -> None:
        with Batch(lambda: connect(house.url), house.engine, threads=1) as batch:
            for n in range(60):
                for transition in ("escalate", "clear"):
                    for key in (f"{name}-{n}-{transition}", f"both-{n}-{transition}"):
                        (result,) = batch.call_all([house.moving(operation, transition, key=key)])
                        assert isinstance(result, Answer | LostRace | NotPermitted)
                        told.append(result)

    threads = [threading.Thread(target=server, args=(name,)) for name in ("one", "another")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [one for one in told if isinstance(one, Answer) and not one.replayed]
    versions = [one.entry.version for one in made]
    assert sorted(version for version in versions if version) == list(range(2, len(made) + 2))
    assert len(_moved(house, operation)) == len(made)
    assert house.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == [(0,)]


def test_a_host_that_rolls_back_leaves_no_refusal(house: House) -> None:
    """A refusal never rests on what another transaction has not committed."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    late: list[object] = []
    with connect(house.url) as conn:
        execute(conn, house.engine, [house.moving(operation, "escalate")])
        waiting = threading.Thread(
            target=lambda: late.extend(house.batch.call_all([house.moving(operation, "approve")]))
        )
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive(), "its write waits for what the host does"
        conn.rollback()
        waiting.join()
    assert isinstance(late[0], Answer)
    assert _moved(house, operation) == [("approve", None)]


def _move(house: House, operation: Operation, transition: str) -> None:
    house.move(operation, transition)
