"""Hosts of four makes over one database: each writes a row of its own and moves an operation in one transaction."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import django
import psycopg
import pytest
import sqlalchemy
from django.conf import settings
from django.db import connections, transaction
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.orm import Session

from tests.conftest import _copy
from tests.operations.conftest import House, back_office


class Write(Protocol):
    """Writes a note into the host's own ledger."""

    def __call__(self, note: str) -> None: ...


# What a host has in its hands inside a transaction: the connection it passes, and a way to write a row of its own.
Work = tuple[Any, Write]
Begin = Callable[[str], AbstractContextManager[Work]]
LEVELS = ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
INSERT = "INSERT INTO public.ledger VALUES ('{}')"


@pytest.fixture(scope="session")
def house(server_url: str, template: str) -> Iterator[House]:
    """One back office for all tests of this folder, whose database also holds the host's ledger."""
    for database in _copy(server_url, template):
        with back_office(database) as made:
            made.sql("CREATE TABLE public.ledger (note text)")
            yield made


@pytest.fixture
def name() -> str:
    """A reference that no other test has."""
    return secrets.token_hex(6)


@pytest.fixture(scope="session", params=["psycopg", "sqlalchemy session", "sqlalchemy connection", "django"])
def begin(request: pytest.FixtureRequest, house: House) -> Iterator[Begin]:
    """Begins a transaction of this make at a level of isolation; commits at its end, rolls back on an exception."""
    with HOSTS[request.param](house.url) as made:
        yield made


@contextmanager
def by_psycopg(url: str) -> Iterator[Begin]:
    @contextmanager
    def begin(level: str) -> Iterator[Work]:
        with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as conn:
            conn.isolation_level = psycopg.IsolationLevel[level.replace(" ", "_")]
            yield conn, lambda note: _nothing(conn.execute(INSERT.format(note)))

    yield begin


@contextmanager
def by_session(url: str) -> Iterator[Begin]:
    with _engine(url) as engine:

        @contextmanager
        def begin(level: str) -> Iterator[Work]:
            with Session(engine.execution_options(isolation_level=level)) as session, session.begin():
                yield session, lambda note: _nothing(session.execute(sqlalchemy.text(INSERT.format(note))))

        yield begin


@contextmanager
def by_connection(url: str) -> Iterator[Begin]:
    """Without a `begin`: SQLAlchemy begins by itself, and has to know that there is something to commit."""
    with _engine(url) as engine:

        @contextmanager
        def begin(level: str) -> Iterator[Work]:
            with engine.connect().execution_options(isolation_level=level) as conn:
                yield conn, lambda note: _nothing(conn.execute(sqlalchemy.text(INSERT.format(note))))
                conn.commit()

        yield begin


@contextmanager
def by_django(url: str) -> Iterator[Begin]:
    if not settings.configured:
        settings.configure(DATABASES={})
        django.setup()
    given = {str(name): value for name, value in conninfo_to_dict(url).items()}

    @contextmanager
    def begin(level: str) -> Iterator[Work]:
        connections.settings["host"] = connections.configure_settings(
            {
                "default": {},
                "host": {
                    "ENGINE": "django.db.backends.postgresql",
                    "NAME": given["dbname"],
                    "USER": given.get("user", ""),
                    "PASSWORD": given.get("password", ""),
                    "HOST": given.get("host", ""),
                    "PORT": given.get("port", ""),
                    "OPTIONS": {"isolation_level": psycopg.IsolationLevel[level.replace(" ", "_")]},
                },
            }
        )["host"]
        conn = connections["host"]
        try:
            with transaction.atomic(using="host"):
                yield conn, lambda note: _nothing(conn.cursor().execute(INSERT.format(note)))
        finally:
            conn.close()
            del connections["host"]

    yield begin


@contextmanager
def _engine(url: str) -> Iterator[sqlalchemy.Engine]:
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=sqlalchemy.NullPool
    )
    yield engine
    engine.dispose()


def _nothing(_: object) -> None:
    """Hosts look at what their statement says; these do not."""


HOSTS: dict[str, Callable[[str], AbstractContextManager[Begin]]] = {
    "psycopg": by_psycopg,
    "sqlalchemy session": by_session,
    "sqlalchemy connection": by_connection,
    "django": by_django,
}
