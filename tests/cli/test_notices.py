"""Subscriptions from the command line, and what somebody was told."""

from tests.cli.conftest import Terminal


def test_a_role_is_told_of_an_event_until_that_is_ended(terminal: Terminal) -> None:
    """For who sets an installation up: nobody has to sign in as each role."""
    sent = ("--for", "role:payments", "--query", "kind:withdrawal", "--mail", "daily", "--json")
    made = terminal("subscriptions", "add", "moved", *sent).json
    assert (made["subscriber"], made["query"], made["channels"]) == (
        "role:payments",
        "kind:withdrawal",
        {"console": True, "mail": "daily"},
    )
    listed = terminal("subscriptions", "list", "--for", "payments", "--json").json["items"]
    assert {one["event"] for one in listed} == {"contradiction", "moved"}
    assert "kind:withdrawal" in terminal("subscriptions", "list").out
    assert terminal("subscriptions", "end", made["id"]).status == 0
    assert terminal("subscriptions", "end", made["id"]).status == 1
    assert terminal("subscriptions", "add", "nonsense", "--for", "role:payments").status == 2
    assert terminal("subscriptions", "add", "moved", "--for", "role:nobody").status == 1


def test_what_a_person_was_told_is_listed(terminal: Terminal) -> None:
    """Nothing, for a start."""
    terminal("people", "add", "--email", "a@example.com", "--name", "A clerk", "--role", "payments")
    assert terminal("notices", "list", "a@example.com", "--json").json == {"items": []}
    assert terminal("notices", "list", "b@example.com").status == 1


def test_a_report_comes_to_a_person_by_mail_until_it_is_ended(terminal: Terminal) -> None:
    """Set up by whoever administers, for somebody who would not find it."""
    terminal(
        "people", "add", "--email", "lead@example.test", "--name", "A team lead", "--role", "payments_lead"
    )
    sent = ("--for", "lead@example.test", "--every", "month", "--q", "kind:withdrawal")
    made = terminal("schedules", "add", "flow", *sent, "--json").json
    assert (made["report"], made["query"], made["every"]) == ("flow", "kind:withdrawal", "month")
    assert terminal("schedules", "list", "--json").json["items"][0]["id"] == made["id"]
    assert "month" in terminal("schedules", "list", "--for", "lead@example.test").out
    assert terminal("schedules", "end", made["id"]).status == 0
    assert terminal("schedules", "list", "--json").json["items"] == []
    assert terminal("schedules", "end", made["id"]).status == 1
    assert terminal("schedules", "add", "nonsense", *sent).status == 1
    assert terminal("schedules", "add", "flow", "--for", "lead@example.test", "--at", "noon").status == 2
