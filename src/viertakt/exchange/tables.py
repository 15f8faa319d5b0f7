"""Tables as files: CSV for every program, XLSX with typed cells for a spreadsheet, JSONL for the next program.

    what a value is     CSV                                        XLSX                          JSONL
    text                guarded: never a formula                   a string                      as it is
    time                RFC 3339 with the zone's offset            a date in the zone            RFC 3339 as given
    number, count       1234                                       a number                      a number
    seconds             90.5 (nl: 90,5)                            a duration, [h]:mm:ss         a number
    share               0.125 (nl: 0,125)                          12.5%                         a number
    amount              12.50 (nl: 12,50), currency in the heading a number with its digits      decimal text

A value that is not what its column says stays a text: nothing is dropped, and nothing becomes a number by looking like
one. What a file was asked, and where it is exact, stands on the second sheet of an XLSX; a CSV holds its table and
nothing else, for a line above or below it would be a row to whoever reads it.
"""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import BinaryIO, Literal

import msgspec
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from viertakt.operations.currencies import CURRENCY_DIGITS

Value = str | int | float | None
Language = Literal["en", "nl"]

# What makes a spreadsheet take a text for a formula (OWASP, CSV injection), in full width too; the quote before it shows.
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - they are meant
CELL_UNITS_MAX = 32_767  # of UTF-16: more, and a spreadsheet calls the file damaged
DIGITS_MAX = 15  # a spreadsheet's numbers hold no more; an amount with more of them stays exact as text
FIRST_YEAR = 1900  # a spreadsheet knows no dates before
WIDTH_MAX = 60
SECONDS_OF_DAY = 86_400
_CUT = "…"


class FileFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"

    @property
    def media_type(self) -> str:
        """As Content-Type says it; text is UTF-8."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    FileFormat.CSV: "text/csv",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.JSONL: "application/jsonl",
}


class ValueType(StrEnum):
    """What a column holds: plain numbers, RFC 3339 times, how many, seconds, shares from 0 to 1, decimal amounts."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"
    AMOUNT = "amount"


class Heading(msgspec.Struct, frozen=True):
    """A column: `name` to programs, `label` to people. `unit`: the currency of an amount (ISO 4217)."""

    name: str
    type: ValueType
    label: str
    unit: str | None = None


class Sheet(msgspec.Struct, frozen=True):
    """A table to write. Each row has a value for each heading; `facts` say what was asked, a label and a text each.

    `beside`: tables on pages of their own in a spreadsheet, each named by its title (at most 31 characters).
    """

    title: str
    headings: tuple[Heading, ...]
    rows: Sequence[tuple[Value, ...]]
    facts: tuple[tuple[str, str], ...] = ()
    language: Language = "en"
    zone: tzinfo = UTC
    beside: tuple["Sheet", ...] = ()


def write_sheet(sheet: Sheet, format_: FileFormat) -> bytes:
    """The whole file. A report has some thousands of rows at most, so it is made in memory."""
    into = io.BytesIO()
    match format_:
        case FileFormat.CSV:
            _write_csv(sheet, into)
        case FileFormat.XLSX:
            _write_xlsx(sheet, into)
        case FileFormat.JSONL:
            _write_jsonl(sheet, into)
    return into.getvalue()


def _write_jsonl(sheet: Sheet, into: BinaryIO) -> None:
    names = [heading.name for heading in sheet.headings]
    into.writelines(msgspec.json.encode(dict(zip(names, row, strict=True))) + b"\n" for row in sheet.rows)


def _write_csv(sheet: Sheet, into: BinaryIO) -> None:
    """RFC 4180 with a byte order mark, without which a spreadsheet reads UTF-8 as something else."""
    comma = sheet.language == "nl"
    text = io.TextIOWrapper(into, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text, delimiter=";" if comma else ",", lineterminator="\r\n")
    lines.writerow([_guarded(_label(heading)) for heading in sheet.headings])
    for row in sheet.rows:
        lines.writerow(
            [
                _plain(value, heading, sheet.zone, comma=comma)
                for value, heading in zip(row, sheet.headings, strict=True)
            ]
        )
    text.flush()
    text.detach()


def _plain(value: Value, heading: Heading, zone: tzinfo, *, comma: bool) -> str:
    if value is None:
        return ""
    number = _number(value, heading.type)
    if number is not None:
        written = format(number, "f")
        return written.replace(".", ",") if comma else written
    moment = _moment(value, zone) if heading.type is ValueType.TIME else None
    return _guarded(str(value)) if moment is None else moment.isoformat(timespec="seconds")


def _guarded(text: str) -> str:
    """The text, with a quote before it where it would be run."""
    return "'" + text if text.startswith(FORMULA_BEGINS) else text


def _write_xlsx(sheet: Sheet, into: BinaryIO) -> None:
    with xlsxwriter.Workbook(into, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        _write_page(book, "Rapport" if sheet.language == "nl" else "Report", sheet, bold)
        for other in sheet.beside:
            _write_page(book, other.title, other, bold)
        about = book.add_worksheet("Toelichting" if sheet.language == "nl" else "About")
        about.set_column(0, 0, 24, bold)
        about.set_column(1, 1, 100, book.add_format({"text_wrap": True, "valign": "top"}))
        for line, (label, text) in enumerate(sheet.facts):
            about.write_string(line, 0, _fitting(label), bold)
            about.write_string(line, 1, _fitting(text))


def _write_page(book: xlsxwriter.Workbook, name: str, sheet: Sheet, bold: Format) -> None:
    """One table: its headings in sight wherever one scrolls, its columns as wide as what they show."""
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    widths = [len(_label(heading)) + 3 for heading in sheet.headings]
    for at, heading in enumerate(sheet.headings):
        page.write_string(0, at, _fitting(_label(heading)), bold)
    formats = [book.add_format({"num_format": _number_format(heading)}) for heading in sheet.headings]
    for line, row in enumerate(sheet.rows, start=1):
        for at, (value, heading) in enumerate(zip(row, sheet.headings, strict=True)):
            shown = _put(page, line, at, _typed(value, heading, sheet.zone), formats[at])
            widths[at] = max(widths[at], shown + 2)
    for at, width in enumerate(widths):
        page.set_column(at, at, min(width, WIDTH_MAX))
    if sheet.headings:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)


def _typed(value: Value, heading: Heading, zone: tzinfo) -> float | datetime | str | None:
    """What a spreadsheet gets for a value: days for seconds, local time without a zone, else a text that fits."""
    if value is None:
        return None
    number = _number(value, heading.type)
    exact = heading.type is ValueType.AMOUNT
    if number is not None and not (exact and len(number.as_tuple().digits) > DIGITS_MAX):
        return float(number) / (SECONDS_OF_DAY if heading.type is ValueType.SECONDS else 1)
    moment = _moment(value, zone) if heading.type is ValueType.TIME else None
    if moment is not None and moment.year >= FIRST_YEAR:
        return moment.replace(tzinfo=None)
    return _fitting(str(value))


def _put(page: Worksheet, line: int, at: int, typed: float | datetime | str | None, format_: Format) -> int:
    """Write one cell, and say about how many characters wide it shows."""
    match typed:
        case None:
            return 0
        case str():
            page.write_string(line, at, typed)
            return len(typed)
        case datetime():
            page.write_datetime(line, at, typed, format_)
            return len("2026-11-22 09:30")
        case _:
            page.write_number(line, at, typed, format_)
            return len(f"{typed:,.2f}")


_NUMBER_FORMATS = {
    ValueType.TEXT: "@",
    ValueType.NUMBER: "General",
    ValueType.TIME: "yyyy-mm-dd hh:mm",
    ValueType.COUNT: "#,##0",
    ValueType.SECONDS: "[h]:mm:ss",
    ValueType.SHARE: "0.0%",
    ValueType.AMOUNT: "#,##0",
}


def _number_format(heading: Heading) -> str:
    digits = CURRENCY_DIGITS.get(heading.unit or "", 2) if heading.type is ValueType.AMOUNT else 0
    return _NUMBER_FORMATS[heading.type] + ("." + "0" * digits if digits else "")


def _label(heading: Heading) -> str:
    return f"{heading.label} ({heading.unit})" if heading.unit else heading.label


def _fitting(text: str) -> str:
    """The text as far as a cell can hold it, with a mark where it was cut."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_UNITS_MAX:
        return text
    return units[: 2 * (CELL_UNITS_MAX - 1)].decode("utf-16-le", errors="ignore") + _CUT


def _number(value: Value, type_: ValueType) -> Decimal | None:
    """A number where the column holds numbers and this is one."""
    if type_ in {ValueType.TEXT, ValueType.TIME} or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _moment(value: Value, zone: tzinfo) -> datetime | None:
    """A time in the zone; None where the text is none."""
    try:
        moment = datetime.fromisoformat(str(value))
        return moment.astimezone(zone) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
