"""A back office with endpoints: what is placed and sent is stepped by the test."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from tests.operations.conftest import House
from viertakt.access.actions import add_person
from viertakt.access.model import Actor, ActorId
from viertakt.access.sealing import Sealer
from viertakt.db.pool import Connection, connect
from viertakt.journal.sequencing import Sequencer
from viertakt.kinds.actions import Kinds
from viertakt.notices import endpoint_store, endpoints
from viertakt.notices.endpoint_model import Delivery, Endpoint, EndpointSort
from viertakt.notices.endpoint_placing import Placer
from viertakt.notices.endpoint_sending import Sender
from viertakt.notices.endpoint_wanted import Wanted
from viertakt.operations.model import EntrySort
from viertakt.outgoing import read_networks
from viertakt.settings import Settings

LOOPBACK = read_networks("127.0.0.0/8")
TURNS_MAX = 2_000
T = TypeVar("T")


class Post:
    """Endpoints of this house, and short ways to make them, to send, and to read what became of it."""

    def __init__(self, house: House, owner: Actor | None = None) -> None:
        self.house = house
        self.sealer = Sealer(Settings(secret_key="a key that only these tests know"))
        self.sender = Sender(self.ask, self.sealer, allowed=LOOPBACK, site="https://desk.example")
        self.placer = Placer(self.ask, recent=self.sender.recent)
        self.kinds = Kinds()
        self.owner: Actor = owner or self.ask(
            lambda conn: add_person(
                conn, email="it@example.test", name="An integrator", roles=["admin"], password=None
            )
        )

    def ask(self, question: Callable[[Connection], T], /) -> T:
        with connect(self.house.url) as conn:
            answer = question(conn)
            conn.commit()
        return answer

    def endpoint(
        self,
        url: str,
        q: str = "",
        *,
        by: Actor | None = None,
        sort: EndpointSort = EndpointSort.WEBHOOK,
        entries: tuple[EntrySort, ...] | None = None,
        stages: tuple[str, ...] = (),
        owner: ActorId | None = None,
        alerts: bool = False,
    ) -> tuple[Endpoint, str]:
        self.sequence()
        made, secret = self.ask(
            lambda conn: endpoints.make_endpoint(
                conn,
                by or self.owner,
                sort,
                Wanted(None, url, q, entries, stages, alerts),
                sealer=self.sealer,
                allowed=LOOPBACK,
                fields=self.kinds.search_fields(conn),
                owner=owner,
                persons=1,
            )
        )
        return made, secret or ""

    def change(self, endpoint: Endpoint, **wanted: Any) -> None:
        """What an endpoint is to be from now on."""
        self.ask(
            lambda conn: endpoints.change_endpoint(
                conn,
                endpoint.id,
                self.owner,
                Wanted(**wanted),
                sealer=self.sealer,
                allowed=LOOPBACK,
                fields=self.kinds.search_fields(conn),
                persons=1,
            )
        )

    def sequence(self) -> None:
        with connect(self.house.url, autocommit=True) as conn:
            sequencer = Sequencer(conn, ())
            while sequencer.step():
                pass

    def place(self) -> None:
        self.sequence()
        while self.ask(self.placer.step):
            pass

    def send(self) -> None:
        """Everything that has happened is placed, and everything that is due is sent and settled."""
        self.place()
        for _ in range(TURNS_MAX):
            if self.sender.turn() is None:
                return
        raise AssertionError("it did not come to rest")

    def hurry(self, endpoint: Endpoint) -> None:
        """What waits for its next try is due now."""
        self.house.sql(
            "UPDATE viertakt.endpoint_delivery SET due_at = clock_timestamp() WHERE endpoint_id = %s AND due_at IS NOT NULL",
            endpoint.id,
        )

    def pass_time(self, endpoint: Endpoint, how_long: timedelta) -> None:
        """Since when it fails lies so much longer ago."""
        self.house.sql(
            "UPDATE viertakt.endpoint SET failing_since = failing_since - %s, warned_at = warned_at - %s WHERE endpoint_id = %s",
            how_long,
            how_long,
            endpoint.id,
        )

    def deliveries(self, endpoint: Endpoint) -> list[Delivery]:
        """The first one first."""
        found = self.ask(lambda conn: endpoint_store.deliveries(conn, endpoint.id, limit=1000))
        return found[::-1]

    def read(self, endpoint: Endpoint) -> Endpoint:
        return self.ask(lambda conn: endpoints.read_endpoint(conn, endpoint.id, reader=self.owner))

    def again(self, endpoint: Endpoint, **wanted: Any) -> int:
        from viertakt.notices.endpoint_model import Again

        return self.ask(
            lambda conn: endpoints.send_again(
                conn, endpoint.id, self.owner, Again(**wanted), fields=self.kinds.search_fields(conn)
            )
        ).deliveries
