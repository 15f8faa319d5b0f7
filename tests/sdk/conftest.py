"""A running server, a client of it, and a peer in between that loses answers as networks do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.api.conftest import Running, run
from tests.conftest import _copy
from viertakt_client import Client


@pytest.fixture(scope="session")
def running(server_url: str, template: str) -> Iterator[Running]:
    """One server for all tests of this folder: they use references of their own."""
    for database in _copy(server_url, template):
        yield from run(database)


@pytest.fixture(scope="session")
def token(running: Running) -> str:
    """A platform's token."""
    return running.token("integration", "till")


@pytest.fixture(scope="session")
def viertakt(running: Running, token: str) -> Iterator[Client]:
    """The client of a platform."""
    with Client(running.url, token) as client:
        yield client


class Network:
    """A way to the server on which the next answers fare as `fates` say: "cut" after the server did it, or a status."""

    def __init__(self, url: str, behind: str) -> None:
        self.url = url
        self.behind = behind
        self.fates: list[str] = []
        self.keys: list[str | None] = []


@pytest.fixture
def network(running: Running) -> Iterator[Network]:
    """A network that works until a test says otherwise."""
    with _network(running.url) as made:
        yield made


@contextmanager
def _network(behind: str) -> Iterator[Network]:
    class Peer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            made.keys.append(self.headers.get("idempotency-key"))
            fate = made.fates.pop(0) if made.fates else "pass"
            if fate.isdigit():
                self.send_response(int(fate))
                self.send_header("retry-after", "0")
                self.send_header("content-length", "0")
                self.end_headers()
                return
            answer = httpx.request(
                self.command, behind + self.path, content=body, headers=dict(self.headers.items())
            )
            if fate == "cut":
                self.close_connection = True
                return
            self.send_response(answer.status_code)
            self.send_header("content-type", answer.headers["content-type"])
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PATCH = do  # noqa: N815 - the names that the standard library calls

        def log_message(self, *_: object) -> None:
            """Nothing: tests speak for themselves."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    made = Network(f"http://127.0.0.1:{server.server_port}", behind)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
