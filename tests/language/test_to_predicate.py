"""What queries mean in memory."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from tests.language.operations import Row, Worth
from tests.language.rows import NOON
from tests.language.trees import TYPED
from viertakt.language import Query, parse, to_predicate
from viertakt.language.model import Words


@pytest.mark.parametrize(
    ("query", "row", "holds"),
    [
        ("", Row(), True),
        ("attributes.colour:red", Row(attributes={"colour": "red"}), True),
        ("-attributes.colour:red", Row(), True),
        ("attributes.pieces>9", Row(attributes={"pieces": 10}), True),
        ("attributes.pieces:3", Row(attributes={"pieces": "3.0"}), True),
        ("attributes.rate<=0.5", Row(attributes={"rate": "0.50"}), True),
        ("attributes.rate<1000", Row(attributes={"rate": "1E+2"}), True),
        ("attributes.rate<1000", Row(attributes={"rate": "lots"}), False),
        ("attributes.rate:*", Row(attributes={"rate": "lots"}), True),
        ("attributes.flag:false", Row(attributes={"flag": False}), True),
        ("attributes.flag:false", Row(attributes={"flag": None}), False),
        ("attributes.due_on<2026-11-23", Row(attributes={"due_on": "2026-11-22"}), True),
        ("attributes.due_on:-0d", Row(attributes={"due_on": "2026-11-22"}), True),
        ("attributes.seen_at:2026-11-22", Row(attributes={"seen_at": "2026-11-22T23:30:00+01:00"}), True),
        ("attributes.seen_at:2026-11-22", Row(attributes={"seen_at": "2026-11-22T23:30:00-01:00"}), False),
        ("attributes.note>M", Row(attributes={"note": "a"}), True),
        ("attributes.note<z", Row(attributes={"note": "ß"}), False),
        ("amount>=1000EUR", Row(amount=Worth(Decimal("1000.00"), "EUR")), True),
        ("amount>=1000EUR", Row(amount=Worth(Decimal(2000), "USD")), False),
        ("-amount>=1000EUR", Row(), True),
        ("brand:a OR tag:vip", Row(tags=["vip"]), True),
        ("NOT (brand:a OR tag:vip)", Row(tags=["vip"]), False),
        ("brand:a OR tag:vip status:error", Row(brand="a"), True),
        ("deadline<+2h", Row(deadline_at=NOON + timedelta(hours=1)), True),
        ("deadline<+2h", Row(), False),
        ("age>1d", Row(created_at=NOON - timedelta(hours=25)), True),
        ("age>1d", Row(created_at=NOON - timedelta(hours=24)), False),
        ("age>=1d", Row(created_at=NOON - timedelta(hours=24)), True),
        ("age:1d..2d", Row(created_at=NOON - timedelta(hours=48)), True),
        ("stage_time<2h", Row(entered_at=NOON - timedelta(hours=1)), True),
        ("kind_version>1", Row(kind_version=2), True),
        ("currency:EUR,USD", Row(amount=Worth(Decimal(2000), "USD")), True),
        ("-currency:*", Row(), True),
        (f"id:{UUID(int=7)}", Row(), True),
        ("is:open", Row(), True),
        ("is:closed", Row(status="error"), True),
        ("is:overdue", Row(deadline_at=NOON - timedelta(seconds=1)), True),
        ("is:overdue", Row(deadline_at=NOON), False),
        ("is:overdue", Row(status="error", deadline_at=NOON - timedelta(days=1)), False),
        ("has:parent,amount", Row(parent_id=UUID(int=8)), True),
        ("-has:amount", Row(), True),
    ],
)
def test_a_query_is_asked_of_one_operation(query: str, row: Row, holds: bool) -> None:
    """No database is asked: a guard costs microseconds, and rules stay pure."""
    assert to_predicate(parse(query, fields=TYPED), now=NOON)(row) is holds


def test_free_text_has_no_predicate() -> None:
    """It is refused when a rule is read; here it would be a bug."""
    with pytest.raises(AssertionError, match="Free text"):
        to_predicate(Query((Words("x"),)), now=NOON)
