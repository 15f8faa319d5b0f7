"""The crowds that lists, counts and reports are measured on: a hundred thousand operations and ten million.

Made once, in a folder that is kept: ten million take some minutes and forty gigabytes.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Self

import msgspec
from psycopg import sql

from bench.crowd import make_folder
from bench.house import POSTGRES
from viertakt.db.embedded import embedded
from viertakt.db.pool import Connection, connect
from viertakt.db.queries import load
from viertakt.kinds.actions import Kinds
from viertakt.language import Query, parse
from viertakt.language.fields import Fields
from viertakt.wiring import APP_ROLE

SMALL, LARGE = 100_000, 10_000_000
FOLDERS = {SMALL: "100k", LARGE: "10m"}

queries = load(__package__, "crowds.sql")


class Crowd:
    """One of them: a connection as the product has it, and what its queries are written with."""

    def __init__(self, conn: Connection, operations: int) -> None:
        self.conn = conn
        self.operations = operations
        self.fields: Fields = Kinds().search_fields(conn)
        row = conn.execute(queries["crowd_facts"], {"nth": operations // 2}).fetchone()
        assert row is not None, "a crowd has an operation in the middle"
        self.now: datetime = row[0]
        day = datetime.combine((self.now - timedelta(days=100)).date(), datetime.min.time(), UTC)
        self.names = {
            "reference": row[1], "number": row[1].split("-")[1],
            "day": _text(day), "next_day": _text(day + timedelta(days=1)),
            "next_week": _text(day + timedelta(days=7)), "next_month": _text(day + timedelta(days=30)),
        }  # fmt: skip
        self._parents: dict[str, str] = dict(conn.execute(queries["indexes_of_partitions"]).fetchall())

    def query(self, text: str) -> Query:
        """A query of the mix, with this crowd's names and days."""
        return parse(text.format_map(self.names), fields=self.fields)

    def explained(self, statement: Any, params: dict[str, object], *, times: int) -> "Explained":
        """How long the database plans and works for a statement (the median of so many times), and by which plan."""
        found = []
        for _ in range(times + 1):
            row = self.conn.execute(_EXPLAIN + statement, params, prepare=False).fetchone()
            assert row is not None, "EXPLAIN explains"
            found.append(row[0][0])
        last = found[-1]
        return Explained(
            median(one["Planning Time"] + one["Execution Time"] for one in found[1:]),
            last["Plan"]["Actual Rows"],
            self._plan(last["Plan"]),
        )

    def _plan(self, plan: dict[str, Any]) -> str:
        """The nodes that touch tables, each once, with the index; partitions under their parent's name."""
        names: dict[str, None] = {}
        for node in _nodes(plan):
            if not node["Actual Loops"]:
                continue
            if "Index Name" in node:
                index = self._parents.get(node["Index Name"], node["Index Name"])
                names[f"{node['Node Type'].replace(' Scan', '').lower()} {index}"] = None
            elif node["Node Type"] == "Seq Scan":
                names[f"seq {self._parents.get(node['Relation Name'], node['Relation Name'])}"] = None
            elif "Sort" in node["Node Type"]:
                names[node["Node Type"].lower()] = None
        return ", ".join(names)


class Explained(msgspec.Struct, frozen=True):
    """Milliseconds, rows, and the plan's names."""

    milliseconds: float
    rows: int
    plan: str


class Crowds:
    """Both, opened when a measurement first asks for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stack = ExitStack()
        self._open: dict[int, Crowd] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def of(self, operations: int) -> Crowd:
        """The crowd of so many, made first where it is not there."""
        if operations not in self._open:
            self._open[operations] = self._stack.enter_context(_crowd(self.folder, operations))
        return self._open[operations]


@contextmanager
def _crowd(folder: Path, operations: int) -> Iterator[Crowd]:
    data = folder / FOLDERS[operations]
    if not data.exists():
        make_folder(data, operations=operations)
    with (
        embedded(data, POSTGRES) as server,
        connect(
            server.url(), statement_timeout=timedelta(seconds=30), autocommit=True, role=APP_ROLE
        ) as conn,
    ):
        yield Crowd(conn, operations)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


_EXPLAIN = sql.SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ")
