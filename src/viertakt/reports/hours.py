"""The report of weekdays and hours, in the reader's zone.

Days are tallied as the organisation has them, with the openings and moves of each quarter of an hour in one number (see
migration 0055): whatever the reader's zone, its hours begin with one of these quarters.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any

from psycopg import Connection

from viertakt.language import Query
from viertakt.language.model import AllOf
from viertakt.reports.drilling import any_of, between, drilled
from viertakt.reports.flows import COUNT
from viertakt.reports.histograms import lanes
from viertakt.reports.periods import Period
from viertakt.reports.report import Asked, Column, ColumnType, Row, Table
from viertakt.reports.sources import (
    CREATED,
    HOURS,
    MOVES,
    Measure,
    is_tallied,
    rows,
    source,
)

Cell = tuple[int, int]  # a weekday, 1 is Monday, and an hour

RANGES_MAX = 20  # of hours in one query: a text of 2 kB holds no more
QUARTER = timedelta(minutes=15)
QUARTER_DIGITS = 8
A_DAY = timedelta(hours=25)  # the longest there is
WEEK = 7 * 24 * 4  # quarters


def hours(conn: Connection[Any], asked: Asked) -> Table:
    """Operations by the weekday (1 is Monday) and the hour in which they were created, and the moves made then."""
    period = asked.period
    spans = _spans(period)
    if is_tallied(conn, asked, HOURS, (period.start, period.end)):
        created, moves, position, partial = _by_quarter(conn, asked)
    else:
        created, position, partial = _by_hour(conn, asked, CREATED)
        moves, _, moves_partial = _by_hour(conn, asked, MOVES)
        partial = partial or moves_partial
    table = [
        Row(
            (*cell, created[cell], moves[cell]),
            qs={"count": _within(asked.query, found) if len(found) <= RANGES_MAX else None},
        )
        for cell, found in sorted(spans.items())
    ]
    keys = (Column("weekday", ColumnType.NUMBER), Column("hour", ColumnType.NUMBER))
    columns = (*keys, COUNT, Column("moves", ColumnType.COUNT))
    return Table(columns, tuple(table), position, partial)


def _by_quarter(conn: Connection[Any], asked: Asked) -> tuple[Counter[Cell], Counter[Cell], int, bool]:
    """What days say of openings and of moves in the period, with the position of it and whether it is partial."""
    counted = source(conn, asked, HOURS, (asked.period.start, asked.period.end))
    days: dict[str, list[tuple[datetime, str]]] = {"opened": [], "moved": []}
    for row in rows(conn, "by_day_and_quarter", counted):
        # In UTC, where a day of 25 hours is that long.
        days[row["measure"]].append((row["day"].astimezone(UTC), row["quarters"]))
    opened, moved = (_cells(days[measure], asked.period) for measure in ("opened", "moved"))
    return opened, moved, counted.position, counted.partial


def _cells(days: Sequence[tuple[datetime, str]], of: Period) -> Counter[Cell]:
    """The weekdays and hours, by the reader's clock, of days with their quarters; no more than lies in the period."""
    quarters = [0] * WEEK
    alike: Counter[int] = Counter()  # days that begin alike, added up as the numbers they are
    for day, number in days:
        begins = _week_quarter(day, of.zone)
        steady = _week_quarter(day + A_DAY, of.zone) == (begins + A_DAY // QUARTER) % WEEK
        if steady and of.start <= day and day + A_DAY <= of.end:
            alike[begins] += int(number)
            continue
        # A day with a change of clocks, or cut by the period, is told by each of its quarters.
        for nth, count in lanes(number, QUARTER_DIGITS):
            if of.start <= (moment := day + nth * QUARTER) < of.end:
                quarters[_week_quarter(moment, of.zone)] += count
    for begins, together in alike.items():
        for nth, count in lanes(str(together), QUARTER_DIGITS):
            quarters[(begins + nth) % WEEK] += count
    cells: Counter[Cell] = Counter()
    for nth, count in enumerate(quarters):
        cells[nth // 96 + 1, nth % 96 // 4] += count
    return cells


def _by_hour(conn: Connection[Any], asked: Asked, measure: Measure) -> tuple[Counter[Cell], int, bool]:
    """The same where days do not know: told by hours, or by the operations."""
    period = asked.period
    cuts = [period.start, period.start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)]
    # The second of them cuts a day in two, so hours are read.
    counted = source(conn, asked, measure, (period.start, period.end), cuts=cuts)
    cells = Counter(
        {
            (row["weekday"], row["hour"]): row["count"]
            for row in rows(conn, "by_weekday_and_hour", counted, zone=str(period.zone))
        }
    )
    return cells, counted.position, counted.partial


def _week_quarter(moment: datetime, zone: tzinfo) -> int:
    """How many quarters of an hour after Monday's midnight a moment is there, by the clocks on the wall."""
    local = moment.astimezone(zone)
    return local.weekday() * 96 + local.hour * 4 + local.minute // 15


def _spans(of: Period) -> dict[Cell, list[tuple[datetime, datetime]]]:
    """When each weekday's hours of a period began and ended; no more of them than show that there are too many."""
    found: dict[Cell, list[tuple[datetime, datetime]]] = defaultdict(list)
    for first, after in pairwise(
        [*_hours(of.start, min(of.end, of.start + timedelta(weeks=RANGES_MAX + 2))), of.end]
    ):
        local = first.astimezone(of.zone)
        found[local.isoweekday(), local.hour].append((first, after))
    return found


def _hours(start: datetime, end: datetime) -> list[datetime]:
    """When each hour of a period begins."""
    found, moment = [], start
    while moment < end:
        found.append(moment)
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return found


def _within(query: Query, spans: Sequence[tuple[datetime, datetime]]) -> str | None:
    if len(spans) == 1:
        return drilled(query, *between("created", *spans[0]))
    return drilled(query, any_of(*(AllOf(between("created", *span)) for span in spans)))
