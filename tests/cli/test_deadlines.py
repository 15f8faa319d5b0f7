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
