"""`viertakt up`: one process tree that starts, answers and stops together."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TREE
from viertakt.db.embedded import embedded
from viertakt.db.places import cluster_place

READY_SECONDS_MAX = 120  # on a machine that does ten other things; two seconds on one that does not


class House:
    """A data folder, and the commands that work over it, each a process of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        kept = {key: value for key, value in os.environ.items() if not key.startswith("VIERTAKT_")}
        self.environment = {**kept, "VIERTAKT_DATA": str(data)}
        self.running: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "viertakt.cli", *arguments],
            cwd=TREE, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.running.append(process)
        return process

    def up(self) -> tuple[subprocess.Popen[str], str]:
        process = self.start("up", "--port", "0", "--json")
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"up ended before it was ready: {process.communicate()}"
        return process, json.loads(line)["url"]

    def ask(self, *arguments: str) -> Any:
        process = self.start(*arguments, "--json")
        out, err = process.communicate(timeout=READY_SECONDS_MAX)
        assert process.returncode == 0, err
        return json.loads(out)

    def postgres_lives(self) -> bool:
        pid_file = cluster_place(self.data) / "postmaster.pid"
        if not pid_file.exists():
            return False
        return Path(f"/proc/{pid_file.read_text().split()[0]}").exists()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house over an empty folder; whatever a failing test left running is ended."""
    house = House(tmp_path / "data")
    yield house
    for process in house.running:
        if process.poll() is None:
            process.kill()
            process.wait()
    # Where the tests run as root, the cluster may lie outside the temporary folder, which no other account can enter.
    with embedded(house.data) as server:
        cluster = server.cluster
    shutil.rmtree(cluster)
    cluster.with_name(f"{cluster.name}.belongs-to").unlink(missing_ok=True)


def get(url: str, token: str | None = None) -> Any:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(request, timeout=READY_SECONDS_MAX) as answer:
        return json.load(answer)


def test_up_answers_takes_commands_beside_it_and_stops_with_everything(house: House) -> None:
    """A newcomer's first minute: one command, a token from a second terminal, a request, Ctrl-C, and nothing left behind."""
    process, url = house.up()
    token = house.ask("tokens", "issue", "--name", "first", "--role", "admin")["token"]
    assert len(get(f"{url}/v1/kinds", token)["items"]) >= 11
    assert house.postgres_lives()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=READY_SECONDS_MAX)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert not house.postgres_lives()


def test_after_a_kill_the_next_up_finds_everything_again(house: House) -> None:
    """Out of memory, power, kill -9: what was confirmed is there, and no command needs to clean up first."""
    process, _ = house.up()
    token = house.ask("tokens", "issue", "--name", "kept", "--role", "admin")["token"]
    process.kill()
    process.wait()
    again, url = house.up()
    assert get(f"{url}/v1/kinds", token)["items"]
    again.send_signal(signal.SIGINT)
    again.communicate(timeout=READY_SECONDS_MAX)
    assert again.returncode == 0
    assert not house.postgres_lives()


def test_a_taken_port_is_refused_with_a_sentence(house: House) -> None:
    """Two of them, or another program there: it is said at once, and the database is stopped again."""
    process, url = house.up()
    second = house.start("up", "--port", url.rpartition(":")[2])
    _, err = second.communicate(timeout=READY_SECONDS_MAX)
    assert second.returncode == 1
    assert "cannot be listened on" in err
    assert get(f"{url}/healthz")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=READY_SECONDS_MAX)
