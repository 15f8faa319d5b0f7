"""Consents when things happen at once: both orders forced, by locks and between reading and writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from psycopg import Connection

from tests.operations.conftest import euros
from tests.operations.desk import Desk
from viertakt.access.actions import actor_by_id
from viertakt.access.model import Actor, ActorId
from viertakt.db.pool import connect
from viertakt.errors import NotPermitted, ViertaktError
from viertakt.operations.actions import execute
from viertakt.operations.model import (
    AmendRequest,
    Answer,
    Caller,
    EntrySort,
)
from viertakt.operations.turn import Engine, Result


class Interrupted:
    """Reads actors, and lets something happen right after one was read: before the decision, before the write."""

    def __init__(self, after: ActorId, then: Any) -> None:
        self.after = after
        self.then = then

    def __call__(self, conn: Connection[Any], actor: ActorId) -> Actor:
        found = actor_by_id(conn, actor)
        if actor == self.after and self.then is not None:
            happen, self.then = self.then, None
            happen()
        return found


def _execute(desk: Desk, request: Any, engine: Engine | None = None) -> Result:
    with connect(desk.house.url) as conn:
        (result,) = execute(conn, engine or desk.house.engine, [request])
        conn.commit()
    return result


@pytest.mark.parametrize("whose", ["asker", "first", "second"])
def test_a_right_revoked_between_reading_and_writing_stops_the_move(desk: Desk, whose: str) -> None:
    """The write is guarded by the rights of everybody whose rights were read."""
    operation = desk.withdrawal()
    desk.asked(operation)
    desk.says(operation, desk.first)
    victim: Actor = getattr(desk, whose)
    after = desk.first.id if whose == "second" else victim.id
    engine = Engine(
        desk.house.engine.kinds,
        desk.house.engine.catalogue,
        Interrupted(after, lambda: desk.change(victim, "support")),
    )
    result = _execute(desk, desk.saying(operation, desk.second), engine)
    assert desk.stage(operation) == "requested"
    if whose == "first":
        assert isinstance(result, Answer), "the second consent stands by itself"
        assert result.entry.sort is EntrySort.CONSENTED
    else:
        assert isinstance(result, ViertaktError)
    moved = [sort for sort, _, _ in desk.history(operation) if sort == "moved"]
    assert moved == []


@contextmanager
def _meanwhile(desk: Desk, request: Any) -> Iterator[list[Result]]:
    """Another transaction that asks while ours is open; it ends after ours has."""
    results: list[Result] = []
    thread = Thread(target=lambda: results.append(_execute(desk, request)))
    thread.start()
    waiting = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while desk.house.sql(waiting) == [(0,)]:
        assert thread.is_alive(), "it waits for the operation's lock"
    yield results
    thread.join()


def _both(desk: Desk, first: Any, second: Any) -> tuple[Result, Result]:
    """The first decides and writes; the second is held at the lock until the first has committed."""
    with connect(desk.house.url) as conn:
        (one,) = execute(conn, desk.house.engine, [first])
        with _meanwhile(desk, second) as others:
            conn.commit()
    return one, others[0]


@pytest.mark.parametrize("amended_first", [True, False])
def test_an_amount_changed_at_the_last_consent(desk: Desk, amended_first: bool) -> None:
    """Whichever comes first, nothing is approved at an amount that nobody consented to."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    desk.says(operation, desk.first)
    amend = AmendRequest(operation.id, Caller(desk.house.token), amount=euros("15000"))
    consent = desk.saying(operation, desk.second, asked_seq=asked.entry.seq)
    if amended_first:
        _, late = _both(desk, amend, consent)
        assert desk.stage(operation) == "requested"
    else:
        _, late = _both(desk, consent, amend)
        assert desk.stage(operation) == "approved"
    assert isinstance(late, NotPermitted)


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_two_last_consents_at_once_make_one_move(desk: Desk, order: tuple[str, str]) -> None:
    """Each of them saw that one was missing."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    desk.says(operation, desk.person("a third lead", "payments_lead"))
    one, other = (desk.saying(operation, getattr(desk, who), asked_seq=asked.entry.seq) for who in order)
    done, late = _both(desk, one, other)
    assert isinstance(done, Answer)
    assert isinstance(late, NotPermitted)
    assert late.facts["why_not"] == "made"
    assert [sort for sort, _, _ in desk.history(operation)].count("moved") == 1


def test_two_consents_of_one_person_at_once_count_once(desk: Desk) -> None:
    """Two windows, two clicks, one person."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    done, late = _both(
        desk,
        desk.saying(operation, desk.first, asked_seq=asked.entry.seq),
        desk.saying(operation, desk.first, asked_seq=asked.entry.seq),
    )
    assert isinstance(done, Answer)
    assert isinstance(late, NotPermitted)
    assert desk.stage(operation) == "requested"


@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_a_withdrawal_and_the_last_consent_at_once(desk: Desk, withdrawn_first: bool) -> None:
    """Either it is withdrawn or it is made, never both."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    desk.says(operation, desk.first)
    seq = asked.entry.seq
    withdraw = desk.saying(operation, desk.asker, "withdraw", asked_seq=seq)
    consent = desk.saying(operation, desk.second, asked_seq=seq)
    _, late = _both(desk, withdraw, consent) if withdrawn_first else _both(desk, consent, withdraw)
    assert isinstance(late, NotPermitted)
    assert desk.stage(operation) == ("requested" if withdrawn_first else "approved")


def test_consents_that_arrive_in_one_set_are_counted_one_after_the_other(desk: Desk) -> None:
    """The batch takes them together; each sees the one before."""
    operation = desk.withdrawal()
    desk.asked(operation)
    results = desk.house.batch.call_all(
        [desk.saying(operation, who) for who in (desk.first, desk.first, desk.second)]
    )
    assert [type(result) for result in results] == [Answer, NotPermitted, Answer]
    assert desk.stage(operation) == "approved"
