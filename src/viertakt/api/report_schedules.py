"""What callers send and get about reports that come by mail, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api.replies import EXAMPLE_ID
from viertakt.api.reports import ReportName
from viertakt.api.subscriptions import ClockTime
from viertakt.api.wire import Zone
from viertakt.notices.rules_schedules import Every


class NewReportSchedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A report that is to come to the caller by mail: each day about the day before, Mondays about the week, the first about the month."""

    report: ReportName
    every: Every
    q: Annotated[str, Meta(max_length=2048, examples=["kind:withdrawal"])] = ""
    format: Literal["csv", "xlsx"] = "xlsx"
    at: ClockTime = "07:00"
    zone: Zone = "UTC"


class ReportSchedule(msgspec.Struct, frozen=True):
    """A report that comes by mail, and when it comes next."""

    id: Annotated[UUID, Meta(examples=[EXAMPLE_ID])]
    report: str
    q: str
    format: str
    every: Every
    at: str
    zone: str
    next_at: datetime
    sent_at: datetime | None


class ReportScheduleList(msgspec.Struct, frozen=True):
    """What comes to the caller by mail; `mail_works`: this installation sends any."""

    items: tuple[ReportSchedule, ...]
    mail_works: bool
