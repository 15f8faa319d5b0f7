"""What callers send and get about notices, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api import replies
from viertakt.notices.model import NoticeEvent, NoticeTab
from viertakt.operations.model import ApprovalState

NoticeNumber = Annotated[int, Meta(ge=1, le=2**53 - 1)]


class NoticesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the inbox."""

    tab: Annotated[NoticeTab, Meta(description="`unread`, `all`, `mentions` or `snoozed`.")] = (
        NoticeTab.UNREAD
    )
    limit: Annotated[int, Meta(ge=1, le=200)] = 100
    before: Annotated[NoticeNumber, Meta(description="Only what was told before this notice.")] | None = None


class NoticeBadge(msgspec.Struct, frozen=True):
    """How many notices are unread, and of these how many call their reader. `capped`: there are more."""

    unread: int
    mentions: int
    capped: bool


class WhyTold(msgspec.Struct, frozen=True):
    """Why the reader was told. `by`: `you`, the entry itself names the reader; `own`, a subscription of theirs; or role:… whose members hear of it."""

    by: Annotated[str, Meta(examples=["own"])]
    subscription: UUID | None
    query: str
    stages: tuple[str, ...]


class Notice(msgspec.Struct, frozen=True):
    """One entry, told to one person once. `event`: of all reasons to tell it the weightiest.

    `approval`: how the move stands now that the entry asks for, or says yes or no to; null for other entries.
    """

    id: int
    event: NoticeEvent
    why: WhyTold
    told_at: datetime
    done_at: datetime | None
    snoozed_until: datetime | None
    comment: Annotated[str | None, Meta(description="What was written to it, where the caller may see it.")]
    approval: ApprovalState | None
    entry: replies.Entry


class NoticeGroup(msgspec.Struct, frozen=True):
    """What was told of one operation, the latest first; the operation is as it stands now."""

    operation: replies.OperationAtWork
    notices: tuple[Notice, ...]


class NoticeInbox(msgspec.Struct, frozen=True):
    """A part of the inbox, by operation, the latest first. `before`: where to go on."""

    items: tuple[NoticeGroup, ...]
    badge: NoticeBadge
    before: int | None


class ChangeNotices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Be done with notices, put them off, or undo that: those named, those of some operations, or all told up to `upto`."""

    act: Literal["done", "snooze", "undo"]
    ids: Annotated[tuple[NoticeNumber, ...], Meta(max_length=1000)] = ()
    operations: Annotated[tuple[UUID, ...], Meta(max_length=200)] = ()
    everything: bool = False
    upto: NoticeNumber | None = None
    until: Annotated[str, Meta(max_length=40, examples=["2026-11-27T09:00:00Z"])] | None = None


class NoticesChanged(msgspec.Struct, frozen=True):
    """Which notices have changed, to be undone by name, and the badge as it is now."""

    changed: tuple[int, ...]
    badge: NoticeBadge
