"""Alerts, and what they are judged by: the nouns."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, NewType
from uuid import UUID

import msgspec

AlertId = NewType("AlertId", UUID)

STEP = timedelta(minutes=5)  # what counts are kept by


class Measure(StrEnum):
    """`created` and `ended`: how many, too few as well as too many. `errors` and `rejections`: of those that ended, too many.

    By limits alone, in minutes: `backlog`, how long the oldest is under way; `stage_time`, how long the first has stood in a
    stage; `silence`, how long no provider has reported anything while something waits on one.
    """

    CREATED = "created"
    ENDED = "ended"
    ERRORS = "errors"
    REJECTIONS = "rejections"
    BACKLOG = "backlog"
    STAGE_TIME = "stage_time"
    SILENCE = "silence"


COUNTED = (Measure.CREATED, Measure.ENDED, Measure.ERRORS, Measure.REJECTIONS)
SHARES = (Measure.ERRORS, Measure.REJECTIONS)


class Level(StrEnum):
    """`critical`: so far from what is usual that it is no accident, and not small."""

    WARNING = "warning"
    CRITICAL = "critical"


class Direction(StrEnum):
    """Which way it is unusual."""

    ABOVE = "above"
    BELOW = "below"


class Provider(msgspec.Struct, frozen=True):
    """Who carries an operation out: the attribute in which operations say it (`provider` of their kind), and its value."""

    attribute: str
    value: str


def whose(brand: str | None, provider: Provider | None) -> dict[str, str | None]:
    """A brand and a provider, as the tables have them."""
    attribute, value = (None, None) if provider is None else (provider.attribute, provider.value)
    return {"brand": brand, "attribute": attribute, "provider": value}


def attributes_of(provider: Provider | None) -> dict[str, str]:
    """What operations of a provider have among their attributes."""
    return {} if provider is None else {provider.attribute: provider.value}


class Series(NamedTuple):
    """Whose counts: of a kind, and of one brand, of one provider, or of all together."""

    kind: str
    brand: str | None = None
    provider: Provider | None = None


class Counts(NamedTuple):
    """How many were created, and how many ended in each final status, in a span of time."""

    created: int = 0
    success: int = 0
    error: int = 0
    rejected: int = 0

    @property
    def ended(self) -> int:
        """All that ended."""
        return self.success + self.error + self.rejected

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class Share(NamedTuple):
    """What share of those that end is `usual`, and by how much days are `apart` (a standard deviation)."""

    usual: float
    apart: float

    @property
    def highest(self) -> float:
        """Up to where it is still usual."""
        return min(self.usual + 2.5 * self.apart, 1.0)


class Usual(NamedTuple):
    """What a series is like. `hourly`: by hour of the week (168 from Monday 00:00 UTC), how many are created and how many end.

    `spread_created`, `spread_ended`: how much more hours vary than chance alone (1: as much). `days_created`, `days_ended`: by what
    share whole days differ from what is usual (a standard deviation). `errors`, `rejections`: the
    highest share of those that end which is still usual. `hours`: how many hours of the past this is drawn from.
    """

    created: tuple[float, ...]
    ended: tuple[float, ...]
    spread_created: float
    spread_ended: float
    days_created: float
    days_ended: float
    errors: Share
    rejections: Share
    hours: int


class Finding(NamedTuple):
    """How unusual something is. `score`: minus the decimal logarithm of how likely as much or more is in ten minutes; `window`: over what time.

    `value`: what was found, a count or a share; `usual`: what would be.
    """

    measure: Measure
    direction: Direction
    score: float
    window: timedelta
    value: float
    usual: float


class Alert(msgspec.Struct, frozen=True):
    """Something out of the ordinary, of one brand, of one provider, or of all together. `value`, `usual`, `window`, `score`: as of
    the worst look.

    `closed_at`: when it was usual again; `seen_by`: who has taken note of it; `incident_id`: the incident it belongs to;
    `limit_id`: the limit it is over, which is `usual` then, and `score` is nothing; `stage`: the one that limit looks at.
    """

    id: AlertId
    measure: Measure
    direction: Direction
    level: Level
    kind: str
    brand: str | None
    value: float
    usual: float
    window_minutes: int
    score: float
    opened_at: datetime
    looked_at: datetime
    closed_at: datetime | None = None
    seen_by: str | None = None
    seen_at: datetime | None = None
    incident_id: UUID | None = None
    limit_id: UUID | None = None
    stage: str | None = None
    provider: Provider | None = None

    @property
    def series(self) -> Series:
        """Whose counts it is of."""
        return Series(self.kind, self.brand, self.provider)
