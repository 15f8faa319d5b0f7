"""Databases for tests: one template a session, a copy a test; on the embedded PostgreSQL, or a server of your own."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from viertakt.access.actions import install_roles
from viertakt.db.embedded import embedded
from viertakt.db.migrate import migrate
from viertakt.db.partitions import ensure_partitions
from viertakt.db.pool import connect
from viertakt.kinds.actions import install_builtin

# Halves the time of a copy; nothing here must survive a power cut.
HURRIED = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


@contextmanager
def template(folder: Path) -> Iterator[str]:
    """The address of a database to copy from; `folder`: where the embedded server keeps its files."""
    given = os.environ.get("VIERTAKT_TEST_DATABASE_URL")
    if given:
        with _made(given) as url:
            yield url
        return
    with embedded(folder, options=HURRIED) as server, _made(server.url("postgres")) as url:
        yield url


@contextmanager
def copy(of: str) -> Iterator[str]:
    """The address of a fresh copy, dropped afterwards."""
    known = conninfo.conninfo_to_dict(of)
    server = conninfo.make_conninfo(of, dbname="postgres")
    with _database(server, sql.SQL("TEMPLATE {}").format(sql.Identifier(str(known["dbname"])))) as url:
        yield url


@contextmanager
def _made(server: str) -> Iterator[str]:
    with _database(server, sql.SQL("")) as url:
        with connect(url) as conn:
            migrate(conn)
            ensure_partitions(conn, now=datetime.now(UTC), months_ahead=1)
            install_roles(conn)
            install_builtin(conn)
            conn.commit()
            conn.execute(files(__package__).joinpath("held_clock.psql").read_bytes())
            conn.commit()
        yield url


@contextmanager
def _database(server: str, how: sql.Composable) -> Iterator[str]:
    name = sql.Identifier(made := f"viertakt_test_{secrets.token_hex(6)}")
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {} {}").format(name, how))
    try:
        yield conninfo.make_conninfo(server, dbname=made)
    finally:
        with psycopg.connect(server, autocommit=True) as conn:
            conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
