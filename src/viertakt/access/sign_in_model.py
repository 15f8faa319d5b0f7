"""The nouns of signing in."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from viertakt.access.model import Actor, ActorId


class Limits(msgspec.Struct, frozen=True):
    """How long a session lasts unused, how long at most, and how long a proof of identity counts as fresh."""

    idle_max: timedelta = timedelta(minutes=30)
    age_max: timedelta = timedelta(hours=12)
    fresh_for: timedelta = timedelta(minutes=10)


class Origin(msgspec.Struct, frozen=True):
    """Where a try comes from: the network address, and what the browser calls itself (at most 200 characters)."""

    address: str | None = None
    client: str | None = None


class Factor(msgspec.Struct, frozen=True):
    """A second factor as it is kept. `now`: the database's clock when it was read, in seconds since 1970."""

    sealed_secret: bytes
    last_step: int
    now: float


class Known(msgspec.Struct, frozen=True):
    """Somebody who may sign in, and what they are judged by; None: they have none."""

    actor: ActorId
    email: str
    password_hash: str | None
    factor: Factor | None


class Started(msgspec.Struct, frozen=True):
    """A session that has begun: its secret, shown here only, and whose it is."""

    secret: str
    actor: Actor


class Tried(msgspec.Struct, frozen=True):
    """What the brake counted under one key."""

    key_hash: bytes
    failures: int
    failed_at: datetime
    locked_until: datetime | None
    now: datetime


class Identity(msgspec.Struct, frozen=True):
    """Somebody as a provider knows them."""

    issuer: str
    subject: str
    linked_at: datetime
    used_at: datetime


class Account(msgspec.Struct, frozen=True):
    """How a person proves who they are. `confirmed_at`: since when with an authenticator."""

    has_password: bool
    confirmed_at: datetime | None
    recovery_codes_left: int
    identities: tuple[Identity, ...]


class AccountSession(msgspec.Struct, frozen=True):
    """A session as its person sees it: how it was begun, from where, and when it was last used."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    proved_at: datetime
    method: str
    address: str | None
    client: str | None


class Enrolment(msgspec.Struct, frozen=True):
    """An authenticator's secret, shown this once: as text, as otpauth URI, and as a QR code (SVG)."""

    secret: str
    uri: str
    qr: str


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened at the door. `by_actor`: who did it, where it is not the account's own person."""

    sort: str
    actor: ActorId | None
    by_actor: ActorId | None = None
    method: str | None = None
    address: str | None = None
    client: str | None = None
    detail: str | None = None


class EventLine(Event, frozen=True, kw_only=True):
    """The same as it was written: its number, when, and the names people know."""

    id: int
    at: datetime
    actor_name: str | None
    by_name: str | None
