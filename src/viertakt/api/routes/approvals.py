"""Moves that wait for consents: what waits, and what is said to it."""

from datetime import UTC, datetime
from typing import Any

from viertakt.api import replies, shapes, wire
from viertakt.api.permissions import Approval
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.operations import etag, operation_id, replayed
from viertakt.errors import NotFound
from viertakt.operations.approvals import Seen, read_approval, read_inbox
from viertakt.operations.model import Answer, OperationId, VerdictRequest
from viertakt.operations.reading import about
from viertakt.operations.store import read_names
from viertakt.operations.store_approvals import Place


async def list_approvals(call: Call) -> Reply:
    """Moves that wait for consents, the longest first; with `mine`, those that are the caller's to decide or to follow."""
    query: wire.ApprovalsQuery = call.query

    def read(conn: Any) -> replies.ApprovalList:
        kinds = call.application.kinds
        seen = read_inbox(
            conn, kinds, reader=call.by, mine=query.mine, limit=query.limit, now=datetime.now(UTC)
        )
        return replies.ApprovalList(
            tuple(
                replies.WaitingApproval(
                    _shown(call, one),
                    shapes.operation(
                        one.operation, kinds.shown(conn, one.operation.kind, one.operation.kind_version)
                    ),
                )
                for one in seen
            )
        )

    return Reply(200, await call.application.ask(read))


async def say_verdict(call: Call) -> Reply:
    """Consent to a move that waits, decline it, or withdraw what one asked for. The last consent makes the move."""
    sent: wire.SayVerdict = call.body
    decided, number = operation_id(call), _number(call)
    request = VerdictRequest(
        operation_id=decided,
        caller=call.caller(),
        verdict=sent.verdict,
        asked_seq=number,
        comment=sent.comment,
    )
    answer = await call.application.batch.ask(request)
    published = await call.application.kind_of(answer.operation)
    names: dict[str, str] = {call.by.id: call.by.name}
    if spoken_for := about(answer.entry):
        names |= await call.application.ask(lambda conn: read_names(conn, spoken_for))
    content = replies.VerdictResult(
        approval=await approval_of(call, decided, number),
        entry=shapes.entry(
            answer.entry,
            names,
            personal=True,
            own=answer.entry.actor == call.by.id,
            hidden=published.hidden,
        ),
        operation=shapes.operation(answer.operation, published),
    )
    return Reply(201, content, [etag(answer), *replayed(call, answer)])


async def asked(call: Call, answer: Answer) -> Reply:
    """What a move that waits for consents is answered with."""
    content = await approval_of(call, answer.operation.id, answer.entry.seq)
    return Reply(202, content, [etag(answer), *replayed(call, answer)])


async def approval_of(call: Call, operation: OperationId, number: int) -> Approval:
    """An approval as the caller sees it now."""

    def read(conn: Any) -> Seen:
        return read_approval(
            conn,
            call.application.kinds,
            Place(operation, number),
            reader=call.by,
            now=datetime.now(UTC),
        )

    return _shown(call, await call.application.ask(read))


def _shown(call: Call, seen: Seen) -> Approval:
    return shapes.approval(seen, personal=shapes.sees_personal(call.by, seen.operation))


def _number(call: Call) -> int:
    """The approval's number in the path. Raises the same `NotFound` for what is no number as for one that is nobody's."""
    text = call.path["approval"]
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise NotFound(f"There is no approval {text[:100]}.")
    return int(text)


ROUTES = (
    Route(
        method="GET",
        path="/v1/approvals",
        operation_id="listApprovals",
        summary="List the moves that wait for consents",
        tag="approvals",
        handler=list_approvals,
        query=wire.ApprovalsQuery,
        answers={200: Answers("What waits.", replies.ApprovalList)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/operations/{id}/approvals/{approval}",
        operation_id="sayVerdict",
        summary="Consent to a move, decline it, or withdraw it",
        tag="approvals",
        handler=say_verdict,
        body=wire.SayVerdict,
        answers={
            201: Answers(
                "What it came to; after the last consent the operation has moved.",
                replies.VerdictResult,
                ("ETag", "Idempotent-Replayed"),
            )
        },
        refusals=(400, 401, 403, 404, 409, 413, 415, 422, 429),
        keyed=True,
        example={"verdict": "approve"},
    ),
)
