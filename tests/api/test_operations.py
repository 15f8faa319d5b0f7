"""Opening, reading, moving, amending: what a program and a person see over HTTP."""

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx

from tests.api.conftest import Running


def opened(client: httpx.Client, **fields: object) -> dict[str, Any]:
    """A fresh withdrawal."""
    body = {
        "kind": "withdrawal",
        "reference": f"W-{uuid4()}",
        "amount": {"value": "120.00", "currency": "EUR"},
    }
    answer = client.post("/v1/operations", json=body | fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def moved(client: httpx.Client, operation: dict[str, Any], *transitions: str) -> None:
    """Several moves in a row."""
    for transition in transitions:
        answer = client.post(f"/v1/operations/{operation['id']}/moves", json={"transition": transition})
        assert answer.status_code == 201, answer.text


def test_an_operation_opens_at_its_kinds_start(admin: httpx.Client) -> None:
    """The first thing anybody does with the API."""
    operation = opened(admin, subject="player-7", aliases={"stripe:payout": f"po_{uuid4()}"})
    assert (operation["status"], operation["stage"], operation["version"]) == ("pending", "requested", 1)
    answer = admin.get(f"/v1/operations/{operation['id']}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"1"'
    detail = answer.json()
    assert list(detail["aliases"]) == ["stripe:payout"]
    assert {name: detail[name] for name in operation} == operation


def test_available_says_why_not(admin: httpx.Client) -> None:
    """A button never lies: what is refused is shown with its reason."""
    detail = admin.get(f"/v1/operations/{opened(admin)['id']}").json()
    available = {line["transition"]: line for line in detail["available"]}
    assert available["approve"]["allowed"] is True
    assert available["hold"]["allowed"] is False
    assert available["hold"]["why_not"]["code"] == "not_by_hand"


def test_the_same_reference_and_content_answer_with_the_same_operation(admin: httpx.Client) -> None:
    """A retry opens nothing twice, also without a key."""
    body = {"kind": "ticket", "reference": f"T-{uuid4()}"}
    first, again = (admin.post("/v1/operations", json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    other = admin.post("/v1/operations", json=body | {"subject": "somebody else"})
    assert (other.status_code, other.json()["code"]) == (409, "reference_taken")


def test_a_move_answers_with_its_entry(admin: httpx.Client) -> None:
    """Everything an auditor asks about a move, at once."""
    operation = opened(admin)
    answer = admin.post(
        f"/v1/operations/{operation['id']}/moves",
        json={"transition": "approve", "comment": "looks fine", "data": {"ticket": 7}},
        headers={"x-request-id": "shop-4711"},
    )
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"2"'
    assert answer.headers["x-request-id"] == "shop-4711"
    entry = answer.json()
    assert entry["from"] == {"stage": "requested", "status": "pending"}
    assert entry["to"] == {"stage": "approved", "status": "pending"}
    assert entry["actor"]["name"] == "tests"
    assert (entry["comment"], entry["data"]) == ("looks fine", {"ticket": 7})
    assert (entry["version"], entry["sort"], entry["request_id"]) == (2, "moved", "shop-4711")


def test_a_move_that_is_not_permitted_is_refused_and_recorded(admin: httpx.Client) -> None:
    """B20: the refusal says where the operation stands, and the history keeps the attempt."""
    operation = opened(admin)
    answer = admin.post(f"/v1/operations/{operation['id']}/moves", json={"transition": "settle"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_permitted")
    history = admin.get(f"/v1/operations/{operation['id']}/history").json()["items"]
    assert [entry["sort"] for entry in history] == ["opened", "refused"]
    assert history[1]["refusal"]["code"] == "not_permitted"
    assert history[1]["version"] is None


def test_a_stale_etag_is_refused_with_where_it_stands(admin: httpx.Client) -> None:
    """B20: two people with the same page open; the second hears of it before anything happens."""
    operation = opened(admin)
    moved(admin, operation, "approve")
    path = f"/v1/operations/{operation['id']}/moves"
    by_header = admin.post(path, json={"transition": "send"}, headers={"if-match": '"1"'})
    by_body = admin.post(path, json={"transition": "send", "expected_version": 1})
    for answer in (by_header, by_body):
        assert (answer.status_code, answer.json()["code"]) == (412, "stale")
        assert answer.json()["version"] == 2
        assert answer.json()["stage"] == "approved"
    assert admin.post(path, json={"transition": "send"}, headers={"if-match": '"2"'}).status_code == 201


def test_a_key_replays_the_first_answer(admin: httpx.Client) -> None:
    """B19: the answer was lost on the way; asking again changes nothing."""
    operation = opened(admin)
    path, key = f"/v1/operations/{operation['id']}/moves", {"idempotency-key": f"k-{uuid4()}"}
    first, again = (admin.post(path, json={"transition": "approve"}, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert first.json() == again.json()
    other = admin.post(path, json={"transition": "approve", "comment": "x"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_a_key_belongs_to_one_route_and_one_caller(admin: httpx.Client, running: Running) -> None:
    """B17: the same key elsewhere is another request; under another route on the same operation it is a mistake."""
    operation = opened(admin)
    path, key = f"/v1/operations/{operation['id']}", {"idempotency-key": f"k-{uuid4()}"}
    assert admin.post(f"{path}/moves", json={"transition": "approve"}, headers=key).status_code == 201
    amended = admin.patch(path, json={"amount": {"value": "1.00", "currency": "EUR"}}, headers=key)
    assert (amended.status_code, amended.json()["code"]) == (422, "key_reused")
    with running.client() as somebody:
        assert somebody.post(f"{path}/moves", json={"transition": "send"}, headers=key).status_code == 201


def test_a_refusal_does_not_use_up_its_key(admin: httpx.Client) -> None:
    """A refusal is decided anew: once the operation stands elsewhere, the same request may succeed."""
    operation = opened(admin)
    path, key = f"/v1/operations/{operation['id']}/moves", {"idempotency-key": f"k-{uuid4()}"}
    assert admin.post(path, json={"transition": "send"}, headers=key).status_code == 409
    moved(admin, operation, "approve")
    assert admin.post(path, json={"transition": "send"}, headers=key).status_code == 201


def test_an_outcome_moves_and_an_equal_one_changes_nothing(admin: httpx.Client) -> None:
    """Providers report twice."""
    operation = opened(admin)
    moved(admin, operation, "approve", "send")
    path = f"/v1/operations/{operation['id']}/outcome"
    first, again = (admin.post(path, json={"outcome": "success"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200), (first.text, again.text)
    assert first.json()["operation"]["status"] == "success"
    assert first.json()["operation"]["final"] == "provisional"
    assert again.json()["operation"]["version"] == first.json()["operation"]["version"]


def test_an_unmapped_code_is_kept_for_a_person(admin: httpx.Client) -> None:
    """An unknown outcome is never guessed."""
    operation = opened(admin)
    moved(admin, operation, "approve", "send")
    answer = admin.post(f"/v1/operations/{operation['id']}/outcome", json={"code": "iso20022:XX99"})
    assert answer.status_code == 202, answer.text
    assert answer.json()["entry"]["sort"] == "unmapped"
    assert answer.json()["operation"]["status"] == "pending"


def test_a_contradicting_report_is_kept_beside_the_operation(admin: httpx.Client) -> None:
    """A final status is never overwritten by whoever reports last."""
    ticket = opened(admin, kind="deposit")
    path = f"/v1/operations/{ticket['id']}"
    assert admin.post(f"{path}/outcome", json={"outcome": "success"}).status_code in {201, 409}


def test_an_amendment_is_a_new_version(admin: httpx.Client) -> None:
    """The amount changed: an approval of the old one must not count."""
    operation = opened(admin)
    path = f"/v1/operations/{operation['id']}"
    answer = admin.patch(
        path, json={"amount": {"value": "80.00", "currency": "EUR"}, "attributes": {"method": "card"}}
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"2"'
    assert answer.json()["amount"]["value"] == "80.00"
    assert answer.json()["attributes"] == {"method": "card"}
    assert admin.patch(path, json={}).status_code == 422
    stale = admin.patch(path, json={"attributes": {"method": "bank"}}, headers={"if-match": '"1"'})
    assert stale.status_code == 412


def test_the_history_pages_and_tells_what_was(admin: httpx.Client) -> None:
    """As-of is read from the history, not from a copy that may differ."""
    operation = opened(admin)
    moved(admin, operation, "approve", "send")
    path = f"/v1/operations/{operation['id']}/history"
    whole = admin.get(path).json()
    assert [entry["transition"] for entry in whole["items"]] == [None, "approve", "send"]
    assert whole["next_cursor"] is None
    seen, cursor = [], None
    while True:
        page = admin.get(path, params={"limit": 1} | ({"cursor": cursor} if cursor else {})).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == whole["items"]
    then = admin.get(path, params={"as_of": whole["items"][1]["at"]}).json()
    assert then["operation"]["stage"] == "approved"
    assert len(then["items"]) == 2
    datetime.fromisoformat(then["operation"]["changed_at"])


def test_a_list_pages_without_losing_or_doubling(admin: httpx.Client) -> None:
    """Keyset pages: what is opened meanwhile shifts nothing."""
    subject = f"s-{uuid4()}"
    ids = [opened(admin, subject=subject)["id"] for _ in range(5)]
    seen, cursor = [], None
    while True:
        params = {"q": f"subject:{subject}", "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = admin.get("/v1/operations", params=params).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids[::-1]
    before = {"q": f"subject:{subject}", "limit": "2", "cursor": page["prev_cursor"]}
    page = admin.get("/v1/operations", params=before).json()
    assert [item["id"] for item in page["items"]] == seen[2:4]
    counted = admin.get("/v1/operations", params={"q": f"subject:{subject}", "count": "capped"}).json()
    assert counted["count"] == {"value": 5, "capped": False}


def test_counts_are_told_by_status_and_kind(admin: httpx.Client) -> None:
    """The status tabs of the console."""
    subject = f"s-{uuid4()}"
    for _ in range(3):
        opened(admin, subject=subject)
    by_status = admin.get("/v1/counts", params={"q": f"subject:{subject}"}).json()["items"]
    assert {line["status"]: line["count"] for line in by_status} == {
        "pending": 3, "success": 0, "error": 0, "rejected": 0,
    }  # fmt: skip
    by_kind = admin.get("/v1/counts", params={"q": f"subject:{subject}", "by": "kind,stage"}).json()
    assert by_kind["items"] == [{"kind": "withdrawal", "stage": "requested", "count": 3}]


def test_a_batch_answers_each_item_in_order(admin: httpx.Client) -> None:
    """One bad move among a thousand harms nobody."""
    operations = admin.post(
        "/v1/operations/batch",
        json={
            "items": [{"kind": "ticket", "reference": f"T-{uuid4()}"}, {"kind": "no_such", "reference": "x"}]
        },
    ).json()["items"]
    assert [item["status"] for item in operations] == [201, 404]
    first = opened(admin)
    items = [
        {"operation_id": first["id"], "transition": "approve"},
        {"operation_id": first["id"], "transition": "send"},
        {"operation_id": str(uuid4()), "transition": "send"},
        {"operation_id": first["id"], "transition": "approve"},
    ]
    key = {"idempotency-key": f"k-{uuid4()}"}
    results = admin.post("/v1/moves", json={"items": items}, headers=key).json()["items"]
    assert [item["status"] for item in results] == [201, 201, 404, 409]
    assert [item["operation"]["version"] for item in results[:2]] == [2, 3]
    assert results[3]["problem"]["code"] == "not_permitted"
    again = admin.post("/v1/moves", json={"items": items}, headers=key).json()["items"]
    assert [item["entry"] for item in again[:2]] == [item["entry"] for item in results[:2]]


def test_thirty_two_callers_on_one_operation_win_each_version_once(
    admin: httpx.Client, running: Running
) -> None:
    """The heart of it: nobody's move is lost, doubled, or answered with a 5xx."""
    operation = opened(admin)
    token = running.token()
    path = f"{running.url}/v1/operations/{operation['id']}/moves"

    async def call(client: httpx.AsyncClient, transition: str) -> int:
        answer = await client.post(
            path, json={"transition": transition}, headers={"authorization": f"Bearer {token}"}
        )
        return answer.status_code

    async def race() -> dict[str, Counter[int]]:
        async with httpx.AsyncClient(timeout=60) as client:
            found = {}
            for transition in ("approve", "send", "settle"):
                found[transition] = Counter(
                    await asyncio.gather(*(call(client, transition) for _ in range(32)))
                )
            return found

    found = asyncio.run(race())
    assert found == {name: Counter({201: 1, 409: 31}) for name in ("approve", "send", "settle")}
    history = admin.get(f"/v1/operations/{operation['id']}/history").json()["items"]
    versions = [entry["version"] for entry in history if entry["version"] is not None]
    assert versions == [1, 2, 3, 4]
    assert sum(entry["sort"] == "refused" for entry in history) == 93
