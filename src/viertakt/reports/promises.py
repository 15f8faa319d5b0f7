"""Promises: each time a target of its kind runs for an operation, and whether it was kept.

A follower of the journal. What an operation promises is told by its history and its kind's calendar alone
(`viertakt.promises_of`), so an operation that something happened to is told anew, as a whole, up to that entry.
"""

from typing import Any

from psycopg import Connection

from viertakt.db.queries import load
from viertakt.journal.followers import follow_again
from viertakt.reports.tallies import HOURS_KEPT

_promises = load(__package__, "promises.sql")

FOLLOWER = "targets"
DIFFERENCES_MAX = 20


def project_promises(conn: Connection[Any], after: int, upto: int) -> None:
    """Follow the entries of positions (after, upto]: what runs, what was kept and missed, and the counts of both."""
    parameters = {"after": after, "upto": upto, "hours_kept": HOURS_KEPT}
    conn.execute(_promises["fold_promises"], parameters)


def rebuild_promises(conn: Connection[Any]) -> None:
    """Make all promises, and their counts, again from the journal and the calendars."""
    follow_again(conn, FOLLOWER, project_promises, lambda: conn.execute(_promises["clear_promises"]))


def differing_promises(conn: Connection[Any]) -> list[str]:
    """Operations and days whose promises are not what the history says, at most twenty."""
    found = conn.execute(_promises["differing_promises"], {"limit": DIFFERENCES_MAX}).fetchall()
    return [row[0] for row in found]


def prune_targets(conn: Connection[Any]) -> int:
    """Drop the hours of the counts that are no longer kept; how many rows."""
    return conn.execute(_promises["prune_targets"], {"hours_kept": HOURS_KEPT}).rowcount
