"""Reports on why operations ended, which ways they went, and who moved them."""

from collections import defaultdict
from typing import Any

from psycopg import Connection

from viertakt.reports.drilling import between, drilled, equal, went
from viertakt.reports.flows import COUNT
from viertakt.reports.lengths import KIND
from viertakt.reports.report import Asked, Column, ColumnType, Row, Table
from viertakt.reports.sources import CREATED, MOVES, PEOPLE, REASONS, WAYS, position_for, rows, source

SHARE = Column("share", ColumnType.SHARE)


def reasons(conn: Connection[Any], asked: Asked) -> Table:
    """The reasons given to operations that ended in the period, the commonest first; one with two counts under both.

    The share is of all reasons given, and so is the running share.
    """
    period = asked.period
    counted = source(conn, asked, REASONS, (period.start, period.end))
    found = rows(conn, "by_status_and_reason", counted)
    total = sum(row["count"] for row in found)
    table, running = [], 0
    for row in found:
        running += row["count"]
        terms = (equal("status", row["status"]), equal("reason", row["reason"]))
        values = (row["status"], row["reason"], row["count"], row["count"] / total, running / total)
        table.append(
            Row(
                values,
                qs={"count": drilled(asked.query, *terms, *between("closed", period.start, period.end))},
            )
        )
    columns = (
        Column("status", ColumnType.TEXT),
        Column("reason", ColumnType.TEXT),
        COUNT,
        SHARE,
        Column("cumulative_share", ColumnType.SHARE),
    )
    return Table(columns, tuple(table), counted.position, counted.partial)


def ways(conn: Connection[Any], asked: Asked) -> Table:
    """The ways that operations created in the period went from stage to stage; each counts once for each way.

    The share is of the operations of its kind that were created in the period.
    """
    period = asked.period
    span = (period.start, period.end)
    at = position_for(conn, WAYS)
    counted = source(conn, asked, WAYS, span, position=at)
    created = source(conn, asked, CREATED, span, position=at)
    of_kind = {row["kind"]: row["count"] for row in rows(conn, "by_kind", created)}
    table = []
    for row in rows(conn, "by_way", counted):
        kind, left, entered, number = row["kind"], row["from_stage"], row["to_stage"], row["count"]
        if not asked.query.sight.hidden.isdisjoint((left, entered)):
            continue
        terms = (equal("kind", kind), went(left, entered), *between("created", *span))
        share = number / of_kind[kind] if of_kind.get(kind) else None
        table.append(Row((kind, left, entered, number, share), qs={"count": drilled(asked.query, *terms)}))
    columns = (
        KIND,
        Column("from_stage", ColumnType.TEXT),
        Column("to_stage", ColumnType.TEXT),
        COUNT,
        SHARE,
    )
    return Table(columns, tuple(table), at, counted.partial or created.partial)


def automation(conn: Connection[Any], asked: Asked) -> Table:
    """Openings and moves of the period by what made them: by hand, a process, a provider, a time limit, a check."""
    counted = source(conn, asked, MOVES, (asked.period.start, asked.period.end))
    found = rows(conn, "by_kind_and_cause", counted)
    of_kind: dict[str, int] = defaultdict(int)
    for row in found:
        of_kind[row["kind"]] += row["count"]
    table = tuple(
        Row((row["kind"], row["cause"], row["count"], row["count"] / of_kind[row["kind"]])) for row in found
    )
    columns = (KIND, Column("cause", ColumnType.TEXT), Column("moves", ColumnType.COUNT), SHARE)
    return Table(columns, table, counted.position, counted.partial)


def people(conn: Connection[Any], asked: Asked) -> Table:
    """How many moves each person made in the period, and how many sorts of them; by name, since nobody is ranked."""
    counted = source(conn, asked, PEOPLE, (asked.period.start, asked.period.end))
    table = tuple(
        Row((row["person"], row["count"], row["transitions"])) for row in rows(conn, "by_person", counted)
    )
    columns = (
        Column("person", ColumnType.TEXT),
        Column("moves", ColumnType.COUNT),
        Column("transitions", ColumnType.COUNT),
    )
    return Table(columns, table, counted.position, counted.partial)
