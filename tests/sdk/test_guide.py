"""The examples of the guide run as they stand, each by itself, against a real server."""

import re

import pytest

from tests.api.conftest import Running
from tests.tidy.tree import ROOT

PAGES = ("from-python.md",)


def examples() -> list[tuple[str, str]]:
    """Every block of Python on these pages, with the page's name and its number there."""
    return [
        (f"{page} {n}", block)
        for page in PAGES
        for n, block in enumerate(
            re.findall(
                r"^```python\n(.*?)^```",
                (ROOT / "docs" / "guide" / page).read_text(),
                re.MULTILINE | re.DOTALL,
            )
        )
    ]


@pytest.mark.parametrize(("name", "block"), [pytest.param(*each, id=each[0]) for each in examples()])
def test_an_example_runs(
    name: str, block: str, running: Running, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader copies it, and it works."""
    monkeypatch.setenv("VIERTAKT_URL", running.url)
    monkeypatch.setenv("VIERTAKT_TOKEN", token)
    exec(compile(block, name, "exec"), {"__name__": "example"})
