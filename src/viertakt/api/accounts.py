"""The documents of an account: how its person signs in, where they are signed in, and what happened at the door."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api.permissions import Who

Password = Annotated[str, Meta(min_length=1, max_length=1000)]
Code = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=40,
        description="Of the authenticator (six digits), or a recovery code.",
        examples=["492039"],
    ),
]
Reason = Annotated[str, Meta(min_length=1, max_length=200, description="Why; kept in the record.")]


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who somebody is, once more: a code where they have an authenticator, else the password."""

    password: Password | None = None
    code: Code | None = None


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another password, 15 to 256 characters; `current`: the one of now, where there is one."""

    password: Password
    current: Password | None = None


class FirstCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code that the authenticator shows now."""

    code: Code


class BothProofs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What takes an authenticator out of use: a code, and the password where there is one."""

    code: Code
    password: Password | None = None


class ResetFactor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a person's authenticator is reset."""

    reason: Reason


class ResetPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a person's password is reset."""

    reason: Reason


class MadePassword(msgspec.Struct, frozen=True):
    """A password that was made up for somebody: shown this once, good for a day and for choosing their own."""

    password: str


class LinkedIdentity(msgspec.Struct, frozen=True):
    """A provider by which a person signs in."""

    issuer: str
    linked_at: datetime
    used_at: datetime


class Account(msgspec.Struct, frozen=True):
    """How a person proves who they are. `authenticator_since`: null without one."""

    email: str
    has_password: bool
    authenticator_since: datetime | None
    recovery_codes_left: int
    identities: tuple[LinkedIdentity, ...]


class Enrolment(msgspec.Struct, frozen=True):
    """An authenticator's secret, shown this once: as text, as an otpauth URI, and as a QR code (SVG).

    It is not in force until its first code is sent.
    """

    secret: str
    uri: str
    qr: str


class RecoveryCodes(msgspec.Struct, frozen=True):
    """Ten codes, shown this once; each opens once, in place of the authenticator."""

    codes: tuple[str, ...]


class AccountSession(msgspec.Struct, frozen=True):
    """Where a person is signed in. `current`: by this very session. `proved_at`: when they last proved who they are.

    `method`: password, code, recovery_code, or oidc.
    """

    id: UUID
    current: bool
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    proved_at: datetime
    method: str
    address: str | None
    client: str | None


class AccountSessionList(msgspec.Struct, frozen=True):
    """Where a person is signed in, the last seen first."""

    items: tuple[AccountSession, ...]


class SignInEvent(msgspec.Struct, frozen=True):
    """Something that happened at the door: `whose` account, and `by` whom where that is somebody else.

    `sort`: signed_in, refused, locked, stepped_up, password_changed, factor_added, factor_removed, factor_reset, password_reset,
    recovery_codes_renewed, sessions_ended, identity_linked, identity_unlinked, roles_by_provider.
    """

    id: int
    at: datetime
    sort: str
    whose: Who | None
    by: Who | None
    method: str | None
    address: str | None
    client: str | None
    detail: str | None


class SignInEventList(msgspec.Struct, frozen=True):
    """What happened at the door, the newest first."""

    items: tuple[SignInEvent, ...]


class EventsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the record. `person`: about one account only."""

    person: Annotated[str, Meta(max_length=100)] | None = None


class UnlinkQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string that names a provider, by its issuer."""

    issuer: Annotated[str, Meta(min_length=1, max_length=500)]
