"""Four who write endpoints at the same time: two that place, one that sends, and whoever owns them."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

from tests.deadlines.conftest import until
from tests.notices.post import Post
from tests.notices.receivers import receiving
from tests.operations.conftest import House, house
from viertakt.db.pool import connect
from viertakt.notices import endpoints
from viertakt.notices.endpoint_model import Endpoint
from viertakt.notices.endpoint_placing import Placer

__all__ = ["house"]

ENDPOINTS, ROUNDS = 6, 8
START = datetime(2026, 1, 1, tzinfo=UTC)
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def writing(turn: Callable[[], object], stop: Event) -> None:
    while not stop.is_set():
        turn()


def owning(post: Post, own: list[Endpoint]) -> None:
    """Hold one in the middle until both who place wait, one of them for it; then let all be asked about everything again."""
    held = own[ENDPOINTS // 2]
    for n in range(ROUNDS):
        with connect(post.house.url) as conn:
            endpoints.switch(conn, held.id, post.owner, on=True)
            post.house.open("ticket", f"T-{n}")
            post.sequence()
            until(lambda: post.house.sql(WAITING)[0][0] >= 2)
            conn.commit()
        for one in reversed(own):
            post.change(one, name=f"round {n}")
            post.ask(lambda conn, id_=one.id: endpoints.replay_from(conn, id_, post.owner, START))  # type: ignore[misc]


def test_four_who_write_at_once_wait_for_nobody_in_a_circle(house: House) -> None:
    """Each holds endpoints in the order of their ids: a circle would end in an error of one of them, and none is lost or doubled."""
    with receiving() as receiver, ThreadPoolExecutor(4) as threads:
        post, stop = Post(house), Event()
        own = [post.endpoint(receiver.url)[0] for _ in range(ENDPOINTS)]
        turns = [*(Placer(post.ask).turn for _ in range(2)), post.sender.turn]
        writers: list[Future[None]] = [threads.submit(writing, turn, stop) for turn in turns]
        owner = threads.submit(owning, post, own)
        try:
            until(lambda: (owner.done() and is_told(post)) or any(one.done() for one in writers))
        finally:
            stop.set()
        for one in (*writers, owner):
            one.result()
        for endpoint in own:
            assert [one.number for one in post.deliveries(endpoint)] == list(range(1, ROUNDS + 1))
        assert len({got.id for got in receiver.got}) == ENDPOINTS * ROUNDS


def is_told(post: Post) -> bool:
    """Whether all have been asked about everything, and nothing waits."""
    left = """
        SELECT count(*) FROM viertakt.endpoint AS e
        WHERE e.place < (SELECT max(j.position) FROM viertakt.journal AS j)
        OR EXISTS (SELECT FROM viertakt.endpoint_delivery AS d WHERE d.endpoint_id = e.endpoint_id AND d.state = 'waiting')
    """
    return post.house.sql(left) == [(0,)]
