"""Limits of one's own: the nouns."""

from datetime import datetime
from typing import NamedTuple, NewType
from uuid import UUID

import msgspec

from viertakt.access.model import ActorId
from viertakt.alerts.model import Direction, Measure, Provider

LimitId = NewType("LimitId", UUID)

WINDOW_MINUTES = 10  # where nobody says otherwise: counts are kept by five minutes
AT_LEAST = 5


class Limit(msgspec.Struct, frozen=True):
    """What somebody says is too much, or too little. `bound`: a share of those that end for errors and rejections, a number of
    operations for created and ended, minutes otherwise.

    `kind` None: of each kind by itself; neither `brand` nor `provider`: of all together; `stage`: only of what stands there, of ages
    and silence.
    `at_least`: fewer failed or rejected are no alarm.
    """

    id: LimitId
    measure: Measure
    direction: Direction
    bound: float
    window_minutes: int
    at_least: int
    set_by: ActorId
    set_at: datetime
    kind: str | None = None
    brand: str | None = None
    stage: str | None = None
    ended_by: ActorId | None = None
    ended_at: datetime | None = None
    provider: Provider | None = None


class Found(NamedTuple):
    """What a limit's measure has come to for a kind. `of`: how many failed, or were counted; 1 for ages."""

    limit: LimitId
    kind: str
    value: float
    of: int
