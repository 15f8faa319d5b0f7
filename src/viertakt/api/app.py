"""The ASGI application: what every answer carries, and which route answers.

    request ─ target and headers checked ─┬─ a hot route: straight to its handler
                                          ├─ any other: Litestar's router ─ the same `respond`
                                          └─ no route: the console's files, or a problem document

Hot routes pass Litestar by because its router alone costs 70 µs a request, more than a third of what a move may cost;
both ways end in `door.respond`, so they cannot differ in anything a caller sees.
"""

import re
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from litestar import Litestar, Request, Response
from litestar.enums import ScopeType
from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Receive, Scope, Send

from viertakt.api import console, headers
from viertakt.api.door import refused, respond
from viertakt.api.metrics import observe
from viertakt.api.refusals import ClientGone, MethodNotAllowed, NoRoute
from viertakt.api.route import Headers, Reply, Route
from viertakt.api.routes import ROUTES
from viertakt.wiring import Application

# Nothing here is ever cached, framed, sniffed or run by a browser; the console's files bring their own policy. Kept few:
# the server examines every header of every answer.
NOSNIFF = (b"x-content-type-options", b"nosniff")
# A browser that has been here by HTTPS comes back by nothing else, for a year.
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
REFERRER = (b"referrer-policy", b"no-referrer")
USUAL = [
    NOSNIFF,
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
]


class App:
    """The ASGI application over a running `Application`."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._hot = [(_pattern(route.path), route) for route in ROUTES if route.hot]
        self._litestar = Litestar(
            [_mounted(route, application) for route in ROUTES],
            openapi_config=None,
            logging_config=None,
            exception_handlers={Exception: _refuse},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._litestar(scope, receive, send)
            return
        request_id = headers.request_id(dict(scope["headers"]))
        try:
            given = headers.collected(scope)
            headers.check_target(scope)
            if scope["method"] == "OPTIONS":
                await _write(_options(scope["path"]), request_id, scope, send)
                return
            found = self._hot_route(scope)
            if found is None:
                scope["viertakt"] = (given, request_id)  # type: ignore[typeddict-unknown-key]
                await self._litestar(scope, receive, _dressed(send, request_id, scope))
                return
            route, path = found
            begun = perf_counter()
            reply = await respond(
                route, self._application, scope, receive, path=path, given=given, request_id=request_id
            )
            observe(route, reply, perf_counter() - begun)
        except ClientGone:
            return
        except Exception as error:  # noqa: BLE001 - the edge: whatever was sent, it is answered
            reply = refused(error, request_id)
        await _write(reply, request_id, scope, send)

    def _hot_route(self, scope: Mapping[str, Any]) -> tuple[Route, dict[str, str]] | None:
        if scope["method"] == "POST":
            path = scope["path"]
            for pattern, route in self._hot:
                match = pattern.fullmatch(path)
                if match is not None:
                    return route, match.groupdict()
        return None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))


def _mounted(route: Route, application: Application) -> HTTPRouteHandler:
    """A route as Litestar's router knows it."""

    async def handle(request: Request[Any, Any, Any]) -> ASGIResponse:
        given, request_id = request.scope["viertakt"]  # type: ignore[typeddict-item]
        path = {name: str(value) for name, value in request.path_params.items()}
        begun = perf_counter()
        try:
            reply = await respond(
                route,
                application,
                request.scope,
                request.receive,
                path=path,
                given=given,
                request_id=request_id,
            )
        except ClientGone:
            reply = Reply(400)
        observe(route, reply, perf_counter() - begun)
        if reply.stream is not None and request.method == "GET":
            return ASGIStreamingResponse(
                iterator=reply.stream,
                status_code=reply.status,
                media_type=reply.media_type.decode("ascii"),
                headers=_as_text(reply.headers),
            )
        return _as_response(reply)

    methods: list[Any] = ["GET", "HEAD"] if route.method == "GET" else [route.method]
    path = re.sub(r"{(\w+)}", r"{\1:str}", route.path)
    return HTTPRouteHandler(path, http_method=methods, status_code=200)(handle)


def _refuse(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """What Litestar's router refuses: no route, another method; a console page may still answer."""
    scope = request.scope
    _, request_id = scope["viertakt"]  # type: ignore[typeddict-item]
    reply: Reply | None = None
    if isinstance(error, MethodNotAllowedException):
        allow = _allow(scope["path"])
        detail = f"{scope['method']} is not answered here; {allow} is."
        reply = refused(MethodNotAllowed(detail, allow=allow), request_id)
    elif not isinstance(error, NotFoundException):
        reply = refused(error, request_id)
    elif scope["method"] in {"GET", "HEAD"}:
        wanted = scope["path"] == "/" or "text/html" in request.headers.get("accept", "")
        reply = console.page(scope["path"], accepts_html=wanted)
    if reply is None:
        reply = refused(NoRoute("Nothing answers here; /openapi.json lists what does."), request_id)
    return Response(
        reply.body(),
        status_code=reply.status,
        media_type=reply.media_type.decode("ascii"),
        headers=_as_text(reply.headers),
    )


def _options(path: str) -> Reply:
    """Which methods a path answers. Raises `NoRoute`. No word about other origins: none is let in."""
    allow = _allow(path)
    if not allow:
        raise NoRoute("Nothing answers here; /openapi.json lists what does.")
    return Reply(204, None, [(b"allow", allow.encode("ascii"))])


def _allow(path: str) -> str:
    """The methods of a path, as Allow lists them. A path written out goes before one with a parameter, as in the router."""
    path = path.rstrip("/") or "/"
    found = {route.method for route in ROUTES if route.path == path}
    found = found or {route.method for route in ROUTES if _pattern(route.path).fullmatch(path)}
    if "GET" in found:
        found.add("HEAD")
    return ", ".join(sorted(found | {"OPTIONS"})) if found else ""


def _as_response(reply: Reply) -> ASGIResponse:
    return ASGIResponse(
        body=reply.body(),
        status_code=reply.status,
        media_type=reply.media_type.decode("ascii"),
        headers=_as_pairs(reply.headers),
    )


def _as_pairs(pairs: Headers) -> list[tuple[str, str]]:
    """As they are: two cookies are two headers."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs]


def _as_text(pairs: Headers) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in pairs}


async def _write(reply: Reply, request_id: str, scope: Mapping[str, Any], send: Send) -> None:
    body = reply.body()
    start = [*reply.headers, *USUAL, (b"x-request-id", request_id.encode("ascii"))]
    if scope["scheme"] == "https":
        start.append(STRICT_TRANSPORT)
    if reply.status != 204:
        start += [(b"content-length", b"%d" % len(body)), (b"content-type", reply.media_type)]
    await send({"type": "http.response.start", "status": reply.status, "headers": start})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _dressed(send: Send, request_id: str, scope: Mapping[str, Any]) -> Send:
    """`send`, with the headers that every answer carries; a console page has two of them already."""

    async def dress(message: Any) -> None:
        if message["type"] == "http.response.start":
            sent = message["headers"]
            own = any(name.lower() == b"cache-control" for name, _ in sent)
            usual = [NOSNIFF] if own else [*USUAL, REFERRER]
            if scope["scheme"] == "https":
                usual = [*usual, STRICT_TRANSPORT]
            message["headers"] = [*sent, *usual, (b"x-request-id", request_id.encode("ascii"))]
        await send(message)

    return dress
