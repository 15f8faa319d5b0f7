"""Moves: one, a reported outcome, and many at once. The hot path: a handler only waits for its batch."""

from viertakt.api import replies, shapes, wire
from viertakt.api.permissions import Approval
from viertakt.api.problems import problem
from viertakt.api.route import BATCH_BYTES_MAX, Answers, Call, Reply, Route
from viertakt.api.routes.approvals import asked
from viertakt.api.routes.operations import OPEN_EXAMPLE, etag, open_request, operation_id, replayed
from viertakt.errors import ViertaktError
from viertakt.kinds.model import PublishedKind, ReasonCode, StageName, TransitionName
from viertakt.operations.model import Answer, EntrySort, MoveRequest, OperationId, OutcomeRequest

BESIDE = frozenset({EntrySort.CONTRADICTED, EntrySort.UNMAPPED})


async def move_operation(call: Call) -> Reply:
    """Make one transition: 201 it is made, 202 it waits for the consents that the kind asks."""
    request = move_request(call, operation_id(call), call.body)
    answer = await call.application.batch.ask(request)
    if answer.entry.sort is EntrySort.ASKED:
        return await asked(call, answer)
    return Reply(201, entry_of(call, answer), [etag(answer), *replayed(call, answer)])


def move_request(call: Call, moved: OperationId, sent: wire.Move, item: int | None = None) -> MoveRequest:
    """What the caller wants moved, as the core takes it; If-Match counts before the body's expected_version."""
    return MoveRequest(
        operation_id=moved,
        caller=call.caller(item),
        transition=TransitionName(sent.transition),
        reason=None if sent.reason is None else ReasonCode(sent.reason),
        comment=sent.comment,
        data=sent.data,
        expected_version=sent.expected_version if call.if_match is None else call.if_match,
        expected_stage=None if sent.expected_stage is None else StageName(sent.expected_stage),
    )


async def report_outcome(call: Call) -> Reply:
    """A process ended: 201 it moved, 200 nothing new, 202 kept beside the operation for a person to look at."""
    sent: wire.ReportOutcome = call.body
    request = OutcomeRequest(
        operation_id=operation_id(call),
        caller=call.caller(),
        outcome=sent.outcome,
        reason=None if sent.reason is None else ReasonCode(sent.reason),
        code=sent.code,
        data=sent.data,
    )
    answer = await call.application.batch.ask(request)
    published = await call.application.kind_of(answer.operation)
    status = 202 if answer.entry.sort in BESIDE else 200 if answer.replayed else 201
    content = replies.OutcomeResult(
        entry_of(call, answer, published), shapes.operation(answer.operation, published)
    )
    # An equal report after the end is answered with an older entry: only the key's own entry is a replay.
    again = replayed(call, answer) if answer.entry.key == call.key else []
    return Reply(status, content, [etag(answer), *again])


async def move_operations(call: Call) -> Reply:
    """Many moves; each result is what the move would have been answered with alone."""
    items: tuple[wire.MoveItem, ...] = call.body.items
    requests = [
        move_request(call, OperationId(item.operation_id), item, place) for place, item in enumerate(items)
    ]
    results = await call.application.batch.ask_all(requests)
    return Reply(200, replies.BatchResult(tuple([await _result(call, result) for result in results])))


async def open_operations(call: Call) -> Reply:
    """Many openings; each result is what the opening would have been answered with alone."""
    items: tuple[wire.OpenOperation, ...] = call.body.items
    requests = [open_request(call, item, place) for place, item in enumerate(items)]
    results = await call.application.batch.ask_all(requests)
    return Reply(
        200, replies.BatchResult(tuple([await _result(call, result, again=200) for result in results]))
    )


def entry_of(call: Call, answer: Answer, published: PublishedKind | None = None) -> replies.Entry:
    """The entry of an answer; whoever asked is its actor and has sent what it holds, so nothing needs looking up.

    A report that says nothing new is answered with an older entry, perhaps somebody else's: its values are masked.
    """
    own = answer.entry.actor == call.by.id
    hidden = published.hidden if published else frozenset()
    return shapes.entry(answer.entry, {call.by.id: call.by.name}, personal=own, own=own, hidden=hidden)


async def _result(call: Call, result: Answer | ViertaktError, *, again: int = 201) -> replies.BatchItem:
    if isinstance(result, ViertaktError):
        refusal = problem(result, call.request_id)
        return replies.BatchItem(status=refusal.status, problem=refusal.document)  # type: ignore[arg-type]
    published = await call.application.kind_of(result.operation)
    return replies.BatchItem(
        status=202 if result.entry.sort is EntrySort.ASKED else again if result.replayed else 201,
        entry=entry_of(call, result, published),
        operation=shapes.operation(result.operation, published),
    )


_WRITES = (400, 401, 403, 404, 409, 412, 413, 415, 422, 429)
_BATCHES = (400, 401, 403, 413, 415, 422, 429)

ROUTES = (
    Route(
        method="POST",
        path="/v1/operations/{id}/moves",
        operation_id="moveOperation",
        summary="Make a transition",
        tag="moves",
        handler=move_operation,
        body=wire.Move,
        answers={
            201: Answers("The entry of the move.", replies.Entry, ("ETag", "Idempotent-Replayed")),
            202: Answers(
                "It waits for consents: what is missing, and from whom.",
                Approval,
                ("ETag", "Idempotent-Replayed"),
            ),
        },
        refusals=_WRITES,
        keyed=True,
        if_match=True,
        hot=True,
        example={"transition": "send"},
    ),
    Route(
        method="POST",
        path="/v1/operations/{id}/outcome",
        operation_id="reportOutcome",
        summary="Report how a process ended",
        tag="moves",
        handler=report_outcome,
        body=wire.ReportOutcome,
        answers={
            201: Answers("The operation moved.", replies.OutcomeResult, ("ETag",)),
            200: Answers(
                "Nothing new: it had ended so before.", replies.OutcomeResult, ("ETag", "Idempotent-Replayed")
            ),
            202: Answers(
                "Kept beside the operation for a person to look at: it contradicts how the operation ended, or the "
                "code is not in the reason catalogue.",
                replies.OutcomeResult,
                ("ETag",),
            ),
        },
        refusals=_WRITES,
        keyed=True,
        hot=True,
        example={"code": "iso20022:AB05"},
    ),
    Route(
        method="POST",
        path="/v1/moves",
        operation_id="moveOperations",
        summary="Make up to 1,000 transitions",
        tag="moves",
        handler=move_operations,
        body=wire.MoveBatch,
        body_bytes_max=BATCH_BYTES_MAX,
        answers={200: Answers("A result per item, in order.", replies.BatchResult)},
        refusals=_BATCHES,
        keyed=True,
        hot=True,
        example={"items": [{"operation_id": replies.EXAMPLE_ID, "transition": "send"}]},
    ),
    Route(
        method="POST",
        path="/v1/operations/batch",
        operation_id="openOperations",
        summary="Open up to 1,000 operations",
        tag="operations",
        handler=open_operations,
        body=wire.OpenBatch,
        body_bytes_max=BATCH_BYTES_MAX,
        answers={200: Answers("A result per item, in order.", replies.BatchResult)},
        refusals=_BATCHES,
        keyed=True,
        hot=True,
        example={"items": [OPEN_EXAMPLE]},
    ),
)
