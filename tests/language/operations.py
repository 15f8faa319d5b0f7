"""Operations as the language sees them, and arbitrary ones as a Hypothesis strategy: any that the table holds."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import strategies as st

from tests.language.rows import NOON
from tests.language.trees import CURRENCIES, FEW_IDS, FEW_NUMBERS, FEW_PEOPLE, FEW_TEAMS, few_moments
from viertakt.language.fields import STATUSES, WAITING_ON

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Worth(msgspec.Struct, frozen=True):
    value: Decimal
    currency: str


class Work(msgspec.Struct, frozen=True):
    assignee: str | None = None
    claimed_by: str | None = None
    lease_until: datetime | None = None
    snoozed_until: datetime | None = None
    priority: int = 0


class Row(msgspec.Struct, frozen=True):
    """An operation as the language sees it: no more than this."""

    id: UUID = UUID(int=7)
    kind: str = "withdrawal"
    kind_version: int = 1
    version: int = 1
    reference: str = "W-1"
    stage: str = "requested"
    status: str = "pending"
    waiting_on: str | None = None
    brand: str | None = None
    subject: str | None = None
    parent_id: UUID | None = None
    tags: list[str] = []
    amount: Worth | None = None
    attributes: dict[str, Any] = {}
    contradiction: bool = False
    created_at: datetime = NOON
    entered_at: datetime = NOON
    changed_at: datetime = NOON
    closed_at: datetime | None = None
    deadline_at: datetime | None = None
    assignment: Work | None = None


def columns(row: Row) -> dict[str, Any]:
    """The row as the table holds it."""
    found = msgspec.structs.asdict(row)
    found |= {"amount": row.amount and row.amount.value, "currency": row.amount and row.amount.currency}
    return found | {"operation_id": found.pop("id")}


ID = UUID(int=7)
awkward = st.sampled_from(
    [
        "İ",
        "i",
        "I",
        "\u0131",
        "ß",
        "ss",
        "SS",
        "é",
        "e\u0301",
        "a\u0308",
        "ﬁ",
        "Z",
        "a",
        "10",
        "9",
        "%",
        "_",
        "'",
        "\\",
        "",
        "\n",
        "5\n",
        "\u200b",
        "👩‍💻",
        "\ue000",
        "\U00010000",
        "true",
        "null",
    ]
)
texts = (
    awkward
    | st.sampled_from(["player 7", "withdrawal", "W-1"])
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)
)
moments = few_moments | st.datetimes(datetime(1950, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
numbers = (
    st.sampled_from(FEW_NUMBERS).map(str)
    | st.integers(-50, 10**6)
    | st.decimals(-(10**6), 10**6, places=3).map(str)
    | st.sampled_from(
        [
            "3",
            "3.0",
            "03",
            "+3",
            "3.",
            ".5",
            "1e3",
            "1E-3",
            "5e999",
            "-0",
            "1_000",
            " 3",
            "3\n",
            "٣",
            "0x1F",
            "NaN",
            "Infinity",
            "",
            "1e",
            ".",
        ]
    )
)
days = st.dates(date(2026, 11, 21), date(2026, 11, 23)).map(lambda day: day.isoformat()) | st.sampled_from(
    ["2026-11-22", "0000-01-01", "2026-02-30", "20261122", "2026-W47-7", "2026-11-22\n", "today", "infinity"]
)
instants = moments.map(lambda moment: moment.astimezone(AMSTERDAM).isoformat()) | st.sampled_from(
    [
        "2026-11-22T12:00Z",
        "2026-11-22T12:00:00.123456789+01:00",
        "2026-11-22 12:00:00.5+14:59",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59:59.999999-14:00",
        "2026-11-22T24:00:00Z",
        "2026-11-22T23:59:60Z",
        "2026-11-22T12:00:00",
        "2026-02-30T12:00Z",
        "now",
        "20261122T120000Z",
        "2026-11-22T12:00+15:30",
    ]
)
absent = st.none()
attributes = st.fixed_dictionaries(
    {},
    optional={
        "method": absent | texts | st.booleans() | st.integers(-5, 5),
        "pieces": absent | numbers | texts,
        "rate": absent | numbers | texts,
        "flag": absent | st.booleans() | texts,
        "due_on": absent | days | texts,
        "seen_at": absent | instants | days | texts,
        "note": absent | texts,
        "colour": absent | st.sampled_from(["red", "green", "Red"]),
    },
)


@st.composite
def works(draw: st.DrawFn) -> Work:
    """Whoever works on it, or worked."""
    claimed_by = draw(absent | FEW_PEOPLE)
    return Work(
        assignee=draw(absent | FEW_PEOPLE | FEW_TEAMS),
        claimed_by=claimed_by,
        lease_until=draw(moments) if claimed_by else None,
        snoozed_until=draw(absent | moments),
        priority=draw(st.integers(-1, 2)),
    )


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Any operation that the table holds."""
    status = draw(st.sampled_from(STATUSES))
    amounts = st.sampled_from(FEW_NUMBERS) | st.decimals(-(10**6), 10**6, places=2)
    worth = st.builds(Worth, amounts, CURRENCIES)
    return Row(
        id=ID,
        kind=draw(texts),
        kind_version=draw(st.integers(1, 3)),
        version=draw(st.integers(1, 3)),
        reference=draw(texts),
        stage=draw(texts),
        status=status,
        waiting_on=draw(absent | st.sampled_from(WAITING_ON)),
        brand=draw(absent | texts),
        subject=draw(absent | texts),
        parent_id=draw(absent | FEW_IDS),
        tags=draw(st.lists(texts, max_size=3)),
        amount=draw(absent | worth),
        attributes=draw(attributes),
        contradiction=draw(st.booleans()),
        created_at=draw(moments),
        entered_at=draw(moments),
        changed_at=draw(moments),
        closed_at=None if status == "pending" else draw(moments),
        deadline_at=draw(absent | moments),
        assignment=draw(absent | works()),
    )
