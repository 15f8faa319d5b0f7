"""What callers get about alerts, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.alerts.limits import AT_LEAST_MAX, BOUND_MAX, WINDOW_MAX, WINDOW_MIN, WORD_LENGTH_MAX
from viertakt.alerts.limits_model import AT_LEAST, WINDOW_MINUTES
from viertakt.alerts.model import Level, Measure
from viertakt.api.permissions import Who
from viertakt.api.wire import Name


class AlertQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which alerts."""

    open: Annotated[bool, Meta(description="Only those that are open.")] = False


class AlertProvider(msgspec.Struct, frozen=True):
    """Who carries operations out, as they say it."""

    attribute: Annotated[str, Meta(description="The attribute that their kind names as its `provider`.")]
    value: str


class Alert(msgspec.Struct, frozen=True):
    """Something out of the ordinary in a kind, of one brand, of one provider, or of all together. `value` and `usual`: operations in the window, for
    `errors` and `rejections` a share of those that ended, minutes for `backlog`, `stage_time` and `silence`; as of the worst look."""

    id: UUID
    measure: Measure
    direction: Literal["above", "below"]
    level: Level
    kind: str
    brand: str | None
    provider: AlertProvider | None
    value: float
    usual: float
    window_minutes: int
    score: Annotated[
        float,
        Meta(
            description="How unlikely: minus the decimal logarithm of its chance in ten minutes; 6 is once in a million times ten minutes."
        ),
    ]
    q: Annotated[str, Meta(description="The operations behind it, in the query language.")]
    opened_at: datetime
    closed_at: datetime | None
    seen_by: Annotated[Who | None, Meta(description="Who has taken note of it.")]
    seen_at: datetime | None
    incident_id: Annotated[UUID | None, Meta(description="The incident that it belongs to.")]
    limit_id: Annotated[
        UUID | None, Meta(description="The limit that is passed: `usual` is its bound, and `score` is 0.")
    ]
    stage: Annotated[str | None, Meta(description="The stage that the limit looks at, where it names one.")]


class AlertList(msgspec.Struct, frozen=True):
    """Open ones first, then the latest; at most 200."""

    items: tuple[Alert, ...]


class LimitQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which limits."""

    ended: Annotated[bool, Meta(description="Those that are in force no more, too.")] = False


class SetLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is too much: an alert opens when it is passed. `bound`: a share of those that end for `errors` and `rejections`, a number
    of operations for `created` and `ended`, minutes for `backlog`, `stage_time` and `silence`."""

    measure: Measure
    bound: Annotated[float, Meta(ge=0, le=BOUND_MAX)]
    direction: Literal["above", "below"] = "above"
    kind: Annotated[Name | None, Meta(description="Null: each kind by itself.")] = None
    brand: Annotated[Name | None, Meta(description="Null: all brands together.")] = None
    provider: Annotated[
        Annotated[str, Meta(min_length=1, max_length=WORD_LENGTH_MAX)] | None,
        Meta(
            description="Only of operations whose kind's `provider` attribute has this value; not with a brand."
        ),
    ] = None
    stage: Annotated[
        Name | None,
        Meta(
            description="Only of what stands there; `stage_time` has to name one, `backlog` and `silence` may."
        ),
    ] = None
    window_minutes: Annotated[int, Meta(ge=WINDOW_MIN, le=WINDOW_MAX)] = WINDOW_MINUTES
    at_least: Annotated[
        int,
        Meta(
            ge=1, le=AT_LEAST_MAX, description="Fewer failed or rejected are no alarm, whatever their share."
        ),
    ] = AT_LEAST


class AlertLimit(msgspec.Struct, frozen=True):
    """A limit, as it was set."""

    id: UUID
    measure: Measure
    direction: Literal["above", "below"]
    kind: str | None
    brand: str | None
    provider: AlertProvider | None
    stage: str | None
    bound: float
    window_minutes: int
    at_least: int
    set_by: Who
    set_at: datetime
    ended_by: Who | None
    ended_at: datetime | None


class AlertLimitList(msgspec.Struct, frozen=True):
    """Those in force first, then the newest; at most 200."""

    items: tuple[AlertLimit, ...]
