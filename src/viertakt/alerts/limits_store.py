"""The only place that knows the table `alert_limit`, and what its limits look at."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from viertakt.access.model import ActorId
from viertakt.alerts.limits_model import Found, Limit, LimitId
from viertakt.alerts.model import COUNTED, Counts, Measure, whose
from viertakt.db.queries import load

_queries = load(__package__, "limits.sql")


def add_limit(conn: Connection[Any], limit: Limit) -> None:
    """A limit that is in force from now on."""
    told = (
        msgspec.structs.asdict(limit)
        | whose(limit.brand, limit.provider)
        | {
            "limit_id": limit.id,
            "measure": limit.measure.value,
            "direction": limit.direction.value,
        }
    )
    conn.execute(_queries["add_limit"], told)


def end_limit(conn: Connection[Any], limit_id: LimitId, by: ActorId) -> bool:
    """Whether it was in force, and is no more."""
    return conn.execute(_queries["end_limit"], {"limit_id": limit_id, "actor": by}).rowcount > 0


def limits(
    conn: Connection[Any], *, max_count: int, ended: bool = False, limit_id: LimitId | None = None
) -> list[Limit]:
    """Limits in force, or all there were; those in force first, then the newest."""
    told = {"limit_id": limit_id, "ended": ended, "max": max_count}
    with conn.cursor(row_factory=dict_row) as cursor:
        return msgspec.convert(cursor.execute(_queries["limits"], told).fetchall(), list[Limit])


def found(conn: Connection[Any], in_force: list[Limit], now: datetime) -> list[Found]:
    """What the measures of these limits have come to, of each kind that there is something of."""
    measures = {one.id: one.measure for one in in_force}
    come: list[Found] = []
    if any(one.measure in COUNTED for one in in_force):
        rows = conn.execute(_queries["counted"], {"now": now}).fetchall()
        come += [
            Found(LimitId(limit_id), kind, *_of_counts(measures[LimitId(limit_id)], Counts(*counts)))
            for limit_id, kind, *counts in rows
            if limit_id in measures
        ]
    for name, wanted in (("aged", {Measure.BACKLOG, Measure.STAGE_TIME}), ("silent", {Measure.SILENCE})):
        if any(one.measure in wanted for one in in_force):
            come += _aged(conn, name, now)
    return come


def _aged(conn: Connection[Any], query: str, now: datetime) -> Iterator[Found]:
    for limit_id, kind, minutes in conn.execute(_queries[query], {"now": now}).fetchall():
        yield Found(LimitId(limit_id), kind, float(minutes), 1)


def _of_counts(measure: Measure, counts: Counts) -> tuple[float, int]:
    match measure:
        case Measure.CREATED:
            return float(counts.created), counts.created
        case Measure.ENDED:
            return float(counts.ended), counts.ended
    part = counts.error if measure is Measure.ERRORS else counts.rejected
    return (part / counts.ended if counts.ended else 0.0), part
