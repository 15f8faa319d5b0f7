"""Counts read from the tallies: exact for any number of operations, where a query asks only what is tallied.

A tally's row is like an operation that stands for many: the language's own compiler filters both. Time of creation can
be asked as far as a bucket's bounds go: whole days of the organisation, or whole hours of the last months.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from psycopg import Connection, sql

from viertakt.db.queries import load
from viertakt.journal.model import Cursor
from viertakt.journal.reading import delay, head
from viertakt.language import Query, to_sql
from viertakt.language.bounds import Bounds, instant_bounds
from viertakt.language.fields import ATTRIBUTE_PREFIX
from viertakt.language.model import AllOf, AnyOf, Anything, Comparator, Comparison, Term, Words
from viertakt.reports import store
from viertakt.reports.counts import GROUPS_MAX, STATUSES, Count, Counts
from viertakt.reports.tallies import HOURS_KEPT
from viertakt.reports.zones import UTC_ZONE

_queries = load(__package__, "tallied.sql")

COLUMNS = frozenset({"status", "kind", "stage", "brand", "currency"})
FLAGS = frozenset({("is", "open"), ("is", "closed"), ("has", "brand")})
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
    if not set(by) <= COLUMNS:
        return None
    moment = now or store.primary_clock(conn)
    grain = _grain(conn, query, moment, zone)
    if grain is None or (position is None and delay(conn) > DELAY_MAX):
        return None
    condition, params = to_sql(query, moment, zone)
    columns = sql.SQL(", ").join(sql.SQL("o.{}").format(sql.Identifier(name)) for name in by)
    parts = {"filter": condition, "columns": columns}
    statement = sql.SQL(_queries["tallied"]).format(**parts)
    row = conn.execute(
        statement, params | {"grain": grain, "groups_max": GROUPS_MAX, "position": position}, prepare=False
    ).fetchone()
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


def _each_status(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All four, also those that have none: a tab says 0."""
    known = {row["status"]: row["count"] for row in groups}
    return [{"status": status, "count": known.get(status, 0)} for status in STATUSES]


def _grain(conn: Connection[Any], query: Query, now: datetime, zone: tzinfo) -> str | None:
    """The coarsest grain that answers; None where none does."""
    leaves = list(_leaves(query.terms))
    asked = [leaf for leaf in leaves if isinstance(leaf, Comparison)]
    if len(asked) < len(leaves) or not all(map(_is_tallied, asked)):
        return None
    prefix = ATTRIBUTE_PREFIX
    attributes = {leaf.field.removeprefix(prefix) for leaf in asked if leaf.field.startswith(prefix)}
    if attributes and not attributes <= _dimensions(conn):
        return None
    times = [leaf for leaf in asked if leaf.field == "created"]
    bounds = [
        bound
        for leaf in times
        for value in leaf.values
        for bound in instant_bounds(leaf.comparator, value, now, zone)
    ]
    return _grain_between(conn, bounds, recent=_is_recent(query, now, zone)) if times else "all"


def _grain_between(conn: Connection[Any], bounds: Bounds, *, recent: bool) -> str | None:
    """The coarsest grain none of whose buckets is cut in two by one of these bounds."""
    if any(sign not in {Comparator.AT_LEAST, Comparator.BELOW} for sign, _ in bounds):
        return None  # a bucket's first moment belongs to it, so only these signs cut between two buckets
    organisation = ZoneInfo(_zone(conn))
    if all(_is_midnight(end.astimezone(organisation)) for _, end in bounds):
        return "day"
    return "hour" if recent and all(_is_whole_hour(end) for _, end in bounds) else None


def _leaves(terms: Sequence[Term]) -> Iterator[Comparison | Words]:
    for term in terms:
        if isinstance(term, AllOf | AnyOf):
            yield from _leaves(term.terms)
        else:
            yield term


def _is_tallied(leaf: Comparison) -> bool:
    if leaf.field in {"is", "has"}:
        return all((leaf.field, value) in FLAGS for value in leaf.values)
    if leaf.field == "created":
        return not any(isinstance(value, Anything) for value in leaf.values)
    return leaf.field in COLUMNS or leaf.field.startswith(ATTRIBUTE_PREFIX)


def _is_recent(query: Query, now: datetime, zone: tzinfo) -> bool:
    """Whether everything a query finds was created while hours are kept: one of its terms must say so by itself."""
    for term in query.terms:
        if (
            isinstance(term, Comparison)
            and term.field == "created"
            and not term.negated
            and len(term.values) == 1
        ):
            for sign, end in instant_bounds(term.comparator, term.values[0], now, zone):
                if sign is Comparator.AT_LEAST and end >= now - HOURS_KEPT + timedelta(hours=1):
                    return True
    return False


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)


def _is_whole_hour(moment: datetime) -> bool:
    moment = moment.astimezone(UTC)
    return (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)


def _dimensions(conn: Connection[Any]) -> set[str]:
    return {row[0] for row in conn.execute(_queries["dimensions_everywhere"]).fetchall()}


def _zone(conn: Connection[Any]) -> str:
    row = conn.execute(_queries["organisation_zone"]).fetchone()
    assert row is not None, "An installation has its one row from the migrations."
    return str(row[0])
