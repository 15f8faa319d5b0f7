"""The commands of the guide's pages on what happens by itself run as they stand, in a shell, against a real server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import Running, run
from tests.conftest import _copy
from tests.tidy.tree import ROOT

PAGES = ("deadlines", "promises", "checks", "children")


@pytest.fixture(scope="module")
def running(server_url: str, template: str) -> Iterator[Running]:
    """A server of its own, with the claim that the page on children opens refunds under."""
    for database in _copy(server_url, template):
        yield from run(database)


def commands() -> list[tuple[str, str]]:
    """Each block of commands on these pages."""
    return [
        (f"{page} {n}", text)
        for page in PAGES
        for n, text in enumerate(
            re.findall(
                r"^```sh\n(.*?)^```",
                (ROOT / "docs/guide" / f"{page}.md").read_text(),
                re.MULTILINE | re.DOTALL,
            )
        )
    ]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in commands()])
def test_a_block_of_commands_runs(text: str, running: Running, tmp_path: Path) -> None:
    """Each of them succeeds: what the page opened before is there, and the address is this server's."""
    with running.client() as admin:
        claim = admin.post("/v1/operations", json={"kind": "claim", "reference": "C-1"}).json()["id"]
    (tmp_path / "office.yaml").write_text(
        "calendar: office\nzone: Europe/Amsterdam\nhours: {monday: ['09:00-17:00']}\n"
    )
    # The second opening of the page is another refund, so that both succeed.
    script = text.replace("http://127.0.0.1:8484", running.url).replace("<id>", claim)
    script = script.replace('"reference": "R-1"', '"reference": "R-2"')
    ran = subprocess.run(
        [
            "bash",
            "-euo",
            "pipefail",
            "-c",
            'curl() { command curl -fsS -H content-type:application/json "$@"; }\n' + script,
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "VIERTAKT_DATABASE_URL": running.database,
            "TOKEN": running.token("admin", "guide"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
