"""What callers send: the bodies and query strings of every route, exactly as the contract states them.

Unknown fields are refused, types are strict ("3" is no number), and every limit stated here is the limit that is kept.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.kinds.model import Outcome
from viertakt.operations.model import Verdict

BATCH_ITEMS_MAX = 1000
LIMIT_MAX = 200

# Names from a kind's document, as kinds write them.
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.:-]+\Z")]
# What names something; `operations.rules_content` judges its characters, and the contract's `Identifier` tells them.
Identifier = Annotated[
    str, Meta(min_length=1, max_length=200, extra_json_schema={"$ref": "#/components/schemas/Identifier"})
]
Data = Annotated[
    dict[str, Any],
    Meta(
        description="Values of your own. What the kind does not declare counts as personal.",
        extra_json_schema={"additionalProperties": {"$ref": "#/components/schemas/Value"}},
    ),
]
Attributes = Annotated[
    dict[
        str,
        Annotated[str, Meta(max_length=2_000)] | Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)] | bool,
    ],
    Meta(description="As the kind declares them; a decimal as text."),
]
ExpectedVersion = Annotated[
    int, Meta(ge=1, le=2**31 - 1, description="Refused with `stale` when the operation has moved on since.")
]

Zone = Annotated[
    str,
    Meta(
        max_length=64,
        description="The reader's time zone (IANA): where a day begins.",
        examples=["Europe/Amsterdam"],
    ),
]
_DIMENSION = "(status|kind|stage|brand|currency|waiting_on|kind_version)"


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount: a decimal string, never a JSON number, with its ISO 4217 currency and no more digits than that has."""

    value: Annotated[str, Meta(pattern=r"^[0-9]{1,18}(\.[0-9]{1,8})?\Z", max_length=27, examples=["12.50"])]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z", examples=["EUR"])]


class OpenOperation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Open an operation: the kind and your own reference for it; the same ones again give the same operation."""

    kind: Annotated[Name, Meta(examples=["withdrawal"])]
    reference: Annotated[Identifier, Meta(examples=["W-1001"])]
    subject: Annotated[Identifier, Meta(examples=["player-7"])] | None = None
    brand: Annotated[Identifier, Meta(examples=["casino-nl"])] | None = None
    amount: Money | None = None
    attributes: Annotated[Attributes, Meta(examples=[{"method": "bank"}])] = {}
    parent: UUID | None = None
    aliases: Annotated[dict[str, Identifier], Meta(max_length=20, examples=[{"stripe:payout": "po_1"}])] = {}
    tags: Annotated[tuple[Identifier, ...], Meta(max_length=50)] = ()


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Make a transition of the operation's kind. `available` of the operation says which ones start where it stands."""

    transition: Annotated[Name, Meta(examples=["send"])]
    reason: Name | None = None
    comment: Annotated[str, Meta(max_length=10_000)] | None = None
    data: Data | None = None
    expected_version: ExpectedVersion | None = None
    expected_stage: Name | None = None


class MoveItem(Move, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One move of a batch."""

    operation_id: UUID


class MoveBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Up to 1,000 moves; each succeeds or is refused by itself."""

    items: Annotated[tuple[MoveItem, ...], Meta(min_length=1, max_length=BATCH_ITEMS_MAX)]


class OpenBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Up to 1,000 operations to open; each succeeds or is refused by itself."""

    items: Annotated[tuple[OpenOperation, ...], Meta(min_length=1, max_length=BATCH_ITEMS_MAX)]


class ReportOutcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The process ended. With only a provider's `code` (scheme:value) the reason catalogue decides what that means."""

    outcome: Outcome | None = None
    reason: Name | None = None
    code: (
        Annotated[str, Meta(pattern=r"^[a-z0-9_]+:.", max_length=200, examples=["iso20022:AB05"])] | None
    ) = None
    data: Data | None = None


class SayVerdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person says to a move that waits for consents. Declining needs a comment; only who asked withdraws."""

    verdict: Verdict
    comment: Annotated[str, Meta(max_length=10_000)] | None = None


class Amend(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Change the amount or some attributes; what is not named stays."""

    amount: Money | None = None
    attributes: Annotated[Attributes, Meta(examples=[{"method": "card"}])] = {}
    expected_version: ExpectedVersion | None = None


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person's e-mail address and password; `code` of their authenticator, or a recovery code, where they have one."""

    email: Annotated[str, Meta(min_length=1, max_length=320, examples=["anna@example.com"])]
    password: Annotated[str, Meta(min_length=1, max_length=1000)]
    code: Annotated[str, Meta(min_length=1, max_length=40)] | None = None


AsOf = Annotated[
    str,
    Meta(
        max_length=40,
        description="A cursor of the journal, as reports state it: what was found when entries went so far.",
        examples=["1.42"],
    ),
]


Sort = Literal["-created_at", "created_at", "-deadline_at", "deadline_at", "-closed_at", "closed_at"]


class ListQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of a list."""

    q: Annotated[str, Meta(max_length=2048, description="A query: `kind:withdrawal status:pending`.")] = ""
    sort: (
        Annotated[
            Sort,
            Meta(
                description="The field to sort by, `-` the greatest first. By deadline only with `deadline:*` in `q`, by end "
                "only with `closed:*`. Without it the newest first; where `q` asks when operations ended, the last to end; where it "
                "asks what is due, the first that was."
            ),
        ]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 50
    cursor: (
        Annotated[
            str,
            Meta(
                max_length=2048,
                description="`next_cursor` of the page before, or `prev_cursor` of the page after.",
            ),
        ]
        | None
    ) = None
    count: Annotated[Literal["capped"], Meta(description="Adds how many there are, up to a cap.")] | None = (
        None
    )
    zone: Zone = "UTC"
    as_of: AsOf | None = None
    promises: Annotated[
        bool, Meta(description="Adds of each open operation the promise that is broken, or will be first.")
    ] = False


class ApprovalsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of approvals."""

    mine: (
        Annotated[
            Literal["decide", "asked"],
            Meta(
                description="`decide`: what the caller's consent counts for now; `asked`: what the caller asked for, "
                "what is over after what waits. Left out: all that waits."
            ),
        ]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 50


class HistoryQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of a history."""

    as_of: (
        Annotated[
            str,
            Meta(
                extra_json_schema={"format": "date-time"},
                description="RFC 3339 with an offset: entries up to then, and the operation as it stood.",
            ),
        ]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = LIMIT_MAX
    cursor: Annotated[str, Meta(max_length=2048, description="`next_cursor` of the page before.")] | None = (
        None
    )


class CountsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of counts."""

    q: Annotated[str, Meta(max_length=2048)] = ""
    by: Annotated[
        str,
        Meta(
            pattern=rf"^{_DIMENSION}(,{_DIMENSION}){{0,6}}\Z",
            description="What to count by: status, kind, stage, brand, currency, waiting_on, kind_version, with commas.",
        ),
    ] = "status"
    zone: Zone = "UTC"
    as_of: AsOf | None = None


class KindQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of one kind."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1, description="The latest when left out.")] | None = None


class ParseQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of reading a query."""

    q: Annotated[str, Meta(max_length=2048)] = ""


class CompleteQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of completing a query."""

    q: Annotated[str, Meta(max_length=2048)] = ""
    at: (
        Annotated[
            int,
            Meta(ge=0, le=2048, description="Where the caret stands, in characters; the end when left out."),
        ]
        | None
    ) = None


class JournalQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the journal."""

    after: (
        Annotated[
            str,
            Meta(
                max_length=40, description="A cursor; from the first entry when left out.", examples=["1.42"]
            ),
        ]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = LIMIT_MAX


class StreamQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the stream. `q` is decided from an operation alone: no words, no history."""

    q: Annotated[str, Meta(max_length=2048, description="A query: `kind:withdrawal status:pending`.")] = ""
    after: (
        Annotated[
            str,
            Meta(
                max_length=40,
                description="A cursor to go on from, as Last-Event-ID; from now on when left out.",
                examples=["1.42"],
            ),
        ]
        | None
    ) = None
    zone: Zone = "UTC"


class NoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No query string."""
