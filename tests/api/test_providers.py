"""Signing in at a real OpenID provider: who gets in, as whom, and what somebody who forges an answer gets."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec
import pytest

from tests.api.conftest import PASSWORD, SETTINGS, Running, run
from tests.api.openid import CLIENT_ID, CLIENT_SECRET, PEOPLE, OpenIdProvider, code_for, openid_provider, walk
from tests.conftest import _copy
from viertakt.access.actions import deactivate, people
from viertakt.access.model import ActorId
from viertakt.access.provider_client import ProviderClient
from viertakt.access.providers import Provider
from viertakt.db.pool import connect
from viertakt.errors import Unavailable

COMPANY, OTHER = "company", "other"
SAME = {"sec-fetch-site": "same-origin"}


def start(provider: str = COMPANY, **more: str) -> str:
    """Where a sign-in begins."""
    asked = "&".join(f"{name}={value}" for name, value in more.items())
    return f"/v1/sign-in/providers/{provider}/start?{asked}"


@contextmanager
def browser(running: Running) -> Iterator[httpx.Client]:
    """A browser without any cookie."""
    with running.anybody() as client:
        yield client


@pytest.fixture(scope="module")
def house(server_url: str, template: str) -> Iterator[tuple[Running, OpenIdProvider]]:
    """A server with two providers: one that brings people along, and one that does not."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    back = [f"{url}/v1/sign-in/providers/{name}/callback" for name in (COMPANY, OTHER)]
    with openid_provider(*back) as provider:
        common = {
            "issuer": provider.issuer,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "scopes": ["openid", "email", "profile", "groups"],
            "roles": {"payers": ["payments"], "leads": ["payments_lead"]},
        }
        settings = msgspec.structs.replace(
            SETTINGS,
            sign_in_providers=json.dumps(
                [
                    {"name": COMPANY, "label": "Company", "add_people": True, **common},
                    {"name": OTHER, "label": "Other", **common},
                    {"name": "down", "label": "Down", **common, "issuer": "http://127.0.0.1:9"},
                ]
            ),
        )
        for database in _copy(server_url, template):
            for running in run(database, settings=settings, listener=listener):
                yield running, provider


@pytest.fixture
def running(house: tuple[Running, OpenIdProvider]) -> Running:
    """The server."""
    return house[0]


def landed(answer: httpx.Response) -> tuple[str, dict[str, str]]:
    """The console's page that the browser is sent to, and what it says there."""
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["location"])
    return parts.path, dict(parse_qsl(parts.query))


def test_the_providers_are_listed_without_their_secrets(running: Running) -> None:
    """The sign-in page shows a button for each."""
    with browser(running) as client:
        answer = client.get("/v1/sign-in/providers")
    assert [one["label"] for one in answer.json()["items"]] == ["Company", "Other", "Down"]
    assert CLIENT_SECRET not in answer.text


def test_somebody_new_comes_with_the_roles_of_their_groups(running: Running) -> None:
    """And is the same person the next time; the page they wanted is where they land."""
    with browser(running) as client:
        assert landed(walk(client, start(to="/approvals"), "olga")) == ("/approvals", {})
        session = client.get("/v1/session").json()
        assert (session["email"], session["roles"]) == ("olga@example.com", ["payments"])
        (own,) = client.get("/v1/account/sessions").json()["items"]
        assert own["method"] == "oidc"
        account = client.get("/v1/account").json()
        assert (account["has_password"], len(account["identities"])) == (False, 1)
    with browser(running) as client:
        assert landed(walk(client, start(), "olga")) == ("/operations", {})
        assert client.get("/v1/session").json()["actor"]["id"] == session["actor"]["id"]


def test_groups_are_looked_at_each_time(house: tuple[Running, OpenIdProvider]) -> None:
    """Who changes teams changes roles; who is in no group any more is out, and so are their sessions."""
    running, provider = house
    with browser(running) as client, browser(running) as again:
        walk(client, start(), "olga")
        try:
            provider.know({"olga": PEOPLE["olga"] | {"groups": ["leads"]}})
            walk(again, start(), "olga")
            assert again.get("/v1/session").json()["roles"] == ["payments_lead"]
            assert client.get("/v1/session").json()["roles"] == ["payments_lead"]
            provider.know({"olga": PEOPLE["olga"] | {"groups": []}})
            with browser(running) as third:
                assert landed(walk(third, start(), "olga")) == ("/sign-in", {"refused": "no_group"})
            assert client.get("/v1/session").status_code == 401
        finally:
            provider.know(PEOPLE)


@pytest.mark.parametrize(
    ("login", "why"), [("mallory", "email_taken"), ("nobody", "no_group"), ("unverified", "no_email")]
)
def test_an_address_alone_makes_nobody_somebody(running: Running, login: str, why: str) -> None:
    """Whoever can write an address into a provider would be anybody here."""
    with browser(running) as client:
        assert landed(walk(client, start(), login)) == ("/sign-in", {"refused": why})
        assert client.get("/v1/session").status_code == 401


def test_a_provider_that_brings_nobody_along_is_linked_first(running: Running) -> None:
    """By somebody signed in who has just proved who they are; then it opens their account, roles unchanged."""
    with running.person("Lena", "support") as client:
        assert landed(walk(client, start(OTHER, link="true"), "nobody")) == ("/account", {})
        assert len(client.get("/v1/account").json()["identities"]) == 1
    with browser(running) as client:
        walk(client, start(OTHER), "nobody")
        session = client.get("/v1/session").json()
        assert (session["email"], session["roles"]) == ("lena@example.com", ["support"])
    with running.person("Luuk", "support") as client:
        assert landed(walk(client, start(OTHER, link="true"), "nobody")) == (
            "/account",
            {"refused": "conflict"},
        )
        with connect(running.database) as conn:
            conn.execute("UPDATE viertakt.session SET proved_at = now() - interval '1 hour'")
        stale = landed(client.get(start(OTHER, link="true")))
        assert stale == ("/account", {"refused": "step_up_required"})
    with browser(running) as client:
        stranger = landed(walk(client, start(OTHER), "unverified"))
        assert stranger == ("/sign-in", {"refused": "unknown"})
        assert landed(client.get(start(OTHER, link="true"))) == ("/account", {"refused": "unauthenticated"})


def test_unlinking_leaves_a_way_in(running: Running) -> None:
    """With a password it goes; somebody who came by a provider keeps it."""
    with running.person("Mieke", "support") as client:
        walk(client, start(OTHER, link="true"), "unverified")
        (linked,) = client.get("/v1/account").json()["identities"]
        gone = client.delete("/v1/account/identities", params={"issuer": linked["issuer"]})
        assert gone.status_code == 204
    with browser(running) as client:
        walk(client, start(), "olga")
        issuer = client.get("/v1/account").json()["identities"][0]["issuer"]
        kept = client.delete("/v1/account/identities", params={"issuer": issuer}, headers=SAME)
        assert kept.status_code == 409


def test_somebody_deactivated_does_not_come_back_by_a_provider(running: Running) -> None:
    """The provider may not have heard yet."""
    with browser(running) as client:
        walk(client, start(), "olga")
        who = ActorId(client.get("/v1/session").json()["actor"]["id"])
        with connect(running.database) as conn:
            deactivate(conn, who)
        try:
            with browser(running) as again:
                assert landed(walk(again, start(), "olga")) == ("/sign-in", {"refused": "unauthenticated"})
        finally:
            with connect(running.database) as conn:
                conn.execute("UPDATE viertakt.actor SET active = true WHERE actor = %s", [who])


def test_an_answer_counts_only_in_the_browser_that_asked(running: Running) -> None:
    """Otherwise a link would sign somebody in as another; and it counts once."""
    with browser(running) as client, browser(running) as victim:
        back = code_for(client, start(), "olga")
        victim.get(start())
        refused = ("/sign-in", {"refused": "unauthenticated"})
        assert landed(victim.get(back)) == refused
        with browser(running) as stranger:
            assert landed(stranger.get(back)) == refused
        assert landed(client.get(back)) == ("/operations", {})
        assert landed(client.get(back)) == refused


@pytest.mark.parametrize(
    ("altered", "why"),
    [
        ({"state": "forged"}, "unauthenticated"),
        ({"code": "forged"}, "unauthenticated"),
        ({"iss": "https://another.example.com"}, "unauthenticated"),
        ({"code": None, "error": "access_denied"}, "declined"),
    ],
)
def test_a_forged_answer_opens_nothing(running: Running, altered: dict[str, str | None], why: str) -> None:
    """State, code and issuer each belong to the journey that was begun."""
    with browser(running) as client:
        back = urlsplit(code_for(client, start(), "olga"))
        sent = {name: value for name, value in (dict(parse_qsl(back.query)) | altered).items() if value}
        assert landed(client.get(back.path, params=sent)) == ("/sign-in", {"refused": why})
        assert client.get("/v1/session").status_code == 401


def test_a_code_of_one_provider_is_not_taken_by_another(running: Running) -> None:
    """Each has its own way back."""
    with browser(running) as client:
        back = code_for(client, start(), "olga").replace(f"/{COMPANY}/", f"/{OTHER}/")
        assert landed(client.get(back)) == ("/sign-in", {"refused": "unauthenticated"})


@pytest.mark.parametrize("to", ["//evil.example.com", "https://evil.example.com", "/\\evil.example.com"])
def test_one_comes_back_to_a_page_of_the_console_only(running: Running, to: str) -> None:
    """A link to sign in must not lead elsewhere."""
    with browser(running) as client:
        assert landed(walk(client, start(to=to), "olga")) == ("/operations", {})


def test_what_a_browser_is_sent_with_says_nothing(running: Running) -> None:
    """PKCE, state and nonce are there; the cookie is sealed, short, and not for scripts."""
    with browser(running) as client:
        answer = client.get(start(again="true"))
        asked = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
        assert (asked["code_challenge_method"], asked["response_type"], asked["prompt"]) == (
            "S256",
            "code",
            "login",
        )
        assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
        cookie = answer.headers["set-cookie"]
        assert asked["state"] not in cookie
        assert "HttpOnly; SameSite=Lax; Max-Age=600" in cookie


def test_the_record_says_who_came_by_which_provider(running: Running) -> None:
    """And who was refused, and why."""
    with browser(running) as client:
        walk(client, start(), "mallory")
    with running.client() as admin:
        events = admin.get("/v1/sign-in-events").json()["items"]
    assert (events[0]["sort"], events[0]["method"], events[0]["detail"]) == (
        "refused",
        "oidc",
        "company email_taken",
    )


def test_a_provider_must_call_itself_what_the_setting_says(house: tuple[Running, OpenIdProvider]) -> None:
    """Another that answers at its address is another."""
    issuer = house[1].issuer.replace("127.0.0.1", "localhost")
    impostor = Provider("impostor", "Impostor", issuer, CLIENT_ID, CLIENT_SECRET)
    with pytest.raises(Unavailable, match="calls itself"):
        ProviderClient(impostor).begin("http://127.0.0.1/callback", age_max=60)


def test_the_password_still_opens(running: Running) -> None:
    """A provider that is down must not lock everybody out."""
    with browser(running) as client:
        assert landed(client.get(start("down"))) == ("/sign-in", {"refused": "unavailable"})
        body = {"email": "anna@example.com", "password": PASSWORD}
        assert client.post("/v1/session", json=body, headers=SAME).status_code == 201
    with connect(running.database) as conn:
        assert "anna@example.com" in {one.email for one in people(conn)}
