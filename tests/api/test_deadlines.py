"""Whether deadlines fire, told to all; stopped and resumed by who administers."""

from typing import Any
from uuid import uuid4

import httpx

from tests.api.conftest import Running
from viertakt.db.pool import connect
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.wiring import FOLLOWERS


def test_firing_is_stopped_and_resumed_over_http(running: Running) -> None:
    """Everybody is told that nothing expires now; how much waits is the administrator's to know."""
    with running.client() as admin, running.client("support") as support:
        assert support.get("/v1/deadlines").json()["paused"] is False
        assert support.post("/v1/deadlines/pause").status_code == 403
        paused = admin.post("/v1/deadlines/pause")
        assert (paused.status_code, paused.json()["pause"]["cause"]) == (200, "hand")
        assert paused.json()["due"] == 0
        told = support.get("/v1/deadlines").json()
        assert (told["paused"], told["due"], told["refused"]) == (True, None, None)
        assert support.post("/v1/deadlines/resume").status_code == 403
        assert admin.post("/v1/deadlines/resume").json()["paused"] is False
        assert admin.post("/v1/deadlines/resume").json()["pause"] is None


def test_what_stands_under_an_operation_is_a_tree(running: Running) -> None:
    """With a reference nobody can follow by hand, a payout's check under a claim's refund would be lost."""
    name = f"C-{uuid4()}"
    with running.client() as admin:
        amount = {"value": "20.00", "currency": "EUR"}
        claim = opened(admin, kind="claim", reference=name)
        refund = opened(admin, kind="refund", reference=name, amount=amount, parent=claim["id"])
        ticket = opened(admin, kind="ticket", reference=name, parent=refund["id"])
        tree = admin.get(f"/v1/operations/{claim['id']}/children").json()
        told = [(one["depth"], one["operation"]["id"]) for one in tree["items"]]
        assert (told, tree["partial"]) == ([(1, refund["id"]), (2, ticket["id"])], False)
        listed = admin.get("/v1/operations", params={"q": f"parent:{claim['id']}"}).json()["items"]
        assert [one["id"] for one in listed] == [refund["id"]]
        assert admin.get(f"/v1/operations/{ticket['id']}/children").json()["items"] == []
        assert admin.get(f"/v1/operations/{uuid4()}/children").status_code == 404


def test_a_page_says_how_the_promises_of_its_operations_stand(running: Running) -> None:
    """Asked for with the page: a list that asks for each of fifty would be slower than the list."""
    with running.client() as admin:
        ticket = opened(admin, kind="ticket", reference=f"T-{uuid4()}")
        with connect(running.database, role="viertakt_app", autocommit=True) as conn:
            sequence_all(conn)
            follow_all(conn, "targets", FOLLOWERS["targets"])
        asked = {"q": f"id:{ticket['id']}"}
        page = admin.get("/v1/operations", params={**asked, "promises": "true"}).json()
        (promise,) = page["promises"]
        assert (promise["operation"], promise["target"], promise["standing"]) == (
            ticket["id"],
            "first_answer",
            "in_time",
        )
        assert admin.get("/v1/operations", params=asked).json()["promises"] is None


def opened(client: httpx.Client, **content: Any) -> Any:
    answer = client.post("/v1/operations", json=content)
    assert answer.status_code == 201, answer.text
    return answer.json()
