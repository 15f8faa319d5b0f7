"""Bulk jobs over HTTP: made, started, watched, taken along, and undone."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.asking import pointers, refused
from tests.api.conftest import Running, run
from tests.conftest import _copy
from viertakt.bulk.model import Limits
from viertakt.wiring import Application
from viertakt.worker.duties import Duties

SECONDS_MAX = 30


@pytest.fixture(scope="module")
def running(server_url: str, template: str) -> Iterator[Running]:
    """A server of its own, with a worker beside it that waits for no countdown."""
    for database in _copy(server_url, template):
        for served in run(database):
            with Application(database, bulk=Limits(countdown=timedelta(0))) as worked, Duties(worked):
                yield served


@pytest.fixture(scope="module")
def olga(running: Running) -> Iterator[httpx.Client]:
    with running.person("Olga", "payments") as client:
        yield client


def withdrawals(client: httpx.Client, count: int) -> tuple[str, list[str]]:
    """So many withdrawals of a brand of their own."""
    brand = f"brand-{uuid4().hex[:8]}"
    items = [
        {
            "kind": "withdrawal",
            "reference": f"{brand}-{n}",
            "brand": brand,
            "amount": {"value": "20.00", "currency": "EUR"},
        }
        for n in range(count)
    ]
    answer = client.post("/v1/operations/batch", json={"items": items}).json()
    return brand, [item["operation"]["id"] for item in answer["items"]]


def made(client: httpx.Client, brand: str, **more: Any) -> dict[str, Any]:
    body = {"q": f"kind:withdrawal brand:{brand}", "transition": "refuse", "reason": "fraud"} | more
    answer = client.post("/v1/bulk", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/bulk/{answer.json()['id']}"
    return dict(answer.json())


def act(client: httpx.Client, job: dict[str, Any], name: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/bulk/{job['id']}/{name}", json=body or None)
    assert answer.status_code in {200, 201}, answer.text
    return dict(answer.json())


def ended(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    """The job once it has ended."""
    ends = time.monotonic() + SECONDS_MAX
    while (found := client.get(f"/v1/bulk/{job['id']}").json())["state"] in {"running", "counting_down"}:
        assert time.monotonic() < ends, found
        time.sleep(0.05)
    return dict(found)


def skip_countdown(running: Running) -> None:
    """The server of these tests counts down; nobody waits for it here."""
    from viertakt.db.pool import connect

    with connect(running.database, autocommit=True) as conn:
        conn.execute("UPDATE viertakt.bulk_job SET starts_at = now() WHERE starts_at > now()")


def test_a_job_is_made_started_and_read_to_its_end(running: Running, olga: httpx.Client) -> None:
    """The whole of it as the console goes: what would happen, the number, and what came of each."""
    brand, ids = withdrawals(olga, 3)
    job = made(olga, brand)
    assert (job["state"], job["total"], job["affected"]) == ("ready", 3, 3)
    assert (job["must_confirm"], job["countdown_seconds"], job["may"]) == (True, 30, ["start", "cancel"])
    assert job["sums"] == [{"value": "60.00", "currency": "EUR"}]
    (group,) = job["groups"]
    assert (group["kind"], group["stage"], group["to"], group["fate"]) == (
        "withdrawal",
        "requested",
        "releasing",
        "moves",
    )
    unconfirmed = olga.post(f"/v1/bulk/{job['id']}/start", json={})
    assert pointers(refused(unconfirmed, 422, "invalid")) == {("/confirm", "confirm_required")}
    started = act(olga, job, "start", confirm=3)
    assert (started["state"], started["may"]) == ("counting_down", ["pause", "cancel"])
    skip_countdown(running)
    done = ended(olga, job)
    assert (done["state"], done["done"], done["left"], done["may"]) == ("done", 3, 0, ["undo"])
    items = olga.get(f"/v1/bulk/{job['id']}/items", params={"limit": 2}).json()
    assert [item["state"] for item in items["items"]] == ["done", "done"]
    rest = olga.get(f"/v1/bulk/{job['id']}/items", params={"cursor": items["next_cursor"]}).json()
    assert {item["operation_id"] for item in items["items"] + rest["items"]} == set(ids)
    history = olga.get(f"/v1/operations/{ids[0]}/history").json()["items"]
    assert (history[-1]["cause"], history[-1]["request_id"]) == ("bulk", f"bulk:{job['id']}")
    assert job["id"] in {one["id"] for one in olga.get("/v1/bulk").json()["items"]}


def test_the_result_of_each_is_a_file(running: Running, olga: httpx.Client) -> None:
    """Who has to answer for a thousand rejections takes the list along."""
    brand, ids = withdrawals(olga, 2)
    job = made(olga, brand, dry_run=False, confirm=2)
    skip_countdown(running)
    ended(olga, job)
    answer = olga.get(f"/v1/bulk/{job['id']}/items", params={"format": "csv", "language": "nl"})
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Nummer;Referentie;Id;Type;Resultaat;Waarom niet;Toelichting;Op"
    assert {line.split(";")[2] for line in lines[1:]} == set(ids)


def test_an_undo_waits_for_two_others_and_restores(running: Running, olga: httpx.Client) -> None:
    """A wrong job is taken back by a lead, with the consent of two more; its trace stays."""
    brand, ids = withdrawals(olga, 2)
    job = made(olga, brand, dry_run=False, confirm=2)
    skip_countdown(running)
    ended(olga, job)
    with ExitStack() as stack:
        admin = stack.enter_context(running.client("integration"))
        moves = [{"operation_id": id_, "transition": "released"} for id_ in ids]
        released = admin.post("/v1/moves", json={"items": moves}).json()["items"]
        assert [item["status"] for item in released] == [201, 201], released
        lena, luuk, lars = (
            stack.enter_context(running.person(name, "payments_lead")) for name in ("Lena", "Luuk", "Lars")
        )
        undo = act(lena, job, "undo", comment="The wrong filter.")
        assert (undo["undoes"], undo["affected"]) == (job["id"], 2)
        undo = act(lena, undo, "start", confirm=2)
        assert (undo["state"], undo["why_not"]["code"]) == ("waiting", "own_request")
        seen = luuk.get(f"/v1/bulk/{undo['id']}").json()
        assert (seen["may"], seen["why_not"]) == (["approve", "decline"], None)
        act(luuk, undo, "approvals", verdict="approve")
        act(lars, undo, "approvals", verdict="approve")
        skip_countdown(running)
        assert ended(lena, undo)["done"] == 2
        assert lena.get(f"/v1/operations/{ids[0]}").json()["stage"] == "under_review"
        assert lena.get(f"/v1/bulk/{job['id']}").json()["undone_by"] == undo["id"]


def test_an_administrators_job_is_there_for_those_who_see_its_operations(
    running: Running, olga: httpx.Client
) -> None:
    """Leads, who do not see what is restricted, consent to it, unless something restricted is in it."""
    brand, ids = withdrawals(olga, 2)
    with running.person("Ada", "admin") as ada, running.person("Lena", "payments_lead") as lena:
        job = made(ada, brand)
        assert lena.get(f"/v1/bulk/{job['id']}").status_code == 200
        held = ada.post(f"/v1/operations/{ids[0]}/moves", json={"transition": "escalate"})
        assert held.status_code == 201, held.text
        refused(lena.get(f"/v1/operations/{ids[0]}"), 404, "not_found")
        job = made(ada, brand)
        refused(lena.get(f"/v1/bulk/{job['id']}"), 404, "not_found")
        assert ada.get(f"/v1/bulk/{job['id']}").status_code == 200


def test_bad_jobs_are_told_what_is_wrong(olga: httpx.Client) -> None:
    """Neither everything by accident, nor two selections at once, nor a job that is not there."""
    body = {"transition": "refuse", "reason": "fraud"}
    refused(olga.post("/v1/bulk", json=body | {"q": ""}), 400, "invalid_query")
    refused(olga.post("/v1/bulk", json=body | {"q": "stauts:x"}), 400, "invalid_query")
    both = olga.post("/v1/bulk", json=body | {"q": "kind:withdrawal", "ids": [str(uuid4())]})
    assert pointers(refused(both, 422, "invalid")) == {("/q", "one_of_two")}
    refused(olga.post("/v1/bulk", json=body), 422, "invalid")
    q = {"q": "kind:withdrawal"}
    for neither in (q, q | body | {"note": {"text": "x"}}, q | {"assign": {}, "tag": {"add": ["x"]}}):
        faults = pointers(refused(olga.post("/v1/bulk", json=neither), 422, "invalid"))
        assert faults == {("/transition", "one_of_four")}
    empty = olga.post("/v1/bulk", json=q | {"tag": {}})
    assert pointers(refused(empty, 422, "invalid")) == {("/tag", "required")}
    refused(olga.get(f"/v1/bulk/{uuid4()}"), 404, "not_found")
    refused(olga.get("/v1/bulk/x"), 404, "not_found")
    refused(olga.get(f"/v1/bulk/{uuid4()}/items", params={"cursor": "x"}), 400, "invalid_cursor")


def test_many_are_assigned_tagged_and_noted(olga: httpx.Client) -> None:
    """A job says what it does in words of its own; what it put on is taken off by its undo."""
    brand, ids = withdrawals(olga, 2)
    q = {"q": f"kind:withdrawal brand:{brand}"}

    def job(**what: Any) -> dict[str, Any]:
        answer = olga.post("/v1/bulk", json=q | what)
        assert answer.status_code == 201, answer.text
        return ended(olga, act(olga, answer.json(), "start", confirm=2))

    assigned = job(assign={"to": "role:risk"})
    assert (assigned["verb"], assigned["transition"], assigned["done"]) == ("assign", None, 2)
    assert assigned["assign_to"]["id"] == "role:risk"
    tagged = job(tag={"add": ["vip"]})
    assert (tagged["verb"], tagged["tags"]) == ("tag", {"add": ["vip"], "remove": []})
    noted = job(note={"text": "The bank is closed."})
    assert (noted["verb"], noted["comment"], noted["may"]) == ("note", "The bank is closed.", [])
    shown = olga.get(f"/v1/operations/{ids[0]}").json()
    assert (shown["tags"], shown["assignment"]["assignee"]["id"]) == (["vip"], "role:risk")
    undone = olga.post(f"/v1/bulk/{tagged['id']}/undo", json={})
    assert undone.json()["groups"][0]["fate"] == "moves"
    ended(olga, act(olga, undone.json(), "start", confirm=2))
    assert olga.get(f"/v1/operations/{ids[0]}").json()["tags"] == []
    refused(olga.post(f"/v1/bulk/{noted['id']}/undo", json={}), 409, "not_permitted")


def test_one_is_tagged(olga: httpx.Client) -> None:
    """By whoever may amend it; its version stays, and the same key says the same again."""
    _, (id_,) = withdrawals(olga, 1)
    path, key = f"/v1/operations/{id_}/tags", {"idempotency-key": uuid4().hex}
    first = olga.post(path, json={"add": ["vip", "late"]}, headers=key)
    assert (first.status_code, first.json()["tags"]) == (200, ["vip", "late"])
    assert first.json()["entry"]["sort"] == "tagged"
    again = olga.post(path, json={"add": ["vip", "late"]}, headers=key)
    assert again.headers["idempotent-replayed"] == "true"
    assert olga.post(path, json={"add": ["vip"]}).json() == {"tags": ["vip", "late"], "entry": None}
    assert olga.post(path, json={"remove": ["vip"]}).json()["tags"] == ["late"]
    assert olga.get(f"/v1/operations/{id_}").json()["version"] == 1
    both = olga.post(path, json={"add": ["x"], "remove": ["x"]})
    assert pointers(refused(both, 422, "invalid")) == {("/remove", "one_of_two")}
    many = olga.post(path, json={"add": [f"t{n}" for n in range(50)]})
    assert pointers(refused(many, 422, "invalid")) == {("/add", "too_many")}


def test_a_lost_answer_is_asked_for_again(olga: httpx.Client) -> None:
    """One key, one job."""
    brand, _ = withdrawals(olga, 2)
    body = {"q": f"brand:{brand}", "transition": "refuse", "reason": "fraud"}
    key = {"idempotency-key": uuid4().hex}
    first, again = (olga.post("/v1/bulk", json=body, headers=key) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["idempotent-replayed"] == "true"
    refused(olga.post("/v1/bulk", json=body | {"reason": "wagering_open"}, headers=key), 422, "key_reused")
