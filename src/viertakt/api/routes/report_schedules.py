"""Reports that come to the caller by mail: had sent, listed, sent once more, ended."""

from datetime import time
from typing import Any
from uuid import UUID

from viertakt.api import report_schedules as wire
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.shapes import utc
from viertakt.errors import NotFound
from viertakt.notices import report_schedules as actions
from viertakt.notices.inbox import check_reader
from viertakt.notices.mailing import is_set_up
from viertakt.reports.catalogue import check_may_read
from viertakt.reports.zones import zone_named

EXAMPLE = {"report": "flow", "every": "week", "q": "kind:withdrawal", "zone": "Europe/Amsterdam"}


async def list_report_schedules(call: Call) -> Reply:
    """The reports that come to the caller by mail."""
    check_reader(call.by)
    found = await call.application.ask(lambda conn: actions.schedules_of(conn, call.by.id))
    works = is_set_up(call.application.settings)
    return Reply(200, wire.ReportScheduleList(tuple(map(_document, found)), works))


async def create_report_schedule(call: Call) -> Reply:
    """Have a report come by mail."""
    sent: wire.NewReportSchedule = call.body
    check_may_read(call.by, sent.report)
    zone_named(sent.zone)
    wanted = actions.Wanted(
        sent.report, sent.q, sent.format, sent.every, time.fromisoformat(sent.at), sent.zone
    )

    def write(conn: Any) -> actions.Schedule:
        fields = call.application.kinds.search_fields(conn)
        return actions.schedule(conn, call.by, wanted, fields=fields)

    return Reply(201, _document(await call.application.ask(write)))


async def send_report_schedule(call: Call) -> Reply:
    """Have a report come once more, now."""
    sought = _id(call)
    if not is_set_up(call.application.settings):
        raise NotFound("This installation sends no mail: VIERTAKT_SMTP_HOST is not set.")
    await call.application.ask(lambda conn: actions.send_now(conn, call.by, sought))
    return Reply(202)


async def end_report_schedule(call: Call) -> Reply:
    """End a report that comes by mail."""
    sought = _id(call)
    await call.application.ask(lambda conn: actions.end_schedule(conn, call.by, sought))
    return Reply(204)


def _document(core: actions.Schedule) -> wire.ReportSchedule:
    return wire.ReportSchedule(
        id=core.id,
        report=core.report,
        q=core.query,
        format=core.format,
        every=core.every,
        at=f"{core.at:%H:%M}",
        zone=core.zone,
        next_at=utc(core.next_at),
        sent_at=None if core.sent_at is None else utc(core.sent_at),
    )


def _id(call: Call) -> UUID:
    try:
        return UUID(call.path["id"])
    except ValueError:
        raise NotFound(f"There is no report {call.path['id'][:80]!r} that comes by mail.") from None


ROUTES = (
    Route(
        method="GET",
        path="/v1/report-schedules",
        operation_id="listReportSchedules",
        summary="List the reports that come to you by mail",
        tag="reports",
        handler=list_report_schedules,
        answers={200: Answers("What comes by mail.", wire.ReportScheduleList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/report-schedules",
        operation_id="createReportSchedule",
        summary="Have a report come to you by mail",
        tag="reports",
        handler=create_report_schedule,
        body=wire.NewReportSchedule,
        example=EXAMPLE,
        answers={201: Answers("It comes.", wire.ReportSchedule)},
        refusals=(400, 401, 403, 404, 409, 413, 415, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/report-schedules/{id}/send",
        operation_id="sendReportSchedule",
        summary="Have a report come once more, now",
        tag="reports",
        handler=send_report_schedule,
        answers={202: Answers("It is on its way.")},
        refusals=(400, 401, 403, 404, 422, 429),
    ),
    Route(
        method="DELETE",
        path="/v1/report-schedules/{id}",
        operation_id="endReportSchedule",
        summary="End a report that comes by mail",
        tag="reports",
        handler=end_report_schedule,
        answers={204: Answers("It comes no more.")},
        refusals=(400, 401, 403, 404, 422, 429),
    ),
)
