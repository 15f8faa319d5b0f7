"""Which of a tally's buckets answer a question: those that none of its bounds cuts in two.

Days and months are the organisation's; hours are whole in UTC and kept for the last months only.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection

from viertakt.db.queries import load
from viertakt.language import Query
from viertakt.language.bounds import Bounds, instant_bounds
from viertakt.language.fields import ATTRIBUTE_PREFIX
from viertakt.language.model import AllOf, AnyOf, Anything, Comparator, Comparison, Term, Words
from viertakt.reports.tallies import HOURS_KEPT

_queries = load(__package__, "tallied.sql")

FLAGS = frozenset({("is", "open"), ("is", "closed"), ("has", "brand")})


def organisation_zone(conn: Connection[Any]) -> tzinfo:
    """The zone in whose midnights days are tallied."""
    row = conn.execute(_queries["organisation_zone"]).fetchone()
    assert row is not None, "An installation has its one row from the migrations."
    return ZoneInfo(row[0])


def asks_only(conn: Connection[Any], query: Query, fields: Collection[str], *, at: str | None = None) -> bool:
    """Whether a query asks nothing but these fields, and when (`at`: created or closed).

    `attributes` among the fields stands for those that are counted wherever a kind has them; `status` brings is:open.
    """
    leaves = list(_leaves((*query.terms, *query.sight.terms)))
    asked = [leaf for leaf in leaves if isinstance(leaf, Comparison)]
    if len(asked) < len(leaves) or not all(_is_tallied(leaf, fields, at) for leaf in asked):
        return False
    attributes = {
        leaf.field.removeprefix(ATTRIBUTE_PREFIX) for leaf in asked if leaf.field.startswith(ATTRIBUTE_PREFIX)
    }
    return attributes <= _dimensions(conn) if attributes else True


def bounds_of(query: Query, field: str, now: datetime, zone: tzinfo) -> Bounds:
    """Every bound that a query sets to one of its times."""
    return [
        bound
        for leaf in _leaves(query.terms)
        if isinstance(leaf, Comparison) and leaf.field == field
        for value in leaf.values
        for bound in instant_bounds(leaf.comparator, value, now, zone)
    ]


def grain_between(
    bounds: Bounds, organisation: tzinfo, grains: Sequence[str], *, since: datetime | None, now: datetime
) -> str | None:
    """The coarsest of these grains, given coarsest first, none of whose buckets is cut in two; None where all are.

    `since`: nothing earlier is asked for, as hours must know; None where everything may be.
    """
    if any(sign not in {Comparator.AT_LEAST, Comparator.BELOW} for sign, _ in bounds):
        return None  # a bucket's first moment belongs to it, so only these signs cut between two buckets
    kept = since is not None and since >= now - HOURS_KEPT + timedelta(hours=1)
    for grain in grains:
        begins = _BEGINS[grain]
        if (grain != "hour" or kept) and all(begins(end, organisation) for _, end in bounds):
            return grain
    return None


def whole_months(
    span: tuple[datetime | None, datetime | None], bounds: Bounds, organisation: tzinfo
) -> tuple[datetime | None, datetime | None]:
    """From when to when in a span its months can be taken whole: no bound cuts one in two. None and None: nowhere."""
    first, after = span
    if first is None or after is None:
        return None, None
    begin = first if _begins_month(first, organisation) else _month_after(first, organisation)
    end = datetime.combine(after.astimezone(organisation).date().replace(day=1), time.min, organisation)
    cut = any(begin < bound < end and not _begins_month(bound, organisation) for _, bound in bounds)
    return (None, None) if cut or begin >= end else (begin, end)


def _month_after(moment: datetime, zone: tzinfo) -> datetime:
    later = moment.astimezone(zone).date().replace(day=1) + timedelta(days=32)
    return datetime.combine(later.replace(day=1), time.min, zone)


def _leaves(terms: Sequence[Term]) -> Iterator[Comparison | Words]:
    for term in terms:
        if isinstance(term, AllOf | AnyOf):
            yield from _leaves(term.terms)
        else:
            yield term


def _is_tallied(leaf: Comparison, fields: Collection[str], at: str | None) -> bool:
    if leaf.field in {"is", "has"}:
        needed = {"brand" if leaf.field == "has" else "status"}
        return needed <= set(fields) and all((leaf.field, value) in FLAGS for value in leaf.values)
    if leaf.field == at:
        return not any(isinstance(value, Anything) for value in leaf.values)
    return leaf.field in fields or (leaf.field.startswith(ATTRIBUTE_PREFIX) and "attributes" in fields)


def _dimensions(conn: Connection[Any]) -> set[str]:
    return {row[0] for row in conn.execute(_queries["dimensions_everywhere"]).fetchall()}


def _is_midnight(moment: datetime, zone: tzinfo) -> bool:
    return moment.astimezone(zone).time() == time.min


def _begins_month(moment: datetime, zone: tzinfo) -> bool:
    return _is_midnight(moment, zone) and moment.astimezone(zone).day == 1


def _is_whole_hour(moment: datetime, _: tzinfo) -> bool:
    moment = moment.astimezone(UTC)
    return (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)


def _is_whole_quarter(moment: datetime, _: tzinfo) -> bool:
    return (moment.minute % 15, moment.second, moment.microsecond) == (0, 0, 0)


_BEGINS: Mapping[str, Callable[[datetime, tzinfo], bool]] = {
    "kind_day": _is_midnight,
    "day": _is_midnight,
    "hour": _is_whole_hour,
    "quarter": _is_whole_quarter,
}
