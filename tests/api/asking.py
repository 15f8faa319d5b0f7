"""How the tests of bad inputs ask, and what every refusal has."""

import socket
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.api.conftest import Running


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document, with what every one of them has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == code, answer.text
    assert problem["type"] == f"/problems/{code}"
    assert problem["status"] == status
    assert problem["instance"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text
    return problem


def pointers(problem: dict[str, Any]) -> set[tuple[str, str]]:
    """Where, and which code."""
    return {(fault["pointer"], fault["code"]) for fault in problem["errors"]}


def sent(admin: httpx.Client, raw: bytes, path: str = "/v1/operations", **headers: str) -> httpx.Response:
    """These very bytes."""
    return admin.post(path, content=raw, headers={"content-type": "application/json"} | headers)


def raw_get(running: Running, target: str, *lines: str, method: str = "GET") -> httpx.Response:
    """The answer to a request line as it is written here; a client library would have mended it."""
    headers = [f"authorization: Bearer {running.token()}", "connection: close", "host: test", *lines]
    head = "\r\n".join([f"{method} {target} HTTP/1.1", *headers]) + "\r\n\r\n"
    return raw_request(running, head.encode("latin-1"))


def raw_request(running: Running, raw: bytes) -> httpx.Response:
    """The answer to these bytes on a connection of their own."""
    place = urlsplit(running.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as connection:
        connection.sendall(raw)
        got = b""
        while chunk := connection.recv(65_536):
            got += chunk
    head, _, body = got.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = [(name, value.strip()) for name, _, value in (line.partition(":") for line in rest)]
    return httpx.Response(int(first.split()[1]), headers=pairs, content=body)
