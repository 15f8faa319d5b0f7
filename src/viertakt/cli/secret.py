"""Secrets that one command needs: from the environment or a file it names, never from a flag that others can read."""

import os
from pathlib import Path

import typer


def secret_of(variable: str) -> str | None:
    """What the variable holds, or the file that its _FILE twin names; None where neither is set."""
    value, file = os.environ.get(variable), os.environ.get(f"{variable}_FILE")
    if value and file:
        raise typer.BadParameter(f"Both {variable} and {variable}_FILE are set; keep one.")
    if not file:
        return value or None
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as fault:
        raise typer.BadParameter(
            f"{variable}_FILE names {file}, which cannot be read: {fault.strerror}."
        ) from None
