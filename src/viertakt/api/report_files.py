"""A report as a file that is downloaded: its answer to whoever asks (`report_sheets` makes the file)."""

from typing import Any

from psycopg import Connection

from viertakt.access.actions import person
from viertakt.api.route import Call, Reply
from viertakt.exchange.tables import FileFormat, Sheet, write_sheet
from viertakt.report_sheets import file_name, language_of, words
from viertakt.reports.answers import Answer
from viertakt.reports.wording import Language, Words

FILE_HEADERS = ("Content-Disposition", "Journal-Position")
FILE_TYPES = tuple(format_.media_type for format_ in FileFormat)


def reply(answer: Answer, sheet: Sheet, format_: FileFormat) -> Reply:
    """The file as an answer, under a name that says what it holds."""
    headers = [
        (b"content-disposition", f'attachment; filename="{file_name(answer, format_)}"'.encode("ascii")),
        (b"journal-position", str(answer.position).encode("ascii")),
    ]
    return Reply(200, write_sheet(sheet, format_), headers, format_.media_type.encode("ascii"))


def words_for(conn: Connection[Any], call: Call, asked: Language | None) -> Words:
    """Words in the language that is asked for, else in that of the person who is signed in, else in English."""
    language = asked or "en"
    if asked is None and call.secret is not None:
        language = language_of(person(conn, call.by.id).language)
    return words(conn, call.application.kinds, call.application.catalogue, language)
