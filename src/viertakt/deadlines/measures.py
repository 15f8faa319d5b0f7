"""How firing stands, as numbers for monitoring."""

from typing import Any

from psycopg import Connection

from viertakt.deadlines.alarms import count_breached, count_stalled
from viertakt.deadlines.firing import standing
from viertakt.measures import Measure, seconds


def measures(conn: Connection[Any]) -> list[Measure]:
    """How many operations are due, since when, how many were refused, and whether firing is stopped."""
    found = standing(conn)
    late = found.now - found.oldest if found.oldest else None
    return [
        Measure("deadlines_due", "Operations whose time is up, counted no further than 10,000.", found.due),
        Measure("deadlines_late_seconds", "For how long the first of them has been due.", seconds(late)),
        Measure("deadlines_refused", "Of those, how many whose transition was refused.", found.refused),
        Measure(
            "deadlines_paused",
            "1 while nothing is fired: a clock jumped, or by hand.",
            found.pause is not None,
        ),
        Measure("promises_broken", "Open promises whose time is used up.", count_breached(conn)),
        *(
            Measure("operations_stuck", "Operations that show no sign of life.", count, {"kind": kind})
            for kind, count in count_stalled(conn)
        ),
    ]
