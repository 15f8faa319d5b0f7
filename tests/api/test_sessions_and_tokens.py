"""A person signs in, a program has a token: who may do what with them over HTTP."""

from contextlib import closing
from uuid import uuid4

import httpx

from tests.api.conftest import PASSWORD, Running

SAME = {"sec-fetch-site": "same-origin"}


def signed_in(running: Running) -> httpx.Client:
    """Anna, with the cookie her browser keeps."""
    client = running.anybody()
    answer = client.post(
        "/v1/session", json={"email": "anna@example.com", "password": PASSWORD}, headers=SAME
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["actor"]["name"] == "Anna"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("viertakt=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    return client


def test_a_person_signs_in_works_and_signs_out(running: Running) -> None:
    """The console's whole day."""
    with closing(signed_in(running)) as client:
        assert client.get("/v1/session").json()["email"] == "anna@example.com"
        body = {"kind": "ticket", "reference": f"T-{uuid4()}"}
        assert client.post("/v1/operations", json=body, headers=SAME).status_code == 201
        secret = client.cookies["viertakt"]
        assert client.delete("/v1/session", headers=SAME).status_code == 204
        assert "viertakt" not in client.cookies
        client.cookies.set("viertakt", secret)
        assert client.get("/v1/session").status_code == 401


def test_a_wrong_password_and_an_unknown_address_look_the_same(running: Running) -> None:
    """Nobody learns who works here."""
    with running.anybody() as client:
        answers = [
            client.post("/v1/session", json={"email": email, "password": "wrong wrong wrong"}, headers=SAME)
            for email in ("anna@example.com", "nobody@example.com")
        ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]


def test_a_cookie_writes_only_from_the_consoles_own_pages(running: Running) -> None:
    """Another page may make the browser send the cookie, but not say that it comes from here."""
    with closing(signed_in(running)) as client:
        body = {"kind": "ticket", "reference": f"T-{uuid4()}"}
        for headers in (
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://evil"},
            {},
        ):
            answer = client.post("/v1/operations", json=body, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_same_origin"), headers
        assert client.get("/v1/operations").status_code == 200
        assert client.post("/v1/operations", json=body, headers={"origin": running.url}).status_code == 201


def test_a_sign_in_from_another_page_is_refused(running: Running) -> None:
    """Somebody signed in under another's name would work for them."""
    with running.anybody() as client:
        body = {"email": "anna@example.com", "password": PASSWORD}
        answer = client.post("/v1/session", json=body, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_behind_https_the_cookie_is_bound_to_the_host(running: Running) -> None:
    """A proxy on this machine says what the outside speaks."""
    with running.anybody() as client:
        answer = client.post(
            "/v1/session",
            json={"email": "anna@example.com", "password": PASSWORD},
            headers=SAME | {"x-forwarded-proto": "https"},
        )
    assert answer.headers["set-cookie"].startswith("__Host-viertakt=")
    assert "; Secure" in answer.headers["set-cookie"]


def test_tokens_are_an_administrators_business(running: Running, admin: httpx.Client) -> None:
    """A program that could issue tokens could be anybody."""
    with running.client("integration") as program:
        assert program.get("/v1/tokens").status_code == 403
        assert program.post("/v1/tokens", json={"name": "x", "role": "admin"}).status_code == 403
        assert program.put("/v1/kinds/parcel", json={}).status_code == 403
    issued = admin.post("/v1/tokens", json={"name": "payouts", "role": "integration"})
    assert issued.status_code == 201
    listed = admin.get("/v1/tokens")
    assert issued.json()["token"] not in listed.text
    assert issued.json()["id"] in {line["id"] for line in listed.json()["items"]}
    assert admin.post("/v1/tokens", json={"name": "x", "role": "king"}).status_code == 422
    assert admin.delete("/v1/tokens/payouts").status_code == 404


def test_who_may_not_act_is_told_so(running: Running, admin: httpx.Client) -> None:
    """A role that only reads opens nothing."""
    with running.client("read_only") as reader:
        answer = reader.post("/v1/operations", json={"kind": "ticket", "reference": f"T-{uuid4()}"})
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert reader.get("/v1/operations").status_code == 200
