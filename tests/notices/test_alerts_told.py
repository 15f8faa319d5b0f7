"""Endpoints hear of alerts and incidents: rooms in words, programs as events, each step once, within their owner's sight."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
from psycopg.errors import DatabaseError
from standardwebhooks import Webhook

from tests.notices.conftest import Office
from tests.notices.post import Post
from tests.notices.receivers import Receiver
from tests.operations.conftest import euros
from viertakt.errors import Invalid
from viertakt.notices import endpoints
from viertakt.notices.announced import AlertTold, Announced, IncidentTold, Step
from viertakt.notices.announcing import announce
from viertakt.notices.endpoint_model import DeliveryState, Endpoint, EndpointSort
from viertakt.notices.model import Setting
from viertakt.notices.store import save_setting
from viertakt.operations.model import EntrySort

AT = datetime(2026, 11, 26, 8, 10, tzinfo=UTC)


def _alert(step: Step = "opened", *, brand: str | None = None, stage: str | None = None) -> AlertTold:
    return AlertTold(
        uuid4(), step, AT, "withdrawal", brand, "stage_time" if stage else "errors", "above",
        45 if stage else 0.12, 30 if stage else 0.021, 60, stage is not None, "kind:withdrawal", stage,
    )  # fmt: skip


def _tell(post: Post, told: Announced) -> None:
    post.ask(lambda conn: announce(conn, told, AT))


def _room(post: Post, receiver: Receiver, sort: EndpointSort = EndpointSort.SLACK) -> Endpoint:
    """One that is told of alerts alone."""
    made, _ = post.endpoint(receiver.url, sort=sort, entries=(), alerts=True)
    return made


def test_a_room_reads_of_an_alert_at_each_step_once(post: Post, receiver: Receiver) -> None:
    """What of, how much, and where to look; and nothing of operations where it is to hear of alerts alone."""
    _room(post, receiver)
    post.house.open("withdrawal", "W-1", amount=euros("1"))
    opened = _alert()
    for told in (
        opened,
        opened,
        msgspec.structs.replace(opened, step="closed", closed_at=opened.at + timedelta(hours=1)),
    ):
        _tell(post, told)
    post.send()
    first, last = (one.document for one in receiver.got)
    section, context = first["blocks"]
    assert section["text"]["text"] == "Alert: Withdrawal, all brands: more errors than usual"
    assert section["accessory"]["url"] == "https://desk.example/operations?q=kind%3Awithdrawal"
    assert context["elements"][0]["text"] == "Found: 12.0% in 60 min. Usual: 2.1%. Since 26 Nov 08:10 UTC."
    assert last["text"].startswith("Has ended: ")
    (said,) = last["blocks"][1]["elements"]
    until = "From 26 Nov 08:10 UTC until 26 Nov 09:10 UTC."
    assert said["text"] == f"Found: 12.0% in 60 min. Usual: 2.1%. {until}"


def test_steps_of_an_alert_arrive_in_order_though_the_first_is_not_taken(
    post: Post, receiver: Receiver
) -> None:
    """A room that was down does not read first that an alert has ended; those of other alerts do not wait for it."""
    room = _room(post, receiver)
    receiver.answers = [500]
    opened, other = _alert(), _alert()
    closed = msgspec.structs.replace(opened, step="closed")
    _tell(post, opened)
    post.send()
    for told in (closed, other):
        _tell(post, told)
    post.send()
    states = [(one.number, one.state) for one in post.deliveries(room)]
    assert states == [(1, DeliveryState.WAITING), (2, DeliveryState.WAITING), (3, DeliveryState.DONE)]
    post.hurry(room)
    post.send()
    begun = [one.document["text"].split(":")[0] for one in receiver.got]
    assert begun == ["Alert", "Alert", "Alert", "Has ended"]
    assert [one.attempt for one in post.deliveries(room)] == [2, 1, 1]
    post.again(room, numbers=(1, 2))
    post.send()
    assert [one.document["text"].split(":")[0] for one in receiver.got[4:]] == ["Alert", "Has ended"]


def test_a_room_in_teams_reads_of_an_incident_but_not_its_query(post: Post, receiver: Receiver) -> None:
    """A query can name a customer, and who reads a room is not known."""
    _room(post, receiver, EndpointSort.TEAMS)
    post.house.open("withdrawal", "W-1", amount=euros("1"), subject="player-7")
    told = IncidentTold(
        uuid4(), AT, "Acme Pay is down", "subject:player-7", True, AT - timedelta(days=30), "On duty"
    )
    _tell(post, told)
    post.send()
    (got,) = receiver.got
    card = got.document["attachments"][0]["content"]
    head, facts = (block["inlines"][0]["text"] for block in card["body"])
    assert head == "Incident: Acme Pay is down"
    assert facts.startswith("On duty opened it at 26 Nov 08:10 UTC. These operations wait")
    assert "player-7" not in got.body.decode()
    assert card["actions"][0]["url"] == f"https://desk.example/incidents/{told.id}"


def test_a_program_gets_an_event_that_its_library_verifies(post: Post, receiver: Receiver) -> None:
    """With a number of the same row as everything else that it is told."""
    endpoint, secret = post.endpoint(receiver.url, alerts=True)
    told = _alert("worse", brand="casino-nl")
    post.house.open("withdrawal", "W-1", amount=euros("1"))
    post.send()
    _tell(post, told)
    post.send()
    entry, alert = receiver.got
    event = Webhook(secret).verify(alert.body, alert.headers)
    assert (entry.document["type"], event["type"]) == ("operation.opened", "alert.worse")
    assert [one.document["data"]["number"] for one in receiver.got] == [1, 2]
    assert event["data"]["alert"]["id"] == str(told.id)
    assert event["data"]["alert"]["opened_at"] == "2026-11-26T08:10:00Z"
    assert event["data"]["alert"]["value"] == 0.12
    (_, listed) = post.deliveries(endpoint)
    assert (listed.topic, listed.type, listed.state) == (told.topic, "alert.worse", DeliveryState.DONE)


def test_a_room_reads_of_it_in_its_owners_language_and_by_their_clock(
    office: Office, receiver: Receiver
) -> None:
    """Who reads there is not known, but who made it so is."""
    owner = office.person("Een beheerder", "admin", language="nl")
    office.ask(lambda conn: save_setting(conn, owner.id, Setting("Europe/Amsterdam")))
    mine = Post(office.house, owner)
    _room(mine, receiver)
    _tell(mine, _alert(stage="under_review"))
    mine.send()
    section, context = receiver.got[0].document["blocks"]
    assert section["text"]["text"].startswith(
        "Afwijking: Opname, alle merken, In beoordeling: er staat er een"
    )
    assert context["elements"][0]["text"] == "Gevonden: 45 min. Grens: 30 min. Sinds 26 nov 09:10 CET."


def test_what_failed_is_told_again_under_the_same_id(post: Post, receiver: Receiver) -> None:
    """Also by hand, once it was given up."""
    endpoint = _room(post, receiver)
    receiver.answers = [500]
    _tell(post, _alert())
    post.send()
    post.hurry(endpoint)
    post.send()
    assert post.again(endpoint, numbers=(1,)) == 1
    post.send()
    assert len(receiver.got) == 3
    (delivery,) = post.deliveries(endpoint)
    assert (delivery.state, delivery.attempt) == (DeliveryState.DONE, 3)


def test_nobody_is_told_of_what_the_owner_may_not_see(office: Office, receiver: Receiver) -> None:
    """Neither another brand's alert, nor a restricted stage's, nor what was taken from its owner before it went."""
    office.grant("support", (["withdrawal"], "brand:casino-nl", ["view", "export", "connect"]))
    limited = office.person("One", "support")
    mine = Post(office.house, limited)
    _room(mine, receiver)
    for told in (_alert(brand="casino-be"), _alert(), _alert(brand="casino-nl", stage="compliance_hold")):
        _tell(mine, told)
    mine.send()
    assert receiver.got == []
    _tell(mine, _alert(brand="casino-nl"))
    mine.send()
    assert len(receiver.got) == 1
    _tell(mine, _alert(brand="casino-nl"))
    mine.house.sql("UPDATE viertakt.actor SET active = false WHERE actor = %s", limited.id)
    mine.send()
    assert len(receiver.got) == 1


def test_one_that_is_off_misses_what_is_no_news_by_then(post: Post, receiver: Receiver) -> None:
    """An alert of days ago helps nobody; entries are kept for it, as ever."""
    endpoint = _room(post, receiver)
    post.ask(lambda conn: endpoints.switch(conn, endpoint.id, post.owner, on=False))
    _tell(post, _alert())
    post.ask(lambda conn: endpoints.switch(conn, endpoint.id, post.owner, on=True))
    post.send()
    assert receiver.got == []


def test_an_endpoint_is_told_of_something(post: Post, receiver: Receiver) -> None:
    """Of entries or of alerts; it can be changed from one to the other, but not to nothing."""
    endpoint = _room(post, receiver)
    with pytest.raises(Invalid):
        post.change(endpoint, alerts=False)
    post.change(endpoint, alerts=False, entries=(EntrySort.MOVED,))
    _tell(post, _alert())
    post.send()
    assert receiver.got == []


def test_a_step_is_written_with_what_it_tells(post: Post, receiver: Receiver) -> None:
    """A transaction that comes to nothing tells nobody."""
    _room(post, receiver)

    def write(conn: object) -> None:
        announce(conn, _alert(), AT)  # type: ignore[arg-type]
        conn.execute("SELECT 1 / 0")  # type: ignore[attr-defined]

    with pytest.raises(DatabaseError):
        post.ask(write)
    post.send()
    assert receiver.got == []
