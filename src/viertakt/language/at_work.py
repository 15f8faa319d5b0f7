"""Who works on an operation, as a condition: it stands in `viertakt.assignment`, for those that anybody ever worked on.

assignee:role:payments     EXISTS (… WHERE a.operation_id = o.operation_id AND a.assignee = …)
claimed_by:*               the same, and its lease has not run out
priority:normal            no row, or one that says so: NOT EXISTS (… AND a.priority <> 0)
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import LiteralString

from psycopg import sql

from viertakt.language.fields import PRIORITIES, Field

Param = Callable[[object], sql.Composable]

_ROW: LiteralString = (
    "EXISTS (SELECT FROM viertakt.assignment AS a WHERE a.operation_id = o.operation_id AND {})"
)


def column(found: Field) -> sql.Composable:
    """The column inside `has`."""
    return sql.SQL("a.{}").format(sql.Identifier(found.column))


def has(found: Field, condition: sql.Composable, now: datetime, param: Param) -> sql.Composable:
    """An operation with a row of which this holds, and a claim only while its lease runs."""
    if found.name == "claimed_by":
        running = sql.SQL("a.lease_until > {}::timestamptz").format(param(now))
        condition = sql.SQL("{} AND {}").format(condition, running)
    return sql.SQL(_ROW).format(condition)


def is_of(priorities: Collection[str], param: Param) -> sql.Composable:
    """An operation of one of these priorities; who never got one has the usual."""
    levels = [PRIORITIES.index(name) - 1 for name in priorities]
    if 0 not in levels:
        return sql.SQL(_ROW).format(sql.SQL("a.priority = ANY({}::integer [])").format(param(levels)))
    others = [level for level in (-1, 1, 2) if level not in levels]
    other = sql.SQL(_ROW).format(sql.SQL("a.priority = ANY({}::integer [])").format(param(others)))
    return sql.SQL("NOT {}").format(other)
