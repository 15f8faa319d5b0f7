"""What queries find, asked of PostgreSQL."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from psycopg import sql

from tests.language.rows import NOON, history, insert
from tests.language.trees import queries, terms
from viertakt.db.pool import Connection
from viertakt.kinds.actions import install_builtin
from viertakt.language import Query, parse, to_sql
from viertakt.language.model import AllOf, AnyOf, Term

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def found(conn: Connection, query: Query | str, zone: object = UTC) -> set[UUID]:
    """The ids a query finds at noon."""
    tree = parse(query) if isinstance(query, str) else query
    condition, params = to_sql(tree, NOON, zone if isinstance(zone, ZoneInfo) else UTC)
    statement = sql.SQL("SELECT o.operation_id FROM viertakt.operation AS o WHERE {}").format(condition)
    return {row[0] for row in conn.execute(statement, params)}


@pytest.fixture
def rows(conn: Connection) -> dict[str, UUID]:
    """Four operations that differ in everything a query can ask."""
    parent = insert(conn, kind="order", reference="O-1", stage="paid", status="success", tags=["vip", "new"])
    return {
        "parent": parent,
        "rich": insert(
            conn,
            subject="player-7",
            brand="casino-nl",
            amount=Decimal("1000.00"),
            currency="EUR",
            attributes={"method": "bank", "checked": False, "nothing": None, "pieces": 3},
            parent_id=parent,
            waiting_on="operator",
            deadline_at=NOON + timedelta(hours=1),
            aliases={"stripe:payout": "po_1", "key:token:1": "secret-key"},
        ),
        "dollar": insert(conn, amount=Decimal(2000), currency="USD", stage="failed", status="error"),
        "bare": insert(conn, reference="W-bare", contradiction=True, tags=["vip"]),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "parent rich dollar bare"),
        ("kind:order", "parent"),
        ("kind:order,withdrawal", "parent rich dollar bare"),
        ("-kind:order", "rich dollar bare"),
        ("status:pending", "rich bare"),
        ("status:error,success stage:failed", "dollar"),
        ("waiting_on:operator", "rich"),
        ("-waiting_on:operator", "parent dollar bare"),
        ("brand:*", "rich"),
        ("-brand:*", "parent dollar bare"),
        ("-brand:casino-nl", "parent dollar bare"),
        ("amount>=1000EUR", "rich"),
        ("amount>1000EUR", ""),
        ("amount<=1000EUR", "rich"),
        ("amount:1000EUR", "rich"),
        ("amount:1000.0EUR,2000USD", "rich dollar"),
        ("amount:500EUR..1500EUR", "rich"),
        ("amount:..1500USD", ""),
        ("-amount>=1000EUR", "parent dollar bare"),
        ("-amount:*", "parent bare"),
        ("tag:vip", "parent bare"),
        ("tag:new,old", "parent"),
        ("-tag:vip", "rich dollar"),
        ("tag:*", "parent bare"),
        ("is:contradiction", "bare"),
        ("-is:contradiction", "parent rich dollar"),
        ("attributes.method:bank,card", "rich"),
        ("-attributes.method:bank", "parent dollar bare"),
        ("attributes.checked:false", "rich"),
        ("attributes.pieces:3", "rich"),
        ("attributes.method:*", "rich"),
        ("attributes.nothing:*", ""),
        ("attributes.unheard:x", ""),
        ("-attributes.unheard:x", "parent rich dollar bare"),
        ("parent:*", "rich"),
        ("deadline<+2h", "rich"),
        ("deadline<+30m", ""),
        ("-deadline<+30m", "parent rich dollar bare"),
        ("closed:*", "parent dollar"),
        ("reference:O-1", "parent"),
        ("O-1", "parent"),
        ("-O-1", "rich dollar bare"),
        ("po_1", "rich"),
        ("player-7", "rich"),
        ("-player-7", "parent dollar bare"),
        ("player", ""),
        ("PLAYER-7", "rich"),
        ("w-bare", "bare"),
        ('"W-bare,"', "bare"),
        ('"player-7 W-bare"', ""),
        ("...", ""),
        ("-...", "parent rich dollar bare"),
        ("has:children", "parent"),
        ("-has:children", "rich dollar bare"),
        ("has:parent,tag", "parent rich bare"),
        ("is:open", "rich bare"),
        ("is:overdue", ""),
        ("currency:EUR", "rich"),
        ("kind_version:1..2", "parent rich dollar bare"),
        ("age>1h", ""),
        ("age<1h", "parent rich dollar bare"),
        ("secret-key", ""),
        ("%", ""),
        ("W-bare is:contradiction", "bare"),
        ("W-bare -is:contradiction", ""),
        ("kind:order OR is:contradiction", "parent bare"),
        ("kind:order OR is:contradiction tag:new", "parent"),
        ("(kind:order OR is:contradiction) tag:new", "parent"),
        ("NOT (kind:order OR brand:*)", "dollar bare"),
        ("-(brand:casino-nl waiting_on:operator)", "parent dollar bare"),
        ("-(brand:shop OR -tag:vip)", "parent bare"),
        ("po_1 OR W-bare", "rich bare"),
    ],
)
def test_a_query_finds_what_it_says(conn: Connection, rows: dict[str, UUID], query: str, names: str) -> None:
    """Two-valued: what is absent compares false, and the negation of that is true. Request keys are found by nobody."""
    assert found(conn, query) == {rows[name] for name in names.split()}


HISTORY = [
    ("path:under_review>approved", "straight back"),
    ("path:requested>under_review>approved", "straight back"),
    ("path:requested>approved", ""),
    ("path:approved>paid>under_review", "back"),
    ("path:under_review>approved>paid,requested>rejected", "straight back refused"),
    ("-path:under_review>approved", "refused fresh"),
    ("path:under_review>approved>under_review", ""),
    ("was:under_review", "straight back"),
    ("was:rejected,paid", "straight back refused"),
    ("was:paid is:open", "back"),
    ("was:*", "straight back refused fresh"),
    ("reason:fraud", "refused"),
    ("reason:*", "refused back"),
    ("-reason:*", "straight fresh"),
    ("is:reopened", "back"),
    ("-is:reopened is:open", "fresh"),
    ("is:final", "refused"),
    ("-is:final", "straight back fresh"),
    ("is:restricted", ""),
]


def test_the_history_is_asked(conn: Connection) -> None:
    """Moves that happened, one right after the other; an amendment lies between none, a refused attempt is no move."""
    install_builtin(conn)
    asked = {
        "straight": (
            "paid",
            "success",
            ["requested/pending", "under_review/pending", "=", "approved/pending", "paid/success"],
        ),
        "back": (
            "under_review",
            "pending",
            [
                "requested/pending",
                "under_review/pending",
                "approved/pending",
                "paid/success",
                "under_review/pending/bank_returned",
            ],
        ),
        "refused": ("rejected", "rejected", ["requested/pending", "rejected/rejected/fraud"]),
        "fresh": ("requested", "pending", ["requested/pending", "!//wagering_open"]),
    }
    ids = {}
    for name, (stage, status, steps) in asked.items():
        ids[name] = insert(conn, stage=stage, status=status)
        history(conn, ids[name], *steps)
    for query, names in HISTORY:
        assert found(conn, query) == {ids[name] for name in names.split()}, query


def test_an_id_finds_its_operation(conn: Connection, rows: dict[str, UUID]) -> None:
    """In its usual form, in capitals too; and children by their parent's."""
    assert found(conn, str(rows["rich"]).upper()) == {rows["rich"]}
    assert found(conn, f"parent:{rows['parent']}") == {rows["rich"]}


@pytest.mark.parametrize(
    ("query", "minutes"),
    [
        ("created:2026-11-22", [0, 60, 1439]),
        ("created>2026-11-21", [0, 60, 1439, 1440]),
        ("created>=2026-11-22", [0, 60, 1439, 1440]),
        ("created<2026-11-22", [-1]),
        ("created<=2026-11-22", [-1, 0, 60, 1439]),
        ("created:2026-11-21..2026-11-22", [-1, 0, 60, 1439]),
        ("created:2026-11-21..2026-11-21", [-1]),
        ("created>=2026-11-22T00:00:00+01:00", [0, 60, 1439, 1440]),
        ("created:2026-11-22T01:00:00+01:00", [60]),
        ("created:-13h..", [0, 60, 1439, 1440]),
        ("created:2026-11-21..2026-11-22T00:30:00+01:00", [-1, 0]),
    ],
)
def test_a_day_is_the_readers_whole_day(conn: Connection, query: str, minutes: list[int]) -> None:
    """From midnight to midnight in Amsterdam: `>` begins after a day, `<=` reaches to its end."""
    midnight = datetime(2026, 11, 21, 23, tzinfo=UTC)
    ids = {
        minute: insert(conn, created_at=midnight + timedelta(minutes=minute))
        for minute in [-1, 0, 60, 1439, 1440]
    }
    assert found(conn, query, AMSTERDAM) == {ids[minute] for minute in minutes}


def test_the_day_of_a_clock_change_has_its_own_length(conn: Connection) -> None:
    """On 25 October 2026 Amsterdam's day has 25 hours; a fixed 24 would lose the last one."""
    last = insert(conn, created_at=datetime(2026, 10, 25, 22, 59, tzinfo=UTC))
    insert(conn, created_at=datetime(2026, 10, 25, 23, 0, tzinfo=UTC))
    first = insert(conn, created_at=datetime(2026, 10, 24, 22, 0, tzinfo=UTC))
    assert found(conn, "created:2026-10-25", AMSTERDAM) == {first, last}


QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(term=terms)
def test_a_term_and_its_negation_share_nothing_and_leave_nothing(conn: Connection, term: Term) -> None:
    """SQL has a third truth value; the language has not, for no term of any field and any operation."""
    with conn.transaction(force_rollback=True):
        everything = {
            insert(conn, subject="player 7", reference="W-1"),
            insert(conn, brand="*", amount=Decimal(5), currency="EUR", tags=["withdrawal"]),
            insert(conn, status="error", attributes={"method": "W-1"}, deadline_at=None, waiting_on="date"),
        }
        holds = found(conn, Query((_with_sign(term, negated=False),)))
        fails = found(conn, Query((_with_sign(term, negated=True),)))
    assert holds | fails == everything
    assert holds & fails == set()


@QUIET
@given(query=queries)
def test_every_query_runs(conn: Connection, query: Query) -> None:
    """Whatever reads also compiles to SQL that PostgreSQL accepts, with all values as parameters."""
    with conn.transaction(force_rollback=True):
        found(conn, query)


def _with_sign(term: Term, *, negated: bool) -> Term:
    return msgspec.structs.replace(term, negated=negated)


def test_values_never_stand_in_the_statement() -> None:
    """The one defence against injection that needs no care: there is nothing to escape."""
    condition, params = to_sql(
        parse("""subject:"x'; DROP TABLE viertakt.operation" created:2026-11-22"""), NOON
    )
    assert "DROP" not in condition.as_string(None)
    assert params["q1"] == "x'; DROP TABLE viertakt.operation"
    assert datetime.combine(date(2026, 11, 22), datetime.min.time(), UTC) in params.values()


def test_a_group_of_nothing_is_all_of_it_and_none_of_it(conn: Connection, rows: dict[str, UUID]) -> None:
    """What an operation without a subject makes of `subject:$subject`: PostgreSQL would not read two empty parentheses."""
    everything = set(rows.values())
    assert found(conn, Query((AllOf(()),))) >= everything
    assert found(conn, Query((AnyOf((), negated=True),))) >= everything
    assert found(conn, Query((AllOf((), negated=True),))) & everything == set()
    assert found(conn, Query((AnyOf(()),))) & everything == set()
