"""A person's own account over HTTP: authenticator, sessions, step-up; and what an administrator does to it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import pyotp
import pytest

from tests.api.conftest import PASSWORD, Running
from viertakt.access.actions import deactivate
from viertakt.access.model import ActorId
from viertakt.db.pool import connect

SAME = {"sec-fetch-site": "same-origin"}
GUARDED = """kind: guarded
label: {en: Guarded, nl: Bewaakt}
subject: {en: Customer, nl: Klant}
start: open
stages:
  open: {status: pending, waiting_on: operator}
  done: {status: success, final: yes}
transitions:
  finish: {from: [open], to: done, roles: [support], step_up: true}
no_error: true
no_rejected: true
"""


def sign_in(client: httpx.Client, email: str, **more: str) -> httpx.Response:
    """One try to sign in."""
    return client.post("/v1/session", json={"email": email, "password": PASSWORD, **more}, headers=SAME)


@contextmanager
def person(running: Running, role: str = "support") -> Iterator[tuple[httpx.Client, str]]:
    """A new person who is signed in, with their address."""
    name = f"p-{uuid4()}"
    with running.person(name, role) as client:
        yield client, f"{name}@example.com"


def long_ago(running: Running, email: str) -> None:
    """This person last proved an hour ago who they are."""
    with connect(running.database) as conn:
        conn.execute(
            "UPDATE viertakt.session SET proved_at = now() - interval '1 hour' WHERE actor ="
            " (SELECT actor FROM viertakt.person WHERE email = %s)",
            [email],
        )


def enrol(client: httpx.Client) -> tuple[pyotp.TOTP, list[str]]:
    """An authenticator in force, by the code of a step ago."""
    made = client.post("/v1/account/authenticator")
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    totp = pyotp.parse_uri(made.json()["uri"])
    assert isinstance(totp, pyotp.TOTP)
    answer = client.post("/v1/account/authenticator/confirm", json={"code": totp.at(time.time() - 30)})
    assert answer.status_code == 201, answer.text
    return totp, answer.json()["codes"]


def test_an_authenticator_from_enrolling_to_taking_it_out_of_use(running: Running) -> None:
    """The secret is told once; from the first code on the password alone opens nothing."""
    with person(running) as (client, email), running.anybody() as other:
        assert client.get("/v1/account").json()["authenticator_since"] is None
        totp, codes = enrol(client)
        account = client.get("/v1/account")
        assert account.json()["recovery_codes_left"] == 10
        assert totp.secret not in account.text
        assert client.post("/v1/account/authenticator").status_code == 409

        alone = sign_in(other, email)
        assert (alone.status_code, alone.json()["code"]) == (401, "second_factor_required")
        assert "set-cookie" not in alone.headers
        assert sign_in(other, email, code="000000").json()["wrong_code"] is True
        assert sign_in(other, email, code=totp.now()).status_code == 201
        assert other.get("/v1/session").json()["email"] == email

        remove = "/v1/account/authenticator/remove"
        assert client.post(remove, json={"code": codes[0]}).status_code == 422
        gone = client.post(remove, json={"code": codes[0], "password": PASSWORD})
        assert gone.status_code == 204, gone.text
        assert sign_in(other, email).status_code == 201


def test_signing_in_gives_a_fresh_secret_and_ends_the_session_before(running: Running) -> None:
    """A cookie that somebody planted, or kept, opens nothing afterwards."""
    with person(running) as (client, email):
        before = client.cookies["viertakt"]
        assert sign_in(client, email).status_code == 201
        assert client.cookies["viertakt"] != before
        with running.anybody() as thief:
            thief.cookies.set("viertakt", before)
            assert thief.get("/v1/session").status_code == 401


def test_a_person_sees_and_ends_their_sessions(running: Running) -> None:
    """Where, with what, since when; the others end, this one stays."""
    with person(running) as (client, email), running.anybody() as phone, running.anybody() as desk:
        for other in (phone, desk):
            other.headers["user-agent"] = "a phone"
            sign_in(other, email)
        items = client.get("/v1/account/sessions").json()["items"]
        assert len(items) == 3
        (own,) = [one for one in items if one["current"]]
        assert (own["address"], own["method"]) == ("127.0.0.1", "password")
        phones = [one for one in items if one["client"] == "a phone"]
        assert client.delete(f"/v1/account/sessions/{phones[0]['id']}").status_code == 204
        assert client.delete(f"/v1/account/sessions/{phones[0]['id']}").status_code == 404
        assert sorted([phone.get("/v1/session").status_code, desk.get("/v1/session").status_code]) == [
            200,
            401,
        ]
        assert client.delete("/v1/account/sessions").status_code == 204
        assert desk.get("/v1/session").status_code == phone.get("/v1/session").status_code == 401
        assert client.get("/v1/session").status_code == 200


def test_nobody_ends_anothers_session(running: Running) -> None:
    """Its number alone is no right."""
    with person(running) as (client, _), person(running) as (other, _):
        (theirs,) = other.get("/v1/account/sessions").json()["items"]
        assert client.delete(f"/v1/account/sessions/{theirs['id']}").status_code == 404
        assert other.get("/v1/session").status_code == 200


def test_an_administrator_sees_and_ends_a_persons_sessions(running: Running, admin: httpx.Client) -> None:
    """On the day somebody's laptop is stolen; the record says who did it."""
    with person(running) as (client, _):
        who = client.get("/v1/session").json()["actor"]["id"]
        (session,) = admin.get(f"/v1/people/{who}/sessions").json()["items"]
        assert session["current"] is False
        assert admin.delete(f"/v1/people/{who}/sessions/{session['id']}").status_code == 204
        assert client.get("/v1/session").status_code == 401
        assert admin.delete(f"/v1/people/{who}/sessions").status_code == 204
        assert admin.get("/v1/people/person:nobody/sessions").status_code == 404
        events = admin.get("/v1/sign-in-events", params={"person": who}).json()["items"]
        assert [(one["sort"], one["by"] and one["by"]["name"]) for one in events] == [
            ("sessions_ended", "tests"),
            ("signed_in", None),
        ]


def test_an_administrator_resets_a_lost_authenticator(running: Running, admin: httpx.Client) -> None:
    """With a reason, which is kept; a program does not."""
    with person(running) as (client, email), running.anybody() as other, running.person("Ada") as desk:
        who = client.get("/v1/session").json()["actor"]["id"]
        reset = f"/v1/people/{who}/authenticator/reset"
        assert desk.post(reset, json={"reason": "Lost the phone"}).status_code == 409
        enrol(client)
        assert admin.post(reset, json={"reason": "Lost the phone"}).status_code == 403
        assert desk.post(reset, json={"reason": "Lost the phone"}).status_code == 204
        assert client.get("/v1/session").status_code == 401
        assert sign_in(other, email).status_code == 201
        events = admin.get("/v1/sign-in-events", params={"person": who}).json()["items"]
        assert ("factor_reset", "Lost the phone") in [(one["sort"], one["detail"]) for one in events]


def test_changing_how_one_signs_in_asks_for_a_fresh_proof(running: Running) -> None:
    """A desk left open for an hour is not enough to take the account."""
    with person(running) as (client, email):
        long_ago(running, email)
        for path, body in (
            ("/v1/account/authenticator", None),
            ("/v1/account/recovery-codes", None),
            ("/v1/account/password", {"password": "another long enough one", "current": PASSWORD}),
            ("DELETE", None),
        ):
            if path == "DELETE":
                refused = client.delete("/v1/account/sessions")
            else:
                refused = client.post(path, json=body) if body else client.post(path)
            told = refused.json()
            assert (refused.status_code, told["code"], told["how"]) == (403, "step_up_required", ["password"])
        assert client.post("/v1/session/step-up", json={"password": "wrong"}).status_code == 422
        assert client.post("/v1/session/step-up", json={"password": PASSWORD}).status_code == 204
        new = {"password": "another long enough one"}
        for current in ({}, {"current": "not the one of now"}):
            assert client.post("/v1/account/password", json=new | current).status_code == 422
        changed = client.post("/v1/account/password", json=new | {"current": PASSWORD})
        assert changed.status_code == 204
        with running.anybody() as other:
            assert sign_in(other, email).status_code == 401


@pytest.fixture(scope="module")
def guarded(admin: httpx.Client) -> str:
    """A kind whose only transition asks for a fresh proof."""
    answer = admin.put("/v1/kinds/guarded", content=GUARDED, headers={"content-type": "application/yaml"})
    assert answer.status_code in {200, 201}, answer.text
    return "guarded"


def test_a_transition_may_ask_for_a_fresh_proof(running: Running, guarded: str) -> None:
    """Refused with how to go on, and made after it; the same key and body still make it once."""
    with person(running) as (client, email):
        opened = client.post("/v1/operations", json={"kind": guarded, "reference": f"G-{uuid4()}"}).json()
        moves, key = f"/v1/operations/{opened['id']}/moves", {"idempotency-key": str(uuid4())}
        long_ago(running, email)
        refused = client.post(moves, json={"transition": "finish"}, headers=key)
        told: dict[str, Any] = refused.json()
        assert (refused.status_code, told["code"], told["how"]) == (403, "step_up_required", ["password"])
        before = client.cookies["viertakt"]
        assert client.post("/v1/session/step-up", json={"password": PASSWORD}).status_code == 204
        assert client.cookies["viertakt"] != before
        assert client.post(moves, json={"transition": "finish"}, headers=key).status_code == 201


def test_items_of_a_batch_ask_for_it_too(running: Running, guarded: str) -> None:
    """A thousand at once is no way round; a program, which has no session, is not asked."""
    with person(running) as (client, email), running.client("support") as program:
        ids = [
            client.post("/v1/operations", json={"kind": guarded, "reference": f"G-{uuid4()}"}).json()["id"]
            for _ in range(2)
        ]
        long_ago(running, email)
        body = {"items": [{"operation_id": ids[0], "transition": "finish"}]}
        (item,) = client.post("/v1/moves", json=body).json()["items"]
        assert (item["status"], item["problem"]["code"]) == (403, "step_up_required")
        moved = program.post(f"/v1/operations/{ids[1]}/moves", json={"transition": "finish"})
        assert moved.status_code == 201, moved.text


def test_a_bulk_job_asks_for_it_when_it_is_started(running: Running, guarded: str) -> None:
    """Looking what would happen is free; the worker that moves has no session, so who starts it proves it."""
    with person(running) as (client, email):
        opened = client.post("/v1/operations", json={"kind": guarded, "reference": f"G-{uuid4()}"}).json()
        long_ago(running, email)
        body = {"ids": [opened["id"]], "transition": "finish"}
        made = client.post("/v1/bulk", json=body)
        assert made.status_code == 201, made.text
        start = f"/v1/bulk/{made.json()['id']}/start"
        for refused in (client.post(start, json={}), client.post("/v1/bulk", json=body | {"dry_run": False})):
            assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
        assert client.post("/v1/session/step-up", json={"password": PASSWORD}).status_code == 204
        assert client.post(start, json={}).status_code == 200


def test_guessing_codes_to_step_up_is_braked(running: Running) -> None:
    """A stolen cookie must not become more by trying a million codes; the session itself goes on."""
    with person(running) as (client, _):
        answers = [client.post("/v1/session/step-up", json={"password": "x"}).status_code for _ in range(6)]
        assert answers == [422] * 5 + [429]
        assert client.get("/v1/session").status_code == 200


def test_somebody_deactivated_is_out_at_once(running: Running) -> None:
    """Every session, and the next request of each."""
    with person(running) as (client, email), running.anybody() as other:
        sign_in(other, email)
        who = ActorId(client.get("/v1/session").json()["actor"]["id"])
        with connect(running.database) as conn:
            deactivate(conn, who)
        assert client.get("/v1/session").status_code == other.get("/v1/session").status_code == 401
        assert sign_in(other, email).status_code == 401


def test_who_consents_proves_it_too(running: Running, admin: httpx.Client) -> None:
    """Two people stand for such a move; whoever asked proved it when asking, and is not asked again when it is made."""
    kind = GUARDED.replace("guarded", "twice_guarded").replace(
        "step_up: true", "step_up: true, approvals: [{count: 1, roles: [payments_lead]}]"
    )
    headers = {"content-type": "application/yaml"}
    assert admin.put("/v1/kinds/twice_guarded", content=kind, headers=headers).status_code in {200, 201}
    with person(running) as (client, email), person(running, "payments_lead") as (lead, lead_email):
        body = {"kind": "twice_guarded", "reference": f"G-{uuid4()}"}
        opened = client.post("/v1/operations", json=body).json()["id"]
        asked = client.post(f"/v1/operations/{opened}/moves", json={"transition": "finish"})
        assert asked.status_code == 202, asked.text
        verdict = f"/v1/operations/{opened}/approvals/{asked.json()['approval']}"
        long_ago(running, email)
        long_ago(running, lead_email)
        refused = lead.post(verdict, json={"verdict": "approve"})
        assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
        assert lead.post("/v1/session/step-up", json={"password": PASSWORD}).status_code == 204
        assert lead.post(verdict, json={"verdict": "approve"}).json()["approval"]["state"] == "made"
