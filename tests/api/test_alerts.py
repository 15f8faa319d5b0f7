"""Alerts over HTTP and on the command line."""

import json
import os
import subprocess
import sys

from tests.api.conftest import Running
from tests.conftest import TREE
from viertakt.db.pool import connect

ALERT = """
INSERT INTO viertakt.alert (
    alert_id, measure, direction, level, kind, brand, value, usual, window_minutes, score, opened_at, looked_at
)
VALUES (gen_random_uuid(), 'rejections', 'above', 'critical', 'claim', 'market-eu', 0.6, 0.1, 60, 21.04, now(), now())
"""


def test_an_alert_is_listed_noted_and_leads_to_its_operations(running: Running) -> None:
    """Its query is one that the list takes, and who noted it stands there by name."""
    with connect(running.database) as conn:
        conn.execute(ALERT)
        conn.commit()
    with running.person("Nora") as client:
        (found,) = [
            one
            for one in client.get("/v1/alerts", params={"open": "true"}).json()["items"]
            if one["kind"] == "claim"
        ]
        assert (found["level"], found["score"], found["seen_by"]) == ("critical", 21.0, None)
        assert client.get("/v1/operations", params={"q": found["q"]}).status_code == 200
        noted = client.post(f"/v1/alerts/{found['id']}/seen")
        assert (noted.status_code, noted.json()["seen_by"]["name"]) == (200, "Nora")
        assert client.post("/v1/alerts/no-id/seen").status_code == 404
    told = subprocess.run(
        [sys.executable, "-m", "viertakt.cli", "alerts", "list", "--open", "--json"],
        cwd=TREE,
        env={**os.environ, "VIERTAKT_DATABASE_URL": running.database},
        capture_output=True,
        check=True,
    )
    assert found["q"] in [one["q"] for one in json.loads(told.stdout)]


def test_a_limit_is_set_listed_and_ended(running: Running) -> None:
    """Over HTTP and on the command line alike; what is no limit is refused with a sentence."""
    sent = {"measure": "stage_time", "bound": 30, "kind": "withdrawal", "stage": "sending"}
    with running.person("Ada") as client:
        made = client.post("/v1/alert-limits", json=sent)
        assert (made.status_code, made.json()["set_by"]["name"]) == (201, "Ada")
        assert client.post("/v1/alert-limits", json={**sent, "stage": None}).status_code == 422
        waits = client.post("/v1/alert-limits", json={**sent, "measure": "backlog"}).json()
        assert client.delete(f"/v1/alert-limits/{waits['id']}").json()["stage"] == "sending"
        assert client.post("/v1/alert-limits", json={**sent, "measure": "created"}).status_code == 422
        assert client.post("/v1/alert-limits", json={**sent, "kind": "no_kind"}).status_code == 404
        listed = client.get("/v1/alert-limits").json()["items"]
        assert made.json() in listed
        where = f"/v1/alert-limits/{made.json()['id']}"
        assert client.delete(where).json()["ended_by"]["name"] == "Ada"
        assert client.delete(where).status_code == 409
        assert client.delete("/v1/alert-limits/no-id").status_code == 404
    place = {**os.environ, "VIERTAKT_DATABASE_URL": running.database}
    command = [sys.executable, "-m", "viertakt.cli", "alerts"]
    words = ["set-limit", "errors", "0.05", "--kind", "withdrawal", "--json"]
    told = subprocess.run([*command, *words], cwd=TREE, env=place, capture_output=True, check=True)
    limit = json.loads(told.stdout)
    assert (limit["bound"], limit["window_minutes"], limit["at_least"]) == (0.05, 10, 5)
    ended = subprocess.run(
        [*command, "end-limit", limit["id"], "--json"], cwd=TREE, env=place, capture_output=True, check=True
    )
    assert json.loads(ended.stdout)["ended_by"] == "system:cli"
    misused = subprocess.run(
        [*command, "set-limit", "errors", "5"], cwd=TREE, env=place, capture_output=True, check=False
    )
    assert (misused.returncode, b"between 0 and 1" in misused.stderr) == (2, True)
