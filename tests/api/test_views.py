"""Saved views over HTTP: whose they are, what a stale one meets, and that a broken one breaks no list."""

from typing import Any
from uuid import uuid4

import httpx

from tests.api.asking import refused
from tests.api.conftest import Running


def saved(client: httpx.Client, **chosen: Any) -> dict[str, Any]:
    """A new view."""
    answer = client.post("/v1/views", json={"name": f"V {uuid4()}", "query": "status:pending"} | chosen)
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    view: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/views/{view['id']}"
    return view


def test_a_view_is_saved_listed_starred_counted_and_deleted(running: Running) -> None:
    """Its whole life, as the console lives it."""
    with running.client("payments") as client:
        view = saved(client, columns=["number", "attributes.method"], sort="created_at", density="compact")
        assert (view["may_change"], view["counted"], view["fault"]) == (True, False, None)
        path = f"/v1/views/{view['id']}"
        assert client.put(f"{path}/star").status_code == 204
        listed = client.get("/v1/views").json()["items"]
        mine = next(one for one in listed if one["id"] == view["id"])
        assert (mine["starred"], mine["counted"], mine["columns"]) == (True, True, view["columns"])
        counts = client.get("/v1/views/counts?zone=Europe/Amsterdam").json()["items"]
        assert counts[0]["id"] == view["id"]
        assert counts[0]["count"]["value"] >= 0
        assert client.delete(f"{path}/star").status_code == 204
        assert client.delete(path, headers={"if-match": '"1"'}).headers["etag"] == '"2"'
        refused(client.get(path), 404, "not_found")
        back = client.put(path, json={"name": "Back", "query": ""}, headers={"if-match": '"2"'})
        assert (back.status_code, back.headers["etag"], back.json()["query"]) == (200, '"3"', "")


def test_a_view_that_was_changed_meanwhile_is_not_overwritten(running: Running, admin: httpx.Client) -> None:
    """Two people keep a team's view."""
    view = saved(admin, audience="team", role="kyc")
    body = {"name": view["name"], "query": "status:error", "audience": "team", "role": "kyc"}
    with running.client("kyc") as other:
        assert other.put(f"/v1/views/{view['id']}", json=body).status_code == 200
    problem = refused(
        admin.put(f"/v1/views/{view['id']}", json=body, headers={"if-match": '"1"'}), 412, "stale"
    )
    assert problem["version"] == 2


def test_what_does_not_read_is_refused_with_its_place(admin: httpx.Client) -> None:
    """The dialog shows where."""
    answer = admin.post("/v1/views", json={"name": "Broken", "query": "status:pending stauts:error"})
    problem = refused(answer, 400, "invalid_query")
    assert (problem["offset"], problem["did_you_mean"]) == (15, "status")
    answer = admin.post("/v1/views", json={"name": "No team", "query": "", "audience": "team"})
    refused(answer, 422, "invalid")
    answer = admin.post("/v1/views", json={"name": "x", "query": "", "audience": "team", "role": "king"})
    refused(answer, 422, "invalid")


def test_what_is_no_view_is_not_found(admin: httpx.Client) -> None:
    """No id, nobody's id, and an id of another's view look the same."""
    for name in ("nonsense", str(uuid4())):
        refused(admin.get(f"/v1/views/{name}"), 404, "not_found")
        refused(admin.put(f"/v1/views/{name}/star"), 404, "not_found")
        refused(admin.delete(f"/v1/views/{name}"), 404, "not_found")


def test_views_for_everyone_are_an_administrators(running: Running) -> None:
    """They stand in everybody's rail."""
    with running.client("payments") as client:
        answer = client.post("/v1/views", json={"name": "All", "query": "", "audience": "everyone"})
        refused(answer, 403, "forbidden")
