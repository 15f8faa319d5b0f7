"""The only place that knows the tables of notices: who subscribes, and what each was told."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt.access.model import ActorId
from viertakt.db.queries import load
from viertakt.kinds.model import StageName, Status, WaitingOn
from viertakt.notices.model import (
    Channels,
    Line,
    Mute,
    Notice,
    NoticeEvent,
    NoticeId,
    NoticeTab,
    Setting,
    Subscription,
    SubscriptionId,
    Told,
)
from viertakt.operations.model import Entry, Money, Operation

_queries = load(__package__)
LINES_TOO = 1_000_000  # a choice of channels is never one too many
_encode = msgspec.json.Encoder().encode
_subscriptions = msgspec.json.Decoder(list[Subscription])
_notices = msgspec.json.Decoder(list[Notice])


class Stood(msgspec.Struct, frozen=True):
    """How an operation stood at one of its versions, as far as that differs from now."""

    version: int
    stage: StageName
    status: Status
    changed_at: datetime
    entered_at: datetime
    waiting_on: WaitingOn | None = None
    closed_at: datetime | None = None
    amount: Money | None = None
    attributes: dict[str, Any] = {}


class _Row(msgspec.Struct, frozen=True):
    position: int
    entry: Entry
    operation: Operation
    then: Stood | None
    before: Stood | None


_rows = msgspec.json.Decoder(list[_Row])


class Interest(msgspec.Struct, frozen=True):
    """Which changes anybody subscribes to at all: of these kinds, to these stages, or everything. `before`: how things stood."""

    everything: bool = False
    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    before: bool = False


def rules_as_of(conn: Connection[Any]) -> tuple[int, int]:
    """How often subscriptions and kinds have changed."""
    row = conn.execute(_queries["rules_as_of"]).fetchone()
    assert row is not None, "the row is made with its table"
    return row[0], row[1]


def all_subscriptions(conn: Connection[Any]) -> list[Subscription]:
    """Every subscription, the oldest first."""
    return _subscriptions.decode(_value(conn, "all_subscriptions", {}))


def reverses(conn: Connection[Any]) -> list[str]:
    """The transitions that take another one back, of all kinds."""
    return [name for (name,) in conn.execute(_queries["reverses"])]


def read_lines(
    conn: Connection[Any], after: int, upto: int, interest: Interest, reverses: Sequence[str] = ()
) -> list[Line]:
    """The entries of these positions that may concern somebody, in order; `reverses`: what takes something back."""
    parameters = {"after": after, "upto": upto, **msgspec.structs.asdict(interest)}
    parameters |= {
        "kinds": list(interest.kinds),
        "stages": list(interest.stages),
        "reverses": list(reverses),
    }
    return [
        Line(
            row.position,
            row.entry,
            row.operation,
            stood(row.operation, row.then),
            None if row.before is None else stood(row.operation, row.before),
        )
        for row in _rows.decode(_value(conn, "read_lines", parameters))
    ]


def holders(conn: Connection[Any], roles: Collection[str]) -> dict[str, list[ActorId]]:
    """Active people by the roles they hold, of these."""
    found: dict[str, list[ActorId]] = {}
    for role, actor in conn.execute(_queries["holders"], {"roles": sorted(roles)}).fetchall():
        found.setdefault(role, []).append(actor)
    return found


def access_versions(conn: Connection[Any], actors: Collection[ActorId]) -> dict[ActorId, int]:
    """Of these people the active ones, with the version of their rights."""
    return dict(conn.execute(_queries["access_versions"], {"actors": sorted(actors)}).fetchall())


def mutes_of(conn: Connection[Any], actors: Collection[ActorId]) -> set[tuple[str, str]]:
    """What these people want to hear nothing of: operation:… or kind:…."""
    return set(conn.execute(_queries["mutes_of"], {"actors": sorted(actors)}).fetchall())


def add_notices(conn: Connection[Any], told: Sequence[Told]) -> dict[tuple[ActorId, UUID, int], NoticeId]:
    """Write what is told; which of it is new, by person, operation and entry."""
    rows = [
        {
            "actor": one.actor,
            "operation_id": one.line.entry.operation_id,
            "entry_seq": one.line.entry.seq,
            "event": one.event,
            "why": one.why,
            "console": one.channels.console,
        }
        for one in told
    ]
    found = conn.execute(_queries["add_notices"], {"rows": _encode(rows).decode()}).fetchall()
    return {(actor, operation, seq): NoticeId(id_) for id_, actor, operation, seq in found}


def told_since(conn: Connection[Any], entry: Entry, undone: Collection[str]) -> list[tuple[ActorId, bool]]:
    """Who was told of what an entry undoes, and whether by mail."""
    parameters = {
        "operation": entry.operation_id,
        "seq": entry.seq,
        "by": entry.transition,
        "undone": sorted(undone),
    }
    return conn.execute(_queries["told_since"], parameters).fetchall()


def ring(conn: Connection[Any], actors: Collection[str]) -> None:
    """Wake the consoles of these people once this is committed."""
    conn.execute(_queries["ring"], {"actors": sorted(actors)})


def page(
    conn: Connection[Any], actor: ActorId, tab: NoticeTab, *, now: datetime, before: int | None, limit: int
) -> list[Notice]:
    """A part of what a person was told, the latest first; `before`: told earlier than this notice."""
    parameters: dict[str, Any] = {"actor": actor, "before": before, "limit": limit}
    if tab in {NoticeTab.UNREAD, NoticeTab.SNOOZED}:
        parameters |= {"now": now, "snoozed": tab is NoticeTab.SNOOZED}
        return _notices.decode(_value(conn, "unread", parameters))
    parameters["event"] = NoticeEvent.MENTION.value if tab is NoticeTab.MENTIONS else None
    return _notices.decode(_value(conn, "told", parameters))


def change_notices(
    conn: Connection[Any],
    actor: ActorId,
    *,
    ids: Sequence[int] = (),
    operations: Sequence[UUID] = (),
    upto: int | None = None,
    everything: bool = False,
    done_at: datetime | None = None,
    snoozed_until: datetime | None = None,
) -> list[NoticeId]:
    """Notices of a person done with (`done_at`), put off, or neither; which have changed."""
    parameters = {
        "actor": actor,
        "ids": list(ids),
        "operations": list(operations),
        "upto": upto,
        "everything": everything,
        "done_at": done_at,
        "snoozed_until": snoozed_until,
    }
    return [row[0] for row in conn.execute(_queries["change_notices"], parameters).fetchall()]


def stood(present: Operation, then: Stood | None) -> Operation:
    """The operation as it stood then; as it is now for None."""
    if then is None:
        return present
    return msgspec.structs.replace(present, **msgspec.structs.asdict(then), deadline_at=None)


def _value(conn: Connection[Any], query: str, parameters: dict[str, Any]) -> Any:
    row = conn.execute(_queries[query], parameters).fetchone()
    assert row is not None, f"{query} always answers"
    return row[0]


def save_subscription(
    conn: Connection[Any],
    id_: SubscriptionId,
    subscriber: str,
    event: NoticeEvent,
    channels: Channels,
    *,
    query: str,
    stages: tuple[str, ...],
    zone: str,
    by: ActorId,
    limit: int,
) -> Subscription | None:
    """The subscription as it is now; None where the subscriber is nobody, or has enough of them."""
    parameters = {
        "id": id_,
        "subscriber": subscriber,
        "event": event.value,
        "query": query,
        "stages": list(stages),
        "zone": zone,
        "console": channels.console,
        "mail": channels.mail.value,
        "by": by,
        "limit": limit,
    }
    row = conn.execute(_queries["save_subscription"], parameters).fetchone()
    if row is None:
        return None
    conn.execute(_queries["tell_of_change"])
    return Subscription(row[0], subscriber, event, channels, row[1], row[2], query, stages, zone)


def save_line(conn: Connection[Any], actor: ActorId, event: NoticeEvent, channels: Channels) -> None:
    """Write somebody's own choice for an event."""
    save_subscription(
        conn,
        SubscriptionId(uuid7()),
        actor,
        event,
        channels,
        query="",
        stages=(),
        zone="UTC",
        by=actor,
        limit=LINES_TOO,
    )


def subscriptions_of(
    conn: Connection[Any],
    subscribers: Collection[str] | None,
    *,
    id_: UUID | None = None,
    event: NoticeEvent | None = None,
    limit: int = 1000,
) -> list[Subscription]:
    """Subscriptions of these subscribers, or of all with None."""
    parameters = {
        "subscribers": None if subscribers is None else sorted(subscribers),
        "id": id_,
        "event": None if event is None else event.value,
        "limit": limit,
    }
    return _subscriptions.decode(_value(conn, "subscriptions_of", parameters))


def change_subscription(conn: Connection[Any], id_: SubscriptionId, channels: Channels) -> None:
    """Write other channels."""
    parameters = {"id": id_, "console": channels.console, "mail": channels.mail.value}
    conn.execute(_queries["change_subscription"], parameters)
    conn.execute(_queries["tell_of_change"])


def end_subscription(conn: Connection[Any], id_: SubscriptionId) -> None:
    """Delete a subscription."""
    conn.execute(_queries["end_subscription"], {"id": id_})
    conn.execute(_queries["tell_of_change"])


def settings_of(conn: Connection[Any], actors: Collection[str]) -> dict[ActorId, Setting]:
    """The hours of these people; who has set none is missing."""
    rows = conn.execute(_queries["settings_of"], {"actors": sorted(actors)}).fetchall()
    return {actor: Setting(*rest) for actor, *rest in rows}


def save_setting(conn: Connection[Any], actor: ActorId, setting: Setting) -> None:
    """Write somebody's hours."""
    conn.execute(_queries["save_setting"], {"actor": actor, **msgspec.structs.asdict(setting)})


def list_mutes(conn: Connection[Any], actor: ActorId, *, limit: int = 1000) -> list[Mute]:
    """What somebody wants to hear nothing of, the latest first."""
    rows = conn.execute(_queries["list_mutes"], {"actor": actor, "limit": limit}).fetchall()
    return [Mute(*row) for row in rows]


def mute(conn: Connection[Any], actor: ActorId, about: str, *, on: bool) -> None:
    """Write that somebody wants to hear nothing of something, or something again."""
    conn.execute(_queries["mute" if on else "unmute"], {"actor": actor, "about": about})


def asked_by(conn: Connection[Any], operation: UUID, seq: int, transition: str) -> ActorId | None:
    """Who asked for a move that an entry says yes or no to."""
    parameters = {"operation": operation, "seq": seq, "transition": transition}
    row = conn.execute(_queries["asked_by"], parameters).fetchone()
    return None if row is None else ActorId(row[0])


def prune(conn: Connection[Any]) -> None:
    """Forget old notices."""
    conn.execute(_queries["prune_notices"])
