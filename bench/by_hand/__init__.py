"""The limit: what a careful person writes by hand for the same work, run by pgbench, one transaction a move.

What lives here: plain tables, the transaction, and a *blind* one in a single statement that neither reads nor keeps keys.
"""

import os
import re
import subprocess
from pathlib import Path

import psycopg

from bench.house import POSTGRES, House
from viertakt.db.binaries import programs

HERE = Path(__file__).parent
TEMPLATE = "by_hand"
CALLERS = 64
_RATE = re.compile(r"tps = ([0-9.]+)")
_LATENCY = re.compile(r"latency average = ([0-9.]+) ms")


def limit(place: House, seconds: float) -> float:
    """Moves per second by hand: select for update, guarded update, entry, key, commit."""
    return _found(_RATE, _pgbench(place, "move.sql", seconds, CALLERS))


def blind_limit(place: House, seconds: float) -> float:
    """Moves per second in one statement that reads nothing first and keeps no key."""
    return _found(_RATE, _pgbench(place, "blind.sql", seconds, CALLERS))


def lonely_limit(place: House, seconds: float) -> float:
    """The average latency in milliseconds of one caller alone, by hand."""
    return _found(_LATENCY, _pgbench(place, "move.sql", seconds, 1))


def _pgbench(place: House, script: str, seconds: float, callers: int) -> str:
    url, fresh = place.template(TEMPLATE)
    if fresh:
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute((HERE / "tables.sql").read_text(encoding="utf-8"))
            conn.execute("SELECT fill(%s)", [place.operations])
        place.settle(url)
    with place.copy(TEMPLATE) as copy:
        _run(copy, script, 1, callers, place.operations)  # warms caches; not counted
        return _run(copy, script, max(1, round(seconds)), callers, place.operations)


def _run(url: str, script: str, seconds: int, callers: int, operations: int) -> str:
    command = [
        str(programs(POSTGRES) / "pgbench"),
        "--no-vacuum",
        "--protocol=prepared",
        "--file",
        str(HERE / script),
    ]
    command += [f"--client={callers}", f"--jobs={min(2, callers)}", f"--time={seconds}"]
    command += [f"--define=operations={operations}", url]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"pgbench ran {script}: {said[-2000:]}"
    return said


def _found(pattern: re.Pattern[str], said: str) -> float:
    found = pattern.search(said)
    assert found is not None, f"pgbench tells its figures: {said[-2000:]}"
    return float(found[1])
