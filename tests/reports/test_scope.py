"""What somebody may see limits every list, count and report, and a grant that was taken stops what was decided."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from psycopg import sql

from tests.conftest import _copy
from tests.language.operations import Row, columns, rows
from tests.language.rows import NOON, insert_rows
from tests.operations.conftest import House, euros
from tests.reports.many import fill
from tests.reports.test_plans import indexes_of, rows_read_in_vain
from viertakt.access import granting
from viertakt.access.grants import Grant, Rights
from viertakt.access.grants_model import NewGrant
from viertakt.access.installed import INSTALLED
from viertakt.access.model import Actor, ActorId, system
from viertakt.access.rules import sees, visible
from viertakt.db.pool import Connection, connect
from viertakt.errors import Forbidden, NotFound
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.kinds.actions import Kinds
from viertakt.language import parse, to_sql, within
from viertakt.reports import store, views
from viertakt.reports.answers import Question, answer
from viertakt.reports.counts import count_capped, counts
from viertakt.reports.frozen import freeze, list_frozen, read_frozen
from viertakt.reports.lists import SORTS, list_operations
from viertakt.reports.sources import one_snapshot
from viertakt.reports.stays import project_stays
from viertakt.reports.tallied import tallied_counts
from viertakt.reports.tallies import fold_statuses
from viertakt.reports.views_model import Audience, ViewContent

READ_MAX = 2_000  # of twenty thousand: where a brand has a third of them, a page of fifty is soon full
HIDDEN = (("withdrawal", "compliance_hold"), ("deposit", "requested"))
WHERES = (
    "",
    "brand:north",
    "-brand:north",
    "brand:*",
    "status:pending",
    "stage:requested OR brand:south",
    "attributes.method:card",
    "-(kind:deposit attributes.method:card)",
)
grants = st.lists(
    st.builds(
        Grant,
        id=st.integers(1, 99),
        role=st.just("payments"),
        kinds=st.lists(st.sampled_from(["withdrawal", "deposit", "ticket"]), unique=True, max_size=2).map(
            tuple
        ),
        may=st.sampled_from([("view",), ("view", "restricted"), ("open",)]),
        where=st.sampled_from(WHERES),
    ),
    max_size=4,
).map(tuple)
seen_rows = st.builds(
    lambda row, kind, stage, brand, method: msgspec.structs.replace(
        row,
        kind=kind,
        stage=stage,
        brand=brand,
        attributes={"method": method} if method else {},
    ),
    rows(),
    st.sampled_from(["withdrawal", "deposit", "ticket"]),
    st.sampled_from(["requested", "compliance_hold", "paid"]),
    st.sampled_from(["north", "south", None]),
    st.sampled_from(["card", "bank", None]),
)


def person(*held: Grant, restricted: tuple[tuple[str, str], ...] = HIDDEN) -> Actor:
    """Somebody with these grants."""
    return Actor(ActorId("person:1"), "Anna", rights=Rights(held, restricted))


def may_view(actor: Actor, row: Row) -> bool:
    """What the sentences say, written out again: some grant to view covers it, and says so where it is restricted."""
    hidden = (row.kind, row.stage) in HIDDEN
    return any(
        "view" in grant.may and grant.covers(row) and (not hidden or "restricted" in grant.may)
        for grant in actor.rights.grants
    )


@settings(max_examples=50, suppress_health_check=list(HealthCheck), deadline=None)
@given(held=grants, given_rows=st.lists(seen_rows, min_size=12, max_size=12))
def test_what_is_found_is_what_may_be_viewed(
    conn: Connection, held: tuple[Grant, ...], given_rows: list[Row]
) -> None:
    """For any grants and any operations: the condition of lists, the decision about one, and the rule agree."""
    actor = person(*held)
    known = {
        UUID(int=7 + n): msgspec.structs.replace(row, id=UUID(int=7 + n)) for n, row in enumerate(given_rows)
    }
    with conn.transaction(force_rollback=True):
        insert_rows(conn, [columns(row) for row in known.values()])
        condition, params = to_sql(within(parse(""), visible(actor)), NOON)
        statement = sql.SQL("SELECT o.operation_id FROM viertakt.operation AS o WHERE {}").format(condition)
        found = {row[0] for row in conn.execute(statement, params).fetchall()}
    allowed = {key for key, row in known.items() if may_view(actor, row)}
    event("some" if 0 < len(allowed) < len(known) else "all or none")
    assert found == allowed
    assert {key for key, row in known.items() if sees(actor, row)} == allowed


@pytest.fixture
def busy(house: House) -> House:
    """Withdrawals of two brands, one of them under suspicion, and tickets; all of them counted."""
    for n in range(6):
        house.open("ticket", f"T-{n}", brand=("north", "south")[n % 2])
        opened = house.open("withdrawal", f"W-{n}", brand=("north", "south")[n % 2], amount=euros("50"))
        if n == 0:
            house.move(opened, "escalate", by=house.person)
    with connect(house.url, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn, [fold_statuses])
    return house


def test_counts_within_a_scope_are_tallied_and_equal_their_lists(busy: House) -> None:
    """A tab that counts what its list does not show tells that there is something to hide."""
    hidden = (("withdrawal", "compliance_hold"),)
    asked = product(
        (("view",), ("view", "restricted")),
        ("", "brand:north", "-brand:north", "kind:ticket OR brand:south"),
        ("", "kind:withdrawal", "status:pending -brand:south"),
        (["status"], ["kind"], ["kind", "stage", "brand"]),
    )
    with connect(busy.url, role="viertakt_app") as conn:
        for may, where, text, by in asked:
            reader = person(Grant(1, "payments", may=may, where=where), restricted=hidden)
            query = within(parse(text), visible(reader))
            tallied = tallied_counts(conn, query, by)
            assert tallied is not None
            listed = list_operations(conn, query).items
            assert (
                sum(row["count"] for row in tallied.items) == len(listed) == count_capped(conn, query).value
            )
            scanned = [row for row in counts(conn, query, by).items if row["count"]]
            assert [row for row in tallied.items if row["count"]] == scanned


def test_a_report_and_its_frozen_answer_count_only_what_is_seen(busy: House) -> None:
    """Whose list is shorter, whose number is smaller; and what counts more than somebody sees is not theirs to read."""
    hidden = busy.person.rights.restricted
    north = msgspec.structs.replace(
        busy.person, rights=Rights((Grant(1, "payments", may=("view",), where="brand:north"),), hidden)
    )
    today = datetime.now(UTC).date()
    with connect(busy.url, role="viertakt_app") as conn:
        fields = Kinds().search_fields(conn)
        conn.commit()
        totals = []
        for reader in (north, busy.person, busy.token):
            with conn.transaction():
                one_snapshot(conn)
                asked = Question("", today, today + timedelta(days=1))
                table = answer(conn, "statuses", asked, fields=fields, within=visible(reader)).table
                totals.append(sum(int(row.values[2] or 0) for row in table.rows))
    assert totals == [5, 11, 12]


def test_a_frozen_report_is_for_those_who_see_what_it_counts(busy: House) -> None:
    """Its numbers were counted once, for the eyes of whoever froze it."""
    past = Question("", date(2025, 10, 1), date(2025, 11, 1))
    with connect(busy.url, role="viertakt_app") as conn:
        ids = {}
        for name, freezer in (("lead", busy.person), ("admin", busy.token)):
            with conn.transaction():
                ids[name] = freeze(
                    conn, "statuses", past, title=name, actor=freezer, fields=Kinds().search_fields
                )
        assert [one.title for one in list_frozen(conn, busy.token)] == ["admin", "lead"]
        assert [one.title for one in list_frozen(conn, busy.person)] == ["lead"]
        read_frozen(conn, ids["lead"], reader=busy.person)
        with pytest.raises(NotFound):
            read_frozen(conn, ids["admin"], reader=busy.person)


def test_a_view_counts_what_its_reader_sees(busy: House) -> None:
    """A team's view is one query for all of them, and another number for each."""
    with connect(busy.url) as conn:
        views.install_views(conn)
        fields = Kinds().search_fields(conn)
        for may, expected in ((("view",), 11), (("view", "restricted"), 12)):
            reader = msgspec.structs.replace(
                busy.person, rights=Rights((Grant(1, "payments", may=may),), busy.person.rights.restricted)
            )
            content = ViewContent(
                name=f"Open {len(may)}", query="status:pending", audience=Audience.TEAM, role="payments"
            )
            view = views.add_view(conn, content, reader, fields=fields)
            counted = dict(views.view_counts(conn, reader, fields=fields))
            found = counted[view.id]
            assert found is not None
            assert found.value == expected


def revoke(house: House, role: str, word: str) -> None:
    """Take away every grant of a role that says this."""
    with connect(house.url, role="viertakt_app") as conn:
        for line in granting.grants(conn, role=role):
            if word in line.may:
                granting.revoke_grant(conn, line.id, actor=system("cli"))
        conn.commit()


def test_a_revoked_grant_refuses_a_move_that_was_decided_on_it(house: House) -> None:
    """The actor was read before; the write notices that its rights have changed, and the decision is made anew."""
    opened = house.open("withdrawal", "W-1", amount=euros("50"))
    revoke(house, "payments", "move:escalate")
    with pytest.raises(Forbidden, match="'escalate' needs role risk"):
        house.move(opened, "escalate", by=house.person)
    assert house.sql("SELECT stage FROM viertakt.operation") == [("requested",)]


def test_a_new_grant_counts_for_who_was_read_before_it(house: House) -> None:
    """Nobody has to sign in again to be allowed more; an opening is decided anew like a move."""
    with connect(house.url, role="viertakt_app") as conn:
        new = NewGrant("payments", ("move:clear",))
        granting.add_grant(conn, new, actor=system("cli"), kinds=(), fields={})
        conn.commit()
    assert house.open("ticket", "T-1", by=house.person).reference == "T-1"


def test_out_of_scope_an_operation_is_not_there_for_moves_either(house: House) -> None:
    """Whoever moves it out of sight hears that it was done, also when asking again; and finds it no more."""
    opened = house.open("withdrawal", "W-1", amount=euros("50"))
    first = house.move(opened, "escalate", by=house.person, key="k1")
    again = house.move(opened, "escalate", by=house.person, key="k1")
    assert (again.replayed, again.entry.seq) == (True, first.entry.seq)
    for transition in ("escalate", "clear", "nothing"):
        with pytest.raises(NotFound, match="There is no operation"):
            house.move(opened, transition, by=house.person)
    assert isinstance(house.end(opened, "success", by=house.person), NotFound)
    # No entry either: not even that somebody tried.
    assert house.sql("SELECT count(*) FROM viertakt.entry WHERE sort = 'refused'") == [(0,)]
    house.move(opened, "clear", by=house.token)
    assert house.move(opened, "escalate", by=house.person, key="k2").replayed is False


def test_a_reference_out_of_scope_is_taken_and_nobody_is_told_by_what(house: House) -> None:
    """The name is unique for all; whose it is, is not for everybody."""
    opened = house.open("withdrawal", "W-1", amount=euros("50"))
    house.move(opened, "escalate", by=house.person)
    request = house.opening("withdrawal", "W-1", by=house.person, amount=euros("50"))
    (refusal,) = house.batch.call_all([request])
    assert getattr(refusal, "code", None) == "reference_taken"
    assert "operation_id" not in getattr(refusal, "facts", {"operation_id": 1})


def test_that_something_was_under_suspicion_is_not_told_when_it_is_cleared(busy: House) -> None:
    """Neither by a search nor by a report: the past of a restricted stage is as restricted as its present."""
    with connect(busy.url, role="viertakt_app") as conn:
        (held,) = list_operations(conn, parse("stage:compliance_hold")).items
    busy.move(held, "clear", by=busy.token)
    with connect(busy.url, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn, [fold_statuses])
        follow_all(conn, "stays", project_stays)
        for text, negated in (("was:compliance_hold", 12), ("path:requested>compliance_hold", 12)):
            told = [
                count_capped(conn, within(parse(query), visible(reader))).value
                for query in (text, f"-{text}")
                for reader in (busy.token, busy.person)
            ]
            assert told == [1, 0, negated - 1, negated]


@pytest.fixture(scope="module")
def filled(server_url: str, template: str) -> Iterator[Connection]:
    """Twenty thousand operations of three brands."""
    for url in _copy(server_url, template):
        with connect(url) as connection:
            fill(connection, 20_000)
            yield connection
            connection.rollback()


@pytest.mark.parametrize(
    ("query", "where", "may", "index"),
    [
        ("", "brand:casino-nl", ("view",), "brand_created_at"),
        ("kind:withdrawal", "brand:casino-nl", ("view",), "kind_created_at"),
        ("status:pending", "brand:casino-nl", ("view",), "status_kind_created_at"),
        ("", "", ("view",), "created_at"),
        ("kind:withdrawal", "", ("view",), "kind_created_at"),
        ("subject:player-7", "brand:casino-nl", ("view",), "subject_created_at"),
    ],
)
def test_a_list_within_a_scope_goes_by_an_index(
    filled: Connection, query: str, where: str, may: tuple[str, ...], index: str
) -> None:
    """A scope takes rows away; it must not make a page of fifty read a table of millions."""
    seen = visible(person(Grant(1, "payments", may=may, where=where)))
    condition, params = to_sql(within(parse(query), seen), datetime.now(UTC))
    parts = {"filter": condition} | SORTS["-created_at"].parts()
    statement = sql.SQL("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ") + store.filled(
        "page", parts
    )
    text = "\n".join(row[0] for row in filled.execute(statement, params | {"limit": 51}))
    assert index in indexes_of(text), text
    assert rows_read_in_vain(text) < READ_MAX, text


def test_the_products_roles_see_what_they_need(house: House) -> None:
    """Only compliance, auditors, administrators and the platform itself see what is under suspicion."""
    seeing = {role for role, may in INSTALLED.items() if "restricted" in may}
    assert seeing == {"admin", "compliance", "auditor", "integration"}
    assert all("view" in may for may in INSTALLED.values())
