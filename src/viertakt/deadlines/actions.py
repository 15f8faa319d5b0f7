"""Keeps the working calendars that kinds name."""

from datetime import date
from typing import Any

from psycopg import Connection

from viertakt.deadlines import store
from viertakt.kinds.calendars import Calendar, spans

# Laid out at once, so that reckoning is a look-up: a century of office hours is some 50,000 rows, and takes seconds.
FIRST_DAY, AFTER_DAY = date(2000, 1, 1), date(2100, 1, 1)


def set_calendar(conn: Connection[Any], calendar: Calendar) -> list[str]:
    """Keep a calendar, new or instead of the one of its name; the kinds that name it, to be counted again.

    In the caller's transaction.
    """
    store.write_calendar(conn, calendar, list(spans(calendar, FIRST_DAY, AFTER_DAY)))
    return store.kinds_by_calendar(conn, calendar.calendar)


def calendars(conn: Connection[Any]) -> list[Calendar]:
    """All calendars by name."""
    return store.calendars(conn)
