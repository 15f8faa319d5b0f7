"""The host's connection as psycopg knows it: taken out of SQLAlchemy's or Django's hands, and used with rows of our own.

Neither is imported: whoever passes one has it. What they are is told by what they can do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from psycopg import Connection, Cursor
from psycopg.adapt import AdaptersMap
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from viertakt.errors import Invalid

# As psycopg comes, whatever the host registers later on: Django, for one, reads JSON as text.
_ADAPTERS = AdaptersMap(psycopg.adapters)


class SqlalchemySession(Protocol):
    """A session of SQLAlchemy."""

    def get_bind(self) -> Any: ...

    def connection(self) -> Any: ...


class SqlalchemyConnection(Protocol):
    """A connection of SQLAlchemy."""

    def exec_driver_sql(self, statement: str) -> Any: ...

    def in_transaction(self) -> bool: ...


class DjangoConnection(Protocol):
    """`django.db.connection`, or one of `django.db.connections`."""

    def ensure_connection(self) -> None: ...


HostConnection = Connection[Any] | SqlalchemySession | SqlalchemyConnection | DjangoConnection


def driver_connection(conn: HostConnection) -> Connection[Any]:
    """The psycopg connection beneath, inside a transaction of the host. Raises `Invalid` where there is none."""
    driver = _beneath(conn)
    if not isinstance(driver, Connection):
        raise Invalid(
            f"This takes a synchronous connection of psycopg 3, alone or beneath SQLAlchemy or Django, not {_named(driver)}."
        )
    if driver.autocommit and driver.info.transaction_status == TransactionStatus.IDLE:
        raise Invalid(
            "This connection is in autocommit: begin a transaction, or your rows and the status would not commit together."
        )
    return driver


@contextmanager
def our_rows(conn: Connection[Any]) -> Iterator[None]:
    """Rows as tuples, and values as psycopg reads them, while we read; whatever the host prefers."""
    rows, cursors = conn.row_factory, conn.cursor_factory
    conn.row_factory, conn.cursor_factory = tuple_row, _OurCursor
    try:
        yield
    finally:
        conn.row_factory, conn.cursor_factory = rows, cursors


def sees_one_moment(conn: Connection[Any]) -> bool:
    """Whether the transaction goes on seeing the database as it was when it began."""
    (level,) = conn.execute("SHOW transaction_isolation").fetchone() or ("",)
    return level in {"repeatable read", "serializable"}


class _OurCursor(Cursor[Any]):
    @property
    def adapters(self) -> AdaptersMap:
        return _ADAPTERS


def _beneath(conn: Any) -> Any:
    if isinstance(conn, Connection):
        return conn
    if hasattr(conn, "ensure_connection"):  # Django
        conn.ensure_connection()
        conn.validate_no_broken_transaction()
        return conn.connection
    if hasattr(conn, "get_bind"):  # a session of SQLAlchemy
        conn = conn.connection()
    if hasattr(conn, "exec_driver_sql"):  # its connection
        if not conn.in_transaction():
            conn.begin()  # else it would not know that there is anything to commit
        return conn.connection.driver_connection
    return conn


def _named(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"
