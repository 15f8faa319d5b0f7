"""The statements of `outbox.sql` by name."""

import re
from functools import cache
from importlib.resources import files

_NAMED = re.compile(r"^-- name: (\w+)\n(.*?)(?=^-- name: |\Z)", re.MULTILINE | re.DOTALL)


@cache
def load() -> dict[str, str]:
    """Every statement, with its line of purpose left out: a driver sees `%` in a comment as a placeholder."""
    text = files(__package__).joinpath("outbox.sql").read_text(encoding="utf-8")
    return {
        name: re.sub(r"^--.*\n", "", body, flags=re.MULTILINE).strip() for name, body in _NAMED.findall(text)
    }
