"""The batch: what is promised when many ask at once, and when the database dies."""

import threading
from pathlib import Path

import pytest
from msgspec.structs import replace
from uuid_utils.compat import uuid7

from tests.operations.conftest import House, euros
from tests.operations.killed import run_and_kill
from viertakt.access.actions import deactivate, set_roles
from viertakt.db.pool import connect
from viertakt.errors import KeyReused, NotFound, NotPermitted, ReferenceTaken, Stale, Unauthenticated
from viertakt.kinds.model import Outcome, PublishedKind
from viertakt.operations.actions import execute
from viertakt.operations.model import Answer, Caller, EntrySort, MoveRequest, Operation, OperationId
from viertakt.operations.reading import read_as_of, read_history, read_operation


def test_an_opening_is_entry_one(house: House) -> None:
    """The history starts with the opening, not with the first change."""
    operation = house.open("withdrawal", "W-1", amount=euros("12.50"), subject="player-7")
    with connect(house.url) as conn:
        (entry,) = read_history(conn, operation.id, after=0, limit=10)
    assert (entry.version, entry.sort, entry.to_stage) == (1, EntrySort.OPENED, "requested")


def test_the_same_opening_again_is_the_same_operation(house: House) -> None:
    """A caller whose answer was lost asks again; 12.5 and 12.50 are the same money."""
    first = house.open("withdrawal", "W-1", amount=euros("12.50"), attributes={"iban": "NL02ABNA0123456789"})
    again = house.batch.call(
        house.opening("withdrawal", "W-1", amount=euros("12.5"), attributes={"iban": "NL02ABNA0123456789"})
    )
    assert again.replayed
    assert again.operation.id == first.id


def test_another_content_under_one_reference_is_refused(house: House) -> None:
    """Two operations under one reference would be paid as one, or twice."""
    house.open("withdrawal", "W-1", amount=euros("12.50"))
    with pytest.raises(ReferenceTaken):
        house.open("withdrawal", "W-1", amount=euros("13.00"))


def test_an_alias_names_one_operation(house: House) -> None:
    """A provider's identifier leads to one payment; a refused opening gives its own names back."""
    house.open("withdrawal", "W-2", amount=euros("12.50"), aliases={"bank": "1"})
    with pytest.raises(ReferenceTaken):
        house.open("withdrawal", "W-3", amount=euros("12.50"), aliases={"bank": "1"})
    assert house.open("withdrawal", "W-3", amount=euros("12.50")).reference == "W-3"


def test_a_key_replays_its_move_and_no_other(house: House) -> None:
    """The key stands on the entry: the first entry is the answer, another body under it is a mistake."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    first = house.move(operation, "approve", key="k1")
    again = house.move(operation, "approve", key="k1")
    assert again.replayed
    assert again.entry.seq == first.entry.seq
    with pytest.raises(KeyReused):
        house.move(operation, "approve", key="k1", body="other")


def test_an_opening_key_is_unique_across_operations(house: House) -> None:
    """A key names one request, whatever reference the second attempt carries."""
    first = house.batch.call(house.opening(reference="T-1", key="k1"))
    assert house.batch.call(house.opening(reference="T-1", key="k1")).operation.id == first.operation.id
    other = house.opening(reference="T-2", key="k1")
    caller = Caller(house.token, key="k1", body_digest="other")
    with pytest.raises(KeyReused):
        house.batch.call(replace(other, caller=caller))


def test_a_refused_attempt_stands_in_the_history_without_a_version(house: House) -> None:
    """Auditors ask who tried; versions stay dense all the same."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    with pytest.raises(NotPermitted):
        house.move(operation, "settle")
    house.move(operation, "approve")
    with connect(house.url) as conn:
        entries = read_history(conn, operation.id, after=0, limit=10)
    assert [(entry.sort, entry.version) for entry in entries] == [
        ("opened", 1),
        ("refused", None),
        ("moved", 2),
    ]
    assert entries[1].data == {"refusal": {"code": "not_permitted", "faults": []}}


def test_no_name_is_ever_in_an_entry(house: House) -> None:
    """What is immutable must never have held a name: comments and personal attributes are only committed to."""
    operation = house.open(
        "withdrawal", "W-1", amount=euros("1"), subject="Vera", attributes={"iban": "NL02ABNA0123456789"}
    )
    house.move(operation, "approve", comment="spoke to Vera", data={"whatever": "Vera"})
    dumped = str(house.sql("SELECT e::text FROM viertakt.entry AS e"))
    assert "Vera" not in dumped
    assert "NL02" not in dumped
    with connect(house.url) as conn:
        personal = read_history(conn, operation.id, after=0, limit=10)[1].personal
    assert personal == {"comment": "spoke to Vera", "data": {"whatever": "Vera"}}


def test_history_cannot_be_rewritten(house: House) -> None:
    """The database itself refuses, whoever asks."""
    operation = house.open()
    for statement in (
        "UPDATE viertakt.entry SET reason = 'x'",
        "DELETE FROM viertakt.entry",
        "TRUNCATE viertakt.entry",
    ):
        with pytest.raises(Exception, match="what is written there stays"):
            house.sql(statement)
    assert house.sql("SELECT count(*) FROM viertakt.entry WHERE operation_id = %s", operation.id) == [(1,)]


def test_of_thirty_two_callers_one_wins_each_version(house: House) -> None:
    """The others hear what became of it; nobody waits for ever and nothing happens twice."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    requests = [house.moving(operation, "approve", expected_version=1) for _ in range(32)]
    results: list[object] = [None] * 32

    def ask(n: int) -> None:
        results[n] = house.batch.call_all([requests[n]])[0]

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(result, Answer) for result in results) == 1
    assert sum(isinstance(result, Stale) for result in results) == 31
    assert house.sql("SELECT count(*) FROM viertakt.entry WHERE sort = 'refused'") == [(31,)]


def test_requests_for_one_operation_keep_their_order(house: House) -> None:
    """Later requests wait behind earlier ones of the same operation, in the set after."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    path = ["escalate", "clear", "escalate", "clear", "approve", "send", "settle"]
    results = house.batch.call_all([house.moving(operation, name) for name in path])
    assert [result.operation.version for result in results if isinstance(result, Answer)] == list(range(2, 9))


def test_four_writers_on_the_same_operations_never_deadlock(house: House) -> None:
    """Rows are locked in one order by everybody, host transactions included."""
    operations = [house.open(reference=f"T-{n}") for n in range(200)]

    def write(n: int) -> None:
        ids = operations if n % 2 else operations[::-1]
        with connect(house.url) as conn:
            for _ in range(5):
                wrong = [house.moving(operation, "no_such_transition") for operation in ids]
                execute(conn, house.engine, wrong)
                conn.commit()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert house.sql("SELECT count(*) FROM viertakt.entry WHERE sort = 'refused'") == [(4 * 5 * 200,)]
    assert house.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == [(0,)]


def test_a_host_transaction_keeps_its_place(house: House) -> None:
    """Its move waits for its commit, and callers that came after it come after it."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    with connect(house.url) as conn:
        (first,) = execute(conn, house.engine, [house.moving(operation, "escalate")])
        late: list[object] = []
        waiting = threading.Thread(
            target=lambda: late.extend(house.batch.call_all([house.moving(operation, "clear")]))
        )
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive(), "the second move waits for the host's commit"
        conn.commit()
        waiting.join()
    assert isinstance(first, Answer)
    assert isinstance(late[0], Answer)
    assert first.entry.seq < late[0].entry.seq
    assert (first.operation.version, late[0].operation.version) == (2, 3)


def test_what_a_host_rolls_back_did_not_happen(house: House) -> None:
    """Its ledger row and our status stand or fall together."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    with connect(house.url) as conn:
        execute(conn, house.engine, [house.moving(operation, "approve")])
        conn.rollback()
        assert read_operation(conn, operation.id).version == 1


def test_a_withdrawn_right_no_longer_writes(house: House) -> None:
    """The actor's access version is guarded by the write itself, however long ago the caller was let in."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    with connect(house.url) as conn:
        deactivate(conn, house.token.id)
    with pytest.raises(Unauthenticated):
        house.move(operation, "approve")
    with pytest.raises(Unauthenticated):
        house.open("ticket", "T-9")
    assert house.open("ticket", "T-9", by=house.person).reference == "T-9"


def test_a_changed_role_is_looked_at_again(house: House) -> None:
    """A right that was added counts at once, one that was lost does not."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    with connect(house.url) as conn:
        set_roles(conn, house.person.id, ["support"])
    result = house.batch.call_all([house.moving(operation, "approve", by=house.person)])[0]
    assert getattr(result, "code", None) == "forbidden"


def test_an_operation_that_is_not_there_is_said_so(house: House) -> None:
    """No entry can be written for it."""
    request = MoveRequest(
        OperationId(uuid7()), Caller(house.token), house.moving(house.open(), "x").transition
    )
    assert isinstance(house.batch.call_all([request])[0], NotFound)


def test_a_value_the_database_cannot_keep_harms_only_its_own_request(house: House) -> None:
    """A set that fails as a whole is run member by member."""
    good = [house.opening(reference=f"T-{n}") for n in range(5)]
    bad = house.opening("ticket", "T-bad", tags=("a\x00b",))
    results = house.batch.call_all([*good, bad])
    assert [isinstance(result, Answer) for result in results] == [True] * 5 + [False]


def test_an_operation_reads_as_it_stood(house: House) -> None:
    """Its past is told by its history, at any moment."""
    operation = house.open("withdrawal", "W-1", amount=euros("12.50"))
    moved = house.move(operation, "approve")
    kind = builtin(house, "withdrawal")
    with connect(house.url) as conn:
        then = read_as_of(conn, operation.id, operation.created_at, published=kind)
        now = read_as_of(conn, operation.id, moved.entry.at, published=kind)
    assert (then.stage, then.version, str(then.amount.value if then.amount else "")) == (
        "requested",
        1,
        "12.50",
    )
    assert (now.stage, now.version) == ("approved", 2)


def builtin(house: House, name: str) -> PublishedKind:
    with connect(house.url) as conn:
        return house.engine.kinds.latest(conn, name)


def test_an_equal_report_after_the_end_changes_nothing(house: House) -> None:
    """Providers say things twice."""
    paid = _paid(house)
    again = house.end(paid, Outcome.SUCCESS)
    assert isinstance(again, Answer)
    assert again.replayed
    assert again.operation.version == paid.version


def test_a_contradicting_report_is_kept_and_flagged(house: House) -> None:
    """It overwrites nothing and does not disappear."""
    paid = _paid(house)
    result = house.end(paid, Outcome.ERROR)
    assert isinstance(result, Answer)
    assert result.entry.sort is EntrySort.CONTRADICTED
    with connect(house.url) as conn:
        after = read_operation(conn, paid.id)
    assert (after.stage, after.version, after.contradiction) == (paid.stage, paid.version, True)


def test_an_unmapped_code_waits_for_a_person(house: House) -> None:
    """Nobody guesses what an unknown code means."""
    sending = _sending(house)
    result = house.end(sending, code="iso20022:ZZ99")
    assert isinstance(result, Answer)
    assert result.entry.sort is EntrySort.UNMAPPED
    with connect(house.url) as conn:
        after = read_operation(conn, sending.id)
    assert (after.stage, after.waiting_on, after.version) == ("sending", "operator", sending.version)


def test_the_catalogue_decides_a_code_by_direction(house: House) -> None:
    """AM04 on our own payout: our account is empty, an error, not the player's fault."""
    result = house.end(_sending(house), code="iso20022:AM04")
    assert isinstance(result, Answer)
    assert (result.operation.status, result.entry.reason) == ("error", "own_account_empty")


def test_a_report_that_comes_too_early_is_refused(house: House) -> None:
    """A withdrawal that was never sent cannot have been paid."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    assert getattr(house.end(operation, Outcome.SUCCESS), "code", "") == "not_permitted"


def _sending(house: House) -> Operation:
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    house.move(operation, "approve")
    return house.move(operation, "send").operation


def _paid(house: House) -> Operation:
    return house.move(_sending(house), "settle").operation


def test_no_acknowledged_move_is_lost_when_the_database_is_killed(folder: Path) -> None:
    """Twenty times kill -9 under load: what was answered is there, once, and versions are dense."""
    acknowledged, found, gaps = run_and_kill(folder, kills=20)
    assert acknowledged > 100
    assert acknowledged <= found
    assert gaps == []
