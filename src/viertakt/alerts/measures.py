"""How many alerts are open, as numbers for monitoring."""

from typing import Any

from psycopg import Connection

from viertakt.alerts import store
from viertakt.alerts.model import Level
from viertakt.measures import Measure


def measures(conn: Connection[Any]) -> list[Measure]:
    """Open alerts by level; 0 where there is none."""
    found = store.standing(conn)
    about = "Alerts that are open: something is out of the ordinary in the operations."
    return [Measure("alerts_open", about, found.get(level, 0), {"level": level}) for level in Level]
