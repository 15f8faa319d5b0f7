"""Monthly partitions of `operation`, `entry`, `stay` and `promise`, made ahead of time.

All are ranges of `operation_id`, a UUIDv7: its first 48 bits are the millisecond it was recorded, so a month's lower
bound is that month's first millisecond and zeros. What falls into no month lies in the default partition and is found
all the same; a month that already has rows there keeps them there.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import psycopg
import structlog

from viertakt.db.pool import Connection
from viertakt.db.queries import load

queries = load(__package__)
log = structlog.get_logger(__name__)

# The present is updated in place, so its pages keep room; history is only added to.
FILL_FACTORS = {"operation": 55, "entry": 100, "stay": 90, "promise": 90}
LOCK_TIMEOUT = "2s"


def ensure_partitions(connection: Connection, *, now: datetime, months_ahead: int = 3) -> list[str]:
    """Make the missing partitions of this month and the next ones; returns the names made. May be called any time.

    Each comes in a transaction of its own; one whose place is locked or already has rows is left for another day.
    """
    first = month_start(now)
    months = [first]
    for _ in range(months_ahead):
        months.append(next_month(months[-1]))
    wishes = [_wish(parent, month) for parent in FILL_FACTORS for month in months]
    made = []
    for wish in wishes:
        try:
            made += _make(connection, wish)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.CheckViolation) as fault:
            log.warning("partition_left_for_later", partition=wish["name"], fault=str(fault).strip())
    return made


def _make(connection: Connection, wish: dict[str, object]) -> list[str]:
    with connection.transaction():
        connection.execute(queries["limit_lock_wait"], {"timeout": LOCK_TIMEOUT})
        connection.execute(queries["lock_partitions"])
        parameters = {"wishes": msgspec.json.encode([wish]).decode()}
        missing = connection.execute(queries["missing_partitions"], parameters).fetchall()
        for _, make, attach in missing:
            # Statements written by the query itself, every name and value quoted by format().
            connection.execute(make)
            connection.execute(attach)
        return [name for name, _, _ in missing]


def _wish(parent: str, month: datetime) -> dict[str, object]:
    return {
        "name": f"{parent}_{month:%Y%m}",
        "parent": parent,
        "fillfactor": FILL_FACTORS[parent],
        "lower": str(lowest_id(month)),
        "upper": str(lowest_id(next_month(month))),
    }


def lowest_id(moment: datetime) -> UUID:
    """The lowest UUID a moment can have: its millisecond in the first 48 bits, then zeros."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def month_start(moment: datetime) -> datetime:
    """The first moment of its month, in UTC: bounds must not depend on where a process runs."""
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(month: datetime) -> datetime:
    """The start of the month after this one."""
    return month_start(month_start(month) + timedelta(days=32))
