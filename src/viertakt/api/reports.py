"""What callers send and get about reports, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from viertakt.api.wire import Zone

BucketName = Literal["hour", "day", "week", "month", "quarter"]
ReportName = Annotated[str, Meta(examples=["statuses"])]
Edge = Annotated[
    str,
    Meta(
        max_length=40,
        description="A day of the zone, or a moment with its offset (RFC 3339).",
        examples=["2026-11-01"],
    ),
]


Language = Annotated[
    Literal["en", "nl"],
    Meta(description="Of a file; that of whoever is signed in, else English, when left out."),
]


class FileQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of what comes as data or as a file."""

    format: Annotated[
        Literal["json", "csv", "xlsx", "jsonl"],
        Meta(description="`csv` and `xlsx` for people, in their language; `jsonl` for programs."),
    ] = "json"
    language: Language | None = None


class ReportQuery(FileQuery, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The query string of a report."""

    q: Annotated[
        str, Meta(max_length=2048, description="Which operations: `kind:withdrawal brand:casino-nl`.")
    ] = ""
    from_: Edge | None = None
    to: Edge | None = None
    bucket: (
        Annotated[BucketName, Meta(description="The steps; what suits the period when left out.")] | None
    ) = None
    zone: Zone = "UTC"
    include: Annotated[
        Literal["completed", "open"], Meta(description="Stays that are over, or those that go on (`stages`).")
    ] = "completed"
    compare: (
        Annotated[
            Literal["previous"],
            Meta(description="Adds the same of the period before, as long by the calendar."),
        ]
        | None
    ) = None


class ReportColumn(msgspec.Struct, frozen=True):
    """A column: its name, how its values are written, and the currency of amounts.

    time: RFC 3339; seconds: a number; share: 0 to 1; amount: a decimal as text.
    """

    name: Annotated[str, Meta(examples=["count"])]
    type: Literal["text", "number", "time", "count", "seconds", "share", "amount"]
    unit: Annotated[str | None, Meta(examples=["EUR"])] = None


class ReportRow(msgspec.Struct, frozen=True):
    """Values in the order of the columns; `q` finds the operations the row counts, `qs` those of one of its columns.

    Listed `as_of` the report's position, a query finds exactly as many as the number says.
    """

    values: tuple[str | int | float | None, ...]
    q: str | None
    qs: dict[str, str | None]


class ReportPeriod(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """The same report of the period before."""

    from_: datetime
    to: datetime
    rows: tuple[ReportRow, ...]
    partial: bool


class Report(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """A report as data. `partial`: it looked at operations one by one and stopped at a bound."""

    name: ReportName
    columns: tuple[ReportColumn, ...]
    rows: tuple[ReportRow, ...]
    position: Annotated[
        str, Meta(description="Where in the journal it is exact: `as_of` for its lists.", examples=["1.42"])
    ]
    zone: str
    bucket: BucketName
    buckets: Annotated[
        tuple[datetime, ...], Meta(description="When each bucket of the period begins, the empty ones too.")
    ]
    from_: datetime
    to: Annotated[datetime, Meta(description="The first moment after the period.")]
    partial: bool
    definition: Annotated[str, Meta(description="How it is computed.")]
    previous: ReportPeriod | None


class ReportNamed(msgspec.Struct, frozen=True):
    """A report there is, and how it is computed."""

    name: ReportName
    definition: str


class ReportList(msgspec.Struct, frozen=True):
    """The reports that the caller may read."""

    items: tuple[ReportNamed, ...]
