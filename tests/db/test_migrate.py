"""Migrations: applied once, in order, by one process, and never edited afterwards."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import conninfo, sql

from viertakt import errors
from viertakt.db.migrate import (
    Migration,
    all_migrations,
    migrate,
    normalised,
    pending,
    schema_of,
    schema_path,
)
from viertakt.db.pool import Connection, connect

TABLE = Migration("0001_shelf", "-- A shelf.\nCREATE TABLE viertakt.shelf (book text);")
COLUMN = Migration("0002_shelf_colour", "-- Its colour.\nALTER TABLE viertakt.shelf ADD COLUMN colour text;")
INDEX = Migration(
    "0003_index", "-- no-transaction\nCREATE INDEX CONCURRENTLY shelf_by_book ON viertakt.shelf (book);"
)


@pytest.fixture
def empty(server_url: str) -> Iterator[str]:
    """The address of a database without anything in it."""
    name = f"test_{threading.get_ident()}_empty"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {} STRATEGY file_copy").format(sql.Identifier(name)))
        yield conninfo.make_conninfo(server_url, dbname=name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_migrations_apply_once_and_in_order(empty: str) -> None:
    """A second run finds nothing to do, so every start may call it."""
    with connect(empty) as connection:
        assert [m.name for m in pending(connection, [TABLE, COLUMN])] == ["0001_shelf", "0002_shelf_colour"]
        assert migrate(connection, [TABLE, COLUMN]) == ["0001_shelf", "0002_shelf_colour"]
        assert migrate(connection, [TABLE, COLUMN]) == []
        assert connection.autocommit is False


def test_an_edited_migration_is_refused(empty: str) -> None:
    """A database that ran the old text would silently differ from a new one."""
    with connect(empty) as connection:
        migrate(connection, [TABLE])
        edited = Migration(TABLE.name, TABLE.text + "\n-- and more")
        with pytest.raises(errors.Conflict, match="0001_shelf"):
            migrate(connection, [edited])


def test_a_failing_migration_leaves_nothing_of_itself(empty: str) -> None:
    """Half a migration could be neither repeated nor finished."""
    broken = Migration("0002_broken", "CREATE TABLE viertakt.half (a int); SELECT 1 / 0;")
    with connect(empty) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            migrate(connection, [TABLE, broken])
        assert [m.name for m in pending(connection, [TABLE, broken])] == ["0002_broken"]
        row = connection.execute("SELECT to_regclass('viertakt.half')").fetchone()
        assert row == (None,)


def test_a_migration_can_ask_for_no_transaction(empty: str) -> None:
    """CREATE INDEX CONCURRENTLY, which spares the writers of a big table, refuses to run inside one."""
    with connect(empty) as connection:
        assert migrate(connection, [TABLE, INDEX]) == ["0001_shelf", "0003_index"]


def test_two_processes_that_migrate_at_once_do_the_work_once(empty: str) -> None:
    """Several servers start together after a deployment."""
    results: list[list[str]] = []

    def run() -> None:
        with connect(empty) as connection:
            results.append(migrate(connection, [TABLE, COLUMN, INDEX]))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(names) for names in results) == [0, 0, 3]


def test_every_migration_says_why_in_its_first_line() -> None:
    """A reader of the list should not have to guess from the statements."""
    for migration in all_migrations():
        lines = migration.text.removeprefix("-- no-transaction\n")
        assert lines.startswith("-- "), migration.name


def test_the_migrations_are_all_applied_in_the_test_database(conn: Connection) -> None:
    """The fixtures hand out what production would have."""
    assert pending(conn) == []


def test_schema_sql_equals_the_migrations(empty: str) -> None:
    """Reviewers read schema.sql; run `python -m viertakt.db.migrate schema` after changing migrations."""
    with connect(empty) as connection:
        if connection.info.server_version < 180000:
            pytest.skip("schema.sql is written by PostgreSQL 18, which names its NOT NULL constraints")
        migrate(connection)
    assert schema_path().read_text(encoding="utf-8") == schema_of(empty)


def test_the_written_schema_holds_statements_only() -> None:
    """pg_dump writes versions and random keys that change from run to run."""
    dump = "--\n-- Name: a\n--\n\n\\restrict x7\nSET lock_timeout = 0;\nCREATE TABLE viertakt.a ();\n\n\n\n"
    assert normalised(dump).endswith("together.\n\nCREATE TABLE viertakt.a ();\n")
