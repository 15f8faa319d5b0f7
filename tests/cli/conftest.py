"""A terminal to type commands into, over a database of the test's own."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import structlog

from viertakt.cli import door


class Said(msgspec.Struct, frozen=True):
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal:
    """Runs command lines in this process: the same door, without the price of a new interpreter."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Said:
        self._capsys.readouterr()
        status = door.run([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        return Said(status, out, err)


@pytest.fixture
def bare(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A terminal without any database; logging is put back afterwards, for a command sets up its own."""
    for name in ("VIERTAKT_DATABASE_URL", "VIERTAKT_DATA", "VIERTAKT_TOKEN", "VIERTAKT_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield Terminal(capsys)
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def empty(bare: Terminal, database: str, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal over a migrated database that nobody has installed anything in."""
    monkeypatch.setenv("VIERTAKT_DATABASE_URL", database)
    return bare


@pytest.fixture
def terminal(empty: Terminal) -> Terminal:
    """A terminal over an installation: schema, roles and built-in kinds."""
    assert empty("migrate").status == 0
    return empty
