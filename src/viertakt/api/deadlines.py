"""What callers get about deadlines, exactly as the contract states it."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class DeadlinePause(msgspec.Struct, frozen=True):
    """Since when no deadline fires, and why: by hand, or because the database's clock had jumped ahead so far."""

    paused_at: datetime
    cause: Literal["clock", "hand"]
    paused_by: str
    jumped_seconds: float | None = None


class DeadlineStanding(msgspec.Struct, frozen=True):
    """How firing stands. The counts are for who administers; to others they are null."""

    paused: bool
    pause: DeadlinePause | None = None
    due: Annotated[int | None, Meta(description="Due now and not fired yet; counted up to 10,000.")] = None
    refused: Annotated[int | None, Meta(description="Of these, those whose transition was refused.")] = None
    oldest_due_at: datetime | None = None


class PromiseStanding(msgspec.Struct, frozen=True):
    """A promise that runs for an operation, or ran. `at_risk`: as much of its time is used as its target warns at, four fifths where it does not say."""

    target: str
    standing: Literal["in_time", "at_risk", "late", "paused", "kept", "missed"]
    began_at: datetime
    due_at: Annotated[
        datetime | None, Meta(description="When it is late; null while its clock stands still.")
    ]
    decided_at: datetime | None


class Promises(msgspec.Struct, frozen=True):
    """What is promised about an operation, the first begun first."""

    items: tuple[PromiseStanding, ...]
