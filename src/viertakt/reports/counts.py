"""How many operations a query finds, altogether or by group, at a bounded price.

A scan that stops: beyond the bound the answer says so (`capped`), and its figures are what was seen up to there: at least
so many. What the tallies know is read there instead (`tallied`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, TypeVar

import msgspec
from psycopg import Connection, sql

from viertakt.errors import Invalid
from viertakt.language import Query
from viertakt.language.model import Comparator, Comparison
from viertakt.reports import store
from viertakt.reports.words import condition
from viertakt.reports.zones import UTC_ZONE

CAP_USUAL = 10_000
ROWS_MAX = CAP_USUAL
GROUPS_MAX = 1_000
LOOKED_AT_LEAST = 1_000
LONGEST = timedelta(milliseconds=300)  # numbers beside a list: they may say less, but not hold it up

T = TypeVar("T")

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

    Where looking at `rows_max` takes too long, at fewer; the answer is capped then.

    By status alone each of the four is counted apart, up to the bound, also those that have none: a tab says 0.
    """
    _check_dimensions(by)
    moment = now or store.primary_clock(conn)
    if tuple(by) == ("status",):
        return _each_status(
            {
                one: _of_status(conn, query, one, rows_max, zone=zone, now=moment, position=position)
                for one in STATUSES
            }
        )
    filter_, params = condition(conn, query, moment, zone)
    columns = sql.SQL(", ").join(sql.SQL("o.{}").format(sql.Identifier(DIMENSIONS[name])) for name in by)

    def grouped(bound: int) -> Counts:
        found = store.counts(
            conn,
            {"filter": filter_, "columns": columns},
            params | {"rows_max": bound + 1, "groups_max": GROUPS_MAX},
            position=position,
        )
        return Counts(found.groups, found.seen > bound or len(found.groups) == GROUPS_MAX)

    return _in_time(conn, (rows_max, CAP_USUAL, LOOKED_AT_LEAST), grouped) or Counts([], capped=True)


def _of_status(conn: Connection[Any], query: Query, status: str, rows_max: int, **asked: Any) -> Count:
    narrowed = Query((*query.terms, Comparison("status", Comparator.IS, (status,))), query.sight)
    bounds = (min(CAP_USUAL, rows_max), LOOKED_AT_LEAST)
    return _in_time(conn, bounds, lambda cap: count_capped(conn, narrowed, cap=cap, **asked)) or Count(
        0, capped=True
    )


def _in_time(conn: Connection[Any], bounds: Sequence[int], count: Callable[[int], T]) -> T | None:
    """What counting up to the first of these bounds says that is reached in time; None where not even the last is."""
    for bound in bounds:
        try:
            with store.taking_at_most(conn, LONGEST):
                return count(bound)
        except store.TooLong:
            continue
    return None


def _each_status(found: Mapping[str, Count]) -> Counts:
    items: list[dict[str, Any]] = [
        {"status": status, "count": count.value} | ({"capped": True} if count.capped else {})
        for status, count in found.items()
    ]
    return Counts(items, any(count.capped for count in found.values()))


def _check_dimensions(by: Sequence[str]) -> None:
    if not by:
        raise Invalid(f"Say what to count by: {', '.join(DIMENSIONS)}.")
    unknown = [name for name in by if name not in DIMENSIONS]
    if unknown:
        raise Invalid(f"Nothing is counted by {unknown[0][:40]!r}. Count by {', '.join(DIMENSIONS)}.")
    if len(set(by)) < len(by):
        raise Invalid("A dimension is named twice; name each once.")
