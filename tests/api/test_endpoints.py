"""Endpoints over HTTP: what a webhook says is what the API says, and who sees which endpoint."""

from collections.abc import Iterator

import httpx
import msgspec
import pytest

from tests.api.conftest import SETTINGS, Running, run
from tests.notices.receivers import Receiver, receiving
from viertakt.access.actions import ensure_actor
from viertakt.access.model import system
from viertakt.db.pool import connect
from viertakt.journal.sequencing import Sequencer
from viertakt.notices.endpoint_placing import Placer
from viertakt.notices.endpoint_sending import Sender
from viertakt.wiring import Application

ALLOWING = msgspec.structs.replace(SETTINGS, webhook_allow="127.0.0.0/8")


@pytest.fixture(scope="module")
def served(server_url: str, template: str) -> Iterator[Running]:
    """A server that may send to this machine."""
    from tests.conftest import _copy

    for database in _copy(server_url, template):
        yield from run(database, settings=ALLOWING)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def deliver(served: Running) -> None:
    with connect(served.database, autocommit=True) as conn:
        sequencer = Sequencer(conn, ())
        while sequencer.step():
            pass
    with Application(served.database, settings=ALLOWING) as application:
        while application.call(Placer(application.call).step):
            pass
        sender = Sender(application.call, application.sealer, allowed=application.networks)
        while sender.turn() is not None:
            pass


def made(client: httpx.Client, receiver: Receiver, **wanted: object) -> dict[str, str]:
    answer = client.post("/v1/endpoints", json={"url": receiver.url, **wanted})
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()
    return found


def test_a_webhook_says_what_the_api_says(served: Running, receiver: Receiver) -> None:
    """One contract: a receiver reads the same documents, whether it is told or asks."""
    with served.client() as client:
        made(client, receiver, q="reference:W-same")
        content = {
            "kind": "withdrawal",
            "reference": "W-same",
            "amount": {"value": "120.50", "currency": "EUR"},
            "subject": "player-7",
        }
        opened = client.post("/v1/operations", json=content).json()
        client.post(f"/v1/operations/{opened['id']}/moves", json={"transition": "approve"})
        deliver(served)
        history = client.get(f"/v1/operations/{opened['id']}/history").json()["items"]
        present = client.get(f"/v1/operations/{opened['id']}").json()
        told = [got.document["data"] for got in receiver.got]
        assert [one["entry"] for one in told] == history[: len(told)]
        latest = told[-1]["operation"]
        assert {**latest, "deadline_at": None} == {
            name: present[name] if name != "deadline_at" else None for name in latest
        }


def test_deliveries_and_attempts_are_listed_and_sent_again(served: Running, receiver: Receiver) -> None:
    """Who looks for what went wrong finds each attempt, and how many would go again before they do."""
    with served.client() as client:
        endpoint = made(client, receiver, q="reference:T-listed")
        receiver.answers = [500]
        client.post("/v1/operations", json={"kind": "ticket", "reference": "T-listed"})
        deliver(served)
        at = f"/v1/endpoints/{endpoint['id']}"
        (one,) = client.get(f"{at}/deliveries", params={"state": "waiting"}).json()["items"]
        (attempt,) = client.get(f"{at}/deliveries/{one['number']}").json()["attempts"]
        assert (attempt["status"], attempt["excerpt"]) == (500, "ok")
        again = {"numbers": [one["number"]]}
        dry = client.post(f"{at}/replay", json={**again, "dry_run": True}).json()
        assert (dry["deliveries"], len(receiver.got)) == (1, 1)
        client.post(f"{at}/replay", json=again)
        deliver(served)
        assert len({got.id for got in receiver.got}) == 1
        assert client.get(at).json()["well"] == 1


def test_an_endpoint_is_there_for_its_owner_and_for_who_manages(served: Running, receiver: Receiver) -> None:
    """A program's endpoint is told with that program's rights, and is no other program's business."""
    with (
        served.client("integration") as owner,
        served.client("integration") as other,
        served.client() as admin,
    ):
        endpoint = made(owner, receiver)
        at = f"/v1/endpoints/{endpoint['id']}"
        assert [client.get(at).status_code for client in (owner, other, admin)] == [200, 404, 200]
        assert "secret" not in admin.get(at).text
        assert other.post(f"{at}/secrets", json={}).status_code == 404
        assert owner.delete(at).status_code == 204
        assert owner.get(at).status_code == 404


def test_a_program_makes_its_own_by_a_grant_of_its_own(served: Running, receiver: Receiver) -> None:
    """To take files along is asked for each time; a webhook would go on by itself."""
    for role, status in (("auditor", 403), ("integration", 201)):
        with served.client(role) as client:
            answer = client.post("/v1/endpoints", json={"url": receiver.url})
            assert answer.status_code == status, answer.text


def test_a_program_that_may_no_longer_is_told_nothing_more(served: Running, receiver: Receiver) -> None:
    """What was given is taken back whole: it changes no address and switches nothing on, but may still end it."""
    own = [{"may": ["view", "open", "export"]}, {"may": ["connect"]}]
    with served.client() as admin, served.anybody() as program:
        issued = admin.post("/v1/tokens", json={"name": "feed", "grants": own}).json()
        program.headers["authorization"] = f"Bearer {issued['token']}"
        at = f"/v1/endpoints/{made(program, receiver, q='kind:ticket')['id']}"
        assert program.patch(at, json={"name": "a feed"}).status_code == 200
        admin.post("/v1/operations", json={"kind": "ticket", "reference": "T-given"})
        deliver(served)
        assert len(receiver.got) == 1
        (token,) = [one for one in admin.get("/v1/tokens").json()["items"] if one["id"] == issued["id"]]
        (grant,) = [one for one in token["grants"] if one["may"] == ["connect"]]
        assert admin.delete(f"/v1/grants/{grant['id']}").status_code == 204
        admin.post("/v1/operations", json={"kind": "ticket", "reference": "T-taken"})
        deliver(served)
        assert len(receiver.got) == 1
        for wanted in ({"url": "https://example.com/"}, {"q": ""}, {"active": True}):
            refused = program.patch(at, json=wanted)
            assert refused.status_code == 403, refused.text
        for act, asked in (("secrets", {}), ("test", None), ("replay", {"after": "1.0"})):
            refused = program.post(f"{at}/{act}", json=asked)
            assert refused.status_code == 403, refused.text
        owned = {"url": receiver.url, "owner": issued["id"]}
        assert admin.post("/v1/endpoints", json=owned).status_code == 422
        assert program.patch(at, json={"active": False}).status_code == 200
        assert program.delete(at).status_code == 204


@pytest.mark.parametrize(
    "wanted",
    [
        {"url": "http://169.254.169.254/latest"},
        {"url": "file:///etc/passwd"},
        {"url": "https://user:pw@example.com/"},
        {"url": "https://xn--/"},
        {"url": "https://xn--a/", "sort": "slack"},
        {"url": "https://example.com/", "name": "one\u202eline"},
        {"url": "https://example.com/", "stages": ["one\nline"]},
        {"url": "https://example.com/", "owner": "system:cli"},
        {"url": "https://example.com/", "entries": []},
        {"url": "https://example.com/", "owner": "person:nobody"},
    ],
)
def test_what_cannot_be_an_endpoint_is_refused(served: Running, wanted: dict[str, object]) -> None:
    """When it is saved, with where and why."""
    with served.client() as client:
        answer = client.post("/v1/endpoints", json=wanted)
        assert answer.status_code == 422, answer.text


def test_what_is_told_with_anothers_rights_is_what_that_other_may_be_told(
    served: Running, receiver: Receiver
) -> None:
    """Who manages names an owner, and gives no more than they see; what the system sees is named by nobody over HTTP."""
    narrow = [{"may": ["view", "export", "connect"], "kinds": ["ticket"]}]
    with served.client() as admin:
        owner = admin.post("/v1/tokens", json={"name": "tickets", "grants": narrow}).json()["id"]
        told = made(admin, receiver, owner=owner)
        for kind in ("ticket", "withdrawal"):
            amount = {"amount": {"value": "1.00", "currency": "EUR"}} if kind == "withdrawal" else {}
            admin.post("/v1/operations", json={"kind": kind, "reference": f"O-{kind}", **amount})
        deliver(served)
        assert {got.document["data"]["operation"]["kind"] for got in receiver.got} == {"ticket"}
        with connect(served.database) as conn:  # as the command line makes it
            ensure_actor(conn, system("cli"))
            conn.execute(
                "UPDATE viertakt.endpoint SET owner = 'system:cli' WHERE endpoint_id = %s", (told["id"],)
            )
            conn.commit()
        named = admin.post("/v1/endpoints", json={"url": receiver.url, "owner": "system:cli"})
        assert named.json()["errors"][0]["code"] == "system_owner"
        at = f"/v1/endpoints/{told['id']}"
        for wanted in ({"url": "https://example.com/"}, {"q": "kind:ticket"}, {"alerts": True}):
            refused = admin.patch(at, json=wanted)
            assert (refused.status_code, "whoever runs the server" in refused.text) == (403, True)
        assert admin.patch(at, json={"name": "Ledger", "active": False}).status_code == 200
        assert admin.delete(at).status_code == 204


def test_where_access_takes_two_nobody_has_another_told_alone(server_url: str, template: str) -> None:
    """It would give away what that other sees, and ask no second person."""
    from tests.conftest import _copy

    two = msgspec.structs.replace(SETTINGS, access_persons=2)
    sent = {"url": "https://example.com/viertakt"}
    for database in _copy(server_url, template):
        for running in run(database, settings=two):
            with running.client() as admin, running.client("integration") as program:
                own = program.post("/v1/endpoints", json=sent)
                assert own.status_code == 201, own.text
                owner = own.json()["owner"]["id"]
                refused = admin.post("/v1/endpoints", json={**sent, "owner": owner})
                assert (refused.status_code, "take two persons" in refused.text) == (403, True)
                at = f"/v1/endpoints/{own.json()['id']}"
                assert admin.patch(at, json={"url": "https://example.com/mine"}).status_code == 403
                assert admin.patch(at, json={"name": "Theirs", "q": ""}).status_code == 200
                assert program.patch(at, json={"url": "https://example.com/other"}).status_code == 200
                assert admin.post("/v1/endpoints", json=sent).status_code == 201


@pytest.mark.parametrize("year", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_any_moment_may_be_asked_from(served: Running, receiver: Receiver, year: str) -> None:
    """The first moment that a program can write is its way to say: everything."""
    with served.client() as client:
        at = f"/v1/endpoints/{made(client, receiver, q='reference:none')['id']}/replay"
        for asked in ({"from": year}, {"since": year}, {"until": year}):
            answer = client.post(at, json={**asked, "dry_run": True})
            assert answer.status_code == 200, answer.text
        assert client.post(at, json={"from": year}).status_code == 200
