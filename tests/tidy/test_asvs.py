"""The table of ASVS items names tests; each must be there."""

import re

from tests.tidy.tree import ROOT

NAMED = re.compile(r"`([a-z_]+/test_[a-z_]+\.py)(?:::(test_[a-z0-9_]+))?`")


def test_every_test_that_the_table_names_is_there() -> None:
    """A promise whose test was renamed or removed is none."""
    named = NAMED.findall((ROOT / "docs" / "asvs.md").read_text(encoding="utf-8"))
    missing = []
    for file, test in named:
        path = ROOT / "tests" / file
        if not path.is_file() or (test and f"def {test}(" not in path.read_text(encoding="utf-8")):
            missing.append(f"{file}::{test}")
    assert len(named) > 50
    assert missing == []
