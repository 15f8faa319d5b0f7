"""The log: whatever a stranger wrote, it stays inside its line."""

import json
import logging

import pytest
import structlog

from tests.cli.conftest import Terminal
from viertakt.cli.logs import log_to_stderr


def test_a_logged_value_cannot_forge_a_line(bare: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    """A reference with a line end and an escape sequence would else write an entry of its own."""
    log_to_stderr()
    forged = 'W-1\n{"event": "forged", "level": "info"}\x1b[2J'
    structlog.get_logger("viertakt.test").warning("refused", reference=forged)
    logging.getLogger("viertakt.other").warning("refused %s", forged)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0])["reference"] == forged
    assert json.loads(lines[1])["event"] == f"refused {forged}"
    assert "\x1b" not in "".join(lines)


def test_a_failure_is_logged_with_where_it_happened(
    bare: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its user is given a sentence; whoever mends it needs the traceback, on the same one line."""
    log_to_stderr()
    try:
        int("nobody expected this")
    except ValueError:
        logging.getLogger("viertakt.test").exception("a request failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "nobody expected this" in json.loads(line)["exception"]
