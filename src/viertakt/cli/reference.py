"""Writes docs/reference/cli.md from the commands' own help: `python -m viertakt.cli.reference`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

from viertakt.cli.program import app

PLACE = Path("docs/reference/cli.md")


def reference() -> str:
    """The page: every command with its help, as a terminal of 100 columns shows it."""
    command = get_command(app)
    parts = [
        "# The command line\n",
        "<!-- Written by `make gen` from the commands' help (src/viertakt/cli); change it there. -->\n",
    ]
    parts += [f"## {path}\n\n```text\n{text}\n```\n" for path, text in _pages(command, "viertakt", None)]
    return "\n".join(parts)


def _pages(command: Any, name: str, parent: Any) -> Iterator[tuple[str, str]]:
    """A command's path and help, then those below it."""
    with typer.Context(
        command, info_name=name, parent=parent, terminal_width=100, max_content_width=100
    ) as context:
        yield context.command_path, command.get_help(context).rstrip()
        for below, child in getattr(command, "commands", {}).items():
            yield from _pages(child, below, context)


if __name__ == "__main__":
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    PLACE.write_text(reference(), encoding="utf-8")
    sys.stderr.write(f"{PLACE} written\n")
