"""Reports on how long things take."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.language.model import Comparator, Comparison, Length, Term
from viertakt.reports.drilling import below, between, drilled, equal, narrowed
from viertakt.reports.flows import BUCKET, COUNT, count, utc
from viertakt.reports.histograms import bins_in, percentiles
from viertakt.reports.lists import list_operations
from viertakt.reports.periods import pairs
from viertakt.reports.report import Asked, Column, ColumnType, Row, Table
from viertakt.reports.sources import (
    CLOSED,
    CREATED,
    ENDED,
    LEFT,
    STAYING,
    position_for,
    rows,
    source,
    stages_wait_on,
)

KIND = Column("kind", ColumnType.TEXT)
STAGE = Column("stage", ColumnType.TEXT)
PERCENTILES = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))
LENGTH_COLUMNS = (
    *(Column(name, ColumnType.SECONDS) for name, _ in PERCENTILES),
    Column("mean", ColumnType.SECONDS),
)


class Lengths:
    """Durations of one group: how many, how long they were together, and in which bins."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.count: int = row["count"]
        self.seconds: Decimal = row["seconds"]
        self.bins = bins_in(row["histogram"])

    def values(self) -> tuple[float | None, ...]:
        """The percentiles and the mean, in seconds; None of none."""
        found = percentiles(self.bins, [share for _, share in PERCENTILES])
        mean = float(self.seconds) / self.count if self.count else None
        return tuple(None if value is None else round(value, 3) for value in (*found, mean))


NOTHING = {"count": 0, "seconds": Decimal(0), "histogram": "0"}


def durations(conn: Connection[Any], asked: Asked) -> Table:
    """How long operations took from their creation to their end, by the bucket in which they ended.

    Percentiles are right within two percent (DDSketch).
    """
    edges = asked.period.edges
    counted = source(conn, asked, ENDED, (edges[0], edges[-1]), cuts=edges)
    groups = {
        (row["nth"], row["kind"]): Lengths(row)
        for row in rows(conn, "lengths_by_bucket_and_kind", counted, edges=list(edges))
    }
    table = []
    for (nth, kind), lengths in sorted(groups.items()):
        first, after = pairs(asked.period)[nth]
        terms: tuple[Term, ...] = (equal("kind", kind), *between("closed", first, after))
        values = lengths.values()
        queries = {"count": drilled(asked.query, *terms)}
        for (name, _), value in zip(PERCENTILES, values, strict=False):
            queries[name] = drilled(asked.query, *terms, _at_least(value)) if value else queries["count"]
        table.append(Row((utc(first), kind, *values, lengths.count), qs=queries))
    return Table((BUCKET, KIND, *LENGTH_COLUMNS, COUNT), tuple(table), counted.position, counted.partial)


def stages(conn: Connection[Any], asked: Asked) -> Table:
    """How long operations were in each stage: stays that ended in the period, the longest altogether first.

    With `include=open`, how long those that are there now have been there so far. Of a kind with a calendar, only its hours
    count.
    """
    period = asked.period
    if asked.include == "open":
        is_open = msgspec.structs.replace(asked, query=narrowed(asked.query, equal("status", "pending")))
        counted = source(conn, is_open, STAYING, (None, None))
    else:
        counted = source(conn, asked, LEFT, (period.start, period.end))
    groups = {
        (row["kind"], row["stage"]): Lengths(row)
        for row in rows(conn, "lengths_by_stage", counted)
        if row["stage"] not in asked.query.sight.hidden
    }
    waiting_on = stages_wait_on(conn)
    table = []
    for (kind, stage), lengths in sorted(groups.items(), key=lambda one: (-one[1].seconds, one[0])):
        queries: dict[str, str | None] = {}
        if asked.include == "open":
            there = (equal("status", "pending"), equal("kind", kind), equal("stage", stage))
            queries["count"] = drilled(asked.query, *there)
        values = (kind, stage, waiting_on.get((kind, stage)), *lengths.values(), lengths.count)
        table.append(Row(values, qs=queries))
    columns = (KIND, STAGE, Column("waiting_on", ColumnType.TEXT), *LENGTH_COLUMNS, COUNT)
    return Table(columns, tuple(table), counted.position, counted.partial)


def summary(conn: Connection[Any], asked: Asked) -> Table:
    """The numbers at a glance: what stands open now, and what came and what ended in the period."""
    period, query = asked.period, asked.query
    span = (period.start, period.end)
    at = position_for(conn, CLOSED)
    is_open = equal("status", "pending")
    late = (is_open, below("deadline", asked.now))
    standing, standing_capped = count(conn, asked, narrowed(query, is_open), at)
    overdue, overdue_capped = count(conn, asked, narrowed(query, *late), at)
    created = source(conn, asked, CREATED, span, position=at)
    closed = source(conn, asked, CLOSED, span, position=at)
    ended = source(conn, asked, ENDED, span, position=at)
    came = sum(row["count"] for row in rows(conn, "by_status", created))
    went = {row["status"]: row["count"] for row in rows(conn, "by_status", closed)}
    lengths = Lengths(next(iter(rows(conn, "lengths", ended)), NOTHING))
    finished = sum(went.values())
    oldest = list_operations(
        conn,
        narrowed(query, is_open),
        sort="created_at",
        limit=1,
        zone=period.zone,
        now=asked.now,
        position=at,
    ).items
    within = between("closed", *span)
    queries = {
        "open": drilled(query, is_open),
        "late": drilled(query, *late),
        "created": drilled(query, *between("created", *span)),
        "finished": drilled(query, *within),
        **{status: drilled(query, equal("status", status), *within) for status in ENDS},
        **({"oldest": drilled(query, equal("id", str(oldest[0].id)))} if oldest else {}),
    }
    p50, p90, *_ = lengths.values()
    values = (
        standing,
        (asked.now - oldest[0].created_at).total_seconds() if oldest else None,
        overdue,
        came,
        finished,
        *(went.get(status, 0) / finished if finished else None for status in ENDS),
        p50,
        p90,
    )
    partial = standing_capped or overdue_capped or created.partial or closed.partial or ended.partial
    return Table(SUMMARY, (Row(values, qs=queries),), at, partial)


ENDS = ("success", "error", "rejected")
SUMMARY = (
    Column("open", ColumnType.COUNT),
    Column("oldest", ColumnType.SECONDS),
    Column("late", ColumnType.COUNT),
    Column("created", ColumnType.COUNT),
    Column("finished", ColumnType.COUNT),
    *(Column(status, ColumnType.SHARE) for status in ENDS),
    Column("p50", ColumnType.SECONDS),
    Column("p90", ColumnType.SECONDS),
)


def _at_least(seconds: float) -> Comparison:
    """`duration>=43s`, in whole seconds: what the language can say."""
    return Comparison("duration", Comparator.AT_LEAST, (Length(math.floor(seconds), "s"),))
