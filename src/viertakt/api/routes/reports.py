"""Reports: counts folded in time, each number with the query behind it."""

from typing import Any

from psycopg import Connection

from viertakt import report_sheets
from viertakt.access.rules import exportable, visible
from viertakt.api import headers, report_files
from viertakt.api import reports as documents
from viertakt.api.frozen import FreezeReport
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.shapes import utc
from viertakt.errors import Invalid
from viertakt.exchange.tables import FileFormat
from viertakt.reports import catalogue
from viertakt.reports.answers import Answer, Question, answer, answer_before
from viertakt.reports.periods import Bucket
from viertakt.reports.report import Row, Table
from viertakt.reports.sources import one_snapshot


async def list_reports(call: Call) -> Reply:
    """The reports that the caller may read."""
    names = [name for name in catalogue.REPORTS if catalogue.may_read(call.by, name)]
    items = tuple(documents.ReportNamed(name, catalogue.definition(name)) for name in names)
    return Reply(200, documents.ReportList(items))


async def read_report(call: Call) -> Reply:
    """One report over a period, as data or as a file."""
    asked: documents.ReportQuery = call.query
    name = call.path["name"]
    catalogue.check_may_read(call.by, name)
    if asked.format != "json":
        return await call.application.ask(lambda conn: _file(call, conn, name, asked))
    return Reply(200, await call.application.ask(lambda conn: _report(call, conn, name, asked)))


def document(answer: Answer, before: Answer | None = None) -> documents.Report:
    """An answer as the contract has it, beside that of the period before."""
    span, table = answer.period, answer.table
    return documents.Report(
        name=answer.name,
        columns=tuple(
            documents.ReportColumn(column.name, column.type.value, column.unit) for column in table.columns
        ),
        rows=_rows(table),
        position=str(answer.position),
        zone=answer.zone,
        bucket=span.bucket.value,
        buckets=tuple(map(utc, span.edges[:-1])),
        from_=utc(span.start),
        to=utc(span.end),
        partial=table.partial,
        definition=answer.definition,
        previous=documents.ReportPeriod(
            utc(before.period.start), utc(before.period.end), _rows(before.table), before.table.partial
        )
        if before
        else None,
    )


def question(asked: documents.ReportQuery | FreezeReport) -> Question:
    """What is asked, read from what was sent. Raises `Invalid`."""
    return Question(
        q=asked.q,
        first=headers.day_or_instant(asked.from_, name="from") if asked.from_ else None,
        after=headers.day_or_instant(asked.to, name="to") if asked.to else None,
        bucket=Bucket(asked.bucket) if asked.bucket else None,
        zone=asked.zone,
        include=asked.include,
    )


def _report(call: Call, conn: Connection[Any], name: str, asked: documents.ReportQuery) -> documents.Report:
    one_snapshot(conn)
    fields = call.application.kinds.search_fields(conn)
    seen = visible(call.by)
    found = answer(conn, name, question(asked), fields=fields, within=seen)
    before = answer_before(conn, found, fields=fields, within=seen) if asked.compare else None
    return document(found, before)


def _file(call: Call, conn: Connection[Any], name: str, asked: documents.ReportQuery) -> Reply:
    if asked.compare:
        raise Invalid("A file holds one period; leave `compare` out and ask for each.")
    leaving = exportable(call.by)
    one_snapshot(conn)
    fields = call.application.kinds.search_fields(conn)
    found = answer(conn, name, question(asked), fields=fields, within=leaving)
    said = report_files.words_for(conn, call, asked.language)
    format_ = FileFormat(asked.format)
    return report_files.reply(found, report_sheets.sheet(found, said, format_), format_)


def _rows(table: Table) -> tuple[documents.ReportRow, ...]:
    return tuple(map(_row, table.rows))


def _row(row: Row) -> documents.ReportRow:
    return documents.ReportRow(row.values, row.q, row.qs)


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
        answers={
            200: Answers(
                "The report.",
                documents.Report,
                report_files.FILE_HEADERS,
                file_types=report_files.FILE_TYPES,
            )
        },
        refusals=(400, 401, 403, 404, 422, 429),
    ),
)
