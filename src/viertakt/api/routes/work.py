"""Who works on what: notes, assignments, the queue's next, and who else looks at an operation."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from viertakt.access.actions import role_labels
from viertakt.access.directory import colleagues
from viertakt.access.grants import ASSIGN, NOTE
from viertakt.api import headers, replies, shapes, tags, work, work_replies
from viertakt.api import skips as skips_documents
from viertakt.api.permissions import Who
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.operations import operation_id, replayed
from viertakt.errors import Forbidden, NotFound
from viertakt.operations import assigning, skips, tagging
from viertakt.operations.model import Answer, AssignmentRequest, Entry, NoteRequest, OperationId
from viertakt.operations.reading import named_in, read_names
from viertakt.operations.rules_tags import TagRequest
from viertakt.reports import queues
from viertakt.reports.zones import zone_named


async def write_note(call: Call) -> Reply:
    """Write a note."""
    sent: work.WriteNote = call.body
    request = NoteRequest(operation_id(call), call.caller(), sent.text)

    def write(conn: Any) -> tuple[Answer, replies.Entry]:
        answer = assigning.write_note(conn, request)
        return answer, _entry(conn, answer.entry)

    answer, entry = await call.application.ask(write)
    return Reply(201, entry, replayed(call, answer))


async def change_assignment(call: Call) -> Reply:
    """Assign it, take it in hand, let it go, put it off, pass it over, or say how urgent it is."""
    sent: work.ChangeAssignment = call.body
    request = AssignmentRequest(
        operation_id=operation_id(call),
        caller=call.caller(),
        act=sent.act,
        to=sent.to,
        until=None if sent.until is None else headers.instant(sent.until, name="until"),
        priority=work.PRIORITIES.index(sent.priority) - 1,
        comment=sent.comment,
    )

    def write(conn: Any) -> tuple[assigning.Assigned, work_replies.AssignmentResult]:
        found = assigning.change_assignment(conn, request)
        entry = None if found.entry is None else _entry(conn, found.entry)
        return found, work_replies.AssignmentResult(shapes.assignment(found.assignment), entry)

    found, result = await call.application.ask(write)
    again = [(b"idempotent-replayed", b"true")] if found.replayed else []
    return Reply(200, result, again)


async def change_tags(call: Call) -> Reply:
    """Put tags on an operation, and take others off."""
    sent: tags.ChangeTags = call.body
    request = TagRequest(operation_id(call), call.caller(), sent.add, sent.remove)

    def write(conn: Any) -> tuple[bool, tags.TagResult]:
        found = tagging.change_tags(conn, request)
        entry = None if found.entry is None else _entry(conn, found.entry)
        return found.replayed, tags.TagResult(found.tags, entry)

    again, result = await call.application.ask(write)
    return Reply(200, result, [(b"idempotent-replayed", b"true")] if again else [])


async def claim_next(call: Call) -> Reply:
    """Take the next operation of a view's queue in hand; first let go of what is done."""
    sent: work.ClaimNext = call.body
    view = _view_id(call)
    done = None if sent.done is None else OperationId(sent.done)

    def write(conn: Any) -> replies.OperationAtWork | None:
        kinds = call.application.kinds
        fields = kinds.search_fields(conn)
        found = queues.claim_next(conn, view, call.caller(), fields=fields, done=done)
        if found is None:
            return None
        return shapes.at_work(found, kinds.shown(conn, found.kind, found.kind_version))

    return Reply(200, work_replies.ClaimedNext(await call.application.ask(write)))


async def look(call: Call) -> Reply:
    """Say that the caller looks at an operation; who else does."""
    sent: work.Look = call.body
    sought = operation_id(call)
    others = await call.application.ask(
        lambda conn: assigning.look(conn, sought, call.by, writing=sent.writing)
    )
    return Reply(200, work.Presence(tuple(work.Present(one.id, one.name, one.writing) for one in others)))


async def look_away(call: Call) -> Reply:
    """Say that the caller looks no more."""
    sought = operation_id(call)
    await call.application.ask(lambda conn: assigning.look_away(conn, sought, call.by))
    return Reply(204)


async def list_colleagues(call: Call) -> Reply:
    """Everybody whom work can be assigned to."""
    if not (call.by.rights.to(ASSIGN) or call.by.rights.to(NOTE)):
        raise Forbidden(f"{call.by.name} needs a grant that says 'assign' or 'note' to see who there is.")

    def read(conn: Any) -> work.Directory:
        return work.Directory(
            people=tuple(work.Colleague(one.id, one.name, one.roles) for one in colleagues(conn)),
            teams=tuple(work.Team(f"role:{role}", label) for role, label in role_labels(conn).items()),
        )

    return Reply(200, await call.application.ask(read))


async def list_skips(call: Call) -> Reply:
    """Who passed over what in a queue, when, and why."""
    asked: skips_documents.SkipsQuery = call.query
    zone, before = zone_named(asked.zone), asked.before
    until = None if before is None else headers.instant(before, name="before")

    def read(conn: Any) -> skips_documents.SkipList:
        query = call.read_query(conn, asked.q)
        found = skips.list_skips(
            conn, query, reader=call.by, zone=zone, by=asked.by, before=until, limit=asked.limit
        )
        names = read_names(conn, {one.entry.actor for one in found})
        items = tuple(_skip(one, names) for one in found)
        return skips_documents.SkipList(items, items[-1].at if len(items) == asked.limit else None)

    return Reply(200, await call.application.ask(read))


def _skip(one: skips.Skip, names: Mapping[str, str]) -> skips_documents.Skip:
    entry, queue = one.entry, (one.entry.data or {}).get("queue")
    return skips_documents.Skip(
        operation_id=entry.operation_id,
        kind=one.operation.kind,
        reference=one.operation.reference,
        stage=one.operation.stage,
        by=Who(entry.actor, names.get(entry.actor, entry.actor)),
        at=shapes.utc(entry.at),
        queue=None if queue is None else UUID(queue),
        comment=one.comment,
    )


def _view_id(call: Call) -> UUID:
    text = call.path["id"]
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(f"There is no view {text[:100]}.") from None


def _entry(conn: Any, entry: Entry) -> replies.Entry:
    """The entry of an answer; whoever asked is its actor and has sent what it holds."""
    return shapes.entry(entry, read_names(conn, named_in([entry])), personal=True)


_WRITES = (400, 401, 403, 404, 409, 413, 415, 422, 429)

ROUTES = (
    Route(
        method="POST",
        path="/v1/operations/{id}/notes",
        operation_id="writeNote",
        summary="Write a note",
        tag="work",
        handler=write_note,
        body=work.WriteNote,
        answers={201: Answers("The entry of the note.", replies.Entry, ("Idempotent-Replayed",))},
        refusals=_WRITES,
        keyed=True,
        example={"text": "Same device as W-1007."},
    ),
    Route(
        method="POST",
        path="/v1/operations/{id}/assignment",
        operation_id="changeAssignment",
        summary="Change who works on an operation",
        tag="work",
        handler=change_assignment,
        body=work.ChangeAssignment,
        answers={
            200: Answers("Who works on it now.", work_replies.AssignmentResult, ("Idempotent-Replayed",))
        },
        refusals=_WRITES,
        keyed=True,
        example={"act": "assign", "to": "role:payments"},
    ),
    Route(
        method="POST",
        path="/v1/operations/{id}/tags",
        operation_id="changeTags",
        summary="Put tags on an operation and take others off",
        tag="work",
        handler=change_tags,
        body=tags.ChangeTags,
        answers={200: Answers("Its tags now.", tags.TagResult, ("Idempotent-Replayed",))},
        refusals=_WRITES,
        keyed=True,
        example={"add": ["vip"], "remove": ["new"]},
    ),
    Route(
        method="POST",
        path="/v1/queues/{id}/claim-next",
        operation_id="claimNext",
        summary="Take the next operation of a view in hand",
        tag="work",
        handler=claim_next,
        body=work.ClaimNext,
        answers={
            200: Answers(
                "The caller's next one, or none. Asked again, what is held is given again.",
                work_replies.ClaimedNext,
            )
        },
        refusals=_WRITES,
        example={},
    ),
    Route(
        method="POST",
        path="/v1/operations/{id}/presence",
        operation_id="lookAtOperation",
        summary="Say that one looks at an operation",
        tag="work",
        handler=look,
        body=work.Look,
        answers={200: Answers("Who else looks at it now.", work.Presence)},
        refusals=(400, 401, 404, 413, 415, 422, 429),
        example={"writing": False},
    ),
    Route(
        method="DELETE",
        path="/v1/operations/{id}/presence",
        operation_id="lookAwayFromOperation",
        summary="Say that one looks no more",
        tag="work",
        handler=look_away,
        answers={204: Answers("Gone.")},
        refusals=(400, 401, 404, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/skips",
        operation_id="listSkips",
        summary="List who passed over what in queues, and why",
        tag="work",
        handler=list_skips,
        query=skips_documents.SkipsQuery,
        answers={200: Answers("The latest first, of the last month.", skips_documents.SkipList)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/colleagues",
        operation_id="listColleagues",
        summary="List whom work can be assigned to",
        tag="work",
        handler=list_colleagues,
        answers={200: Answers("People by name, and teams.", work.Directory)},
        refusals=(400, 401, 403, 422, 429),
    ),
)
