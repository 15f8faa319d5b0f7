"""Ten million operations with thirty million entries, made by the database itself in minutes: what P5 to P10 look at.

    python -m bench.crowd --data DIR --operations 10000000

Every operation takes a way of two moves that its kind really has, spread over a year; a few values are rare, so that a
filter on them finds next to nothing. Made once, the folder can be opened with `viertakt up --data DIR` and looked at.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench.house import POSTGRES
from viertakt.access.actions import install_roles
from viertakt.db.embedded import embedded
from viertakt.db.migrate import migrate
from viertakt.db.partitions import ensure_partitions, month_start, next_month
from viertakt.db.pool import connect
from viertakt.db.queries import load
from viertakt.kinds.actions import builtin_kinds, install_builtin
from viertakt.kinds.model import Kind, Status
from viertakt.reports.histograms import GAMMA, SHORTEST
from viertakt.wiring import FOLLOWERS

SPAN = timedelta(days=365)
CHANCES = 10_000
PIECE = 250_000  # operations of one statement
WEIGHTS = {Status.PENDING: 2, Status.SUCCESS: 82, Status.REJECTED: 12, Status.ERROR: 4}  # percent
LOADING = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "32GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "maintenance_work_mem": "2GB",
}

# After the operations and their history: what two lines make side by side, pair by pair.
TOGETHER: tuple[tuple[list[str], list[str]], ...] = (
    (["make_aliases"], ["make_order", "make_words"]),
    (["make_tallies"], ["make_stays"]),
    (["make_durations", "make_outcomes"], ["make_ways", "make_moves", "make_people"]),
    (["end_order", "end_sequence", "end_followers"], []),
)

queries = load(__package__, "crowd.sql")


def make(url: str, *, operations: int, now: datetime) -> None:
    """Fill a migrated, empty database; says on stderr what took how long."""
    place: dict[str, Any] = {"from": now - SPAN, "until": now - timedelta(minutes=1), "count": operations}
    with connect(url, statement_timeout=None, autocommit=True) as conn:
        month = month_start(now - SPAN)
        while month <= now:
            ensure_partitions(conn, now=month, months_ahead=0)
            month = next_month(month)
        for name in ("make_plots", "make_ids", "make_hash"):
            conn.execute(queries[name])
        with conn.cursor() as cursor, cursor.copy("COPY bench.plot FROM STDIN") as copy:
            for plot in plots():
                copy.write_row(plot)
    firsts = range(1, operations + 1, PIECE)
    pieces = [place | {"first": first, "last": min(first + PIECE - 1, operations)} for first in firsts]
    indexes = _without_indexes(url)
    for name in ("make_crowd", "make_history"):
        _timed(name, partial(_side_by_side, url, name, pieces))
    place |= {"gamma": GAMMA, "shortest": SHORTEST, "names": list(FOLLOWERS)}
    for one, other in TOGETHER:
        _timed(" ".join(one + other), partial(_both, url, place, one, other))
    _timed("indexes", partial(_with_indexes, url, indexes))
    with connect(url, statement_timeout=None, autocommit=True) as conn:
        _timed("vacuum and analyze", lambda: conn.execute("VACUUM (ANALYZE, PARALLEL 2)"))


def _without_indexes(url: str) -> list[str]:
    """Drop every index that no constraint needs; what makes them again."""
    with connect(url, autocommit=True) as conn:
        found = conn.execute(queries["indexes"]).fetchall()
        for drop, _ in found:
            conn.execute(drop)
    return [make for _, make in found]


def _with_indexes(url: str, indexes: list[str]) -> None:
    with ThreadPoolExecutor(2) as lines:
        list(lines.map(partial(_run, url), indexes))


def _run(url: str, statement: Any) -> None:
    with connect(url, statement_timeout=None, autocommit=True) as conn:
        conn.execute(statement)


def plots() -> Iterator[tuple[Any, ...]]:
    """For each of ten thousand chances a way of two moves through a kind."""
    ways: dict[Status, list[tuple[Any, ...]]] = {status: [] for status in WEIGHTS}
    for kind in builtin_kinds().values():
        for way in _ways(kind):
            ways[way[-3]].append(way)
    chance = 0
    for status, weight in WEIGHTS.items():
        for n in range(weight * CHANCES // 100):
            yield chance, *ways[status][n % len(ways[status])]
            chance += 1


def _ways(kind: Kind) -> Iterator[tuple[Any, ...]]:
    """One way to each stage that is two moves from the start."""
    met: set[str] = set()
    start = kind.stages[kind.start]
    for first, way in kind.transitions.items():
        if kind.start not in way.from_ or way.to == kind.start:
            continue
        mid = kind.stages[way.to]
        for second, further in kind.transitions.items():
            if way.to not in further.from_ or further.to in met or further.to in {way.to, kind.start}:
                continue
            met.add(further.to)
            stop = kind.stages[further.to]
            yield (
                kind.kind, 1, kind.start, start.status, first, way.to, mid.status, second, further.to,
                stop.status, stop.waiting_on, str(kind.amount) == "required",
            )  # fmt: skip


def _side_by_side(url: str, name: str, pieces: list[dict[str, Any]]) -> None:
    """Two lines, each with a half of the pieces: they append to other partitions."""
    half = len(pieces) // 2

    def line(mine: list[dict[str, Any]]) -> None:
        with connect(url, statement_timeout=None, autocommit=True) as conn:
            conn.execute(queries["quicken"])
            for piece in mine:
                conn.execute(queries[name], piece)

    with ThreadPoolExecutor(2) as lines:
        list(lines.map(line, [pieces[:half], pieces[half:]]))


def _both(url: str, place: dict[str, Any], *names: list[str]) -> None:
    def line(mine: list[str]) -> None:
        with connect(url, statement_timeout=None, autocommit=True) as conn:
            conn.execute(queries["quicken"])
            for name in mine:
                conn.execute(queries[name], place if "%(" in queries[name] else None)

    with ThreadPoolExecutor(len(names)) as lines:
        list(lines.map(line, names))


def _timed(name: str, work: Any) -> None:
    begun = time.monotonic()
    work()
    print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)


def main() -> int:
    """Make a folder that `viertakt up --data` opens."""
    parser = argparse.ArgumentParser(prog="bench.crowd", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--operations", type=int, default=10_000_000)
    asked = parser.parse_args()
    with embedded(asked.data, POSTGRES, options=LOADING) as server:
        url = server.ensure_database()
        with connect(url, statement_timeout=None) as conn:
            migrate(conn)
            conn.commit()
            install_roles(conn)
            install_builtin(conn)
            conn.commit()
        _timed("all of it", lambda: make(url, operations=asked.operations, now=datetime.now(UTC)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
