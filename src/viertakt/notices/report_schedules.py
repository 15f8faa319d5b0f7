"""Reports that come by mail: who gets which, how often; and the mail of each when it is due.

    due ──► a mail that waits, and when it goes next (one transaction) ──► counted and written when it goes (`mailing`)

Whoever wants a report has it sent to themselves, and ends it here or by the link in the mail. What a worker that was down
has missed comes once, as the latest: nobody reads three yesterdays.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any, NewType
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row
from uuid_utils.compat import uuid7

from viertakt import language
from viertakt.access.model import Actor, ActorId, ActorSort
from viertakt.access.rules import exportable
from viertakt.db.queries import load
from viertakt.errors import Conflict, NotFound
from viertakt.language.fields import Fields
from viertakt.notices import deliveries
from viertakt.notices.deliveries import NewMail
from viertakt.notices.inbox import check_reader
from viertakt.notices.rules_schedules import Every, last_run, next_run

_queries = load(__package__, "report_schedules.sql")

TOPIC = "report"
OWNED_MAX = 50

ScheduleId = NewType("ScheduleId", UUID)


class Schedule(msgspec.Struct, frozen=True):
    """A report that comes by mail: to whom, asked how, and when. `at`: by the clock of `zone`."""

    id: ScheduleId
    reader: ActorId
    report: str
    query: str
    format: str
    every: Every
    at: time
    zone: str
    next_at: datetime
    sent_at: datetime | None
    created_at: datetime


class Wanted(msgspec.Struct, frozen=True):
    """What is to come: a report that there is, a query, csv or xlsx, and when."""

    report: str
    query: str
    format: str
    every: Every
    at: time
    zone: str


def schedule(
    conn: Connection[Any], reader: Actor, wanted: Wanted, *, fields: Fields, now: datetime | None = None
) -> Schedule:
    """Have a report come by mail. Raises `Forbidden` for a program, or who may not take files along, `Conflict`, `InvalidQuery`."""
    check_reader(reader)
    exportable(reader)
    if len(schedules_of(conn, reader.id)) >= OWNED_MAX:
        raise Conflict(f"{reader.name} gets {OWNED_MAX} reports by mail already; end one first.")
    id_ = ScheduleId(uuid7())
    parameters = {
        "id": id_,
        "reader": reader.id,
        "report": wanted.report,
        "query": language.to_text(language.parse(wanted.query, fields=fields)),
        "format": wanted.format,
        "every": wanted.every.value,
        "at": wanted.at,
        "zone": wanted.zone,
        "next_at": next_run(wanted.every, wanted.at, ZoneInfo(wanted.zone), now or datetime.now(UTC)),
    }
    conn.execute(_queries["add_schedule"], parameters)
    return _one(conn, id_)


def schedules_of(conn: Connection[Any], reader: ActorId | None) -> list[Schedule]:
    """What comes to somebody by mail; to everybody with None."""
    return _schedules(conn, "schedules", {"reader": reader, "id": None})


def end_schedule(conn: Connection[Any], by: Actor, id_: UUID) -> None:
    """It comes no more. Raises `NotFound`, also where it is another's; the command line may end any."""
    found = _one(conn, ScheduleId(id_))
    if found.reader != by.id and by.sort is not ActorSort.SYSTEM:
        raise _missing(id_)
    conn.execute(_queries["end_schedule"], {"id": id_})


def stop(conn: Connection[Any], topic: str) -> None:
    """End the report of a mail, by its link."""
    conn.execute(_queries["end_schedule"], {"id": UUID(topic.partition(":")[2])})


def send_now(conn: Connection[Any], by: Actor, id_: UUID) -> None:
    """Have it come once more, now. Raises `NotFound`, also where it is another's."""
    found = _one(conn, ScheduleId(id_))
    if found.reader != by.id:
        raise _missing(id_)
    now = datetime.now(UTC)
    _mail(conn, found, now, due=now)


def schedule_of(conn: Connection[Any], topic: str) -> Schedule | None:
    """The report of a mail; None where it was ended meanwhile."""
    found = _schedules(conn, "schedules", {"reader": None, "id": topic.partition(":")[2]})
    return found[0] if found else None


def make_due(conn: Connection[Any], clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
    """A mail for each report that is due, about the days before it was to go, however late that is seen; how many."""
    now = clock()
    due = _schedules(conn, "due_schedules", {"now": now})
    for one in due:
        zone = ZoneInfo(one.zone)
        _mail(conn, one, now, due=last_run(one.every, one.at, zone, now))
        following = next_run(one.every, one.at, zone, now)
        conn.execute(_queries["move_schedule"], {"id": one.id, "next_at": following, "sent_at": now})
    return len(due)


def _mail(conn: Connection[Any], one: Schedule, now: datetime, *, due: datetime) -> None:
    deliveries.gather(conn, [NewMail(one.reader, f"{TOPIC}:{one.id}", now, {"due": due.isoformat()})])


def _one(conn: Connection[Any], id_: ScheduleId) -> Schedule:
    found = _schedules(conn, "schedules", {"reader": None, "id": id_})
    if not found:
        raise _missing(id_)
    return found[0]


def _missing(id_: UUID) -> NotFound:
    return NotFound(f"There is no report {id_} that comes by mail.")


def _schedules(conn: Connection[Any], name: str, parameters: dict[str, Any]) -> list[Schedule]:
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_queries[name], parameters).fetchall()
    return [Schedule(**{**row, "every": Every(row["every"])}) for row in rows]
