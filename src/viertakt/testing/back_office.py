"""A real back office for one test: server, duties and followers, and a clock that moves only when the test says so.

advance(days=5) ──► the held clock is set ──► settle: entries get their places, followers follow, duties are worked
                                              off, until there is nothing left that is due
"""

import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import httpx
from psycopg import sql

from viertakt.access.actions import add_person, issue_token
from viertakt.access.model import system
from viertakt.api.server import server
from viertakt.db import pool
from viertakt.db.leases import work_off
from viertakt.db.pool import Connection, connect
from viertakt.deadlines.firing import Deadlines
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.kinds.actions import publish_kind
from viertakt.kinds.document import read_kind
from viertakt.settings import Settings
from viertakt.wiring import FOLDS, FOLLOWERS, Application, turns
from viertakt_client import Client, Entry

T = TypeVar("T")
HELD = "held,pg_catalog"  # as a startup option has it, without a blank
APART = {"deadlines", "webhooks"}
ROUNDS_MAX = 50  # of settling: what is due sets off what is due next, and a ring of it is a fault of a kind
CHANGES = frozenset({"opened", "moved", "amended"})


class BackOffice:
    """What the fixture `viertakt` gives.

    `client`: a platform's, with a token of the role `integration`. `database_url`: for `viertakt.move` and its like in a
    transaction of your own.
    """

    def __init__(self, application: Application, url: str, database_url: str, stack: ExitStack) -> None:
        self.url = url
        self.database_url = database_url
        self._application = application
        self._stack = stack
        self._passed = 0.0  # the clock that nobody sets, which time limits are compared with, is held too
        self._deadlines = Deadlines(application.batch, clock=lambda: self._passed)
        self.token = self._ask(lambda conn: issue_token(conn, "tests", ["integration"])[0])
        self.client = stack.enter_context(Client(url, self.token))

    @property
    def now(self) -> datetime:
        """The moment at which the clock is held."""
        (moment,) = self._ask(lambda conn: conn.execute("SELECT clock_timestamp()").fetchone()) or (None,)
        assert isinstance(moment, datetime), "the clock always stands somewhere"
        return moment

    def advance(self, by: timedelta) -> None:
        """Let so much time pass; whatever was due in it has happened when this returns, as of its end."""
        assert by >= timedelta(0), "time does not go backwards"
        # Composed, for no table of this name is there where every named statement is prepared.
        later = sql.SQL("UPDATE {} SET at = at + {}").format(sql.Identifier("held", "clock"), by)
        self._ask(lambda conn: conn.execute(later).rowcount)
        self._passed += by.total_seconds()
        self.settle()

    def settle(self) -> None:
        """Let everything happen that is due: checks, deadlines, children, signals. It returns when nothing is."""
        # Deadlines are fired below, by the held clock; webhooks wait for news, and tell nobody here.
        others = {name: turn for name, turn in turns(self._application).items() if name not in APART}
        for _ in range(ROUNDS_MAX):
            done = self._follow() + work_off(self._ask, self._deadlines)
            # A turn that found something wants the next one at once.
            done += sum(turn() == 0.0 for turn in others.values())
            if not done:
                return
        raise AssertionError(
            f"after {ROUNDS_MAX} rounds there is still something due: a ring of checks or deadlines"
        )

    def person(self, role: str) -> Client:
        """A client in which somebody new, with this role, is signed in: for moves that people make."""
        password = secrets.token_urlsafe(16)
        email = f"{role}-{secrets.token_hex(4)}@tests.example"
        self._ask(
            lambda conn: add_person(
                conn, email=email, name=role, roles=[role], password=password, language="en"
            )
        )
        desk = httpx.Client(base_url=self.url, timeout=30, headers={"sec-fetch-site": "same-origin"})
        client = self._stack.enter_context(Client(self.url, http=desk))
        desk.post("/v1/session", json={"email": email, "password": password}).raise_for_status()
        return client

    def publish(self, kind: str | Path) -> None:
        """Publish a kind of your own: its YAML, or the file. Raises `InvalidKind` with all its faults."""
        text = kind.read_text(encoding="utf-8") if isinstance(kind, Path) else kind
        self._ask(lambda conn: publish_kind(conn, read_kind(text), actor=system("tests")))

    def _follow(self) -> int:
        with connect(self.database_url, autocommit=True) as conn:
            count = sequence_all(conn, FOLDS)
            return count + sum(follow_all(conn, name, project) for name, project in FOLLOWERS.items())

    def _ask(self, question: Callable[[Connection], T]) -> T:
        return self._application.call(question)


def assert_history(client: Client, operation_id: UUID, expected: Sequence[str]) -> None:
    """That an operation came this way: the stage it began in, then each change as "transition > stage".

    What stands beside it (notes, refusals) is left out. Where it differs, all entries are shown.
    """
    entries = list(client.history(operation_id))
    found = [_told(entry) for entry in entries if entry.sort in CHANGES]
    shown = "\n".join(
        f"  {entry.at:%Y-%m-%d %H:%M:%S} {entry.actor.id}: {entry.sort} {_told(entry)} {entry.reason or ''}".rstrip()
        for entry in entries
    )
    assert found == list(expected), f"It came another way: {found}\nIts history:\n{shown}"


@contextmanager
def back_office(database: str) -> Iterator[BackOffice]:
    """A back office over a migrated database with a held clock."""
    with ExitStack() as stack:
        before, pool.SEARCH_PATH = pool.SEARCH_PATH, HELD
        stack.callback(setattr, pool, "SEARCH_PATH", before)
        settings = Settings(secret_key=secrets.token_hex(32))
        application = stack.enter_context(Application(database, settings=settings))
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = listener.getsockname()[1]
        serving = server(application, host="127.0.0.1", port=port)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        stack.callback(thread.join, 10)
        stack.callback(setattr, serving, "should_exit", True)
        while not serving.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        yield BackOffice(application, f"http://127.0.0.1:{port}", database, stack)


def _told(entry: Entry) -> str:
    stage = entry.to.stage if entry.to else ""
    return f"{entry.transition} > {stage}" if entry.transition else stage
