"""What callers send and get about endpoints and deliveries, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api.permissions import Who
from viertakt.api.replies import EXAMPLE_ID
from viertakt.notices.endpoint_model import DeliveryState, EndpointSort, WhyOff
from viertakt.notices.endpoint_wanted import (
    ADDRESS_LENGTH_MAX,
    NAME_LENGTH_MAX,
    QUERY_LENGTH_MAX,
    STAGE_LENGTH_MAX,
    STAGES_MAX,
)
from viertakt.operations.model import EntrySort

Address = Annotated[
    str, Meta(min_length=1, max_length=ADDRESS_LENGTH_MAX, examples=["https://example.com/viertakt"])
]
QueryText = Annotated[str, Meta(max_length=QUERY_LENGTH_MAX, examples=["kind:withdrawal amount>=1000EUR"])]
NameText = Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH_MAX, examples=["Ledger"])]
StageName = Annotated[str, Meta(min_length=1, max_length=STAGE_LENGTH_MAX)]
Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Moment = Annotated[str, Meta(max_length=40, examples=["2026-11-26T09:00:00Z"])]
Sorts = Annotated[tuple[EntrySort, ...], Meta(max_length=30)]
Stages = Annotated[tuple[StageName, ...], Meta(max_length=STAGES_MAX)]


class Endpoint(msgspec.Struct, frozen=True):
    """Where entries are told, with its owner's rights. `address`: what of it may be shown."""

    id: Annotated[UUID, Meta(examples=[EXAMPLE_ID])]
    sort: EndpointSort
    name: str
    address: str
    owner: Who
    q: str
    entries: Annotated[
        tuple[EntrySort, ...],
        Meta(description="Which sorts of entries are told; none where it hears of alerts alone."),
    ]
    stages: Annotated[
        tuple[str, ...], Meta(description="Only what came to one of these stages; all where none is named.")
    ]
    alerts: Annotated[
        bool, Meta(description="Whether it is told of every alert and incident that its owner may see.")
    ]
    active: bool
    why_off: WhyOff | None
    off_at: datetime | None
    number: Annotated[int, Meta(description="Of its last delivery: they are counted without gaps.")]
    position: Annotated[int, Meta(description="Up to where in the journal its deliveries are made.")]
    failing_since: Annotated[datetime | None, Meta(description="Since when nothing has arrived.")]
    failed_at: Annotated[datetime | None, Meta(description="When an attempt last failed.")]
    waiting: Annotated[int, Meta(description="Deliveries that wait, counted no further than 10,000.")]
    failed: Annotated[int, Meta(description="Deliveries that were given up, counted no further than 10,000.")]
    well: Annotated[int, Meta(description="Attempts of the last 24 hours that arrived, of the last 10,000.")]
    badly: Annotated[int, Meta(description="Attempts of the last 24 hours that failed, of the last 10,000.")]
    created_at: datetime
    changed_at: datetime


class EndpointMade(Endpoint, frozen=True, kw_only=True):
    """The new endpoint. `secret`: what a webhook is signed with, shown this once; a chat room has none."""

    secret: Annotated[str | None, Meta(examples=["whsec_…"])]


class EndpointList(msgspec.Struct, frozen=True):
    """The caller's endpoints by name; all of them for who manages the installation."""

    items: tuple[Endpoint, ...]


class MakeEndpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to tell what. Left out: signed webhooks, every operation, whatever changes one."""

    url: Address
    q: QueryText = ""
    sort: EndpointSort = EndpointSort.WEBHOOK
    name: NameText | None = None
    entries: Sorts = (EntrySort.OPENED, EntrySort.MOVED, EntrySort.AMENDED)
    stages: Stages = ()
    alerts: bool = False
    owner: (
        Annotated[
            str,
            Meta(
                max_length=200,
                examples=["token:…"],
                description="With whose rights it is told, where that is not the caller.",
            ),
        ]
        | None
    ) = None


class ChangeEndpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be another; what is left out stays. `active`: false tells nothing more, true goes on where it stopped."""

    url: Address | None = None
    q: QueryText | None = None
    name: NameText | None = None
    entries: Sorts | None = None
    stages: Stages | None = None
    alerts: bool | None = None
    active: bool | None = None


class RotateSecret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many hours more the old secret signs too."""

    overlap_hours: Annotated[int, Meta(ge=0, le=720)] = 24


class SecretMade(msgspec.Struct, frozen=True):
    """The new secret, shown this once."""

    secret: Annotated[str, Meta(examples=["whsec_…"])]


class TestSent(msgspec.Struct, frozen=True):
    """Which delivery carries the test."""

    number: int


class EndpointAttempt(msgspec.Struct, frozen=True):
    """One try. `status`: of the answer, none where there was none; `excerpt`: its beginning, or why there was none."""

    attempt: int
    at: datetime
    milliseconds: int
    status: int | None
    failure: str | None
    excerpt: str | None


class EndpointDelivery(msgspec.Struct, frozen=True):
    """One entry for one endpoint, an alert, an incident or a test. `due_at`: when it is tried next; none where it waits behind an earlier one, or is settled."""

    number: int
    id: Annotated[UUID, Meta(description="The `webhook-id`: the same each time it is sent.")]
    type: Annotated[str, Meta(examples=["operation.moved"])]
    state: DeliveryState
    operation_id: UUID | None
    kind: str | None
    reference: str | None
    topic: Annotated[
        str | None,
        Meta(description="`alert:ID:STEP` or `incident:ID`, of what is told beside the journal."),
    ]
    entry: Annotated[int | None, Meta(description="The number of the entry in its operation's history.")]
    position: int | None
    due_at: datetime | None
    tries: Annotated[int, Meta(description="Since it was last asked to be sent.")]
    made_at: datetime
    settled_at: datetime | None
    last: EndpointAttempt | None


class EndpointDeliveryDetail(msgspec.Struct, frozen=True):
    """A delivery and every attempt, the first one first."""

    delivery: EndpointDelivery
    attempts: tuple[EndpointAttempt, ...]


class EndpointDeliveries(msgspec.Struct, frozen=True):
    """Deliveries, the latest first. `before`: where to go on."""

    items: tuple[EndpointDelivery, ...]
    before: int | None


class EndpointDeliveriesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of deliveries."""

    state: DeliveryState | None = None
    operation: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    before: Annotated[Number, Meta(description="Only deliveries with a smaller number.")] | None = None


class ReplayEndpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to send again. Of kept deliveries: those that all of `numbers`, `states`, `since`, `until` and `q` find.

    Or, alone, `after` (a cursor of the journal) or `from` (a time): everything since, also what was never delivered.
    """

    numbers: Annotated[tuple[Number, ...], Meta(min_length=1, max_length=1_000)] | None = None
    states: Annotated[tuple[DeliveryState, ...], Meta(min_length=1, max_length=4)] | None = None
    since: Moment | None = None
    until: Moment | None = None
    q: QueryText | None = None
    after: Annotated[str, Meta(max_length=40, examples=["1.42"])] | None = None
    from_: Moment | None = msgspec.field(default=None, name="from")
    dry_run: bool = False


class EndpointReplayed(msgspec.Struct, frozen=True):
    """How many deliveries are sent again; of a replay from a place, how many entries are asked about as well."""

    deliveries: int
    entries: int
    dry_run: bool
