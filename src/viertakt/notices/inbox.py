"""What somebody was told, and what became of it: the inbox. Rights are those of whoever looks, now.

What was told once and may not be seen any more is not there: not in the list, and not in the badge.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.access.model import Actor
from viertakt.access.rules import may_reveal, sees
from viertakt.errors import Forbidden, Invalid
from viertakt.notices import store
from viertakt.notices.model import PERSON, Badge, Group, Notice, NoticeEvent, NoticeId, NoticeTab
from viertakt.operations.approvals import read_approvals
from viertakt.operations.model import Approval, ApprovalState
from viertakt.operations.reading import asked_seq, sees_entry
from viertakt.operations.rules_approvals import state_of

UNREAD_MAX = 500  # counted at most: whoever has more has something else to do first
WAITS = frozenset({NoticeTab.UNREAD, NoticeTab.SNOOZED})
PAGES_MAX = 10  # read over, where a whole page is out of the reader's sight by now


class Act(msgspec.Struct, frozen=True):
    """What becomes of notices: these, those of these operations, or all, of which those told up to `upto`."""

    ids: tuple[int, ...] = ()
    operations: tuple[UUID, ...] = ()
    everything: bool = False
    upto: int | None = None


class Page(msgspec.Struct, frozen=True):
    """A part of the inbox, by operation. `before`: where to go on, None at its end."""

    groups: tuple[Group, ...]
    before: int | None


def check_reader(reader: Actor) -> None:
    """Raises `Forbidden` where nobody reads: a program has no inbox."""
    if not reader.id.startswith(PERSON):
        raise Forbidden(f"{reader.name} is a program and has no inbox; a person who is signed in has one.")


def badge(conn: Connection[Any], reader: Actor) -> Badge:
    """How much is unread; the same for every tab that asks."""
    now = datetime.now(UTC)
    told = store.page(conn, reader.id, NoticeTab.UNREAD, now=now, before=None, limit=UNREAD_MAX)
    found = _as_they_stand(conn, reader, seen_by(reader, told), now=now, waits=True)
    mentions = sum(notice.event is NoticeEvent.MENTION for notice in found)
    return Badge(len(found), mentions, capped=len(told) >= UNREAD_MAX)


def read_inbox(
    conn: Connection[Any], reader: Actor, tab: NoticeTab, *, before: int | None = None, limit: int = 100
) -> Page:
    """A part of the inbox, the latest first."""
    now = datetime.now(UTC)
    for _ in range(PAGES_MAX):
        told = store.page(conn, reader.id, tab, now=now, before=before, limit=limit)
        before = told[-1].id if len(told) == limit else None
        found = _as_they_stand(conn, reader, seen_by(reader, told), now=now, waits=tab in WAITS)
        if found or before is None:
            return Page(tuple(grouped(found)), before)
    return Page((), before)


def finish(conn: Connection[Any], reader: Actor, act: Act) -> list[NoticeId]:
    """Done with; which notices that changed. Raises `Invalid`."""
    _check(act)
    return _changed(conn, reader, act, done_at=datetime.now(UTC), snoozed_until=None)


def snooze(conn: Connection[Any], reader: Actor, act: Act, *, until: datetime | None) -> list[NoticeId]:
    """Put off; which notices that changed. Raises `Invalid`."""
    _check(act)
    if until is None or until <= datetime.now(UTC):
        raise Invalid("Say until when (`until`), later than now.")
    return _changed(conn, reader, act, done_at=None, snoozed_until=until)


def reopen(conn: Connection[Any], reader: Actor, ids: Sequence[int]) -> list[NoticeId]:
    """Neither done with nor put off: undoes `finish`."""
    return _changed(conn, reader, Act(ids=tuple(ids)), done_at=None, snoozed_until=None)


def grouped(notices: Sequence[Notice]) -> list[Group]:
    """Notices by operation, in the order of the latest of each."""
    found: dict[Any, list[Notice]] = {}
    for notice in notices:
        found.setdefault(notice.operation.id, []).append(notice)
    return [Group(ones[0].operation, tuple(ones)) for ones in found.values()]


def seen_by(reader: Actor, notices: Sequence[Notice]) -> list[Notice]:
    """Those that are still for this reader's eyes; what people wrote only where the reader may reveal it."""
    return [
        notice if may_reveal(reader, notice.operation) else msgspec.structs.replace(notice, comment=None)
        for notice in notices
        if sees(reader, notice.operation) and sees_entry(reader, notice.operation, notice.entry)
    ]


def _as_they_stand(
    conn: Connection[Any], reader: Actor, notices: list[Notice], *, now: datetime, waits: bool
) -> list[Notice]:
    """Each with how the move stands that it asks for. Of what `waits`, nothing that is settled: decided, void, or consented to."""
    asked = {notice.id: seq for notice in notices if (seq := asked_seq(notice.entry)) is not None}
    if not asked:
        return notices
    operations = {notice.operation.id for notice in notices if notice.id in asked}
    approvals = {one.asked_seq: one for one in read_approvals(conn, operations, named=asked.values())}
    found = []
    for notice in notices:
        approval = approvals.get(asked.get(notice.id, 0))
        if approval is not None:
            state = state_of(approval, notice.operation, now)
            settled = state is not ApprovalState.OPEN or _has_consented(reader, approval)
            if waits and settled and notice.event is NoticeEvent.APPROVAL:
                continue
            found.append(msgspec.structs.replace(notice, approval=state))
        else:
            found.append(notice)
    return found


def _has_consented(reader: Actor, approval: Approval) -> bool:
    return any(reader.id in {one.actor, one.on_behalf_of} for one in approval.consents)


def _check(act: Act) -> None:
    if (act.everything or act.operations) and act.upto is None:
        raise Invalid("Say up to which notice (`upto`): what came meanwhile was not seen yet.")


def _changed(
    conn: Connection[Any],
    reader: Actor,
    act: Act,
    *,
    done_at: datetime | None,
    snoozed_until: datetime | None,
) -> list[NoticeId]:
    changed = store.change_notices(
        conn,
        reader.id,
        ids=act.ids,
        operations=act.operations,
        upto=act.upto,
        everything=act.everything,
        done_at=done_at,
        snoozed_until=snoozed_until,
    )
    if changed:
        store.ring(conn, [reader.id])
    return changed
