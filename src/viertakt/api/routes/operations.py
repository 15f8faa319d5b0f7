"""Operations: open, read, amend, and their history."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from viertakt.access.rules import sees
from viertakt.alerts import incidents
from viertakt.alerts.incidents_model import Because
from viertakt.api import headers, permissions, replies, shapes, wire
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.errors import InvalidCursor, NotFound
from viertakt.kinds.model import KindName
from viertakt.operations import reading
from viertakt.operations.approvals import read_open
from viertakt.operations.holding import Hold
from viertakt.operations.model import AmendRequest, Answer, OpenRequest, OperationId
from viertakt.operations.rules import available_moves

OPEN_EXAMPLE = {
    "kind": "withdrawal",
    "reference": "W-1001",
    "subject": "player-7",
    "amount": {"value": "120.00", "currency": "EUR"},
}


async def open_operation(call: Call) -> Reply:
    """Open one; the same reference and content again answer with the same operation."""
    answer = await call.application.batch.ask(open_request(call, call.body))
    published = await call.application.kind_of(answer.operation)
    return Reply(
        200 if answer.replayed else 201,
        shapes.operation(answer.operation, published),
        [
            etag(answer),
            (b"location", f"/v1/operations/{answer.operation.id}".encode()),
            *replayed(call, answer),
        ],
    )


def open_request(call: Call, sent: wire.OpenOperation, item: int | None = None) -> OpenRequest:
    """What the caller wants opened, as the core takes it."""
    return OpenRequest(
        operation_id=OperationId(uuid7()),
        caller=call.caller(item),
        kind=KindName(sent.kind),
        reference=sent.reference,
        subject=sent.subject,
        brand=sent.brand,
        amount=shapes.money_of(sent.amount),
        attributes=sent.attributes,
        aliases=sent.aliases,
        tags=sent.tags,
        parent_id=None if sent.parent is None else OperationId(sent.parent),
    )


async def read_operation(call: Call) -> Reply:
    """One operation as it stands, with the transitions that start there."""
    sought = operation_id(call)

    def read(conn: Any) -> replies.OperationDetail:
        operation = reading.read_operation(conn, sought, reader=call.by)
        published = call.application.kinds.shown(conn, operation.kind, operation.kind_version)
        sees_personal, now = shapes.sees_personal(call.by, operation), datetime.now(UTC)
        hold = call.application.engine.holds.of(operation, now)
        waiting = read_open(conn, call.application.kinds, operation, reader=call.by, now=now)
        return shapes.operation_detail(
            operation,
            published,
            aliases=reading.read_aliases(conn, sought),
            masked=reading.read_personal(conn, sought),
            revealable=sees_personal,
            # This machine's clock will do for an offer; the move itself is judged by the primary's.
            available=available_moves(
                published, operation, call.by, now=now, pending=[one.approval for one in waiting]
            ),
            reader=call.by,
            approvals=[shapes.approval(seen, personal=sees_personal) for seen in waiting],
            # Who sees the operation sees the incident that concerns it.
            held=None if hold is None else _held_up(hold, incidents.incident_of(conn, hold)),
        )

    detail = await call.application.ask(read)
    return Reply(200, detail, [(b"etag", b'"%d"' % detail.version)])


def _held_up(hold: Hold, because: Because | None) -> permissions.HeldUp:
    known = (None, None) if because is None else because
    return permissions.HeldUp(hold.held_at, *known)


async def amend_operation(call: Call) -> Reply:
    """Change the amount or attributes: a new version."""
    sent: wire.Amend = call.body
    request = AmendRequest(
        operation_id=operation_id(call),
        caller=call.caller(),
        amount=shapes.money_of(sent.amount),
        attributes=sent.attributes,
        expected_version=sent.expected_version if call.if_match is None else call.if_match,
    )
    answer = await call.application.batch.ask(request)
    published = await call.application.kind_of(answer.operation)
    return Reply(200, shapes.operation(answer.operation, published), [etag(answer), *replayed(call, answer)])


async def read_history(call: Call) -> Reply:
    """Entries, oldest first; with `as_of`, those up to then and the operation as it stood."""
    sought, query = operation_id(call), call.query
    after = _place(query.cursor)
    moment = None if query.as_of is None else headers.instant(query.as_of, name="as_of")

    def read(conn: Any) -> replies.History:
        present = reading.read_operation(conn, sought, reader=call.by)
        entries = reading.read_history(conn, sought, after=after, limit=query.limit + 1)
        names = reading.read_names(conn, reading.named_in(entries))
        personal = shapes.sees_personal(call.by, present)
        stood = None
        published = call.application.kinds.shown(conn, present.kind, present.kind_version)
        if moment is not None:
            then = reading.read_as_of(conn, sought, moment, published=published)
            if not sees(call.by, then):
                raise NotFound(f"There is no operation {sought} at {query.as_of}.")
            stood = shapes.operation(then, published)
        page = entries[: query.limit]
        shown = [
            entry
            for entry in page
            if (moment is None or entry.at <= moment) and reading.sees_entry(call.by, present, entry)
        ]
        return replies.History(
            items=tuple(
                shapes.entry(entry, names, personal=personal, hidden=published.hidden) for entry in shown
            ),
            next_cursor=str(page[-1].seq) if len(entries) > query.limit else None,
            operation=stood,
        )

    return Reply(200, await call.application.ask(read))


def operation_id(call: Call) -> OperationId:
    """The id in the path. Raises the same `NotFound` for what is no id as for an id that is nobody's."""
    text = call.path["id"]
    try:
        found = UUID(text) if len(text) == 36 else None
    except ValueError:
        found = None
    if found is None:
        raise NotFound(f"There is no operation {text[:100]}.")
    return OperationId(found)


def etag(answer: Answer) -> tuple[bytes, bytes]:
    """The header that says which version this is."""
    return b"etag", b'"%d"' % answer.operation.version


def replayed(call: Call, answer: Answer) -> list[tuple[bytes, bytes]]:
    """The header that says an earlier request with this key did it."""
    return [(b"idempotent-replayed", b"true")] if answer.replayed and call.key is not None else []


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 18:
        raise InvalidCursor("This is no cursor of a history: take next_cursor as it came.")
    return int(cursor)


_WRITES = (400, 401, 403, 404, 409, 412, 413, 415, 422, 429)
_READS = (400, 401, 404, 422, 429)

ROUTES = (
    Route(
        method="POST",
        path="/v1/operations",
        operation_id="openOperation",
        summary="Open an operation",
        tag="operations",
        handler=open_operation,
        body=wire.OpenOperation,
        answers={
            201: Answers("Opened.", replies.Operation, ("ETag", "Location")),
            200: Answers(
                "It was opened before with the same content.",
                replies.Operation,
                ("ETag", "Location", "Idempotent-Replayed"),
            ),
        },
        refusals=_WRITES,
        keyed=True,
        hot=True,
        example=OPEN_EXAMPLE,
    ),
    Route(
        method="GET",
        path="/v1/operations/{id}",
        operation_id="readOperation",
        summary="Read an operation",
        tag="operations",
        handler=read_operation,
        answers={200: Answers("The operation as it stands.", replies.OperationDetail, ("ETag",))},
        refusals=_READS,
    ),
    Route(
        method="PATCH",
        path="/v1/operations/{id}",
        operation_id="amendOperation",
        summary="Change an operation's amount or attributes",
        tag="operations",
        handler=amend_operation,
        body=wire.Amend,
        answers={
            200: Answers(
                "The operation as it now stands.", replies.Operation, ("ETag", "Idempotent-Replayed")
            )
        },
        refusals=_WRITES,
        keyed=True,
        if_match=True,
        example={"attributes": {"method": "card"}},
    ),
    Route(
        method="GET",
        path="/v1/operations/{id}/history",
        operation_id="readHistory",
        summary="Read an operation's history",
        tag="operations",
        handler=read_history,
        query=wire.HistoryQuery,
        answers={200: Answers("Entries, oldest first.", replies.History)},
        refusals=_READS,
    ),
)
