"""Over HTTP: where the server is, and one call sent until it is answered or given up."""

import asyncio
import os
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from viertakt_client.calls import Call
from viertakt_client.errors import Unreachable, problem
from viertakt_client.retrying import Retrying, may_pass, retry_after, wait_before

T = TypeVar("T")
DEFAULT_URL = "http://127.0.0.1:8484"
# Long enough for a set of 1,000; a server that is gone is noticed while connecting.
TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class Door:
    """A synchronous way to the server."""

    def __init__(
        self,
        url: str = DEFAULT_URL,
        token: str | None = None,
        *,
        retrying: Retrying | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        """`http`: a client of your own, with its proxies, certificates and timeouts; it is closed with this one."""
        self._http = http or httpx.Client(timeout=TIMEOUT)
        self._http.base_url = httpx.URL(url)
        self._http.headers.update(_headers(token))
        self._retrying = retrying or Retrying()
        self._effects: dict[str, bool] = {}

    @classmethod
    def from_env(cls, *, retrying: Retrying | None = None) -> Self:
        """As VIERTAKT_URL and VIERTAKT_TOKEN (or VIERTAKT_TOKEN_FILE) say."""
        return cls(*_environment(), retrying=retrying)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def send(self, call: Call[T]) -> T:
        """The answer to one call, asked again where it may be. Raises `Problem`, `Unreachable`."""
        tries = 0
        while True:
            tries += 1
            try:
                answer = self._http.request(**_request(call))
            except httpx.TransportError as fault:
                time.sleep(_wait_for_network(call, fault, tries, self._retrying))
            else:
                if answer.is_success:
                    return call.read(answer.content)
                time.sleep(_wait_for_server(answer, tries, self._retrying))


class AsyncDoor:
    """The same for asyncio."""

    def __init__(
        self,
        url: str = DEFAULT_URL,
        token: str | None = None,
        *,
        retrying: Retrying | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        """`http`: a client of your own, with its proxies, certificates and timeouts; it is closed with this one."""
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT)
        self._http.base_url = httpx.URL(url)
        self._http.headers.update(_headers(token))
        self._retrying = retrying or Retrying()
        self._effects: dict[str, bool] = {}

    @classmethod
    def from_env(cls, *, retrying: Retrying | None = None) -> Self:
        """As VIERTAKT_URL and VIERTAKT_TOKEN (or VIERTAKT_TOKEN_FILE) say."""
        return cls(*_environment(), retrying=retrying)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def send(self, call: Call[T]) -> T:
        """The answer to one call, asked again where it may be. Raises `Problem`, `Unreachable`."""
        tries = 0
        while True:
            tries += 1
            try:
                answer = await self._http.request(**_request(call))
            except httpx.TransportError as fault:
                await asyncio.sleep(_wait_for_network(call, fault, tries, self._retrying))
            else:
                if answer.is_success:
                    return call.read(answer.content)
                await asyncio.sleep(_wait_for_server(answer, tries, self._retrying))


def _environment() -> tuple[str, str | None]:
    file = os.environ.get("VIERTAKT_TOKEN_FILE")
    token = Path(file).read_text(encoding="utf-8").strip() if file else os.environ.get("VIERTAKT_TOKEN")
    return os.environ.get("VIERTAKT_URL", DEFAULT_URL), token


def _headers(token: str | None) -> dict[str, str]:
    authorization = {} if token is None else {"authorization": f"Bearer {token}"}
    return {"accept": "application/json", "user-agent": "viertakt-client", **authorization}


def _request(call: Call[Any]) -> dict[str, Any]:
    key = {} if call.key is None else {"idempotency-key": call.key}
    return {
        "method": call.method,
        "url": call.path,
        "params": call.query,
        "content": call.content,
        "headers": call.headers | key,
    }


def _wait_for_network(call: Call[Any], fault: httpx.TransportError, tries: int, retrying: Retrying) -> float:
    wait = wait_before(tries, retrying, chance=_chance())
    if wait is None:
        said = f"{type(fault).__name__}: {fault}" if str(fault) else type(fault).__name__
        words = f"No answer to {call.method} {call.path} after {tries} tries ({said})."
        raise Unreachable(words, key=call.key) from fault
    return wait


def _wait_for_server(answer: httpx.Response, tries: int, retrying: Retrying) -> float:
    refusal = problem(answer.status_code, answer.content)
    if not may_pass(answer.status_code, refusal.code):
        raise refusal
    asked = retry_after(answer.headers, datetime.now(UTC))
    wait = wait_before(tries, retrying, chance=_chance(), retry_after=asked)
    if wait is None:
        raise refusal
    return wait


def _chance() -> float:
    return random.random()  # noqa: S311 - it spreads callers, it guards nothing
