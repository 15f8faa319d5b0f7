"""Incidents over HTTP and on the command line: opened from an alert, paused, released, closed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx

from tests.api.conftest import Running
from tests.api.test_alerts import ALERT
from tests.conftest import TREE
from viertakt.db.pool import connect
from viertakt.operations.holding import Releaser


def _cli(running: Running, *words: str) -> tuple[int, Any]:
    told = subprocess.run(
        [sys.executable, "-m", "viertakt.cli", "incidents", *words, "--json"],
        cwd=TREE,
        env={**os.environ, "VIERTAKT_DATABASE_URL": running.database},
        capture_output=True,
        check=False,
    )
    return told.returncode, json.loads(told.stdout) if told.stdout else told.stderr.decode()


def _let_go(running: Running) -> None:
    def ask(question: Any) -> Any:
        with connect(running.database) as conn:
            found = question(conn)
            conn.commit()
        return found

    while Releaser(ask).turn() is not None:
        pass


def test_an_incident_from_an_alert_to_its_end(running: Running) -> None:
    """Who manages opens it, who sees its operations reads it, and what it says is what happens."""
    with connect(running.database) as conn:
        row = conn.execute(ALERT.replace("claim", "transfer") + " RETURNING alert_id").fetchone()
        conn.commit()
    assert row is not None
    sent = {"title": "Bank is down", "q": "kind:transfer", "alerts": [str(row[0])], "pause": True}
    with running.person("Ines", "payments") as client:
        assert client.post("/v1/incidents", json=sent).status_code == 403
    with running.person("Ada") as client:
        made = client.post("/v1/incidents", json=sent)
        assert (made.status_code, made.json()["state"]) == (201, "paused")
        where = f"/v1/incidents/{made.json()['id']}"
        assert client.post("/v1/incidents", json={**sent, "q": " "}).status_code == 422
        assert client.post(where, json={"act": "close"}).status_code == 409
        assert client.post(where, json={"act": "add_alert"}).status_code == 422
        assert client.post(where, json={"act": "note", "comment": "Called them."}).status_code == 200
        released = client.post(where, json={"act": "release", "per_minute": 30}).json()
        assert (released["state"], released["per_minute"]) == ("releasing", 30)
        _let_go(running)
        assert client.post(where, json={"act": "close", "comment": "Over."}).json()["state"] == "closed"
        told = client.get(where).json()
        assert [one["sort"] for one in told["events"]] == [
            "opened", "alert_added", "paused", "noted", "released", "closed",
        ]  # fmt: skip
        assert [one["id"] for one in told["alerts"]] == [str(row[0])]
        assert client.get(f"/v1/incidents/{uuid4()}").status_code == 404
        assert client.get("/v1/incidents/no-id").status_code == 404
        listed = client.get("/v1/incidents").json()["items"]
        assert [one["q"] for one in listed if one["id"] == told["incident"]["id"]] == ["kind:transfer"]


def test_words_that_hide_or_break_what_is_read_are_refused(running: Running) -> None:
    """A title goes into the subject of a mail and the first line of a room; a comment may have lines."""
    with running.person("Ada") as client:
        for bad in ("Line one\r\nBcc: all", "bell\u0007", "safe\u202egnp", "two\u2028lines"):
            refused = client.post("/v1/incidents", json={"title": bad, "q": "kind:claim"})
            assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/title")
        made = client.post("/v1/incidents", json={"title": "Bank \u20ac", "q": "kind:claim"}).json()
        where = f"/v1/incidents/{made['id']}"
        for bad in ("bell\u0007", "safe\u202egnp", "half\rline"):
            refused = client.post(where, json={"act": "note", "comment": bad})
            assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/comment")
        assert client.post(where, json={"act": "note", "comment": "One.\r\nTwo."}).status_code == 200
        assert client.get(where).json()["events"][-1]["comment"] == "One.\nTwo."
        assert client.post(where, json={"act": "close"}).status_code == 200


def test_an_alert_out_of_sight_is_added_by_nobody(running: Running) -> None:
    """Who manages one brand adds that brand's alerts; any other is not there, and stays as it was."""
    role, mine, other = f"r{uuid4().hex[:12]}", f"b-{uuid4()}", f"b-{uuid4()}"
    with connect(running.database) as conn:
        ids = [
            str(conn.execute(alert + " RETURNING alert_id").fetchone()[0])  # type: ignore[index]
            for alert in (
                ALERT.replace("claim", "kyc").replace("market-eu", mine),
                ALERT.replace("claim", "bonus").replace("market-eu", other),
            )
        ]
        conn.commit()
    with running.person("Chief") as chief:
        chief.post("/v1/roles", json={"role": role, "label": {"en": "One brand", "nl": "Eén merk"}})
        grant = {"role": role, "may": ["view", "manage"], "where": f"brand:{mine}"}
        assert chief.post("/v1/grants", json=grant).status_code == 201
    sent = {"title": "Claims", "q": f"brand:{mine}"}
    with running.person(f"Lead-{uuid4().hex[:8]}", role) as client:
        assert [one["id"] for one in client.get("/v1/alerts").json()["items"]] == ids[:1]
        assert client.post("/v1/incidents", json={**sent, "alerts": ids}).status_code == 404
        made = client.post("/v1/incidents", json={**sent, "alerts": ids[:1]})
        where = f"/v1/incidents/{made.json()['id']}"
        assert (made.status_code, made.json()["alerts"]) == (201, 1)
        assert client.post(where, json={"act": "add_alert", "alert": ids[1]}).status_code == 404
        assert [one["id"] for one in client.get(where).json()["alerts"]] == ids[:1]
    with running.person("Chief") as chief:
        left = {one["id"]: one["incident_id"] for one in chief.get("/v1/alerts").json()["items"]}
    assert (left[ids[0]], left[ids[1]]) == (made.json()["id"], None)


def test_an_operation_says_because_of_what_it_waits(running: Running) -> None:
    """Who sees it sees why nothing happens, and where that is worked on; what has ended waits for nothing."""
    opening = {"kind": "ticket", "reference": f"T-{uuid4()}", "subject": f"a customer {uuid4()}"}
    with running.person("Ada") as client:
        where = f"/v1/operations/{client.post('/v1/operations', json=opening).json()['id']}"
        assert client.get(where).json()["held"] is None
        sent = {"title": "Desk is down", "q": f'subject:"{opening["subject"]}"', "pause": True}
        made = client.post("/v1/incidents", json=sent).json()
        held = _once(lambda: client.get(where).json()["held"])
        assert (held["incident"], held["since"]) == (made["id"], made["held_at"])
        offers = {one["transition"]: one["held"] for one in client.get(where).json()["available"]}
        assert (held["title"], offers["ask_vendor"]) == ("Desk is down", held)
        assert {name for name, why in offers.items() if why} == {"ask_vendor"}, (
            "what stays here waits for nobody"
        )
        client.post(f"/v1/incidents/{made['id']}", json={"act": "release", "per_minute": 30})
        _let_go(running)
        _once(lambda: client.get(where).json()["held"] is None)


def test_what_has_ended_says_what_would_wait(running: Running) -> None:
    """A failed deposit waits for nothing, and sending it once more would."""
    subject = f"a player {uuid4()}"
    opening = {"kind": "deposit", "reference": f"D-{uuid4()}", "subject": subject}
    with running.client() as client:
        opening["amount"] = {"value": "5.00", "currency": "EUR"}  # type: ignore[assignment]
        where = f"/v1/operations/{client.post('/v1/operations', json=opening).json()['id']}"
        assert client.post(f"{where}/outcome", json={"outcome": "error"}).status_code == 201
    with running.person("Ada") as client:
        sent = {"title": "Cards are down", "q": f'subject:"{subject}"', "pause": True}
        made = client.post("/v1/incidents", json=sent).json()
        offer = _once(lambda: next(one for one in _offers(client, where) if one["held"]))
        assert (offer["transition"], offer["held"]["title"]) == ("retry", "Cards are down")
        assert client.get(where).json()["held"] is None
        client.post(f"/v1/incidents/{made['id']}", json={"act": "release", "per_minute": 30})
        _let_go(running)


def _offers(client: httpx.Client, where: str) -> Any:
    return client.get(where).json()["available"]


def _once(told: Callable[[], Any]) -> Any:
    """What is told as soon as this server has heard of it: it looks once a second."""
    end = time.monotonic() + 30
    while not (found := told()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


def test_the_command_line_does_the_same(running: Running) -> None:
    """Misuse is one sentence; what is refused exits with 1."""
    status, made = _cli(running, "open", "Cards are down", "kind:dispute attributes.scheme:visa", "--pause")
    assert (status, made["state"]) == (0, "paused")
    assert _cli(running, "close", made["id"])[0] == 1
    assert _cli(running, "release", made["id"], "--per-minute", "120")[1]["state"] == "releasing"
    _let_go(running)
    assert _cli(running, "note", made["id"], "They are back.")[0] == 0
    assert _cli(running, "close", made["id"])[1]["state"] == "closed"
    status, shown = _cli(running, "show", made["id"])
    assert (status, shown["events"][-1]["sort"]) == (0, "closed")
    assert made["id"] in [one["id"] for one in _cli(running, "list")[1]]
    assert made["id"] not in [one["id"] for one in _cli(running, "list", "--open")[1]]
