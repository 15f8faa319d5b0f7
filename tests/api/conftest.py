"""A real server over a real database: uvicorn in a thread of this process, reached over TCP like anybody's."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from viertakt.access.actions import add_person, install_roles, issue_token, people
from viertakt.api.server import server
from viertakt.db.pool import connect
from viertakt.kinds.actions import install_builtin
from viertakt.settings import Settings
from viertakt.wiring import Application

PASSWORD = "correct horse battery staple"
SETTINGS = Settings(secret_key="a key that only these tests know")


class Running:
    """A server that runs, with a token for each role it was asked for."""

    def __init__(self, url: str, database: str) -> None:
        self.url = url
        self.database = database

    def token(self, role: str = "admin", name: str = "tests") -> str:
        """A fresh token."""
        with connect(self.database) as conn:
            return issue_token(conn, name, [role])[0]

    def client(self, role: str = "admin") -> httpx.Client:
        """A client that calls with a fresh token."""
        return httpx.Client(
            base_url=self.url, headers={"authorization": f"Bearer {self.token(role)}"}, timeout=30
        )

    @contextmanager
    def person(self, name: str, role: str = "admin") -> Iterator[httpx.Client]:
        """A client in which a person of this name is signed in; the same name is the same person."""
        email = f"{name.lower()}@example.com"
        with connect(self.database) as conn:
            if email not in {person.email for person in people(conn)}:
                add_person(conn, email=email, name=name, roles=[role], password=PASSWORD)
        with self.anybody() as client:
            client.headers.update({"sec-fetch-site": "same-origin"})
            answer = client.post("/v1/session", json={"email": email, "password": PASSWORD})
            assert answer.status_code == 201, answer.text
            yield client

    def anybody(self) -> httpx.Client:
        """A client that says nothing about itself."""
        return httpx.Client(base_url=self.url, timeout=30)


@pytest.fixture(scope="session")
def running(server_url: str, template: str) -> Iterator[Running]:
    """One server for all tests of this folder: they use references of their own."""
    from tests.conftest import _copy

    for database in _copy(server_url, template):
        yield from run(database)


def run(
    database: str, *, settings: Settings | None = None, listener: socket.socket | None = None
) -> Iterator[Running]:
    """A server over this database, with roles, kinds and one person (anna@example.com)."""
    with connect(database) as conn:
        install_roles(conn)
        install_builtin(conn)
        add_person(conn, email="anna@example.com", name="Anna", roles=["admin"], password=PASSWORD)
    listener = listener or socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with Application(database, settings=settings or SETTINGS) as application:
        serving = server(application, host="127.0.0.1", port=port)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not serving.started:
            assert thread.is_alive(), "The server did not start."
            time.sleep(0.01)
        yield Running(f"http://127.0.0.1:{port}", database)
        serving.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def admin(running: Running) -> Iterator[httpx.Client]:
    """A client with role admin."""
    with running.client() as client:
        yield client
