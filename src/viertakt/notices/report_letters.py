"""The mail that brings a report: what it is about, in words, and the file beside it."""

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlencode

import msgspec

from viertakt.kinds.model import Text
from viertakt.notices.mail_text import Body, Links, Reader, letter
from viertakt.notices.mail_words import in_language
from viertakt.notices.report_schedules import Schedule

CONTENT_BYTES_MAX = 10_000_000  # mail servers take little more

SPAN = Text("{first} to {last}", "{first} t/m {last}")
WHAT = Text(
    "The report is attached: {rows} rows, exact at position {position} of the journal.",
    "Het rapport is bijgevoegd: {rows} rijen, exact op positie {position} van het journaal.",
)
FILTER = Text("Filter: {query}.", "Filter: {query}.")
PARTIAL = Text("It was counted in part only.", "Het is slechts gedeeltelijk geteld.")
TOO_LARGE = Text(
    "The report is too large for a mail; open it in the console.",
    "Het rapport is te groot voor een mail; open het in de console.",
)
FAILED = Text("The report could not be counted: {why}", "Het rapport kon niet worden geteld: {why}")
OPEN = Text("Open the report", "Open het rapport")


class Counted(msgspec.Struct, frozen=True):
    """A report as a file, with what is told of it."""

    title: str
    rows: int
    position: str
    partial: bool
    name: str
    media_type: str
    content: bytes

    @property
    def fits(self) -> bool:
        """Whether a mail may take it along."""
        return len(self.content) <= CONTENT_BYTES_MAX


# Counts a report of these days for its reader, in their language, with their rights as they are now. Raises `ViertaktError`.
Count = Callable[[Schedule, tuple[date, date], str], Counted]


def letter_of(
    wanted: Schedule, found: Counted | str, days: tuple[date, date], to: Reader, links: Links
) -> Body:
    """The mail that brings a report, or says why there is none."""
    if isinstance(found, str):
        title, said = wanted.report, [in_language(FAILED, to.language).format(why=found)]
    else:
        title = found.title
        told = WHAT if found.fits else TOO_LARGE
        said = [in_language(told, to.language).format(rows=f"{found.rows:,}", position=found.position)]
        if found.partial:
            said.append(in_language(PARTIAL, to.language))
    if wanted.query:
        said.append(in_language(FILTER, to.language).format(query=wanted.query))
    first, last = days[0], days[1] - timedelta(days=1)
    span = str(first) if first == last else in_language(SPAN, to.language).format(first=first, last=last)
    lead = (in_language(OPEN, to.language), _address(wanted, days, links.console)) if links.console else None
    return letter(f"{title}: {span}", said, lead, to, links)


def _address(wanted: Schedule, days: tuple[date, date], console: str) -> str:
    asked = {"q": wanted.query, "from": str(days[0]), "to": str(days[1])}
    return f"{console}/reports/{wanted.report}?{urlencode({k: v for k, v in asked.items() if v})}"
