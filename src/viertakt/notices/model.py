"""What there is to tell, to whom and how: the nouns of notices."""

from datetime import datetime, time
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from viertakt.access.model import ActorId
from viertakt.operations.model import ApprovalState, Entry, Operation, OperationId

SubscriptionId = NewType("SubscriptionId", UUID)
NoticeId = NewType("NoticeId", int)

PERSON, ROLE = "person:", "role:"


class NoticeEvent(StrEnum):
    """Why an entry concerns somebody, the weightiest first: of several, the first one is told.

    Up to `decision` an entry says by itself whom it concerns; the others concern whoever subscribes.
    """

    MENTION = "mention"  # a note calls you
    APPROVAL = "approval"  # a move waits for a consent that you may give
    CORRECTION = "correction"  # what you were told of was undone
    ASSIGNED = "assigned"  # given to you or your team
    DECISION = "decision"  # what you asked for was approved or declined
    CONTRADICTION = "contradiction"  # a report that says otherwise, or a code that nobody knows
    BREACH = "breach"  # a time limit or a promise is up, or there is no sign of life
    ALERT = (
        "alert"  # something is out of the ordinary, or wrong outside: of no operation, and told by mail alone
    )
    ENTERED = "entered"  # came to one of these stages
    GAINED = "gained"  # came to be one that the query finds
    OPENED = "opened"
    MOVED = "moved"  # any move


ADDRESSED = frozenset(
    {
        NoticeEvent.MENTION,
        NoticeEvent.APPROVAL,
        NoticeEvent.CORRECTION,
        NoticeEvent.ASSIGNED,
        NoticeEvent.DECISION,
        NoticeEvent.ALERT,
    }
)


class Pace(StrEnum):
    """When a mail goes."""

    OFF = "off"
    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"


class Channels(msgspec.Struct, frozen=True):
    """How somebody is told: in the console, and by mail."""

    console: bool = True
    mail: Pace = Pace.OFF


class Subscription(msgspec.Struct, frozen=True):
    """One event of the operations that `query` finds, for `subscriber` (person:… or role:…).

    Without query and stages it is a line of the subscriber's matrix. `stages`: of `entered`, which ones. `zone`: whose days
    the query means.
    """

    id: SubscriptionId
    subscriber: str
    event: NoticeEvent
    channels: Channels
    created_by: ActorId
    created_at: datetime
    query: str = ""
    stages: tuple[str, ...] = ()
    zone: str = "UTC"

    @property
    def is_line(self) -> bool:
        """Whether it is a line of a matrix: all of an event."""
        return not self.query and not self.stages


class Line(msgspec.Struct, frozen=True):
    """An entry at its position, its operation as it is now, as it stood at the entry, and as it stood before."""

    position: int
    entry: Entry
    present: Operation
    then: Operation
    before: Operation | None


class Why(msgspec.Struct, frozen=True, omit_defaults=True):
    """By what somebody was told: `by` is `you` (the entry names them), `own` (a subscription of theirs), or role:… (of a role).

    `mailed_as`: as which other events it would have been told by mail.
    """

    by: str
    subscription: UUID | None = None
    query: str = ""
    stages: tuple[str, ...] = ()
    mailed_as: tuple[NoticeEvent, ...] = ()


class Told(msgspec.Struct, frozen=True):
    """What one person is to be told of one entry, and how."""

    actor: ActorId
    line: Line
    event: NoticeEvent
    why: Why
    channels: Channels


class Setting(msgspec.Struct, frozen=True):
    """In whose time somebody is told, when never by mail, and when the day's digest goes."""

    zone: str = "UTC"
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time = time(8)


class Mute(msgspec.Struct, frozen=True):
    """What somebody wants to hear nothing of: operation:… or kind:…; `reference`: the operation's."""

    about: str
    muted_at: datetime
    reference: str | None = None


class MatrixLine(msgspec.Struct, frozen=True):
    """How somebody hears of an event: `by` their own choice (`own`), role:…, or as everybody does (`usual`)."""

    event: NoticeEvent
    channels: Channels
    by: str


class Notice(msgspec.Struct, frozen=True):
    """One entry, as it was told to one person, with its operation as it is now. `comment`: what was written to it, while kept.

    `approval`: how the move stands that the entry asks for, or says yes or no to; None for other entries.
    """

    id: NoticeId
    actor: ActorId
    event: NoticeEvent
    why: Why
    told_at: datetime
    entry: Entry
    operation: Operation
    comment: str | None = None
    done_at: datetime | None = None
    snoozed_until: datetime | None = None
    approval: ApprovalState | None = None


class NoticeTab(StrEnum):
    """A part of the inbox."""

    UNREAD = "unread"
    ALL = "all"
    MENTIONS = "mentions"
    SNOOZED = "snoozed"


class Badge(msgspec.Struct, frozen=True):
    """How many notices are unread, and of these how many call their reader; `capped`: there are more."""

    unread: int
    mentions: int
    capped: bool = False


class Group(msgspec.Struct, frozen=True):
    """What was told of one operation, the latest first."""

    operation: Operation
    notices: tuple[Notice, ...]

    @property
    def id(self) -> OperationId:
        """Of which operation."""
        return self.operation.id
