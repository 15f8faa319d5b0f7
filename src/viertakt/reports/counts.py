"""How many operations a query finds, altogether or by group, at a bounded price.

A scan that stops: beyond the bound the answer says so (`capped`), and its figures are what was seen up to there: at least
so many. What the tallies know is read there instead (`tallied`).
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec
from psycopg import Connection, sql

from viertakt.errors import Invalid
from viertakt.language import Query
from viertakt.language.model import Comparator, Comparison
from viertakt.reports import store
from viertakt.reports.words import condition
from viertakt.reports.zones import UTC_ZONE

CAP_USUAL = 10_000
ROWS_MAX = 100_000
GROUPS_MAX = 1_000

# Columns with few values; grouping by a reference would be a list.
DIMENSIONS: dict[str, str] = {
    name: name for name in ("status", "kind", "stage", "brand", "currency", "waiting_on", "kind_version")
}
STATUSES = ("pending", "success", "error", "rejected")


class Count(msgspec.Struct, frozen=True):
    """A number of operations; `capped`: there are at least so many."""

    value: int
    capped: bool = False


class Counts(msgspec.Struct, frozen=True):
    """A row for each group: its dimensions and `count`. `capped`: the figures are what was seen before the bound.

    `position`: the place in the journal at which they are exact; None where the present was counted.
    """

    items: list[dict[str, Any]]
    capped: bool = False
    position: str | None = None


def count_capped(
    conn: Connection[Any],
    query: Query,
    *,
    cap: int = CAP_USUAL,
    zone: tzinfo = UTC_ZONE,
    now: datetime | None = None,
    position: int | None = None,
) -> Count:
    """How many operations a query finds, exactly up to `cap`, else `cap` and capped; with `position`, found then."""
    assert cap > 0, "Counting up to nothing answers nothing."
    filter_, params = condition(conn, query, now or store.primary_clock(conn), zone)
    found = store.count_capped(conn, {"filter": filter_}, params | {"cap": cap + 1}, position=position)
    return Count(min(found, cap), found > cap)


def counts(
    conn: Connection[Any],
    query: Query,
    by: Sequence[str],
    *,
    zone: tzinfo = UTC_ZONE,
    now: datetime | None = None,
    rows_max: int = ROWS_MAX,
    position: int | None = None,
) -> Counts:
    """How many operations a query finds in each group of these dimensions. Raises `Invalid` for an unknown one.

    By status alone each of the four is counted apart, up to the bound, also those that have none: a tab says 0.
    """
    _check_dimensions(by)
    moment = now or store.primary_clock(conn)
    if tuple(by) == ("status",):
        narrowed = [Query((*query.terms, Comparison("status", Comparator.IS, (one,)))) for one in STATUSES]
        cap = min(CAP_USUAL, rows_max)
        return _each_status(
            [count_capped(conn, one, cap=cap, zone=zone, now=moment, position=position) for one in narrowed]
        )
    filter_, params = condition(conn, query, moment, zone)
    columns = sql.SQL(", ").join(sql.SQL("o.{}").format(sql.Identifier(DIMENSIONS[name])) for name in by)
    found = store.counts(
        conn,
        {"filter": filter_, "columns": columns},
        params | {"rows_max": rows_max + 1, "groups_max": GROUPS_MAX},
        position=position,
    )
    return Counts(found.groups, found.seen > rows_max or len(found.groups) == GROUPS_MAX)


def _each_status(found: Sequence[Count]) -> Counts:
    items: list[dict[str, Any]] = []
    for status, count in zip(STATUSES, found, strict=True):
        items.append({"status": status, "count": count.value} | ({"capped": True} if count.capped else {}))
    return Counts(items, any(count.capped for count in found))


def _check_dimensions(by: Sequence[str]) -> None:
    if not by:
        raise Invalid(f"Say what to count by: {', '.join(DIMENSIONS)}.")
    unknown = [name for name in by if name not in DIMENSIONS]
    if unknown:
        raise Invalid(f"Nothing is counted by {unknown[0][:40]!r}. Count by {', '.join(DIMENSIONS)}.")
    if len(set(by)) < len(by):
        raise Invalid("A dimension is named twice; name each once.")
