"""People, tokens and the review of access over HTTP: who may what, who changed it, and what happens when somebody leaves."""

import csv
import io
from contextlib import closing
from uuid import uuid4

import httpx
import pytest

from tests.api.asking import refused
from tests.api.conftest import Running
from viertakt.db.pool import connect

OWN = "paarse fiets zonder zadel"


def hired(admin: httpx.Client, *roles: str, name: str = "Bo") -> tuple[dict[str, object], str]:
    """Somebody new, and the password that is shown once."""
    body = {"email": f"{uuid4()}@example.com", "name": name, "roles": list(roles)}
    answer = admin.post("/v1/people", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["person"] == answer.json()["person"] | body | {"active": True, "last_seen_at": None}
    return answer.json()["person"], answer.json()["password"]


def signed_in(running: Running, person: dict[str, object], password: str) -> httpx.Client:
    """A client with this person's session, who has chosen a password of their own."""
    client = running.anybody()
    client.headers.update({"sec-fetch-site": "same-origin"})
    answer = client.post("/v1/session", json={"email": person["email"], "password": password})
    assert answer.status_code == 201, answer.text
    chosen = client.post("/v1/account/password", json={"password": OWN, "current": password})
    assert chosen.status_code == 204, chosen.text
    return client


def test_somebody_is_hired_works_and_gets_another_role(admin: httpx.Client, running: Running) -> None:
    """From the password on; a role that is taken away no longer counts with the next request."""
    person, password = hired(admin, "payments")
    with closing(signed_in(running, person, password)) as client:
        assert client.get("/v1/people").status_code == 403
        path = f"/v1/people/{person['id']}/roles"
        answer = admin.put(path, json={"roles": ["admin"], "reason": "stands in"})
        assert answer.json()["roles"] == ["admin"]
        listed = {one["id"]: one for one in client.get("/v1/people").json()["items"]}
        assert listed[person["id"]]["last_seen_at"] is not None
        refused(admin.put(path, json={"roles": ["paymets"]}), 422, "invalid")
    told = admin.get("/v1/access-changes", params={"about": str(person["id"])}).json()["items"]
    assert [(one["sort"], one["detail"], one["reason"]) for one in told] == [
        ("roles_set", {"before": ["payments"], "after": ["admin"]}, "stands in"),
        ("person_added", {"after": ["payments"]}, None),
    ]
    assert admin.put("/v1/people/person:nobody/roles", json={"roles": []}).status_code == 404


def test_whoever_leaves_is_out_at_once_and_leaves_nothing_lying(
    admin: httpx.Client, running: Running
) -> None:
    """Sessions and issued tokens end with the very next request; views go to a colleague; asked moves are asked anew."""
    leaver, password = hired(admin, "admin", name="Lea")
    heir, _ = hired(admin, "admin", name="Hein")
    with closing(signed_in(running, leaver, password)) as client, running.anybody() as program:
        view = client.post("/v1/views", json={"name": "Mine", "query": "status:pending"}).json()
        issued = client.post("/v1/tokens", json={"name": "hers", "role": "integration"}).json()
        program.headers["authorization"] = f"Bearer {issued['token']}"
        opened = program.post(
            "/v1/operations",
            json={
                "kind": "withdrawal",
                "reference": f"W-{uuid4()}",
                "amount": {"value": "5000.00", "currency": "EUR"},
            },
        ).json()
        asked = client.post(f"/v1/operations/{opened['id']}/moves", json={"transition": "approve"})
        assert asked.status_code == 202, asked.text
        path = f"/v1/people/{leaver['id']}/deactivate"
        refused(client.post(path, json={}), 409, "conflict")
        refused(admin.post(path, json={"hand_over_to": leaver["id"]}), 422, "invalid")
        left = admin.post(path, json={"hand_over_to": heir["id"], "reason": "Left"})
        assert left.status_code == 200, left.text
        assert client.get("/v1/operations").status_code == 401
        assert program.get("/v1/operations").status_code == 401
        moved = program.post(f"/v1/operations/{opened['id']}/moves", json={"transition": "escalate"})
        assert moved.status_code in {401, 403}
    told = left.json()
    assert (told["person"]["active"], told["views"], told["tokens"]) == (False, 1, 1)
    assert told["approvals"] == [
        {"operation_id": opened["id"], "approval": asked.json()["approval"], "transition": "approve"}
    ]
    assert admin.get(f"/v1/operations/{opened['id']}").json()["approvals"] == []
    with connect(running.database) as conn:
        (owner,) = conn.execute("SELECT owner FROM viertakt.view WHERE view_id = %s", [view["id"]]).fetchone()  # type: ignore[misc]
    assert owner == heir["id"]
    back = admin.post(f"/v1/people/{leaver['id']}/activate")
    assert back.json()["roles"] == ["admin"]
    signed_in(running, leaver, OWN).close()
    sorts = [
        one["sort"]
        for one in admin.get("/v1/access-changes", params={"about": str(leaver["id"])}).json()["items"]
    ]
    assert sorts == ["activated", "deactivated", "person_added"]


@pytest.mark.parametrize("inherits", [True, False])
def test_the_work_of_whoever_leaves_goes_on(admin: httpx.Client, running: Running, inherits: bool) -> None:
    """It is another's to do, or anybody's; in nobody's hand; and the history says since when."""
    leaver, password = hired(admin, "admin", name="Lea")
    heir, _ = hired(admin, "admin", name="Hein")
    opened = [
        admin.post("/v1/operations", json={"kind": "ticket", "reference": f"T-{uuid4()}"}).json()["id"]
        for _ in range(2)
    ]
    with closing(signed_in(running, leaver, password)) as client:
        assign = {"act": "assign", "to": leaver["id"]}
        for operation, act in (
            (opened[0], assign),
            (opened[0], {"act": "claim"}),
            (opened[1], {"act": "claim"}),
        ):
            assert client.post(f"/v1/operations/{operation}/assignment", json=act).is_success
    sent = {"hand_over_to": heir["id"]} if inherits else {}
    left = admin.post(f"/v1/people/{leaver['id']}/deactivate", json=sent)
    assert left.json()["assignments"] == 2
    expected = ("assigned", heir["id"]) if inherits else ("released", leaver["id"])
    for operation, (sort, about) in zip(opened, (expected, ("released", leaver["id"])), strict=True):
        entry = admin.get(f"/v1/operations/{operation}/history").json()["items"][-1]
        assert (entry["sort"], [one["id"] for one in entry["about"]]) == (sort, [about])
        work = admin.get(f"/v1/operations/{operation}").json()["assignment"]
        assert work is None or work["claimed_by"] is None
    work = admin.get(f"/v1/operations/{opened[0]}").json()["assignment"]
    assert (work and work["assignee"] and work["assignee"]["id"]) == (heir["id"] if inherits else None)


def test_a_token_may_what_its_own_grants_say(admin: httpx.Client, running: Running) -> None:
    """One program, one task: up to an amount, in one brand, until it is revoked."""
    own = {
        "may": ["view", "move:escalate", "open"],
        "kinds": ["withdrawal"],
        "where": "brand:casino-nl",
        "amount_max": [{"value": "100", "currency": "EUR"}],
    }
    answer = admin.post("/v1/tokens", json={"name": "holder", "grants": [own]})
    assert answer.status_code == 201, answer.text
    token = answer.json()
    listed = next(one for one in admin.get("/v1/tokens").json()["items"] if one["id"] == token["id"])
    assert (listed["roles"], listed["expires_at"]) == ([], None)
    assert [(one["may"], one["where"], one["token"]) for one in listed["grants"]] == [
        (["move:escalate", "open", "view"], "brand:casino-nl", token["id"])
    ]
    assert token["token"].endswith(listed["hint"][1:])
    assert token["token"] not in admin.get("/v1/tokens").text
    with running.anybody() as program:
        program.headers["authorization"] = f"Bearer {token['token']}"

        def opening(brand: str, amount: str) -> httpx.Response:
            money = {"value": amount, "currency": "EUR"}
            body = {"kind": "withdrawal", "reference": f"W-{uuid4()}", "brand": brand, "amount": money}
            return program.post("/v1/operations", json=body)

        small = opening("casino-nl", "100.00")
        assert small.status_code == 201, small.text
        refused(opening("casino-nl", "100.01"), 403, "forbidden")
        refused(opening("casino-be", "1.00"), 403, "forbidden")
        held = program.post(f"/v1/operations/{small.json()['id']}/moves", json={"transition": "escalate"})
        assert held.status_code == 201, held.text
        assert held.json()["granted_by"] == f"own grant {listed['grants'][0]['id']}"
        assert admin.delete(f"/v1/grants/{listed['grants'][0]['id']}").status_code == 204
        assert program.get(f"/v1/operations/{small.json()['id']}").status_code == 404
    refused(admin.post("/v1/tokens", json={"name": "nothing"}), 422, "invalid")
    refused(
        admin.post("/v1/tokens", json={"name": "x", "grants": [own | {"where": "subject:x"}]}),
        400,
        "invalid_query",
    )


def test_access_is_reviewed_and_signed(admin: httpx.Client, running: Running) -> None:
    """Who signs has looked at exactly this: what changed since has to be looked at again."""
    person, _ = hired(admin, "support", name="=Sum(A1)")
    with running.person("Auditrix", "admin") as chief:
        read = chief.get("/v1/access-review").json()
        found = next(one for one in read["items"] if one["id"] == person["id"])
        assert (found["roles"], found["last_used_at"]) == (["support"], None)
        by_number = {one["id"]: one for one in read["grants"]}
        assert {by_number[number]["role"] for number in found["grants"]} == {"support"}
        admin.put(f"/v1/people/{person['id']}/roles", json={"roles": []})
        refused(chief.post("/v1/access-review", json={"digest": read["digest"]}), 409, "conflict")
        again = chief.get("/v1/access-review").json()
        signed = chief.post("/v1/access-review", json={"digest": again["digest"], "comment": "Third quarter"})
        assert signed.status_code == 201, signed.text
        assert chief.get("/v1/access-review").json()["signed"] == signed.json()
        assert signed.json()["by"]["name"] == "Auditrix"
        table = chief.get("/v1/access-review", params={"format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    mine = [row for row in rows if row["Id"] == person["id"]]
    assert [row["Name"] for row in mine] == ["'=Sum(A1)"]
    tokens = [row for row in rows if row["Sort"] == "token"]
    assert any(row["Granted by"] == "role admin" and "manage" in row["May"] for row in tokens)


def test_the_audit_pages_and_is_filtered(admin: httpx.Client) -> None:
    """Two years of changes are not read in one go."""
    first, _ = hired(admin, "support")
    second, _ = hired(admin, "support")
    page = admin.get("/v1/access-changes", params={"sort": "person_added", "limit": "1"}).json()
    assert page["items"][0]["about"]["id"] == second["id"]
    rest = admin.get(
        "/v1/access-changes", params={"sort": "person_added", "limit": "1", "cursor": page["next_cursor"]}
    ).json()
    assert rest["items"][0]["about"] == {"id": first["id"], "name": "Bo"}
    assert admin.get("/v1/access-changes", params={"sort": "nothing"}).status_code == 422


def test_somebody_looks_through_the_eyes_of_a_role(admin: httpx.Client, running: Running) -> None:
    """What an auditor sees and may, without being one."""
    for role, approves in (("auditor", False), ("payments", True)):
        view = admin.get(f"/v1/roles/{role}/view")
        assert view.status_code == 200, view.text
        found = {(one["kind"], one["transition"]) for one in view.json()["moves"]}
        assert (("withdrawal", "approve") in found) is approves
        with running.client(role) as client:
            own = client.get("/v1/counts", params={"by": "kind,status"}).json()["items"]
        assert sum(one["count"] for one in view.json()["sees"]) == sum(one["count"] for one in own)
    refused(admin.get("/v1/roles/king/view"), 404, "not_found")


def test_a_made_up_password_opens_nothing_but_the_account(running: Running, admin: httpx.Client) -> None:
    """Whoever made it knows it: it is good for choosing one's own, and for a week."""
    person, password = hired(admin, "support", name="Nia")
    sign_in = {"email": person["email"], "password": password}
    with running.anybody() as nia:
        nia.headers.update({"sec-fetch-site": "same-origin"})
        assert nia.post("/v1/session", json=sign_in).json()["made_password"] is True
        refused(nia.get("/v1/operations"), 403, "password_made")
        changed = nia.post("/v1/account/password", json={"password": OWN, "current": password})
        assert changed.status_code == 204, changed.text
        assert nia.get("/v1/session").json()["made_password"] is False
        assert nia.get("/v1/operations").status_code == 200
        again = nia.post("/v1/session", json=sign_in | {"password": OWN})
        assert (again.status_code, again.json()["made_password"]) == (201, False)
    late, unused = hired(admin, "support", name="Xia")
    with connect(running.database) as conn:
        ended = "UPDATE viertakt.person SET password_ends_at = now() WHERE actor = %s"
        assert conn.execute(ended, (late["id"],)).rowcount == 1
    with running.anybody() as xia:
        xia.headers.update({"sec-fetch-site": "same-origin"})
        given = {"email": late["email"], "password": unused}
        assert xia.post("/v1/session", json=given).status_code == 401


def test_a_forgotten_password_is_reset_by_who_manages(running: Running, admin: httpx.Client) -> None:
    """With a reason that is kept; signed out everywhere, and in again only to choose one's own. A program resets none."""
    person, password = hired(admin, "support", name="Fay")
    path, why = f"/v1/people/{person['id']}/password/reset", {"reason": "Asked at the desk"}
    with closing(signed_in(running, person, password)) as client, running.person("Ada") as desk:
        refused(admin.post(path, json=why), 403, "forbidden")
        assert client.get("/v1/operations").status_code == 200
        reset = desk.post(path, json=why)
        assert (reset.status_code, reset.headers["cache-control"]) == (200, "no-store")
        assert client.get("/v1/operations").status_code == 401
        old = client.post("/v1/session", json={"email": person["email"], "password": OWN})
        assert old.status_code == 401
        made = {"email": person["email"], "password": reset.json()["password"]}
        assert client.post("/v1/session", json=made).json()["made_password"] is True
        refused(client.get("/v1/operations"), 403, "password_made")
    with connect(running.database) as conn:
        lasts = "SELECT password_ends_at < now() + interval '25 hours' FROM viertakt.person WHERE actor = %s"
        assert conn.execute(lasts, (person["id"],)).fetchone() == (True,)
    events = admin.get("/v1/sign-in-events", params={"person": str(person["id"])}).json()["items"]
    assert ("password_reset", why["reason"]) in [(one["sort"], one["detail"]) for one in events]
    admin.post(f"/v1/people/{person['id']}/deactivate", json={})
    with running.person("Ada") as desk:
        refused(desk.post(path, json=why), 409, "conflict")
