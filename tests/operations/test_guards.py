"""Guards: what a transition's `when` lets through, by hand, by a report, and on a button."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.granted import rights
from tests.operations.conftest import House
from viertakt.access.model import Actor, ActorId, system
from viertakt.errors import Forbidden, NotPermitted
from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.model import Kind, KindName, Outcome, PublishedKind, TransitionName
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations import rules, rules_outcome
from viertakt.operations.model import (
    Available,
    Caller,
    Money,
    MoveRequest,
    OpenRequest,
    Operation,
    OperationId,
    OutcomeRequest,
)
from viertakt.operations.rules_guards import guard_holds

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ID = OperationId(UUID("01a20590-0000-7000-8000-000000000000"))
ADMIN = Actor(ActorId("token:1"), "till", frozenset({"admin"}), rights=rights("admin"))
READER = Actor(ActorId("person:2"), "a reader", frozenset({"read_only"}), rights=rights("read_only"))
PROCESS = system("process")


def opened(kind: Kind, **content: Any) -> Operation:
    request = OpenRequest(ID, Caller(ADMIN), kind.kind, "R-1", **content)
    return rules.decide_open(PublishedKind(kind, 1), request, now=NOW).operation


def lock(**attributes: object) -> Operation:
    return opened(builtin_kinds()[KindName("account_lock")], attributes=attributes)


def move(kind: Kind, operation: Operation, name: str, *, by: Actor = ADMIN) -> Operation:
    transition = TransitionName(name)
    reasons = kind.transitions[transition].reasons
    request = MoveRequest(ID, Caller(by), transition, reason=reasons[0] if reasons else None)
    decision = rules.decide_move(
        PublishedKind(kind, 1), operation, request, catalogue=load_catalogue(), now=NOW
    )
    return decision.operation


def offer(kind: Kind, operation: Operation, name: str, *, by: Actor = ADMIN) -> Available:
    offers = rules.available_moves(PublishedKind(kind, 1), operation, by, now=NOW)
    return next(one for one in offers if one.transition == name)


@pytest.fixture
def locks() -> Kind:
    return builtin_kinds()[KindName("account_lock")]


def test_a_self_exclusion_is_not_refused_by_hand(locks: Kind) -> None:
    """The player's own wish: no role turns it down, and the refusal says which condition it broke."""
    with pytest.raises(NotPermitted) as refused:
        move(locks, lock(lock_type="self_exclusion"), "refuse")
    assert refused.value.facts["why_not"] == "guard"
    assert refused.value.facts["when"] == "-attributes.lock_type:self_exclusion"
    assert "-attributes.lock_type:self_exclusion" in refused.value.detail
    assert move(locks, lock(lock_type="risk"), "refuse").stage == "refused"
    assert move(locks, lock(), "refuse").stage == "refused"


def test_a_button_says_what_its_guard_wants(locks: Kind) -> None:
    """Offered where it would work, and only there; where it would not, the reason stands on it."""
    shut = offer(locks, lock(lock_type="self_exclusion"), "refuse")
    assert (shut.allowed, shut.why_not_code) == (False, "guard")
    assert "-attributes.lock_type:self_exclusion" in (shut.why_not or "")
    assert offer(locks, lock(lock_type="risk"), "refuse").allowed


def test_who_may_not_hears_that_first(locks: Kind) -> None:
    """What an operation holds is nothing to tell somebody who may not act on it anyway."""
    assert offer(locks, lock(lock_type="self_exclusion"), "refuse", by=READER).why_not_code == "needs_role"
    with pytest.raises(Forbidden):
        move(locks, lock(lock_type="self_exclusion"), "refuse", by=READER)


def test_a_guard_binds_processes_too(locks: Kind) -> None:
    """A lock for a term that a process takes for one without an end would never be lifted by the clock."""
    term = lock(lock_type="time_out", locked_until="2026-12-01T00:00:00Z")
    assert move(locks, term, "lock_for_term", by=PROCESS).stage == "locked_for_term"
    with pytest.raises(NotPermitted):
        move(locks, term, "lock", by=PROCESS)


def test_a_reported_end_does_not_pass_a_guard(locks: Kind) -> None:
    """`outcomes` names one way; where its guard does not hold the report is refused, and no other way is guessed."""
    request = OutcomeRequest(ID, Caller(PROCESS), outcome=Outcome.SUCCESS)
    published, catalogue = PublishedKind(locks, 1), load_catalogue()
    with pytest.raises(NotPermitted) as refused:
        rules_outcome.decide_outcome(
            published, lock(lock_type="self_exclusion"), request, catalogue=catalogue, now=NOW
        )
    assert refused.value.facts["why_not"] == "guard"
    decision = rules_outcome.decide_outcome(
        published, lock(lock_type="risk"), request, catalogue=catalogue, now=NOW
    )
    assert decision is not None
    assert decision.transition == "lock"


def guarded(when: str) -> Kind:
    """The withdrawal with this guard on every transition, as if an installation had published it."""
    withdrawal = builtin_kinds()[KindName("withdrawal")]
    transitions = {
        name: msgspec.structs.replace(transition, when=when)
        for name, transition in withdrawal.transitions.items()
    }
    return msgspec.structs.replace(withdrawal, transitions=transitions)


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("amount>=1000EUR", True),
        ("amount>=1000USD", False),
        ("amount>1000.00EUR OR attributes.wagering_open:true", False),
        ("NOT (amount>1000EUR OR attributes.wagering_open:true)", True),
        ("attributes.method:bank -attributes.wagering_open:true", True),
        ("subject:player-7 status:pending stage:requested kind:withdrawal", True),
        ("created>-1h", True),
        ("created:2026-11-21", False),
        ("tag:vip", False),
    ],
)
def test_a_guard_asks_the_operation_as_it_stands(when: str, holds: bool) -> None:
    """Every field of the row profile, by its type."""
    kind = guarded(when)
    operation = opened(
        kind,
        subject="player-7",
        amount=Money(Decimal("1000.0"), "EUR"),
        attributes={"method": "bank", "wagering_open": False},
    )
    transition = kind.transitions[TransitionName("approve")]
    assert guard_holds(kind, transition, operation, NOW) is holds


def test_a_guard_that_cannot_be_judged_lets_nobody_through() -> None:
    """An older version may hold what `check_kind` refuses today: open would be the dangerous way to fail."""
    for when in ("age>1d", "-attributes.iban:*", "nonsense(", "attributes.unheard:x"):
        kind = guarded(when)
        operation = opened(kind, amount=Money(Decimal(1), "EUR"))
        assert not guard_holds(kind, kind.transitions[TransitionName("approve")], operation, NOW)


def test_relative_times_are_read_against_the_clock_passed_in() -> None:
    """The compiled guard is kept, its moment is not."""
    kind = guarded("created>-1h")
    operation = opened(kind, amount=Money(Decimal(1), "EUR"))
    transition = kind.transitions[TransitionName("approve")]
    assert guard_holds(kind, transition, operation, NOW + timedelta(minutes=59))
    assert not guard_holds(kind, transition, operation, NOW + timedelta(minutes=61))


def test_through_the_batch_a_self_exclusion_stays_where_it_is(house: House) -> None:
    """The refusal is the caller's answer, and nothing was written to the operation."""
    operation = house.open("account_lock", "L-1", attributes={"lock_type": "self_exclusion"})
    with pytest.raises(NotPermitted):
        house.move(operation, "refuse", reason="duplicate")
    assert house.sql(
        "SELECT stage, version FROM viertakt.operation WHERE operation_id = %s", operation.id
    ) == [("requested", 1)]
