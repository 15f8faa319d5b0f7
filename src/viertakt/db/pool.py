"""Connections to PostgreSQL as all of Viertakt uses them, alone (`connect`) or pooled (`open_pool`).

Every connection sees only `pg_catalog` without a schema's name: statements say `viertakt.operation`, so nobody can slip
another `operation` in front of ours, and the same statements work on a host application's connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool

from viertakt import errors

Connection = psycopg.Connection[TupleRow]
Pool = ConnectionPool[Connection]

# `viertakt.testing` puts a clock that a test holds in front of it, and nobody else touches it.
SEARCH_PATH = "pg_catalog"
CONNECT_SECONDS_MAX = 5
# A request that needs longer is one nobody waits for any more; reports ask for more when they open their pool.
STATEMENT_TIMEOUT = timedelta(seconds=30)
# A process that hangs between two statements must not hold row locks over the rest of the house.
IDLE_IN_TRANSACTION_TIMEOUT = timedelta(seconds=60)


def connection_arguments(
    application_name: str, statement_timeout: timedelta | None = STATEMENT_TIMEOUT, role: str | None = None
) -> dict[str, Any]:
    """Keyword arguments for `psycopg.connect`; a statement timeout of None means none (migrations, exports).

    `role` is taken on from the start: `viertakt_app` can neither alter tables nor rewrite history, whoever signed in.
    """
    settings: dict[str, str | int] = {
        "search_path": SEARCH_PATH,
        "jit": "off",
        # Operations and entries lie in the same months: joined month by month, a question that names a time or stops at its
        # cap reads few of them (2.1 s -> 0.1 s for a reason that 340,000 entries of ten million operations were given).
        "enable_partitionwise_join": "on",
        # Questions are short and many: to start workers for one takes longer than it saves, and takes cores from others.
        "max_parallel_workers_per_gather": 0,
        "statement_timeout": _milliseconds(statement_timeout),
        "idle_in_transaction_session_timeout": _milliseconds(IDLE_IN_TRANSACTION_TIMEOUT),
    }
    if role is not None:
        settings["role"] = role
    return {
        "application_name": application_name,
        "connect_timeout": CONNECT_SECONDS_MAX,
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        # A primary that vanishes without a word (power, firewall) is noticed in half a minute, not in two hours.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 25_000,
    }


def connect(
    url: str,
    *,
    application_name: str = "viertakt",
    statement_timeout: timedelta | None = STATEMENT_TIMEOUT,
    autocommit: bool = False,
    role: str | None = None,
) -> Connection:
    """One connection of the usual shape; the caller closes it."""
    connection = psycopg.connect(
        url, autocommit=autocommit, **connection_arguments(application_name, statement_timeout, role)
    )
    configure(connection)
    return connection


def open_pool(
    url: str,
    *,
    application_name: str = "viertakt",
    size_min: int = 1,
    size_max: int = 8,
    statement_timeout: timedelta | None = STATEMENT_TIMEOUT,
    wait: timedelta = timedelta(seconds=10),
    role: str | None = None,
) -> Pool:
    """An open pool of such connections; `wait` bounds the wait for a free one. The caller closes it.

    The pool mends itself after the database was away, so it is opened once for the life of a process.
    """
    return ConnectionPool(
        url,
        connection_class=Connection,
        kwargs=connection_arguments(application_name, statement_timeout, role),
        min_size=size_min,
        max_size=size_max,
        timeout=wait.total_seconds(),
        name=application_name,
        configure=configure,
        reset=check_returned,
        check=ConnectionPool.check_connection,
        open=True,
    )


def configure(connection: Connection) -> None:
    """JSON through msgspec in both directions, on this connection only."""
    set_json_dumps(msgspec.json.encode, connection)
    set_json_loads(msgspec.json.decode, connection)


def check_returned(connection: Connection) -> None:
    """A connection comes back as it went: the pool has already rolled back, loudly, what was left open."""
    assert connection.info.transaction_status == TransactionStatus.IDLE, (
        "A connection came back inside a transaction."
    )
    assert not connection.autocommit, (
        "A connection came back in autocommit: its next borrower would write piecemeal."
    )


@contextmanager
def answering() -> Iterator[None]:
    """Turns 'the database does not answer' into `errors.Unavailable`, at the edge, in this one place.

    Serialization failures and deadlocks (class 40) pass as they are: the batch tries those again by itself.
    """
    try:
        yield
    except psycopg.OperationalError as fault:
        if fault.sqlstate is not None and fault.sqlstate.startswith("40"):
            raise
        raise _unavailable() from fault
    except (psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction) as fault:
        # A closed connection, or a primary that has just become a standby.
        raise _unavailable() from fault


def _unavailable() -> errors.Unavailable:
    return errors.Unavailable(
        "The database does not answer at the moment; ask again with the same request key."
    )


def _milliseconds(timeout: timedelta | None) -> int:
    return 0 if timeout is None else int(timeout.total_seconds() * 1000)
