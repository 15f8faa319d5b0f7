"""Whatever is asked, said, changed and taken away, in whatever order: no move is made that too few people wanted."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from psycopg import Connection
from uuid_utils.compat import uuid7

from tests.conftest import _copy
from viertakt.access.actions import actor_by_id, add_person, install_roles, set_roles
from viertakt.access.model import ActorId, system
from viertakt.db.pool import connect
from viertakt.kinds.actions import Kinds, install_builtin
from viertakt.kinds.model import KindName, TransitionName
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.actions import execute
from viertakt.operations.model import (
    AmendRequest,
    Answer,
    Caller,
    EntrySort,
    Money,
    MoveRequest,
    OpenRequest,
    Operation,
    OperationId,
    Verdict,
    VerdictRequest,
)
from viertakt.operations.reading import read_history
from viertakt.operations.requests import Request
from viertakt.operations.turn import Engine

PEOPLE = 5
LEAD = ("payments_lead",)
ROLES = (("payments",), LEAD, LEAD, ("payments", "payments_lead"), ("support",))

who = st.integers(0, PEOPLE - 1)
consent = st.tuples(st.just("approve"), who)
step = st.one_of(
    st.tuples(st.just("ask"), who),
    st.tuples(st.just("ask"), st.just(0)),
    consent,
    consent,
    consent,
    consent,
    st.tuples(st.sampled_from(["decline", "withdraw"]), who),
    st.tuples(st.just("amount"), st.sampled_from([900, 1000, 5000])),
    st.tuples(st.just("roles"), st.tuples(who, st.sampled_from(ROLES))),
)


class Office(msgspec.Struct):
    """A database with its kinds and five people; each life of a withdrawal there is rolled back."""

    url: str
    engine: Engine
    people: list[ActorId]


@pytest.fixture(scope="module")
def office(server_url: str, template: str) -> Iterator[Office]:
    for database in _copy(server_url, template):
        with connect(database) as conn:
            install_roles(conn)
            install_builtin(conn)
            people = [
                add_person(conn, email=f"p{n}@example.test", name=f"Person {n}", roles=[], password=None).id
                for n in range(PEOPLE)
            ]
            conn.commit()
        yield Office(database, Engine(Kinds(), load_catalogue(), actor_by_id), people)


def test_no_large_withdrawal_is_approved_without_two_others(office: Office) -> None:
    """Judged from the history and from who held which role when the move was made, by a rule written once more here."""
    judged: list[Decimal] = []
    with connect(office.url) as conn:

        @given(steps=st.lists(step, min_size=10, max_size=30))
        @example(steps=[("ask", 0), ("approve", 1), ("approve", 0), ("approve", 2)])
        def lives(steps: list[tuple[str, Any]]) -> None:
            try:
                judged.extend(_live(conn, office, steps))
            finally:
                conn.rollback()

        lives()
    assert [amount for amount in judged if amount >= 1000], "some were approved, so the rule was tried"


def _live(conn: Connection[Any], office: Office, steps: list[tuple[str, Any]]) -> Iterator[Decimal]:
    """The amounts at which it was approved."""
    for person, held in zip(office.people, ROLES, strict=True):
        set_roles(conn, person, held)
    opening = OpenRequest(
        OperationId(uuid7()),
        Caller(system("till")),
        KindName("withdrawal"),
        "W-1",
        subject="player-7",
        amount=Money(Decimal(1000), "EUR"),
    )
    operation = _done(conn, office.engine, opening)
    assert operation is not None
    for what, said in steps:
        if what == "roles":
            set_roles(conn, office.people[said[0]], said[1])
            continue
        after = _done(conn, office.engine, _request(conn, operation, what, said, office.people))
        if after is not None and after.stage == "approved" != operation.stage:
            _judge(conn, operation)
            assert operation.amount is not None
            yield operation.amount.value
        operation = after or operation


def _request(
    conn: Connection[Any], operation: Operation, what: str, said: int, people: list[ActorId]
) -> Request:
    if what == "amount":
        return AmendRequest(operation.id, Caller(system("till")), amount=Money(Decimal(said), "EUR"))
    caller = Caller(actor_by_id(conn, people[said]))
    if what == "ask":
        return MoveRequest(operation.id, caller, TransitionName("approve"))
    return VerdictRequest(operation.id, caller, Verdict(what), comment="Because.")


def _done(conn: Connection[Any], engine: Engine, request: Request) -> Operation | None:
    (result,) = execute(conn, engine, [request])
    return result.operation if isinstance(result, Answer) else None


def _judge(conn: Connection[Any], before: Operation) -> None:
    """`before`: the operation as it stood when it was approved."""
    entries = read_history(conn, before.id, after=0, limit=1000)
    moved = entries[-1]
    assert moved.sort is EntrySort.MOVED
    assert actor_by_id(conn, moved.actor).roles & {"payments"}
    assert before.amount is not None
    if before.amount.value < 1000:
        assert "approval" not in (moved.data or {})
        return
    asked = [entry for entry in entries if entry.sort is EntrySort.ASKED][-1]
    assert (asked.actor, asked.seq) == (moved.actor, (moved.data or {})["approval"])
    since = [entry for entry in entries if asked.seq < entry.seq < moved.seq]
    assert all(entry.version is None for entry in since), "nothing has changed since it was asked for"
    assert not {EntrySort.DECLINED, EntrySort.WITHDRAWN} & {entry.sort for entry in since}
    consented = {entry.actor for entry in since if entry.sort is EntrySort.CONSENTED} - {moved.actor}
    assert len([one for one in consented if actor_by_id(conn, one).roles & {"payments_lead"}]) >= 2
