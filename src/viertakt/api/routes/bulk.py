"""Bulk jobs: one thing done to many operations, tried dry, started, watched, ended and undone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from psycopg import Connection

from viertakt.access.rules import check_stepped_up, exportable
from viertakt.api import bulk as documents
from viertakt.api.bulk_shapes import item, items_sheet, job
from viertakt.api.refusals import invalid
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.bulk import actions
from viertakt.bulk.dry_run import Chosen
from viertakt.bulk.model import ITEMS_MAX, Asker, BulkId, Fate, Job, Verb, Wanted, Work
from viertakt.errors import InvalidCursor, NotFound
from viertakt.exchange.tables import FileFormat, write_sheet
from viertakt.kinds.model import ReasonCode, TransitionName
from viertakt.operations.model import Verdict
from viertakt.operations.reading import read_names
from viertakt.reports.zones import zone_named

EXAMPLE = {"q": "kind:withdrawal stage:under_review", "transition": "refuse", "reason": "fraud"}


async def make_bulk(call: Call) -> Reply:
    """Freeze the operations that are found or named now, and tell what would happen to each. Nothing moves in a dry run."""
    sent: documents.MakeBulk = call.body
    if (sent.q is None) == (sent.ids is None):
        raise invalid("/q", "one_of_two", "Say which operations: by q or by ids, not both.")
    wanted = _wanted(sent)
    zone = zone_named(sent.zone)

    def write(conn: Connection[Any]) -> tuple[Job, bool]:
        query = None if sent.q is None else call.read_query(conn, sent.q)
        running = call.application
        made, again = actions.make_job(
            conn, running.engine, wanted, Chosen(query, sent.ids, zone), _asker(call), limits=running.bulk
        )
        if not sent.dry_run and not again:
            _check_proof(conn, call, made)
            made = actions.start_job(
                conn, made.bulk_id, actor=call.by, confirm=sent.confirm, limits=running.bulk
            )
        return made, again

    return await _made(call, write)


async def undo_bulk(call: Call) -> Reply:
    """Make a job that takes back what this one did, as each kind provides, and tell of each operation whether it can be."""
    sent: documents.UndoBulk = call.body
    undone = _id(call)

    def write(conn: Connection[Any]) -> tuple[Job, bool]:
        return actions.undo_job(
            conn,
            call.application.engine,
            undone,
            _asker(call),
            reason=sent.reason,
            comment=sent.comment,
            limits=call.application.bulk,
        )

    return await _made(call, write)


async def list_bulk(call: Call) -> Reply:
    """The newest jobs that are there for the caller."""
    asked: documents.BulkListQuery = call.query

    def read(conn: Connection[Any]) -> documents.BulkList:
        found = actions.list_jobs(conn, reader=call.by, limit=asked.limit)
        return documents.BulkList(tuple(_shown(conn, call, one) for one in found))

    return Reply(200, await call.application.ask(read))


async def read_bulk(call: Call) -> Reply:
    """A job as it stands."""
    sought = _id(call)
    return await _answered(call, lambda conn: actions.read_job(conn, sought, reader=call.by))


async def start_bulk(call: Call) -> Reply:
    """Start a job, or ask for the consents that it needs."""
    sent: documents.StartBulk = call.body
    sought = _id(call)
    return await _proved(
        call,
        sought,
        lambda conn: actions.start_job(
            conn, sought, actor=call.by, confirm=sent.confirm, limits=call.application.bulk
        ),
    )


async def pause_bulk(call: Call) -> Reply:
    """Let a job rest; what is on its way is still made."""
    sought = _id(call)
    return await _answered(call, lambda conn: actions.pause_job(conn, sought, actor=call.by))


async def resume_bulk(call: Call) -> Reply:
    """Go on with a job that rests."""
    sought = _id(call)
    return await _proved(
        call,
        sought,
        lambda conn: actions.resume_job(conn, sought, actor=call.by, limits=call.application.bulk),
    )


async def cancel_bulk(call: Call) -> Reply:
    """End a job; what it has not moved stays where it is."""
    sought = _id(call)
    return await _answered(call, lambda conn: actions.cancel_job(conn, sought, actor=call.by))


async def retry_bulk(call: Call) -> Reply:
    """Try what has failed once more; what was refused stays so."""
    sought = _id(call)
    return await _proved(call, sought, lambda conn: actions.retry_job(conn, sought, actor=call.by))


async def say_to_bulk(call: Call) -> Reply:
    """Consent to a whole job, or decline it. The last consent that it needs begins it."""
    sent: documents.SayToBulk = call.body
    sought = _id(call)

    def act(conn: Connection[Any]) -> Job:
        return actions.say_verdict(
            conn,
            sought,
            sent.verdict,
            actor=call.by,
            comment=sent.comment,
            limits=call.application.bulk,
        )

    return await (_proved(call, sought, act) if sent.verdict is Verdict.APPROVE else _answered(call, act))


async def list_bulk_items(call: Call) -> Reply:
    """What came of each operation, as a page of data or as a file of all."""
    asked: documents.BulkItemsQuery = call.query
    sought = _id(call)
    as_file = asked.format == "csv"
    if as_file:
        exportable(call.by)
    after = 0 if as_file else _after(asked.cursor)
    limit = ITEMS_MAX if as_file else asked.limit

    def read(conn: Connection[Any]) -> Reply:
        found = actions.list_items(conn, sought, reader=call.by, state=asked.state, after=after, limit=limit)
        if as_file:
            name = f'attachment; filename="viertakt-bulk-{sought}.csv"'.encode("ascii")
            content = write_sheet(items_sheet(found, asked.language), FileFormat.CSV)
            return Reply(200, content, [(b"content-disposition", name)], b"text/csv")
        cursor = str(found[-1].n) if len(found) == limit else None
        return Reply(200, documents.BulkItems(tuple(map(item, found)), cursor))

    return await call.application.ask(read)


def _wanted(sent: documents.MakeBulk) -> Wanted:
    """What is to be done. Raises `Invalid` where that is nothing, or several things."""
    asked = [one for one in (sent.transition, sent.assign, sent.note, sent.tag) if one is not None]
    if len(asked) != 1:
        raise invalid("/transition", "one_of_four", "Say one thing: a transition, assign, note or tag.")
    if sent.transition is None and sent.reason is not None:
        raise invalid("/reason", "not_allowed", "A reason is for a transition.")
    if sent.transition is not None:
        return Wanted(TransitionName(sent.transition), _reason(sent.reason), sent.comment)
    if sent.assign is not None:
        return Wanted(comment=sent.comment, verb=Verb.ASSIGN, work=Work(to=sent.assign.to))
    if sent.comment is not None:
        raise invalid("/comment", "not_allowed", "A comment is for a transition or an assignment.")
    if sent.note is not None:
        return Wanted(comment=sent.note.text, verb=Verb.NOTE)
    assert sent.tag is not None, "one of four was said"
    if not sent.tag.add and not sent.tag.remove:
        raise invalid("/tag", "required", "Say which tags to put on or to take off.")
    return Wanted(verb=Verb.TAG, work=Work(add=sent.tag.add, remove=sent.tag.remove))


async def _made(call: Call, write: Callable[[Connection[Any]], tuple[Job, bool]]) -> Reply:
    def shown(conn: Connection[Any]) -> tuple[documents.BulkJob, bool]:
        made, again = write(conn)
        return _shown(conn, call, made), again

    async with call.application.dry_runs:
        content, again = await call.application.ask(shown)
    headers = [(b"location", f"/v1/bulk/{content.id}".encode())]
    return Reply(201, content, [*headers, *([(b"idempotent-replayed", b"true")] if again else [])])


async def _answered(call: Call, act: Callable[[Connection[Any]], Job]) -> Reply:
    return Reply(200, await call.application.ask(lambda conn: _shown(conn, call, act(conn))))


async def _proved(call: Call, sought: BulkId, act: Callable[[Connection[Any]], Job]) -> Reply:
    """The same for what sets a job going."""

    def proved(conn: Connection[Any]) -> Job:
        _check_proof(conn, call, actions.read_job(conn, sought, reader=call.by))
        return act(conn)

    return await _answered(call, proved)


def _check_proof(conn: Connection[Any], call: Call, found: Job) -> None:
    """A step that asks for a fresh proof asks it for many as for one, and here: the worker has no session. Raises `StepUpRequired`."""
    for group in found.preview.groups:
        if group.transition is None or group.fate is Fate.SKIPPED:
            continue
        transition = call.application.kinds.latest(conn, group.kind).kind.transitions.get(group.transition)
        if transition is not None and transition.step_up:
            check_stepped_up(call.caller().step_up, now=found.now, what=group.transition)


def _shown(conn: Connection[Any], call: Call, found: Job) -> documents.BulkJob:
    needs, voice = actions.asked_of(conn, found, call.by)
    to = None if found.work is None else found.work.to
    names = read_names(conn, [to]) if to is not None else {}
    return job(found, needs, voice, reader=call.by, limits=call.application.bulk, names=names)


def _asker(call: Call) -> Asker:
    return Asker(call.by, call.key, call.body_digest)


def _reason(code: str | None) -> ReasonCode | None:
    return None if code is None else ReasonCode(code)


def _after(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 9:
        raise InvalidCursor("This cursor does not belong to this list; begin again without one.")
    return int(cursor)


def _id(call: Call) -> BulkId:
    """The id in the path. Raises the same `NotFound` for what is no id as for an id that is nobody's."""
    text = call.path["id"]
    try:
        found = UUID(text) if len(text) == 36 else None
    except ValueError:
        found = None
    if found is None:
        raise NotFound(f"There is no bulk job {text[:100]}.")
    return BulkId(found)


_JOB = {200: Answers("The job as it stands.", documents.BulkJob)}
_MADE = {
    201: Answers(
        "What would happen; nothing has moved.", documents.BulkJob, ("Location", "Idempotent-Replayed")
    )
}
_READS = (400, 401, 404, 422, 429)
_ACTS = (400, 401, 403, 404, 409, 422, 429)
_WRITES = (400, 401, 403, 404, 409, 413, 415, 422, 429)


def _act(name: str, operation_id: str, summary: str, handler: Any) -> Route:
    return Route(
        method="POST",
        path=f"/v1/bulk/{{id}}/{name}",
        operation_id=operation_id,
        summary=summary,
        tag="bulk",
        handler=handler,
        answers=_JOB,
        refusals=_ACTS,
    )


ROUTES = (
    Route(
        method="POST",
        path="/v1/bulk",
        operation_id="makeBulk",
        summary="Try one thing done to many operations, or start it",
        tag="bulk",
        handler=make_bulk,
        body=documents.MakeBulk,
        answers=_MADE,
        refusals=(400, 401, 403, 409, 413, 415, 422, 429),
        keyed=True,
        example=EXAMPLE,
    ),
    Route(
        method="GET",
        path="/v1/bulk",
        operation_id="listBulk",
        summary="List bulk jobs",
        tag="bulk",
        handler=list_bulk,
        query=documents.BulkListQuery,
        answers={200: Answers("The newest first.", documents.BulkList)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/bulk/{id}",
        operation_id="readBulk",
        summary="Read a bulk job",
        tag="bulk",
        handler=read_bulk,
        answers=_JOB,
        refusals=_READS,
    ),
    Route(
        method="GET",
        path="/v1/bulk/{id}/items",
        operation_id="listBulkItems",
        summary="List what came of each operation",
        tag="bulk",
        handler=list_bulk_items,
        query=documents.BulkItemsQuery,
        answers={
            200: Answers(
                "A page of items, or all as a file.",
                documents.BulkItems,
                ("Content-Disposition",),
                file_types=("text/csv",),
            )
        },
        refusals=(400, 401, 403, 404, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/bulk/{id}/start",
        operation_id="startBulk",
        summary="Start a bulk job",
        tag="bulk",
        handler=start_bulk,
        body=documents.StartBulk,
        answers=_JOB,
        refusals=_WRITES,
        example={"confirm": 240},
    ),
    _act("pause", "pauseBulk", "Pause a bulk job", pause_bulk),
    _act("resume", "resumeBulk", "Resume a bulk job", resume_bulk),
    _act("cancel", "cancelBulk", "Cancel a bulk job", cancel_bulk),
    _act("retry", "retryBulk", "Retry what has failed", retry_bulk),
    Route(
        method="POST",
        path="/v1/bulk/{id}/approvals",
        operation_id="sayToBulk",
        summary="Consent to a bulk job, or decline it",
        tag="bulk",
        handler=say_to_bulk,
        body=documents.SayToBulk,
        answers=_JOB,
        refusals=_WRITES,
        example={"verdict": "approve"},
    ),
    Route(
        method="POST",
        path="/v1/bulk/{id}/undo",
        operation_id="undoBulk",
        summary="Try to take back what a bulk job did",
        tag="bulk",
        handler=undo_bulk,
        body=documents.UndoBulk,
        answers=_MADE,
        refusals=_WRITES,
        keyed=True,
        example={"comment": "The wrong filter."},
    ),
)
