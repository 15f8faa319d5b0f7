"""`GET /metrics`: what it tells, to whom, and that dashboard and alert rules ask for nothing that is not told."""

import json
import re
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from tests.api.conftest import Running

FILES = Path(__file__).parents[2] / "monitoring"
NAME = re.compile(r"\b((?:viertakt|process)_[a-z_]+)")


def _told(client: httpx.Client) -> dict[str, dict[tuple[str, ...], float]]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    told: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            told.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return told


def test_requests_answers_and_refusals_are_counted(running: Running) -> None:
    """By operation and status, by code, and in the batch's own numbers."""
    with running.client() as client:
        before = _told(client)
        reference = client.post("/v1/operations", json={"kind": "ticket", "reference": "metrics-1"})
        assert reference.status_code == 201
        assert client.get("/v1/operations/00000000-0000-7000-8000-000000000000").status_code == 404
        after = _told(client)

    def gained(name: str, *labels: str) -> float:
        return after[name][labels] - before.get(name, {}).get(labels, 0)

    # At least: other tests ask the same process.
    assert gained("viertakt_http_answers_total", "openOperation", "201") >= 1
    assert gained("viertakt_http_request_seconds_count", "openOperation") >= 1
    assert gained("viertakt_refusals_total", "not_found") >= 1
    assert gained("viertakt_batch_requests_total") >= 1
    assert gained("viertakt_batch_sets_total") >= 1
    assert after["viertakt_database_up"] == {(): 1}


def test_it_is_for_callers_only_and_needs_no_role_that_sees_anything(running: Running) -> None:
    """Volumes are nobody's business outside; inside they say nothing about operations."""
    with running.anybody() as client:
        assert client.get("/metrics").status_code == 401
    with running.client("read_only") as client:
        assert "viertakt_journal_position" in _told(client)


def test_dashboard_and_alert_rules_ask_for_what_is_told(running: Running) -> None:
    """A rule about a number that was renamed would never fire."""
    with running.client() as client:
        client.get("/v1/operations/00000000-0000-7000-8000-000000000000")
        told = set(_told(client))
    rules = YAML(typ="safe").load(FILES / "alerts.yaml")["groups"][0]["rules"]
    panels = json.loads((FILES / "grafana.json").read_text())["panels"]
    asked = [rule["expr"] for rule in rules] + [one["expr"] for panel in panels for one in panel["targets"]]
    names = {name for text in asked for name in NAME.findall(text)}
    # Told only while there is something: followers that have begun.
    assert names - told <= {"viertakt_follower_behind_entries"}


def test_the_guide_explains_every_alert() -> None:
    """Who is woken by one finds what it means and what to do."""
    rules = YAML(typ="safe").load(FILES / "alerts.yaml")["groups"][0]["rules"]
    guide = (FILES.parent / "docs/guide/monitoring.md").read_text()
    assert [rule["alert"] for rule in rules if rule["alert"] not in guide] == []
