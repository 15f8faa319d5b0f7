"""What works without being asked goes on by itself, whatever breaks."""

import time
from collections.abc import Callable

from tests.operations.conftest import House
from viertakt.db.pool import Connection, connect
from viertakt.journal.reading import head, lag
from viertakt.reports.tallies import differing_tallies
from viertakt.worker.loops import Worker


def until(question: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait for something that must come true; how fast it does is a benchmark's question."""
    ends = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < ends, "it did not come true in time"
        time.sleep(0.02)


def test_entries_are_placed_and_counted_and_followed_as_they_come(house: House) -> None:
    """Nobody asks for it: it is done when somebody looks."""
    seen: list[tuple[int, int]] = []

    def project(_: Connection, after: int, upto: int) -> None:
        seen.append((after, upto))

    with connect(house.url, autocommit=True) as conn, Worker(house.url, followers={"test": project}):
        house.open("ticket", "T-1")
        until(lambda: head(conn).position == 1 and bool(seen))
        house.open("ticket", "T-2")
        until(lambda: head(conn).position == 2 and lag(conn)["test"] == 0)
        assert differing_tallies(conn) == []
    assert seen[0][0] == 0
    assert seen[-1][1] == 2


def test_a_loop_whose_connection_is_cut_opens_another(house: House) -> None:
    """A database that restarts must not leave a worker that only looks alive."""
    with connect(house.url, autocommit=True) as conn, Worker(house.url):
        house.open("ticket", "T-1")
        until(lambda: head(conn).position == 1)
        house.sql("""SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE application_name = 'viertakt-worker' AND datname = current_database()""")
        house.open("ticket", "T-2")
        until(lambda: head(conn).position == 2)


def test_a_follower_that_fails_stops_no_other(house: House) -> None:
    """A projection's fault is that projection's alone, and what it missed is told again."""
    told: list[int] = []

    def fail(_: Connection, after: int, upto: int) -> None:
        raise AssertionError(f"{after} to {upto}")

    def project(_: Connection, after: int, upto: int) -> None:
        told.append(upto - after)

    with connect(house.url, autocommit=True) as conn, Worker(house.url, followers={"a": fail, "b": project}):
        house.open("ticket", "T-1")
        # Of others too there is a lag: a migration has already given them their place.
        until(lambda: sum(told) == 1 and (lag(conn)["a"], lag(conn)["b"]) == (1, 0))
