"""Bulk jobs on the command line: the same jobs as over HTTP and in the console."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.conftest import Terminal


@pytest.fixture
def clerk(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal with an administrator's token, and three tickets."""
    token = terminal("tokens", "issue", "--name", "clerk", "--role", "admin", "--json").json["token"]
    monkeypatch.setenv("VIERTAKT_TOKEN", token)
    for n in range(3):
        assert terminal("operations", "open", "ticket", "--reference", f"T-{n}").status == 0
    return terminal


def test_a_job_is_tried_started_shown_and_ended(clerk: Terminal) -> None:
    """A night's script tries, reads what would happen, and starts only then."""
    asked = ("dismiss", "--q", "kind:ticket", "--reason", "spam", "--json")
    job = clerk("bulk", "dry-run", *asked).json
    assert (job["state"], job["total"], job["affected"]) == ("ready", 3, 3)
    assert clerk("bulk", "start", job["bulk_id"], "--json").json["state"] == "running"
    shown = clerk("bulk", "show", job["bulk_id"], "--items", "--json").json
    assert [item["state"] for item in shown["items"]] == ["waiting"] * 3
    assert job["bulk_id"] in clerk("bulk", "list").out
    assert clerk("bulk", "cancel", job["bulk_id"], "--json").json["state"] == "cancelled"
    undo = clerk("bulk", "undo", job["bulk_id"], "--json").json
    assert (undo["undoes"], undo["total"]) == (job["bulk_id"], 0)
    said = clerk("bulk", "show", job["bulk_id"])
    assert (said.status, "would be done to" in said.out) == (0, True)


def test_what_is_wrong_is_said_in_a_sentence(clerk: Terminal, tmp_path: Path) -> None:
    """Neither everything by accident nor a traceback."""
    assert clerk("bulk", "dry-run", "dismiss", "--q", "").status == 2
    assert clerk("bulk", "dry-run", "dismiss").status == 2
    assert clerk("bulk", "dry-run", "dismiss", "--id", "x").status == 2
    missing = clerk("bulk", "show", uuid4())
    assert (missing.status, "There is no bulk job" in missing.err) == (1, True)
