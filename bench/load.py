"""A load generator cheap enough to share two cores with what it measures: keep-alive connections, bytes made beforehand.

Each connection sends its next request when its answer is whole. Of an answer only status and Content-Length are read.
"""

import asyncio
import time
from collections.abc import Callable
from typing import cast

NextRequest = Callable[[int], bytes]  # the connection's number → the bytes of its next request


REFUSED = b'"problem":'  # a batch answers 200 also where an item was refused


class Connection(asyncio.Protocol):
    """One caller: asks, waits for the whole answer, asks again, until told to stop."""

    def __init__(self, number: int, ask: NextRequest, expected: bytes) -> None:
        self._number = number
        self._ask = ask
        self._expected = b"HTTP/1.1 " + expected
        self._rest = b""
        self._sent_at = 0.0
        self.answered = 0
        self.latencies: list[float] | None = None
        self.stopping = False
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._send()

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(self._ask(self._number))

    def data_received(self, data: bytes) -> None:
        self._rest += data
        end = self._rest.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._rest[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 : head.find(b"\r\n", at) if head.find(b"\r\n", at) > 0 else None])
        if len(self._rest) < end + 4 + length:
            return
        if not self._rest.startswith(self._expected) or REFUSED in self._rest:
            self._fail(f"The server answered {self._rest[:600]!r}")
            return
        self._rest = b""
        self.answered += 1
        if self.latencies is not None:
            self.latencies.append(time.perf_counter() - self._sent_at)
        if self.stopping:
            self._transport.close()
        else:
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.finished.done():
            if self.stopping and exc is None:
                self.finished.set_result(None)
            else:
                self.finished.set_exception(
                    exc or ConnectionResetError("The server closed a connection under load.")
                )

    def _fail(self, why: str) -> None:
        self.finished.set_exception(AssertionError(why))
        self._transport.abort()


async def drive(
    port: int, ask: NextRequest, *, connections: int, expected: bytes, warm_up: float, seconds: float
) -> tuple[float, list[float]]:
    """Answers per second over so many connections, and how long each took; all after the warm-up."""
    loop = asyncio.get_running_loop()
    callers = [
        (await loop.create_connection(lambda n=n: Connection(n, ask, expected), "127.0.0.1", port))[1]  # type: ignore[misc]
        for n in range(connections)
    ]
    await _pass(warm_up, callers)
    for caller in callers:
        caller.latencies = []
    before, begun_at = sum(caller.answered for caller in callers), time.perf_counter()
    await _pass(seconds, callers)
    answered, took = sum(caller.answered for caller in callers) - before, time.perf_counter() - begun_at
    for caller in callers:
        caller.stopping = True
    await asyncio.gather(*(caller.finished for caller in callers))
    return answered / took, [latency for caller in callers for latency in caller.latencies or []]


async def _pass(seconds: float, callers: list[Connection]) -> None:
    """Let time pass, unless a caller fails meanwhile."""
    await asyncio.wait(
        [caller.finished for caller in callers], timeout=seconds, return_when=asyncio.FIRST_EXCEPTION
    )
    for caller in callers:
        if caller.finished.done():
            caller.finished.result()


def request_bytes(path: str, body: bytes, *, token: str, key: str) -> bytes:
    """One POST with a request key, as a client that keeps its connection sends it."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
