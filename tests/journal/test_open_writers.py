"""A writing transaction that stays open delays its own entries alone, and after a minute somebody is told."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.conftest import _copy
from tests.journal.order import FAULTS, own
from tests.operations.conftest import House, euros
from viertakt import host
from viertakt.access.model import system
from viertakt.db.pool import Connection, connect
from viertakt.journal.sequencing import Sequencer
from viertakt.operations.model import Operation

ALARM = "writing_transaction_open_too_long"


class Clock:
    """Seconds as the sequencer counts them, going on only when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Watch:
    """A sequencer with its clock, and the alarms it gave."""

    def __init__(self, conn: Connection, logs: list[EventDict]) -> None:
        self.clock = Clock()
        self.sequencer = Sequencer(conn, clock=self.clock)
        self._logs = logs

    def pass_seconds(self, seconds: int) -> int:
        """Step once a second for so long; how many entries got a position."""
        count = 0
        for _ in range(seconds):
            self.clock.seconds += 1
            count += self.sequencer.step()
        return count

    @property
    def alarms(self) -> list[int]:
        """After how many seconds each alarm came."""
        return [line["seconds"] for line in self._logs if line["event"] == ALARM]


@pytest.fixture
def watch(house: House) -> Iterator[Watch]:
    with own(house.url) as conn, capture_logs() as logs:
        watch = Watch(conn, logs)
        watch.sequencer.step()
        yield watch


@pytest.fixture
def slow(house: House) -> Operation:
    """What a host application moves and does not commit."""
    return house.open("deposit", "D-slow", amount=euros("1"))


def submit(conn: Connection, operation: Operation) -> None:
    host.move(conn, operation.id, "submit", actor=system("ledger"))


def test_a_transaction_open_for_minutes_stops_nobody_and_is_told_of_once(
    house: House, watch: Watch, slow: Operation
) -> None:
    """Others get their positions all the while; the alarm comes after a minute, and does not come again every second."""
    with connect(house.url) as other:
        with other.transaction():
            submit(other, slow)
            assert watch.pass_seconds(1) == 1
            for n in range(59):
                house.open("ticket", f"T-{n}")
                assert watch.pass_seconds(1) == 1
            assert watch.alarms == []
            assert watch.pass_seconds(180) == 0
            (after,) = watch.alarms
            assert 60 <= after < 70
            house.open("ticket", "T-last")
            assert watch.pass_seconds(1) == 1
        assert watch.pass_seconds(1) == 1
    assert house.sql(FAULTS) == [(0, 0, 0, 0)]
    ((last,),) = house.sql("SELECT operation_id FROM viertakt.journal ORDER BY position DESC LIMIT 1")
    assert last == slow.id


def test_each_open_transaction_has_its_own_minute(house: House, watch: Watch, slow: Operation) -> None:
    """One that ended is forgotten, also where the next begins on the same connection at once."""
    with connect(house.url) as other:
        for _ in range(3):
            with other.transaction(force_rollback=True):
                submit(other, slow)
                watch.pass_seconds(50)
        assert watch.alarms == []
        with other.transaction(force_rollback=True):
            submit(other, slow)
            watch.pass_seconds(70)
        with other.transaction(force_rollback=True):
            submit(other, slow)
            watch.pass_seconds(70)
    assert len(watch.alarms) == 2


def test_what_a_savepoint_took_back_holds_nothing_and_what_it_kept_waits(
    house: House, watch: Watch, slow: Operation
) -> None:
    """The minute begins with the first entry that will come, and not with an attempt that never will."""
    with connect(house.url) as other:
        with other.transaction():
            for _ in range(3):
                with other.transaction(force_rollback=True):
                    submit(other, slow)
            watch.pass_seconds(70)
            assert watch.alarms == []
            with other.transaction():
                submit(other, slow)
            with other.transaction(force_rollback=True):
                host.move(other, slow.id, "authorise", actor=system("ledger"))
            assert watch.pass_seconds(70) == 0
            assert len(watch.alarms) == 1
        assert watch.pass_seconds(1) == 1
    assert house.sql(FAULTS) == [(0, 0, 0, 0)]


def test_who_only_reads_or_writes_elsewhere_is_nobodys_alarm(
    house: House, watch: Watch, slow: Operation, server_url: str, template: str
) -> None:
    """A report that takes an hour holds no entry back, nor does another installation on the same cluster."""
    with connect(house.url) as reader:
        reader.execute("SELECT count(*) FROM viertakt.entry")
        for url in _copy(server_url, template):
            with connect(url) as elsewhere:
                elsewhere.execute("SELECT pg_current_xact_id()")
                elsewhere.execute("LOCK TABLE viertakt.entry IN ROW EXCLUSIVE MODE")
                house.move(slow, "submit")
                assert watch.pass_seconds(130) == 2
                elsewhere.rollback()
    assert watch.alarms == []
