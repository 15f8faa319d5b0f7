"""Questions about the order: where it ends, what stands in it, and who lags behind."""

from typing import Any

from psycopg import Connection

from viertakt.errors import InvalidCursor
from viertakt.journal import store
from viertakt.journal.model import Cursor, Line

head = store.head
lag = store.lag
delay = store.delay
epochs = store.epochs


def read_after(conn: Connection[Any], cursor: Cursor | None, *, limit: int) -> list[Line]:
    """Entries after a place, in order; from the beginning for None. Raises `InvalidCursor`.

    A cursor of an earlier epoch goes on where that epoch ended here: what was lost with the database cannot be read, but
    nothing that is here is left out.
    """
    end = store.head(conn)
    after = place_of(conn, cursor, end) if cursor is not None else 0
    return store.read_journal(conn, end.epoch, after, limit)


def place_of(conn: Connection[Any], cursor: Cursor, end: Cursor) -> int:
    """The position a cursor stands for in the epoch in force. Raises `InvalidCursor` for one that cannot be ours."""
    if cursor.epoch == end.epoch:
        if cursor.position > end.position:
            raise InvalidCursor(f"Cursor {cursor} lies beyond the end of the journal, {end}.")
        return cursor.position
    later = [one.first_position - 1 for one in store.epochs(conn) if one.epoch > cursor.epoch]
    if not later or cursor.epoch > end.epoch:
        raise InvalidCursor(f"Cursor {cursor} is of an epoch this database has not had.")
    return min(cursor.position, *later)
