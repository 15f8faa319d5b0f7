"""Lists and counts as of a position of the journal: a number shown a minute ago opens a list of exactly so many.

Most operations have not changed since and are read as they are; the few that have are told by their history. So a position
may be minutes old on a busy installation, and days on a quiet one, but not a year.
"""

from typing import Any

from psycopg import Connection, sql

from viertakt.db.queries import load
from viertakt.errors import Invalid
from viertakt.journal.model import Cursor
from viertakt.journal.reading import head, place_of

_queries = load(__package__, "as_of.sql")

LATE_MAX = 20_000  # entries after the position: their operations are told one by one


def position_of(conn: Connection[Any], text: str) -> int:
    """The position that a cursor stands for. Raises `InvalidCursor`, and `Invalid` for one that lies too far back."""
    end = head(conn)
    position = place_of(conn, Cursor.read(text), end)
    if end.position - position > LATE_MAX:
        raise Invalid(
            f"Since {text} there have been {end.position - position:,} entries; as of a position one can ask for at most "
            f"{LATE_MAX:,} entries. Load the report again."
        )
    return position


def late() -> sql.Composable:
    """The operations that something has happened to after the parameter `position`, each with the first such entry."""
    return sql.SQL(_queries["late"])


def template(name: str, **parts: sql.Composable) -> sql.Composed:
    """One of the templates with its parts and the operations that changed since; values stay parameters."""
    return sql.SQL(_queries[name]).format(late=late(), **parts)
