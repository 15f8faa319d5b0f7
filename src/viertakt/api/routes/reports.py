"""Reports: counts folded in time, each number with the query behind it."""

from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from psycopg import Connection

from viertakt import language
from viertakt.access.model import Actor
from viertakt.api import headers
from viertakt.api import reports as documents
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.shapes import utc
from viertakt.errors import Forbidden, Invalid
from viertakt.journal.model import Cursor
from viertakt.journal.reading import head
from viertakt.reports import catalogue
from viertakt.reports.periods import Bucket, Period, period, previous
from viertakt.reports.report import Row, Table
from viertakt.reports.sources import one_snapshot
from viertakt.reports.store import primary_clock
from viertakt.reports.zones import zone_named

USUAL = timedelta(days=30)
YEAR_MIN, YEAR_MAX = 1970, 2999
# Who works how much is for those who lead and those who check.
ROLES_OF_PEOPLE = frozenset({"admin", "payments_lead", "compliance", "auditor"})


async def list_reports(call: Call) -> Reply:
    """The reports that the caller may read."""
    names = [name for name in catalogue.REPORTS if _may_read(call.by, name)]
    items = tuple(documents.ReportNamed(name, catalogue.definition(name)) for name in names)
    return Reply(200, documents.ReportList(items))


async def read_report(call: Call) -> Reply:
    """One report over a period."""
    asked: documents.ReportQuery = call.query
    name = call.path["name"]
    catalogue.named(name)
    if not _may_read(call.by, name):
        raise Forbidden(f"The report {name} is for {', '.join(sorted(ROLES_OF_PEOPLE))}.")
    zone = zone_named(asked.zone)
    return Reply(200, await call.application.ask(lambda conn: _report(call, conn, name, asked, zone)))


def _report(
    call: Call, conn: Connection[Any], name: str, asked: documents.ReportQuery, zone: tzinfo
) -> documents.Report:
    one_snapshot(conn)
    query = language.parse(asked.q, fields=call.application.kinds.search_fields(conn))
    now = primary_clock(conn)
    span = _period(asked, zone, now)
    before = previous(span) if asked.compare else None
    table = catalogue.build(conn, name, query, span, now=now, include=asked.include)
    earlier = catalogue.build(conn, name, query, before, now=now, include=asked.include) if before else None
    return documents.Report(
        name=name,
        columns=tuple(
            documents.ReportColumn(column.name, column.type.value, column.unit) for column in table.columns
        ),
        rows=_rows(table),
        position=str(Cursor(head(conn).epoch, table.position)),
        zone=asked.zone,
        bucket=span.bucket.value,
        from_=utc(span.start),
        to=utc(span.end),
        partial=table.partial,
        definition=catalogue.definition(name),
        previous=documents.ReportPeriod(utc(before.start), utc(before.end), _rows(earlier), earlier.partial)
        if before and earlier
        else None,
    )


def _rows(table: Table) -> tuple[documents.ReportRow, ...]:
    return tuple(map(_row, table.rows))


def _row(row: Row) -> documents.ReportRow:
    return documents.ReportRow(row.values, row.q, row.qs)


def _period(asked: documents.ReportQuery, zone: tzinfo, now: datetime) -> Period:
    """What was asked for: the last thirty days up to the end of today, where nothing else is said."""
    after = _edge(asked.to, "to") if asked.to else now.astimezone(zone).date() + timedelta(days=1)
    first = _edge(asked.from_, "from") if asked.from_ else after - USUAL
    return period(first, after, Bucket(asked.bucket) if asked.bucket else None, zone)


def _edge(text: str, name: str) -> date | datetime:
    try:
        found: date | datetime = date.fromisoformat(text)
    except ValueError:
        found = headers.instant(text, name=name)
    if not YEAR_MIN <= found.year <= YEAR_MAX:
        raise Invalid(f"{name} is a day between {YEAR_MIN} and {YEAR_MAX}.")
    return found


def _may_read(actor: Actor, name: str) -> bool:
    return name != "people" or not ROLES_OF_PEOPLE.isdisjoint(actor.roles)


ROUTES = (
    Route(
        method="GET",
        path="/v1/reports",
        operation_id="listReports",
        summary="List the reports",
        tag="reports",
        handler=list_reports,
        answers={200: Answers("The reports.", documents.ReportList)},
        refusals=(401, 429),
    ),
    Route(
        method="GET",
        path="/v1/reports/{name}",
        operation_id="readReport",
        summary="Read a report",
        tag="reports",
        handler=read_report,
        query=documents.ReportQuery,
        answers={200: Answers("The report.", documents.Report)},
        refusals=(400, 401, 403, 404, 422, 429),
    ),
)
