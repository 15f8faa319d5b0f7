"""A dump restored into another cluster goes on in another epoch: nothing is missed, doubled or put in another order.

Entries bring xids that mean nothing there. The old cluster here was far ahead, so what is new has lower xids than what is
old; and then new ones run through the very numbers that old ones carry.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import POSTGRES
from tests.journal.order import FAULTS, own
from tests.operations.conftest import House, back_office, euros
from viertakt import host
from viertakt.access.model import system
from viertakt.db.binaries import programs
from viertakt.db.embedded import embedded
from viertakt.db.migrate import migrate
from viertakt.db.partitions import ensure_partitions
from viertakt.db.pool import Connection, connect
from viertakt.journal.followers import follow_all
from viertakt.journal.model import Cursor
from viertakt.journal.reading import head, read_after
from viertakt.journal.sequencing import Sequencer, sequence_all
from viertakt.operations.batch import Batch
from viertakt.operations.model import AmendRequest, Caller, Operation
from viertakt.wiring import DIFFERENCES, FOLDS, FOLLOWERS

BURN = "DO $$ BEGIN FOR n IN 1..{} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
ROLES = "CREATE ROLE viertakt_app; CREATE ROLE viertakt_reporting"


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The address of a database in a cluster of its own."""
    with embedded(folder, POSTGRES, options={"fsync": "off"}) as server:
        yield server.url("postgres")


def dump_and_restore(old: str, new: str) -> None:
    """As an administrator does it."""
    environment = {"LC_ALL": "C", "PATH": os.environ["PATH"]}
    with connect(new) as conn:
        conn.execute(ROLES)
    dump = subprocess.run(
        [programs(POSTGRES) / "pg_dump", "--format=custom", "--dbname", old],
        check=True,
        capture_output=True,
        env=environment,
    )
    subprocess.run(
        [programs(POSTGRES) / "pg_restore", "--exit-on-error", "--dbname", new],
        check=True,
        input=dump.stdout,
        env=environment,
    )


def last_xid(house: House) -> int:
    ((xid,),) = house.sql("SELECT max(xid::text::bigint) FROM viertakt.entry")
    return int(xid)


def whole(conn: Connection) -> None:
    """Place and follow everything, and find no fault."""
    sequence_all(conn, FOLDS)
    for name, project in FOLLOWERS.items():
        follow_all(conn, name, project)
    assert conn.execute(FAULTS).fetchall() == [(0, 0, 0, 0)]
    assert {name: ask(conn) for name, ask in DIFFERENCES.items()} == {name: [] for name in DIFFERENCES}


@pytest.fixture
def old(folder: Path) -> Iterator[House]:
    """A back office in a cluster that has seen many transactions."""
    with cluster(folder / "old") as url:
        with connect(url) as conn:
            migrate(conn)
            ensure_partitions(conn, now=datetime.now(UTC), months_ahead=0)
        with connect(url, autocommit=True) as conn:
            conn.execute(BURN.format(3_000))
        with back_office(url) as house:
            yield house


def test_a_dump_restored_into_a_new_cluster_goes_on(old: House, folder: Path) -> None:
    """Taken in the middle of everything: entries in the order and not yet, a large difference half cut, a transaction open."""
    placed = [old.open("deposit", f"D-{n}", amount=euros("10")) for n in range(5)]
    with own(old.url) as conn, connect(old.url) as other:
        sequence_all(conn, FOLDS)
        for operation in placed:
            old.move(operation, "submit")
        late = old.open("deposit", "D-late", amount=euros("1"))
        old.batch.call(AmendRequest(late.id, Caller(old.token), amount=euros("2")))
        assert Sequencer(conn, FOLDS, at_once=3).step() == 3
        assert old.sql("SELECT count(*) FROM viertakt.sequencer WHERE target IS NOT NULL") == [(1,)]
        before = head(conn)
        with other.transaction():
            host.move(other, late.id, "submit", actor=system("ledger"))
            with cluster(folder / "new") as url:
                dump_and_restore(old.url, url)
                with Batch(lambda: connect(url), old.engine) as batch:
                    go_on(House(url, batch, old.engine, old.token, old.person), placed, before)


def go_on(new: House, placed: list[Operation], before: Cursor) -> None:
    old_last = last_xid(new)
    # Before any worker has looked: lower xids than all that is old.
    new.end(placed[0], "success")
    new.open("ticket", "T-low")
    with own(new.url) as conn:
        whole(conn)
        assert head(conn).epoch == before.epoch + 1
        with connect(new.url, autocommit=True) as burner:
            burner.execute(BURN.format(old_last - 40 - newest_xid(burner)))
        while newest_xid(conn) < old_last + 20:
            new.open("ticket", f"T-{newest_xid(conn)}")
            if newest_xid(conn) % 3 == 0:
                sequence_all(conn, FOLDS)
        for operation in placed[1:]:
            new.end(operation, "success")
        whole(conn)
        # Whoever had read up to the dump reads on without a gap.
        read = read_after(conn, before, limit=10_000)
        assert len(read) == head(conn).position - before.position
    assert new.sql(
        "SELECT DISTINCT stage FROM viertakt.operation WHERE kind = 'deposit' AND version > 2"
    ) == [("credited",)]


def newest_xid(conn: Connection) -> int:
    ((xid,),) = conn.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchall()
    return int(xid)


def test_after_a_failover_an_epoch_begins_and_the_order_goes_on(house: House) -> None:
    """Another timeline of the same cluster: xids go on as they were, and readers are told that something may be lost."""
    first = house.open("deposit", "D-1", amount=euros("1"))
    with own(house.url) as conn:
        whole(conn)
    house.sql("UPDATE viertakt.epoch SET timeline = timeline + 7")
    house.move(first, "submit")
    with own(house.url) as conn:
        whole(conn)
        assert (head(conn).epoch, head(conn).position) == (2, 2)
        house.open("deposit", "D-2", amount=euros("2"))
        whole(conn)
        assert (head(conn).epoch, head(conn).position) == (2, 3)
