"""Firing from the command line: shown, stopped, resumed."""

from tests.cli.conftest import Terminal


def test_firing_is_stopped_and_goes_on(terminal: Terminal) -> None:
    """The way out after a clock has jumped must work where nobody can sign in."""
    assert terminal("deadlines", "show", "--json").json["pause"] is None
    stopped = terminal("deadlines", "pause", "--json").json
    assert (stopped["pause"]["cause"], stopped["pause"]["paused_by"]) == ("hand", "system:cli")
    assert "paused since" in terminal("deadlines", "show").out
    assert "fire" in terminal("deadlines", "resume").out
    assert terminal("deadlines", "show", "--json").json["pause"] is None


def test_children_are_shown_under_their_parent(terminal: Terminal) -> None:
    """Indented, as they stand to each other."""
    terminal("operations", "open", "claim", "--reference", "C-1")
    terminal("operations", "open", "ticket", "--reference", "T-1", "--parent", "C-1")
    told = terminal("operations", "children", "C-1", "--json").json
    assert [(one["depth"], one["operation"]["reference"]) for one in told["items"]] == [(1, "T-1")]
    assert "T-1" in terminal("operations", "children", "C-1").out
