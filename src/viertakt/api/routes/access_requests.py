"""Changes of access that wait for a second person: where an installation asks one, every door that widens access comes here."""

from typing import Any

from viertakt.access import requests
from viertakt.access.requests_store import Asked
from viertakt.api import access_requests as documents
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.errors import NotFound

NUMBER_LENGTH_MAX = 18
WAITS = Answers("It waits for another person who manages.", documents.AccessRequest)


def needs_second(call: Call) -> bool:
    """Whether this installation asks a second person for changes of access."""
    return call.application.settings.access_persons > 1


def ask(conn: Any, call: Call, asked: Asked, reason: str | None) -> documents.AccessRequest:
    """Write down what waits, in the caller's transaction."""
    kinds = call.application.kinds
    found = requests.ask_change(
        conn,
        asked,
        actor=call.by,
        reason=reason,
        kinds=kinds.names(conn),
        fields=kinds.scope_fields(conn),
    )
    return documents.document(found)


async def asked(call: Call, change: Asked, reason: str | None = None) -> Reply:
    """202, with what waits."""
    return Reply(202, await call.application.ask(lambda conn: ask(conn, call, change, reason)))


async def list_access_requests(call: Call) -> Reply:
    """Changes of access that wait, the newest first, at most 200."""
    found = await call.application.ask(lambda conn: requests.waiting(conn, only_open=True))
    return Reply(200, documents.AccessRequestList(tuple(map(documents.document, found))))


async def settle_access_request(call: Call) -> Reply:
    """Approve, decline or withdraw a change of access. Approved, it is made in the name of who asked."""
    sent: documents.SettleRequest = call.body
    text = call.path["number"]
    if not (text.isascii() and text.isdecimal() and len(text) <= NUMBER_LENGTH_MAX):
        raise NotFound(f"There is no request {text[:40]!r}.")

    def write(conn: Any) -> documents.AccessRequest:
        kinds = call.application.kinds
        found = requests.settle(
            conn,
            int(text),
            sent.verdict,
            actor=call.by,
            kinds=kinds.names(conn),
            fields=kinds.scope_fields(conn),
        )
        return documents.document(found)

    return Reply(200, await call.application.ask(write))


ROUTES = (
    Route(
        method="GET",
        path="/v1/access-requests",
        operation_id="listAccessRequests",
        summary="Changes of access that wait for a second person",
        tag="access",
        handler=list_access_requests,
        admin=True,
        answers={200: Answers("What waits, the newest first.", documents.AccessRequestList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/access-requests/{number}",
        operation_id="settleAccessRequest",
        summary="Approve, decline or withdraw a change of access",
        tag="access",
        handler=settle_access_request,
        body=documents.SettleRequest,
        admin=True,
        answers={200: Answers("What became of it.", documents.AccessRequest)},
        refusals=(400, 401, 403, 404, 409, 413, 415, 422, 429),
        example={"verdict": "approve"},
    ),
)
