"""How far the order of all entries is behind, as numbers for monitoring."""

from typing import Any

from psycopg import Connection

from viertakt.journal import store
from viertakt.measures import Measure, seconds


def measures(conn: Connection[Any]) -> list[Measure]:
    """Where the journal ends, how long the oldest entry waits for its position, and what each follower has before it."""
    behind = "Entries that have a position and that this follower has not followed yet."
    return [
        Measure("journal_position", "The last position given.", store.head(conn).position),
        Measure(
            "journal_delay_seconds",
            "For how long the oldest committed entry waits for its position.",
            seconds(store.delay(conn)),
        ),
        *(
            Measure("follower_behind_entries", behind, entries, {"follower": name})
            for name, entries in store.lag(conn).items()
        ),
    ]
