"""POST to addresses that somebody typed in, many at once: on one event loop, over connections that are kept.

    send ─► a connection kept to this place ──────────────────────────► POST ─► answer, whole or cut ─► kept again
         └► none: resolve ─ judge every address ─ dial the judged one ─┘

What may be dialled is `outgoing`'s to judge. A name is resolved once for a dial and never in between: the address that was
judged is the one that is dialled, and a connection is not kept for longer than `AGE_SECONDS`, after which the name is
judged anew. A receiver that hangs up while nobody asks, as servers do after a while, costs a dial and no try.

Lives here: HTTP/1.1 as far as a POST needs it, bounded in time and size. httptools reads what comes back.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import httptools
import httpx

from viertakt.outgoing import (
    ANSWER_BYTES_MAX,
    CONNECT_SECONDS,
    TOTAL_SECONDS,
    Failure,
    Networks,
    Refused,
    Sent,
    judged,
    read_url,
    trust,
)

IDLE_SECONDS = 30.0  # most servers hang up after a minute or more
AGE_SECONDS = 300.0
RECEIVED_BYTES_MAX = 4 * ANSWER_BYTES_MAX  # with heads, trailers and the frames of chunks
RESOLVERS = 64

# Every address of a name on a port. Raises OSError or UnicodeError where there is none.
Resolve = Callable[[str, int], Sequence[str]]

# Names are asked for apart from everything else: a resolver that hangs holds one of these for each name, and nothing more.
_resolvers = ThreadPoolExecutor(RESOLVERS, "resolve")


class Place(NamedTuple):
    """Where connections lead. `host`: a name in ASCII, or an address."""

    scheme: str
    host: str
    port: int


def resolve(host: str, port: int) -> list[str]:
    """What the machine's resolver says."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def send(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed: Networks,
    total_seconds: float = TOTAL_SECONDS,
) -> Sent:
    """One POST and what came of it; nothing is raised. Never called with a transaction open, nor from an event loop."""

    async def once() -> Sent:
        posts = Posts(allowed)
        try:
            return await posts.send(url, body, headers, total_seconds=total_seconds)
        finally:
            posts.close()

    return asyncio.run(once())


class Posts:
    """Sends on the loop it is used on. How many at once, and to whom, is for whoever asks to bound."""

    def __init__(self, allowed: Networks, resolver: Resolve = resolve) -> None:
        self._allowed = allowed
        self._resolve = resolver
        self._kept: dict[Place, list[_Wire]] = {}
        self._asked: dict[Place, asyncio.Future[Sequence[str]]] = {}

    async def send(
        self, url: str, body: bytes, headers: Mapping[str, str], *, total_seconds: float = TOTAL_SECONDS
    ) -> Sent:
        """One POST and what came of it; nothing is raised."""
        until = asyncio.get_running_loop().time() + total_seconds
        try:
            target = read_url(url, self._allowed)
            # As it is written in ASCII: resolvers and TLS would turn letters into another name than was judged (IDNA 2003).
            host = target.raw_host.decode("ascii")
            place = Place(target.scheme, host, target.port or (443 if target.scheme == "https" else 80))
            return await self._exchange(place, _request(target, body, headers), until)
        except Refused as refused:
            return Sent(failure=refused.failure, detail=str(refused))

    def close(self) -> None:
        """Hang up wherever nobody is being asked."""
        for wires in self._kept.values():
            for wire in wires:
                wire.hang_up()
        self._kept.clear()

    async def _exchange(self, place: Place, request: bytes, until: float) -> Sent:
        wire = self._take(place)
        if wire is not None:
            sent = await wire.ask(request, until)
            # Broken before a byte came: it was hung up while nobody asked. Should it have been taken all the same, it comes
            # twice with the same id, as after any answer that is lost; never more often, however many are kept.
            if not (sent.failure is Failure.BROKEN and not wire.heard):
                return self._keep(place, wire, sent)
        wire = await self._dial(place, until)
        return self._keep(place, wire, await wire.ask(request, until))

    def _take(self, place: Place) -> "_Wire | None":
        kept = self._kept.get(place)
        while kept:
            wire = kept.pop()
            if wire.is_open:
                wire.wake()
                return wire
        return None

    def _keep(self, place: Place, wire: "_Wire", sent: Sent) -> Sent:
        if wire.rest():
            self._kept.setdefault(place, []).append(wire)
        return sent

    async def _dial(self, place: Place, until: float) -> "_Wire":
        """A connection to an address that was judged. Raises `Refused`."""
        loop = asyncio.get_running_loop()
        addresses = judged(
            await self._addresses(place, until),
            self._allowed,
            plain=place.scheme == "http",
            port=place.port,
        )
        tls = trust() if place.scheme == "https" else None
        fault: Exception = OSError("out of time")
        for address in addresses:
            try:
                async with asyncio.timeout_at(min(until, loop.time() + CONNECT_SECONDS)):
                    _, wire = await loop.create_connection(
                        lambda: _Wire(loop),
                        str(address),
                        place.port,
                        ssl=tls,
                        server_hostname=place.host if tls else None,
                    )
                    return wire
            except OSError as found:  # timeouts and faults of TLS are some
                fault = found
        failure = Failure.TLS if isinstance(fault, ssl.SSLError) else Failure.UNREACHABLE
        raise Refused(failure, f"No connection: {str(fault) or 'timed out'}.")

    async def _addresses(self, place: Place, until: float) -> Sequence[str]:
        """What a name resolves to now; whoever asks meanwhile is told the same. Raises `Refused`."""
        asked = self._asked.get(place)
        if asked is None:
            loop = asyncio.get_running_loop()
            asked = loop.run_in_executor(_resolvers, self._resolve, place.host, place.port)
            self._asked[place] = asked
            asked.add_done_callback(lambda done: self._forget(place, done))
        try:
            async with asyncio.timeout_at(until):
                found = await asyncio.shield(asked)
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise Refused(Failure.UNRESOLVED, f"There is no {place.host}.")
        return found

    def _forget(self, place: Place, done: "asyncio.Future[Sequence[str]]") -> None:
        self._asked.pop(place, None)
        if not done.cancelled():
            done.exception()  # whoever waited was told; where nobody does any more, it is nobody's


class _Wire(asyncio.Protocol):
    """One connection, on which one request at a time is asked. httptools calls the `on_…`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._dialled_at = loop.time()
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Sent] | None = None
        self._tired: asyncio.TimerHandle | None = None
        self._reusable = False
        self._status: int | None = None
        self._begin()

    @property
    def is_open(self) -> bool:
        """Whether another request may be asked."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def heard(self) -> bool:
        """Whether anything of an answer has come."""
        return self._received > 0

    async def ask(self, request: bytes, until: float) -> Sent:
        """Send a request; its answer, or why there is none."""
        assert self._transport is not None, "it was dialled"
        self._begin()
        answer: asyncio.Future[Sent] = self._loop.create_future()
        self._answer = answer
        self._transport.write(request)
        late = self._loop.call_at(until, self._end, Failure.TIMEOUT, "No whole answer in time.")
        try:
            return await answer
        finally:
            late.cancel()
            self._answer = None

    def rest(self) -> bool:
        """Whether it is kept for the next request; it hangs up by itself after a while."""
        young = self._loop.time() - self._dialled_at < AGE_SECONDS
        if self._reusable and young and self.is_open:
            self._tired = self._loop.call_later(IDLE_SECONDS, self.hang_up)
            return True
        self.hang_up()
        return False

    def wake(self) -> None:
        """It is needed again."""
        if self._tired is not None:
            self._tired.cancel()

    def hang_up(self) -> None:
        """End the connection, whatever it is at."""
        self.wake()
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport), "TCP, or TLS over it"
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            self.hang_up()  # an answer to no question
            return
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as fault:
            self._end(Failure.BROKEN, f"The answer is not HTTP: {fault}.")
        if self._received > RECEIVED_BYTES_MAX:
            self._finish(cut=True)

    def connection_lost(self, fault: Exception | None) -> None:
        if self._status is not None and self._until_closed and fault is None:
            self._finish(cut=False)
        self._end(Failure.BROKEN, f"The answer broke off: {fault or 'the connection was closed'}.")

    def on_message_begin(self) -> None:
        self._headers.clear()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self._status = self._parser.get_status_code()
        self._until_closed = not self._headers.keys() & {"content-length", "transfer-encoding"}

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > ANSWER_BYTES_MAX:
            self._finish(cut=True)

    def on_message_complete(self) -> None:
        if self._status is not None and self._status >= 200:  # what comes before is only about the answer
            self._reusable = bool(self._parser.should_keep_alive())
            self._finish(cut=False)

    def _begin(self) -> None:
        self._received = 0
        self._status = None
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._until_closed = False

    def _finish(self, *, cut: bool) -> None:
        if self._answer is None or self._answer.done():
            return
        self._reusable = self._reusable and not cut
        body = bytes(self._body[:ANSWER_BYTES_MAX])
        if self._status is None:
            self._end(Failure.BROKEN, "The answer broke off: its head has no end.")
        else:
            self._answer.set_result(Sent(self._status, dict(self._headers), body, cut))

    def _end(self, failure: Failure, detail: str) -> None:
        """Nothing more comes of what was asked, and nothing else will be asked here."""
        self._reusable = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Sent(status=self._status, failure=failure, detail=detail))
        self.hang_up()


def _request(target: httpx.URL, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = {"Host": target.netloc.decode("ascii"), **headers, "Content-Length": str(len(body))}
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    assert text.count("\r") == text.count("\n") == len(lines), "no header holds a line's end"
    head = b"POST " + target.raw_path + b" HTTP/1.1\r\n" + text.encode("latin-1") + b"\r\n"
    return head + body
