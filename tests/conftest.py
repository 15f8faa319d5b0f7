"""A real PostgreSQL for every test: one server, one migrated template, and a fresh copy or a rolled-back transaction.

    database   the address of a migrated database of its own; commit what you like, it is dropped afterwards
    conn       a connection inside a transaction that is rolled back; for everything that need not commit

VIERTAKT_TEST_POSTGRES=16 runs everything on PostgreSQL 16. VIERTAKT_TEST_DATABASE_URL names a server of your own
(a role that may create databases). The embedded server is shared by all test processes of this tree, and stops with the
last of them; its fsync is off, for nothing in it is worth keeping.
"""

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import psycopg
import pytest
from psycopg import conninfo, sql

from viertakt.db.embedded import embedded
from viertakt.db.migrate import all_migrations, migrate
from viertakt.db.partitions import ensure_partitions
from viertakt.db.places import POINTER
from viertakt.db.pool import Connection, connect

# A shared machine is slow at times; slowness is what benchmarks are for.
hypothesis.settings.register_profile("ci", deadline=None, max_examples=200)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=50)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "quick")

TREE = Path(__file__).resolve().parents[1]
POSTGRES = int(os.environ.get("VIERTAKT_TEST_POSTGRES", "18"))
# Halves the time of a copy; nothing here must survive a power cut, and nothing is replicated.
HURRIED = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0"}
TEMPLATE_LOCK = 8484
# Copies left behind by a test process that was killed; nobody's tests take longer than this.
LEFTOVERS = """
    SELECT datname FROM pg_database
    WHERE (datname LIKE 'test\\_%%' OR datname LIKE 'template\\_%%' AND datname <> %s)
    AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '3 hours'
    AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datname = pg_database.datname)
"""


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The address of the server's maintenance database."""
    given = os.environ.get("VIERTAKT_TEST_DATABASE_URL")
    if given:
        yield given
        return
    data = TREE / ".viertakt" / f"tests-{POSTGRES}-{os.geteuid()}"
    options = {"max_connections": "200", "shared_buffers": "256MB", **HURRIED}
    with embedded(data, POSTGRES, options=options) as server:
        yield server.url("postgres")


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    """The name of a migrated database to copy from; made once for each state of the migrations."""
    # What the name is made from is all that the content depends on.
    text = "".join(migration.checksum for migration in all_migrations())
    month = datetime.now(UTC).strftime("%Y%m")
    name = f"template_b{hashlib.sha256(text.encode()).hexdigest()[:12]}_{month}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            if not os.environ.get("VIERTAKT_TEST_DATABASE_URL"):
                for (old,) in connection.execute(LEFTOVERS, [name]).fetchall():
                    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
            # Under another name until it is whole: a killed run must not leave half a template.
            draft = f"test_{secrets.token_hex(6)}"
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            with connect(conninfo.make_conninfo(server_url, dbname=draft)) as fresh:
                migrate(fresh)
                ensure_partitions(fresh, now=datetime.now(UTC), months_ahead=0)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(draft), sql.Identifier(name)))
    return name


def _copy(server_url: str, template: str) -> Iterator[str]:
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                *map(sql.Identifier, (name, template))
            )
        )
    yield conninfo.make_conninfo(server_url, dbname=name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database(server_url: str, template: str) -> Iterator[str]:
    """The address of a migrated database of the test's own, dropped afterwards."""
    yield from _copy(server_url, template)


@pytest.fixture(scope="session")
def shared_database(server_url: str, template: str) -> Iterator[str]:
    """The address of one migrated database for the whole session; nothing is ever committed to it."""
    yield from _copy(server_url, template)


@pytest.fixture
def conn(shared_database: str) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back at the end; `conn.transaction()` inside makes savepoints."""
    connection = connect(shared_database, application_name="viertakt-test")
    try:
        # Begun here, so that a first `conn.transaction()` in the test is a savepoint and not a commit.
        connection.execute("SELECT 1")
        yield connection
    finally:
        connection.rollback()
        connection.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A temporary folder that every account may enter (pytest's own may not), with a cluster elsewhere removed too."""
    made = Path(tempfile.mkdtemp(prefix="viertakt-test-"))
    made.chmod(0o755)
    yield made
    for pointer in made.rglob(POINTER):
        elsewhere = Path(pointer.read_text(encoding="utf-8").strip())
        shutil.rmtree(elsewhere, ignore_errors=True)
        elsewhere.with_name(f"{elsewhere.name}.belongs-to").unlink()
    shutil.rmtree(made)
