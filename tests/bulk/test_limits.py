"""How far somebody goes alone: number, sum and rate by role, as the dry run says it."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from tests.bulk.conftest import Bulk
from viertakt.bulk.model import Bounds, JobState, Limits
from viertakt.bulk.rules_limits import limits_of, read_role_limits
from viertakt.errors import Invalid
from viertakt.operations.model import Need

SETTING = """{
    "payments": {"operations": 3, "sums": {"EUR": "100"}, "rate": 50},
    "payments_lead": {"operations": 8, "sums": {"EUR": "1000", "GBP": "5"}}
}"""
LIMITS = Limits(countdown=timedelta(0), consent_above=5, roles=read_role_limits(SETTING))


@pytest.mark.parametrize(
    ("count", "amount", "needs"),
    [(3, "30", ()), (4, "10", (Need(1, ("payments", "risk")),)), (2, "51", (Need(1, ("payments", "risk")),))],
)
def test_above_the_limit_of_ones_role_a_second_person_consents(
    bulk: Bulk, count: int, amount: str, needs: tuple[Need, ...]
) -> None:
    """Of number or sum; below both nobody is asked."""
    bulk.limits = LIMITS
    bulk.withdrawals(count, amount=amount)
    job = bulk.make("kind:withdrawal")
    assert job.needs == needs
    assert job.preview.bounds == Bounds(3, {"EUR": Decimal(100)}, 50)
    assert bulk.start(job).state is (JobState.WAITING if needs else JobState.RUNNING)


def test_of_several_roles_the_widest_limit_holds_and_of_none_everybodys(bulk: Bulk) -> None:
    """A lead is not held back by being an operator too; an auditor's role says nothing about it."""
    both = msgspec.structs.replace(bulk.asker, roles=frozenset({"payments", "payments_lead", "auditor"}))
    found = limits_of(LIMITS, both)
    assert (found.consent_above, found.sum_in("EUR"), found.rate) == (8, Decimal(1000), None)
    assert (found.sum_in("GBP"), found.sum_in("USD")) == (LIMITS.consent_sum, LIMITS.consent_sum)
    assert limits_of(LIMITS, msgspec.structs.replace(both, roles=frozenset({"risk"}))) == LIMITS


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"payments": {"operation": 3}}',
        '{"payments": {"operations": -1}}',
        '{"payments": {"sums": {"euro": 1}}}',
        '{"payments": {"sums": {"EUR": "-1"}}}',
        '{"payments": {"rate": 0}}',
    ],
)
def test_a_setting_that_does_not_read_is_refused(text: str) -> None:
    """In one sentence that names it: a limit that was mistyped is no limit."""
    with pytest.raises(Invalid, match="VIERTAKT_BULK_ROLES"):
        read_role_limits(text)
