"""Who may do what to an operation, on the wire: the transitions that start there, and the moves that wait for consents."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.kinds.model import Status
from viertakt.operations.model import ApprovalState, Verdict


class WhyNot(msgspec.Struct, frozen=True):
    """Why the caller may not make a transition: a stable code, and a sentence."""

    code: str
    detail: str


class ApprovalNeeded(msgspec.Struct, frozen=True):
    """Consents that a transition needs, by whom, and when (a query; always where left out).

    `applies`: for this operation as it stands.
    """

    count: int
    roles: tuple[str, ...] = ()
    when: str | None = None
    applies: bool = True


class HeldUp(msgspec.Struct, frozen=True):
    """Something is wrong at the provider: programs do not send the operation, nobody is asked about it, its time limit rests."""

    since: datetime
    incident: Annotated[UUID | None, Meta(description="What is wrong, and who works on it.")]
    title: Annotated[str | None, Meta(description="The incident's.", examples=["Card provider is down"])]


class AvailableTransition(msgspec.Struct, frozen=True):
    """A transition that starts where the operation stands: allowed to the caller, or why not."""

    transition: str
    to: str
    status: Status
    allowed: bool
    why_not: WhyNot | None
    roles: tuple[str, ...]
    by: tuple[str, ...]
    reasons: tuple[str, ...]
    comment_required: bool
    approvals: tuple[ApprovalNeeded, ...]
    held: Annotated[
        HeldUp | None,
        Meta(
            description="Why a program's move would be refused with `on_hold` now, or a bulk job's; by a person's hand it goes through."
        ),
    ]


class Who(msgspec.Struct, frozen=True):
    """Who acted: person:…, token:… or system:…, and the name people know."""

    id: str
    name: str


class ConsentsNeeded(msgspec.Struct, frozen=True):
    """What one rule of the kind asks: `count` consents by people with one of these roles; `given`: those that count now."""

    count: int
    roles: tuple[str, ...]
    given: int


class ConsentsMissing(msgspec.Struct, frozen=True):
    """Consents still to be given by people with one of these roles."""

    count: int
    roles: tuple[str, ...]


class ConsentGiven(msgspec.Struct, frozen=True):
    """One person's yes; `on_behalf_of`: whose it is, where a stand-in gave it. `counts`: false where the right to it was taken away since."""

    by: Who
    at: datetime
    granted_by: Annotated[str, Meta(examples=["role payments_lead"])]
    counts: bool
    on_behalf_of: Who | None


class Approval(msgspec.Struct, frozen=True):
    """A move that waits for consents, or what became of it. `void`: the operation has changed since; ask anew."""

    approval: Annotated[int, Meta(description="Its number: the `seq` of the entry that asked.")]
    operation_id: UUID
    version: Annotated[int, Meta(description="The operation's version that was asked about.")]
    transition: Annotated[str, Meta(examples=["approve"])]
    state: ApprovalState
    asked_by: Who
    asked_at: datetime
    reason: str | None
    comment: str | None
    needed: tuple[ConsentsNeeded, ...]
    missing: tuple[ConsentsMissing, ...]
    consents: tuple[ConsentGiven, ...]
    may: Annotated[tuple[Verdict, ...], Meta(description="What the caller may say to it now.")]
    why_not: Annotated[WhyNot | None, Meta(description="Why the caller may not consent.")]
    on_behalf_of: Annotated[
        Who | None, Meta(description="In whose name the caller would consent, where not in their own.")
    ]
    settled_by: Who | None
    settled_at: datetime | None
    expires_at: Annotated[
        datetime | None, Meta(description="When it ends by itself, unless it is over before.")
    ]
