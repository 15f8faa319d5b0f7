"""Endpoints, what is delivered to them, and what came of it: the nouns of telling programs and chat rooms."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

import msgspec

from viertakt.access.model import ActorId
from viertakt.operations.model import EntrySort

EndpointId = NewType("EndpointId", UUID)

# What is told where nobody says which sorts: what changes an operation.
CHANGES = (EntrySort.OPENED, EntrySort.MOVED, EntrySort.AMENDED)
TEST = "endpoint.test"


class EndpointSort(StrEnum):
    """What is at the other end, and so in which words it is told."""

    WEBHOOK = "webhook"  # Standard Webhooks 1.0, signed
    SLACK = "slack"  # an incoming webhook, Block Kit
    TEAMS = "teams"  # a workflow's address, Adaptive Card
    APPRISE = "apprise"  # a room of another service, through Apprise: an extra


class WhyOff(StrEnum):
    """Why an endpoint is told nothing."""

    BY_HAND = "by_hand"
    GONE = "gone"  # it answered 410
    FAILING = "failing"  # nothing arrived for three days
    OWNER = "owner"  # with whose rights it was told may not act any more


class Endpoint(msgspec.Struct, frozen=True):
    """Where entries are told, with its owner's rights. `shown`: what of its address may be shown.

    `alerts`: whether it is told of alerts and incidents too, of every one that its owner may see.
    `place`: the last position that it was asked about; it stands still while it is off. `number`: of its last delivery.
    """

    id: EndpointId
    sort: EndpointSort
    name: str
    shown: str
    owner: ActorId
    query: str
    entries: tuple[EntrySort, ...]
    stages: tuple[str, ...]
    alerts: bool
    state: str
    why_off: WhyOff | None
    off_at: datetime | None
    place: int
    number: int
    failures: int
    failing_since: datetime | None
    failed_at: datetime | None
    warned_at: datetime | None
    created_at: datetime
    changed_at: datetime


class Standing(msgspec.Struct, frozen=True):
    """How it goes with an endpoint: what waits, what was given up, and the attempts of the last day that went well or badly."""

    waiting: int = 0
    failed: int = 0
    well: int = 0
    badly: int = 0


class DeliveryState(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"  # given up; it can be sent again
    DROPPED = "dropped"  # its owner may not see it any more


class Attempt(msgspec.Struct, frozen=True):
    """One try. `excerpt`: of what the receiver answered, or why it did not."""

    attempt: int
    at: datetime
    milliseconds: int
    status: int | None = None
    failure: str | None = None
    excerpt: str | None = None


class Delivery(msgspec.Struct, frozen=True):
    """One entry for one endpoint, an alert or a test. `due_at`: when it is tried next; None where it waits behind an earlier one, or is settled.

    `topic`: `alert:ID:STEP` or `incident:ID`, of what is told beside the journal.
    """

    number: int
    id: UUID
    operation_id: UUID | None
    entry_seq: int | None
    position: int | None
    type: str
    state: DeliveryState
    due_at: datetime | None
    tries: int
    attempt: int
    made_at: datetime
    settled_at: datetime | None
    kind: str | None
    reference: str | None
    topic: str | None
    last: Attempt | None


class Claimed(msgspec.Struct, frozen=True):
    """A delivery in this worker's hands until its lease ends. `tries`: before this one.

    `content`: what is told beside the journal, an alert or an incident as it stood.
    """

    endpoint_id: EndpointId
    number: int
    id: UUID
    operation_id: UUID | None
    entry_seq: int | None
    position: int | None
    type: str
    tries: int
    attempt: int
    made_at: datetime
    alert_id: UUID | None = None
    content: Any = None

    @property
    def line(self) -> UUID | None:
        """Of which operation or alert it is: what comes behind it waits until it has arrived or was given up."""
        return self.operation_id or self.alert_id


class Health(msgspec.Struct, frozen=True):
    """How an endpoint fares: attempts that failed in a row, since when, and when somebody was warned of it."""

    failures: int = 0
    failing_since: datetime | None = None
    warned_at: datetime | None = None


class Again(msgspec.Struct, frozen=True):
    """Which deliveries to send again: these numbers, of these states, made in this time, of operations that a query finds."""

    numbers: tuple[int, ...] | None = None
    states: tuple[DeliveryState, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    q: str | None = None
