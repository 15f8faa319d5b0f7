"""Ten million operations with thirty million entries, made by the database itself in minutes: what P5 to P10 look at.

    python -m bench.crowd --data DIR --operations 10000000

Every operation takes a way of two moves that its kind really has, spread over a year; a few values are rare, so that a
filter on them finds next to nothing. Made once, the folder can be opened with `viertakt up --data DIR` and looked at.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.house import POSTGRES
from viertakt.access.actions import install_roles
from viertakt.db.embedded import embedded
from viertakt.db.migrate import migrate
from viertakt.db.partitions import ensure_partitions, month_start, next_month
from viertakt.db.pool import Connection, connect
from viertakt.db.queries import load
from viertakt.kinds.actions import builtin_kinds, install_builtin
from viertakt.kinds.model import Kind, StageName, Status
from viertakt.reports.histograms import GAMMA, SHORTEST
from viertakt.reports.tallies import HOURS_KEPT
from viertakt.wiring import FOLLOWERS

LEFT = {"pulse", "provider_pulse"}  # made by a worker, where alerts are to be looked at

SPAN = timedelta(days=365)
CHANCES = 10_000
PIECE = 250_000  # operations of one transaction
WEIGHTS = {
    Status.PENDING: 6,
    Status.SUCCESS: 78,
    Status.REJECTED: 12,
    Status.ERROR: 4,
}  # percent of all plots
COMMON: dict[str, int] = {"deposit": 8, "withdrawal": 6, "refund": 2}  # what a house has most of
LOADING = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "maintenance_work_mem": "2GB",
    "max_parallel_maintenance_workers": "0",  # both cores have an index each; what is sorted alone stays in memory
}

# In the order of the file: once before everything, for each piece, and once at the end.
BEFORE = (
    "make_plots", "make_ids", "make_hash", "make_plot_of", "make_partials", "make_targets", "make_traits",
)  # fmt: skip
EACH = (
    "make_piece", "make_operations", "make_history", "make_order", "make_aliases", "make_words", "make_stays", "make_promises",
    "count_statuses", "count_outcomes", "count_reasons", "count_durations", "count_ways", "count_moves", "count_hours",
    "count_people",
)  # fmt: skip
AFTER = (
    ("end_statuses", "end_order", "end_sequence", "end_followers"),
    ("end_durations", "end_outcomes", "end_moves", "end_hours", "end_ways", "end_reasons", "end_targets",
     "end_actors"),
)  # fmt: skip

queries = load(__package__, "crowd.sql")


def make(url: str, *, operations: int, now: datetime, piece: int = PIECE) -> None:
    """Fill a migrated, empty database; says on stderr what took how long."""
    place: dict[str, Any] = {
        "from": now - SPAN, "until": now - timedelta(minutes=1), "count": operations, "gamma": GAMMA,
        "shortest": SHORTEST, "hours_kept": HOURS_KEPT, "names": [name for name in FOLLOWERS if name not in LEFT],
    }  # fmt: skip
    with connect(url, statement_timeout=None, autocommit=True) as conn:
        month = month_start(now - SPAN)
        while month <= now:
            ensure_partitions(conn, now=month, months_ahead=0)
            month = next_month(month)
        for name in BEFORE:
            conn.execute(queries[name])
        with conn.cursor() as cursor, cursor.copy("COPY bench.plot FROM STDIN") as copy:
            for plot in plots():
                copy.write_row(plot)
        conn.execute("ANALYZE bench.plot")
        dropped = conn.execute(queries["drops"]).fetchall()
        for drop, *_ in dropped:
            conn.execute(drop)
    firsts = range(1, operations + 1, piece)
    pieces = [place | {"first": first, "last": min(first + piece - 1, operations)} for first in firsts]
    _timed("operations", lambda: _side_by_side(url, pieces))
    _timed("tallies", lambda: _both(url, place))
    _timed("indexes", lambda: _make_again(url, dropped))
    _timed("vacuum and analyze", lambda: _settle(url))


def _side_by_side(url: str, pieces: list[dict[str, Any]]) -> None:
    """Two lines, each with a half of the pieces: they append to other partitions."""
    half = (len(pieces) + 1) // 2

    def line(mine: list[dict[str, Any]]) -> None:
        with connect(url, statement_timeout=None, autocommit=True) as conn:
            conn.execute(queries["quicken"])
            for piece in mine:
                with conn.transaction():
                    for name in EACH:
                        _execute(conn, queries[name], piece)

    with ThreadPoolExecutor(2) as lines:
        list(lines.map(line, [pieces[:half], pieces[half:]]))


def _both(url: str, place: dict[str, Any]) -> None:
    with ThreadPoolExecutor(2) as lines:
        list(lines.map(lambda names: _run(url, [(queries[name], place) for name in names]), AFTER))


def _make_again(url: str, dropped: list[tuple[Any, ...]]) -> None:
    """Keys first, a table at a time, as two keys of one table wait for each other; then indexes, of whichever table, two at a time.

    The words' one index takes as long as all those of another table, and comes first: at the end it would be left alone.
    """
    keys: dict[str, list[tuple[Any, Any]]] = {}
    indexes: list[tuple[str, tuple[Any, Any]]] = []
    for _, make, table, is_key in dropped:
        if is_key:
            keys.setdefault(table, []).append((make, {}))
        else:
            indexes.append((table, (make, {})))
    indexes.sort(key=lambda index: index[0] != "viertakt.words")
    with ThreadPoolExecutor(2) as lines:
        list(lines.map(lambda mine: _run(url, mine), keys.values()))
        list(lines.map(lambda index: _run(url, [index[1]]), indexes))


def _settle(url: str) -> None:
    """Statistics and visibility, the largest first, two tables at a time."""
    with connect(url, autocommit=True) as conn:
        tables: list[list[tuple[Any, dict[str, Any]]]] = [
            [(settle, {})] for (settle,) in conn.execute(queries["settles"]).fetchall()
        ]
    with ThreadPoolExecutor(2) as lines:
        list(lines.map(lambda mine: _run(url, mine), tables))


def _run(url: str, statements: Sequence[tuple[Any, dict[str, Any]]]) -> None:
    with connect(url, statement_timeout=None, autocommit=True) as conn:
        conn.execute(queries["quicken"])
        for statement, place in statements:
            _execute(conn, statement, place)


def _execute(conn: Connection, statement: Any, place: dict[str, Any]) -> None:
    conn.execute(statement, place if "%(" in statement else None, prepare=False)


def plots() -> Iterator[tuple[Any, ...]]:
    """For each of ten thousand chances a way of two moves through a kind."""
    ways: dict[Status, list[tuple[Any, ...]]] = {status: [] for status in WEIGHTS}
    for kind in builtin_kinds().values():
        for way in _ways(kind):
            ways[way[-3]] += [way] * COMMON.get(kind.kind, 1)
    chance = 0
    for status, weight in WEIGHTS.items():
        count = weight * CHANCES // 100
        for n in range(count):
            yield chance, *ways[status][n * len(ways[status]) // count]
            chance += 1


def _ways(kind: Kind) -> Iterator[tuple[Any, ...]]:
    """One way of two moves to each stage: from the start where there is one, else from further on."""
    for end, stop in kind.stages.items():
        ways = [
            (begin, first, mid, second)
            for mid, second in _into(kind, end)
            for begin, first in _into(kind, mid)
            if begin != end
        ]
        if not ways:
            continue
        begin, first, mid, second = min(ways, key=lambda way: _oddity(kind, way[0], way[2]))
        yield (
            kind.kind, 1, begin, kind.stages[begin].status, first, mid, kind.stages[mid].status, second, end,
            stop.status, stop.waiting_on, str(kind.amount) == "required",
        )  # fmt: skip


def _oddity(kind: Kind, begin: StageName, mid: StageName) -> int:
    """How little a way looks like most: opened at the start, open until its end."""
    return 2 * (begin != kind.start) + sum(
        kind.stages[one].status is not Status.PENDING for one in (begin, mid)
    )


def _into(kind: Kind, stage: StageName) -> list[tuple[StageName, str]]:
    """From where, and by which transition, one comes to a stage."""
    return [
        (before, name)
        for name, transition in kind.transitions.items()
        if transition.to == stage
        for before in transition.from_
        if before != stage
    ]


def _timed(name: str, work: Any) -> None:
    begun = time.monotonic()
    work()
    print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)


def make_folder(data: Path, *, operations: int, now: datetime | None = None) -> None:
    """Make a folder that `viertakt up --data` opens; whatever stops it leaves none behind."""
    making = data.with_name(f"{data.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    try:
        with embedded(making, POSTGRES, options=LOADING) as server:
            url = server.ensure_database()
            with connect(url, statement_timeout=None) as conn:
                migrate(conn)
                conn.commit()
                install_roles(conn)
                install_builtin(conn)
                conn.commit()
            _timed("all of it", lambda: make(url, operations=operations, now=now or datetime.now(UTC)))
        making.rename(data)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def main() -> int:
    """Make one, for `python -m bench --crowds` or to look at."""
    parser = argparse.ArgumentParser(prog="bench.crowd", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--operations", type=int, default=10_000_000)
    asked = parser.parse_args()
    make_folder(asked.data, operations=asked.operations)
    return 0


if __name__ == "__main__":
    sys.exit(main())
