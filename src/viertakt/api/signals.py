"""What callers send and get about sources and signals, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api.permissions import WhyNot
from viertakt.api.replies import EXAMPLE_ID
from viertakt.signals.model import HmacOptions, Scheme, SignalState

SourceNameText = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_-]{0,39}\Z",
        examples=["stripe"],
        description="Of small letters, digits, _ and -; it stands in the address that the provider calls.",
    ),
]
MAPPING_LENGTH_MAX = 200_000


class SourceSecret(msgspec.Struct, frozen=True):
    """One secret that is believed; what it is, nobody sees again."""

    id: Annotated[UUID, Meta(examples=[EXAMPLE_ID])]
    added_at: datetime
    added_by: Annotated[str, Meta(examples=["person:…"])]


class Source(msgspec.Struct, frozen=True):
    """A provider that reports to us. `ready`: which of the ready mappings reads it, `mapping`: the text of the one that does."""

    name: str
    scheme: Scheme
    options: HmacOptions
    active: bool
    ready: str | None
    mapping: str
    secrets: tuple[SourceSecret, ...]
    path: Annotated[str, Meta(examples=["/v1/signals/stripe"], description="Where the provider sends to.")]
    changed_at: datetime
    changed_by: str


class SourceList(msgspec.Struct, frozen=True):
    """Every source, by name."""

    items: tuple[Source, ...]


class SetSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source as it is to be. `mapping`: its own, in YAML; left out, the ready one of its scheme. `options`: of scheme hmac."""

    scheme: Scheme
    mapping: Annotated[str, Meta(min_length=1, max_length=MAPPING_LENGTH_MAX)] | None = None
    options: HmacOptions = HmacOptions()
    active: bool = True


class AddSecret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One more secret, as the provider shows it."""

    secret: Annotated[str, Meta(min_length=1, max_length=500)]


class TryPayload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A payload as a provider sends it, and another mapping to try it with."""

    payload: Annotated[str, Meta(min_length=1, max_length=100_000)]
    mapping: Annotated[str, Meta(min_length=1, max_length=MAPPING_LENGTH_MAX)] | None = None


class SignalName(msgspec.Struct, frozen=True):
    """A name by which an operation is found."""

    scheme: Annotated[str, Meta(examples=["stripe:payout"])]
    value: str


class SignalOperation(msgspec.Struct, frozen=True):
    """The operation that a signal is about."""

    id: UUID
    kind: str
    reference: str


class Tried(msgspec.Struct, frozen=True):
    """What one report of a payload would do now. `state`: what it would come to; `transition`: the move it would make."""

    event_id: str | None
    at: datetime | None
    type: str | None
    state: SignalState
    names: tuple[SignalName, ...]
    operation: SignalOperation | None
    stage: str | None
    transition: str | None
    to: str | None
    reason: str | None
    why: WhyNot | None


class TriedList(msgspec.Struct, frozen=True):
    """The reports of a payload, in order; nothing was changed."""

    items: tuple[Tried, ...]


class Replay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of a source's signals: those in these states."""

    states: Annotated[tuple[SignalState, ...], Meta(min_length=1, max_length=8)] = (
        SignalState.PARKED,
        SignalState.UNMAPPED,
        SignalState.IGNORED,
        SignalState.CONTRADICTING,
    )


class Replayed(msgspec.Struct, frozen=True):
    """How many are read and applied once more."""

    count: int


class Kept(msgspec.Struct, frozen=True):
    """What was kept of a delivery: the ids of its reports, and how many of them are new."""

    signals: tuple[UUID, ...]
    new: int


class Signal(msgspec.Struct, frozen=True):
    """One report of a provider. `at`: the provider's time. `why`: why it is where it is, where that is not plain.

    `deliveries`: how often it was sent. `entry`: the number of the entry it made in its operation's history.
    """

    id: Annotated[UUID, Meta(examples=[EXAMPLE_ID])]
    source: str
    event_id: str
    state: SignalState
    type: str | None
    at: datetime
    received_at: datetime
    deliveries: int
    operation: SignalOperation | None
    names: tuple[SignalName, ...]
    why: WhyNot | None
    transition: str | None
    from_stage: str | None
    to_stage: str | None
    entry: int | None
    settled_at: datetime | None
    may_replay: bool


class ErasedPayload(msgspec.Struct, frozen=True):
    """That a payload is gone: since when, and by whom. `reason`: null where its time had come."""

    at: datetime
    by: str
    reason: str | None


class SignalDetail(Signal, frozen=True):
    """The same with its payload, in which everything is masked that the mapping does not read; empty once it is erased."""

    payload: str
    masked: Annotated[int, Meta(description="How many values are masked.")]
    erased: ErasedPayload | None
    revealable: Annotated[bool, Meta(description="Whether the caller may be shown all of it.")]
    may_erase: bool


class RevealedPayload(msgspec.Struct, frozen=True):
    """All of one report, for the caller alone."""

    payload: str


class ErasePayload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a payload is erased; kept with the signal, so it names nobody."""

    reason: Annotated[str, Meta(min_length=1, max_length=200, examples=["The customer asked for it"])]


class SignalList(msgspec.Struct, frozen=True):
    """A page of signals, the last received first."""

    items: tuple[Signal, ...]
    next_cursor: str | None


class SignalCount(msgspec.Struct, frozen=True):
    """How many signals stand in a state; `capped`: at least so many."""

    state: SignalState
    count: int
    capped: bool


class RefusedDeliveries(msgspec.Struct, frozen=True):
    """Deliveries that were not believed on one day, and why. They are counted and not kept."""

    source: str
    on: Annotated[str, Meta(examples=["2026-11-26"])]
    why: WhyNot
    count: int
    last_at: datetime


class SignalCounts(msgspec.Struct, frozen=True):
    """What the inbox holds, and what was refused."""

    states: tuple[SignalCount, ...]
    refused: tuple[RefusedDeliveries, ...]
    sources: tuple[str, ...]


class SignalsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the inbox."""

    source: SourceNameText | None = None
    state: SignalState | None = None
    operation: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=200)] | None = None


class SignalCountsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the counts."""

    source: SourceNameText | None = None
