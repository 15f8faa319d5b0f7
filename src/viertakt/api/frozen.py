"""What callers send and get about frozen reports, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api.permissions import Who
from viertakt.api.replies import EXAMPLE_ID
from viertakt.api.reports import BucketName, Edge, Report, ReportName
from viertakt.api.wire import Identifier, Money, Zone
from viertakt.kinds.model import Status


class FreezeReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """Keep what a report says of a period that is over, under a title."""

    title: Annotated[Identifier, Meta(examples=["November 2026"])]
    from_: Edge
    to: Edge
    q: Annotated[str, Meta(max_length=2048, examples=["kind:withdrawal"])] = ""
    bucket: BucketName | None = None
    zone: Zone = "UTC"
    include: Literal["completed", "open"] = "completed"


class FrozenReport(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """A report as it was at a position of the journal; nobody changes it."""

    id: Annotated[UUID, Meta(examples=[EXAMPLE_ID])]
    title: str
    name: ReportName
    q: Annotated[str, Meta(description="Canonical, as it was asked.")]
    from_: datetime
    to: Annotated[datetime, Meta(description="The first moment after the period.")]
    bucket: BucketName
    zone: str
    include: Literal["completed", "open"]
    position: Annotated[str, Meta(examples=["1.42"])]
    frozen_by: Who
    frozen_at: datetime


class Correction(msgspec.Struct, frozen=True):
    """Operations that had ended in the frozen report and left that end later: so many in a month, and what they were worth."""

    month: Annotated[str, Meta(description="In the report's zone.", examples=["2026-12"])]
    kind: str
    from_status: Status
    to_status: Status
    count: int
    amounts: Annotated[tuple[Money, ...], Meta(description="One for each currency.")]
    q: Annotated[str | None, Meta(description="Finds them, where they are few enough to be named.")]


class FrozenReportDetail(FrozenReport, frozen=True, kw_only=True):
    """A frozen report with its answer, and what has corrected it since, as far as the journal has been followed.

    `corrections_partial`: looking stopped at a bound, so there may be more.
    """

    answer: Report
    corrections: tuple[Correction, ...]
    corrected_to: Annotated[str, Meta(examples=["1.99"])]
    corrections_partial: bool


class FrozenReportList(msgspec.Struct, frozen=True):
    """The frozen reports that the caller may read, the newest first."""

    items: tuple[FrozenReport, ...]
