"""How much bulk work there is, as numbers for monitoring."""

from typing import Any

from psycopg import Connection

from viertakt.bulk import store
from viertakt.measures import Measure


def measures(conn: Connection[Any]) -> list[Measure]:
    """Jobs that are not over, by state, and the items of running ones that are still to be done."""
    jobs, waiting = store.standing(conn)
    return [
        *(
            Measure("bulk_jobs", "Jobs that are not over.", count, {"state": state})
            for state, count in jobs.items()
        ),
        Measure("bulk_items_waiting", "Items of running jobs that are still to be done.", waiting),
    ]
