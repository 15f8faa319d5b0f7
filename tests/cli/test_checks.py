"""Checks from the command line: listed, run again, set, and the secret of an address."""

from pathlib import Path

import pytest

from tests.cli.conftest import Terminal


def test_a_setting_is_asked_for_and_withdrawn(terminal: Terminal) -> None:
    """It waits for a person, whom a shell is not."""
    command = ("checks", "set", "refund", "velocity", "--at-most", "7", "--reason", "A busy weekend.")
    number = terminal(*command, "--json").json["id"]
    assert [one["id"] for one in terminal("checks", "settings", "--json").json] == [number]
    assert "7" in terminal("checks", "settings").out
    assert terminal("checks", "settle", number, "approve").status == 1
    assert "withdrawn" in terminal("checks", "settle", number, "withdraw").err
    assert terminal("checks", "set", "refund", "velocity", "--block", "subject", "--reason", "x").status == 2


def test_runs_are_listed_and_run_again(terminal: Terminal) -> None:
    """Where nothing is checked, that is said in a sentence."""
    terminal("operations", "open", "ticket", "--reference", "T-1")
    assert terminal("checks", "list", "--json").json == []
    assert terminal("checks", "list", "--operation", "T-1").status == 0
    assert "nothing is checked" in terminal("checks", "again", "T-1").err
    assert terminal("checks", "list", "--verdict", "maybe").status == 2
    assert terminal("checks", "targets", "--json").json == []


def test_the_secret_of_an_address_is_the_installations_own(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Derived from its key: the same each time, another for another address, and none for one that leads inside."""
    monkeypatch.setenv("VIERTAKT_SECRET_KEY", "k" * 40)
    first, again, other = (
        terminal("checks", "secret", f"https://checks.example.com/{path}", "--json").json["secrets"]
        for path in ("a", "a", "b")
    )
    assert (first == again, first == other, first[0][:6]) == (True, False, "whsec_")
    assert terminal("checks", "secret", "https://169.254.169.254/").status == 2
