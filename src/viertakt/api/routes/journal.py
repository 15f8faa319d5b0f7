"""The order of all entries: read page by page, or live."""

from typing import Any

from viertakt import language
from viertakt.api import credentials, headers, replies, shapes, wire
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.stream import Feed, resumed
from viertakt.journal.model import Cursor
from viertakt.journal.reading import head, read_after
from viertakt.language.to_predicate import to_judge
from viertakt.operations.reading import named_in, read_names, sees_entry
from viertakt.reports.zones import zone_named

PAGES_MAX = 10


async def read_journal(call: Call) -> Reply:
    """Entries after a cursor, in the order of all."""
    asked: wire.JournalQuery = call.query
    after = Cursor.read(asked.after) if asked.after is not None else None
    reader, kinds = call.by, call.application.kinds

    def read(conn: Any) -> replies.Journal:
        end = head(conn)
        lines = read_after(conn, after, limit=asked.limit)
        shown = [line for line in lines if sees_entry(reader, line.operation, line.entry)]
        # Whoever finds a page empty takes it for the end: what is out of sight is read over, within bounds.
        for _ in range(PAGES_MAX):
            if shown or not lines or lines[-1].cursor == end:
                break
            lines = read_after(conn, lines[-1].cursor, limit=asked.limit) or lines
            shown = [line for line in lines if sees_entry(reader, line.operation, line.entry)]
        names = read_names(conn, named_in(line.entry for line in shown))
        return replies.Journal(
            items=tuple(
                replies.JournalLine(
                    str(line.cursor),
                    shapes.entry(
                        line.entry,
                        names,
                        personal=shapes.sees_personal(reader, line.operation),
                        hidden=kinds.shown(conn, line.operation.kind, line.operation.kind_version).hidden,
                    ),
                )
                for line in shown
            ),
            next_cursor=str(lines[-1].cursor if lines else after or Cursor(end.epoch, 0)),
            end=str(end),
        )

    return Reply(200, await call.application.ask(read))


async def stream_journal(call: Call) -> Reply:
    """The same live, as server-sent events."""
    asked: wire.StreamQuery = call.query
    zone = zone_named(asked.zone)
    last = headers.last_event_id(call.headers) or asked.after

    def begin(conn: Any) -> tuple[language.Query, Cursor | None]:
        return call.read_query(conn, asked.q, language.Profile.ROW), resumed(conn, last)

    query, after = await call.application.ask(begin)
    feed = Feed(call.application, to_judge(query, zone), call.by)
    return Reply(
        200,
        stream=feed.events(after, lambda: credentials.still(call.application, call.headers, call.secret)),
        media_type=b"text/event-stream",
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/journal",
        operation_id="readJournal",
        summary="Read all entries in order",
        tag="journal",
        handler=read_journal,
        query=wire.JournalQuery,
        answers={200: Answers("Entries in the order of all.", replies.Journal)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/stream",
        operation_id="streamJournal",
        summary="Entries as they come, as server-sent events",
        tag="journal",
        handler=stream_journal,
        query=wire.StreamQuery,
        answers={
            200: Answers(
                "Events `entry`, each with its cursor as id; Last-Event-ID resumes.",
                replies.StreamedEntry,
                media_type="text/event-stream",
            )
        },
        refusals=(400, 401, 422, 429),
    ),
)
