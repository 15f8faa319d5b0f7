"""Frozen reports: kept when a month is closed, read as they were, with what has corrected them since."""

from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt import report_sheets
from viertakt.access.rules import check_may_export
from viertakt.api import frozen as documents
from viertakt.api import report_files, wire
from viertakt.api.permissions import Who
from viertakt.api.reports import FileQuery
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.reports import document, question
from viertakt.api.shapes import utc
from viertakt.errors import NotFound
from viertakt.exchange.tables import FileFormat
from viertakt.journal.model import Cursor
from viertakt.journal.reading import head
from viertakt.kinds.model import Status
from viertakt.reports import catalogue
from viertakt.reports import frozen as actions
from viertakt.reports.answers import Answer
from viertakt.reports.corrections import Corrections

EXAMPLE = {
    "title": "October 2025",
    "q": "kind:withdrawal",
    "from": "2025-10-01",
    "to": "2025-11-01",
    "bucket": "day",
    "zone": "Europe/Amsterdam",
}


async def freeze_report(call: Call) -> Reply:
    """Keep a report of a period that is over, with its place in the journal."""
    sent: documents.FreezeReport = call.body
    name = call.path["name"]
    catalogue.check_may_read(call.by, name)
    asked = question(sent)

    def write(conn: Connection[Any]) -> documents.FrozenReport:
        fields = call.application.kinds.search_fields
        made = actions.freeze(conn, name, asked, title=sent.title, actor=call.by, fields=fields)
        return _frozen(actions.read_frozen(conn, made, reader=call.by)[0])

    made = await call.application.ask(write)
    return Reply(201, made, [(b"location", f"/v1/frozen-reports/{made.id}".encode())])


async def list_frozen_reports(call: Call) -> Reply:
    """The frozen reports that the caller may read, the newest first."""
    found = await call.application.ask(lambda conn: actions.list_frozen(conn, call.by))
    items = tuple(_frozen(one) for one in found if catalogue.may_read(call.by, one.name))
    return Reply(200, documents.FrozenReportList(items))


async def read_frozen_report(call: Call) -> Reply:
    """A frozen report as it was, and its corrections by the month in which they happened; as data or as a file."""
    asked: FileQuery = call.query
    sought = actions.FrozenId(_id(call))

    def read(conn: Connection[Any]) -> Reply:
        kept, answer = actions.read_frozen(conn, sought, reader=call.by)
        catalogue.check_may_read(call.by, kept.name)
        fields = call.application.kinds.search_fields(conn)
        since = actions.corrections_of(conn, kept, fields=fields, reader=call.by)
        if asked.format == "json":
            return Reply(200, _detail(conn, kept, answer, since))
        check_may_export(call.by, kept.asked.scope)
        said = report_files.words_for(conn, call, asked.language)
        format_ = FileFormat(asked.format)
        return report_files.reply(
            answer, report_sheets.frozen_sheet(kept, answer, since, said, format_), format_
        )

    return await call.application.ask(read)


def _frozen(kept: actions.FrozenReport) -> documents.FrozenReport:
    asked = kept.asked
    return documents.FrozenReport(
        id=kept.id,
        title=kept.title,
        name=kept.name,
        q=asked.q,
        from_=utc(asked.first),
        to=utc(asked.after),
        bucket=asked.bucket.value,
        zone=asked.zone,
        include=asked.include,
        position=str(kept.position),
        frozen_by=Who(kept.frozen_by, kept.frozen_by_name),
        frozen_at=utc(kept.frozen_at),
    )


def _detail(
    conn: Connection[Any], kept: actions.FrozenReport, answer: Answer, since: Corrections
) -> documents.FrozenReportDetail:
    return documents.FrozenReportDetail(
        **msgspec.structs.asdict(_frozen(kept)),
        answer=document(answer),
        corrections=tuple(
            documents.Correction(
                month=one.month,
                kind=one.kind,
                from_status=Status(one.from_status),
                to_status=Status(one.to_status),
                count=one.count,
                amounts=tuple(
                    wire.Money(value=f"{amount:f}", currency=currency)
                    for currency, amount in one.amounts.items()
                ),
                q=one.q,
            )
            for one in since.items
        ),
        corrected_to=str(Cursor(head(conn).epoch, since.position)),
        corrections_partial=since.partial,
    )


def _id(call: Call) -> UUID:
    """The id in the path. Raises the same `NotFound` for what is no id as for an id that is nobody's."""
    text = call.path["id"]
    try:
        found = UUID(text) if len(text) == 36 else None
    except ValueError:
        found = None
    if found is None:
        raise NotFound(f"There is no frozen report {text[:100]!r}.")
    return found


ROUTES = (
    Route(
        method="POST",
        path="/v1/reports/{name}/freeze",
        operation_id="freezeReport",
        summary="Freeze a report",
        tag="reports",
        handler=freeze_report,
        body=documents.FreezeReport,
        answers={201: Answers("Kept as it is.", documents.FrozenReport, ("Location",))},
        refusals=(400, 401, 403, 404, 409, 413, 415, 422, 429),
        example=EXAMPLE,
    ),
    Route(
        method="GET",
        path="/v1/frozen-reports",
        operation_id="listFrozenReports",
        summary="List frozen reports",
        tag="reports",
        handler=list_frozen_reports,
        answers={200: Answers("The frozen reports.", documents.FrozenReportList)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/frozen-reports/{id}",
        operation_id="readFrozenReport",
        summary="Read a frozen report",
        tag="reports",
        handler=read_frozen_report,
        query=FileQuery,
        answers={
            200: Answers(
                "The report as it was, and its corrections.",
                documents.FrozenReportDetail,
                report_files.FILE_HEADERS,
                file_types=report_files.FILE_TYPES,
            )
        },
        refusals=(400, 401, 403, 404, 422, 429),
    ),
)
