"""Who works on an operation, and notes to it, from the command line."""

from tests.cli.conftest import Terminal


def test_an_operation_is_assigned_noted_and_let_go(terminal: Terminal) -> None:
    """By an address, by a role; what is printed is how it stands."""
    email = ("--email", "bo@example.com", "--name", "Bo", "--role", "support")
    bo = terminal("people", "add", *email, "--json").json
    terminal("operations", "open", "ticket", "--reference", "T-1")
    assigned = terminal("operations", "assign", "T-1", "--to", "bo@example.com", "--json")
    assert (assigned.status, assigned.json["assignee"]) == (0, bo["id"])
    told = terminal("operations", "assign", "T-1", "--to", "payments")
    assert "role:payments" in told.out
    noted = terminal("operations", "note", "T-1", "@Bo: they called twice.", "--json").json
    assert (noted["sort"], noted["data"]) == ("noted", {"mentions": [bo["id"]]})
    assert "1 called" in terminal("operations", "note", "T-1", "@bo@example.com?").err
    assert terminal("operations", "release", "T-1", "--json").json["assignee"] is None
    shown = terminal("operations", "show", "T-1").out
    assert [word for word in ("assigned", "noted", "released") if word not in shown] == []
    found = terminal("operations", "list", "--q", "kind:ticket -assignee:*", "--json").json
    assert [one["reference"] for one in found["items"]] == ["T-1"]


def test_nobody_of_that_name_is_a_refusal(terminal: Terminal) -> None:
    """Work given to nobody would lie there."""
    terminal("operations", "open", "ticket", "--reference", "T-1")
    said = terminal("operations", "assign", "T-1", "--to", "nobody@example.com")
    assert (said.status, "Nobody here is called" in said.err) == (1, True)
    assert terminal("operations", "note", "T-2", "Hello").status == 1
