"""What callers send and get about what they want to hear of, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from viertakt.api.replies import EXAMPLE_ID
from viertakt.api.wire import Name, Zone
from viertakt.notices.model import NoticeEvent, Pace

ClockTime = Annotated[
    str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z", max_length=5, examples=["22:00"])
]
Subscriber = Annotated[str, Meta(min_length=1, max_length=100, examples=["role:payments_lead"])]
Muted = Annotated[str, Meta(min_length=1, max_length=140, examples=["kind:deposit"])]


class SubscriptionsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the list. Without `subscriber` the caller's own and their roles'."""

    subscriber: (
        Annotated[
            Subscriber, Meta(description="person:… or role:…, or `*` for all; for whoever administers.")
        ]
        | None
    ) = None
    event: NoticeEvent | None = None


class NewSubscription(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event, of the operations that a query finds. `stages`: of `entered`, which ones. `zone`: whose days the query means."""

    event: NoticeEvent
    query: Annotated[str, Meta(max_length=2048, examples=["kind:withdrawal amount>=1000EUR"])] = ""
    stages: Annotated[tuple[Name, ...], Meta(max_length=50)] = ()
    console: bool = True
    mail: Pace = Pace.OFF
    zone: Zone = "UTC"
    subscriber: Subscriber | None = None


class ChangeSubscription(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other channels."""

    console: bool
    mail: Pace


class SubscriptionFault(msgspec.Struct, frozen=True):
    """Why a subscription finds nothing any more."""

    detail: str


class Subscription(msgspec.Struct, frozen=True):
    """One event of the operations that a query finds, for a person or a role."""

    id: Annotated[UUID, Meta(examples=[EXAMPLE_ID])]
    subscriber: str
    event: NoticeEvent
    query: str
    stages: tuple[str, ...]
    console: bool
    mail: Pace
    zone: str
    created_at: datetime
    may_change: bool
    fault: SubscriptionFault | None


class SubscriptionList(msgspec.Struct, frozen=True):
    """Subscriptions by subscriber and event."""

    items: tuple[Subscription, ...]


class MatrixLine(msgspec.Struct, frozen=True):
    """How the caller hears of an event. `by`: `own` choice, a role's (role:…), or as everybody does (`usual`)."""

    event: NoticeEvent
    console: bool
    mail: Pace
    by: str


class ChangeLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The caller's own choice for an event."""

    event: NoticeEvent
    console: bool
    mail: Pace


class NoticeSettings(msgspec.Struct, frozen=True):
    """How, and when, the caller is told. `mail_to`: where mails go; `mail_works`: this installation sends any."""

    lines: tuple[MatrixLine, ...]
    zone: str
    quiet_from: str | None
    quiet_until: str | None
    digest_at: str
    mail_to: str | None
    mail_works: bool


class ChangeNoticeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The caller's hours, and choices for these events; what is not named stays as it is. Without quiet hours: both null."""

    zone: Zone | UnsetType = UNSET
    digest_at: ClockTime | UnsetType = UNSET
    quiet_from: ClockTime | UnsetType | None = UNSET
    quiet_until: ClockTime | UnsetType | None = UNSET
    lines: Annotated[tuple[ChangeLine, ...], Meta(max_length=20)] = ()


class Mute(msgspec.Struct, frozen=True):
    """What the caller wants to hear nothing of: operation:<id> or kind:<name>."""

    about: Muted
    muted_at: datetime
    reference: str | None


class MuteList(msgspec.Struct, frozen=True):
    """Everything that the caller mutes, the latest first."""

    items: tuple[Mute, ...]


class ChangeMute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hear nothing of something, or of it again."""

    about: Muted
    muted: bool = True
