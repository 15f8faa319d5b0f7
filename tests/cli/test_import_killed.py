"""An import that is killed in the middle, as a process that somebody started."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.cli.conftest import Terminal
from tests.conftest import TREE
from tests.exchange.logs import event, trace, write, write_map
from viertakt.db.pool import connect

CASES = 3_000
STARTED_SECONDS_MAX = 120
POST = event("Post", "2026-01-01T10:00:00Z", "7")
SORT = event("Sort", "2026-01-02T10:00:00Z", "belt")


def test_a_killed_import_is_finished_by_the_next_and_nothing_is_doubled(
    terminal: Terminal, database: str, tmp_path: Path
) -> None:
    """Openings and moves go in many transactions; whichever was the last, the next run begins with what is there."""
    log = write(tmp_path, [trace(f"P-{n}", POST, SORT, SORT) for n in range(CASES)], "log.xes.gz")
    line = ["import", "xes", str(log), "--map", str(write_map(tmp_path))]
    environment = {**os.environ, "VIERTAKT_DATABASE_URL": database}
    process = subprocess.Popen(
        [sys.executable, "-m", "viertakt.cli", *line], cwd=TREE, env=environment, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + STARTED_SECONDS_MAX
    with connect(database, autocommit=True) as conn:
        while not conn.execute("SELECT 1 FROM viertakt.entry WHERE sort = 'moved' LIMIT 1").fetchone():
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline, "it moved nothing"
            time.sleep(0.005)
    process.kill()
    process.wait()
    report = terminal(*line, "--json").json
    assert 0 < report["opened"] < CASES
    assert (report["cases"], report["refused_count"]) == (CASES, 0)
    with connect(database) as conn:
        counts = conn.execute(
            "SELECT count(*), count(DISTINCT operation_id), count(*) FILTER (WHERE sort = 'moved') FROM viertakt.entry"
        ).fetchone()
    assert counts == (3 * CASES, CASES, 2 * CASES)
