"""How telling endpoints stands, as numbers for monitoring."""

from typing import Any

from psycopg import Connection

from viertakt.db.queries import load
from viertakt.journal.reading import head
from viertakt.measures import Measure

_queries = load(__package__, "endpoint_deliveries.sql")


def measures(conn: Connection[Any]) -> list[Measure]:
    """How many endpoints are active, off or failing, what is to be sent, and how far the last one is behind."""
    row = conn.execute(_queries["backlog"], {"head": head(conn).position}).fetchone()
    assert row is not None, "a count always answers"
    active, off, failing, due, behind = row
    return [
        Measure("endpoints", "Endpoints that are told.", active, {"state": "active"}),
        Measure("endpoints", "Endpoints that are told.", off, {"state": "off"}),
        Measure(
            "endpoints_failing",
            "Active endpoints where nothing has arrived since an attempt failed.",
            failing,
        ),
        Measure("endpoint_deliveries_due", "Deliveries to be sent, counted no further than 10,000.", due),
        Measure(
            "endpoints_behind_entries",
            "Entries that the endpoint furthest behind was not asked about.",
            behind,
        ),
    ]
