"""Who wants to hear of what: subscriptions, the matrix of somebody's events and channels, their hours, and what they mute."""

from typing import Any
from uuid import UUID

from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt import language
from viertakt.access.directory import assignee_named
from viertakt.access.model import Actor, ActorSort
from viertakt.access.rules import check_may_manage
from viertakt.errors import Conflict, Forbidden, Invalid, InvalidQuery, NotFound
from viertakt.language import Profile
from viertakt.language.fields import Fields
from viertakt.notices import store
from viertakt.notices.model import (
    PERSON,
    ROLE,
    Channels,
    MatrixLine,
    Mute,
    NoticeEvent,
    Setting,
    Subscription,
    SubscriptionId,
)
from viertakt.notices.rules import is_addressed, matrix_line
from viertakt.operations.reading import read_operation

OWNED_MAX = 200  # of one subscriber: each is asked of every entry that it may concern
MUTES_MAX = 1000


def subscribe(
    conn: Connection[Any],
    by: Actor,
    event: NoticeEvent,
    channels: Channels,
    *,
    fields: Fields,
    subscriber: str | None = None,
    query: str = "",
    stages: tuple[str, ...] = (),
    zone: str = "UTC",
) -> Subscription:
    """A new subscription of the caller's, or of a `subscriber` by whoever administers; all of an event is there once.

    Raises `Invalid`, `InvalidQuery`, `Forbidden`, `NotFound`, `Conflict`.
    """
    owner = _owner(by, subscriber)
    if owner != by.id:
        owner = assignee_named(conn, owner)
    text = language.to_text(language.parse(query, fields=fields, profile=Profile.ROW))
    if stages and event is not NoticeEvent.ENTERED:
        raise Invalid(f"Stages are for 'entered', not for '{event.value}'.")
    if is_addressed(event) and text:
        raise Invalid(f"'{event.value}' concerns whom the entry names; it takes no query.")
    if event in {NoticeEvent.ENTERED, NoticeEvent.GAINED} and not (text or stages):
        raise Invalid(f"'{event.value}' needs a query or stages: without them use 'moved'.")
    found = store.save_subscription(
        conn,
        SubscriptionId(uuid7()),
        owner,
        event,
        channels,
        query=text,
        stages=tuple(sorted(set(stages))),
        zone=zone,
        by=by.id,
        limit=OWNED_MAX,
    )
    if found is None:
        raise Conflict(f"{owner} has {OWNED_MAX} subscriptions already; end one first.")
    return found


def list_subscriptions(
    conn: Connection[Any], by: Actor, *, subscriber: str | None = None, event: NoticeEvent | None = None
) -> list[Subscription]:
    """The caller's subscriptions and those of their roles; of another or of all (`*`) for whoever administers."""
    if subscriber is None:
        mine = [by.id, *(ROLE + role for role in by.roles)]
        return store.subscriptions_of(conn, mine, event=event)
    _owner(by, subscriber)
    return store.subscriptions_of(conn, None if subscriber == "*" else [subscriber], event=event)


def change_subscription(conn: Connection[Any], by: Actor, id_: UUID, channels: Channels) -> Subscription:
    """Other channels for a subscription. Raises `NotFound`, `Forbidden`."""
    found = _changeable(conn, by, id_)
    store.change_subscription(conn, found.id, channels)
    return _found(conn, id_)


def end_subscription(conn: Connection[Any], by: Actor, id_: UUID) -> None:
    """End a subscription; what it told stays told. Raises `NotFound`, `Forbidden`."""
    store.end_subscription(conn, _changeable(conn, by, id_).id)


def fault_of(subscription: Subscription, fields: Fields) -> InvalidQuery | None:
    """Why a subscription finds nothing any more, or None."""
    try:
        language.parse(subscription.query, fields=fields, profile=Profile.ROW)
    except InvalidQuery as fault:
        return fault
    return None


def matrix(conn: Connection[Any], reader: Actor) -> list[MatrixLine]:
    """How somebody hears of each event of all that they may see, the weightiest first."""
    subscribers = [reader.id, *(ROLE + role for role in reader.roles)]
    lines = {
        (one.subscriber, one.event): one for one in store.subscriptions_of(conn, subscribers) if one.is_line
    }
    events = (one for one in NoticeEvent if one not in {NoticeEvent.ENTERED, NoticeEvent.GAINED})
    return [matrix_line(event, reader.id, reader.roles, lines) for event in events]


def setting_of(conn: Connection[Any], reader: Actor) -> Setting:
    """Somebody's hours; the usual ones where they have set none."""
    return store.settings_of(conn, [reader.id]).get(reader.id, Setting())


def save_setting(conn: Connection[Any], reader: Actor, setting: Setting) -> None:
    """Somebody's hours from now on. Raises `Invalid`."""
    if (setting.quiet_from is None) != (setting.quiet_until is None):
        raise Invalid("Quiet hours have a beginning and an end: give both, or neither.")
    store.save_setting(conn, reader.id, setting)


def list_mutes(conn: Connection[Any], reader: Actor) -> list[Mute]:
    """What somebody wants to hear nothing of."""
    return store.list_mutes(conn, reader.id, limit=MUTES_MAX)


def mute(conn: Connection[Any], reader: Actor, about: str, *, on: bool) -> None:
    """Hear nothing of an operation (operation:<id>) or a kind (kind:withdrawal), or of it again. Raises `Invalid`, `NotFound`."""
    sort, _, name = about.partition(":")
    if sort == "operation":
        try:
            about = f"operation:{UUID(name)}"
        except ValueError:
            raise NotFound(f"There is no operation {name[:100]!r}.") from None
        if on:
            read_operation(conn, UUID(name), reader=reader)
    elif sort != "kind" or not name:
        raise Invalid("Mute operation:<id> or kind:<name>.")
    if on and len(store.list_mutes(conn, reader.id, limit=MUTES_MAX)) >= MUTES_MAX:
        raise Conflict(f"{reader.name} mutes {MUTES_MAX} things already; let one go first.")
    store.mute(conn, reader.id, about, on=on)


def _owner(by: Actor, subscriber: str | None) -> str:
    if subscriber is None or subscriber == by.id:
        if not by.id.startswith(PERSON):
            raise Forbidden(f"{by.name} is a program and has no inbox: name a person or a role.")
        return by.id
    if by.sort is not ActorSort.SYSTEM:  # whoever sits at the machine administers it
        check_may_manage(by)
    return subscriber


def _found(conn: Connection[Any], id_: UUID) -> Subscription:
    found = store.subscriptions_of(conn, None, id_=id_)
    if not found:
        raise NotFound(f"There is no subscription {id_}.")
    return found[0]


def _changeable(conn: Connection[Any], by: Actor, id_: UUID) -> Subscription:
    found = _found(conn, id_)
    try:
        _owner(by, found.subscriber)
    except Forbidden:
        if found.subscriber.removeprefix(ROLE) in by.roles:
            raise Forbidden(
                f"What {found.subscriber} hears of is changed by whoever administers; "
                "your own choice for this event stands in its place."
            ) from None
        raise NotFound(f"There is no subscription {id_}.") from None
    return found
