"""Every entry gets one position, once, densely, in an order that keeps each operation's own."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import psycopg
from psycopg import conninfo, sql

from tests.journal.order import FAULTS, own
from tests.operations.conftest import House, euros
from viertakt import host
from viertakt.access.model import system
from viertakt.db.pool import Connection, connect
from viertakt.journal.reading import head, read_after
from viertakt.journal.sequencing import Sequencer, sequence_all
from viertakt.operations.model import AmendRequest, Caller, Operation
from viertakt.reports.tallies import differing_tallies, fold_statuses, prune_tallies, rebuild_tallies


def undone(conn: Connection, op: Operation) -> None:
    """A move that its own transaction, or savepoint, takes back."""
    with conn.transaction(force_rollback=True):
        host.move(conn, op.id, "submit", actor=system("ledger"))


def positions(house: House) -> list[tuple[str, int]]:
    return house.sql("""
        SELECT o.reference, e.version FROM viertakt.journal AS j
        JOIN viertakt.entry AS e USING (operation_id, entry_seq) JOIN viertakt.operation AS o USING (operation_id)
        ORDER BY j.position""")


def test_entries_get_dense_positions_in_the_order_they_were_written(house: House) -> None:
    """Position n + 1 comes after n, and nothing is between: a reader can prove it missed nothing."""
    first = house.open("withdrawal", "W-1", amount=euros("10"))
    house.open("withdrawal", "W-2", amount=euros("20"))
    with own(house.url) as conn:
        assert sequence_all(conn, [fold_statuses]) == 2
        house.move(first, "approve", by=house.person)
        assert sequence_all(conn, [fold_statuses]) == 1
        assert sequence_all(conn, [fold_statuses]) == 0
        assert positions(house) == [("W-1", 1), ("W-2", 1), ("W-1", 2)]
        assert differing_tallies(conn) == []


def test_an_open_transaction_delays_only_its_own_entries(house: House) -> None:
    """A horizon would stop everybody behind the slowest; here the others go on, and the late one comes after them."""
    slow, quick = (
        house.open("deposit", "D-1", subject="player-1", amount=euros("1")),
        house.open("deposit", "D-2", subject="player-2", amount=euros("2")),
    )
    with own(house.url) as conn, connect(house.url) as other:
        sequence_all(conn)
        with other.transaction():
            host.move(other, slow.id, "submit", actor=system("ledger"))
            house.move(quick, "submit")
            assert sequence_all(conn) == 1
            house.end(quick, "success")
            assert sequence_all(conn) == 1
        assert sequence_all(conn) == 1
    assert positions(house)[2:] == [("D-2", 2), ("D-2", 3), ("D-1", 2)]


def test_a_transaction_that_took_its_xid_first_keeps_the_order_of_an_operation(house: House) -> None:
    """Its xid is lower, its entry later: ordering by xid would put the second move before the first."""
    op = house.open("deposit", "D-1", amount=euros("1"))
    with own(house.url) as conn, connect(house.url) as other:
        sequence_all(conn)
        with other.transaction():
            other.execute("SELECT pg_current_xact_id()")
            house.move(op, "submit")
            host.move(other, op.id, "authorise", actor=system("ledger"))
        assert sequence_all(conn) == 2
    assert positions(house) == [("D-1", 1), ("D-1", 2), ("D-1", 3)]


def test_savepoints_and_rollbacks_leave_no_hole(house: House) -> None:
    """What was rolled back took numbers of the sequence, and none of the order."""
    op = house.open("deposit", "D-1", amount=euros("1"))
    with own(house.url) as conn, connect(house.url) as other:
        undone(other, op)
        with other.transaction():
            undone(other, op)
            with other.transaction():
                host.move(other, op.id, "submit", actor=system("ledger"))
        assert sequence_all(conn) == 2
    assert house.sql(FAULTS) == [(0, 0, 0, 0)]


def test_another_databases_open_transaction_stops_nobody(house: House, server_url: str) -> None:
    """A horizon of xids counts the whole cluster; the difference of snapshots does not care."""
    with psycopg.connect(server_url) as elsewhere, own(house.url) as conn:
        elsewhere.execute("SELECT pg_current_xact_id()")
        house.open("deposit", "D-1", amount=euros("1"))
        assert sequence_all(conn) == 1


def test_a_large_difference_is_cut_and_stays_one_order(house: House) -> None:
    """A million entries at once must not be one transaction, and nothing may slip in between its cuts."""
    ops = [house.open("ticket", f"T-{n}") for n in range(25)]
    with own(house.url) as conn:
        sequencer = Sequencer(conn, [fold_statuses], at_once=4)
        assert sequencer.step() == 4
        for op in ops[:5]:
            house.open("ticket", f"N-{op.reference}")
        counts = []
        while count := sequencer.step():
            counts.append(count)
        assert counts[:2] == [8, 13]
        assert sum(counts) == 26
        assert differing_tallies(conn) == []
    assert house.sql(FAULTS) == [(0, 0, 0, 0)]


def test_of_two_sequencers_one_works_and_the_other_stands_by(house: House) -> None:
    """Two would fork the order; the row they both need is held by one."""
    house.open("ticket", "T-1")
    with own(house.url) as one, own(house.url) as two:
        with one.transaction():
            one.execute("SELECT FROM viertakt.sequencer FOR UPDATE")
            assert Sequencer(two).step() == 0
        assert Sequencer(two).step() == 1
        assert Sequencer(one).step() == 0
    assert house.sql(FAULTS) == [(0, 0, 0, 0)]


def write(house: House, line: int) -> None:
    for n in range(30):
        op = house.open("deposit", f"D-{line}-{n}", amount=euros(f"{n + 1}"))
        house.move(op, "submit")
        if n % 3 == 0:
            house.end(op, "success")


def sequence(url: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            with own(url) as conn:
                sequencer = Sequencer(conn, [fold_statuses], at_once=50)
                while not stop.is_set():
                    sequencer.step()
        except psycopg.OperationalError:
            continue


def interrupt(house: House, stop: threading.Event) -> None:
    while not stop.wait(0.02):
        house.sql("""SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE application_name = 'viertakt-worker' AND datname = current_database()""")


def test_many_writers_and_killed_sequencers_leave_an_order_that_is_whole(house: House) -> None:
    """Whatever is interrupted, afterwards every entry stands once, and the tallies equal a recount."""
    stop = threading.Event()
    with ThreadPoolExecutor(19) as threads:
        others = [threads.submit(sequence, house.url, stop) for _ in range(2)]
        others.append(threads.submit(interrupt, house, stop))
        writers = [threads.submit(write, house, line) for line in range(16)]
        wait(writers)
        stop.set()
    for done in [*writers, *others]:
        done.result()
    with own(house.url) as conn:
        sequence_all(conn, [fold_statuses])
        assert differing_tallies(conn) == []
    assert house.sql(FAULTS) == [(0, 0, 0, 0)]
    assert house.sql("SELECT max(position) FROM viertakt.journal") == [(16 * 70,)]


def test_in_a_new_cluster_an_epoch_begins_and_nothing_is_missed(house: House) -> None:
    """A restored dump brings xids that mean nothing here: lower ones may be new, higher ones old."""
    op = house.open("deposit", "D-1", amount=euros("1"))
    house.open("deposit", "D-2", amount=euros("2"))
    with own(house.url) as conn:
        sequence_all(conn)
        before = head(conn)
    late = house.open("deposit", "D-3", amount=euros("3"))
    # As after a restore: the entries' xids and the snapshot are those of a cluster that was far ahead of this one.
    house.sql("ALTER TABLE viertakt.entry DISABLE TRIGGER history_stays")
    house.sql("UPDATE viertakt.entry SET xid = (xid::text::bigint + 5)::text::xid8")
    house.sql("ALTER TABLE viertakt.entry ENABLE TRIGGER history_stays")
    house.sql("UPDATE viertakt.sequencer SET seen = '900000:900000:'")
    house.sql("UPDATE viertakt.epoch SET system_identifier = 1")
    house.move(op, "submit")
    with own(house.url) as conn:
        sequence_all(conn)
        house.move(late, "submit")
        sequence_all(conn)
        after = head(conn)
        assert (before.epoch, before.position) == (1, 2)
        assert (after.epoch, after.position) == (2, 5)
        assert len(read_after(conn, before, limit=100)) == 3
    assert house.sql(FAULTS) == [(0, 0, 0, 0)]


def test_tallies_follow_amendments_and_can_be_counted_again(house: House) -> None:
    """An amount that was raised counts as it was before, and as it is after; a rebuild says the same."""
    op = house.open("deposit", "D-1", amount=euros("10"), attributes={"method": "bank"}, brand="north")
    amounts = "SELECT dimensions->>'method', count, amount FROM viertakt.status_tally WHERE grain = 'all' AND count > 0"
    with own(house.url) as conn:
        sequence_all(conn, [fold_statuses])
        assert house.sql(amounts) == [("bank", 1, 10)]
        # Told together, so that the present is ahead of the first of them.
        for value, method in (("15", "card"), ("20", "wallet")):
            house.batch.call(
                AmendRequest(op.id, Caller(house.token), amount=euros(value), attributes={"method": method})
            )
        Sequencer(conn, [fold_statuses], at_once=1).step()
        assert house.sql(amounts) == [("card", 1, 15)]
        assert differing_tallies(conn) == []
        sequence_all(conn, [fold_statuses])
        assert house.sql(amounts) == [("wallet", 1, 20)]
        assert differing_tallies(conn) == []
        prune_tallies(conn)
        kept = house.sql("SELECT * FROM viertakt.status_tally ORDER BY grain")
        assert len(kept) == 5  # altogether, an hour, a day, and of its kind a day and a month
        assert rebuild_tallies(conn) == 3
        assert house.sql("SELECT * FROM viertakt.status_tally ORDER BY grain") == kept


def test_a_recount_finds_a_tally_that_is_wrong(house: House) -> None:
    """A check that cannot find anything proves nothing."""
    house.open("ticket", "T-1")
    with own(house.url) as conn:
        sequence_all(conn, [fold_statuses])
        house.sql("UPDATE viertakt.status_tally SET count = count + 1 WHERE grain = 'day'")
        (difference,) = differing_tallies(conn)
        assert difference.startswith("day ")
        rebuild_tallies(conn)
        assert differing_tallies(conn) == []


def test_entries_of_an_earlier_version_get_their_positions_at_the_first_step(house: House) -> None:
    """Whoever upgrades has history already: all of it is older than the first epoch."""
    for n in range(3):
        house.open("ticket", f"T-{n}")
    with own(house.url) as conn:
        assert sequence_all(conn) == 3
        assert head(conn).epoch == 1


def test_dump_and_restore_into_a_new_database_goes_on(house: House, server_url: str) -> None:
    """The order travels with the dump; in the same cluster nothing needs to begin anew."""
    house.open("ticket", "T-1")
    with own(house.url) as conn:
        sequence_all(conn)
    house.open("ticket", "T-2")
    name = conninfo.conninfo_to_dict(house.url)["dbname"]
    copy = f"{name}_copy"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(copy), sql.Identifier(str(name)))
        )
    try:
        with own(conninfo.make_conninfo(house.url, dbname=copy)) as conn:
            assert sequence_all(conn) == 1
            assert head(conn).position == 2
    finally:
        with psycopg.connect(server_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(copy)))
