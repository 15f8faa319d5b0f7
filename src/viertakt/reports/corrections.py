"""What happened after a report was frozen to what it had counted as ended: the month it happened in has the correction.

    November, frozen at 1.4711        December                        told of November's frozen report
    W-1 paid on the 20th              returned on the 3rd             December: success → pending, withdrawal, 1, 250.00 EUR
    W-2 in transit                    paid on the 1st                 nothing: it had not ended, December counts its end

A frozen number is never changed. An end that is left is a correction once, in the month of the move that left it; what the
operation comes to after that is counted by the month in which it ends again.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec
from psycopg import Connection, sql

from viertakt.db.queries import load
from viertakt.language import Query
from viertakt.reports.periods import Period
from viertakt.reports.words import condition

_queries = load(__package__, "corrections.sql")

SEEN_MAX = (
    10_000  # ends left after the position that are looked at: returns are few, or something is very wrong
)
IDS_MAX = 40  # a query of so many ids keeps within the language's 2 kB

By = Literal["created", "closed"]


class Correction(msgspec.Struct, frozen=True):
    """So many operations of the frozen report left one status for another in a month (`2026-12`, in the report's zone).

    `amounts`: what they were worth, by currency. `q`: finds exactly them, where they are few enough to be named.
    """

    month: str
    kind: str
    from_status: str
    to_status: str
    count: int
    amounts: dict[str, Decimal]
    q: str | None


class Corrections(msgspec.Struct, frozen=True):
    """By month. `position`: how far the journal has been followed; `partial`: looking stopped at a bound."""

    items: tuple[Correction, ...]
    position: int
    partial: bool = False


class _Step(msgspec.Struct, frozen=True):
    operation_id: str
    at: datetime
    kind: str
    from_status: str
    to_status: str
    currency: str | None
    amount: Decimal | None


class _Found(msgspec.Struct, frozen=True):
    seen: int
    steps: tuple[_Step, ...]


def corrections(
    conn: Connection[Any], query: Query, period: Period, *, by: By, position: int, now: datetime
) -> Corrections:
    """What corrects a report that was frozen at `position`, as far as stays have been followed.

    `by`: whether the report counts operations in the period they were created in, or in the one they ended in.
    """
    upto = _followed(conn)
    filter_, named = condition(conn, query, now, period.zone)
    statement = sql.SQL(_queries["corrections"]).format(filter=filter_)
    params = {
        "by": by,
        "position": position,
        "upto": upto,
        "start": period.start,
        "end": period.end,
        "seen_max": SEEN_MAX,
    }
    row = conn.execute(statement, named | params, prepare=False).fetchone()
    assert row is not None, "an aggregate always answers"
    found = msgspec.json.decode(row[0], type=_Found)
    return Corrections(tuple(_by_month(found.steps, period)), max(upto, position), found.seen >= SEEN_MAX)


def _by_month(steps: Iterable[_Step], period: Period) -> Iterable[Correction]:
    groups: dict[tuple[str, ...], list[_Step]] = {}
    for step in steps:
        month = f"{step.at.astimezone(period.zone):%Y-%m}"
        groups.setdefault((month, step.kind, step.from_status, step.to_status), []).append(step)
    for (month, kind, from_status, to_status), group in sorted(groups.items()):
        amounts: dict[str, Decimal] = {}
        for step in group:
            if step.currency is not None and step.amount is not None:
                amounts[step.currency] = amounts.get(step.currency, Decimal(0)) + step.amount
        ids = sorted({step.operation_id for step in group})
        named = len(ids) == len(group) <= IDS_MAX
        q = f"id:{','.join(ids)}" if named else None
        yield Correction(month, kind, from_status, to_status, len(group), dict(sorted(amounts.items())), q)


def _followed(conn: Connection[Any]) -> int:
    row = conn.execute(_queries["stays_followed"]).fetchone()
    return int(row[0]) if row else 0
