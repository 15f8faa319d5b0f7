"""The only place that knows deliveries and their attempts: what is to go where, who sends it now, and what came of it.

One table for every channel. Claimed by whoever sends (`claim`), settled under the attempt's number (`settle`): what a
sender says whose lease has run out no longer counts.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row
from uuid_utils.compat import uuid7

from viertakt.access.model import ActorId
from viertakt.db.queries import load
from viertakt.notices.model import Notice, NoticeEvent, NoticeId

_queries = load(__package__, "deliveries.sql")
_encode = msgspec.json.Encoder().encode
_notices = msgspec.json.Decoder(list[Notice])


class Delivery(msgspec.Struct, frozen=True):
    """Something on its way, as it was claimed. `endpoint`: where to. `attempt`: which try this is, from 1."""

    id: UUID
    channel: str
    endpoint: str
    topic: str
    number: int | None
    content: Any
    secret: str
    attempt: int
    due_at: datetime


class NewMail(msgspec.Struct, frozen=True):
    """A mail to be gathered: for whom, what in it, and when it goes."""

    endpoint: str
    topic: str
    due_at: datetime
    content: Any = None


class Result(msgspec.Struct, frozen=True):
    """What came of a try. `outcome`: `sent`, or a code. `again_at`: when to try again; None: it is over.

    `state`: done, failed or dropped, where it is over.
    """

    delivery: Delivery
    outcome: str
    state: str
    said: str | None = None
    again_at: datetime | None = None
    milliseconds: int = 0


def mails_within(conn: Connection[Any], actors: Collection[str], *, since: datetime) -> dict[str, int]:
    """How many mails of their own these people have been sent since."""
    parameters = {"actors": sorted(actors), "since": since}
    return dict(conn.execute(_queries["mails_within"], parameters).fetchall())


def gather(conn: Connection[Any], mails: Iterable[NewMail]) -> dict[tuple[str, str], UUID]:
    """The mail that waits for each person and topic, made where there is none, by (endpoint, topic)."""
    rows = [
        {
            "delivery_id": uuid7(),
            "endpoint": one.endpoint,
            "topic": one.topic,
            "secret": secrets.token_urlsafe(24),
            "due_at": one.due_at,
            "content": one.content,
        }
        for one in {(mail.endpoint, mail.topic): mail for mail in mails}.values()
    ]
    found = conn.execute(_queries["gather"], {"rows": _encode(rows).decode()}).fetchall()
    return {(endpoint, topic): id_ for id_, endpoint, topic in found}


def link_notices(conn: Connection[Any], links: Sequence[tuple[str, UUID, int, UUID]]) -> None:
    """Note which mail tells which notice: person, operation, entry, mail."""
    rows = [
        {"actor": actor, "operation_id": operation, "entry_seq": seq, "delivery_id": delivery}
        for actor, operation, seq, delivery in links
    ]
    conn.execute(_queries["link_notices"], {"rows": _encode(rows).decode()})


def claim(
    conn: Connection[Any], channel: str, *, now: datetime, lease: timedelta, limit: int
) -> list[Delivery]:
    """What is due on a channel, this caller's for as long as the lease lasts."""
    parameters = {"channel": channel, "now": now, "lease": lease, "limit": limit}
    with conn.cursor(row_factory=class_row(Delivery)) as cursor:
        return sorted(cursor.execute(_queries["claim"], parameters).fetchall(), key=lambda one: one.due_at)


def notices_of(conn: Connection[Any], deliveries: Collection[UUID]) -> dict[UUID, list[Notice]]:
    """What these mails tell, the latest first."""
    rows = conn.execute(_queries["notices_of_deliveries"], {"deliveries": list(deliveries)}).fetchall()
    return {delivery: _named(conn, ids) for delivery, ids in rows}


def settle(conn: Connection[Any], results: Sequence[Result]) -> None:
    """Write down what came of these tries."""
    states = [
        {
            "delivery_id": one.delivery.id,
            "attempt": one.delivery.attempt,
            "state": "waiting" if one.again_at is not None else one.state,
            "due_at": one.again_at,
        }
        for one in results
    ]
    attempts = [
        {
            "delivery_id": one.delivery.id,
            "attempt": one.delivery.attempt,
            "milliseconds": one.milliseconds,
            "outcome": one.outcome,
            "said": one.said,
        }
        for one in results
    ]
    conn.execute(_queries["settle"], {"rows": _encode(states).decode()})
    conn.execute(_queries["add_attempts"], {"rows": _encode(attempts).decode()})


def delivery_named(conn: Connection[Any], id_: UUID) -> Delivery | None:
    """One delivery, whatever became of it."""
    with conn.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(_queries["delivery_named"], {"id": id_}).fetchone()


def is_secret(delivery: Delivery, secret: str) -> bool:
    """Whether this is what opens a delivery."""
    return secrets.compare_digest(delivery.secret.encode(), secret.encode("utf-8", "replace"))


def forget_waiting(conn: Connection[Any], actor: ActorId, events: Collection[NoticeEvent]) -> None:
    """Take out of somebody's mails that wait what they tell of these events."""
    conn.execute(_queries["unlink_waiting"], {"actor": actor, "events": sorted(events)})
    if NoticeEvent.ALERT in events:
        conn.execute(_queries["drop_announced"], {"actor": actor})
        conn.execute(_queries["empty_digests"], {"actor": actor})


def prune(conn: Connection[Any]) -> None:
    """End mails that nobody could send for two days, and forget what was settled a month ago."""
    conn.execute(_queries["drop_stale"])
    conn.execute(_queries["prune_deliveries"])


def _named(conn: Connection[Any], ids: Sequence[NoticeId]) -> list[Notice]:
    row = conn.execute(_queries["notices_by_id"], {"ids": list(ids)}).fetchone()
    assert row is not None, "a function always answers"
    return _notices.decode(row[0])
