"""In the host's own transaction: both or neither, with each make of host, at each level of isolation."""

import psycopg
import pytest
import sqlalchemy

import viertakt
from tests.host.conftest import LEVELS, Begin
from tests.operations.conftest import House, euros
from viertakt.errors import Invalid, KeyReused, NotPermitted
from viertakt.operations.model import Operation

LEDGER = viertakt.system("ledger")


def approved(house: House, name: str) -> Operation:
    """A withdrawal that people have approved."""
    operation = house.open("withdrawal", name, amount=euros("120.00"))
    house.move(operation, "approve")
    return operation


def traces(house: House, name: str) -> tuple[list[str], list[str]]:
    """The host's notes, and what was done by its hand to the operations of this name."""
    notes = house.sql(
        "SELECT split_part(note, ' ', 2) FROM public.ledger WHERE note LIKE %s ORDER BY 1", f"{name}%"
    )
    done = house.sql(
        "SELECT concat_ws(' ', e.sort, e.transition) FROM viertakt.entry e JOIN viertakt.operation o USING (operation_id)"
        " WHERE e.actor = 'system:ledger' AND o.reference = %s ORDER BY 1",
        name,
    )
    return [note for (note,) in notes], [one for (one,) in done]


@pytest.mark.parametrize("level", LEVELS)
def test_the_hosts_commit_leaves_both(house: House, begin: Begin, level: str, name: str) -> None:
    """The row, an opening, a move and a reported end, all or nothing."""
    operation = approved(house, name)
    with begin(level) as (conn, write):
        write(f"{name} sent")
        viertakt.move(conn, operation.id, "send", actor=LEDGER, expected_stage="approved")
        write(f"{name} paid")
        told = viertakt.outcome(conn, operation.id, "success", actor=LEDGER, data={"bank": "NL"})
        opened = viertakt.open(conn, "ticket", reference=name, actor=LEDGER, subject="player-7")
    assert (told.operation.stage, opened.operation.stage) == ("paid", "new")
    assert traces(house, name) == (["paid", "sent"], ["moved send", "moved settle", "opened"])
    stages = house.sql("SELECT kind, stage FROM viertakt.operation WHERE reference = %s ORDER BY kind", name)
    assert stages == [("ticket", "new"), ("withdrawal", "paid")]


@pytest.mark.parametrize("level", LEVELS)
def test_the_hosts_rollback_leaves_no_trace(house: House, begin: Begin, level: str, name: str) -> None:
    """Nor of what was refused meanwhile: for the history it has not happened."""
    operation = approved(house, name)

    def work() -> None:
        with begin(level) as (conn, write):
            write(f"{name} sent")
            viertakt.move(conn, operation.id, "send", actor=LEDGER)
            viertakt.open(conn, "ticket", reference=name, actor=LEDGER)
            with pytest.raises(NotPermitted):
                viertakt.move(conn, operation.id, "send", actor=LEDGER)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert traces(house, name) == ([], [])
    assert house.sql("SELECT kind, stage FROM viertakt.operation WHERE reference = %s", name) == [
        ("withdrawal", "approved")
    ]
    assert house.sql("SELECT count(*) FROM viertakt.alias WHERE value = %s", name) == [(1,)]


@pytest.mark.parametrize("level", LEVELS[1:])
def test_a_host_that_sees_one_moment_is_told_to_repeat(
    house: House, begin: Begin, level: str, name: str
) -> None:
    """What it read is no longer so. Run again, it decides on what stands now; of the first run there is no trace."""
    operation = approved(house, name)

    def work(transition: str) -> None:
        with begin(level) as (conn, write):
            write(f"{name} {transition}")
            if transition == "send":
                house.move(operation, "send", by=house.token)
            viertakt.move(conn, operation.id, transition, actor=LEDGER)

    with pytest.raises(viertakt.RetryTransaction):
        work("send")
    assert traces(house, name) == ([], [])
    work("settle")
    assert traces(house, name) == (["settle"], ["moved settle"])


@pytest.mark.parametrize("level", LEVELS[1:])
def test_a_reference_that_was_taken_meanwhile_asks_for_a_repeat(
    house: House, begin: Begin, level: str, name: str
) -> None:
    """Run again, it finds the operation that was first."""

    def work() -> None:
        with begin(level) as (conn, write):
            write(f"{name} opened")
            house.open("ticket", name)
            viertakt.open(conn, "ticket", reference=name, actor=LEDGER)

    with pytest.raises(viertakt.RetryTransaction):
        work()
    with begin(level) as (conn, _):
        assert viertakt.open(conn, "ticket", reference=name, actor=LEDGER).replayed
    assert traces(house, name) == ([], [])


def test_a_host_that_reads_what_is_committed_decides_on_what_stands_now(
    house: House, begin: Begin, name: str
) -> None:
    """No repeat is needed: the refusal is the answer, and the host's transaction goes on."""
    operation = approved(house, name)
    with begin("READ COMMITTED") as (conn, write):
        write(f"{name} tried")
        house.move(operation, "send", by=house.token)
        with pytest.raises(NotPermitted):
            viertakt.move(conn, operation.id, "send", actor=LEDGER)
        viertakt.move(conn, operation.id, "settle", actor=LEDGER)
    assert traces(house, name) == (["tried"], ["moved settle", "refused send"])


def test_a_key_answers_once_more_and_another_body_is_refused(house: House, begin: Begin, name: str) -> None:
    """The host's own retries need not know what the first one came to."""
    operation = approved(house, name)
    for replayed in (False, True):
        with begin("READ COMMITTED") as (conn, _):
            answer = viertakt.move(conn, operation.id, "send", actor=LEDGER, key="k-1", data={"n": 1})
            opened = viertakt.open(conn, "ticket", reference=name, actor=LEDGER, key=name)
            assert (answer.replayed, opened.replayed) == (replayed, replayed)
    with begin("READ COMMITTED") as (conn, _), pytest.raises(KeyReused):
        viertakt.move(conn, operation.id, "send", actor=LEDGER, key="k-1", data={"n": 2})


def test_without_a_transaction_nothing_is_written(house: House, name: str) -> None:
    """In autocommit each statement would commit by itself: half a move."""
    operation = approved(house, name)
    engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(house.url))
    with psycopg.connect(house.url, autocommit=True) as conn:
        with pytest.raises(Invalid, match="autocommit"):
            viertakt.move(conn, operation.id, "send", actor=LEDGER)
        with conn.transaction():
            viertakt.move(conn, operation.id, "send", actor=LEDGER)
    theirs = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with theirs, pytest.raises(Invalid, match="autocommit"):
        viertakt.move(theirs, operation.id, "settle", actor=LEDGER)
    engine.dispose()
    assert traces(house, name) == ([], ["moved send"])


def test_what_is_no_connection_is_told_so(house: House, name: str) -> None:
    """Another driver beneath SQLAlchemy, or none at all."""
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.connect() as theirs, pytest.raises(Invalid, match="sqlite3"):
        viertakt.move(theirs, approved(house, name).id, "send", actor=LEDGER)
    engine.dispose()
    with pytest.raises(Invalid, match=r"not builtins\.str"):
        viertakt.open("postgresql://", "ticket", reference="T-1", actor=LEDGER)  # type: ignore[arg-type]
    operation = house.open("ticket", name)
    with (
        psycopg.connect(house.url) as conn,
        pytest.raises(Invalid, match="success, error, rejected, unknown"),
    ):
        viertakt.outcome(conn, operation.id, "fine", actor=LEDGER)
