"""A report asked in words, and its answer with everything that is told beside the table: for every door alike."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec
from psycopg import Connection

from viertakt import language
from viertakt.journal.model import Cursor
from viertakt.journal.reading import head
from viertakt.language.fields import Fields
from viertakt.reports import catalogue
from viertakt.reports.drilling import fixed
from viertakt.reports.periods import Bucket, Period, period, previous
from viertakt.reports.report import Table
from viertakt.reports.store import primary_clock
from viertakt.reports.zones import zone_named

USUAL = timedelta(days=30)

Include = Literal["completed", "open"]
EVERYTHING = language.Sight()


class Question(msgspec.Struct, frozen=True):
    """What is asked: `q` in the query language, from `first` up to, not including, `after`; None for the usual.

    Days are those of `zone`; the usual period is the last thirty days up to the end of today.
    """

    q: str = ""
    first: date | datetime | None = None
    after: date | datetime | None = None
    bucket: Bucket | None = None
    zone: str = "UTC"
    include: Include = "completed"


class Answer(msgspec.Struct, frozen=True):
    """What a report found, and what it was asked. `fixed`: the query with every moment as an instant.

    `definition`: how it is computed. `position`: where in the journal it is exact.
    """

    name: str
    q: str
    fixed: str
    period: Period
    zone: str
    include: Include
    table: Table
    position: Cursor
    definition: str
    now: datetime


def answer(
    conn: Connection[Any],
    name: str,
    question: Question,
    *,
    fields: Fields,
    within: language.Sight = EVERYTHING,
) -> Answer:
    """Ask a report, in a transaction that began with `sources.one_snapshot`. Raises `NotFound`, `Invalid`, `InvalidQuery`.

    `within`: what holds for every operation that whoever asks may see.
    """
    query = language.within(language.parse(question.q, fields=fields), within)
    now = primary_clock(conn)
    return _answer(conn, name, question, query=query, span=span_of(question, now), now=now)


def answer_before(
    conn: Connection[Any], found: Answer, *, fields: Fields, within: language.Sight = EVERYTHING
) -> Answer:
    """The same of the period before, as long by the calendar, in the same transaction."""
    query = language.within(language.parse(found.q, fields=fields), within)
    question = Question(found.q, zone=found.zone, include=found.include)
    return _answer(conn, found.name, question, query=query, span=previous(found.period), now=found.now)


def _answer(
    conn: Connection[Any],
    name: str,
    question: Question,
    *,
    query: language.Query,
    span: Period,
    now: datetime,
) -> Answer:
    table = catalogue.build(conn, name, query, span, now=now, include=question.include)
    return Answer(
        name=name,
        q=language.to_text(query),
        fixed=language.to_text(fixed(query, now, span.zone)),
        period=span,
        zone=question.zone,
        include=question.include,
        table=table,
        position=Cursor(head(conn).epoch, table.position),
        definition=catalogue.definition(name),
        now=now,
    )


def span_of(question: Question, now: datetime) -> Period:
    """The period that is asked for. Raises `Invalid`."""
    zone = zone_named(question.zone)
    after = question.after or now.astimezone(zone).date() + timedelta(days=1)
    first = question.first or after - USUAL
    return period(first, after, question.bucket, zone)
