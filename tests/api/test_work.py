"""Notes, assignments, queues and presence through the door, as the console asks for them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.asking import pointers, refused
from tests.api.conftest import Running
from viertakt.db.pool import connect
from viertakt.journal.sequencing import sequence_all
from viertakt.reports.tallies import fold_statuses


@pytest.fixture
def ticket(admin: httpx.Client) -> dict[str, Any]:
    """A fresh ticket."""
    opened = admin.post("/v1/operations", json={"kind": "ticket", "reference": f"T-{uuid4()}"})
    assert opened.status_code == 201, opened.text
    found: dict[str, Any] = opened.json()
    return found


def test_a_note_is_read_in_the_history_with_whom_it_calls(running: Running, ticket: dict[str, Any]) -> None:
    """By name, so that the timeline need not look anybody up; sent twice it stands there once."""
    path = f"/v1/operations/{ticket['id']}"
    with running.person("Nora", "support") as nora, running.person("Omar", "support"):
        said = {"text": "@Omar: they called twice."}
        written = nora.post(f"{path}/notes", json=said, headers={"idempotency-key": "n-1"})
        assert written.status_code == 201, written.text
        again = nora.post(f"{path}/notes", json=said, headers={"idempotency-key": "n-1"})
        assert again.headers["idempotent-replayed"] == "true"
        assert again.json()["seq"] == written.json()["seq"]
        other = nora.post(f"{path}/notes", json={"text": "x"}, headers={"idempotency-key": "n-1"})
        refused(other, 422, "key_reused")
        entry = nora.get(f"{path}/history").json()["items"][-1]
    assert (entry["sort"], entry["version"], entry["comment"]) == ("noted", None, said["text"])
    assert [one["name"] for one in entry["about"]] == ["Omar"]
    assert entry["actor"]["name"] == "Nora"


def test_an_assignment_stands_in_the_operation_and_in_lists(running: Running, ticket: dict[str, Any]) -> None:
    """And `me` is whoever asks; a claim takes it in hand, and another's try says who has it."""
    path = f"/v1/operations/{ticket['id']}"
    with running.person("Nora", "support") as nora, running.person("Omar", "support") as omar:
        assigned = omar.post(f"{path}/assignment", json={"act": "assign", "to": "nora@example.com"})
        assert assigned.status_code == 200, assigned.text
        assert assigned.json()["assignment"]["assignee"]["name"] == "Nora"
        assert assigned.json()["entry"]["about"][0]["name"] == "Nora"
        mine = nora.get("/v1/operations", params={"q": "is:mine kind:ticket"}).json()["items"]
        assert [one["id"] for one in mine if one["id"] == ticket["id"]] == [ticket["id"]]
        assert mine[0]["assignment"]["assignee"]["name"] == "Nora"
        assert ticket["id"] not in str(omar.get("/v1/operations", params={"q": "is:mine"}).json())
        taken = nora.post(f"{path}/assignment", json={"act": "claim"}).json()["assignment"]
        assert taken["claimed_by"]["name"] == "Nora"
        assert taken["lease_until"] > ticket["created_at"]
        problem = refused(omar.post(f"{path}/assignment", json={"act": "claim"}), 409, "not_permitted")
        assert (problem["why_not"], "Nora has it in hand" in problem["detail"]) == ("held", True)
        found = omar.get("/v1/operations", params={"q": f"id:{ticket['id']} is:claimed -assignee:me"}).json()
        assert len(found["items"]) == 1
        assert nora.get(path).json()["assignment"]["claimed_by"]["name"] == "Nora"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"act": "snooze"}, ("/until", "invalid_time")),
        ({"act": "snooze", "until": "tomorrow"}, ("/until", "invalid_time")),
        ({"act": "snooze", "until": "2020-01-01T00:00:00Z"}, ("/until", "invalid_time")),
        ({"act": "skip"}, ("/comment", "comment_required")),
        ({"act": "steal"}, ("/act", "unknown_value")),
        ({"act": "prioritise", "priority": "asap"}, ("/priority", "unknown_value")),
    ],
)
def test_what_does_not_read_says_where(
    running: Running, ticket: dict[str, Any], body: dict[str, str], pointer: tuple[str, str]
) -> None:
    """As everywhere."""
    with running.person("Nora", "support") as nora:
        answer = nora.post(f"/v1/operations/{ticket['id']}/assignment", json=body)
        assert pointer in pointers(refused(answer, 422, "invalid"))


def test_a_queue_gives_its_next_until_it_is_empty(running: Running) -> None:
    """Skipped with a reason, done and let go, then there is nothing: an answer, not a refusal."""
    mark = f"q{uuid4().hex[:8]}"
    with running.person("Nora", "support") as nora:
        opened = [
            nora.post("/v1/operations", json={"kind": "ticket", "reference": f"{mark}-{n}", "tags": [mark]})
            for n in range(3)
        ]
        ids = [one.json()["id"] for one in opened]
        view = nora.post("/v1/views", json={"name": mark, "query": f"tag:{mark}"}).json()["id"]
        following = f"/v1/queues/{view}/claim-next"

        def given(**done: str) -> Any:
            answer = nora.post(following, json=done)
            assert answer.status_code == 200, answer.text
            return answer.json()["operation"]

        first = given()
        assert (first["id"], first["assignment"]["claimed_by"]["name"]) == (ids[0], "Nora")
        skip = {"act": "skip", "comment": "My neighbour's."}
        assert nora.post(f"/v1/operations/{ids[0]}/assignment", json=skip).status_code == 200
        assert given()["id"] == ids[1]
        assert given()["id"] == ids[1]
        assert given(done=ids[1])["id"] == ids[2]
        for one in ids[1:]:
            later = {"act": "snooze", "until": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
            assert nora.post(f"/v1/operations/{one}/assignment", json=later).status_code == 200
        assert given() is None
        history = nora.get(f"/v1/operations/{ids[0]}/history").json()["items"]
        assert [(one["sort"], one["comment"]) for one in history[1:]] == [
            ("claimed", None),
            ("skipped", "My neighbour's."),
        ]
        refused(nora.post(f"/v1/queues/{uuid4()}/claim-next", json={}), 404, "not_found")
        refused(nora.post("/v1/queues/x/claim-next", json={}), 404, "not_found")


def test_an_operation_says_what_else_its_reader_may_do(running: Running, ticket: dict[str, Any]) -> None:
    """The console shows no button that would be refused."""
    path = f"/v1/operations/{ticket['id']}"
    with running.client("support") as support, running.client("read_only") as reader:
        assert support.get(path).json()["may"] == ["assign", "note"]
        assert reader.get(path).json()["may"] == []


def test_who_looks_at_it_is_told_to_the_others(running: Running, ticket: dict[str, Any]) -> None:
    """Until they leave."""
    path = f"/v1/operations/{ticket['id']}/presence"
    with running.person("Nora", "support") as nora, running.person("Omar", "support") as omar:
        assert nora.post(path, json={"writing": True}).json() == {"items": []}
        (seen,) = omar.post(path, json={}).json()["items"]
        assert (seen["name"], seen["writing"]) == ("Nora", True)
        assert nora.delete(path).status_code == 204
        assert omar.post(path, json={}).json() == {"items": []}


def test_colleagues_are_people_and_teams(running: Running) -> None:
    """Whom work can be given to, in both languages; nobody without a right to give it looks around."""
    with running.person("Nora", "support") as nora:
        found = nora.get("/v1/colleagues").json()
    assert "Nora" in [one["name"] for one in found["people"]]
    assert {"id": "role:support", "label": {"en": "Support", "nl": "Klantenservice"}} in found["teams"]
    with running.client("read_only") as reader:
        refused(reader.get("/v1/colleagues"), 403, "forbidden")


def test_a_stream_tells_that_somebody_took_it(running: Running, ticket: dict[str, Any]) -> None:
    """Also to lists that it leaves by that: nothing tells what stood there before, so whoever listens looks again."""
    with running.person("Nora", "support") as nora:
        before = nora.get("/v1/journal", params={"limit": 1}).json()["end"]
        claimed = nora.post(f"/v1/operations/{ticket['id']}/assignment", json={"act": "claim"})
        assert claimed.status_code == 200
        with connect(running.database, role="viertakt_app", autocommit=True) as conn:
            sequence_all(conn, [fold_statuses])
        asked = {"q": "kind:ticket -is:claimed", "after": before}
        with nora.stream("GET", "/v1/stream", params=asked) as answer:
            told = (json.loads(line[6:]) for line in answer.iter_lines() if line.startswith('data: {"cursor'))
            found = next(one for one in told if one["operation"]["id"] == ticket["id"])
            while found["entry"]["sort"] != "claimed":
                found = next(one for one in told if one["operation"]["id"] == ticket["id"])
    assert found["matches"] is False
    assert found["operation"]["assignment"]["claimed_by"]["name"] == "Nora"


def test_who_passed_over_what_is_told_with_why(running: Running, admin: httpx.Client) -> None:
    """To who sees the operation; the words to who wrote them, and to who may reveal. Also when it has moved on."""
    brand = f"skips-{uuid4().hex[:8]}"
    opened = admin.post(
        "/v1/operations", json={"kind": "ticket", "reference": f"T-{uuid4()}", "brand": brand}
    )
    path, asked = f"/v1/operations/{opened.json()['id']}", {"q": f"brand:{brand}"}
    skip = {"act": "skip", "comment": "I know this customer."}
    with running.person("Sia", "support") as sia, running.person("Tom", "support") as tom:
        assert sia.post(f"{path}/assignment", json=skip).status_code == 200
        assert tom.post(f"{path}/assignment", json=skip | {"comment": "No Dutch."}).status_code == 200
        assert tom.post(f"{path}/moves", json={"transition": "dismiss", "reason": "spam"}).status_code == 201
        found = sia.get("/v1/skips", params=asked).json()["items"]
        assert [(one["by"]["name"], one["comment"]) for one in found] == [
            ("Tom", "No Dutch."),
            ("Sia", "I know this customer."),
        ]
        assert {(one["reference"], one["stage"]) for one in found} == {
            (opened.json()["reference"], "dismissed")
        }
        page = sia.get("/v1/skips", params=asked | {"limit": 1}).json()
        rest = sia.get("/v1/skips", params=asked | {"limit": 1, "before": page["next_before"]}).json()
        assert [one["by"]["name"] for one in rest["items"]] == ["Sia"]
        own = sia.get("/v1/skips", params=asked | {"by": found[1]["by"]["id"]}).json()
        assert [one["by"]["name"] for one in own["items"]] == ["Sia"]
    with running.client("integration") as program:
        assert [one["comment"] for one in program.get("/v1/skips", params=asked).json()["items"]] == [
            None,
            None,
        ]
    refused(admin.get("/v1/skips", params={"before": "yesterday"}), 422, "invalid")
