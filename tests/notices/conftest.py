"""A back office whose entries are told: the sequencer and the follower of notices are stepped by the test."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from tests.notices.post import Post
from tests.notices.receivers import Receiver, receiving
from tests.operations.conftest import House, back_office
from viertakt.access.actions import actor_by_id, add_person
from viertakt.access.model import Actor
from viertakt.db.pool import connect
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import Sequencer
from viertakt.kinds.actions import Kinds
from viertakt.notices import inbox
from viertakt.notices.model import Channels, Group, Notice, NoticeEvent, NoticeTab, Pace, Subscription
from viertakt.notices.subscribing import subscribe
from viertakt.notices.telling import Teller
from viertakt.operations.assigning import write_note
from viertakt.operations.model import Caller, NoteRequest, Operation

T = TypeVar("T")


class Office:
    """A house, and short ways to subscribe, to let the follower tell, and to read what somebody was told."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.kinds = Kinds()
        self.teller = Teller()

    def person(self, name: str, *roles: str, language: str = "en") -> Actor:
        with connect(self.house.url) as conn:
            added = add_person(
                conn,
                email=f"{name.replace(' ', '.')}@example.test",
                name=name,
                roles=list(roles),
                password=None,
                language=language,
            )
            conn.commit()
            return actor_by_id(conn, added.id)

    def subscribe(
        self, by: Actor, event: NoticeEvent, *, console: bool = True, mail: Pace = Pace.OFF, **what: Any
    ) -> Subscription:
        with connect(self.house.url) as conn:
            fields = self.kinds.search_fields(conn)
            made = subscribe(conn, by, event, Channels(console, mail), fields=fields, **what)
            conn.commit()
        return made

    def note(self, operation: Operation, text: str, by: Actor) -> None:
        with connect(self.house.url) as conn:
            write_note(conn, NoteRequest(operation.id, Caller(by), text))
            conn.commit()

    def tell(self) -> int:
        """Everything that has happened gets its position and is told."""
        with connect(self.house.url, autocommit=True) as conn:
            sequencer = Sequencer(conn, ())
            while sequencer.step():
                pass
            return follow_all(conn, "notices", self.teller.project)

    def grant(self, role: str, *lines: tuple[list[str], str, list[str]]) -> None:
        """Let a role do what these lines say (kinds, where, may), and nothing else."""
        self.house.sql(
            "UPDATE viertakt.access_grant SET revoked_at = now(), revoked_by = 'tests' WHERE role = %s", role
        )
        for kinds, where, may in lines:
            self.house.sql(
                "INSERT INTO viertakt.access_grant (role, kinds, where_, may, created_by) VALUES (%s, %s, %s, %s, 'tests')",
                role,
                kinds,
                where,
                may,
            )
        self.house.sql(
            "UPDATE viertakt.actor SET access_version = access_version + 1"
            " WHERE actor IN (SELECT actor FROM viertakt.actor_role WHERE role = %s)",
            role,
        )

    def ask(self, question: Callable[[Any], T]) -> T:
        with connect(self.house.url) as conn:
            found = question(conn)
            conn.commit()
        return found

    def finish(self, reader: Actor, reference: str) -> None:
        """Be done with what was told of an operation."""
        ids = tuple(one.id for one in self.notices(reader) if one.operation.reference == reference)
        self.ask(lambda conn: inbox.finish(conn, reader, inbox.Act(ids=ids)))

    def unread(self, reader: Actor) -> list[Group]:
        self.tell()
        with connect(self.house.url) as conn:
            return list(inbox.read_inbox(conn, actor_by_id(conn, reader.id), NoticeTab.UNREAD).groups)

    def notices(self, reader: Actor) -> list[Notice]:
        """What is unread, the oldest first."""
        return sorted((one for group in self.unread(reader) for one in group.notices), key=lambda one: one.id)


@pytest.fixture
def office(database: str) -> Iterator[Office]:
    with back_office(database) as house:
        made = Office(house)
        made.tell()
        yield made


@pytest.fixture
def post(database: str) -> Iterator[Post]:
    """A house with endpoints."""
    with back_office(database) as house:
        yield Post(house)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program that is told, and keeps what came."""
    with receiving() as made:
        yield made
