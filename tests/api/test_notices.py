"""The inbox over HTTP: told live, done with and undone, chosen, muted, and unsubscribed from."""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import Running
from viertakt.access.actions import person_called
from viertakt.db.pool import connect
from viertakt.notices.deliveries import NewMail, gather
from viertakt.notices.model import Channels, NoticeEvent, Pace
from viertakt.notices.store import save_line
from viertakt.worker.loops import Worker


@pytest.fixture(scope="module")
def working(running: Running) -> Iterator[Running]:
    """The server with a worker beside it."""
    with Worker(running.database, upkeep=()):
        yield running


@pytest.fixture
def clerk(working: Running) -> Iterator[httpx.Client]:
    """A clerk who is signed in, one of their own for each test."""
    with working.person(f"Clerk{uuid4().hex[:8]}", "payments") as client:
        yield client


def name_of(client: httpx.Client) -> str:
    return str(client.get("/v1/session").json()["actor"]["name"])


def open_withdrawal(admin: httpx.Client) -> str:
    opening = {
        "kind": "withdrawal",
        "reference": f"W-{uuid4()}",
        "amount": {"value": "10.00", "currency": "EUR"},
    }
    return str(admin.post("/v1/operations", json=opening).json()["id"])


def badges(client: httpx.Client) -> Iterator[dict[str, int]]:
    """What the stream tells, as it comes."""
    with client.stream("GET", "/v1/notices/stream", timeout=30) as answer:
        assert answer.status_code == 200
        for line in answer.iter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


def test_a_change_is_told_live_and_done_with(
    working: Running, admin: httpx.Client, clerk: httpx.Client
) -> None:
    """The stream says that there is something, the inbox what; done here is done in every tab, and can be undone."""
    sent = {"event": "moved", "query": "kind:withdrawal status:pending"}
    assert clerk.post("/v1/subscriptions", json=sent).status_code == 201
    operation = open_withdrawal(admin)
    heard = badges(clerk)
    assert next(heard) == {"unread": 0, "mentions": 0, "capped": False}
    admin.post(f"/v1/operations/{operation}/moves", json={"transition": "approve"})
    assert next(heard)["unread"] == 1
    inbox = clerk.get("/v1/notices").json()
    (group,) = inbox["items"]
    (notice,) = group["notices"]
    assert (group["operation"]["id"], notice["event"], notice["why"]["by"]) == (operation, "moved", "own")
    assert notice["entry"]["to"]["stage"] == "approved"
    changed = clerk.post("/v1/notices/changes", json={"act": "done", "ids": [notice["id"]]}).json()
    assert changed == {"changed": [notice["id"]], "badge": {"unread": 0, "mentions": 0, "capped": False}}
    assert next(heard)["unread"] == 0
    assert clerk.get("/v1/notices").json()["items"] == []
    assert len(clerk.get("/v1/notices", params={"tab": "all"}).json()["items"]) == 1
    again = clerk.post("/v1/notices/changes", json={"act": "undo", "ids": [notice["id"]]}).json()
    assert again["badge"]["unread"] == 1
    heard.close()  # type: ignore[attr-defined]


def test_what_is_put_off_comes_back_and_others_inboxes_are_not_touched(
    working: Running, admin: httpx.Client, clerk: httpx.Client
) -> None:
    """An id is no right: somebody else's notice does not change."""
    operation = open_withdrawal(admin)
    heard = badges(clerk)
    next(heard)
    admin.post(f"/v1/operations/{operation}/notes", json={"text": f"@{name_of(clerk)} look"})
    assert next(heard) == {"unread": 1, "mentions": 1, "capped": False}
    heard.close()  # type: ignore[attr-defined]
    (group,) = clerk.get("/v1/notices", params={"tab": "mentions"}).json()["items"]
    (notice,) = group["notices"]
    assert notice["comment"] == f"@{name_of(clerk)} look"
    with working.person("Another", "payments") as other:
        act = {"act": "done", "ids": [notice["id"]]}
        assert other.post("/v1/notices/changes", json=act).json()["changed"] == []
    later = {
        "act": "snooze",
        "operations": [operation],
        "upto": notice["id"],
        "until": "2099-01-01T00:00:00Z",
    }
    assert clerk.post("/v1/notices/changes", json=later).json()["badge"]["unread"] == 0
    assert len(clerk.get("/v1/notices", params={"tab": "snoozed"}).json()["items"]) == 1
    past = later | {"until": "2001-01-01T00:00:00Z"}
    assert clerk.post("/v1/notices/changes", json=past).status_code == 422


def test_the_matrix_and_the_hours_are_chosen_and_kept(clerk: httpx.Client) -> None:
    """Each line says whose choice it is."""
    before = {line["event"]: line for line in clerk.get("/v1/notices/settings").json()["lines"]}
    assert (before["mention"]["by"], before["contradiction"]["by"]) == ("usual", "role:payments")
    chosen = {
        "zone": "Europe/Amsterdam",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "lines": [{"event": "contradiction", "console": False, "mail": "off"}],
    }
    saved = clerk.put("/v1/notices/settings", json=chosen).json()
    assert (saved["zone"], saved["quiet_from"], saved["digest_at"]) == ("Europe/Amsterdam", "22:00", "08:00")
    assert {line["event"]: line["by"] for line in saved["lines"]}["contradiction"] == "own"
    assert clerk.put("/v1/notices/settings", json=chosen | {"zone": "Mars/Olympus"}).status_code == 422
    assert clerk.put("/v1/notices/settings", json=chosen | {"quiet_until": None}).status_code == 422
    assert clerk.post("/v1/notices/test-mail").status_code == 404  # no mail server is set up here


def test_a_choice_for_an_event_leaves_the_hours_as_they_are(clerk: httpx.Client) -> None:
    """What is not named stays: a tab that was opened before knows nothing of hours that were set in another."""
    hours = {"zone": "Europe/Amsterdam", "digest_at": "09:30", "quiet_from": "22:00", "quiet_until": "07:00"}
    clerk.put("/v1/notices/settings", json=hours)
    line = {"event": "mention", "console": True, "mail": "daily"}
    saved = clerk.put("/v1/notices/settings", json={"lines": [line]}).json()
    assert {name: saved[name] for name in hours} == hours
    assert clerk.put("/v1/notices/settings", json={"digest_at": "08:00"}).json()["quiet_from"] == "22:00"
    none = clerk.put("/v1/notices/settings", json={"quiet_from": None, "quiet_until": None}).json()
    assert (none["quiet_from"], none["digest_at"], none["zone"]) == (None, "08:00", "Europe/Amsterdam")


def test_mutes_are_listed_and_lifted(admin: httpx.Client, clerk: httpx.Client) -> None:
    """An operation by its reference too."""
    operation = open_withdrawal(admin)
    clerk.put("/v1/notices/mutes", json={"about": "kind:deposit"})
    listed = clerk.put("/v1/notices/mutes", json={"about": f"operation:{operation}"}).json()["items"]
    assert [one["about"] for one in listed] == [f"operation:{operation}", "kind:deposit"]
    assert listed[0]["reference"].startswith("W-")
    listed = clerk.put("/v1/notices/mutes", json={"about": "kind:deposit", "muted": False}).json()["items"]
    assert len(listed) == 1
    for nothing in ("operation:nonsense", f"operation:{uuid4()}", "nonsense"):
        assert clerk.put("/v1/notices/mutes", json={"about": nothing}).status_code in {404, 422}


def test_the_link_in_a_mail_asks_before_it_stops_anything(working: Running, clerk: httpx.Client) -> None:
    """A mail program that opens links must not unsubscribe its reader; one press does, without signing in."""
    with connect(working.database) as conn:
        me = person_called(conn, clerk.get("/v1/session").json()["email"])
        save_line(conn, me.id, NoticeEvent.ALERT, Channels(mail=Pace.AT_ONCE))
        gather(conn, [NewMail(me.id, f"alert:{uuid4()}:opened", datetime.now(UTC))])
        ((id_, secret),) = conn.execute(
            "SELECT delivery_id, secret FROM viertakt.delivery WHERE endpoint = %s", [me.id]
        ).fetchall()
    with working.anybody() as anybody:
        page = anybody.get(f"/v1/unsubscribe/{id_}.{secret}")
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        style = page.text.partition("<style>")[2].partition("</style>")[0].encode()
        assert b64encode(sha256(style).digest()).decode() in page.headers["content-security-policy"]
        assert '<form method="post">' in page.text
        done = anybody.post(f"/v1/unsubscribe/{id_}.{secret}", data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        again = anybody.get(f"/v1/unsubscribe/{id_}.{secret}")
        for said in (done, again):
            assert "<form" not in said.text
            assert "You get no more mails like that one." in said.text
        assert anybody.post(f"/v1/unsubscribe/{id_}.wrong").status_code == 404
        assert "not valid" in anybody.get("/v1/unsubscribe/nonsense").text
