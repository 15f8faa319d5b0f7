"""Queries inside a kind, type-checked against its fields."""

import pytest

from tests.kinds.example import spoilt
from viertakt.kinds.complaints import Complaints
from viertakt.kinds.rules_guards import check_query


def codes(query: str) -> list[str]:
    kind = spoilt(
        lambda content: content["attributes"].update(
            {"pieces": {"type": "integer"}, "rate": {"type": "decimal"}, "due": {"type": "date"}}
        )
    )
    complaints = Complaints()
    check_query(query, kind, ("when",), complaints)
    return [fault.code for fault in complaints.faults]


@pytest.mark.parametrize(
    "query",
    [
        "amount>=1000EUR",
        "amount:100EUR..200.50EUR",
        "kind:withdrawal subject:$subject created>-24h",
        "attributes.method:bank,card -assignee:*",
        'NOT (attributes.wagering_open:true OR brand:"a b")',
        "attributes.pieces>=3 attributes.rate<0.5 AND attributes.due<2026-01-01",
        "created:2026-11-01..2026-11-22 age>1d is:overdue",
        "status:pending stage:under_review,approved waiting_on:operator",
        "attributes.due:$attributes.due",
        "stage:elsewhere kind:deposit",
    ],
)
def test_what_the_language_reads_passes(query: str) -> None:
    """These are the queries of the design and of the kinds we ship."""
    assert codes(query) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("amount>=1000", "amount_without_currency"),
        ("amount:1..2EUR", "amount_without_currency"),
        ("amount>=lots", "wrong_value"),
        ("stauts:pending", "unknown_field"),
        ("attributes.metod:bank", "unknown_field"),
        ("attributes.method>bank", "not_comparable"),
        ("attributes.iban>5", "not_comparable"),
        ("attributes.wagering_open>true", "not_comparable"),
        ("attributes.method:cheque", "unknown_value"),
        ("status:done", "unknown_value"),
        ("stage:paidd", "unknown_value"),
        ("is:late", "unknown_value"),
        ("attributes.wagering_open:maybe", "wrong_value"),
        ("attributes.pieces>many", "wrong_value"),
        ("attributes.pieces>1.5", "wrong_value"),
        ("attributes.due<soon", "wrong_value"),
        ("age>yesterday", "wrong_value"),
        ("subject:$subjct", "unknown_variable"),
        ("path:requested>paid", "query_search_only"),
        ("amount>=1EUR fraud", "query_text"),
        ('amount>=1EUR "free text"', "query_text"),
        ("(amount>=1EUR", "query_shape"),
        ("amount>=1EUR)", "query_shape"),
        ("amount>=1EUR OR", "query_shape"),
        ("AND amount>=1EUR", "query_shape"),
        ("amount>=", "query_shape"),
        ("NOT", "query_shape"),
        ("", "query_empty"),
        ("x" * 3000, "query_too_long"),
        ("amount>=1EUR " * 201, "query_too_long"),
        ("(" * 1000, "query_too_long"),
    ],
)
def test_what_means_nothing_is_refused(query: str, code: str) -> None:
    """A guard that never holds locks operations in; one that always holds lets them out."""
    assert code in codes(query)
