"""Receivers of webhooks: real HTTP servers on loopback that keep a journal of what came, and answer as they are told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

Answer = int | tuple[int, dict[str, str]] | str  # a status, one with headers, or `hang`, `reset`, `drip`


class Got(NamedTuple):
    """One request as it came: its headers in small letters, and its bytes."""

    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


class Receiver:
    """What came, in order; `answers`: what the next ones are answered, then `usual`."""

    def __init__(self, usual: Answer = 200) -> None:
        self.got: list[Got] = []
        self.answers: list[Answer] = []
        self.usual = usual
        self.url = ""
        self.left = threading.Event()  # those who hang are let go
        self.gate: threading.Semaphore | None = None  # so many are answered, and the others wait
        self._lock = threading.Lock()

    def take(self, got: Got) -> Answer:
        with self._lock:
            self.got.append(got)
            answer = self.answers.pop(0) if self.answers else self.usual
        if self.gate is not None:
            self.gate.acquire(timeout=60)
        return answer

    def close_after(self, count: int) -> None:
        """Answer so many more, and let the others wait."""
        self.gate = threading.Semaphore(count)

    def open(self) -> None:
        """Answer everybody again, those who wait among them."""
        gate, self.gate = self.gate, None
        if gate is not None:
            gate.release(1_000)

    def numbers(self) -> list[int]:
        return [one.document["data"]["number"] for one in self.got]


@contextmanager
def receiving(usual: Answer = 200) -> Iterator[Receiver]:
    """A receiver that runs."""
    made = Receiver(usual)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            answer = made.take(Got({k.lower(): v for k, v in self.headers.items()}, body))
            if isinstance(answer, str):
                self.misbehave(answer)
                return
            status, headers = answer if isinstance(answer, tuple) else (answer, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def misbehave(self, how: str) -> None:
            if how == "hang":
                made.left.wait(60)
            if how == "drip":
                self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n")
                while not made.left.wait(0.05):
                    self.wfile.write(b".")
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    made.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.left.set()
        server.shutdown()
        thread.join()
        server.server_close()
