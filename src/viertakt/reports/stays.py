"""Stays and what is counted from them: where operations were, for how long, which ways they went, and who moved them.

Two followers of the journal. `stays` keeps a row for each time an operation is in a stage, and counts durations, ways,
moves and people; `outcomes` counts the operations that are closed, by when they were, why, and after how long.
"""

from typing import Any

from psycopg import Connection

from viertakt.db.queries import load
from viertakt.journal.followers import follow_again
from viertakt.reports.histograms import GAMMA, SHORTEST
from viertakt.reports.tallies import HOURS_KEPT

_stays = load(__package__, "stays.sql")
_outcomes = load(__package__, "outcomes.sql")

DIFFERENCES_MAX = 20

# In this order: what is counted from stays needs those of the same positions to be there.
_STEPS = (
    "end_stays",
    "begin_stays",
    "count_stays",
    "count_ways",
    "count_moves",
    "count_hours",
    "count_people",
)


def project_stays(conn: Connection[Any], after: int, upto: int) -> None:
    """Follow the entries of positions (after, upto]: end and begin stays, and count what they tell."""
    for name in _STEPS:
        conn.execute(_stays[name], _parameters(after, upto))


def project_outcomes(conn: Connection[Any], after: int, upto: int) -> None:
    """Follow the entries of positions (after, upto]: count the ends that were reached, and take back those left."""
    conn.execute(_outcomes["fold_outcomes"], _parameters(after, upto))


def rebuild_stays(conn: Connection[Any]) -> None:
    """Make stays, and everything counted from them, again from the journal."""
    follow_again(conn, "stays", project_stays, lambda: conn.execute(_stays["clear_stays"]))


def rebuild_outcomes(conn: Connection[Any]) -> None:
    """Count all outcomes again from the journal."""
    follow_again(conn, "outcomes", project_outcomes, lambda: conn.execute(_outcomes["clear_outcomes"]))


def differing_stays(conn: Connection[Any]) -> list[str]:
    """Operations whose stays are not what their history says, at most twenty."""
    return [row[0] for row in conn.execute(_stays["differing_stays"], {"limit": DIFFERENCES_MAX}).fetchall()]


def differing_outcomes(conn: Connection[Any]) -> list[str]:
    """Days and stages whose count of closed operations is not what the operations say, at most twenty."""
    found = conn.execute(_outcomes["differing_outcomes"], {"limit": DIFFERENCES_MAX}).fetchall()
    return [row[0] for row in found]


def _parameters(after: int, upto: int) -> dict[str, object]:
    return {"after": after, "upto": upto, "gamma": GAMMA, "shortest": SHORTEST, "hours_kept": HOURS_KEPT}
