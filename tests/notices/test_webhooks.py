"""Webhooks: what endpoints are told, in which order, and what becomes of it where a receiver does not want it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from psycopg import OperationalError
from standardwebhooks import Webhook
from structlog.testing import capture_logs

from tests.notices.post import LOOPBACK, Post
from tests.notices.post_office import HOUSE, parts, post_office
from tests.notices.receivers import Receiver, receiving
from tests.operations.conftest import euros
from viertakt.db.leases import work_off
from viertakt.db.pool import Connection, connect
from viertakt.errors import Invalid
from viertakt.journal.model import Cursor
from viertakt.journal.reading import head
from viertakt.notices import endpoint_store, endpoints
from viertakt.notices.endpoint_model import DeliveryState, WhyOff
from viertakt.notices.endpoint_placing import switch_off, write
from viertakt.notices.endpoint_sending import Sender
from viertakt.notices.mailing import Mails
from viertakt.operations.model import EntrySort

T = TypeVar("T")


def test_an_endpoint_is_told_of_each_entry_as_the_operation_stood_then(
    post: Post, receiver: Receiver
) -> None:
    """A receiver that is told late must not read a status that came later: what it hears is what happened."""
    endpoint, secret = post.endpoint(receiver.url)
    operation = post.house.open("withdrawal", "W-1", amount=euros("120"))
    post.house.move(operation, "approve")
    post.send()
    told = [Webhook(secret).verify(one.body, one.headers) for one in receiver.got]
    assert [one["type"] for one in told] == ["operation.opened", "operation.moved"]
    first, second = (one["data"] for one in told)
    assert (first["number"], first["operation"]["stage"], first["operation"]["version"]) == (
        1,
        "requested",
        1,
    )
    assert (second["number"], second["operation"]["stage"], second["entry"]["transition"]) == (
        2,
        "approved",
        "approve",
    )
    assert first["operation"]["amount"] == {"value": "120.00", "currency": "EUR"}
    assert [one.state for one in post.deliveries(endpoint)] == [DeliveryState.DONE] * 2


def test_only_what_query_sorts_and_stages_find_is_told(post: Post, receiver: Receiver) -> None:
    """Whoever wants payouts of a thousand need not read the rest."""
    post.endpoint(
        receiver.url, "kind:withdrawal amount>=100EUR", entries=(EntrySort.MOVED,), stages=("approved",)
    )
    for reference, amount in (("W-1", "10"), ("W-2", "500")):
        post.house.move(post.house.open("withdrawal", reference, amount=euros(amount)), "approve")
    post.house.open("ticket", "T-1")
    post.send()
    assert [one.document["data"]["operation"]["reference"] for one in receiver.got] == ["W-2"]


def test_entries_of_one_operation_arrive_in_order_though_one_fails(post: Post, receiver: Receiver) -> None:
    """Approved before requested would be nonsense; what is about another operation need not wait."""
    endpoint, _ = post.endpoint(receiver.url)
    receiver.answers = [500]
    slow = post.house.open("withdrawal", "W-1", amount=euros("10"))
    post.house.move(slow, "approve")
    post.send()
    post.house.open("withdrawal", "W-2", amount=euros("10"))
    post.send()
    assert [one.document["data"]["number"] for one in receiver.got] == [1, 3]
    post.hurry(endpoint)
    post.send()
    assert receiver.numbers() == [1, 3, 1, 2]
    assert receiver.got[0].id == receiver.got[2].id


@pytest.mark.parametrize("answer", [400, "reset", (302, {"location": "http://127.0.0.1:9/"})])
def test_what_is_not_taken_is_tried_again_ten_times(post: Post, answer: object) -> None:
    """Three days, then it is given up; every attempt is kept, and it can be sent again by hand."""
    with receiving(answer) as receiver:  # type: ignore[arg-type]
        endpoint, _ = post.endpoint(receiver.url)
        post.house.open("ticket", "T-1")
        post.send()
        for _ in range(12):
            post.hurry(endpoint)
            post.send()
        (one,) = post.deliveries(endpoint)
        attempts = post.ask(lambda conn: endpoint_store.attempts(conn, endpoint.id, 1))
        assert (one.state, len(receiver.got), len(attempts)) == (DeliveryState.FAILED, 10, 10)
        assert len({got.id for got in receiver.got}) == 1
        receiver.usual = 204
        assert post.again(endpoint, states=(DeliveryState.FAILED,)) == 1
        post.send()
        assert post.deliveries(endpoint)[0].state is DeliveryState.DONE


def test_a_receiver_that_says_when_is_left_alone_until_then(post: Post, receiver: Receiver) -> None:
    """429 with Retry-After is a wish, and a longer wait than ours."""
    endpoint, _ = post.endpoint(receiver.url)
    receiver.answers = [(429, {"retry-after": "3600"})]
    post.house.open("ticket", "T-1")
    post.send()
    (one,) = post.deliveries(endpoint)
    assert one.due_at is not None
    assert one.due_at > datetime.now(UTC) + timedelta(minutes=59)


def test_gone_switches_off_and_what_follows_waits(post: Post, receiver: Receiver) -> None:
    """410 is the receiver's last word; switched on again, it is told everything it has missed."""
    endpoint, _ = post.endpoint(receiver.url)
    receiver.answers = [410]
    operation = post.house.open("ticket", "T-1")
    post.send()
    post.house.move(operation, "start")
    post.send()
    found = post.read(endpoint)
    assert (found.state, found.why_off, len(receiver.got)) == ("off", WhyOff.GONE, 1)
    post.ask(lambda conn: endpoints.switch(conn, endpoint.id, post.owner, on=True))
    post.send()
    assert receiver.numbers() == [1, 1, 2]


def test_gone_is_written_down_once(post: Post, receiver: Receiver) -> None:
    """However many deliveries were under way; a test that is answered so has failed, for nobody waits for it."""
    endpoint, _ = post.endpoint(receiver.url)
    receiver.usual = 410
    post.ask(lambda conn: endpoints.send_test(conn, endpoint.id, post.owner))
    for n in range(3):
        post.house.open("ticket", f"T-{n}")
    with capture_logs() as lines:
        post.send()
    assert [one["why"] for one in lines if one["event"] == "endpoint_switched_off"] == ["gone"]
    states = {one.type: one.state for one in post.deliveries(endpoint)}
    assert states.pop("endpoint.test") is DeliveryState.FAILED
    assert set(states.values()) == {DeliveryState.WAITING}
    post.ask(lambda conn: endpoints.end(conn, endpoint.id, post.owner))
    post.ask(lambda conn: switch_off(conn, endpoint.id, WhyOff.GONE))
    (state,) = post.house.sql("SELECT state FROM viertakt.endpoint WHERE endpoint_id = %s", endpoint.id)
    assert state == ("ended",), "an answer that comes late changes nothing"


def test_a_receiver_that_was_down_three_days_gets_everything(post: Post) -> None:
    """It is switched off with a warning a day before; nothing is lost, for the journal keeps it."""
    with receiving("reset") as receiver:
        endpoint, _ = post.endpoint(receiver.url)
        before = post.read(endpoint).place
        operation = post.house.open("ticket", "T-1")
        post.send()
        for _ in range(3):
            post.pass_time(endpoint, timedelta(days=1))
            post.hurry(endpoint)
            post.send()
            if post.read(endpoint).state == "active":
                assert post.read(endpoint).warned_at is not None
        assert post.read(endpoint).why_off is WhyOff.FAILING
        post.house.move(operation, "start")
        post.house.open("ticket", "T-2")
        post.send()
        receiver.usual = 200
        receiver.got.clear()
        post.ask(lambda conn: endpoints.switch(conn, endpoint.id, post.owner, on=True))
        start = Cursor(1, before)
        again = post.ask(lambda conn: endpoints.replay_from(conn, endpoint.id, post.owner, start))
        post.send()
        assert (again.deliveries, again.entries) == (1, 3)
        assert sorted(receiver.numbers()) == [1, 2, 3]
        told = [one.document["data"]["operation"] for one in receiver.got]
        assert [one["stage"] for one in told if one["reference"] == "T-1"] == ["new", "open"]


def test_its_owner_is_warned_by_mail_a_day_before_it_is_switched_off_and_after(post: Post) -> None:
    """Who looks at no console learns of it in time; the mail says what becomes of what is missed."""
    with receiving("reset") as receiver, post_office() as (server, settings):
        mails = Mails(settings, post.kinds)
        endpoint, _ = post.endpoint(receiver.url)
        post.house.open("ticket", "T-1")
        post.send()
        for _ in range(3):
            post.pass_time(endpoint, timedelta(days=1))
            post.hurry(endpoint)
            post.send()
            work_off(post.ask, mails)
        assert post.read(endpoint).why_off is WhyOff.FAILING
        assert [str(one["To"]) for one in server.taken] == ["An integrator <it@example.test>"] * 2
        before, after = server.taken
        name = post.read(endpoint).name
        assert before["Subject"] == f"{name} has not been reached for a day"
        assert after["Subject"] == f"{name} was switched off"
        for mail in (before, after):
            for part in parts(mail):
                assert f"{HOUSE}/webhooks/{endpoint.id}" in part
                assert "goes on where it stopped" in part
            assert mail["List-Unsubscribe"] is None


def test_what_was_mended_before_the_mail_goes_is_not_told(post: Post) -> None:
    """A warning that was true an hour ago sends people looking for nothing; nor does one reach who may not see it."""
    with receiving(410) as receiver, post_office() as (server, settings):
        mails = Mails(settings, post.kinds)
        endpoint, _ = post.endpoint(receiver.url)
        post.house.open("ticket", "T-1")
        post.send()
        post.ask(lambda conn: endpoints.switch(conn, endpoint.id, post.owner, on=True))
        assert work_off(post.ask, mails) == 1
        assert server.taken == []


def test_both_secrets_sign_while_one_is_replaced(post: Post, receiver: Receiver) -> None:
    """A receiver changes at leisure: what it verifies with the old one still comes, and with the new one already."""
    endpoint, old = post.endpoint(receiver.url)
    new = post.ask(lambda conn: endpoints.rotate(conn, endpoint.id, post.owner, sealer=post.sealer))
    post.ask(lambda conn: endpoints.send_test(conn, endpoint.id, post.owner))
    post.send()
    (got,) = receiver.got
    for secret in (old, new):
        assert Webhook(secret).verify(got.body, got.headers)["type"] == "endpoint.test"
    post.ask(
        lambda conn: endpoints.rotate(conn, endpoint.id, post.owner, sealer=post.sealer, overlap=timedelta())
    )
    post.house.open("ticket", "T-1")
    post.send()
    assert len(receiver.got[-1].headers["webhook-signature"].split()) == 1


def test_secrets_and_addresses_are_sealed(post: Post, receiver: Receiver) -> None:
    """Whoever reads the database, or a copy of it, can sign nothing."""
    _, secret = post.endpoint(receiver.url + "?key=s3cret")
    kept = str(post.house.sql("SELECT e::text FROM viertakt.endpoint e")) + str(
        post.house.sql("SELECT s::text FROM viertakt.endpoint_secret s")
    )
    assert "s3cret" not in kept
    assert secret not in kept
    assert b"s3cret".hex() not in kept


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind:withdrawal", "withdrawal has no stage 'aproved': .* Did you mean 'approved'"),
        ("kind:ticket,deposit", "None of deposit, ticket has a stage 'aproved'"),
        ("", "No kind has a stage 'aproved'"),
    ],
)
def test_a_stage_that_no_kind_has_is_refused(post: Post, receiver: Receiver, query: str, said: str) -> None:
    """Its endpoint would look as if it worked, and never be told anything; so of those that its query names, and of all."""
    with pytest.raises(Invalid, match=said):
        post.endpoint(receiver.url, query, stages=("aproved",))
    endpoint, _ = post.endpoint(receiver.url, "kind:withdrawal", stages=("approved",))
    with pytest.raises(Invalid, match="ticket has no stage 'approved'"):
        post.change(endpoint, q="kind:ticket")
    post.change(endpoint, q="kind:withdrawal,ticket")
    assert post.read(endpoint).stages == ("approved",)


def test_a_name_that_rebinds_is_refused_when_it_is_dialled(post: Post) -> None:
    """It was public when it was saved; what it resolves to at the dial is judged, and a try is all it costs."""
    endpoint, _ = post.endpoint("https://localhost/hook")
    post.sender.courier.allowed = ()
    post.house.open("ticket", "T-1")
    post.send()
    (one,) = post.deliveries(endpoint)
    assert one.last is not None
    assert (one.state, one.last.failure, one.last.status) == (
        DeliveryState.WAITING,
        "forbidden_destination",
        None,
    )


def test_a_query_chooses_what_is_sent_again(post: Post, receiver: Receiver) -> None:
    """An integrator who lost a table asks for those operations, and for the same ids."""
    endpoint, _ = post.endpoint(receiver.url)
    for reference in ("T-1", "T-2"):
        post.house.open("ticket", reference)
    post.send()
    assert post.again(endpoint, q="reference:T-2") == 1
    post.send()
    # Of two operations either may come first: only each one's own deliveries keep their order.
    told = [(one.document["data"]["operation"]["reference"], one.id) for one in receiver.got]
    assert sorted(reference for reference, _ in told[:2]) == ["T-1", "T-2"]
    assert told[2] == next(one for one in told if one[0] == "T-2")


def test_whoever_may_not_see_it_is_not_told_of_it(post: Post, receiver: Receiver) -> None:
    """With its owner's rights, as they are when it is told; an owner who has left is told nothing."""
    endpoint, _ = post.endpoint(receiver.url)
    post.house.sql("UPDATE viertakt.actor SET active = false WHERE actor = %s", post.owner.id)
    post.house.open("ticket", "T-1")
    post.send()
    assert receiver.got == []
    (row,) = post.house.sql("SELECT why_off FROM viertakt.endpoint WHERE endpoint_id = %s", endpoint.id)
    assert row[0] == "owner"


def test_a_person_who_may_no_longer_connect_is_told_nothing_more(post: Post, receiver: Receiver) -> None:
    """Who no longer manages takes nothing along through an address of their own; nor what is on its way already."""
    post.endpoint(receiver.url)
    post.house.open("ticket", "T-1")
    post.place()
    for may in (["view", "export"], ["view", "export", "connect"]):
        post.house.sql("UPDATE viertakt.access_grant SET may = %s WHERE role = 'admin'", may)
        post.house.sql("UPDATE viertakt.actor SET access_version = access_version + 1")
        post.house.open("ticket", f"T-{len(may)}", by=post.house.person)
        post.send()
    assert [one.document["data"]["operation"]["reference"] for one in receiver.got] == ["T-3"]


def test_an_endpoint_that_is_changed_while_it_is_asked_is_asked_again(post: Post, receiver: Receiver) -> None:
    """What was found for the old query is not told by the new one, and nothing in between is missed."""
    endpoint, _ = post.endpoint(receiver.url)
    post.house.open("ticket", "T-1")
    post.house.open("withdrawal", "W-1", amount=euros("10"))
    post.sequence()
    with connect(post.house.url) as conn:
        end = head(conn).position
        found = post.placer.find(conn, endpoint_store.to_place(conn, end), end)
        assert len(found[0].lines) == 2
        post.change(endpoint, q="kind:ticket")
        write(conn, found)
        conn.commit()
    post.send()
    assert [one.document["data"]["operation"]["reference"] for one in receiver.got] == ["T-1"]


@pytest.mark.parametrize("committed", [False, True])
def test_what_came_of_a_try_counts_once_though_the_database_leaves(
    post: Post, receiver: Receiver, committed: bool
) -> None:
    """It leaves before what has ended is written, or before it says that it is: nothing is lost, or told twice."""
    leaves = False

    def ask(question: Callable[[Connection], T], /) -> T:
        if not leaves:
            return post.ask(question)
        if committed:
            post.ask(question)
        raise OperationalError("the server has gone away")

    made, _ = post.endpoint(receiver.url)
    receiver.answers = [500]
    post.house.open("ticket", "T-1")
    post.place()
    sender = Sender(ask, post.sealer, allowed=LOOPBACK)
    sender.turn()
    leaves = True
    with pytest.raises(OperationalError):
        sender.settle(30)
    leaves = False
    sender.settle(0)
    (one,) = post.deliveries(made)
    assert (one.state, one.tries, one.last and one.last.status) == (DeliveryState.WAITING, 1, 500)
    assert post.read(made).failures == 1
