"""Who wants to hear of what: subscriptions, and what can be muted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt import language
from viertakt.access.model import Actor
from viertakt.access.rules import check_may_manage
from viertakt.errors import Forbidden, Invalid, NotFound
from viertakt.language import Profile
from viertakt.language.fields import Fields
from viertakt.notices import store
from viertakt.notices.model import ROLE, Channels, NoticeEvent, Subscription, SubscriptionId

OWNED_MAX = 200  # of one subscriber: each is asked of every entry that it may concern


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
    """A new subscription, or another choice of channels for the same. Raises `Invalid`, `InvalidQuery`, `Forbidden`, `NotFound`."""
    owner = _owner(by, subscriber)
    if bool(stages) and event is not NoticeEvent.ENTERED:
        raise Invalid(f"Stages are for 'entered', not for '{event.value}'.")
    text = language.to_text(language.parse(query, fields=fields, profile=Profile.ROW))
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
        raise Invalid(f"There is no subscriber {owner!r}, or it has {OWNED_MAX} subscriptions already.")
    return found


def _owner(by: Actor, subscriber: str | None) -> str:
    if subscriber is None or subscriber == by.id:
        if not by.id.startswith("person:"):
            raise Forbidden(f"{by.name} has no inbox: name a person or a role.")
        return by.id
    check_may_manage(by)
    return subscriber


__all__ = ["ROLE", "UUID", "NotFound", "datetime", "subscribe"]
