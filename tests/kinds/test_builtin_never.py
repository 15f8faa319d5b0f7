"""Every line of every never list has a try, and over the kind's graph each try fails as it should."""

import pytest

from tests.kinds.ways import NEEDS, Never, kind_of, needed, never_lines, refusal, walk
from viertakt.kinds.actions import builtin_kinds


def _name(line: Never) -> str:
    return f"{line.kind}: {line.never}"


@pytest.mark.parametrize("line", never_lines(), ids=_name)
def test_what_must_never_happen_does_not(line: Never) -> None:
    """A kind may be changed by anybody who can edit a file; these lines are what the change must not break."""
    kind = kind_of(line.kind)
    stage = walk(kind, line.path)
    if line.beside is not None:
        walk(kind_of(line.beside.kind), line.beside.path)
    if line.expect is not None:
        assert (stage, kind.stages[stage].status.value) == (line.expect.stage, line.expect.status)
    if line.try_ is None:
        return
    if line.needs == "guards":
        assert line.refused is not None, "a guard refuses"
        assert _guarded(line), f"{line.try_} has no guard"
    elif line.needs == "approvals":
        assert _wants_consent(line), f"{line.try_} waits for nobody"
    else:
        assert refusal(kind, stage, line.try_) == line.refused


def _guarded(line: Never) -> bool:
    move = line.try_.move if line.try_ else None
    return move is not None and any(
        name == move.transition and transition.when is not None
        for name, transition in kind_of(line.kind).transitions.items()
    )


def _wants_consent(line: Never) -> bool:
    move = line.try_.move if line.try_ else None
    return move is not None and any(
        name == move.transition and any(rule.when is None for rule in transition.approvals)
        for name, transition in kind_of(line.kind).transitions.items()
    )


def test_every_line_of_every_never_list_is_tried() -> None:
    """A promise without a test is a wish."""
    tried = {(line.kind, line.never) for line in never_lines()}
    promised = {(str(kind.kind), line) for kind in builtin_kinds().values() for line in kind.never}
    assert tried == promised


def test_every_try_says_how_it_ends() -> None:
    """A try without an expected refusal or place would pass whatever happens."""
    for line in never_lines():
        assert line.refused or line.expect, _name(line)
        assert line.refused is None or line.try_ is not None, _name(line)
        assert needed(line.path) <= {line.needs}, _name(line)
        assert line.needs is None or line.needs in NEEDS, _name(line)
