"""How much bulk work there is, as numbers for monitoring."""

from typing import Any

from psycopg import Connection

from viertakt.bulk import store
from viertakt.bulk.model import JobState
from viertakt.measures import Measure

UNDERWAY = (JobState.WAITING, JobState.RUNNING, JobState.PAUSED)


def measures(conn: Connection[Any]) -> list[Measure]:
    """Jobs that are not over, by state, 0 where there is none, and the items of running ones that are still to be done."""
    jobs, waiting = store.standing(conn)
    return [
        *(
            Measure("bulk_jobs", "Jobs that are not over.", jobs.get(state, 0), {"state": state})
            for state in UNDERWAY
        ),
        Measure("bulk_items_waiting", "Items of running jobs that are still to be done.", waiting),
    ]
