"""The commands over a real database: each prints data for programs, and the same for people."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from tests.conftest import TREE
from tests.exchange.logs import event, trace, write, write_map
from viertakt.db.pool import connect

REFUND = TREE / "src/viertakt/kinds/builtin/refund.yaml"


def test_migrate_brings_schema_roles_and_kinds_and_again_is_harmless(empty: Terminal) -> None:
    """An installation begins with it, and every upgrade repeats it."""
    refused = empty("tokens", "list")
    assert (refused.status, "Run `viertakt migrate` first" in refused.err) == (1, True)
    assert empty("migrate", "--dry-run", "--json").json == {"pending": []}
    assert empty("migrate").status == 0
    assert empty("migrate", "--json").json == {"applied": []}
    assert len(empty("kinds", "list", "--json").json) >= 15


def test_a_token_is_shown_once_listed_without_its_secret_and_revoked(terminal: Terminal) -> None:
    """Only a hash is kept, so what issue prints is all there ever is."""
    issued = terminal("tokens", "issue", "--name", "ledger", "--role", "integration", "--json").json
    assert issued["token"].startswith("vt_")
    listed = terminal("tokens", "list", "--json")
    assert [(one["name"], one["roles"]) for one in listed.json] == [("ledger", ["integration"])]
    assert issued["token"] not in listed.out
    assert terminal("tokens", "revoke", "ledger").status == 0
    assert terminal("tokens", "revoke", "ledger").status == 1


def test_an_unknown_role_is_refused_with_what_was_meant(terminal: Terminal) -> None:
    """A token for a role that does not exist would be found out in production."""
    said = terminal("tokens", "issue", "--name", "x", "--role", "amdin")
    assert said.status == 2
    assert "Did you mean admin?" in said.err


def test_the_first_administrator_gets_a_password_that_is_shown_once(terminal: Terminal) -> None:
    """Nobody can sign in before; without a terminal there is nobody to ask for one."""
    added = terminal(
        "people", "add", "--email", "ada@example.com", "--name", "Ada", "--role", "admin", "--json"
    ).json
    assert len(added["password"]) >= 15
    assert added["password"] not in terminal("people", "list", "--json").out
    assert "ada@example.com" in terminal("people", "list").out


def test_a_lost_authenticator_is_reset_from_the_machine_itself(terminal: Terminal, database: str) -> None:
    """The only administrator may lose a phone too; the record says that it was done here, and why."""
    reset = ("people", "reset-authenticator", "ada@example.com", "--reason", "lost the phone")
    assert "Nobody signs in as" in terminal(*reset).err
    terminal("people", "add", "--email", "ada@example.com", "--name", "Ada", "--role", "admin")
    assert "no authenticator in use" in terminal(*reset).err
    with connect(database) as conn:
        conn.execute(
            "INSERT INTO viertakt.second_factor (actor, sealed_secret, confirmed_at)"
            " SELECT actor, 'sealed', now() FROM viertakt.person"
        )
    assert terminal(*reset).status == 0
    with connect(database) as conn:
        row = conn.execute("SELECT sort, by_actor, detail FROM viertakt.sign_in_event").fetchone()
    assert row == ("factor_reset", "system:cli", "lost the phone")


def test_a_password_may_come_from_a_file(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Secrets are mounted as files; a flag could be read by every process of the machine."""
    (tmp_path / "password").write_text("correct horse battery staple\n")
    monkeypatch.setenv("VIERTAKT_PASSWORD_FILE", str(tmp_path / "password"))
    added = terminal(
        "people", "add", "--email", "bo@example.com", "--name", "Bo", "--role", "support", "--json"
    )
    assert (added.status, "password" in added.json) == (0, False)


def test_an_operation_is_opened_moved_shown_listed_and_counted(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The life of one ticket without leaving the terminal."""
    token = terminal("tokens", "issue", "--name", "desk", "--role", "admin", "--json").json["token"]
    monkeypatch.setenv("VIERTAKT_TOKEN", token)
    opened = terminal("operations", "open", "ticket", "--reference", "T-1", "--subject", "bo", "--json").json
    assert (
        terminal("operations", "open", "ticket", "--reference", "T-1", "--subject", "bo", "--json").json["id"]
        == opened["id"]
    )
    assert (
        terminal("operations", "move", "T-1", "start", "--expected-version", "1", "--json").json["stage"]
        == "open"
    )
    assert terminal("operations", "move", "T-1", "start").status == 1
    shown = terminal("operations", "show", opened["id"], "--json").json
    assert [entry["sort"] for entry in shown["history"]] == ["opened", "moved", "refused"]
    listed = terminal("operations", "list", "--q", "kind:ticket status:pending", "--json").json
    assert [one["reference"] for one in listed["items"]] == ["T-1"]
    counted = terminal("operations", "count", "--by", "kind,stage", "--json").json
    assert counted["items"] == [{"kind": "ticket", "stage": "open", "count": 1}]
    assert "T-1" in terminal("operations", "show", "T-1").out


def test_an_operation_is_shown_with_what_would_wait(terminal: Terminal) -> None:
    """Who would send it by a program reads why that is refused now, and where that is worked on."""
    terminal("operations", "open", "deposit", "--reference", "D-1", "--amount", "5 EUR")
    incident = terminal("incidents", "open", "Cards are down", "kind:deposit", "--pause", "--json").json
    shown = terminal("operations", "show", "D-1", "--json").json
    assert (shown["held"]["incident"], shown["held"]["title"]) == (incident["id"], "Cards are down")
    assert [one["transition"] for one in shown["available"] if one["held"]] == ["submit"]
    assert "on hold: Cards are down" in terminal("operations", "show", "D-1").out


def test_what_an_operation_holds_is_refused_with_every_fault(terminal: Terminal) -> None:
    """Attributes and amount are judged by the same rules as everywhere."""
    said = terminal(
        "operations",
        "open",
        "withdrawal",
        "--reference",
        "W-1",
        "--amount",
        "12.345 EUR",
        "--attribute",
        "metod=bank",
    )
    assert said.status == 2
    assert "2 digits after the point" in said.err
    assert "Did you mean 'method'?" in said.err


def test_a_query_that_does_not_read_is_refused_with_what_was_meant(terminal: Terminal) -> None:
    """The same words as in the console and the API."""
    said = terminal("operations", "list", "--q", "stauts:pending")
    assert (said.status, "status" in said.err) == (2, True)


def test_kinds_are_checked_without_any_database(bare: Terminal, tmp_path: Path) -> None:
    """An author's editor and a build run this; all faults at once, with their lines."""
    assert bare("kinds", "check", REFUND).status == 0
    broken = tmp_path / "broken.yaml"
    broken.write_text(REFUND.read_text().replace("start: requested", "start: requestd") + "\nzome: 1\n")
    said = bare("kinds", "check", REFUND, broken, tmp_path / "none.yaml")
    assert (said.status, "none.yaml cannot be read" in said.err) == (2, True)
    faults = bare("kinds", "check", REFUND, broken, "--json")
    assert faults.status == 1
    assert [one["fault"]["code"] for one in faults.json] == ["unknown_key"]


def test_a_changed_kind_is_compared_and_published_as_its_next_version(
    terminal: Terminal, tmp_path: Path
) -> None:
    """Published versions stay as they are; the same content again is no new version."""
    changed = tmp_path / "refund.yaml"
    changed.write_text(REFUND.read_text().replace("label: {en: Refund,", "label: {en: Money back,"))
    assert "Money back" in terminal("kinds", "diff", REFUND, changed).out
    assert terminal("kinds", "publish", changed, "--dry-run", "--json").json == {
        "kind": "refund",
        "version": 2,
    }
    assert terminal("kinds", "publish", changed, "--json").json == {"kind": "refund", "version": 2}
    assert terminal("kinds", "publish", changed, "--json").json == {"kind": "refund", "version": 2}
    assert "Money back" in terminal("kinds", "show", "refund").out
    assert "Money back" not in terminal("kinds", "show", "refund", "--version", "1").out


def test_a_log_is_imported_with_a_report_and_again_without_effect(terminal: Terminal, tmp_path: Path) -> None:
    """The report is data; what was refused is also the exit status."""
    moves = event("Post", "2026-01-01T10:00:00Z", "7"), event("Sort", "2026-01-02T10:00:00Z")
    log, log_map = write(tmp_path, [trace("P-1", *moves)]), write_map(tmp_path)
    assert terminal("import", "xes", log, "--map", log_map, "--json").json["moves"] == 1
    assert terminal("import", "xes", log, "--map", log_map, "--json").json["already_there"] == 1
    said = terminal("import", "xes", write(tmp_path, [trace("P-2", moves[1])]), "--map", log_map)
    assert said.status == 1
    assert "refused: case P-2: It begins with 'Sort'" in said.err


def test_a_doctor_finds_a_healthy_installation_healthy(terminal: Terminal, tmp_path: Path) -> None:
    """Green is what a new installation must be, or nobody believes red."""
    moves = event("Post", "2026-01-01T10:00:00Z", "7"), event("Sort", "2026-01-02T10:00:00Z")
    terminal("import", "xes", write(tmp_path, [trace("P-1", *moves)]), "--map", write_map(tmp_path))
    states = {finding["name"]: finding["state"] for finding in terminal("doctor", "--json").json["findings"]}
    # The tests' server runs without fsync, for speed: the doctor says so, and is right.
    assert states.pop("durability") in {"red", "good"}
    assert set(states.values()) <= {"good", "note"}
    assert len(states) == 12


def test_a_doctor_finds_what_was_done_behind_the_history(terminal: Terminal, tmp_path: Path) -> None:
    """Somebody with rights over the tables can change a row; the history tells on them."""
    moves = event("Post", "2026-01-01T10:00:00Z", "7"), event("Sort", "2026-01-02T10:00:00Z")
    terminal("import", "xes", write(tmp_path, [trace("P-1", *moves)]), "--map", write_map(tmp_path))
    behind = "UPDATE viertakt.operation SET stage = 'posted'; ALTER TABLE viertakt.entry DISABLE TRIGGER history_stays"
    assert terminal("psql", "-c", behind).status == 0
    said = terminal("doctor", "--json")
    states = {finding["name"]: finding["state"] for finding in said.json["findings"]}
    assert said.status == 1
    assert (states["history tells"], states["history stays"]) == ("red", "red")


def test_a_doctor_who_is_not_let_in_says_so(bare: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Monitoring asks the doctor exactly when nothing works."""
    monkeypatch.setenv("VIERTAKT_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/nothing")
    said = bare("doctor", "--json")
    assert (said.status, said.json["healthy"]) == (1, False)
    assert [(finding["name"], finding["state"]) for finding in said.json["findings"]] == [("database", "red")]
    assert "secret" not in said.out + said.err


def test_psql_speaks_to_the_database_in_use_and_passes_its_failure_on(terminal: Terminal) -> None:
    """Whoever must look closer needs no address and no password."""
    assert terminal("psql", "-c", "SELECT 'kinds: ' || count(*) FROM viertakt.kind_version").status == 0
    assert terminal("psql", "-c", "DELETE FROM viertakt.kind_version").status == 1


def test_what_is_listed_is_json_without_a_line_of_talk(terminal: Terminal) -> None:
    """Programs read stdout; talk on it would break them one day."""
    for line in (
        ["tokens", "list"],
        ["people", "list"],
        ["kinds", "list"],
        ["operations", "list"],
        ["doctor"],
    ):
        json.loads(terminal(*line, "--json").out)


def test_a_grant_is_given_shown_and_revoked(terminal: Terminal) -> None:
    """An administrator without a browser: the first one, and the last resort."""
    given = terminal(
        "grants", "add", "--role", "support", "--may", "move:approve", "--kind", "withdrawal",
        "--where", "brand:shop", "--up-to", "1000EUR", "--json",
    ).json  # fmt: skip
    assert (given["where"], given["amount_max"]) == ("brand:shop", {"EUR": "1000"})
    roles = {one["role"]: one for one in terminal("roles", "list", "--json").json}
    assert given["id"] in [one["id"] for one in roles["support"]["grants"]]
    assert terminal("grants", "revoke", given["id"], "--json").json == {"revoked": given["id"]}
    left = terminal("grants", "list", "--role", "support", "--json").json
    assert given["id"] not in [one["id"] for one in left]
    assert (
        "Did you mean withdrawal?"
        in terminal("grants", "add", "--role", "support", "--may", "view", "--kind", "withdrawl").err
    )
    assert terminal("grants", "add", "--role", "support", "--may", "open", "--up-to", "lots").status == 2
