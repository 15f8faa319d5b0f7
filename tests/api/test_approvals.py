"""Consents over HTTP: what is answered, what is shown to whom, and the inbox."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.asking import refused
from tests.api.conftest import Running


class People:
    """An operator who asks, two leads who consent, and somebody of another team."""

    def __init__(
        self, asker: httpx.Client, first: httpx.Client, second: httpx.Client, kyc: httpx.Client
    ) -> None:
        self.asker = asker
        self.first = first
        self.second = second
        self.kyc = kyc


@pytest.fixture(scope="module")
def people(running: Running) -> Iterator[People]:
    roles = {"Olga": "payments", "Lena": "payments_lead", "Luuk": "payments_lead", "Karel": "kyc"}
    with ExitStack() as stack:
        yield People(*(stack.enter_context(running.person(name, role)) for name, role in roles.items()))


@pytest.fixture
def withdrawal(admin: httpx.Client) -> str:
    amount = {"value": "1500.00", "currency": "EUR"}
    body = {"kind": "withdrawal", "reference": f"W-{uuid4()}", "subject": "player-7", "amount": amount}
    return str(admin.post("/v1/operations", json=body).json()["id"])


def ask(people: People, withdrawal: str, **headers: str) -> httpx.Response:
    body = {"transition": "approve", "comment": "Known for years."}
    return people.asker.post(f"/v1/operations/{withdrawal}/moves", json=body, headers=headers)


def say(client: httpx.Client, approval: dict[str, Any], verdict: str, **said: str) -> httpx.Response:
    path = f"/v1/operations/{approval['operation_id']}/approvals/{approval['approval']}"
    return client.post(path, json={"verdict": verdict, **said})


def inbox(client: httpx.Client, mine: str | None, withdrawal: str) -> list[dict[str, Any]]:
    query = {"limit": 200} | ({"mine": mine} if mine else {})
    items = client.get("/v1/approvals", params=query).json()["items"]
    return [item["approval"] for item in items if item["operation"]["id"] == withdrawal]


def test_a_move_that_needs_consents_is_accepted_and_says_what_is_missing(
    people: People, withdrawal: str
) -> None:
    """202: it is not made, and who has to be asked stands in the answer."""
    answer = ask(people, withdrawal)
    assert answer.status_code == 202
    approval = answer.json()
    assert approval["missing"] == [{"count": 2, "roles": ["payments_lead"]}]
    assert (approval["state"], approval["may"], approval["why_not"]["code"]) == (
        "open",
        ["withdraw"],
        "own_request",
    )


def test_the_same_key_is_answered_with_the_same_approval(people: People, withdrawal: str) -> None:
    """Nobody asks twice because an answer was lost."""
    key = {"idempotency-key": str(uuid4())}
    first, again = ask(people, withdrawal, **key), ask(people, withdrawal, **key)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (202, "true")
    assert again.json() == first.json()


def test_two_leads_consent_and_the_move_is_made(people: People, withdrawal: str) -> None:
    """The entry of the move is the operator's; the consents stand before it."""
    approval = ask(people, withdrawal).json()
    said = say(people.first, approval, "approve").json()
    assert said["operation"]["stage"] == "requested"
    assert said["approval"]["missing"] == [{"count": 1, "roles": ["payments_lead"]}]
    assert [consent["by"]["name"] for consent in said["approval"]["consents"]] == ["Lena"]
    said = say(people.second, approval, "approve").json()
    assert (said["operation"]["stage"], said["approval"]["state"]) == ("approved", "made")
    history = people.kyc.get(f"/v1/operations/{withdrawal}/history").json()["items"]
    told = [(entry["sort"], entry["actor"]["name"], entry["comment"]) for entry in history[1:]]
    assert told == [
        ("asked", "Olga", "Known for years."),
        ("consented", "Lena", None),
        ("consented", "Luuk", None),
        ("moved", "Olga", "Known for years."),
    ]


def test_an_operation_shows_what_waits_and_what_the_reader_may_say(people: People, withdrawal: str) -> None:
    """The console's buttons come from it."""
    ask(people, withdrawal)

    def seen(client: httpx.Client) -> dict[str, Any]:
        found = client.get(f"/v1/operations/{withdrawal}").json()
        (approval,) = found["approvals"]
        return dict(approval)

    assert seen(people.first)["may"] == ["approve", "decline"]
    assert seen(people.asker)["may"] == ["withdraw"]
    assert (seen(people.kyc)["may"], seen(people.kyc)["why_not"]["code"]) == ([], "needs_role")


def test_available_says_whether_consents_are_asked_of_this_operation(people: People, withdrawal: str) -> None:
    """Who moves it should know before."""
    found = people.asker.get(f"/v1/operations/{withdrawal}").json()
    (approve,) = (one for one in found["available"] if one["transition"] == "approve")
    assert approve["approvals"] == [
        {"count": 2, "roles": ["payments_lead"], "when": "amount>=1000EUR", "applies": True}
    ]


def test_the_inbox_holds_what_the_reader_may_decide_now(people: People, withdrawal: str) -> None:
    """What somebody else has to decide is noise; what one asked for is found under `asked`."""
    approval = ask(people, withdrawal).json()
    assert inbox(people.kyc, "decide", withdrawal) == []
    assert inbox(people.asker, "decide", withdrawal) == []
    assert len(inbox(people.first, "decide", withdrawal)) == 1
    say(people.first, approval, "approve")
    assert inbox(people.first, "decide", withdrawal) == []
    assert len(inbox(people.second, "decide", withdrawal)) == 1
    (own,) = inbox(people.asker, "asked", withdrawal)
    assert own["why_not"]["code"] == "own_request"
    assert len(inbox(people.kyc, None, withdrawal)) == 1
    say(people.second, approval, "decline", comment="Another name on the account.")
    assert inbox(people.kyc, None, withdrawal) == []
    (own,) = inbox(people.asker, "asked", withdrawal)
    assert (own["state"], own["settled_by"]["name"]) == ("declined", "Luuk")


def test_an_amended_operation_has_nothing_waiting(
    people: People, withdrawal: str, admin: httpx.Client
) -> None:
    """What was consented to is no longer there; who asked sees why."""
    ask(people, withdrawal)
    other = {"amount": {"value": "9000.00", "currency": "EUR"}}
    assert admin.patch(f"/v1/operations/{withdrawal}", json=other).status_code == 200
    assert people.first.get(f"/v1/operations/{withdrawal}").json()["approvals"] == []
    assert inbox(people.first, "decide", withdrawal) == []
    assert inbox(people.asker, "asked", withdrawal)[0]["state"] == "void"


def test_what_is_refused_says_why(people: People, withdrawal: str, admin: httpx.Client) -> None:
    """A stable code for each: what a program or a button decides by."""
    approval = ask(people, withdrawal).json()
    assert refused(say(people.asker, approval, "approve"), 403, "forbidden")["why_not"] == "own_request"
    assert refused(say(admin, approval, "approve"), 403, "forbidden")["why_not"] == "not_a_person"
    assert refused(say(people.kyc, approval, "decline", comment="No."), 403, "forbidden")["roles"]
    refused(say(people.first, approval, "decline"), 422, "invalid")
    refused(say(people.first, approval, "nod"), 422, "invalid")
    refused(say(people.first, {**approval, "approval": "x"}, "approve"), 404, "not_found")
    refused(say(people.first, {**approval, "approval": 10**17}, "approve"), 404, "not_found")
    again = ask(people, withdrawal)
    assert refused(again, 409, "not_permitted")["approval"] == approval["approval"]
    assert say(people.asker, approval, "withdraw").status_code == 201
    assert refused(say(people.first, approval, "approve"), 409, "not_permitted")["why_not"] == "withdrawn"


def test_a_batch_tells_which_of_its_moves_wait(people: People, withdrawal: str) -> None:
    """Each result is what the move would have been answered with alone."""
    body = {"items": [{"operation_id": withdrawal, "transition": "approve"}]}
    (item,) = people.asker.post("/v1/moves", json=body).json()["items"]
    assert (item["status"], item["entry"]["sort"], item["operation"]["stage"]) == (202, "asked", "requested")


def test_a_stand_in_consents_in_another_name(people: People, withdrawal: str) -> None:
    """Named by who is away, ended by either; every answer says for whom."""
    approval = ask(people, withdrawal).json()
    karel, lena = (one.get("/v1/session").json()["actor"] for one in (people.kyc, people.first))
    refused(say(people.kyc, approval, "approve"), 403, "forbidden")
    body = {"stand_in": karel["id"], "until_at": "2027-01-04T08:00:00Z", "absent": True}
    named = people.first.post("/v1/delegations", json=body)
    assert named.status_code == 201
    said = named.json()
    assert (said["person"]["name"], said["stand_in"]["name"], said["in_force"]) == ("Lena", "Karel", True)
    assert [one["id"] for one in people.kyc.get("/v1/delegations").json()["items"]] == [said["id"]]
    (seen,) = inbox(people.kyc, "decide", withdrawal)
    assert (seen["may"], seen["on_behalf_of"]["id"]) == (["approve", "decline"], lena["id"])
    entry = say(people.kyc, approval, "approve").json()["entry"]
    assert (entry["actor"]["name"], [one["name"] for one in entry["about"]]) == ("Karel", ["Lena"])
    (seen,) = inbox(people.asker, "asked", withdrawal)
    assert [(one["by"]["name"], one["on_behalf_of"]["name"]) for one in seen["consents"]] == [
        ("Karel", "Lena")
    ]
    refused(people.second.delete(f"/v1/delegations/{said['id']}"), 404, "not_found")
    assert people.first.delete(f"/v1/delegations/{said['id']}").status_code == 204
    refused(people.kyc.delete(f"/v1/delegations/{said['id']}"), 404, "not_found")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"until_at": "2020-01-01T00:00:00Z"}, 422),
        ({"until_at": "2090-01-01T00:00:00Z"}, 422),
        ({"until_at": "2027-01-04T08:00:00"}, 422),
        ({"stand_in": "nobody"}, 404),
        ({"stand_in": "person:nobody"}, 404),
        ({"person": "person:somebody-else"}, 403),
        ({"absent": "yes"}, 422),
    ],
)
def test_a_delegation_that_cannot_be(people: People, change: dict[str, Any], status: int) -> None:
    """Told what is wrong with it; nothing is kept."""
    other = people.second.get("/v1/session").json()["actor"]["id"]
    body = {"stand_in": other, "until_at": "2027-01-04T08:00:00Z", **change}
    assert people.first.post("/v1/delegations", json=body).status_code == status
    assert people.first.get("/v1/delegations").json()["items"] == []
    refused(people.first.get("/v1/delegations", params={"all": "true"}), 403, "forbidden")
