"""Roles over HTTP: made, changed, removed; what a grant would do; and a look through the eyes of one."""

import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pyotp
import pytest

from tests.api.asking import refused
from tests.api.conftest import PASSWORD, Running
from viertakt.db.pool import connect
from viertakt.journal.sequencing import sequence_all
from viertakt.reports.tallies import fold_statuses

LABEL = {"en": "Night shift", "nl": "Nachtdienst"}


@pytest.fixture
def chief(running: Running) -> Iterator[httpx.Client]:
    """An administrator at the console."""
    with running.person("Chief") as client:
        yield client


def made(client: httpx.Client) -> str:
    """A fresh role of the company's own."""
    name = f"r{uuid4().hex[:12]}"
    answer = client.post("/v1/roles", json={"role": name, "label": LABEL})
    assert answer.status_code == 201, answer.text
    assert (answer.json()["own"], answer.json()["grants"]) == (True, [])
    return name


def fold(running: Running) -> None:
    """Counts follow the journal, as the worker lets them."""
    with connect(running.database, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn, [fold_statuses])


def ticket(client: httpx.Client, brand: str) -> str:
    """An operation of this brand."""
    opening = {"kind": "ticket", "reference": f"T-{uuid4()}", "brand": brand}
    answer = client.post("/v1/operations", json=opening)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_role_is_made_listed_and_removed(chief: httpx.Client) -> None:
    """Its name is taken for ever; the product's own are not removable."""
    name = made(chief)
    listed = {one["role"]: one for one in chief.get("/v1/roles").json()["items"]}
    assert (listed[name]["label"], listed[name]["holders"]) == (LABEL, 0)
    assert listed["payments"]["own"] is False
    assert chief.delete(f"/v1/roles/{name}").status_code == 204
    refused(chief.post("/v1/roles", json={"role": name, "label": LABEL}), 409, "conflict")
    refused(chief.delete(f"/v1/roles/{name}"), 404, "not_found")
    refused(chief.delete("/v1/roles/payments"), 422, "invalid")


def test_what_a_grant_would_do_is_told_before_it_is_given(running: Running, chief: httpx.Client) -> None:
    """Counted as the role's own lists would count; nothing is changed by asking."""
    name, brand = made(chief), f"b-{uuid4()}"
    ticket(chief, brand)
    fold(running)
    grant = {"role": name, "may": ["view", "note"], "kinds": ["ticket"], "where": f"brand:{brand}"}
    effect = chief.post("/v1/grants/preview", json={"role": name, "grant": grant}).json()
    assert (effect["sees_before"]["count"], effect["sees_after"]["count"]) == (0, 1)
    assert effect["covers"]["count"] == 1
    assert (effect["gains"], effect["loses"]) == (["note", "view"], [])
    assert effect["waits"] is False
    assert chief.get("/v1/grants", params={"role": name}).json()["items"] == []
    given = chief.post("/v1/grants", json=grant).json()
    less = {"role": name, "revoke": given["id"], "grant": grant | {"may": ["view"]}}
    effect = chief.post("/v1/grants/preview", json=less).json()
    assert (effect["gains"], effect["loses"]) == ([], ["note"])
    gone = chief.post("/v1/grants/preview", json={"role": name, "revoke": given["id"]}).json()
    assert (gone["sees_before"]["count"], gone["sees_after"]["count"]) == (1, 0)
    wrong = chief.post("/v1/grants/preview", json={"role": name, "grant": grant | {"where": "amount>1EUR"}})
    refused(wrong, 400, "invalid_query")
    other = chief.post("/v1/grants/preview", json={"role": "support", "revoke": given["id"]})
    refused(other, 404, "not_found")


def test_one_grant_takes_the_place_of_another(chief: httpx.Client) -> None:
    """The old number is revoked and stays to be read; both stand in the audit."""
    name = made(chief)
    first = chief.post("/v1/grants", json={"role": name, "may": ["view"]}).json()
    second = chief.put(f"/v1/grants/{first['id']}", json={"role": name, "may": ["view", "note"]}).json()
    assert second["id"] != first["id"]
    every = chief.get("/v1/grants", params={"role": name, "revoked": "true"}).json()["items"]
    assert [(one["id"], one["revoked_at"] is None) for one in every] == [
        (first["id"], False),
        (second["id"], True),
    ]
    refused(chief.put(f"/v1/grants/{first['id']}", json={"role": name, "may": ["view"]}), 404, "not_found")


def test_through_a_roles_eyes_everything_is_as_that_role_sees_it(
    running: Running, chief: httpx.Client
) -> None:
    """Lists, counts and details; the administration is not there, and the way out always is."""
    name, seen_brand = made(chief), f"b-{uuid4()}"
    seen, unseen = ticket(chief, seen_brand), ticket(chief, f"b-{uuid4()}")
    fold(running)
    chief.post("/v1/grants", json={"role": name, "may": ["view"], "where": f"brand:{seen_brand}"})
    look = chief.put("/v1/session/look", json={"role": name})
    assert look.status_code == 200, look.text
    session = chief.get("/v1/session").json()
    assert (session["look"]["role"], session["roles"], session["manages"]) == (name, [name], False)
    assert [one["id"] for one in chief.get("/v1/operations").json()["items"]] == [seen]
    counted = chief.get("/v1/counts", params={"by": "kind"}).json()["items"]
    assert [(one["kind"], one["count"]) for one in counted] == [("ticket", 1)]
    assert chief.get(f"/v1/operations/{seen}").status_code == 200
    refused(chief.get(f"/v1/operations/{unseen}"), 404, "not_found")
    refused(chief.get("/v1/people"), 403, "forbidden")
    assert chief.delete("/v1/session/look").status_code == 204
    after = chief.get("/v1/session").json()
    assert (after["look"], after["manages"]) == (None, True)
    assert chief.get(f"/v1/operations/{unseen}").status_code == 200


def test_a_session_says_whether_endpoints_are_theirs_to_make(chief: httpx.Client) -> None:
    """By a grant that says so, also without the administration; else the console offers what will be refused."""
    name = made(chief)
    chief.put("/v1/session/look", json={"role": name})
    assert chief.get("/v1/session").json()["connects"] is False
    chief.delete("/v1/session/look")
    chief.post("/v1/grants", json={"role": name, "may": ["view", "connect"]})
    chief.put("/v1/session/look", json={"role": name})
    session = chief.get("/v1/session").json()
    assert (session["manages"], session["connects"]) == (False, True)
    chief.delete("/v1/session/look")
    assert chief.get("/v1/session").json()["connects"] is True


def test_a_look_changes_nothing_and_is_recorded(chief: httpx.Client) -> None:
    """Not even through an administrator's eyes: whatever writes is refused at the door, in words of its own."""
    operation = ticket(chief, f"b-{uuid4()}")
    assert chief.put("/v1/session/look", json={"role": "admin"}).status_code == 200
    for method, path, body in (
        ("POST", "/v1/operations", {"kind": "ticket", "reference": f"T-{uuid4()}"}),
        ("POST", f"/v1/operations/{operation}/moves", {"transition": "start"}),
        ("POST", f"/v1/operations/{operation}/reveal", {"reason": "curious"}),
        ("POST", "/v1/tokens", {"name": "mine", "role": "admin"}),
        ("POST", "/v1/account/authenticator", None),
        ("DELETE", "/v1/account/sessions", None),
        ("PUT", "/v1/session/look", {"role": "support"}),
        ("POST", "/v1/grants/preview", {"role": "support"}),
    ):
        problem = refused(chief.request(method, path, json=body), 403, "looking")
        assert problem["role"] == "admin"
    chief.delete("/v1/session/look")
    newest = chief.get("/v1/access-changes", params={"sort": "looked"}).json()["items"][0]
    assert (newest["by"]["name"], newest["role"]) == ("Chief", "admin")


def test_a_look_is_of_one_session_and_of_people_who_manage(running: Running, chief: httpx.Client) -> None:
    """Another browser goes on; a program has no session; who does not manage looks through nobody's eyes."""
    with running.person("Chief") as elsewhere:
        assert chief.put("/v1/session/look", json={"role": "support"}).status_code == 200
        assert elsewhere.get("/v1/session").json()["look"] is None
    assert chief.delete("/v1/session").status_code == 204
    with running.client() as program:
        refused(program.put("/v1/session/look", json={"role": "support"}), 403, "forbidden")
    with running.person("Sam", "support") as sam:
        refused(sam.put("/v1/session/look", json={"role": "admin"}), 403, "forbidden")


def test_who_may_manage_no_more_looks_no_more(running: Running, chief: httpx.Client) -> None:
    """What a look shows is an administrator's to see: it ends with the right to it."""
    with running.person("Mona") as mona:
        mona.put("/v1/session/look", json={"role": "auditor"})
        (me,) = [one for one in chief.get("/v1/people").json()["items"] if one["name"] == "Mona"]
        assert chief.put(f"/v1/people/{me['id']}/roles", json={"roles": ["support"]}).status_code == 200
        session = mona.get("/v1/session").json()
        assert (session["look"], session["roles"]) == (None, ["support"])


def test_a_role_that_asks_for_an_authenticator_lets_nobody_do_anything_before(
    running: Running, chief: httpx.Client
) -> None:
    """At once, also for who is signed in; what is left is the way to add one, and out. A program has no such need."""
    name = made(chief)
    chief.post("/v1/grants", json={"role": name, "may": ["view"]})
    with running.person("Iris", "support") as iris:
        (me,) = [one for one in chief.get("/v1/people").json()["items"] if one["name"] == "Iris"]
        chief.put(f"/v1/people/{me['id']}/roles", json={"roles": [name]})
        assert iris.get("/v1/operations").status_code == 200
        changed = chief.patch(f"/v1/roles/{name}", json={"second_factor": True})
        assert changed.json()["second_factor"] is True
        refused(iris.get("/v1/operations"), 403, "factor_missing")
        assert iris.get("/v1/session").json()["lacks_factor"] is True
        secret = iris.post("/v1/account/authenticator").json()["secret"]
        code = pyotp.TOTP(secret).now()
        assert iris.post("/v1/account/authenticator/confirm", json={"code": code}).status_code == 201
        assert iris.get("/v1/session").json()["lacks_factor"] is False
        assert iris.get("/v1/operations").status_code == 200
        later = pyotp.TOTP(secret).at(time.time() + 30)
        drop = iris.post("/v1/account/authenticator/remove", json={"code": later, "password": PASSWORD})
        refused(drop, 409, "conflict")
