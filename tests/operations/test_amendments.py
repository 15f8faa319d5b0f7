"""Where an operation's amount and attributes may still be changed, and where no more. No database."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from uuid_utils.compat import uuid7

from tests.granted import rights
from viertakt.access.model import Actor, ActorId
from viertakt.errors import Invalid, NotPermitted
from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.model import AmountRule, KindName, PublishedKind, StageName, Status
from viertakt.operations import rules
from viertakt.operations.model import AmendRequest, Caller, Decision, Money, OpenRequest, OperationId

NOW = datetime(2026, 11, 2, tzinfo=UTC)
CALLER = Caller(Actor(ActorId("token:1"), "till", frozenset({"admin"}), rights=rights("admin")))
LIMIT = {"limit_type": "deposit", "change": "decrease", "period": "day"}


def amended(
    kind: str, stage: str, change: dict[str, Any], *, opened_with: dict[str, Any] | None = None
) -> Decision | None:
    """What an amendment comes to while an operation of a built-in kind stands in this stage."""
    published = PublishedKind(builtin_kinds()[KindName(kind)], 1)
    amount = None if published.kind.amount is AmountRule.NONE else Money(Decimal("12.50"), "EUR")
    opening = OpenRequest(
        OperationId(uuid7()), CALLER, KindName(kind), "R-1", amount=amount, attributes=opened_with or {}
    )
    opened = rules.decide_open(published, opening, now=NOW).operation
    status = published.kind.stages[StageName(stage)].status
    operation = msgspec.structs.replace(
        opened,
        stage=StageName(stage),
        status=status,
        closed_at=None if status is Status.PENDING else NOW,
    )
    return rules.decide_amend(published, operation, AmendRequest(opened.id, CALLER, **change), now=NOW)


MORE = {"amount": Money(Decimal("99.00"), "EUR")}


@pytest.mark.parametrize("stage", ["requested", "under_review", "awaiting_documents"])
def test_a_withdrawal_may_be_changed_until_it_is_approved(stage: str) -> None:
    """A wrong account is found by the customer or the person who reviews it."""
    decision = amended("withdrawal", stage, MORE)
    assert decision is not None
    assert decision.operation.amount == MORE["amount"]


@pytest.mark.parametrize(
    "stage", ["approved", "sending", "in_transit", "outcome_unknown", "unclear", "releasing"]
)
def test_money_on_its_way_keeps_its_amount(stage: str) -> None:
    """The bank acts on what it was told; another amount in our books would be a second truth."""
    with pytest.raises(NotPermitted, match="only in 'requested', 'under_review', 'awaiting_documents'"):
        amended("withdrawal", stage, MORE)


def test_an_end_is_not_amended() -> None:
    """What was paid was paid."""
    with pytest.raises(NotPermitted, match="ended in 'paid'"):
        amended("withdrawal", "paid", MORE)


@pytest.mark.parametrize(
    "stage", ["requested", "cooling_off", "awaiting_confirmation", "lowering", "applying"]
)
def test_a_limit_is_not_changed_once_its_way_is_chosen(stage: str) -> None:
    """A decrease goes through at once: made an increase meanwhile, it would have skipped the cooling-off."""
    with pytest.raises(NotPermitted, match="only in 'operator_review'"):
        amended("limit_change", stage, MORE, opened_with=LIMIT)


@pytest.mark.parametrize(
    ("name", "value"), [("change", "increase"), ("limit_type", "loss"), ("change", None)]
)
def test_what_is_fixed_stays_as_it_was_opened(name: str, value: str | None) -> None:
    """Everything since has been decided on it."""
    with pytest.raises(Invalid) as refused:
        amended("limit_change", "operator_review", {"attributes": {name: value}}, opened_with=LIMIT)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        (f"/attributes/{name}", "fixed_attribute")
    ]


def test_what_was_left_out_at_the_opening_is_fixed_too() -> None:
    """A lock without an end would get one after it was judged to have none."""
    later = {"attributes": {"locked_until": "2026-12-01T00:00:00Z"}}
    with pytest.raises(Invalid, match="fixed at the opening"):
        amended("account_lock", "requested", later, opened_with={"lock_type": "risk"})


def test_the_same_value_again_is_no_change() -> None:
    """Programs send the whole set of attributes, the fixed ones with them."""
    same = {"attributes": {"change": "decrease", "period": "week"}}
    decision = amended("limit_change", "operator_review", same, opened_with=LIMIT)
    assert decision is not None
    assert decision.operation.attributes == {**LIMIT, "period": "week"}


def test_a_kind_that_says_nothing_may_be_changed_at_its_start_alone() -> None:
    """The safe reading: whatever happens later was decided on what was said before."""
    channel = {"attributes": {"channel": "phone"}}
    assert amended("account_lock", "requested", channel) is not None
    with pytest.raises(NotPermitted, match="only in 'requested'"):
        amended("account_lock", "applying", channel)
