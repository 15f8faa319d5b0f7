"""The documents of people, tokens, what is revealed, and the review of access."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.access.audit_model import ChangeSort
from viertakt.access.model import ActorSort
from viertakt.api import wire
from viertakt.api.grants import Act, Grant, Reason, Scope
from viertakt.api.permissions import Who
from viertakt.api.replies import Count

LanguageName = Literal["en", "nl"]
ActorName = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=r"^(person|token|system):[^\x00-\x20]+\Z",
        examples=["person:0b5cfb1e-3f6c-4c52-9c0a-1f6d3a2c9e11"],
    ),
]
Roles = Annotated[tuple[wire.Name, ...], Meta(max_length=50, examples=[["payments"]])]


class Reveal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why somebody wants to see personal values; kept in the audit, so it names nobody."""

    reason: Annotated[str, Meta(min_length=1, max_length=200, examples=["The player asks for it"])]


class RevealedEntry(msgspec.Struct, frozen=True):
    """An entry's data with the personal values that belong to it."""

    seq: int
    data: dict[str, Any]


class Revealed(msgspec.Struct, frozen=True):
    """Personal values of one operation, for the caller alone: its attributes as they are now, and those of its history."""

    attributes: Annotated[dict[str, Any], Meta(examples=[{"iban": "NL91ABNA0417164300"}])]
    entries: tuple[RevealedEntry, ...]


# People ------------------------------------------------------------------------------------------------------------


class AddPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is to sign in. `language`: what the console speaks to them."""

    email: Annotated[str, Meta(min_length=3, max_length=254, examples=["anna@example.com"])]
    name: Annotated[wire.Identifier, Meta(examples=["Anna de Vries"])]
    roles: Roles
    language: LanguageName = "en"


class SetRoles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The roles somebody has from now on, instead of those before."""

    roles: Roles
    reason: Reason | None = None


class Deactivate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody leaves. `hand_over_to`: who gets their saved views."""

    hand_over_to: ActorName | None = None
    reason: Reason | None = None


class Person(msgspec.Struct, frozen=True):
    """Somebody who signs in, or did. `last_seen_at`: to the minute."""

    id: str
    name: str
    email: str
    language: LanguageName
    active: bool
    roles: tuple[str, ...]
    created_at: datetime
    last_seen_at: datetime | None


class PersonList(msgspec.Struct, frozen=True):
    """People, by name."""

    items: tuple[Person, ...]


class AddedPerson(msgspec.Struct, frozen=True):
    """Somebody who can sign in now; the password is shown this once."""

    person: Person
    password: str


class LostApproval(msgspec.Struct, frozen=True):
    """A move that the leaver had asked for; somebody else has to ask for it anew."""

    operation_id: UUID
    approval: int
    transition: str


class Deactivated(msgspec.Struct, frozen=True):
    """What a leaver left: how many views and operations were handed over (without an heir the operations are nobody's), how many
    tokens ended, and which moves are no longer asked for.
    """

    person: Person
    views: int
    assignments: int
    tokens: int
    approvals: tuple[LostApproval, ...]


# Tokens ------------------------------------------------------------------------------------------------------------


class OwnGrant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A grant of a token alone; words as in AddGrant."""

    may: Annotated[tuple[Act, ...], Meta(min_length=1, max_length=200)]
    kinds: Annotated[tuple[wire.Name, ...], Meta(max_length=100)] = ()
    where: Scope = ""
    amount_max: Annotated[tuple[wire.Money, ...], Meta(max_length=20)] = ()


class IssueToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name by which people recognise the program, and what it may: the role it acts in, grants of its own, or both."""

    name: Annotated[wire.Identifier, Meta(examples=["payout service"])]
    role: Annotated[wire.Name, Meta(examples=["integration"])] | None = None
    grants: Annotated[tuple[OwnGrant, ...], Meta(max_length=50)] = ()
    expires_at: Annotated[str, Meta(extra_json_schema={"format": "date-time"})] | None = None


class Token(msgspec.Struct, frozen=True):
    """A token: never its secret, only a hint to recognise it by. `last_used_at`: to the minute."""

    id: str
    name: str
    roles: tuple[str, ...]
    grants: tuple[Grant, ...]
    hint: str
    created_at: datetime
    issued_by: Who | None
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class TokenList(msgspec.Struct, frozen=True):
    """Every token, newest first."""

    items: tuple[Token, ...]


# The audit and the review --------------------------------------------------------------------------------------------


class AccessChange(msgspec.Struct, frozen=True):
    """One line of the audit: who changed what of whose access, or was shown what of which operation, when and why."""

    id: int
    at: datetime
    by: Who
    sort: ChangeSort
    about: Who | None
    grant: int | None
    role: str | None
    operation_id: UUID | None
    reason: str | None
    detail: Annotated[
        dict[str, Any] | None, Meta(description="Roles before and after, fields revealed, what was counted.")
    ]


class AccessChangeList(msgspec.Struct, frozen=True):
    """The audit, the newest first; without `next_cursor` there is no more."""

    items: tuple[AccessChange, ...]
    next_cursor: str | None


class ChangesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the audit."""

    sort: Annotated[ChangeSort, Meta(description="Only lines of this sort.")] | None = None
    by: ActorName | None = None
    about: ActorName | None = None
    operation: UUID | None = None
    cursor: Annotated[str, Meta(pattern=r"^[0-9]{1,18}\Z", description="`next_cursor` of before.")] | None = (
        None
    )
    limit: Annotated[int, Meta(ge=1, le=wire.LIMIT_MAX)] = wire.LIMIT_MAX


class ReviewQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the review."""

    format: Annotated[
        Literal["json", "csv"], Meta(description="`csv`: a line for each grant of each person and token.")
    ] = "json"


class ReviewedActor(msgspec.Struct, frozen=True):
    """Somebody who may act: by which grants, and when they last did. `last_used_at`: to the minute."""

    id: str
    name: str
    sort: ActorSort
    email: str | None
    roles: tuple[str, ...]
    grants: Annotated[tuple[int, ...], Meta(description="The numbers of grants, of roles and of their own.")]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class SignedReview(msgspec.Struct, frozen=True):
    """That somebody has looked at who may what, and found it right."""

    by: Who
    at: datetime
    comment: str | None
    digest: str


class AccessReview(msgspec.Struct, frozen=True):
    """Who may what. `digest` stands for exactly this; whoever signs names it. `signed`: the last time."""

    items: tuple[ReviewedActor, ...]
    grants: tuple[Grant, ...]
    digest: str
    signed: SignedReview | None


class SignReview(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The digest of the review that was looked at."""

    digest: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    comment: Reason | None = None


class RoleMove(msgspec.Struct, frozen=True):
    """A transition that a role makes by hand, and by which grants; each may limit where and up to which amount."""

    kind: str
    transition: str
    grants: tuple[int, ...]


class RoleView(msgspec.Struct, frozen=True):
    """What a role sees and may do. `sees`: how many operations, by kind and status."""

    role: str
    label: dict[str, str]
    grants: tuple[Grant, ...]
    sees: tuple[Count, ...]
    moves: tuple[RoleMove, ...]
