"""A back office whose checks run when a test says so."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from tests.operations.conftest import House, house
from viertakt.checks.running import Checks, project_runs
from viertakt.db.leases import work_off
from viertakt.db.pool import connect
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import Sequencer
from viertakt.operations.model import Entry, Operation
from viertakt.operations.store import read_history, read_operations

__all__ = ["house"]
T = TypeVar("T")


class Examined:
    """The house, and what examines its operations."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.duty = Checks(house.batch)

    def ask(self, question: Callable[[Any], T]) -> T:
        with connect(self.house.url) as conn:
            found = question(conn)
            conn.commit()
        return found

    def follow(self) -> None:
        """Runs for what has entered a checked stage."""
        with connect(self.house.url, autocommit=True) as conn:
            sequencer = Sequencer(conn, ())
            while sequencer.step():
                pass
            follow_all(conn, "checks", project_runs)

    def examine(self) -> int:
        """Follow, and one turn of the duty; how many runs it claimed."""
        self.follow()
        return work_off(self.ask, self.duty)

    def now(self, operation: Operation) -> Operation:
        return self.ask(lambda conn: read_operations(conn, [operation.id]))[operation.id]

    def last(self, operation: Operation) -> Entry:
        return self.ask(lambda conn: read_history(conn, operation.id, after=0, limit=50))[-1]


@pytest.fixture
def examined(house: House) -> Examined:
    return Examined(house)
