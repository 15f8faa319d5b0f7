"""How command lines end: a status, a sentence, never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from tests.conftest import TREE
from viertakt.cli.output import printable
from viertakt.cli.reference import PLACE, reference


def test_a_misspelt_command_is_misuse_and_says_what_was_meant(bare: Terminal) -> None:
    """Scripts tell a typing error from a refusal by the status."""
    said = bare("kindz")
    assert (said.status, said.out) == (2, "")
    assert "Did you mean 'kinds'?" in said.err


@pytest.mark.parametrize(
    "line", [["kinds", "check"], ["up", "--port", "99999"], ["operations", "list", "--limit", "0"], []]
)
def test_a_command_line_that_does_not_read_is_misuse(bare: Terminal, line: list[str]) -> None:
    """Nothing is begun before everything was understood."""
    assert bare(*line).status == 2


def test_a_misspelt_setting_is_misuse(bare: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that is silently ignored is found on the worst day."""
    monkeypatch.setenv("VIERTAKT_PROT", "8080")
    said = bare("tokens", "list")
    assert said.status == 2
    assert "VIERTAKT_PORT" in said.err


def test_a_refusal_is_one_sentence(bare: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is not there is the commonest refusal of all, and no bug of anybody's."""
    monkeypatch.setenv("VIERTAKT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    said = bare("tokens", "list")
    assert (said.status, said.out) == (1, "")
    assert "does not answer" in said.err
    assert "Traceback" not in said.err


def test_a_bug_is_named_without_a_traceback(bare: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who meets a bug needs to know that it is one; the rest is one variable away."""
    monkeypatch.setattr("viertakt.settings.read_settings", lambda: 1 / 0)
    monkeypatch.setattr("viertakt.cli.place.read_settings", lambda: 1 / 0)
    said = bare("tokens", "list")
    assert said.status == 1
    assert "fault of ours (ZeroDivisionError" in said.err
    assert "Traceback" not in said.err


def test_help_answers_at_once() -> None:
    """Heavy imports stand inside the commands; one that slips to the top costs everybody on every call."""
    heavy = "psycopg", "litestar", "structlog", "rich", "ruamel", "msgspec", "lark"
    code = f"import sys, viertakt.cli.reference; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=TREE)
    assert done.stdout == "[]\n"


def test_the_reference_is_in_step_with_the_help() -> None:
    """The page is written by `python -m viertakt.cli.reference`; a flag nobody documented is there by itself."""
    assert (TREE / PLACE).read_text(encoding="utf-8") == reference()


def test_what_steers_a_terminal_is_shown_instead_of_sent() -> None:
    """A reference may hold an escape sequence that clears the screen or forges the line before it."""
    assert printable("W-1\x1b[2J\r\nok\u202e") == "W-1�[2J⏎⏎ok�"


def test_a_reader_that_leaves_early_is_no_fault(tmp_path: Path) -> None:
    """`viertakt operations list | head -1` must not end in a complaint about a pipe."""
    kind = TREE / "src/viertakt/kinds/builtin/refund.yaml"
    broken = tmp_path / "kind.yaml"
    broken.write_text(kind.read_text().replace("from: [", "from: [nowhere, "))
    command = f"{sys.executable} -m viertakt.cli kinds check {broken} | true"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False, cwd=TREE)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
