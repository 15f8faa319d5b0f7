"""How many alerts and incidents are open, as numbers for monitoring."""

from typing import Any

from psycopg import Connection

from viertakt.alerts import incidents_store, store
from viertakt.alerts.model import Level
from viertakt.measures import Measure


def measures(conn: Connection[Any]) -> list[Measure]:
    """Open alerts by level; 0 where there is none."""
    found = store.standing(conn)
    about = "Alerts that are open: something is out of the ordinary in the operations."
    alerts = [Measure("alerts_open", about, found.get(level, 0), {"level": level}) for level in Level]
    about = "Incidents that are open, by whether operations wait because of them."
    standing = zip((False, True), incidents_store.standing_incidents(conn), strict=True)
    return alerts + [
        Measure("incidents_open", about, count, {"paused": str(paused).lower()}) for paused, count in standing
    ]
