"""Queries inside a kind, type-checked against its fields."""

import pytest

from tests.kinds.example import spoilt
from viertakt.kinds.complaints import Complaints
from viertakt.kinds.model import Kind
from viertakt.kinds.rules_guards import check_counted, check_query


def example() -> Kind:
    return spoilt(
        lambda content: content["attributes"].update(
            {
                "pieces": {"type": "integer"},
                "rate": {"type": "decimal"},
                "due": {"type": "date"},
                "seen": {"type": "datetime"},
                "note": {"type": "string"},
            }
        )
    )


def codes(query: str) -> list[str]:
    complaints = Complaints()
    check_query(query, example(), ("when",), complaints)
    return [fault.code for fault in complaints.faults]


def codes_counted(query: str) -> list[str]:
    complaints = Complaints()
    check_counted(query, example(), ("checks", "velocity", "count"), complaints)
    return [fault.code for fault in complaints.faults]


@pytest.mark.parametrize(
    "query",
    [
        "amount>=1000EUR",
        "amount:100EUR..200.50EUR",
        "attributes.method:bank,card -brand:*",
        'NOT (attributes.wagering_open:true OR brand:"a b")',
        "attributes.pieces>=3 attributes.rate<0.5 AND attributes.due<2026-01-01",
        "attributes.seen<-2d OR attributes.note>M",
        "created:2026-11-01..2026-11-22 is:contradiction",
        "status:pending stage:under_review,approved waiting_on:operator",
        "kind:withdrawal",
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
        ("attributes.note>5", "not_comparable"),
        ("attributes.wagering_open>true", "not_comparable"),
        ("attributes.method:cheque", "unknown_value"),
        ("status:done", "unknown_value"),
        ("stage:paidd", "unknown_value"),
        ("kind:deposit", "unknown_value"),
        ("is:tardy", "unknown_value"),
        ("attributes.wagering_open:maybe", "unknown_value"),
        ("attributes.pieces>many", "wrong_value"),
        ("attributes.pieces>1.5", "wrong_value"),
        ("attributes.due<soon", "wrong_value"),
        ("attributes.iban:*", "query_is_personal"),
        ("-attributes.iban:NL*", "query_is_personal"),
        ("assignee:me", "query_of_work"),
        ("is:mine", "query_of_work"),
        ("path:requested>paid", "query_search_only"),
        ("subject:$subject", "unknown_variable"),
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
        ("amount>=1EUR " * 150, "query_too_long"),
        ("(" * 30 + "brand:x" + ")" * 30, "query_too_long"),
    ],
)
def test_what_means_nothing_is_refused(query: str, code: str) -> None:
    """A guard that never holds locks operations in; one that always holds lets them out."""
    assert code in codes(query)


def test_every_fault_of_a_query_is_told() -> None:
    """An author mends a kind in one go."""
    assert codes("stauts:pending OR amount>5 OR attributes.iban:*") == [
        "unknown_field",
        "amount_without_currency",
        "query_is_personal",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind:withdrawal subject:$subject created>-24h", []),
        ("attributes.due:$attributes.due attributes.method:bank", []),
        ("stage:elsewhere kind:deposit", []),
        ("kind:deposit,withdrawal attributes.theirs:x attributes.method:other", []),
        ("-kind:withdrawal stage:elsewhere", []),
        ("kind:deposit attributes.theirs>5", []),
        ("kind:deposit attributes.theirs:x amount>5", ["amount_without_currency"]),
        ("kind:deposit attributes.iban:*", ["query_is_personal"]),
        ("kind:withdrawal stage:elsewhere", ["unknown_value"]),
        ("subject:$subjct", ["unknown_variable"]),
        ("kind:withdrawal fraud", ["query_text"]),
    ],
)
def test_a_check_counts_other_operations(query: str, expected: list[str]) -> None:
    """`$subject` is whose operations are counted; other kinds have stages and attributes of their own."""
    assert codes_counted(query) == expected
