"""The nouns of a demo: habits as they are written, and the steps of one operation's story."""

from datetime import datetime

import msgspec

from viertakt.access.model import Actor
from viertakt.operations.model import OpenRequest


class Customers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many there are, and how unevenly they come back: the exponent of a power law."""

    count: int
    returns: float


class Amounts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Log-normal: its median, its spread (sigma), and to what people round it."""

    median: float
    spread: float
    round: int = 0


class Outage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a provider was down, in the company's own time."""

    source: str
    days_ago: int
    at: str
    minutes: int


class Habit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind behaves: how often it comes, for whom, how much, and which ways it goes in what proportions."""

    a_day: float
    reference: str
    subject: str
    ways: dict[str, dict[str, float]]
    brands: tuple[str, ...] = ()
    amount: Amounts | None = None
    attributes: dict[str, dict[str, float]] = {}
    personal: dict[str, str] = {}


class Habits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole company."""

    customers: dict[str, Customers]
    brands: dict[str, float]
    countries: dict[str, float]
    outage: Outage
    kinds: dict[str, Habit]


class Step(msgspec.Struct, frozen=True):
    """One move of a story: when, by whom, and why; or a consent to the move before it, without which it waits."""

    at: datetime
    transition: str
    actor: Actor
    reason: str | None = None
    comment: str | None = None
    is_consent: bool = False


class Story(msgspec.Struct, frozen=True):
    """One operation from its opening, at this time, to as far as it will ever get; steps may lie in the future."""

    at: datetime
    opening: OpenRequest
    steps: tuple[Step, ...]
