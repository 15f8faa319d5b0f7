"""Where an installation asks a second person, nobody widens access alone; what narrows it never waits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from uuid import uuid4

import httpx
import msgspec
import pytest

from tests.api.asking import refused
from tests.api.conftest import SETTINGS, Running, run
from tests.conftest import _copy

GRANT = {"role": "support", "may": ["export"], "kinds": ["ticket"], "where": "brand:shop", "reason": "asked"}


@pytest.fixture(scope="module")
def running(server_url: str, template: str) -> Iterator[Running]:
    """A server whose changes of access take two."""
    for database in _copy(server_url, template):
        yield from run(database, settings=msgspec.structs.replace(SETTINGS, access_persons=2))


@pytest.fixture
def ann(running: Running) -> Iterator[httpx.Client]:
    """Who asks."""
    with running.person("Ann") as client:
        yield client


@pytest.fixture
def bea(running: Running) -> Iterator[httpx.Client]:
    """The second person."""
    with running.person("Bea") as client:
        yield client


def say(client: httpx.Client, request: int, verdict: str) -> httpx.Response:
    """A verdict on a change that waits."""
    return client.post(f"/v1/access-requests/{request}", json={"verdict": verdict})


def granted(client: httpx.Client) -> int:
    """How many grants of support are in force."""
    return len(client.get("/v1/grants", params={"role": "support"}).json()["items"])


def test_a_grant_waits_for_another_person(running: Running, ann: httpx.Client, bea: httpx.Client) -> None:
    """Neither who asked nor a program is the second one; and it is settled once."""
    before = granted(ann)
    waits = ann.post("/v1/grants", json=GRANT)
    assert waits.status_code == 202, waits.text
    number = waits.json()["id"]
    assert granted(ann) == before
    assert waits.json()["grant"] | {"role": "support", "where": "brand:shop"} == waits.json()["grant"]
    assert number in [one["id"] for one in bea.get("/v1/access-requests").json()["items"]]
    assert refused(say(ann, number, "approve"), 403, "forbidden")["why_not"] == "own_request"
    with running.client() as program:
        assert refused(say(program, number, "approve"), 403, "forbidden")["why_not"] == "not_a_person"
    refused(say(bea, number, "withdraw"), 403, "forbidden")
    made = say(bea, number, "approve")
    assert (made.status_code, made.json()["state"]) == (200, "made")
    assert granted(ann) == before + 1
    refused(say(bea, number, "approve"), 409, "conflict")
    refused(say(bea, 10**9, "approve"), 404, "not_found")
    told = [one["sort"] for one in bea.get("/v1/access-changes").json()["items"]]
    assert told.index("change_approved") < told.index("granted") < told.index("change_asked")


def test_what_cannot_be_made_is_refused_when_it_is_asked_for(ann: httpx.Client) -> None:
    """The second person is not sent what would fail."""
    refused(ann.post("/v1/grants", json=GRANT | {"where": "subject:x"}), 400, "invalid_query")


def test_roles_and_newcomers_wait_too(running: Running, ann: httpx.Client, bea: httpx.Client) -> None:
    """Somebody new can sign in and sees nothing, until a second person has looked at their roles."""
    added = ann.post(
        "/v1/people", json={"email": f"{uuid4()}@example.com", "name": "Cas", "roles": ["support"]}
    )
    assert added.status_code == 201, added.text
    person = added.json()["person"]
    assert person["roles"] == []
    waits = next(
        one for one in bea.get("/v1/access-requests").json()["items"] if one["about"] == person["id"]
    )
    assert (waits["sort"], waits["roles"]) == ("roles_set", ["support"])
    assert say(bea, waits["id"], "decline").json()["state"] == "declined"
    asked = ann.put(f"/v1/people/{person['id']}/roles", json={"roles": ["risk"]})
    assert asked.status_code == 202
    assert say(bea, asked.json()["id"], "approve").status_code == 200
    found = {one["id"]: one["roles"] for one in ann.get("/v1/people").json()["items"]}
    assert found[person["id"]] == ["risk"]


def test_a_token_may_nothing_until_it_is_approved(
    running: Running, ann: httpx.Client, bea: httpx.Client
) -> None:
    """Its secret is known to one person only; that is why."""
    own = {"may": ["view"], "kinds": ["ticket"]}
    issued = ann.post("/v1/tokens", json={"name": "till", "role": "integration", "grants": [own]}).json()
    with running.anybody() as program:
        program.headers["authorization"] = f"Bearer {issued['token']}"
        body = {"kind": "ticket", "reference": f"T-{uuid4()}"}
        assert program.post("/v1/operations", json=body).status_code == 403
        waiting = [one for one in bea.get("/v1/access-requests").json()["items"] if issued["id"] in str(one)]
        assert [one["sort"] for one in waiting] == ["granted", "roles_set"]
        for one in waiting:
            assert say(bea, one["id"], "approve").status_code == 200
        assert program.post("/v1/operations", json=body).status_code == 201


def test_what_narrows_access_waits_for_nobody(ann: httpx.Client, bea: httpx.Client) -> None:
    """An emergency has one person."""
    issued = ann.post("/v1/tokens", json={"name": "stolen", "role": "integration"}).json()
    assert ann.delete(f"/v1/tokens/{issued['id']}").status_code == 204
    added = ann.post("/v1/people", json={"email": f"{uuid4()}@example.com", "name": "Dirk", "roles": []})
    path = f"/v1/people/{added.json()['person']['id']}"
    assert ann.post(f"{path}/deactivate", json={}).status_code == 200
    back = ann.post(f"{path}/activate")
    assert (back.status_code, back.json()["sort"]) == (202, "activated")
    assert say(bea, back.json()["id"], "approve").status_code == 200


def test_standing_in_waits_for_nobody_and_is_short(ann: httpx.Client, running: Running) -> None:
    """Where one person changes access alone a year is too long: what is longer than a month is said anew."""
    with running.person("Stan", "support") as stan:
        stand_in = stan.get("/v1/session").json()["actor"]["id"]
    now = datetime.now(UTC)
    new = {"stand_in": stand_in, "until_at": (now + timedelta(days=32)).isoformat()}
    refused(ann.post("/v1/delegations", json=new), 422, "invalid")
    said = ann.post("/v1/delegations", json=new | {"until_at": (now + timedelta(days=30)).isoformat()})
    assert (said.status_code, said.json()["in_force"]) == (201, True)


def test_nothing_is_made_in_the_name_of_who_may_no_longer_ask(
    running: Running, ann: httpx.Client, bea: httpx.Client
) -> None:
    """The rights of both are those of the moment in which it is made."""
    with running.person("Eve") as eve:
        waits = eve.post("/v1/grants", json=GRANT).json()["id"]
        who = eve.get("/v1/session").json()["actor"]["id"]
    assert ann.post(f"/v1/people/{who}/deactivate", json={}).status_code == 200
    refused(say(bea, waits, "approve"), 409, "conflict")
    assert say(bea, waits, "decline").status_code == 200


def test_two_who_approve_at_once_make_it_once(ann: httpx.Client, running: Running) -> None:
    """The request is held while it is settled."""
    before = granted(ann)
    number = ann.post("/v1/grants", json=GRANT).json()["id"]
    statuses: list[int] = []

    def approve(name: str) -> None:
        with running.person(name) as client:
            statuses.append(say(client, number, "approve").status_code)

    threads = [Thread(target=approve, args=(name,)) for name in ("Fay", "Gus")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409]
    assert granted(ann) == before + 1


def test_nobody_makes_up_how_a_second_person_signs_in(
    running: Running, ann: httpx.Client, bea: httpx.Client
) -> None:
    """Who resets another who manages could sign in as both; somebody who does not manage is reset as ever."""
    second = bea.get("/v1/session").json()["actor"]["id"]
    for way in ("password", "authenticator"):
        reset = f"/v1/people/{second}/{way}/reset"
        refused(ann.post(reset, json={"reason": "asked"}), 403, "forbidden")
        with running.client() as program:
            refused(program.post(reset, json={"reason": "asked"}), 403, "forbidden")
    assert bea.get("/v1/session").status_code == 200
    with running.person("Sue", "support") as sue:
        other = sue.get("/v1/session").json()["actor"]["id"]
    assert ann.post(f"/v1/people/{other}/password/reset", json={"reason": "asked"}).status_code == 200
    assert ann.post(f"/v1/people/{other}/deactivate", json={}).status_code == 200
    gone = ann.post(f"/v1/people/{other}/authenticator/reset", json={"reason": "asked"})
    refused(gone, 409, "conflict")
