"""The tail tells every entry that is placed once it has begun, and says when that is."""

from collections.abc import Sequence
from queue import Queue
from threading import Event

from tests.operations.conftest import House
from viertakt.db.pool import Connection, connect
from viertakt.journal.model import Line
from viertakt.journal.reading import head, read_after
from viertakt.journal.sequencing import sequence_all
from viertakt.journal.tail import Tail

PATIENCE = 30


def test_nothing_is_lost_between_a_readers_look_and_a_slow_beginning(house: House) -> None:
    """Its connection comes late: who looked at the journal before would miss what is placed until then."""
    may_connect = Event()

    def slowly() -> Connection:
        may_connect.wait(PATIENCE)
        return connect(house.url)

    told: Queue[Sequence[Line]] = Queue()
    tail = Tail(slowly)
    leave = tail.listen(told.put)
    with connect(house.url, autocommit=True) as conn:
        early = house.open("ticket", "T-early")
        sequence_all(conn)
        assert not tail.begun(0.05)
        may_connect.set()
        assert tail.begun(PATIENCE)
        place = head(conn)
        house.open("ticket", "T-late")
        sequence_all(conn)
        assert told.get(timeout=PATIENCE)[0].cursor.position > place.position
        before = read_after(conn, cursor=None, limit=10)
    assert [line.operation.id for line in before][:1] == [early.id]
    leave()
    tail.close()
