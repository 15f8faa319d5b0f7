"""What queries mean in memory, and that it is what they mean in PostgreSQL."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from psycopg import sql

from tests.language.rows import NOON, insert
from tests.language.trees import CURRENCIES, FEW_NUMBERS, TYPED, few_moments, row_queries
from viertakt.db.pool import Connection
from viertakt.language import Query, parse, to_predicate, to_sql, to_text
from viertakt.language.fields import STATUSES, WAITING_ON
from viertakt.language.model import Words
from viertakt.language.stored import DAY_FORM, INSTANT_FORM, NUMBER_FORM, read_day, read_instant, read_number

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Worth(msgspec.Struct, frozen=True):
    value: Decimal
    currency: str


class Row(msgspec.Struct, frozen=True):
    """An operation as the language sees it: no more than this."""

    kind: str = "withdrawal"
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
    changed_at: datetime = NOON
    closed_at: datetime | None = None
    deadline_at: datetime | None = None


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
    ],
)
def test_a_query_is_asked_of_one_operation(query: str, row: Row, holds: bool) -> None:
    """No database is asked: a guard costs microseconds, and rules stay pure."""
    assert to_predicate(parse(query, fields=TYPED), now=NOON)(row) is holds


def test_free_text_has_no_predicate() -> None:
    """It is refused when a rule is read; here it would be a bug."""
    with pytest.raises(AssertionError, match="Free text"):
        to_predicate(Query((Words("x"),)), now=NOON)


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
def rows(draw: st.DrawFn) -> Row:
    """Any operation that the table holds."""
    status = draw(st.sampled_from(STATUSES))
    amounts = st.sampled_from(FEW_NUMBERS) | st.decimals(-(10**6), 10**6, places=2)
    worth = st.builds(Worth, amounts, CURRENCIES)
    return Row(
        kind=draw(texts),
        reference=draw(texts),
        stage=draw(texts),
        status=status,
        waiting_on=draw(absent | st.sampled_from(WAITING_ON)),
        brand=draw(absent | texts),
        subject=draw(absent | texts),
        parent_id=draw(absent | st.uuids()),
        tags=draw(st.lists(texts, max_size=3)),
        amount=draw(absent | worth),
        attributes=draw(attributes),
        contradiction=draw(st.booleans()),
        created_at=draw(moments),
        changed_at=draw(moments),
        closed_at=None if status == "pending" else draw(moments),
        deadline_at=draw(absent | moments),
    )


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(
    asked=st.lists(row_queries, min_size=1, max_size=6), row=rows(), zone=st.sampled_from([UTC, AMSTERDAM])
)
def test_memory_and_postgresql_agree(conn: Connection, asked: list[Query], row: Row, zone: Any) -> None:
    """One language: a guard that holds in memory is a filter that finds, for any query and any operation."""
    columns = msgspec.structs.asdict(row)
    columns |= {"amount": row.amount and row.amount.value, "currency": row.amount and row.amount.currency}
    with conn.transaction(force_rollback=True):
        insert(conn, **columns, operation_id=ID)
        for query in asked:
            condition, params = to_sql(query, NOON, zone)
            statement = sql.SQL("SELECT count(*) FROM viertakt.operation AS o WHERE {}").format(condition)
            counted = conn.execute(statement, params).fetchone()
            assert counted is not None
            judged = to_predicate(query, now=NOON, zone=zone)(row)
            event(f"holds: {judged}")
            assert judged is (counted[0] == 1), to_text(query)


EDGES = {
    "attributes.pieces": ("3", ["2", "3", "10"]),
    "attributes.rate": ("0.50", ["0.5", "0.500001", "-1e3"]),
    "attributes.due_on": ("2026-11-22", ["2026-11-21", "2026-11-22", "2026-11-23"]),
    "attributes.seen_at": (
        "2026-11-22",
        [
            "2026-11-21T23:00:00Z",
            "2026-11-22T22:59:59.999999Z",
            "2026-11-22T22:59:59.9999999Z",
            "2026-11-22T23:00Z",
        ],
    ),
    "attributes.note": ("b", ["a", "b", "ba", "B", "é"]),
}


@pytest.mark.parametrize("sign", [":", ">", ">=", "<", "<="])
def test_they_agree_at_every_edge(conn: Connection, sign: str) -> None:
    """What is at the bound, just below it and just above it: the places where two compilers part."""
    with conn.transaction(force_rollback=True):
        for name, (bound, values) in EDGES.items():
            query = parse(f"{name}{sign}{bound}", fields=TYPED)
            rows = {value: Row(attributes={name.removeprefix("attributes."): value}) for value in values}
            ids = {insert(conn, attributes=row.attributes): value for value, row in rows.items()}
            condition, params = to_sql(query, NOON, AMSTERDAM)
            statement = sql.SQL("SELECT o.operation_id FROM viertakt.operation AS o WHERE {}").format(
                condition
            )
            found = {ids.get(row[0]) for row in conn.execute(statement, params)}
            judge = to_predicate(query, now=NOON, zone=AMSTERDAM)
            assert found == {value for value, row in rows.items() if judge(row)}, name


@pytest.mark.parametrize("sign", [":", ">", ">=", "<", "<="])
def test_they_agree_at_every_edge_of_amounts_and_times(conn: Connection, sign: str) -> None:
    """Whole days by the reader's midnight, amounts by their currency."""
    midnight = datetime(2026, 11, 21, 23, tzinfo=UTC)
    tick = timedelta(microseconds=1)
    rows = [
        Row(amount=Worth(Decimal("5.00"), "EUR"), created_at=midnight),
        Row(amount=Worth(Decimal("5.01"), "EUR"), created_at=midnight - tick),
        Row(amount=Worth(Decimal("4.99"), "EUR"), created_at=midnight + timedelta(days=1)),
        Row(amount=Worth(Decimal(5), "USD"), created_at=midnight + timedelta(days=1) - tick),
        Row(created_at=NOON),
    ]
    queries = [
        f"amount{sign}5EUR",
        f"created{sign}2026-11-22",
        f"created{sign}-0h",
        f"created{sign}2026-11-22T12:00Z",
    ]
    with conn.transaction(force_rollback=True):
        ids = [
            insert(
                conn,
                amount=row.amount and row.amount.value,
                currency=row.amount and row.amount.currency,
                created_at=row.created_at,
            )
            for row in rows
        ]
        for text in queries:
            query = parse(text)
            condition, params = to_sql(query, NOON, AMSTERDAM)
            statement = sql.SQL("SELECT o.operation_id FROM viertakt.operation AS o WHERE {}").format(
                condition
            )
            found = {row[0] for row in conn.execute(statement, params)}
            judge = to_predicate(query, now=NOON, zone=AMSTERDAM)
            assert found == {id_ for id_, row in zip(ids, rows, strict=True) if judge(row)}, text


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(
    text=st.one_of(texts, numbers.map(str), days, instants)
    | st.from_regex(NUMBER_FORM, fullmatch=True)
    | st.from_regex(DAY_FORM, fullmatch=True)
    | st.from_regex(INSTANT_FORM, fullmatch=True)
)
def test_a_stored_value_reads_alike_on_both_sides(conn: Connection, text: str) -> None:
    """The same patterns decide, and PostgreSQL accepts whatever they let through: a failing cast would lose the list."""
    for form, type_, read in (
        (NUMBER_FORM, "numeric", read_number),
        (DAY_FORM, "date", read_day),
        (INSTANT_FORM, "timestamptz", read_instant),
    ):
        row = conn.execute(
            "SELECT %(text)s::text ~ %(form)s AND pg_input_is_valid(%(text)s::text, %(type)s::text)",
            {"text": text, "form": f"^(?:{form})$", "type": type_},
        ).fetchone()
        assert row is not None
        assert row[0] is (read(text) is not None), type_


def test_a_name_with_a_nul_is_nowhere(conn: Connection) -> None:
    """PostgreSQL cannot keep one, and no query can ask for one: there is nothing to disagree about."""
    with pytest.raises(psycopg.DataError), conn.transaction():
        insert(conn, subject="a\0b")
