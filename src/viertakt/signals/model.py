"""Sources and signals: a provider that reports to us, one report of it, and what a mapping reads in it."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from viertakt.access.model import ActorId
from viertakt.kinds.model import KindName, Outcome, ReasonCode, StageName, TransitionName
from viertakt.operations.model import Money, OperationId
from viertakt.signals.mapping import Mapping

SignalId = NewType("SignalId", UUID)
SourceName = NewType("SourceName", str)
Name = tuple[str, str]  # an alias: scheme and value


class Scheme(StrEnum):
    """How a provider signs what it sends."""

    STRIPE = "stripe"
    ADYEN = "adyen"
    SUMSUB = "sumsub"
    ONFIDO = "onfido"
    VERIFF = "veriff"
    STANDARD_WEBHOOKS = "standard_webhooks"
    HMAC = "hmac"


class Algorithm(StrEnum):
    SHA256 = "sha256"
    SHA512 = "sha512"


class Encoding(StrEnum):
    HEX = "hex"
    BASE64 = "base64"


class HmacOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The generic scheme: which header holds an HMAC over the raw body, and how it is written.

    `prefix`: what stands before the signature ("sha256="). With `timestamp_header` (unix seconds) the text that is
    signed is "timestamp.body", and one that is too old is refused.
    """

    header: str = "x-signature"
    algorithm: Algorithm = Algorithm.SHA256
    encoding: Encoding = Encoding.HEX
    prefix: str = ""
    timestamp_header: str | None = None


class SignalState(StrEnum):
    """What became of a signal.

    `received`: about to be read. `parked`: waits for its operation, or for reports that come before it. `applied`: it
    moved its operation. `known`: it told nothing new. `overtaken`: a later report was applied before it. `contradicting`:
    kept and flagged for a person. `unmapped`: its mapping cannot read it, or its code is in no catalogue. `ignored`: its
    mapping says that it does not matter.
    """

    RECEIVED = "received"
    PARKED = "parked"
    APPLIED = "applied"
    KNOWN = "known"
    OVERTAKEN = "overtaken"
    CONTRADICTING = "contradicting"
    UNMAPPED = "unmapped"
    IGNORED = "ignored"


class Secret(msgspec.Struct, frozen=True):
    """One secret of a source, without itself: it opens for verification only."""

    id: UUID
    added_at: datetime
    added_by: str


class Source(msgspec.Struct, frozen=True):
    """A provider that reports to us. `ready`: the ready mapping it uses; else `document` is its own, and `own` what was read."""

    name: SourceName
    scheme: Scheme
    options: HmacOptions
    active: bool
    changed_at: datetime
    changed_by: ActorId
    secrets: tuple[Secret, ...] = ()
    ready: str | None = None
    document: str | None = None
    own: Mapping | None = None


class Way(msgspec.Struct, frozen=True):
    """What a report says about an operation of one kind: by which names it is found, and what is to happen to it.

    `transitions`: the first that leaves its stage is taken, else the outcome, else what the catalogue reads in `code`.
    `otherwise`: the transition where the amount is another one.
    """

    kind: KindName
    names: tuple[Name, ...]
    transitions: tuple[TransitionName, ...] = ()
    outcome: Outcome | None = None
    code: str | None = None
    reason: ReasonCode | None = None
    amount: Money | None = None
    otherwise: TransitionName | None = None


class Reading(msgspec.Struct, frozen=True):
    """What a mapping reads in one payload. `ways` empty and `ignored` false: it knows nothing about such a report.

    `attempt`: which try of the customer's it belongs to, where the provider says that instead of a time.
    """

    event_id: str | None = None
    at: datetime | None = None
    attempt: str | None = None
    type: str | None = None
    ways: tuple[Way, ...] = ()
    ignored: bool = False
    trouble: str | None = None


class Signal(msgspec.Struct, frozen=True):
    """One report as it is kept. `at`: the provider's time, or when it was received where it says none.

    `item`: which of a delivery that holds several. `deliveries`: how often it was sent. `code`, `detail`: why it is where
    it is. `from_stage`, `to_stage`, `entry_seq`: the move it made. `erased_at`: when its payload was erased, `erased_why`
    by hand.
    """

    id: SignalId
    source: SourceName
    event_id: str
    state: SignalState
    at: datetime
    received_at: datetime
    item: int = 0
    type: str | None = None
    deliveries: int = 1
    rounds: int = 0
    operation_id: OperationId | None = None
    kind: KindName | None = None
    reference: str | None = None
    reading: Reading | None = None
    way: Way | None = None
    code: str | None = None
    detail: str | None = None
    transition: TransitionName | None = None
    from_stage: StageName | None = None
    to_stage: StageName | None = None
    entry_seq: int | None = None
    settled_at: datetime | None = None
    erased_at: datetime | None = None
    erased_by: ActorId | None = None
    erased_why: str | None = None

    @property
    def names(self) -> tuple[Name, ...]:
        """By which names its operation is looked for."""
        ways = self.reading.ways if self.reading else ()
        return tuple(dict.fromkeys(name for way in ways for name in way.names))


class Refused(msgspec.Struct, frozen=True):
    """Deliveries of a source that were not believed on one day: how many, for which reason, and when the last came."""

    source: SourceName
    on: str
    why: str
    count: int
    last_at: datetime
