"""A report as a table for a file, with what people call things and what it was asked: for whoever downloads it, and by mail.

CSV and XLSX are for people and speak their language; JSONL is for programs, and keeps the names of the contract.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

from psycopg import Connection

from viertakt.access.actions import actor_by_id
from viertakt.access.rules import exportable
from viertakt.exchange.tables import FileFormat, Heading, Sheet, ValueType, write_sheet
from viertakt.kinds.actions import Kinds
from viertakt.kinds.reasons import Catalogue
from viertakt.notices.report_letters import Counted
from viertakt.notices.report_schedules import Schedule
from viertakt.reports.answers import Answer, Question, answer
from viertakt.reports.catalogue import check_may_read
from viertakt.reports.corrections import Corrections
from viertakt.reports.frozen import FrozenReport
from viertakt.reports.report import Column, ColumnType
from viertakt.reports.sources import one_snapshot
from viertakt.reports.wording import Language, Words

_CORRECTION = (
    Column("month", ColumnType.TEXT),
    Column("kind", ColumnType.TEXT),
    Column("from_status", ColumnType.TEXT),
    Column("to_status", ColumnType.TEXT),
    Column("count", ColumnType.COUNT),
)


def counted(
    conn: Connection[Any],
    wanted: Schedule,
    days: tuple[date, date],
    spoken: str,
    *,
    kinds: Kinds,
    catalogue: Catalogue,
) -> Counted:
    """The file of a report that comes by mail, as its reader may take it along now; in a transaction that asked nothing yet.

    Raises what asking raises, `Unauthenticated` and `Forbidden`.
    """
    one_snapshot(conn)
    reader = actor_by_id(conn, wanted.reader)
    check_may_read(reader, wanted.report)
    question = Question(wanted.query, *days, zone=wanted.zone)
    fields = kinds.search_fields(conn)
    found = answer(conn, wanted.report, question, fields=fields, within=exportable(reader))
    format_ = FileFormat(wanted.format)
    said = words(conn, kinds, catalogue, language_of(spoken))
    return Counted(
        title=said.title(wanted.report),
        rows=len(found.table.rows),
        position=str(found.position),
        partial=found.table.partial,
        name=file_name(found, format_),
        media_type=format_.media_type.partition(";")[0],
        content=write_sheet(sheet(found, said, format_), format_),
    )


def language_of(spoken: str) -> Language:
    """The language of files for somebody who speaks this one."""
    return next((one for one in get_args(Language) if one == spoken), "en")


def file_name(answer: Answer, format_: FileFormat) -> str:
    """`viertakt-flow-2026-11-01-2026-11-30.csv`: the report and its first and last day."""
    zone = answer.period.zone
    first = answer.period.start.astimezone(zone).date()
    last = (answer.period.end - timedelta(microseconds=1)).astimezone(zone).date()
    return f"viertakt-{answer.name}-{first}-{last}.{format_}"


def words(conn: Connection[Any], kinds: Kinds, catalogue: Catalogue, language: Language) -> Words:
    """What things are called in this language, by the kinds as they are published now."""
    named = {str(one.kind.kind): one.kind for one in kinds.all_latest(conn)}
    return Words(language, named, catalogue)


def sheet(answer: Answer, said: Words, format_: FileFormat) -> Sheet:
    """A report as a table to write."""
    table, zone = answer.table, answer.period.zone
    facts = [
        (said.fact("report"), said.title(answer.name)),
        (said.fact("filter"), answer.q or said.fact("everything")),
        (
            said.fact("period"),
            f"{_local(answer.period.start, answer)} {said.fact('until')} {_local(answer.period.end, answer)}",
        ),
        (said.fact("zone"), answer.zone),
        (said.fact("position"), str(answer.position)),
        (said.fact("computed"), answer.definition),
        *([(said.fact("partial"), said.fact("bound"))] if table.partial else []),
    ]
    raw = format_ is FileFormat.JSONL
    return Sheet(
        title=said.title(answer.name),
        headings=_headings(table.columns, said),
        rows=[row.values if raw else said.row(table.columns, row.values) for row in table.rows],
        facts=tuple(facts),
        language=said.language,
        zone=zone,
    )


def frozen_sheet(
    frozen: FrozenReport, answer: Answer, since: Corrections, said: Words, format_: FileFormat
) -> Sheet:
    """A frozen report as a table to write; a spreadsheet has its corrections on a page beside it."""
    made = sheet(answer, said, format_)
    currencies = sorted({currency for item in since.items for currency in item.amounts})
    columns = (*_CORRECTION, *(Column(f"amount_{one.lower()}", ColumnType.AMOUNT, one) for one in currencies))
    rows = [
        said.row(
            columns,
            (
                item.month,
                item.kind,
                item.from_status,
                item.to_status,
                item.count,
                *(f"{item.amounts.get(one, Decimal(0)):f}" for one in currencies),
            ),
        )
        for item in since.items
    ]
    corrections = Sheet(
        said.fact("corrections"), _headings(columns, said), rows, (), said.language, answer.period.zone
    )
    by = f"{frozen.title}: {frozen.frozen_by_name}, {_local(frozen.frozen_at, answer)}"
    return Sheet(
        made.title,
        made.headings,
        made.rows,
        (*made.facts, (said.fact("frozen"), by)),
        made.language,
        made.zone,
        (corrections,),
    )


def _headings(columns: tuple[Column, ...], said: Words) -> tuple[Heading, ...]:
    return tuple(
        Heading(column.name, ValueType(column.type.value), said.column(column), column.unit)
        for column in columns
    )


def _local(moment: datetime, answer: Answer) -> str:
    return f"{moment.astimezone(answer.period.zone):%Y-%m-%d %H:%M}"
