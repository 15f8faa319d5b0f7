"""Frozen reports: a month as it was closed, and what has corrected it since.

A report is computed anew each time it is asked, so last month's numbers move when a payment comes back. Frozen, the answer
is kept as it was, with its place in the journal; what happens to its operations later is a correction of the month it
happens in (`corrections`). Frozen for good: a trigger refuses every change.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NewType
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row
from uuid_utils.compat import uuid7

from viertakt import language
from viertakt.access.actions import check_name
from viertakt.access.grants import EVERYTHING, Slice, terms_of
from viertakt.access.model import Actor, ActorId
from viertakt.access.rules import scope_of, sees_slices, visible
from viertakt.db.queries import load
from viertakt.errors import Conflict, Invalid, NotFound
from viertakt.journal.model import Cursor
from viertakt.journal.reading import delay, head, place_of
from viertakt.language.fields import Fields
from viertakt.reports.answers import Answer, Include, Question, answer
from viertakt.reports.corrections import By, Corrections, corrections
from viertakt.reports.periods import Bucket, period
from viertakt.reports.report import Column, Row, Table
from viertakt.reports.sources import one_snapshot
from viertakt.reports.zones import zone_named

_queries = load(__package__, "frozen.sql")

FROZEN_MAX = 500  # in one list: a dozen reports a month for three years
# What an end that is left changes: reports of operations by their creation, or by their end. Those of moves, of stays and
# of what is open at the moment hold no ends.
COUNTED_BY: Mapping[str, By] = {
    "statuses": "created",
    "ways": "created",
    "summary": "closed",
    "flow": "closed",
    "durations": "closed",
    "reasons": "closed",
}

FrozenId = NewType("FrozenId", UUID)


class FrozenReport(msgspec.Struct, frozen=True):
    """A report as it was when somebody froze it. `asked` holds what it was asked."""

    id: FrozenId
    title: str
    name: str
    asked: "Asked"
    position: Cursor
    frozen_by: ActorId
    frozen_by_name: str
    frozen_at: datetime


class Asked(msgspec.Struct, frozen=True):
    """What a frozen report was asked: the query as it was written and with its moments as instants, and the period.

    `scope`: the parts of all operations that whoever froze it saw then.
    """

    q: str
    fixed: str
    first: datetime
    after: datetime
    bucket: Bucket
    zone: str
    include: Include
    scope: tuple[Slice, ...] = (EVERYTHING,)


class _Kept(msgspec.Struct, frozen=True):
    """An answer as it is kept."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    partial: bool
    definition: str


def freeze(
    conn: Connection[Any],
    name: str,
    question: Question,
    *,
    title: str,
    actor: Actor,
    fields: Callable[[Connection[Any]], Fields],
) -> FrozenId:
    """Ask a report of a period that is over, and keep its answer; in a transaction that has asked nothing yet.

    Raises what asking raises, `Invalid`, and `Conflict` while entries of the period are still to be followed.
    """
    title = check_name(title)
    one_snapshot(conn)
    known = fields(conn)
    found = answer(conn, name, question, fields=known, within=visible(actor))
    if found.period.end > found.now:
        raise Invalid(
            f"The period goes on until {found.period.end:%Y-%m-%dT%H:%M:%SZ}; a report is frozen when it is over."
        )
    if (waiting := _oldest_uncounted(conn, found)) is not None and waiting < found.period.end:
        raise Conflict(
            f"What was recorded at {waiting:%Y-%m-%dT%H:%M:%SZ}, in the period, is not counted yet; freeze it in a moment."
        )
    if found.table.partial:
        raise Invalid("This report was counted in part only; narrow the query until it is whole.")
    language.parse(
        found.fixed, fields=known
    )  # written out it is longer: it must be askable for as long as it is kept
    frozen_id = FrozenId(uuid7())
    conn.execute(
        _queries["add_frozen_report"],
        {
            "frozen_report_id": frozen_id,
            "report": name,
            "title": title,
            "asked": msgspec.json.encode(_asked(found, actor)).decode(),
            "epoch": found.position.epoch,
            "position": found.position.position,
            "answer": msgspec.json.encode(_kept(found)).decode(),
            "frozen_by": actor.id,
        },
    )
    return frozen_id


def list_frozen(conn: Connection[Any], reader: Actor) -> list[FrozenReport]:
    """Those that count nothing which is out of the reader's sight, the newest first."""
    found = [_frozen(row) for row in _rows(conn, "list_frozen_reports", {"limit": FROZEN_MAX})]
    return [one for one in found if sees_slices(reader, one.asked.scope)]


def read_frozen(conn: Connection[Any], frozen_id: FrozenId, *, reader: Actor) -> tuple[FrozenReport, Answer]:
    """One of them with its answer as it was. Raises `NotFound`, also where it counts what is out of the reader's sight."""
    found = _rows(conn, "read_frozen_report", {"frozen_report_id": frozen_id})
    frozen = _frozen(found[0]) if found else None
    if frozen is None or not sees_slices(reader, frozen.asked.scope):
        raise NotFound(f"There is no frozen report {str(frozen_id)!r}.")
    kept = msgspec.json.decode(found[0]["answer"], type=_Kept)
    asked = frozen.asked
    told = Answer(
        name=frozen.name,
        q=asked.q,
        fixed=asked.fixed,
        period=period(asked.first, asked.after, asked.bucket, zone_named(asked.zone)),
        zone=asked.zone,
        include=asked.include,
        table=Table(kept.columns, kept.rows, frozen.position.position, kept.partial),
        position=frozen.position,
        definition=kept.definition,
        now=frozen.frozen_at,
    )
    return frozen, told


def corrections_of(
    conn: Connection[Any], frozen: FrozenReport, *, fields: Fields, reader: Actor
) -> Corrections:
    """What has corrected a frozen report since. Raises `InvalidQuery` where a kind has lost a field it asks for."""
    end = head(conn)
    by = COUNTED_BY.get(frozen.name)
    position = place_of(conn, frozen.position, end)
    if by is None:
        return Corrections((), end.position)
    asked = frozen.asked
    counted = language.Sight(terms_of(asked.scope, reader.rights.restricted))
    query = language.within(language.parse(asked.fixed, fields=fields), counted)
    span = period(asked.first, asked.after, asked.bucket, zone_named(asked.zone))
    return corrections(conn, query, span, by=by, position=position, now=frozen.frozen_at)


def _oldest_uncounted(conn: Connection[Any], found: Answer) -> datetime | None:
    """When the oldest entry was recorded that the answer does not know, because it is being followed just now."""
    row = conn.execute(_queries["oldest_after"], {"position": found.position.position}).fetchone()
    followed: datetime | None = row[0] if row else None
    waits = delay(conn)
    unplaced = found.now - waits if waits else None
    return min((one for one in (followed, unplaced) if one is not None), default=None)


def _asked(found: Answer, actor: Actor) -> Asked:
    return Asked(
        q=found.q,
        fixed=found.fixed,
        first=found.period.start,
        after=found.period.end,
        bucket=found.period.bucket,
        zone=found.zone,
        include=found.include,
        scope=scope_of(actor),
    )


def _kept(found: Answer) -> _Kept:
    table = found.table
    return _Kept(table.columns, table.rows, table.partial, found.definition)


def _frozen(row: Mapping[str, Any]) -> FrozenReport:
    return FrozenReport(
        id=FrozenId(row["frozen_report_id"]),
        title=row["title"],
        name=row["report"],
        asked=msgspec.json.decode(row["asked"], type=Asked),
        position=Cursor(row["epoch"], row["position"]),
        frozen_by=ActorId(row["frozen_by"]),
        frozen_by_name=row["frozen_by_name"],
        frozen_at=row["frozen_at"],
    )


def _rows(conn: Connection[Any], name: str, params: Mapping[str, object]) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_queries[name], params).fetchall()
