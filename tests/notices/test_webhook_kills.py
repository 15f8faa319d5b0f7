"""A worker that is killed while it sends: the receiver's own journal proves that nothing is missing, and in which order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from tests.conftest import TREE
from tests.notices.post import Post
from tests.notices.receivers import Receiver, receiving
from tests.operations.conftest import House, back_office

OPERATIONS, KILLS, SECONDS_MAX = 60, 2, 90
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


def test_a_killed_worker_loses_nothing_and_keeps_the_order(database: str) -> None:
    """Claims outlive their worker by their lease; what went out twice carries the same id."""
    with back_office(database) as house, receiving() as receiver:
        post = Post(house)
        endpoint, _ = post.endpoint(receiver.url)
        opened = [house.open("ticket", f"T-{number}") for number in range(OPERATIONS)]
        for operation in opened:
            house.move(operation, "start")
        for _ in range(KILLS):
            before = len(receiver.got)
            worker = start(house)
            until(lambda before=before: len(receiver.got) > before)  # type: ignore[misc]
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            post.hurry(endpoint)  # as if its leases had ended
        worker = start(house)
        until(lambda: len({got.id for got in receiver.got}) == 2 * OPERATIONS)
        worker.terminate()
        worker.wait()
        judge(receiver)
