"""A query as a tree. Values are typed when they are read, so a tree has no bad ones.

A tree has one form for one meaning, which is what prints back: a negation stands at the term it negates and never
twice, a group in parentheses has at least two members, and no member is the same kind of group, not negated.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from viertakt.language.fields import Sort


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
        return self.count * _UNITS[self.unit]


class Length(msgspec.Struct, frozen=True, tag=True):
    """A length of time, of an age: `2d` is 48 hours. As written, to print it back."""

    count: int
    unit: str  # s | m | h | d | w

    @property
    def span(self) -> timedelta:
        return self.count * _UNITS[self.unit]


_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


class Path(msgspec.Struct, frozen=True, tag=True):
    """`a>b>c`: stages of which each was followed by the next, with none between."""

    stages: tuple[str, ...]


class Variable(msgspec.Struct, frozen=True, tag=True):
    """`$subject`: a value of the operation on whose behalf a query over others is asked. Only checks have any."""

    name: str


# `date` is a whole day in the reader's time zone; `datetime` always has an offset.
Moment = datetime | date | Ago
Plain = str | UUID | Price | Decimal | Moment | Length | Path | Variable


class Span(msgspec.Struct, frozen=True):
    """From one value to another, both included; None is open."""

    low: Any  # Price | Decimal | Moment | None: msgspec has no unions of date and datetime with structs
    high: Any


class Anything(msgspec.Struct, frozen=True):
    """`*`: any value at all; absent is none."""


class Hint(msgspec.Struct, frozen=True):
    """What holds wherever a comparison does, by the kinds: a stage belongs to one status, an attribute to some kinds.

    It changes nothing that is found, but indexes know statuses and kinds. Empty: nothing is known.
    """

    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()


class Comparison(msgspec.Struct, frozen=True):
    """`field:value,value` or `field>=value`; with several values one of them has to hold. `negated`: `-` before it.

    `sort`: of an attribute whose type the reader knew; it is kept here, so that no query is compiled under other types.
    """

    field: str
    comparator: Comparator
    values: tuple[Any, ...]  # Plain | Span | Anything, one of them unless the comparator is IS
    negated: bool = False
    sort: Sort | None = None
    hint: Hint | None = None


class Words(msgspec.Struct, frozen=True):
    """Free text: an operation's id or a provider's identifier, exactly; or words of its own, all of them."""

    text: str
    negated: bool = False


class AllOf(msgspec.Struct, frozen=True):
    """Terms that must all hold, inside an OR or under a negation."""

    terms: tuple["Term", ...]
    negated: bool = False


class AnyOf(msgspec.Struct, frozen=True):
    """Terms of which one must hold."""

    terms: tuple["Term", ...]
    negated: bool = False


Term = Comparison | Words | AllOf | AnyOf


class Reader(msgspec.Struct, frozen=True):
    """Whom `me` and `my_teams` mean, as assignments name them: the person first, then the teams. Nobody: none."""

    names: tuple[str, ...] = ()


class Sight(msgspec.Struct, frozen=True):
    """What whoever asks may see: operations for which these terms hold. Past stays in `hidden` stages are not told."""

    terms: tuple[Term, ...] = ()
    hidden: frozenset[str] = frozenset()
    reader: Reader | None = None


class Query(msgspec.Struct, frozen=True):
    """All terms hold; without terms every operation is meant.

    `sight` limits what is found for whoever asks. It is no part of what was written, so it is never printed.
    """

    terms: tuple[Term, ...] = ()
    sight: Sight = Sight()


def within(query: Query, sight: Sight) -> Query:
    """The query, of what is in this sight only."""
    return Query(query.terms, sight)


def comparisons(terms: Iterable[Term]) -> Iterator[Comparison]:
    """Every comparison in these terms, however deep."""
    for term in terms:
        if isinstance(term, Comparison):
            yield term
        elif isinstance(term, AllOf | AnyOf):
            yield from comparisons(term.terms)


def free_words(terms: Iterable[Term]) -> Iterator[Words]:
    """Every piece of free text in these terms, however deep."""
    for term in terms:
        if isinstance(term, Words):
            yield term
        elif isinstance(term, AllOf | AnyOf):
            yield from free_words(term.terms)
