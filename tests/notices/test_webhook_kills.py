"""Workers and databases that are killed while something is sent: the receiver's own journal proves that nothing is missing, and in which order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tests.conftest import POSTGRES, TREE
from tests.notices.post import Post
from tests.notices.receivers import Receiver, receiving
from tests.operations.conftest import House, back_office
from tests.operations.killed import kill_database
from viertakt.db.embedded import embedded
from viertakt.db.migrate import migrate
from viertakt.db.partitions import ensure_partitions
from viertakt.db.pool import connect
from viertakt.notices.endpoint_model import Endpoint

OPERATIONS, KILLS, ANSWERED, SECONDS_MAX = 60, 2, 10, 90
KEY = "a key that only these tests know"


def start(house: House) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "VIERTAKT_DATABASE_URL": house.url,
        "VIERTAKT_SECRET_KEY": KEY,
        "VIERTAKT_WEBHOOK_ALLOW": "127.0.0.0/8",
    }
    command = [sys.executable, "-m", "viertakt.cli", "worker"]
    return subprocess.Popen(command, cwd=TREE, env=environment, stderr=subprocess.DEVNULL)


def until(question: Callable[[], bool]) -> None:
    ends = time.monotonic() + SECONDS_MAX
    while not question():
        assert time.monotonic() < ends, "it did not come true in time"
        time.sleep(0.02)


def judge(receiver: Receiver) -> None:
    """Every number is there, each with one id; what arrived first of each operation stands in the order of its history."""
    ids: dict[int, set[str]] = {}
    seen: dict[str, list[int]] = {}
    for got in receiver.got:
        data = got.document["data"]
        ids.setdefault(data["number"], set()).add(got.id)
        entries = seen.setdefault(data["operation"]["id"], [])
        if data["entry"]["seq"] not in entries:
            entries.append(data["entry"]["seq"])
    assert sorted(ids) == list(range(1, 2 * OPERATIONS + 1))
    assert all(len(one) == 1 for one in ids.values())
    assert all(entries == sorted(entries) for entries in seen.values())


def in_the_middle(receiver: Receiver) -> None:
    """Some were answered, and some have come and were not: whatever is killed now is killed between the two."""
    before = len(receiver.got)
    receiver.close_after(ANSWERED)
    until(lambda: len(receiver.got) > before + ANSWERED)


def finish(house: House, receiver: Receiver) -> None:
    worker = start(house)
    until(lambda: len({got.id for got in receiver.got}) == 2 * OPERATIONS)
    worker.terminate()
    worker.wait()
    judge(receiver)


def test_a_killed_worker_loses_nothing_and_keeps_the_order(database: str) -> None:
    """Claims outlive their worker by their lease; what went out twice carries the same id."""
    with back_office(database) as house, receiving() as receiver:
        post, endpoint = filled(house, receiver)
        for _ in range(KILLS):
            worker = start(house)
            in_the_middle(receiver)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            receiver.open()
            post.hurry(endpoint)  # as if its leases had ended
        assert len({got.id for got in receiver.got}) < 2 * OPERATIONS
        finish(house, receiver)


def test_a_killed_database_loses_nothing_either(folder: Path) -> None:
    """Claims, and what came of them, are written or are not; what went out in between goes out again with its id."""
    with embedded(folder / "data", POSTGRES) as server, receiving() as receiver:
        url = server.url("postgres")
        with connect(url) as conn:
            migrate(conn)
            ensure_partitions(conn, now=datetime.now(UTC))
            conn.commit()
        with back_office(url) as house:
            post, endpoint = filled(house, receiver)
            worker = start(house)
            in_the_middle(receiver)
            kill_database(url)
            before = len(receiver.got)
            receiver.open()
            until(lambda: len(receiver.got) > before)  # the worker has found it again
            assert worker.poll() is None
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            until(lambda: is_there(url))
            post.hurry(endpoint)
            finish(house, receiver)


def filled(house: House, receiver: Receiver) -> tuple[Post, Endpoint]:
    post = Post(house)
    endpoint, _ = post.endpoint(receiver.url)
    opened = [house.open("ticket", f"T-{number}") for number in range(OPERATIONS)]
    for operation in opened:
        house.move(operation, "start")
    return post, endpoint


def is_there(url: str) -> bool:
    try:
        connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
