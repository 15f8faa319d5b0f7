"""What callers get about alerts, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.alerts.model import Level, Measure
from viertakt.api.permissions import Who


class AlertQuery(msgspec.Struct, frozen=True):
    """Which alerts."""

    open: Annotated[bool, Meta(description="Only those that are open.")] = False


class Alert(msgspec.Struct, frozen=True):
    """Something out of the ordinary in a kind, of one brand or of all (null). `value` and `usual`: operations in the window, or for
    `errors` and `rejections` a share of those that ended; as of the worst look."""

    id: UUID
    measure: Measure
    direction: Literal["above", "below"]
    level: Level
    kind: str
    brand: str | None
    value: float
    usual: float
    window_minutes: int
    score: Annotated[
        float,
        Meta(description="How unlikely by chance: minus the decimal logarithm, so 6 is one in a million."),
    ]
    q: Annotated[str, Meta(description="The operations behind it, in the query language.")]
    opened_at: datetime
    closed_at: datetime | None
    seen_by: Annotated[Who | None, Meta(description="Who has taken note of it.")]
    seen_at: datetime | None
    incident_id: Annotated[UUID | None, Meta(description="The incident that it belongs to.")]


class AlertList(msgspec.Struct, frozen=True):
    """Open ones first, then the latest; at most 200."""

    items: tuple[Alert, ...]
