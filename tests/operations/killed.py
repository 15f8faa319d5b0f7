"""Load against a database that is killed, with a ledger of acknowledgements kept outside of it."""

import os
import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from uuid_utils.compat import uuid7

from viertakt.access.actions import actor_by_id
from viertakt.access.model import Actor, system
from viertakt.db.embedded import embedded
from viertakt.db.migrate import migrate
from viertakt.db.partitions import ensure_partitions
from viertakt.db.pool import connect
from viertakt.kinds.actions import Kinds, install_builtin
from viertakt.kinds.model import KindName, TransitionName
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.batch import Batch
from viertakt.operations.model import Answer, Caller, MoveRequest, OpenRequest, Operation, OperationId
from viertakt.operations.turn import Engine

CALLERS = 8
KILL_AFTER_SECONDS = 0.3


def run_and_kill(folder: Path, *, kills: int) -> tuple[int, int, list[tuple[object, ...]]]:
    """How many moves were acknowledged, how many of those are in the history, and the operations whose versions have gaps."""
    with embedded(folder / "data", 18) as server:
        url = server.url("postgres")
        with connect(url) as conn:
            migrate(conn)
            ensure_partitions(conn, now=datetime.now(UTC))
            install_builtin(conn)
            conn.commit()
        ledger: list[tuple[object, int]] = []
        stop = threading.Event()
        engine = Engine(Kinds(), load_catalogue(), actor_by_id)
        with Batch(lambda: connect(url), engine) as batch:
            callers = [threading.Thread(target=work, args=(batch, n, ledger, stop)) for n in range(CALLERS)]
            for caller in callers:
                caller.start()
            for _ in range(kills):
                time.sleep(KILL_AFTER_SECONDS)
                before = len(ledger)
                kill_database(url)
                wait_for_more(ledger, before)
            stop.set()
            for caller in callers:
                caller.join()
        return judge(url, ledger)


def work(batch: Batch, n: int, ledger: list[tuple[object, int]], stop: threading.Event) -> None:
    """Moves one operation to and fro, asking again with the same key until it is told what happened."""
    operation: Operation | None = None
    opening = OpenRequest(OperationId(uuid7()), Caller(system("load")), KindName("ticket"), f"T-{n}")
    while operation is None:
        result = batch.call_all([opening])[0]
        operation = result.operation if isinstance(result, Answer) else None
    step = 0
    while not stop.is_set():
        transition, actor = _next(operation)
        caller = Caller(actor, key=f"k{step}", body_digest=transition)
        result = batch.call_all([MoveRequest(operation.id, caller, TransitionName(transition))])[0]
        if isinstance(result, Answer):
            operation = result.operation
            ledger.append((operation.id, result.entry.seq))
            step += 1


def _next(operation: Operation) -> tuple[str, Actor]:
    """A ticket goes to the customer and back, for as long as it takes."""
    if operation.stage == "pending":
        return "reply", system("source:load")
    return "ask_customer", system("load")


def connect_again(url: str) -> psycopg.Connection:
    """A connection as soon as there is one: orphaned backends may have answered while the server still starts."""
    until = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            assert time.monotonic() < until, "the database was not back within a minute"
            time.sleep(0.05)


def kill_database(url: str) -> None:
    """Kill -9 the postmaster."""
    with connect_again(url) as conn:
        row = conn.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    assert row is not None, "a running server has its pid file"
    os.kill(int(str(row[0]).splitlines()[0]), signal.SIGKILL)


def wait_for_more(ledger: list[tuple[object, int]], before: int) -> None:
    """Until work goes on, which shows that the database is back and the batch has found it."""
    until = time.monotonic() + 60
    while len(ledger) <= before and time.monotonic() < until:
        time.sleep(0.02)
    assert len(ledger) > before, "service was not back within a minute"


def judge(url: str, ledger: list[tuple[object, int]]) -> tuple[int, int, list[tuple[object, ...]]]:
    with connect_again(url) as conn:
        kept = set(conn.execute("SELECT operation_id, entry_seq FROM viertakt.entry").fetchall())
        gaps = conn.execute(
            "SELECT operation_id FROM viertakt.entry WHERE version IS NOT NULL GROUP BY operation_id"
            " HAVING max(version) <> count(*) OR count(DISTINCT key) <> count(*) - 1"
        ).fetchall()
    return len(ledger), sum(line in kept for line in ledger), gaps
