"""Connections as all of Viertakt uses them, and what becomes of a database that does not answer."""

from datetime import timedelta

import psycopg
import pytest
from psycopg.types.json import Json

from viertakt import errors
from viertakt.db.pool import answering, connect, open_pool


def test_names_without_a_schema_are_not_found(database: str) -> None:
    """Otherwise a table of the same name in a host's schema could stand in front of ours."""
    with connect(database) as connection:
        connection.execute("SELECT operation_id FROM viertakt.operation LIMIT 1")
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT operation_id FROM operation LIMIT 1")


def test_a_pooled_connection_is_the_same_as_a_single_one(database: str) -> None:
    """What is tested on one must hold on the other."""
    with open_pool(database, application_name="viertakt-counter") as pool, pool.connection() as connection:
        row = connection.execute(
            "SELECT current_setting('application_name'), current_setting('search_path'), %s::jsonb",
            [Json({"a": [1]})],
        ).fetchone()
        assert row == ("viertakt-counter", "pg_catalog", {"a": [1]})


def test_the_application_role_cannot_rewrite_history(database: str) -> None:
    """The pool of the application takes it on, so that an injected statement finds nothing to drop."""
    with open_pool(database, role="viertakt_app") as pool:
        for statement in (
            "TRUNCATE viertakt.entry",
            "DROP TABLE viertakt.entry",
            "DELETE FROM viertakt.entry",
        ):
            with pool.connection() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_a_statement_that_takes_too_long_is_unavailable(database: str) -> None:
    """Nobody waits for it any more, and it must not keep a connection from others."""
    with connect(database, statement_timeout=timedelta(milliseconds=50)) as connection:
        with pytest.raises(errors.Unavailable), answering():
            connection.execute("SELECT pg_sleep(5)")
        connection.rollback()


def test_a_lost_connection_is_unavailable_and_the_pool_mends_itself(database: str) -> None:
    """After a failover the next request must succeed without a restart of ours."""
    with open_pool(database, size_max=1) as pool:
        with pytest.raises(errors.Unavailable), answering(), pool.connection() as connection:
            connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        with answering(), pool.connection() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_database_that_is_not_there_is_unavailable() -> None:
    """The caller may ask again; it is no bug of ours."""
    with pytest.raises(errors.Unavailable), answering():
        connect("postgresql://postgres@/nowhere?host=/nonexistent")


def test_a_deadlock_passes_as_it_is() -> None:
    """The batch tries those again by itself; for a caller nothing is unavailable."""
    with pytest.raises(psycopg.errors.DeadlockDetected), answering():
        raise psycopg.errors.DeadlockDetected


def test_a_connection_that_comes_back_in_autocommit_is_a_bug(database: str) -> None:
    """Its next borrower would write half a batch; the pool throws it away and says so."""
    with open_pool(database, size_max=1) as pool:
        with pool.connection() as connection:
            first = connection.info.backend_pid
            connection.commit()
            connection.autocommit = True
        with pool.connection() as connection:
            assert connection.info.backend_pid != first
            assert connection.autocommit is False
