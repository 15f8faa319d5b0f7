"""The same work with django-fsm-2 and django-fsm-log: two processes with some threads each, as a site would run it.

What lives here: a model with a state field and its log, and the processes that move it. They are started apart, because
Django is configured once a process.
"""

import json
import subprocess
import sys

from bench.house import House

TEMPLATE = "by_django"
PROCESSES = 2
THREADS = 4  # so that one commits while another computes; which number serves it best has not been measured


def moves(place: House, seconds: float) -> float:
    """Moves per second of all its processes together."""
    url, fresh = place.template(TEMPLATE)
    if fresh:
        _finish(_start("fill", url, operations=place.operations))
        place.settle(url)
    with place.copy(TEMPLATE) as copy:
        running = [
            _start(
                "move",
                copy,
                operations=place.operations,
                seconds=seconds,
                threads=THREADS,
                part=n,
                parts=PROCESSES,
            )
            for n in range(PROCESSES)
        ]
        return sum(_finish(process) for process in running)


def _start(command: str, url: str, **settings: float) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bench.by_django", command, json.dumps({"url": url, **settings})],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _finish(process: "subprocess.Popen[str]") -> float:
    said, complained = process.communicate()
    assert process.returncode == 0, f"django: {complained[-2000:]}"
    return float(said)
