"""For any kind that passes `check_kind` and any sequence of requests: what can never come about."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import Connection

from tests.granted import rights
from tests.kinds.strategies import kinds
from viertakt.access.actions import actor_by_id
from viertakt.access.model import Actor, ActorId, system
from viertakt.db.pool import connect
from viertakt.errors import ViertaktError
from viertakt.kinds.actions import Kinds, builtin_kinds, publish_kind
from viertakt.kinds.model import (
    AmountRule,
    Effect,
    Kind,
    Outcome,
    PublishedKind,
    ReasonCode,
    Status,
    TransitionName,
)
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations import rules, rules_outcome
from viertakt.operations.actions import execute
from viertakt.operations.model import (
    Answer,
    Caller,
    Decision,
    EntrySort,
    Money,
    MoveRequest,
    OpenRequest,
    Operation,
    OperationId,
    OutcomeRequest,
)
from viertakt.operations.reading import read_history, read_operation, replay
from viertakt.operations.requests import Request
from viertakt.operations.turn import Engine

START = datetime(2026, 1, 1, tzinfo=UTC)
ID = OperationId(UUID("01a20590-0000-7000-8000-000000000000"))
ACTORS = (
    Actor(ActorId("token:1"), "till", frozenset({"admin"}), rights=rights("admin")),
    Actor(
        ActorId("person:1"),
        "a payments lead",
        frozenset({"payments", "payments_lead"}),
        rights=rights("payments", "payments_lead"),
    ),
    Actor(ActorId("person:2"), "a reader", frozenset({"read_only"}), rights=rights("read_only")),
    system("deadline"),
    system("check:velocity"),
    system("source:stripe"),
    system("children"),
    system("ledger"),
)


@st.composite
def requests(draw: st.DrawFn, kind: Kind) -> Request:
    """Anything somebody could ask of an operation of this kind, sensible or not."""
    caller = Caller(draw(st.sampled_from(ACTORS)))
    reason = draw(st.none() | st.sampled_from(["fraud", "insufficient_funds", "no_such_reason"]))
    if draw(st.booleans()):
        outcome = draw(st.none() | st.sampled_from(list(Outcome)))
        code = draw(st.none() | st.sampled_from(["iso20022:AM04", "iso20022:ZZ99", "x"]))
        return OutcomeRequest(ID, caller, outcome, ReasonCode(reason) if reason else None, code)
    names = [*kind.transitions, TransitionName("no_such_transition")]
    return MoveRequest(
        operation_id=ID,
        caller=caller,
        transition=draw(st.sampled_from(names)),
        reason=ReasonCode(reason) if reason else None,
        comment=draw(st.none() | st.just("why")),
        expected_version=draw(st.none() | st.integers(1, 5)),
    )


@st.composite
def lives(draw: st.DrawFn) -> tuple[Kind, list[Request]]:
    """A kind and everything that is asked of one operation of it."""
    kind = draw(kinds() | st.sampled_from(list(builtin_kinds().values())))
    return kind, draw(st.lists(requests(kind), max_size=25))


def opening(kind: Kind, caller: Caller) -> OpenRequest:
    """The least that opens an operation of this kind."""
    amount = Money(Decimal("12.50"), "EUR") if kind.amount is AmountRule.REQUIRED else None
    return OpenRequest(ID, caller, kind.kind, "R-1", amount=amount)


def decide(kind: Kind, operation: Operation, request: Request, now: datetime) -> Decision | None:
    """The decision, or None where the request is refused or comes to nothing."""
    published, reasons = PublishedKind(kind, 1), load_catalogue()
    try:
        if isinstance(request, MoveRequest):
            return rules.decide_move(published, operation, request, catalogue=reasons, now=now)
        assert isinstance(request, OutcomeRequest)
        return rules_outcome.decide_outcome(published, operation, request, catalogue=reasons, now=now)
    except ViertaktError:
        return None


@given(lives())
@settings(max_examples=300)
def test_only_declared_transitions_happen(life: tuple[Kind, list[Request]]) -> None:
    """Versions are dense, the status is its stage's, the end is dated, whatever is asked and by whom."""
    kind, asked = life
    operation = rules.decide_open(
        PublishedKind(kind, 1), opening(kind, Caller(ACTORS[0])), now=START
    ).operation
    for n, request in enumerate(asked):
        decision = decide(kind, operation, request, START + timedelta(minutes=n))
        if decision is None:
            continue
        after = decision.operation
        if decision.sort is not EntrySort.MOVED:
            assert (after.stage, after.status, after.version) == (
                operation.stage,
                operation.status,
                operation.version,
            )
        else:
            assert decision.transition is not None
            transition = kind.transitions[decision.transition]
            assert operation.stage in transition.from_
            assert after.stage == transition.to
            assert after.version == operation.version + 1
        assert after.status is kind.stages[after.stage].status
        assert (after.closed_at is None) == (after.status is Status.PENDING)
        operation = after


@given(lives())
@settings(max_examples=300)
def test_available_moves_never_lie(life: tuple[Kind, list[Request]]) -> None:
    """A button that is offered works, and one that is not would be refused: for every actor, at every stage reached."""
    kind, asked = life
    published, reasons = PublishedKind(kind, 1), load_catalogue()
    operation = rules.decide_open(published, opening(kind, Caller(ACTORS[0])), now=START).operation
    for request in asked:
        for actor in ACTORS:
            for offer in rules.available_moves(published, operation, actor, now=START):
                move = MoveRequest(
                    ID,
                    Caller(actor),
                    offer.transition,
                    reason=offer.reasons[0] if offer.reasons else None,
                    comment="why" if offer.comment_required else None,
                )
                try:
                    rules.decide_move(published, operation, move, catalogue=reasons, now=START)
                    works = True
                except ViertaktError:
                    works = False
                assert works == offer.allowed
        decision = decide(kind, operation, request, START)
        operation = decision.operation if decision else operation


@given(lives())
@settings(max_examples=300)
def test_money_is_never_in_error_while_its_outcome_is_unknown(life: tuple[Kind, list[Request]]) -> None:
    """Somebody would press retry and pay twice: only proof (a process, a provider, a person) makes an error."""
    kind, asked = life
    if kind.effect is not Effect.EXTERNAL:
        return
    operation = rules.decide_open(
        PublishedKind(kind, 1), opening(kind, Caller(ACTORS[0])), now=START
    ).operation
    for request in asked:
        decision = decide(kind, operation, request, START)
        if decision is None:
            continue
        if decision.operation.status is Status.ERROR and operation.status is not Status.ERROR:
            assert decision.cause in {"process", "source", "manual"}
            assert not (isinstance(request, OutcomeRequest) and request.outcome is Outcome.UNKNOWN)
        operation = decision.operation


@given(life=lives())
@settings(max_examples=60)
def test_the_history_replays_to_the_row(shared_database: str, life: tuple[Kind, list[Request]]) -> None:
    """Through the real tables: nothing is in the row that its entries do not say, and no entry is without its version."""
    kind, asked = life
    kind = msgspec.structs.replace(kind, kind="any_kind") if kind.kind not in builtin_kinds() else kind
    with connect(shared_database) as conn:
        try:
            _replays(conn, kind, asked)
        finally:
            conn.rollback()


def _replays(conn: Connection[Any], kind: Kind, asked: list[Request]) -> None:
    publish_kind(conn, kind, actor=system("test"))
    registry = Kinds()
    engine = Engine(registry, load_catalogue(), actor_by_id)
    machines = [
        system("ledger"),
        system("deadline"),
        system("source:stripe"),
        system("check:x"),
        system("children"),
    ]
    (opened,) = execute(conn, engine, [opening(kind, Caller(machines[0]))])
    assert isinstance(opened, Answer), opened
    for n, request in enumerate(asked):
        # The system under its names needs no row among the actors, and may make what a kind leaves to automatic causes.
        caller = Caller(machines[n % len(machines)])
        execute(conn, engine, [msgspec.structs.replace(request, caller=caller)])
    operation = read_operation(conn, ID)
    entries = read_history(conn, ID, after=0, limit=1000)
    versions = [entry for entry in entries if entry.version is not None]
    assert [entry.version for entry in versions] == list(range(1, operation.version + 1))
    assert [entry.seq for entry in entries] == sorted(entry.seq for entry in entries)
    told = replay(operation, versions, published=registry.at(conn, operation.kind, operation.kind_version))
    for field in ("stage", "status", "version", "amount", "attributes", "entered_at", "closed_at"):
        assert getattr(told, field) == getattr(operation, field), field
