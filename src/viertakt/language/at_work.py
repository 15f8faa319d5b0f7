"""Who works on an operation, as a condition: it stands in `viertakt.assignment`, for those that anybody ever worked on.

assignee:role:payments     EXISTS (… WHERE a.operation_id = o.operation_id AND a.assignee = …)
claimed_by:*               the same, and its lease has not run out
priority:normal            no row, or one that says so: NOT EXISTS (… AND a.priority <> 0)
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import LiteralString

from psycopg import sql

from viertakt.language.fields import PRIORITIES, Field

Param = Callable[[object], sql.Composable]

_ROW: LiteralString = (
    "EXISTS (SELECT FROM viertakt.assignment AS a WHERE a.operation_id = o.operation_id AND {})"
)


def column(found: Field) -> sql.Composable:
    """The column of the row."""
    return sql.SQL("a.{}").format(sql.Identifier(found.column))


def running(found: Field, condition: sql.Composable, now: datetime, param: Param) -> sql.Composable:
    """What holds of a row; of a claim only while its lease runs."""
    if found.name != "claimed_by":
        return condition
    leased = sql.SQL("a.lease_until > {}::timestamptz").format(param(now))
    return sql.SQL("({} AND {})").format(condition, leased)


def has(conditions: Sequence[sql.Composable]) -> sql.Composable:
    """An operation with a row of which one of these holds. In one look: of two, neither index would be used."""
    return sql.SQL(_ROW).format(sql.SQL("({})").format(sql.SQL(" OR ").join(conditions)))


def is_of(priorities: Collection[str], param: Param) -> sql.Composable:
    """An operation of one of these priorities; who never got one has the usual."""
    levels = [PRIORITIES.index(name) - 1 for name in priorities]
    if 0 not in levels:
        return sql.SQL(_ROW).format(sql.SQL("a.priority = ANY({}::integer [])").format(param(levels)))
    others = [level for level in (-1, 1, 2) if level not in levels]
    other = sql.SQL(_ROW).format(sql.SQL("a.priority = ANY({}::integer [])").format(param(others)))
    return sql.SQL("NOT {}").format(other)
