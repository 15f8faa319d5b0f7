"""Generated files are committed, so that a reader finds them; hence they must be in step with what they come from."""

import re
import subprocess

import pytest

from tests.tidy.generated import GENERATED
from tests.tidy.tree import ROOT, short, tracked

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_file_is_in_step(name: str) -> None:
    """`make gen` writes it; a change of its source without that would publish yesterday's contract."""
    assert (ROOT / name).read_text(encoding="utf-8") == GENERATED[name]()


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    """A dead link in the first hour costs a newcomer's trust."""
    dead = [
        f"{short(page)} -> {target}"
        for page in tracked()
        if page.suffix == ".md"
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_make_help_names_every_target() -> None:
    """What `make help` does not list, nobody finds."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    wanted = [
        "setup",
        "demo",
        "test",
        "lint",
        "fmt",
        "types",
        "console",
        "e2e",
        "bench",
        "docs",
        "gen",
        "ci",
        "lock",
    ]
    assert [target for target in wanted if f"make {target} " not in listed] == []
