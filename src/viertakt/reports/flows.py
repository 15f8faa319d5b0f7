"""Reports on what comes in, what ends, and what stays open."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.language import Query
from viertakt.reports.counts import STATUSES, count_capped
from viertakt.reports.drilling import (
    absent,
    any_of,
    at_least,
    below,
    between,
    drilled,
    equal,
    narrowed,
)
from viertakt.reports.grains import organisation_zone
from viertakt.reports.periods import pairs
from viertakt.reports.report import Asked, Column, ColumnType, Row, Table
from viertakt.reports.sources import CLOSED, CREATED, OPEN, SCAN_MAX, position_for, rows, source
from viertakt.reports.tallied import tallied_count

BUCKET = Column("bucket", ColumnType.TIME)
COUNT = Column("count", ColumnType.COUNT)
CURRENCIES_MAX = 3
NEAR = timedelta(hours=24)  # a deadline that is nearer than this is at risk
# Oldest first. The young are told by the clock, the old by the organisation's days, as tallies have them.
OLD = ((">30d", None), ("10d-30d", 30), ("3d-10d", 10))
YOUNGEST_OLD = 3
YOUNG = (("8h-24h", timedelta(hours=24)), ("1h-8h", timedelta(hours=8)), ("<1h", timedelta(hours=1)))


def statuses(conn: Connection[Any], asked: Asked) -> Table:
    """Operations by the bucket in which they were created and by their status now."""
    edges = asked.period.edges
    counted = source(conn, asked, CREATED, (edges[0], edges[-1]), cuts=edges)
    found = {
        (row["nth"], row["status"]): row["count"]
        for row in rows(conn, "by_bucket_and_status", counted, edges=list(edges))
    }
    present = [status for status in STATUSES if any(key[1] == status for key in found)]
    table = tuple(
        Row(
            (utc(first), status, found.get((nth, status), 0)),
            drilled(asked.query, equal("status", status), *between("created", first, after)),
        )
        for nth, (first, after) in enumerate(pairs(asked.period))
        for status in present
    )
    return Table((BUCKET, Column("status", ColumnType.TEXT), COUNT), table, counted.position, counted.partial)


def flow(conn: Connection[Any], asked: Asked) -> Table:
    """How many were created and how many ended in each bucket, and how many were open when it was over.

    An operation ended when it came to the closed status it has now; one that is open again has not.
    """
    edges = asked.period.edges
    at = position_for(conn, CLOSED)
    created = source(conn, asked, CREATED, (edges[0], None), cuts=edges, position=at)
    closed = source(conn, asked, CLOSED, (edges[0], None), cuts=edges, position=at)
    came = {row["nth"]: row["count"] for row in rows(conn, "by_bucket", created, edges=list(edges))}
    went = {row["nth"]: row["count"] for row in rows(conn, "by_bucket", closed, edges=list(edges))}
    open_now, capped = count(conn, asked, narrowed(asked.query, equal("is", "open")), at)
    partial = created.partial or closed.partial or capped
    table = []
    for nth, (first, after) in enumerate(pairs(asked.period)):
        # Open then: open now, less what came since, and what ended since.
        later = range(nth + 1, len(edges))
        standing = open_now - sum(came.get(n, 0) - went.get(n, 0) for n in later)
        open_then = any_of(equal("is", "open"), at_least("closed", after))
        queries = {
            "created": drilled(asked.query, *between("created", first, after)),
            "finished": drilled(asked.query, *between("closed", first, after)),
            "backlog": drilled(asked.query, below("created", after), open_then),
        }
        values = (utc(first), came.get(nth, 0), went.get(nth, 0), None if partial else standing)
        table.append(Row(values, qs=queries))
    names = ("created", "finished", "backlog")
    columns = (BUCKET, *(Column(name, ColumnType.COUNT) for name in names))
    return Table(columns, tuple(table), at, partial)


def ageing(conn: Connection[Any], asked: Asked) -> Table:
    """Open operations by how long ago they were created, and what they are worth, as of now: no period matters.

    Up to a day by the clock, older ones by the calendar days of the organisation.
    """
    zone = organisation_zone(conn)
    today = asked.now.astimezone(zone).date()
    midnights = [
        datetime.combine(today - timedelta(days=days), time.min, zone)
        for days in (*(days for _, days in OLD if days), YOUNGEST_OLD)
    ]
    edges = [*midnights, *(asked.now - age for _, age in YOUNG)]
    names = [*(name for name, _ in OLD), "1d-3d", *(name for name, _ in YOUNG)]
    open_ones = msgspec.structs.replace(asked, query=narrowed(asked.query, equal("status", "pending")))
    old = source(conn, open_ones, CREATED, (None, midnights[-1]), cuts=midnights)
    young = source(conn, open_ones, OPEN, (midnights[-1], None))
    counts: dict[int, int] = defaultdict(int)
    worth: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for row in (
        *rows(conn, "by_bucket_and_currency", old, edges=edges),
        *rows(conn, "by_bucket_and_currency", young, edges=edges),
    ):
        counts[row["nth"] + 1] += row["count"]
        if row["currency"] is not None:
            worth[row["currency"]][row["nth"] + 1] = row["amount"]
    currencies = sorted(worth, key=lambda one: (-len(worth[one]), one))[:CURRENCIES_MAX]
    table = []
    for nth, (first, after) in enumerate(zip([None, *edges], [*edges, None], strict=True)):
        terms = [equal("status", "pending")]
        terms += [at_least("created", first)] if first else []
        terms += [below("created", after)] if after else []
        amounts = (decimal(worth[one].get(nth, Decimal(0))) for one in currencies)
        table.append(Row((names[nth], counts[nth], *amounts), qs={"count": drilled(asked.query, *terms)}))
    amounts_of = (Column(f"amount_{one.lower()}", ColumnType.AMOUNT, one) for one in currencies)
    columns = (Column("age", ColumnType.TEXT), COUNT, *amounts_of)
    return Table(columns, tuple(reversed(table)), young.position, young.partial or old.partial)


def deadlines(conn: Connection[Any], asked: Asked) -> Table:
    """Open operations by how near the time limit of their stage is, as of now: no period matters.

    At risk: less than 24 hours are left.
    """
    at = position_for(conn, CREATED)
    near = asked.now + NEAR
    terms = {
        "late": [below("deadline", asked.now)],
        "at_risk": list(between("deadline", asked.now, near)),
        "in_time": [at_least("deadline", near)],
    }
    is_open = equal("status", "pending")
    found = {
        name: count(conn, asked, narrowed(asked.query, is_open, *more), at) for name, more in terms.items()
    }
    everything = count(conn, asked, narrowed(asked.query, is_open), at)
    partial = everything[1] or any(capped for _, capped in found.values())
    without = None if partial else everything[0] - sum(number for number, _ in found.values())
    table = [
        Row((name, number), drilled(asked.query, is_open, *terms[name]))
        for name, (number, _) in found.items()
    ]
    table.append(Row(("no_deadline", without), drilled(asked.query, is_open, absent("deadline"))))
    return Table((Column("state", ColumnType.TEXT), COUNT), tuple(table), at, partial)


def utc(moment: datetime) -> str:
    """RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def decimal(amount: Decimal) -> str:
    """A decimal without an exponent."""
    return f"{amount:f}"


def count(conn: Connection[Any], asked: Asked, query: Query, position: int) -> tuple[int, bool]:
    """How many a query found at a position, and whether counting stopped at the bound."""
    zone = asked.period.zone
    found = tallied_count(conn, query, zone=zone, now=asked.now, position=position) or count_capped(
        conn, query, cap=SCAN_MAX, zone=zone, now=asked.now, position=position
    )
    return found.value, found.capped
