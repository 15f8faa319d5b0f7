"""The report on targets: what was promised, kept and missed.

A promise is no operation: one operation may promise several things, and one of them several times. So no number here has
a list of operations behind it.
"""

from typing import Any

import msgspec
from psycopg import Connection

from viertakt.reports.drilling import equal, narrowed
from viertakt.reports.flows import BUCKET, utc
from viertakt.reports.lengths import KIND
from viertakt.reports.report import Asked, Column, ColumnType, Row, Table
from viertakt.reports.sources import DECIDED, PROMISED, rows, source

TARGET = Column("target", ColumnType.TEXT)
DECISIONS = (
    *(Column(name, ColumnType.COUNT) for name in ("kept", "missed")),
    Column("share", ColumnType.SHARE),
)
STANDINGS = tuple(Column(name, ColumnType.COUNT) for name in ("in_time", "at_risk", "late", "paused"))


def targets(conn: Connection[Any], asked: Asked) -> Table:
    """Promises that were kept or missed in the period, and the share that was kept; time with a paused clock does not
    count, nor do hours outside the kind's calendar.

    With `include=open`, how those that are neither stand now: in time, at risk (four fifths of the time are used, or what the target says),
    late, or paused in good time.
    """
    return _open(conn, asked) if asked.include == "open" else _decided(conn, asked)


def _decided(conn: Connection[Any], asked: Asked) -> Table:
    edges = asked.period.edges
    counted = source(conn, asked, DECIDED, (edges[0], edges[-1]), cuts=edges)
    table = []
    for row in rows(conn, "kept_by_bucket_and_target", counted, edges=list(edges)):
        kept, missed = row["kept"], row["missed"]
        names = (utc(edges[row["nth"]]), row["kind"], row["target"])
        table.append(Row((*names, kept, missed, kept / (kept + missed))))
    return Table((BUCKET, KIND, TARGET, *DECISIONS), tuple(table), counted.position, counted.partial)


def _open(conn: Connection[Any], asked: Asked) -> Table:
    is_open = msgspec.structs.replace(asked, query=narrowed(asked.query, equal("status", "pending")))
    counted = source(conn, is_open, PROMISED, (None, None))
    table = tuple(
        Row((row["kind"], row["target"], *(row[column.name] for column in STANDINGS)))
        for row in rows(conn, "open_by_target", counted)
    )
    return Table((KIND, TARGET, *STANDINGS), table, counted.position, counted.partial)
