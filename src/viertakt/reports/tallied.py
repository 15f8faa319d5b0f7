"""Counts read from the tallies: exact for any number of operations, where a query asks only what is tallied.

A tally's row is like an operation that stands for many: the language's own compiler filters both. Time of creation can
be asked as far as a bucket's bounds go: whole days of the organisation, or whole hours of the last months.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

import msgspec
from psycopg import Connection, sql

from viertakt.db.queries import load
from viertakt.journal.model import Cursor
from viertakt.journal.reading import delay, head
from viertakt.language import Query, to_sql
from viertakt.language.bounds import instant_bounds
from viertakt.language.model import Comparator, Comparison, comparisons
from viertakt.reports import store
from viertakt.reports.counts import GROUPS_MAX, STATUSES, Count, Counts
from viertakt.reports.grains import asks_only, bounds_of, grain_between, organisation_zone
from viertakt.reports.zones import UTC_ZONE

_queries = load(__package__, "tallied.sql")

COLUMNS = frozenset({"status", "kind", "stage", "brand", "currency"})
WAITING_ON = "waiting_on"  # told by the stage, as far as all versions of a kind agree
DELAY_MAX = timedelta(seconds=5)  # a worker that is away longer is not counted with: a scan tells the present


class _Found(msgspec.Struct, frozen=True):
    position: int
    groups: list[dict[str, Any]]


_found = msgspec.json.Decoder(_Found)


def tallied_counts(
    conn: Connection[Any],
    query: Query,
    by: Sequence[str],
    *,
    zone: tzinfo = UTC_ZONE,
    now: datetime | None = None,
    position: int | None = None,
) -> Counts | None:
    """How many operations a query finds in each group; None where the tallies do not know, or lag behind.

    With a `position` of the journal, how many it found when entries went so far.
    """
    if not set(by) <= COLUMNS | {WAITING_ON}:
        return None
    moment = now or store.primary_clock(conn)
    grain = _grain(conn, query, moment, zone)
    if grain is None or (position is None and delay(conn) > DELAY_MAX):
        return None
    waits = _stages_wait_on(conn, query, by)
    if waits is None:
        return None
    condition, params = to_sql(query, moment, zone)
    columns = sql.SQL(", ").join(sql.SQL("o.{}").format(sql.Identifier(name)) for name in by)
    parts = {"filter": condition, "columns": columns}
    statement = sql.SQL(_queries["tallied"]).format(**parts)
    params |= {"grain": grain, "groups_max": GROUPS_MAX, "position": position, "waits": waits}
    row = conn.execute(statement, params, prepare=False).fetchone()
    assert row is not None, "an aggregate always answers"
    found = _found.decode(row[0])
    cursor = str(Cursor(head(conn).epoch, found.position))
    groups = _each_status(found.groups) if tuple(by) == ("status",) else found.groups
    return Counts(groups, len(found.groups) == GROUPS_MAX, cursor)


def tallied_count(
    conn: Connection[Any],
    query: Query,
    *,
    zone: tzinfo = UTC_ZONE,
    now: datetime | None = None,
    position: int | None = None,
) -> Count | None:
    """How many operations a query finds altogether; None where the tallies do not know."""
    found = tallied_counts(conn, query, ["status"], zone=zone, now=now, position=position)
    return None if found is None else Count(sum(row["count"] for row in found.items))


def _stages_wait_on(conn: Connection[Any], query: Query, by: Sequence[str]) -> str | None:
    """On whom stages wait, as JSON by kind and stage; empty where nobody asks, None where kinds contradict themselves."""
    if WAITING_ON not in by and not any(leaf.field == WAITING_ON for leaf in comparisons(query.terms)):
        return "{}"
    row = conn.execute(_queries["stages_wait_on"]).fetchone()
    assert row is not None, "an aggregate always answers"
    waits: str | None = row[0]
    return waits


def _each_status(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All four, also those that have none: a tab says 0."""
    known = {row["status"]: row["count"] for row in groups}
    return [{"status": status, "count": known.get(status, 0)} for status in STATUSES]


def _grain(conn: Connection[Any], query: Query, now: datetime, zone: tzinfo) -> str | None:
    """The coarsest grain that answers; None where none does."""
    if not asks_only(conn, query, COLUMNS | {WAITING_ON, "attributes"}, at="created"):
        return None
    if not any(leaf.field == "created" for leaf in comparisons(query.terms)):
        return "all"
    bounds = bounds_of(query, "created", now, zone)
    since = _since(query, now, zone)
    return grain_between(bounds, organisation_zone(conn), ("day", "hour"), since=since, now=now)


def _since(query: Query, now: datetime, zone: tzinfo) -> datetime | None:
    """Before when nothing that a query finds was created: one of its terms must say so by itself."""
    for term in query.terms:
        if (
            isinstance(term, Comparison)
            and term.field == "created"
            and not term.negated
            and len(term.values) == 1
        ):
            for sign, end in instant_bounds(term.comparator, term.values[0], now, zone):
                if sign is Comparator.AT_LEAST:
                    assert isinstance(end, datetime), "the bounds of a time are times"
                    return end
    return None
