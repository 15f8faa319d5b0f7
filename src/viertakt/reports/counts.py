"""How many operations a query finds, altogether or by group, at a bounded price.

Until tallies follow the journal, a count is a scan that stops: beyond the bound the answer says so (`capped`), and its
figures are what was seen up to there: at least so many.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec
from psycopg import Connection, sql

from viertakt.errors import Invalid
from viertakt.language import Query, to_sql
from viertakt.language.model import Comparator, Comparison
from viertakt.reports import store
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
    """A row for each group: its dimensions and `count`. `capped`: the figures are what was seen before the bound."""

    items: list[dict[str, Any]]
    capped: bool = False


def count_capped(
    conn: Connection[Any],
    query: Query,
    *,
    cap: int = CAP_USUAL,
    zone: tzinfo = UTC_ZONE,
    now: datetime | None = None,
) -> Count:
    """How many operations a query finds, exactly up to `cap`, else `cap` and capped."""
    assert cap > 0, "Counting up to nothing answers nothing."
    condition, params = to_sql(query, now or store.primary_clock(conn), zone)
    found = store.count_capped(conn, {"filter": condition}, params | {"cap": cap + 1})
    return Count(min(found, cap), found > cap)


def counts(
    conn: Connection[Any],
    query: Query,
    by: Sequence[str],
    *,
    zone: tzinfo = UTC_ZONE,
    now: datetime | None = None,
    rows_max: int = ROWS_MAX,
) -> Counts:
    """How many operations a query finds in each group of these dimensions. Raises `Invalid` for an unknown one.

    By status alone each of the four is counted apart, up to the bound, also those that have none: a tab says 0.
    """
    _check_dimensions(by)
    moment = now or store.primary_clock(conn)
    if tuple(by) == ("status",):
        return _by_status(conn, query, cap=min(CAP_USUAL, rows_max), zone=zone, now=moment)
    condition, params = to_sql(query, moment, zone)
    columns = sql.SQL(", ").join(sql.SQL("o.{}").format(sql.Identifier(DIMENSIONS[name])) for name in by)
    found = store.counts(
        conn,
        {"filter": condition, "columns": columns},
        params | {"rows_max": rows_max + 1, "groups_max": GROUPS_MAX},
    )
    return Counts(found.groups, found.seen > rows_max or len(found.groups) == GROUPS_MAX)


def _by_status(conn: Connection[Any], query: Query, *, cap: int, zone: tzinfo, now: datetime) -> Counts:
    items: list[dict[str, Any]] = []
    capped = False
    for status in STATUSES:
        narrowed = Query((*query.terms, Comparison("status", Comparator.IS, (status,))))
        count = count_capped(conn, narrowed, cap=cap, zone=zone, now=now)
        items.append({"status": status, "count": count.value} | ({"capped": True} if count.capped else {}))
        capped = capped or count.capped
    return Counts(items, capped)


def _check_dimensions(by: Sequence[str]) -> None:
    if not by:
        raise Invalid(f"Say what to count by: {', '.join(DIMENSIONS)}.")
    unknown = [name for name in by if name not in DIMENSIONS]
    if unknown:
        raise Invalid(f"Nothing is counted by {unknown[0][:40]!r}. Count by {', '.join(DIMENSIONS)}.")
    if len(set(by)) < len(by):
        raise Invalid("A dimension is named twice; name each once.")
