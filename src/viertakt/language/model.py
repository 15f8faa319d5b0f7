"""A query as a tree: terms that must all hold. Values are typed when they are read, so a tree has no bad ones."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec


class Comparator(StrEnum):
    IS = ":"
    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="


class Price(msgspec.Struct, frozen=True, tag=True):
    """An amount with its currency; amounts in another currency do not compare."""

    value: Decimal
    currency: str


class Ago(msgspec.Struct, frozen=True, tag=True):
    """A moment relative to now: `-7d` is seven times 24 hours ago, `+2h` in two hours. As written, to print it back."""

    count: int
    unit: str  # m | h | d | w

    @property
    def offset(self) -> timedelta:
        return (
            self.count
            * {
                "m": timedelta(minutes=1),
                "h": timedelta(hours=1),
                "d": timedelta(days=1),
                "w": timedelta(weeks=1),
            }[self.unit]
        )


# `date` is a whole day in the reader's time zone; `datetime` always has an offset.
Moment = datetime | date | Ago
Plain = str | UUID | Price | Moment


class Span(msgspec.Struct, frozen=True):
    """From one value to another, both included; None is open."""

    low: Any  # Price | Moment | None: msgspec has no unions of date and datetime with structs, and never decodes these
    high: Any


class Anything(msgspec.Struct, frozen=True):
    """`*`: any value at all; absent is none."""


class Comparison(msgspec.Struct, frozen=True):
    """`field:value,value` or `field>=value`; with several values one of them has to hold. `negated`: `-` before it."""

    field: str
    comparator: Comparator
    values: tuple[Any, ...]  # Plain | Span | Anything, one of them unless the comparator is IS
    negated: bool = False


class Words(msgspec.Struct, frozen=True):
    """Free text: an operation's id, reference, subject, or a provider's identifier, exactly."""

    text: str
    negated: bool = False


Term = Comparison | Words


class Query(msgspec.Struct, frozen=True):
    """All terms hold; without terms every operation is meant."""

    terms: tuple[Term, ...] = ()
