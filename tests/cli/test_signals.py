"""Sources and signals from the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from viertakt.access.sealing import Sealer
from viertakt.db.pool import connect
from viertakt.settings import Settings
from viertakt.signals.receiving import take_in

KEY = "a key that only these tests know and that is long enough"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIERTAKT_SECRET_KEY", KEY)


def test_a_source_is_made_tried_and_looked_at(
    terminal: Terminal, database: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way of whoever connects a provider, without a browser."""
    made = terminal("signals", "set-source", "shop", "--scheme", "stripe", "--json")
    assert (made.status, made.json["ready"], made.json["secrets"]) == (0, "stripe", [])
    monkeypatch.setenv("VIERTAKT_SOURCE_SECRET", "whsec_that_nobody_sees")
    added = terminal("signals", "add-secret", "shop")
    assert (added.status, "whsec_" in added.out) == (0, False)
    assert "/v1/signals/shop" in added.out
    (listed,) = terminal("signals", "sources", "--json").json
    assert terminal("signals", "remove-secret", "shop", listed["secrets"][0]["id"]).status == 0
    payload = folder / "payload.json"
    payload.write_text(json.dumps({"id": "evt_1", "type": "payout.paid", "data": {"object": {"id": "po_1"}}}))
    tried = terminal("signals", "try", "shop", payload)
    assert (tried.status, "parked" in tried.out, "evt_1" in tried.out) == (0, True, True)
    payload.write_text("no json")
    assert terminal("signals", "try", "shop", payload).status == 2
    with connect(database) as conn:
        take_in(conn, "shop", {}, b"{}", sealer=Sealer(Settings(secret_key=KEY)))
        conn.commit()
    assert terminal("signals", "list", "--json").json == []


def test_what_is_received_is_listed_shown_and_replayed(terminal: Terminal, database: str) -> None:
    """Masked as in the console."""
    terminal("signals", "set-source", "shop", "--scheme", "stripe")
    with connect(database) as conn:
        body = b'{"id": "evt_1", "type": "nothing.known", "email": "anna@example.com"}'
        conn.execute(
            "INSERT INTO viertakt.signal (signal_id, source, event_id, body, state, at) "
            "VALUES (gen_random_uuid(), 'shop', 'evt_1', %s, 'unmapped', now())",
            [body],
        )
        conn.commit()
    (one,) = terminal("signals", "list", "--state", "unmapped", "--json").json
    shown = terminal("signals", "show", one["id"])
    assert ("evt_1" in shown.out, "anna" in shown.out) == (True, False)
    assert terminal("signals", "show", one["id"], "--json").json["masked"] == 1
    revealed = terminal("signals", "reveal", one["id"], "--reason", "It maps to nothing")
    assert (revealed.status, "anna@example.com" in revealed.out) == (0, True), revealed.err
    assert terminal("signals", "replay", "--source", "shop", "--json").json == {"count": 1}
    (again,) = terminal("signals", "list", "--json").json
    assert (again["state"], again["rounds"]) == ("received", 1)
    assert terminal("signals", "erase", "shop", one["id"], "--reason", "Sent by mistake").status == 0
    assert terminal("signals", "reveal", one["id"], "--reason", "Once more").status == 1
    told = [(line["sort"], line["reason"]) for line in terminal("access", "changes", "--json").json[:2]]
    assert told == [("erased", "Sent by mistake"), ("revealed", "It maps to nothing")]


@pytest.mark.parametrize(
    "line",
    [
        ("list", "--state", "lost"),
        ("show", "x"),
        ("reveal", "x", "--reason", "Why"),
        ("replay",),
        ("set-source", "Shop", "--scheme", "stripe"),
        ("set-source", "shop", "--scheme", "stripes"),
        ("mapping", "paypal"),
        ("add-secret", "shop"),
    ],
)
def test_what_is_misused_says_so(bare: Terminal, line: tuple[str, ...]) -> None:
    """One sentence, and exit status 2."""
    said = bare("signals", *line)
    assert (said.status, "Traceback" in said.err) == (2, False), said.err


def test_a_mapping_with_faults_is_refused_with_all_of_them(terminal: Terminal, folder: Path) -> None:
    """Each on a line of its own."""
    file = folder / "mapping.yaml"
    file.write_text("codes: paypal\nrules: [{when: 'a[', kind: deposit, outcome: success}]\n")
    said = terminal("signals", "set-source", "shop", "--scheme", "hmac", "--mapping", file)
    assert said.status == 2
    assert [
        word for word in ("paypal", "JMESPath", "By what is the deposit found") if word not in said.err
    ] == []
    assert terminal("signals", "set-source", "shop", "--scheme", "hmac").status == 2
    assert "codes: stripe" in terminal("signals", "mapping", "stripe").out
