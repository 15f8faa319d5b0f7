"""Folders and processes around an embedded server of a test's own."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

# An account given as third argument is taken on after all imports: the interpreter itself may lie where it cannot go.
HOLD = """
import os
import sys
from pathlib import Path
import structlog
from viertakt.db.embedded import start
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
if len(sys.argv) > 3:
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[3]))
server = start(Path(sys.argv[1]), int(sys.argv[2]), options={"shared_buffers": "16MB"})
print(server.pid, server.adopted, server.url("postgres"), flush=True)
sys.stdin.read()
server.stop()
"""


class Held(msgspec.Struct):
    """Another process that uses the server of a data folder until its standard input ends."""

    process: subprocess.Popen[str]
    server_pid: int = 0
    adopted: bool = False
    url: str = ""

    def ready(self) -> "Held":
        """Itself, once its server answers."""
        assert self.process.stdout is not None
        words = self.process.stdout.readline().split()
        assert len(words) == 3, f"The process ended instead of starting a server: {self.process.wait()}"
        self.server_pid, self.adopted, self.url = int(words[0]), words[1] == "True", words[2]
        return self

    def release(self) -> None:
        """Let it give up the server and end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(60) == 0


Hold = Callable[..., Held]


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Start other processes that use a server; those that are left are let go at the end."""
    held: list[Held] = []

    def begin(data: Path, version: int = 18, uid: int | None = None, **arguments: object) -> Held:
        process = subprocess.Popen(  # type: ignore[call-overload]
            [sys.executable, "-c", HOLD, str(data), str(version), *([] if uid is None else [str(uid)])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/", **arguments,
        )  # fmt: skip
        held.append(Held(process))
        return held[-1]

    yield begin
    for one in held:
        one.process.send_signal(signal.SIGCONT)
        if one.process.poll() is None:
            one.release()
