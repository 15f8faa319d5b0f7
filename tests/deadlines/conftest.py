"""A back office whose time limits are fired when a test says so, or by workers of their own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from tests.conftest import TREE
from tests.operations.conftest import House, house
from viertakt.db.leases import work_off
from viertakt.db.pool import connect
from viertakt.deadlines.firing import Deadlines
from viertakt.operations.model import Answer, Operation

__all__ = ["house"]
T = TypeVar("T")

SECONDS_MAX = 60


class Clocked:
    """The house, and what fires its time limits: `monotonic` is what nobody sets."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.monotonic = 0.0
        self.duty = Deadlines(house.batch, clock=lambda: self.monotonic)

    def ask(self, question: Callable[[Any], T]) -> T:
        with connect(self.house.url) as conn:
            found = question(conn)
            conn.commit()
        return found

    def fire(self) -> int:
        """One turn; how many operations it claimed."""
        self.monotonic += 1.0
        return work_off(self.ask, self.duty)

    def solved(self, count: int) -> list[Operation]:
        """So many tickets that are solved, and close by themselves after four days."""
        openings = [self.house.opening("ticket", f"T-{n}") for n in range(count)]
        opened = [one.operation for one in self.house.batch.call_all(openings) if isinstance(one, Answer)]
        moves = [self.house.moving(one, "solve") for one in opened]
        return [one.operation for one in self.house.batch.call_all(moves) if isinstance(one, Answer)]

    def due(self, ago: str = "1 second", *, where: str = "true") -> None:
        """Time passes: what has a deadline had it so long ago."""
        self.house.sql(
            f"UPDATE viertakt.operation SET deadline_at = now() - %s::interval WHERE deadline_at IS NOT NULL AND {where}",
            ago,
        )

    def stages(self) -> dict[str, int]:
        return dict(self.house.sql("SELECT stage, count(*) FROM viertakt.operation GROUP BY stage"))


def worker(url: str) -> "subprocess.Popen[bytes]":
    """A worker in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "viertakt.cli", "worker"],
        cwd=TREE,
        env={**os.environ, "VIERTAKT_DATABASE_URL": url},
    )


def until(question: Callable[[], bool]) -> None:
    """Wait for something that must come true."""
    ends = time.monotonic() + SECONDS_MAX
    while not question():
        assert time.monotonic() < ends, "it did not come true in time"
        time.sleep(0.02)


@pytest.fixture
def clocked(house: House) -> Clocked:
    return Clocked(house)
