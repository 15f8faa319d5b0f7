"""Pages of operations: complete, in order, and only for the list a cursor came from."""

import base64
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.language.rows import NOON, insert
from viertakt.db.pool import Connection, connect
from viertakt.errors import Invalid, InvalidCursor
from viertakt.language import parse
from viertakt.operations.model import Money, Operation
from viertakt.reports.lists import SORTS, Page, find_reference, list_operations

ALL = parse("")


def ids(operations: list[Operation]) -> list[UUID]:
    """The ids of operations, in their order."""
    return [operation.id for operation in operations]


def pages(conn: Connection, query: str, sort: str, limit: int) -> list[list[UUID]]:
    """All pages of a list."""
    result, cursor = [], None
    while True:
        page = list_operations(conn, parse(query), sort=sort, limit=limit, cursor=cursor)
        result.append(ids(page.items))
        if page.next_cursor is None:
            return result
        cursor = page.next_cursor


def test_a_page_holds_operations_as_they_stand(conn: Connection) -> None:
    """Money keeps its digits, times their zone, and what is absent is None."""
    parent = insert(conn)
    made = insert(
        conn,
        kind="deposit",
        reference="D-1",
        subject="player-7",
        amount=Decimal("12.50"),
        currency="EUR",
        attributes={"method": "bank"},
        tags=["vip"],
        parent_id=parent,
        waiting_on="operator",
        deadline_at=NOON + timedelta(days=365),
        created_at=NOON + timedelta(days=300),
    )
    operation = list_operations(conn, ALL, limit=1).items[0]
    assert operation.id == made
    assert operation.amount == Money(Decimal("12.50"), "EUR")
    assert str(operation.amount.value) == "12.50"
    assert (operation.subject, operation.tags, operation.parent_id) == ("player-7", ("vip",), parent)
    assert (operation.created_at, operation.deadline_at) == (
        NOON + timedelta(days=300),
        NOON + timedelta(days=365),
    )
    assert (operation.brand, operation.closed_at, operation.contradiction) == (None, None, False)


def test_the_newest_come_first_and_the_last_page_has_no_cursor(conn: Connection) -> None:
    """Where nobody says otherwise: what just happened is what an operator looks for."""
    made = [insert(conn) for _ in range(5)]
    assert pages(conn, "", "-created_at", 2) == [made[:2:-1], made[2:0:-1], made[:1]]
    assert pages(conn, "", "created_at", 5) == [made]
    assert pages(conn, "kind:nothing", "created_at", 5) == [[]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seconds=st.lists(st.integers(0, 3), max_size=12),
    limit=st.integers(1, 5),
    sort=st.sampled_from(sorted(SORTS)),
)
def test_pages_together_are_the_list_also_among_equal_times(
    conn: Connection, seconds: list[int], limit: int, sort: str
) -> None:
    """Nothing is shown twice and nothing is lost at a seam, however many were opened in the same moment."""
    with conn.transaction(force_rollback=True):
        for second in seconds:
            moment = NOON + timedelta(seconds=second)
            insert(conn, created_at=moment, deadline_at=moment, status="success", closed_at=moment)
        found = pages(conn, "deadline:* closed:*", sort, limit)
        assert [one for page in found for one in page] == _all(conn, sort)
    assert all(len(page) == limit for page in found[:-1])


def test_an_operation_opened_meanwhile_shifts_nothing(conn: Connection) -> None:
    """Counting from the top would show the last one again."""
    made = [insert(conn) for _ in range(4)]
    first = list_operations(conn, ALL, limit=2)
    insert(conn)
    second = list_operations(conn, ALL, limit=2, cursor=first.next_cursor)
    assert ids(first.items) + ids(second.items) == made[::-1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seconds=st.lists(st.integers(0, 3), max_size=12),
    meanwhile=st.just([[]] * 12)
    | st.lists(st.lists(st.integers(-1, 4), max_size=3), min_size=12, max_size=12),
    limit=st.integers(1, 5),
    sort=st.sampled_from(sorted(SORTS)),
)
def test_walking_back_shows_what_lies_before(
    conn: Connection, seconds: list[int], meanwhile: list[list[int]], limit: int, sort: str
) -> None:
    """The same pages as on the way there, and what was opened meanwhile in its place: nothing twice, nothing lost."""
    with conn.transaction(force_rollback=True):
        for second in seconds:
            _at(conn, second)
        there = [_page(conn, sort, limit, None)]
        while (cursor := there[-1].next_cursor) is not None:
            there.append(_page(conn, sort, limit, cursor))
        assert there[0].prev_cursor is None
        still, page = there[:-1], there[-1]
        for opened in meanwhile:
            if (cursor := page.prev_cursor) is None:
                break
            for second in opened:
                _at(conn, second)
            everything = _all(conn, sort)
            place = everything.index(page.items[0].id)
            page = _page(conn, sort, limit, cursor)
            assert ids(page.items) == everything[max(place - limit, 0) : place]
            assert (page.prev_cursor is None) == (place <= limit)
            again = _page(conn, sort, limit, page.next_cursor)
            assert ids(again.items) == everything[place : place + limit]
            if not any(meanwhile):
                assert page.items == still.pop().items


def _all(conn: Connection, sort: str) -> list[UUID]:
    order = "DESC" if sort.startswith("-") else "ASC"
    column = sort.removeprefix("-")
    rows = conn.execute(
        f"SELECT operation_id FROM viertakt.operation ORDER BY {column} {order}, operation_id {order}"
    )
    return [row[0] for row in rows.fetchall()]


def _at(conn: Connection, second: int) -> UUID:
    moment = NOON + timedelta(seconds=second)
    return insert(conn, created_at=moment, deadline_at=moment, status="success", closed_at=moment)


def _page(conn: Connection, sort: str, limit: int, cursor: str | None) -> Page:
    return list_operations(conn, parse("deadline:* closed:*"), sort=sort, limit=limit, cursor=cursor)


def test_forward_and_back_are_the_same_pages(conn: Connection) -> None:
    """Whoever looks back sees what they saw; what was opened meanwhile comes before it."""
    made = [insert(conn) for _ in range(7)][::-1]
    first = list_operations(conn, ALL, limit=3)
    second = list_operations(conn, ALL, limit=3, cursor=first.next_cursor)
    third = list_operations(conn, ALL, limit=3, cursor=second.next_cursor)
    newest = insert(conn)
    assert (first.prev_cursor, third.next_cursor) == (None, None)
    again = list_operations(conn, ALL, limit=3, cursor=third.prev_cursor)
    assert ids(again.items) == ids(second.items) == made[3:6]
    top = list_operations(conn, ALL, limit=3, cursor=again.prev_cursor)
    assert ids(top.items) == ids(first.items) == made[:3]
    above = list_operations(conn, ALL, limit=3, cursor=top.prev_cursor)
    assert (ids(above.items), above.prev_cursor) == ([newest], None)
    assert ids(list_operations(conn, ALL, limit=3, cursor=above.next_cursor).items) == made[:3]


@pytest.mark.parametrize("sort", ["created_at", "-created_at"])
def test_whoever_runs_into_nothing_can_turn_round(conn: Connection, sort: str) -> None:
    """All that lay there has left the list meanwhile; the way back begins with the operation at the edge."""
    made = [insert(conn) for _ in range(4)]
    if sort.startswith("-"):
        made.reverse()
    pending = parse("status:pending")

    def page(cursor: str | None) -> Page:
        return list_operations(conn, pending, sort=sort, limit=2, cursor=cursor)

    def end(operations: list[UUID]) -> None:
        conn.execute(
            """UPDATE viertakt.operation SET status = 'success', closed_at = changed_at
               WHERE operation_id = ANY(%s)""",
            [operations],
        )

    first = page(None)
    second = page(first.next_cursor)
    with conn.transaction(force_rollback=True):
        end(made[2:])
        empty = page(first.next_cursor)
        assert (empty.items, empty.next_cursor) == ([], None)
        assert ids(page(empty.prev_cursor).items) == made[:2]
    end(made[:2])
    empty = page(second.prev_cursor)
    assert (empty.items, empty.prev_cursor) == ([], None)
    assert ids(page(empty.next_cursor).items) == made[2:]


def test_a_cursor_belongs_to_its_query_and_sort(conn: Connection) -> None:
    """Under another filter the same place means something else; printed alike, it is the same query."""
    for _ in range(3):
        insert(conn)
    cursor = list_operations(conn, parse("kind:withdrawal status:pending"), limit=1).next_cursor
    list_operations(conn, parse("  kind:withdrawal   status:pending "), limit=1, cursor=cursor)
    for query, sort in [("kind:withdrawal", "-created_at"), ("kind:withdrawal status:pending", "created_at")]:
        with pytest.raises(InvalidCursor, match="does not belong to this list"):
            list_operations(conn, parse(query), sort=sort, cursor=cursor)


def test_a_cursor_of_another_installation_is_none_of_ours(database: str, conn: Connection) -> None:
    """The secret is made with the schema, so two installations never share one."""
    with connect(database) as other:
        for _ in range(2):
            insert(other)
        cursor = list_operations(other, ALL, limit=1).next_cursor
    assert cursor is not None
    # Tests share a template, and with it a secret; an installation of its own has its own.
    conn.execute("UPDATE viertakt.installation SET secret = sha256(secret)")
    with pytest.raises(InvalidCursor):
        list_operations(conn, ALL, limit=1, cursor=cursor)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "AAAA",
        "=" * 8,
        "\0",
        "\ud800",
        "é",
        "A" * 100_000,
        base64.urlsafe_b64encode(b"x" * 90).decode(),
    ],
)
def test_an_invented_cursor_is_refused(conn: Connection, cursor: str) -> None:
    """In one way, whatever is wrong with it."""
    with pytest.raises(InvalidCursor):
        list_operations(conn, ALL, cursor=cursor)


def test_a_changed_cursor_is_refused(conn: Connection) -> None:
    """Each character stands under the signature, save for the bits that base64 ignores at the end."""
    for _ in range(2):
        insert(conn)
    cursor = list_operations(conn, ALL, limit=1).next_cursor
    assert cursor is not None
    for place in range(len(cursor) - 1):
        other = "A" if cursor[place] != "A" else "B"
        with pytest.raises(InvalidCursor):
            list_operations(conn, ALL, cursor=cursor[:place] + other + cursor[place + 1 :])


@pytest.mark.parametrize("limit", [0, -1, 201, 10**9])
def test_a_page_has_its_bounds(conn: Connection, limit: int) -> None:
    """A thousand million rows in one answer is an attack or a mistake."""
    with pytest.raises(Invalid, match="1 to 200"):
        list_operations(conn, ALL, limit=limit)


@pytest.mark.parametrize(
    ("sort", "says"),
    [
        ("-changed_at", "No index gives the order of changed_at"),
        ("amount", "No index gives the order of amount"),
        ("created", "There is no sort"),
        ("created_at; DROP TABLE x", "There is no sort"),
        ("--created_at", "There is no sort"),
        ("", "There is no sort"),
        ("deadline_at", "add deadline:"),
        ("closed_at", "add closed:"),
    ],
)
def test_only_sorts_with_an_index_are_offered(conn: Connection, sort: str, says: str) -> None:
    """Any other would read everything to show fifty; the refusal names those there are."""
    with pytest.raises(Invalid, match=says):
        list_operations(conn, ALL, sort=sort)


def test_a_question_that_takes_too_long_is_the_askers_to_mend(conn: Connection) -> None:
    """Not a failure of ours: the answer says to narrow it, and nobody tries the same again and again."""
    insert(conn)
    conn.execute(
        "CREATE FUNCTION pg_temp.wait() RETURNS boolean LANGUAGE sql VOLATILE AS 'SELECT pg_sleep(5) IS NULL'"
    )
    conn.execute("ALTER TABLE viertakt.operation ENABLE ROW LEVEL SECURITY")
    conn.execute("CREATE POLICY slow ON viertakt.operation USING (pg_temp.wait())")
    conn.execute("SET LOCAL ROLE viertakt_app")
    conn.execute("SET LOCAL statement_timeout = '50ms'")
    with pytest.raises(Invalid, match="narrow it"):
        list_operations(conn, ALL)


@pytest.mark.parametrize("name", ["W-1", " W-1 ", "po_1"])
def test_an_operation_is_found_by_any_of_its_names(conn: Connection, name: str) -> None:
    """Reference or provider's identifier, as it was pasted; another kind may use the same reference."""
    made = insert(conn, reference="W-1", aliases={"stripe:payout": "po_1", "key:token:1": "hidden"})
    insert(conn, reference="W-2")
    assert ids(find_reference(conn, name)) == [made]


def test_an_id_finds_its_operation_in_any_case(conn: Connection) -> None:
    """Copied from a log that prints capitals."""
    made = insert(conn)
    assert ids(find_reference(conn, str(made).upper())) == [made]


def test_one_reference_of_two_kinds_finds_both(conn: Connection) -> None:
    """A reference is unique within its kind only; the newest comes first."""
    first = insert(conn, kind="deposit", reference="17")
    second = insert(conn, kind="refund", reference="17")
    assert ids(find_reference(conn, "17")) == [second, first]


@pytest.mark.parametrize("text", ["", "  ", "hidden", "w-1", "%", "\0", "\ud800", "x" * 1000, "a\nb"])
def test_what_is_no_name_finds_nothing(conn: Connection, text: str) -> None:
    """Request keys are nobody's to search, and nothing that is pasted is a crash."""
    insert(conn, reference="W-1", aliases={"key:token:1": "hidden"})
    assert find_reference(conn, text) == []


def test_what_is_overdue_may_be_sorted_by_its_deadline(conn: Connection) -> None:
    """The oldest first is how a morning begins; only what has a deadline can be overdue."""
    for hours in (3, 1, 2):
        insert(conn, reference=f"late-{hours}", deadline_at=NOON - timedelta(hours=hours))
    for q in ("is:overdue", "has:deadline"):
        page = list_operations(conn, parse(q), sort="deadline_at", now=NOON)
        assert [item.reference for item in page.items] == ["late-3", "late-2", "late-1"]
    with pytest.raises(Invalid, match="add deadline:"):
        list_operations(conn, parse("is:overdue,open"), sort="deadline_at")


def test_what_is_asked_for_by_its_end_comes_in_the_order_of_ends(conn: Connection) -> None:
    """Nobody who asks what ended last week means what was opened last."""
    late, early = (
        insert(
            conn,
            created_at=NOON - timedelta(days=days),
            status="success",
            closed_at=NOON - timedelta(hours=days),
        )
        for days in (1, 2)
    )
    later = insert(
        conn, created_at=NOON - timedelta(days=3), status="success", closed_at=NOON + timedelta(minutes=1)
    )
    page = list_operations(conn, parse("closed>=2000-01-01"), now=NOON + timedelta(hours=1))
    assert ids(page.items) == [later, late, early]
    assert page.sort == "-closed_at"
    assert list_operations(conn, ALL).sort == "-created_at"


def test_what_is_asked_for_by_its_deadline_comes_as_it_falls_due(conn: Connection) -> None:
    """An operator who looks at what is overdue begins with what is so for longest."""
    first, second = (
        insert(conn, created_at=NOON - timedelta(days=days), deadline_at=NOON - timedelta(days=10 - days))
        for days in (1, 2)
    )
    for text in ("is:overdue", "deadline<2100-01-01", "has:deadline"):
        page = list_operations(conn, parse(text), now=NOON)
        assert (ids(page.items), page.sort) == ([first, second], "deadline_at")
    assert list_operations(conn, parse("is:overdue,open"), now=NOON).sort == "-created_at"
