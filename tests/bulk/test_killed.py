"""A worker that is killed in the middle of a job: nothing is lost, and nothing is done twice."""

import os
import signal
import subprocess
import sys
import time

from tests.bulk.conftest import Bulk
from tests.conftest import TREE
from viertakt.bulk.model import Job, JobState

ITEMS = 3_000
KILLS = 3
SECONDS_MAX = 60


def start(url: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "viertakt.cli", "worker"],
        cwd=TREE,
        env={**os.environ, "VIERTAKT_DATABASE_URL": url},
        stderr=subprocess.DEVNULL,
    )


def wait_until_settled(bulk: Bulk, job: Job, more_than: int, process: "subprocess.Popen[bytes]") -> Job:
    """The job once more than so many of its items are settled, or it has ended."""
    ends = time.monotonic() + SECONDS_MAX
    while (found := bulk.look(job)).handled <= more_than and found.state is JobState.RUNNING:
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < ends, "the worker does nothing"
        time.sleep(0.01)
    return found


def kill_with_work_in_hand(bulk: Bulk, process: "subprocess.Popen[bytes]") -> None:
    """Kill -9 at a moment at which it has claimed items and not settled them: it is held still to look."""
    ends = time.monotonic() + SECONDS_MAX
    while True:
        process.send_signal(signal.SIGSTOP)
        if bulk.house.sql("SELECT count(*) > 0 FROM viertakt.bulk_item WHERE leased_until > now()") == [
            (True,)
        ]:
            break
        process.send_signal(signal.SIGCONT)
        assert time.monotonic() < ends, "it was never seen at work"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_killed_worker_loses_nothing_and_doubles_nothing(bulk: Bulk) -> None:
    """kill -9 between a move's commit and the note of it: the key answers, and whoever comes next goes on."""
    bulk.withdrawals(ITEMS)
    job = bulk.make("kind:withdrawal")
    bulk.says(bulk.start(job), bulk.person("Risk", "risk"))
    handled = 0
    for _ in range(KILLS):
        process = start(bulk.house.url)
        handled = wait_until_settled(bulk, job, handled, process).handled
        kill_with_work_in_hand(bulk, process)
        # Time passes: what the dead one had claimed is free again.
        bulk.house.sql("UPDATE viertakt.bulk_item SET leased_until = now() WHERE leased_until IS NOT NULL")
    assert handled < ITEMS, "it was killed in the middle"
    process = start(bulk.house.url)
    ended = wait_until_settled(bulk, job, ITEMS, process)
    process.terminate()
    assert process.wait() == 0
    assert (ended.state, ended.done, ended.left) == (JobState.DONE, ITEMS, 0)
    assert bulk.stages() == {"releasing": ITEMS}
    moved = "SELECT count(*), count(DISTINCT operation_id) FROM viertakt.entry WHERE sort = 'moved'"
    assert bulk.house.sql(moved) == [(ITEMS, ITEMS)]
    assert bulk.house.sql("SELECT count(*) FROM viertakt.entry WHERE sort = 'refused'") == [(0,)]
    assert bulk.house.sql("SELECT max(attempt) > 1 FROM viertakt.bulk_item") == [(True,)]
