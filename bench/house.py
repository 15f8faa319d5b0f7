"""The embedded server all sides work on, and fresh copies of each side's tables.

Templates are filled once: ours with opened withdrawals, the others' with as many rows. Every round works on a new copy,
because a figure moves by half as tables grow; caches are warm, as the copy has just been written.
"""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
from psycopg import sql
from uuid_utils.compat import uuid7

from viertakt.access.actions import actor_by_id, install_roles, issue_token
from viertakt.access.model import Actor, ActorId
from viertakt.db.embedded import Server, embedded
from viertakt.db.migrate import migrate
from viertakt.db.partitions import ensure_partitions
from viertakt.db.pool import connect
from viertakt.kinds.actions import install_builtin
from viertakt.kinds.model import KindName
from viertakt.operations.model import Answer, Caller, Money, OpenRequest, OperationId
from viertakt.wiring import Application

POSTGRES = 18
OURS = "ours"  # the template with our tables
SUBJECTS = 5_000  # whom the operations concern, in turn


class House:
    """The server, our template, who moves in it and what there is to move."""

    def __init__(self, server: Server, *, operations: int) -> None:
        self.server = server
        self.operations = operations
        self.ids: list[OperationId] = []
        self.secret = ""
        self.actor_id = ActorId("")
        self._templates: set[str] = set()

    @contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """The address of a fresh copy of a template, dropped afterwards."""
        name = f"{template}_{secrets.token_hex(4)}"
        with self._maintenance() as conn:
            conn.execute(_statement("CREATE DATABASE {} TEMPLATE {}", name, template))
            conn.execute("CHECKPOINT")  # so that no round pays for the copy
        try:
            yield self.server.url(name)
        finally:
            with self._maintenance() as conn:
                conn.execute(_statement("DROP DATABASE {} WITH (FORCE)", name))

    def template(self, name: str) -> tuple[str, bool]:
        """The address of a template, and whether it is new and has to be filled."""
        fresh = name not in self._templates
        if fresh:
            self._templates.add(name)
            self.server.ensure_database(name)
        return self.server.url(name), fresh

    def actor(self, application: Application) -> Actor:
        """The admin token that makes every move."""
        return application.call(lambda conn: actor_by_id(conn, self.actor_id))

    def fill(self) -> None:
        """Make our template: everything an installation has, an admin token, and opened withdrawals."""
        url, _ = self.template(OURS)
        with connect(url, statement_timeout=None) as conn:
            migrate(conn)
            ensure_partitions(conn, now=datetime.now(UTC))
            conn.commit()
            install_roles(conn)
            install_builtin(conn)
            self.secret, token = issue_token(conn, "bench", ["admin"])
            self.actor_id = token.id
            conn.commit()
        with Application(url) as application:
            asyncio.run(self._open(application))
        self.settle(url)

    def settle(self, url: str) -> None:
        """Statistics and visibility as a running installation has them."""
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute("VACUUM ANALYZE")

    async def _open(self, application: Application) -> None:
        caller = Caller(self.actor(application))
        self.ids = [OperationId(uuid7()) for _ in range(self.operations)]
        openings = [
            OpenRequest(
                operation_id=operation,
                caller=caller,
                kind=KindName("withdrawal"),
                reference=f"W-{number}",
                subject=f"player-{number % SUBJECTS}",
                brand="casino-nl",
                amount=Money(Decimal("12.50"), "EUR"),
                attributes={"method": "bank", "country": "NL"},
            )
            for number, operation in enumerate(self.ids)
        ]
        results = await application.batch.ask_all(openings)
        assert all(isinstance(result, Answer) for result in results), "every opening is accepted"

    def _maintenance(self) -> psycopg.Connection:
        return psycopg.connect(self.server.url("postgres"), autocommit=True)


@contextmanager
def house(*, operations: int) -> Iterator[House]:
    """A server of our own with fsync on, in a folder that is removed afterwards, with our template filled."""
    folder = Path(tempfile.mkdtemp(prefix="viertakt-bench-"))
    folder.chmod(0o755)  # as root the server runs as another account, which must get through
    try:
        with embedded(folder / "data", POSTGRES, options={"max_connections": "200"}) as server:
            place = House(server, operations=operations)
            place.fill()
            yield place
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*map(sql.Identifier, names))
