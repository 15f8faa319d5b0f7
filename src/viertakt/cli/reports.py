"""`report`: counts folded in time, as a table, as JSON, or as a file for a spreadsheet."""

from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.api.reports import ReportQuery
    from viertakt.reports.answers import Answer
    from viertakt.reports.report import Column, Value
    from viertakt.reports.wording import Words

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="Such as flow; left out, they are listed.", show_default=False)
]
Query = Annotated[str, typer.Option("--q", metavar="QUERY", help="Which operations: kind:withdrawal.")]
First = Annotated[
    str | None,
    typer.Option("--from", metavar="DAY", help="The first day [default: 30 days].", show_default=False),
]
After = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="DAY", help="The day after the last one [default: tomorrow].", show_default=False
    ),
]
Bucket = Annotated[
    Literal["hour", "day", "week", "month", "quarter"] | None,
    typer.Option("--bucket", help="The steps [default: what suits the period].", show_default=False),
]
Zone = Annotated[
    str, typer.Option("--zone", metavar="ZONE", help="Where a day begins, such as Europe/Amsterdam.")
]
Include = Annotated[
    Literal["completed", "open"],
    typer.Option("--include", help="Stays that are over, or those that go on (stages)."),
]
Language = Annotated[Literal["en", "nl"], typer.Option("--language", help="Of table, CSV and XLSX.")]
Csv = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="Write a CSV file instead.", show_default=False),
]
Xlsx = Annotated[
    Path | None,
    typer.Option("--xlsx", metavar="FILE", help="Write a spreadsheet instead.", show_default=False),
]


def add_to(app: typer.Typer) -> None:
    """This command, without a noun before it."""
    app.command()(report)


def report(
    name: Name = "",
    *,
    q: Query = "",
    first: First = None,
    after: After = None,
    bucket: Bucket = None,
    zone: Zone = "UTC",
    include: Include = "completed",
    language: Language = "en",
    csv: Csv = None,
    xlsx: Xlsx = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Show a report over a period, or write it as a file; it says at which position of the journal it is exact."""
    from viertakt.api.reports import ReportQuery

    if sum((as_json, csv is not None, xlsx is not None)) > 1:
        raise typer.BadParameter("Choose one of --json, --csv and --xlsx.")
    if not name:
        _list(as_json=as_json)
        return
    asked = ReportQuery(q=q, from_=first, to=after, bucket=bucket, zone=zone, include=include)
    found, said = _ask(name, asked, language, data)
    if csv or xlsx:
        _write(found, said, csv, xlsx)
    elif as_json:
        from viertakt.api.routes.reports import document
        from viertakt.cli.output import print_json

        print_json(document(found))
    else:
        _show(found, said)


def _list(*, as_json: bool) -> None:
    from viertakt.cli.output import print_json, print_table
    from viertakt.reports.catalogue import REPORTS, definition

    if as_json:
        print_json([{"name": name, "definition": definition(name)} for name in REPORTS])
        return
    print_table(["NAME", "HOW IT IS COMPUTED"], [(name, definition(name)) for name in REPORTS])


def _ask(name: str, asked: "ReportQuery", language: Language, data: Path | None) -> "tuple[Answer, Words]":
    from viertakt.api.routes.reports import question
    from viertakt.cli.place import asking, settings_of
    from viertakt.kinds.actions import Kinds
    from viertakt.kinds.reasons import load_catalogue
    from viertakt.report_sheets import words
    from viertakt.reports.answers import answer
    from viertakt.reports.catalogue import named
    from viertakt.reports.sources import one_snapshot

    named(name)
    kinds = Kinds()
    wanted = question(asked)

    def read(conn: Any) -> "tuple[Answer, Words]":
        one_snapshot(conn)
        found = answer(conn, name, wanted, fields=kinds.search_fields(conn))
        return found, words(conn, kinds, load_catalogue(), language)

    with asking(settings_of(data=data)) as place:
        return place.call(read)


def _write(found: "Answer", said: "Words", csv: Path | None, xlsx: Path | None) -> None:
    from viertakt.cli.output import talk
    from viertakt.exchange.tables import FileFormat, write_sheet
    from viertakt.report_sheets import sheet

    wanted: tuple[tuple[Path | None, FileFormat], ...] = ((csv, FileFormat.CSV), (xlsx, FileFormat.XLSX))
    for path, format_ in wanted:
        if path is not None:
            path.write_bytes(write_sheet(sheet(found, said, format_), format_))
            talk(f"{path}: {len(found.table.rows):,} rows, exact at {found.position}.")


def _show(found: "Answer", said: "Words") -> None:
    from viertakt.cli.output import print_table, talk

    columns, zone = found.table.columns, found.period.zone
    labels = [f"{said.column(column)} {column.unit or ''}".strip().upper() for column in columns]
    print_table(
        labels,
        [
            [
                _cell(value, column, zone)
                for value, column in zip(said.row(columns, row.values), columns, strict=True)
            ]
            for row in found.table.rows
        ],
    )
    if found.table.partial:
        talk("At least so many: reading stopped at its bound.")
    talk(f"Exact at {found.position}. {found.definition}")


def _cell(value: "Value", column: "Column", zone: tzinfo) -> object:
    if value is None:
        return None
    match column.type.value:
        case "time":
            return f"{datetime.fromisoformat(str(value)).astimezone(zone):%Y-%m-%d %H:%M}"
        case "seconds":
            return timedelta(seconds=round(float(value)))
        case "share":
            return f"{float(value):.1%}"
    return value
