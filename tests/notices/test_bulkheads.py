"""Endpoints beside each other: those that hang, fail, or cannot be opened keep nobody else waiting."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.notices.post import LOOPBACK, Post
from tests.notices.receivers import Receiver, receiving
from viertakt.access.model import ActorId
from viertakt.notices import endpoint_sending
from viertakt.notices.endpoint_courier import share
from viertakt.notices.endpoint_model import DeliveryState, Endpoint, EndpointId, EndpointSort
from viertakt.notices.endpoint_sending import Sender


def endpoint(number: int, failures: int = 0, failed_at: datetime | None = None) -> Endpoint:
    now = datetime.now(UTC)
    return Endpoint(
        EndpointId(UUID(int=number)), EndpointSort.WEBHOOK, f"e{number}", "", ActorId("person:1"), "", (), (), False,
        "active", None, None, 0, 0, failures, None, failed_at, None, now, now,
    )  # fmt: skip


def test_receivers_that_hang_keep_nobody_waiting(post: Post, receiver: Receiver) -> None:
    """A bulkhead for each endpoint: five that hang hold their own few threads."""
    with receiving("hang") as hanging:
        for _ in range(5):
            post.endpoint(hanging.url)
        endpoint, _ = post.endpoint(receiver.url)
        for number in range(40):
            post.house.open("ticket", f"T-{number}")
        post.place()
        while any(one.state is not DeliveryState.DONE for one in post.deliveries(endpoint)):
            post.sender.turn()
        assert sorted(receiver.numbers()) == list(range(1, 41))
        assert len(hanging.got) <= 5 * 4


@pytest.mark.parametrize("hangs", [False, True])
def test_what_is_due_is_sent_at_once_though_another_hangs(
    post: Post, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, hangs: bool
) -> None:
    """News is heard while nothing of what is under way ends; what ended is written without any."""
    monkeypatch.setattr(endpoint_sending, "LOOK_SECONDS", 3_600.0)
    monkeypatch.setattr(endpoint_sending, "GATHER_SECONDS", 600.0)
    with receiving("hang") as hanging:
        if hangs:
            post.endpoint(hanging.url, "reference:T-1")
        endpoint, _ = post.endpoint(receiver.url, "reference:T-2")
        for reference in ("T-1", "T-2"):
            post.house.open("ticket", reference)
            post.place()
            post.sender.news.set()
            post.sender.watch()
        monkeypatch.setattr(endpoint_sending, "GATHER_SECONDS", 0.001)
        while post.deliveries(endpoint)[0].state is not DeliveryState.DONE:
            post.sender.watch()


def test_a_sender_that_is_stopped_gives_back_what_it_has_not_sent(post: Post, receiver: Receiver) -> None:
    """What ended is settled; what hangs is due at once for whoever goes on, with its id and a try not taken."""
    with receiving("hang") as hanging:
        slow, _ = post.endpoint(hanging.url)
        quick, _ = post.endpoint(receiver.url)
        post.house.open("ticket", "T-1")
        post.place()
        post.sender.turn(0)
        post.sender.stop(1)
        (arrived,), (given_back,) = post.deliveries(quick), post.deliveries(slow)
        assert arrived.state is DeliveryState.DONE
        assert (given_back.state, given_back.tries, given_back.attempt) == (DeliveryState.WAITING, 0, 1)
        hanging.usual = 200
        another = Sender(post.ask, post.sealer, allowed=LOOPBACK)
        while post.deliveries(slow)[0].state is not DeliveryState.DONE:
            another.turn()
        assert len({got.headers["webhook-id"] for got in hanging.got}) == 1


def test_one_that_cannot_be_opened_keeps_nobody_waiting(post: Post, receiver: Receiver) -> None:
    """Sealed with a key that was lost: what it is to be told waits, and the others are told."""
    lost, _ = post.endpoint(receiver.url)
    post.endpoint(receiver.url)
    post.house.sql(
        "UPDATE viertakt.endpoint SET address = 'sealed by nobody' WHERE endpoint_id = %s", lost.id
    )
    post.house.open("ticket", "T-1")
    post.send()
    assert len(receiver.got) == 1
    (one,) = post.deliveries(lost)
    assert (one.state, one.attempt) == (DeliveryState.WAITING, 0)


def test_a_window_opens_with_what_arrives_and_those_that_hang_hold_few_places() -> None:
    """As fast as a receiver takes it; and however many hang, places are left for the others."""
    due = [endpoint(number) for number in range(10)]
    assert {room for _, room in share(due, {}, {}, 512)} == {4}
    windows = {one.id: 32 for one in due}
    assert {room for _, room in share(due, {}, windows, 512)} == {32}
    assert {room for _, room in share(due, {}, windows, 100)} == {10}
    failing = [endpoint(number, failures=3) for number in range(100)]
    assert sum(room for _, room in share(failing, {}, windows, 512)) == 24
    busy = {one.id: 4 for one in due}
    assert share(due, busy, {}, 512) == []


def test_each_endpoint_that_fails_has_its_turn() -> None:
    """Two dozen are down for good; the one behind them is back, and was tried the longest ago."""
    now = datetime.now(UTC)
    failing = [endpoint(number, 3, now - timedelta(number)) for number in range(25)]
    tried = [id_ for id_, _ in share(failing, {}, {}, 512)]
    assert tried == [one.id for one in failing[:0:-1]]
    assert share(failing, {one.id: 1 for one in failing[:24]}, {}, 512) == []
