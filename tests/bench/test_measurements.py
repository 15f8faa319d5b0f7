"""The measurements run and tell both sides: with figures this small the ratio says nothing, so none is judged."""

import json
import subprocess
import sys
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
TINY = ("--seconds", "0.2", "--rounds", "1", "--operations", "512")


def bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=TREE,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_last_line_holds_ratio_both_sides_goal_and_whether_it_holds() -> None:
    """What compares releases reads this line; P1 and P3 go through every part but Django's."""
    done = bench("--only", "P1,P3", *TINY, "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert list(figures) == ["P1", "P1_256", "P3"]
    for figure in figures.values():
        assert {"ratio", "ours", "other", "goal", "holds"} <= set(figure)
        assert figure["ours"] > 0
        assert figure["other"] > 0


def test_a_measurement_that_is_not_there_is_misuse() -> None:
    """A misspelt name that measured nothing would look like a pass."""
    done = bench("--only", "P99")
    assert done.returncode == 2
    assert "P99" in done.stderr
