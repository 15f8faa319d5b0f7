"""Where the numbers of reports come from: tallies that know what is asked, else a bounded look at the operations.

    statuses of kind:withdrawal by day      status_tally, day by day
    … by hours of the last weeks            status_tally, hour by hour
    … of subject:player-7                   the operations it finds, at most 100,000 of them; beyond, `partial`

Both give the same rows, so a report does not know which it reads.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, LiteralString

import msgspec
from psycopg import Connection, sql
from psycopg.rows import dict_row

from viertakt.db.queries import load
from viertakt.journal.reading import head
from viertakt.language import Query, to_sql
from viertakt.language.bounds import Bounds
from viertakt.language.model import Comparator
from viertakt.reports import store
from viertakt.reports.as_of import late
from viertakt.reports.drilling import at_least, below, narrowed
from viertakt.reports.grains import asks_only, bounds_of, grain_between, organisation_zone, whole_months
from viertakt.reports.histograms import GAMMA, SHORTEST
from viertakt.reports.report import Asked
from viertakt.reports.words import condition

_queries = load(__package__, "sources.sql")
_reports = load(__package__, "reports.sql")

SCAN_MAX = 100_000  # operations that a report may look at one by one
ROWS_MAX = 500


Span = tuple[datetime | None, datetime | None]


class Measure(msgspec.Struct, frozen=True):
    """What is counted. `fields`: of a query, that its tally knows; `grains`: its buckets, coarsest first. `brief`: those
    fields that the buckets of kinds (`kind_…`) know, which are fewer rows. `monthly`: the grains that have months beside days.

    `at`: the field of a query that the report's period is about, or None where it is about moves or stays. `follower`: who
    keeps the tally; None for the sequencer.
    """

    name: LiteralString
    fields: frozenset[str] = frozenset()
    grains: tuple[str, ...] = ()
    at: Literal["created", "closed"] | None = None
    follower: str | None = None
    brief: frozenset[str] = frozenset()
    monthly: frozenset[str] = frozenset()


_BRIEF = frozenset({"kind", "status", "currency"})
_KIND, _DAY = frozenset({"kind_day"}), frozenset({"day"})
_PLACES = frozenset({"kind", "stage", "status", "brand", "currency"})
CREATED = Measure(
    "created", _PLACES | {"attributes"}, ("kind_day", "day", "hour"), "created", brief=_BRIEF, monthly=_KIND
)
CLOSED = Measure("closed", _PLACES, ("kind_day", "day", "hour"), "closed", "outcomes", _BRIEF, _KIND)
ENDED = Measure(
    "ended", frozenset({"kind", "stage"}), ("kind_day", "day"), "closed", "outcomes",
    frozenset({"kind"}), _KIND | _DAY,
)  # fmt: skip
REASONS = Measure("reasons", frozenset({"kind", "status"}), ("day",), "closed", "outcomes")
WAYS = Measure("ways", frozenset({"kind"}), ("day",), "created", "stays")
LEFT = Measure("left", frozenset({"kind"}), ("day",), None, "stays", monthly=_DAY)
MOVES = Measure("moves", frozenset({"kind"}), ("day", "hour"), None, "stays")
# Days with their quarters of an hour: whoever reads them leaves out what lies outside the span.
HOURS = Measure("hours", frozenset({"kind"}), ("quarter",), None, "stays")
PEOPLE = Measure("people", frozenset({"kind"}), ("day",), None, "stays", monthly=_DAY)
DECIDED = Measure("decided", frozenset({"kind", "brand"}), ("day", "hour"), None, "targets")
# Told by their own index, whatever the grain.
PROMISED = Measure("promised", frozenset({"kind", "brand", "status"}), ("day",), None, "targets")
OPEN = Measure("created", at="created")  # read one by one: told apart by moments that cut every bucket
STAYING = Measure("staying")


class Source(msgspec.Struct, frozen=True):
    """Rows to be counted, as SQL with its parameters. `position`: of the journal, as of which they are."""

    counted: sql.Composable
    params: Mapping[str, object]
    position: int
    partial: bool = False


def one_snapshot(conn: Connection[Any]) -> None:
    """Everything that is read from here to the transaction's end is of one moment. Before the first question."""
    conn.execute(_queries["one_snapshot"])


def position_for(conn: Connection[Any], measure: Measure) -> int:
    """How far the journal has been followed by whoever keeps this tally."""
    if measure.follower is None:
        return head(conn).position
    row = conn.execute(_queries["position_of_follower"], {"name": measure.follower}).fetchone()
    assert row is not None, "a scalar always answers"
    return int(row[0])


def source(
    conn: Connection[Any],
    asked: Asked,
    measure: Measure,
    span: Span,
    *,
    cuts: Sequence[datetime] = (),
    position: int | None = None,
) -> Source:
    """What is counted from the first moment of `span` up to, not including, the last; None is open.

    `cuts`: moments between which the numbers will be told apart. `position`: as of which, where the report has one.
    """
    first, after = span
    query, grain = _grain_of(conn, asked, measure, span, cuts)
    params: dict[str, Any] = {
        "start": first or "-infinity",
        "end": after or "infinity",
        "position": position_for(conn, measure) if position is None else position,
        "now": asked.now,
        "gamma": GAMMA,
        "shortest": SHORTEST,
    }
    if grain is None:
        return _scanned(conn, asked, measure, query, params)
    filter_, named = to_sql(query, asked.now, asked.period.zone)
    counted = sql.SQL(_queries[f"{measure.name}_tallied"]).format(
        filter=filter_,
        **{
            tally: _in_span(tally)
            for tally in ("status_tally", "outcome_tally", "duration_tally", "person_tally")
        },
    )
    bounds = _bounds(query, asked, measure, span, cuts)
    # What is to come has no months yet.
    until_now = (first, after or asked.now)
    months_from, months_to = whole_months(until_now, bounds, organisation_zone(conn))
    grains = {
        "grain": grain,
        "months": grain.replace("day", "month") if grain in measure.monthly else grain,
        "months_from": months_from or params["start"],
        "months_to": months_to or params["start"],
    }
    return Source(counted, params | named | grains, params["position"])


def is_tallied(conn: Connection[Any], asked: Asked, measure: Measure, span: Span) -> bool:
    """Whether a tally tells what is asked of this span, so that `source` looks at no operation."""
    return _grain_of(conn, asked, measure, span, ())[1] is not None


def rows(conn: Connection[Any], name: str, counted: Source, **more: object) -> list[dict[str, Any]]:
    """What one of the templates of `reports.sql` says of a source."""
    statement = sql.SQL(_reports[name]).format(counted=counted.counted)
    with conn.cursor(row_factory=dict_row) as cursor:
        params = {**counted.params, "rows_max": ROWS_MAX, **more}
        return cursor.execute(statement, params, prepare=False).fetchall()


def stages_wait_on(conn: Connection[Any]) -> dict[tuple[str, str], str | None]:
    """On whom each stage of each kind waits."""
    return {(kind, stage): whom for kind, stage, whom in conn.execute(_reports["waiting_on"]).fetchall()}


def _in_span(tally: str) -> sql.Composable:
    return sql.SQL(_queries["in_span"]).format(tally=sql.Identifier(tally))


def _scanned(
    conn: Connection[Any], asked: Asked, measure: Measure, query: Query, params: dict[str, Any]
) -> Source:
    filter_, named = condition(conn, query, asked.now, asked.period.zone)
    seen = store.count_capped(
        conn, {"filter": filter_}, named | {"cap": SCAN_MAX + 1}, position=params["position"]
    )
    found = sql.SQL(_queries["found"]).format(late=late(), filter=filter_)
    counted = sql.SQL(_queries[f"{measure.name}_scanned"]).format(found=found)
    return Source(counted, params | named | {"scan_max": SCAN_MAX}, params["position"], seen > SCAN_MAX)


def _grain_of(
    conn: Connection[Any], asked: Asked, measure: Measure, span: Span, cuts: Sequence[datetime]
) -> tuple[Query, str | None]:
    """The query with the span in it, and the grain of the tally that knows it, or None."""
    first, after = span
    query = asked.query
    if measure.at is not None:
        query = narrowed(
            query,
            *([at_least(measure.at, first)] if first else []),
            *([below(measure.at, after)] if after else []),
        )
    bounds = _bounds(query, asked, measure, span, cuts)
    return query, _grain(conn, asked, measure, query, bounds, since=first)


def _bounds(query: Query, asked: Asked, measure: Measure, span: Span, cuts: Sequence[datetime]) -> Bounds:
    """Every moment at which a bucket may not be cut in two."""
    bounds: Bounds = [(Comparator.AT_LEAST, cut) for cut in (*span, *cuts) if cut is not None]
    if measure.at is not None:
        bounds += bounds_of(query, measure.at, asked.now, asked.period.zone)
    return bounds


def _grain(
    conn: Connection[Any],
    asked: Asked,
    measure: Measure,
    query: Query,
    bounds: Bounds,
    *,
    since: datetime | None,
) -> str | None:
    """The tally's grain none of whose buckets is cut in two; None where the tally does not know what is asked."""
    if not measure.grains or not asks_only(conn, query, measure.fields, at=measure.at):
        return None
    in_brief = bool(measure.brief) and asks_only(conn, query, measure.brief, at=measure.at)
    grains = [grain for grain in measure.grains if in_brief or not grain.startswith("kind_")]
    return grain_between(bounds, organisation_zone(conn), grains, since=since, now=asked.now)
