"""Status tallies: how many operations are where and what they are worth, kept as their history goes on.

Folded by the sequencer, in the transaction that gives the entries their positions: a tally is exact as of the end of the
order. Counted by kind, stage, status, brand, currency and the kinds' dimensions; altogether, by the day of creation as
the organisation counts days, and for the last months by the hour.
"""

from datetime import timedelta
from typing import Any

from psycopg import Connection

from viertakt.db.queries import load

_queries = load(__package__, "tallies.sql")

HOURS_KEPT = timedelta(days=100)  # a quarter and a week, for readers in other zones than the organisation's
DIFFERENCES_MAX = 20


def fold_statuses(conn: Connection[Any], after: int, upto: int) -> None:
    """Count what the entries of positions (after, upto] changed. Once: it adds to what is there."""
    conn.execute(_queries["fold_statuses"], {"after": after, "upto": upto, "hours_kept": HOURS_KEPT})


def prune_tallies(conn: Connection[Any]) -> int:
    """Drop the hours that are no longer kept and the groups in which nothing is left; how many rows."""
    return conn.execute(_queries["prune_tallies"], {"hours_kept": HOURS_KEPT}).rowcount


def rebuild_tallies(conn: Connection[Any]) -> int:
    """Count everything again from the journal; the end of the order up to which it is counted."""
    with conn.transaction():
        row = conn.execute(_queries["lock_sequencer"]).fetchone()
        assert row is not None, "the sequencer's row is made with its table"
        end: int = row[0]
        conn.execute(_queries["clear_tallies"])
        fold_statuses(conn, 0, end)
    return end


def differing_tallies(conn: Connection[Any]) -> list[str]:
    """The groups whose tally is not what a recount of the history says, at most twenty; none when all is well."""
    parameters = {"hours_kept": HOURS_KEPT, "limit": DIFFERENCES_MAX}
    return [row[0] for row in conn.execute(_queries["differing_tallies"], parameters).fetchall()]
