"""What differs between two kinds, as lines for a reader."""

from typing import Any

from tests.kinds.example import spoilt, withdrawal
from viertakt.kinds.diff import Change, Difference, diff_kinds


def test_equal_kinds_differ_in_nothing() -> None:
    """An empty answer is what lets a pipeline publish without asking."""
    assert diff_kinds(withdrawal(), withdrawal()) == []


def test_what_changed_reads_as_lines() -> None:
    """Somebody approves a new version by these lines; JSON paths alone do not tell what operators will notice."""

    def change(content: dict[str, Any]) -> None:
        content["stages"]["parked"] = {"status": "pending", "waiting_on": "date"}
        content["stages"]["failed"]["status"] = "rejected"
        content["stages"]["sending"]["limit"]["after"] = "PT3H"
        content["transitions"].pop("give_up")
        content["transitions"]["refuse"]["roles"] = ["payments"]
        content["transitions"]["clear"]["comment"] = "required"
        content["amount"] = "optional"
        content["amend"] = []
        content["labels"] = {"stages": {"paid": {"en": "Paid", "nl": "Betaald"}}}

    changes = diff_kinds(withdrawal(), spoilt(change))
    assert Change("/transitions/give_up", Difference.REMOVED, "transition 'give_up' removed") in changes
    assert {change.text for change in changes} == {
        "stage 'parked' added: {status: pending, waiting_on: date}",
        "stage 'failed': status error → rejected",
        "stage 'sending': limit {transition: lose_sight, after: PT2H} → {transition: lose_sight, after: PT3H}",
        "transition 'give_up' removed",
        "transition 'refuse': roles -risk",
        "transition 'clear': comment added: required",
        "kind: amount required → optional",
        "kind: amend added: []",
        "label in stages: paid added: {en: Paid, nl: Betaald}",
    }


def test_the_order_of_roles_is_no_difference() -> None:
    """Lists of roles and stages are sets to everybody who reads them."""
    turned = spoilt(lambda content: content["transitions"]["refuse"]["roles"].reverse())
    assert diff_kinds(withdrawal(), turned) == []
