"""What `calendar` and `working_span` hold, as values: the only place that writes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.db.queries import load
from viertakt.kinds.calendars import Calendar

queries = load(__package__)


def calendars(conn: Connection[Any]) -> list[Calendar]:
    """All calendars by name."""
    return [
        msgspec.json.decode(row[0], type=Calendar) for row in conn.execute(queries["calendars"]).fetchall()
    ]


def write_calendar(
    conn: Connection[Any], calendar: Calendar, laid_out: Sequence[tuple[datetime, datetime]]
) -> None:
    """Keep a calendar with its hours laid out, instead of what stood under its name."""
    name = {"calendar": calendar.calendar}
    conn.execute(queries["set_calendar"], name | {"document": msgspec.json.encode(calendar).decode()})
    conn.execute(queries["clear_spans"], name)
    opens, closes = [span[0] for span in laid_out], [span[1] for span in laid_out]
    conn.execute(queries["lay_out_spans"], name | {"opens": opens, "closes": closes})


def kinds_by_calendar(conn: Connection[Any], name: str) -> list[str]:
    """The kinds of which a version names the calendar."""
    return [row[0] for row in conn.execute(queries["kinds_by_calendar"], {"calendar": name}).fetchall()]
