"""A success that is reported after an operation ended otherwise: a move where the kind has a way for it. No database."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from uuid_utils.compat import uuid7

from tests.granted import rights
from viertakt.access.model import Actor, ActorId, system
from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.model import Cause, KindName, Outcome, PublishedKind, StageName, TransitionName
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations import rules, rules_outcome
from viertakt.operations.model import (
    Caller,
    Decision,
    EntrySort,
    Money,
    OpenRequest,
    Operation,
    OperationId,
    OutcomeRequest,
)

NOW = datetime(2026, 11, 2, tzinfo=UTC)
SOURCE = system("source:stripe")
TOKEN = Actor(ActorId("token:1"), "till", frozenset({"admin"}), rights=rights("admin"))


def standing_in(kind: str, stage: str) -> tuple[PublishedKind, Operation]:
    """An operation of a built-in kind that stands in this stage."""
    published = PublishedKind(builtin_kinds()[KindName(kind)], 1)
    opening = OpenRequest(
        OperationId(uuid7()), Caller(TOKEN), KindName(kind), "R-1", amount=Money(Decimal("12.50"), "EUR")
    )
    opened = rules.decide_open(published, opening, now=NOW).operation
    status = published.kind.stages[StageName(stage)].status
    closed_at = None if status.value == "pending" else NOW
    return published, msgspec.structs.replace(
        opened, stage=StageName(stage), status=status, closed_at=closed_at
    )


def told(
    kind: str, stage: str, outcome: Outcome = Outcome.SUCCESS, *, by: Actor = SOURCE, code: str | None = None
) -> Decision | None:
    """What a report comes to while an operation stands in this stage."""
    published, operation = standing_in(kind, stage)
    report = OutcomeRequest(operation.id, Caller(by), None if code else outcome, code=code)
    return rules_outcome.decide_outcome(published, operation, report, catalogue=load_catalogue(), now=NOW)


@pytest.mark.parametrize(
    ("kind", "stage"),
    [
        *(("deposit", stage) for stage in ("failed", "declined", "cancelled", "expired")),
        *(("order", stage) for stage in ("payment_failed", "payment_declined", "expired", "cancelled")),
        *(("booking", stage) for stage in ("failed", "declined", "lapsed", "cancelled")),
    ],
)
def test_money_that_arrives_after_the_end_is_a_move(kind: str, stage: str) -> None:
    """It happens every day: flagged as a contradiction, it would lie among the true ones."""
    decision = told(kind, stage)
    assert decision is not None
    assert (decision.sort, decision.transition) == (EntrySort.MOVED, "money_arrives")
    assert (decision.operation.stage, decision.operation.closed_at) == ("late_funds", None)
    assert decision.cause == Cause.SOURCE


def test_a_provider_s_code_arrives_late_as_an_outcome_does() -> None:
    """Most sources say only their own code."""
    decision = told("deposit", "expired", code="iso20022:ACSC")
    assert decision is not None
    assert decision.operation.stage == "late_funds"


def test_the_same_report_again_is_no_news() -> None:
    """Sources deliver at least once; a second report must not be refused, or it comes for ever."""
    assert told("deposit", "late_funds") is None


@pytest.mark.parametrize(
    ("kind", "stage", "outcome"),
    [
        ("deposit", "expired", Outcome.ERROR),
        ("deposit", "refunded", Outcome.SUCCESS),
        ("deposit", "reversed", Outcome.SUCCESS),
        ("withdrawal", "rejected", Outcome.SUCCESS),
    ],
)
def test_without_a_late_way_it_stays_a_contradiction(kind: str, stage: str, outcome: Outcome) -> None:
    """What was paid back or charged back, and what we paid out ourselves, a person must look at."""
    decision = told(kind, stage, outcome)
    assert decision is not None
    assert decision.sort is EntrySort.CONTRADICTED
    assert (decision.operation.stage, decision.operation.contradiction) == (stage, True)


def test_who_may_report_but_not_take_the_late_way_is_kept_as_a_contradiction() -> None:
    """The report must not be lost for want of a right: somebody with one reads it."""
    published, operation = standing_in("deposit", "expired")
    name = TransitionName("money_arrives")
    for_people = msgspec.structs.replace(published.kind.transitions[name], by=(), roles=("payments",))
    kind = msgspec.structs.replace(
        published.kind, transitions={**published.kind.transitions, name: for_people}
    )
    machine = Actor(ActorId("token:2"), "gateway", frozenset({"integration"}), rights=rights("integration"))
    report = OutcomeRequest(operation.id, Caller(machine), Outcome.SUCCESS)
    decision = rules_outcome.decide_outcome(
        PublishedKind(kind, 1), operation, report, catalogue=load_catalogue(), now=NOW
    )
    assert decision is not None
    assert decision.sort is EntrySort.CONTRADICTED
