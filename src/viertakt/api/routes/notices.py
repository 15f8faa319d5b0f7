"""The inbox: what the caller was told, and what becomes of it."""

from typing import Any

from viertakt.api import credentials, headers, notice_shapes, notices
from viertakt.api.notice_stream import badges
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.notices import inbox


async def list_notices(call: Call) -> Reply:
    """A part of the caller's inbox, by operation."""
    inbox.check_reader(call.by)
    asked: notices.NoticesQuery = call.query

    def read(conn: Any) -> notices.NoticeInbox:
        page = inbox.read_inbox(conn, call.by, asked.tab, before=asked.before, limit=asked.limit)
        return notices.NoticeInbox(
            items=notice_shapes.groups(conn, call.application.kinds, page.groups),
            badge=notice_shapes.badge(inbox.badge(conn, call.by)),
            before=page.before,
        )

    return Reply(200, await call.application.ask(read))


async def change_notices(call: Call) -> Reply:
    """Be done with notices, put them off, or undo that."""
    inbox.check_reader(call.by)
    sent: notices.ChangeNotices = call.body
    until = None if sent.until is None else headers.instant(sent.until, name="until")
    act = inbox.Act(sent.ids, sent.operations, sent.everything, sent.upto)

    def write(conn: Any) -> notices.NoticesChanged:
        match sent.act:
            case "done":
                changed = inbox.finish(conn, call.by, act)
            case "snooze":
                changed = inbox.snooze(conn, call.by, act, until=until)
            case "undo":
                changed = inbox.reopen(conn, call.by, sent.ids)
        return notices.NoticesChanged(tuple(changed), notice_shapes.badge(inbox.badge(conn, call.by)))

    return Reply(200, await call.application.ask(write))


async def stream_notices(call: Call) -> Reply:
    """The caller's badge, live."""
    inbox.check_reader(call.by)
    stream = badges(call.application, lambda: credentials.still(call.application, call.headers, call.secret))
    return Reply(200, stream=stream, media_type=b"text/event-stream")


ROUTES = (
    Route(
        method="GET",
        path="/v1/notices",
        operation_id="listNotices",
        summary="Read the inbox",
        tag="notices",
        handler=list_notices,
        query=notices.NoticesQuery,
        answers={
            200: Answers("What the caller was told, by operation, the latest first.", notices.NoticeInbox)
        },
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/notices/changes",
        operation_id="changeNotices",
        summary="Be done with notices, or put them off",
        tag="notices",
        handler=change_notices,
        body=notices.ChangeNotices,
        answers={200: Answers("What has changed.", notices.NoticesChanged)},
        refusals=(400, 401, 403, 413, 415, 422, 429),
        example={"act": "done", "ids": [17, 18]},
    ),
    Route(
        method="GET",
        path="/v1/notices/stream",
        operation_id="streamNotices",
        summary="The badge of the inbox, as server-sent events",
        tag="notices",
        handler=stream_notices,
        answers={
            200: Answers(
                "Events `badge`, whenever it changes.", notices.NoticeBadge, media_type="text/event-stream"
            )
        },
        refusals=(400, 401, 403, 422, 429),
    ),
)
