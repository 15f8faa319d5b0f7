"""People, tokens with grants of their own, the review and the audit, on the command line."""

import pytest

from tests.cli.conftest import Terminal

IBAN = "NL91ABNA0417164300"


def hire(terminal: Terminal, name: str, role: str) -> str:
    """The id of somebody new."""
    email = f"{name.lower()}@example.com"
    said = terminal("people", "add", "--email", email, "--name", name, "--role", role, "--json")
    assert said.status == 0, said.err
    found: str = said.json["id"]
    return found


def test_a_token_is_issued_with_a_grant_of_its_own(terminal: Terminal) -> None:
    """One line says what one program may."""
    said = terminal(
        "tokens", "issue", "--name", "sender", "--json",
        "--grant", "view,move:send in withdrawal up to 1000EUR,900GBP where brand:casino-nl status:pending",
    )  # fmt: skip
    assert said.status == 0, said.err
    (line,) = [one for one in terminal("grants", "list", "--json").json if one["token"] == said.json["id"]]
    assert (line["may"], line["kinds"]) == (["move:send", "view"], ["withdrawal"])
    assert (line["where"], line["amount_max"]) == (
        "brand:casino-nl status:pending",
        {"EUR": "1000", "GBP": "900"},
    )
    assert said.json["id"] in terminal("grants", "list").out


@pytest.mark.parametrize(
    ("grant", "status", "told"),
    [
        ("view in", 2, "is no grant such as"),
        ("veiw", 2, "Did you mean view?"),
        ("view in withdrawl", 2, "Did you mean withdrawal?"),
        ("view where subject:x", 2, "not by subject"),
        ("view up to 12", 2, "is no amount"),
    ],
)
def test_a_grant_that_does_not_read_issues_nothing(
    terminal: Terminal, grant: str, status: int, told: str
) -> None:
    """Neither the grant nor the token: a key that may less than was meant is found on the worst day."""
    said = terminal("tokens", "issue", "--name", "sender", "--grant", grant)
    assert (said.status, told in said.err) == (status, True), said.err
    assert terminal("tokens", "list", "--json").json == []


def test_somebody_leaves_and_comes_back(terminal: Terminal) -> None:
    """Named by address or id; the audit keeps who, what and why."""
    hire(terminal, "Ada", "admin")
    bo = hire(terminal, "Bo", "support")
    assert terminal("people", "roles", "bo@example.com", "--role", "risk").status == 0
    said = terminal("people", "deactivate", bo, "--to", "ADA@example.com", "--reason", "left", "--json")
    assert said.status == 0, said.err
    assert said.json == {"id": bo, "views": 0, "assignments": 0, "tokens": 0, "approvals": []}
    assert "no" in terminal("people", "list").out
    assert terminal("people", "activate", "bo@example.com").status == 0
    assert terminal("people", "deactivate", "ada@example.com").status == 1  # the last who manages
    assert terminal("people", "deactivate", "nobody@example.com").status == 1
    told = [(one["sort"], one["reason"]) for one in terminal("access", "changes", "--json").json]
    assert told[:3] == [("activated", None), ("deactivated", "left"), ("roles_set", None)]
    assert "deactivated" in terminal("access", "changes").out


def test_who_may_what_is_told(terminal: Terminal) -> None:
    """For who looks at it without a console."""
    ada = hire(terminal, "Ada", "admin")
    review = terminal("access", "review", "--json").json
    (found,) = [one for one in review["actors"] if one["id"] == ada]
    assert (found["roles"], found["last_used_at"]) == (["admin"], None)
    said = terminal("access", "review")
    assert "Ada" in said.out
    assert "Nobody has signed" in said.err


def test_no_command_shows_what_is_personal(terminal: Terminal) -> None:
    """Whoever looks over a shoulder reads no account numbers."""
    opened = terminal(
        "operations", "open", "withdrawal", "--reference", "W-1", "--amount", "10.00 EUR",
        "--attribute", f"iban={IBAN}", "--json",
    )  # fmt: skip
    assert opened.status == 0, opened.err
    for command in (["show", "W-1"], ["show", "W-1", "--json"], ["list"], ["list", "--json"]):
        said = terminal("operations", *command)
        assert said.status == 0, said.err
        assert IBAN not in said.out + said.err
    refused = terminal("operations", "list", "--q", f"attributes.iban:{IBAN}")
    assert refused.status == 2
    assert "attributes.iban is personal" in refused.err


def test_a_role_of_ones_own_is_made_changed_and_removed(terminal: Terminal) -> None:
    """What the console does, for who has none; refusals are a sentence."""
    named = ("--en", "Night shift", "--nl", "Nachtdienst")
    made = terminal("roles", "make", "night_shift", *named, "--json")
    assert made.json["label"] == {"en": "Night shift", "nl": "Nachtdienst"}, made.err
    assert terminal("roles", "make", "night_shift", *named).status == 1
    changed = terminal("roles", "change", "night_shift", "--second-factor", "--json")
    assert changed.json["second_factor"] is True
    listed = {one["role"]: one for one in terminal("roles", "list", "--json").json}
    assert (listed["night_shift"]["own"], listed["night_shift"]["second_factor"]) == (True, True)
    assert "asked" in terminal("roles", "list").out
    nils = hire(terminal, "Nils", "night_shift")
    held = terminal("roles", "remove", "night_shift")
    assert (held.status, "Nils still" in held.err) == (1, True)
    terminal("people", "deactivate", nils)
    assert terminal("roles", "remove", "night_shift", "--json").json == {"removed": "night_shift"}
    assert "stays" in terminal("roles", "remove", "support").err


def test_somebody_stands_in_for_a_while(terminal: Terminal) -> None:
    """Named, listed and ended; an end in the past is refused in one sentence."""
    hire(terminal, "Ada", "admin")
    hire(terminal, "Bo", "support")
    ways = ("people", "stand-in", "ada@example.com", "--by", "bo@example.com", "--until")
    assert terminal(*ways, "2020-01-01").status == 2
    said = terminal(*ways, "2027-01-04T08:00:00", "--absent", "--json")
    assert said.status == 0, said.err
    assert (said.json["person_name"], said.json["stand_in_name"], said.json["absent"]) == ("Ada", "Bo", True)
    assert [one["id"] for one in terminal("people", "stand-ins", "--json").json] == [said.json["id"]]
    assert "Bo" in terminal("people", "stand-ins").out
    assert terminal("people", "end-stand-in", said.json["id"]).status == 0
    assert terminal("people", "end-stand-in", said.json["id"]).status == 1
    assert [one["sort"] for one in terminal("access", "changes", "--json").json][:2] == [
        "delegation_ended",
        "delegated",
    ]
