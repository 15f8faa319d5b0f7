"""What happens to every request alike: read it strictly, find out who calls, run the handler, answer.

headers ─ query ─ who calls ─ body ─► handler ─► Reply
              any refusal on the way becomes a problem document
"""

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
import structlog

from viertakt.access.rules import check_may_manage
from viertakt.api import bodies, credentials, headers
from viertakt.api.problems import problem
from viertakt.api.refusals import ClientGone, invalid
from viertakt.api.route import Call, Reply, Route
from viertakt.errors import Forbidden, LostRace, NotFound, Unauthenticated, ViertaktError
from viertakt.kinds.model import Kind
from viertakt.wiring import Application

log = structlog.get_logger(__name__)

FORBIDDEN = 403
PROBLEM_TYPE = b"application/problem+json"
BYTES_AT_ONCE_MAX = 64 * 1024  # larger bodies are read in a thread: nobody waits for another's thousand moves
# What a write may be refused with because its token's rights were read seconds ago.
_PERHAPS_STALE = (Unauthenticated, Forbidden, NotFound, LostRace)
READING = frozenset({"GET", "HEAD"})


async def respond(
    route: Route,
    application: Application,
    scope: Mapping[str, Any],
    receive: bodies.Receive,
    *,
    path: dict[str, str],
    given: dict[bytes, bytes],
    request_id: str,
) -> Reply:
    """The answer to one request; a refusal is an answer too. Raises `ClientGone` only."""
    secure = scope.get("scheme") == "https"
    call = Call(application, route, request_id, given, path, secure=secure, client=scope.get("client"))
    try:
        if not route.open_to_all:
            await _authenticate(call)
            if not route.hot:  # what fills the batch is bounded there, and measured in microseconds
                application.rate.count(call.by.id)
        await _read(call, scope, receive)
        return await route.handler(call)
    except ClientGone:
        raise
    except Exception as error:  # noqa: BLE001 - the edge: every request is answered, and what is a bug is logged
        if call.secret is None and isinstance(error, _PERHAPS_STALE):
            _forget_token(call)
        answer = refused(error, request_id)
        if answer.status == FORBIDDEN and call.actor is not None:
            _note_refusal(call, answer)
        return answer


def _note_refusal(call: Call, answer: Reply) -> None:
    """What somebody tried and may not: where no history keeps it, the log does. Codes and ids, nothing of what was sent."""
    log.warning(
        "refused",
        actor=call.by.id,
        route=call.route.operation_id,
        path=call.path,
        code=answer.refusal,
        request_id=call.request_id,
    )


def refused(error: Exception, request_id: str) -> Reply:
    """A refusal as an answer."""
    refusal = problem(error, request_id)
    code: str = refusal.document["code"]
    return Reply(refusal.status, refusal.encoded(), refusal.headers, PROBLEM_TYPE, refusal=code)


async def _authenticate(call: Call) -> None:
    """Find out who calls. Raises `Unauthenticated`, `TwoCredentials`, `NotSameOrigin`, `Forbidden`."""
    route, given = call.route, call.headers
    token = credentials.bearer(given)
    secret = credentials.session_secret(given, secure=call.secure)
    credentials.check_one(token, secret)
    if token is not None:
        call.actor = await credentials.actor_of_bearer(call.application, token, cached=route.hot)
    elif secret is not None:
        if route.method not in READING:
            credentials.check_same_origin(given)
        call.secret = secret
        call.session = await credentials.session_of_cookie(call.application, secret)
        reads = route.method in READING or route.while_looking
        credentials.check_unhindered(call.session, reads=reads, without_factor=route.without_factor)
        call.actor = call.session.actor
    if route.admin:
        check_may_manage(call.by)


async def _read(call: Call, scope: Mapping[str, Any], receive: bodies.Receive) -> None:
    """Read query, headers and body into the call, each as strictly as its route says."""
    route, given = call.route, call.headers
    if scope["query_string"] or route.query.__struct_fields__:
        call.query = _query(headers.query_values(scope["query_string"]), route)
    if route.keyed:
        call.key = headers.idempotency_key(given)
    if route.if_match:
        call.if_match = headers.expected_version(given)
    if route.raw:
        call.body = await bodies.read_body(receive, given, bytes_max=route.body_bytes_max)
    if route.body is None:
        return
    media_type = bodies.check_media_type(given, route.body_types)
    raw = await bodies.read_body(receive, given, bytes_max=route.body_bytes_max)
    if route.body is Kind:
        if media_type == "application/json":
            bodies.read_json(raw)
        call.body = bodies.read_text(raw)
        return
    if len(raw) > BYTES_AT_ONCE_MAX:
        call.body = await asyncio.to_thread(_parsed, raw, route)
    else:
        call.body = _parsed(raw, route)
    if call.key is not None:
        call.body_digest = _digest(call)


def _parsed(raw: bytes, route: Route) -> Any:
    return bodies.convert(bodies.read_json(raw), route.body)


def _query(values: dict[str, str], route: Route) -> msgspec.Struct:
    """The parameters as the route takes them; the text "null" is read as nothing by msgspec and is none of them."""
    query: msgspec.Struct = bodies.convert(values, route.query, strict=False, where="query")
    spelled = dict(zip(query.__struct_encode_fields__, query.__struct_fields__, strict=True))
    for name in values:
        if name in spelled and getattr(query, spelled[name]) is None:
            raise invalid(f"/{name}", "invalid_value", f"{name} has no value 'null'; leave it out.")
    return query


_canonical = msgspec.json.Encoder(order="sorted").encode


def _digest(call: Call) -> str:
    """What tells another body under the same key apart: the route, its path, and the body as it was understood."""
    told = hashlib.sha256(call.route.operation_id.encode())
    told.update(_canonical([call.path, call.if_match, call.body]))
    return told.hexdigest()


def _forget_token(call: Call) -> None:
    """A refused write may rest on rights that were read seconds ago: the next one looks the token up."""
    try:
        token = credentials.bearer(call.headers)
    except ViertaktError:
        return
    if token is not None:
        call.application.tokens.drop(token)
