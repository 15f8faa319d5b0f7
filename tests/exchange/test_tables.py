"""Tables as files, read back by what others read them with."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from viertakt.exchange.tables import (
    CELL_UNITS_MAX,
    FileFormat,
    Heading,
    Language,
    Sheet,
    ValueType,
    write_sheet,
)

HEADINGS = (
    Heading("bucket", ValueType.TIME, "Period"),
    Heading("person", ValueType.TEXT, "Person"),
    Heading("count", ValueType.COUNT, "Count"),
    Heading("p50", ValueType.SECONDS, "Median"),
    Heading("share", ValueType.SHARE, "Share"),
    Heading("amount", ValueType.AMOUNT, "Amount", "EUR"),
)
ROW = ("2026-10-25T00:30:00Z", "Anna", 1234, 90_061.5, 0.125, "1234.50")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def sheet(*rows: tuple[Any, ...], language: Language = "en", zone: Any = UTC) -> Sheet:
    return Sheet("Any", HEADINGS, rows, (("Query", "kind:withdrawal"), ("Position", "1.42")), language, zone)


def texts(*values: str) -> Sheet:
    return Sheet("Any", (Heading("text", ValueType.TEXT, "Text"),), [(value,) for value in values])


def as_csv(table: Sheet) -> list[list[str]]:
    text = write_sheet(table, FileFormat.CSV).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if table.language == "nl" else ","))


def as_xlsx(table: Sheet) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write_sheet(table, FileFormat.XLSX)))


HOSTILE = [
    '=HYPERLINK("http://example.com","click")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "＝1+1",  # noqa: RUF001 - a formula in full width
    'He said "no"; then, left',
    "two\nlines",
    "🂡 żółć İ",
    "'quoted",
    "1e5",
    "00042",
    "_x0041_",
]


def test_a_csv_reads_as_it_is_in_english() -> None:
    """Commas between, points in numbers, and the byte order mark that makes spreadsheets read UTF-8."""
    table = sheet(ROW)
    assert write_sheet(table, FileFormat.CSV).startswith(b"\xef\xbb\xbf")
    assert write_sheet(table, FileFormat.CSV).endswith(b"\r\n")
    assert as_csv(table) == [
        ["Period", "Person", "Count", "Median", "Share", "Amount (EUR)"],
        ["2026-10-25T00:30:00+00:00", "Anna", "1234", "90061.5", "0.125", "1234.50"],
    ]


def test_a_dutch_csv_opens_in_a_dutch_spreadsheet() -> None:
    """There a comma is the decimal mark, so columns are told apart by semicolons."""
    assert as_csv(sheet(ROW, language="nl", zone=AMSTERDAM))[1] == [
        "2026-10-25T02:30:00+02:00",
        "Anna",
        "1234",
        "90061,5",
        "0,125",
        "1234,50",
    ]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_hour_that_comes_twice_is_told_apart_in_a_csv(language: Language) -> None:
    """Without its offset, the hour before and after the clock is set back would be one."""
    rows = [(at, *ROW[1:]) for at in ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    read = as_csv(sheet(*rows, language=language, zone=AMSTERDAM))
    assert [row[0] for row in read[1:]] == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]


def test_no_text_in_a_csv_is_a_formula() -> None:
    """A spreadsheet runs what begins like one: a name that a customer chose would act as the reader."""
    for written, read in zip(HOSTILE, as_csv(texts(*HOSTILE))[1:], strict=True):
        guarded = written[0] in "=+-@\t\r＝"  # noqa: RUF001 - a formula in full width
        assert read == ["'" + written if guarded else written]


def test_a_negative_number_in_a_csv_is_a_number() -> None:
    """A guard before every minus would make a difference of -1 a text, and sums wrong."""
    assert as_csv(sheet((None, "-1", -1, -0.5, None, "-12.50")))[1] == [
        "",
        "'-1",
        "-1",
        "-0.5",
        "",
        "-12.50",
    ]


def test_what_is_no_number_in_a_column_of_numbers_is_guarded_like_any_text() -> None:
    """A column's type is a promise of ours; what breaks it must not become a formula."""
    assert as_csv(sheet((None, None, "=1+1", "NaN", None, "-cmd")))[1][2:] == ["'=1+1", "NaN", "", "'-cmd"]


def test_cells_of_a_spreadsheet_have_types() -> None:
    """Numbers add up, times sort, and durations are durations: no text to numbers by hand."""
    page = as_xlsx(sheet(ROW, zone=AMSTERDAM)).worksheets[0]
    period, person, count, median, share, amount = page[2]
    assert period.value == datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 - a spreadsheet's dates have no zone
    assert (person.value, count.value, share.value, amount.value) == ("Anna", 1234, 0.125, 1234.5)
    assert median.value == timedelta(days=1, hours=1, minutes=1, seconds=1, microseconds=500_000)
    assert [cell.number_format for cell in page[2]][2:] == ["#,##0", "[h]:mm:ss", "0.0%", "#,##0.00"]


def test_a_spreadsheets_heading_is_bold_and_stays_in_sight() -> None:
    """Of a table of a thousand rows nobody remembers which column is which."""
    page = as_xlsx(sheet(ROW)).worksheets[0]
    assert [cell.value for cell in page[1]][-1] == "Amount (EUR)"
    assert all(cell.font.bold for cell in page[1])
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["A"].width > 16


def test_a_spreadsheet_says_what_it_is() -> None:
    """A file goes from hand to hand, far from the filter that made it."""
    facts = as_xlsx(sheet(ROW)).worksheets[1]
    assert list(facts.values) == [("Query", "kind:withdrawal"), ("Position", "1.42")]


@pytest.mark.parametrize(
    ("currency", "format_"), [("JPY", "#,##0"), ("KWD", "#,##0.000"), ("EUR", "#,##0.00")]
)
def test_an_amount_has_the_digits_of_its_currency(currency: str, format_: str) -> None:
    """Yen have no cents and dinars a thousand fils."""
    table = Sheet("Any", (Heading("a", ValueType.AMOUNT, "Amount", currency),), [("7",)])
    assert as_xlsx(table).worksheets[0]["A2"].number_format == format_


def test_an_amount_too_long_for_a_spreadsheets_numbers_stays_exact() -> None:
    """Its numbers keep fifteen digits and make zeros of the rest without a word."""
    page = as_xlsx(sheet((None, None, None, None, None, "1234567890123456.78"))).worksheets[0]
    assert page["F2"].value == "1234567890123456.78"


def test_a_share_with_many_digits_is_a_number() -> None:
    """A third has sixteen of them, and is no amount that must be exact."""
    assert as_xlsx(sheet((None, None, None, None, 1 / 3, None))).worksheets[0]["E2"].value == pytest.approx(
        1 / 3
    )


def test_no_text_in_a_spreadsheet_is_a_formula_a_link_or_a_number() -> None:
    """Strings are written as strings, so they come back to the letter, and none is run."""
    page = as_xlsx(texts(*HOSTILE)).worksheets[0]
    cells = [row[0] for row in page.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(HOSTILE)
    assert [unescape(cell.value) for cell in cells] == HOSTILE
    assert [cell.hyperlink for cell in cells] == [None] * len(HOSTILE)


@pytest.mark.parametrize("letter", ["x", "🂡"])
def test_a_text_too_long_for_a_cell_is_cut_where_it_shows(letter: str) -> None:
    """Longer, and the spreadsheet would say that the file is damaged; it counts an emoji as two."""
    read = as_xlsx(texts(letter * 40_000)).worksheets[0]["A2"].value
    assert read.endswith(letter + "…")
    assert CELL_UNITS_MAX - 1 <= len(read.encode("utf-16-le")) // 2 <= CELL_UNITS_MAX


def test_a_text_that_just_fits_a_cell_is_whole() -> None:
    """The bound is the last length that is kept."""
    assert as_xlsx(texts("x" * CELL_UNITS_MAX)).worksheets[0]["A2"].value == "x" * CELL_UNITS_MAX


def test_lines_of_json_keep_names_and_types() -> None:
    """Programs read names that no language changes, and amounts as exact as they are kept."""
    lines = write_sheet(sheet(ROW, (None, "=1", 0, 1, 0, "-1"), language="nl"), FileFormat.JSONL).splitlines()
    assert json.loads(lines[0]) == dict(zip([heading.name for heading in HEADINGS], ROW, strict=True))
    assert json.loads(lines[1])["person"] == "=1"


@pytest.mark.parametrize("format_", FileFormat)
def test_a_table_without_rows_is_a_file(format_: FileFormat) -> None:
    """A quiet month is an answer."""
    assert (write_sheet(sheet(), format_) == b"") is (format_ is FileFormat.JSONL)
