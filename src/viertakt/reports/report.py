"""What a report is: columns, rows, and for each number the query whose list holds exactly so many operations.

A report is asked over a period cut into buckets at the reader's midnights, for the operations that a query finds, and
answers as of a position of the journal. Whoever opens the list of a number as of that position counts the same.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import msgspec
from psycopg import Connection

from viertakt.language import Query
from viertakt.reports.periods import Period

Value = str | int | float | None


class ColumnType(StrEnum):
    """How a column's values are written: a name from the kinds or a plain text, a plain number, an RFC 3339 time, how many, seconds, a
    share from 0 to 1, a decimal amount in the column's unit (ISO 4217)."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"
    AMOUNT = "amount"


class Column(msgspec.Struct, frozen=True):
    """`unit`: the currency of an amount."""

    name: str
    type: ColumnType
    unit: str | None = None


class Row(msgspec.Struct, frozen=True):
    """Values in the order of the columns. `q` finds the operations the row counts, `qs` those of one of its columns.

    A number that counts no operations (a percentile, moves, stays) has no query.
    """

    values: tuple[Value, ...]
    q: str | None = None
    qs: dict[str, str | None] = {}


class Table(msgspec.Struct, frozen=True):
    """What a report found. `position`: where in the journal it is exact. `partial`: reading stopped at a bound."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    position: int
    partial: bool = False


class Asked(msgspec.Struct, frozen=True):
    """What a report is asked: about the operations that a query finds, in a period; `now` as the database has it.

    `include`: the stays that are over, or those that go on. The query's moments are instants (`drilling.fixed`).
    """

    query: Query
    period: Period
    now: datetime
    include: Literal["completed", "open"] = "completed"


Build = Callable[[Connection[Any], Asked], Table]
