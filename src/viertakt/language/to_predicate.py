"""Compiling a tree to a predicate in memory: what `to_sql` finds in the table, asked of one operation at hand.

Only the *row* profile: everything is decided from the operation alone, so words, paths and children, which are looked for
elsewhere, have no place here. A tree becomes nested functions once; `now` comes with every question.

    attributes.pieces>=3 -brand:shop   ──►   lambda row, now: pieces(row) and not brand(row)

Logic is two-valued: what is absent compares false. That both compilers agree is a property test.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any, Protocol

from viertakt.language.bounds import (
    Bounds,
    age_bounds,
    day_bounds,
    instant_bounds,
    length_bounds,
    plain_bounds,
)
from viertakt.language.fields import ATTRIBUTES, NUMBERS, OF_WORK, PRIORITIES, Field, Sort, known_field
from viertakt.language.flags import meaning
from viertakt.language.model import (
    AllOf,
    AnyOf,
    Anything,
    Comparator,
    Comparison,
    Query,
    Term,
    Variable,
    Words,
)
from viertakt.language.reader import as_read
from viertakt.language.stored import as_text, read_day, read_instant, read_number


class Worth(Protocol):
    """An amount with its currency."""

    @property
    def value(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...


class Work(Protocol):
    """Who works on an operation."""

    @property
    def assignee(self) -> str | None: ...
    @property
    def claimed_by(self) -> str | None: ...
    @property
    def lease_until(self) -> datetime | None: ...
    @property
    def snoozed_until(self) -> datetime | None: ...
    @property
    def priority(self) -> int: ...


class Row(Protocol):
    """What of an operation a query of the row profile may ask: the columns that `fields` names, and its attributes."""

    @property
    def id(self) -> Any: ...
    @property
    def kind(self) -> str: ...
    @property
    def kind_version(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def stage(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def waiting_on(self) -> str | None: ...
    @property
    def brand(self) -> str | None: ...
    @property
    def subject(self) -> str | None: ...
    @property
    def reference(self) -> str: ...
    @property
    def parent_id(self) -> Any: ...
    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def amount(self) -> Worth | None: ...
    @property
    def attributes(self) -> Mapping[str, Any]: ...
    @property
    def contradiction(self) -> bool: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def entered_at(self) -> datetime: ...
    @property
    def changed_at(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def deadline_at(self) -> datetime | None: ...
    @property
    def assignment(self) -> Work | None: ...


Judge = Callable[[Row, datetime], bool]
_Read = Callable[[Row], Any]


def to_predicate(query: Query, *, now: datetime, zone: tzinfo = UTC) -> Callable[[Row], bool]:
    """Whether an operation is one that the query finds; `now` and the reader's `zone` decide what times mean."""
    assert now.tzinfo is not None, "Now has a time zone; a naive one would mean the machine's."
    judge = to_judge(query, zone)
    return lambda row: judge(row, now)


def to_judge(query: Query, zone: tzinfo = UTC) -> Judge:
    """The same with `now` left open: compiled once, asked often."""
    query = as_read(query)
    return _all([_term(term, zone) for term in (*query.terms, *query.sight.terms)])


def _term(term: Term, zone: tzinfo) -> Judge:
    match term:
        case Words():
            raise AssertionError("Free text is no part of the row profile: read the query with Profile.ROW.")
        case AllOf(terms):
            judge = _all([_term(inner, zone) for inner in terms])
        case AnyOf(terms):
            judge = _any([_term(inner, zone) for inner in terms])
        case Comparison():
            judge = _comparison(term, zone)
    return _not(judge) if term.negated else judge


def _all(judges: list[Judge]) -> Judge:
    if len(judges) == 1:
        return judges[0]
    return lambda row, now: all(judge(row, now) for judge in judges)


def _any(judges: list[Judge]) -> Judge:
    if len(judges) == 1:
        return judges[0]
    return lambda row, now: any(judge(row, now) for judge in judges)


def _not(judge: Judge) -> Judge:
    return lambda row, now: not judge(row, now)


def _comparison(term: Comparison, zone: tzinfo) -> Judge:
    found = known_field(term.field, term.sort)
    if found.sort in {Sort.FLAG, Sort.HAS}:
        return _any([_flag(found, word, zone) for word in term.values])
    sign = term.comparator
    texts = frozenset(value for value in term.values if isinstance(value, str))
    judges = [_texts(found, sign, texts)] if texts else []
    for value in term.values:
        if isinstance(value, Anything):
            judges.append(_is_present(found))
        elif not isinstance(value, str):
            judges.append(_value(found, sign, value, zone))
    return _while_claimed(_any(judges)) if found.name == "claimed_by" else _any(judges)


def _while_claimed(judge: Judge) -> Judge:
    def judged(row: Row, now: datetime) -> bool:
        until = row.assignment.lease_until if row.assignment else None
        return until is not None and until > now and judge(row, now)

    return judged


def _flag(found: Field, word: str, zone: tzinfo) -> Judge:
    if word == "contradiction":
        return lambda row, _: row.contradiction
    meant = meaning(found.name, word)
    assert meant is not None, (
        f"{found.name}:{word} is no part of the row profile: read the query with Profile.ROW."
    )
    return _term(meant, zone)


def _texts(found: Field, sign: Comparator, texts: frozenset[str]) -> Judge:
    read = _reader(found)
    match found.sort:
        case Sort.TAG:
            return lambda row, _: not texts.isdisjoint(read(row))
        case Sort.STRING if sign is not Comparator.IS:
            (text,) = texts
            return _within(read, lambda _: [(sign, text)])
    return lambda row, _: read(row) in texts


def _value(found: Field, sign: Comparator, value: Any, zone: tzinfo) -> Judge:
    assert not isinstance(value, Variable), "A variable is given its value before a query is compiled."
    read = _reader(found)
    if found.sort is Sort.AMOUNT:
        return _amount(read, plain_bounds(sign, value))
    if found.sort is Sort.OPERATION:
        return lambda row, _: bool(read(row) == value)
    if found.sort in _TYPED:
        read = _typed(read, _TYPED[found.sort])
    return _within(read, _bounds(found, sign, value, zone))


def _bounds(found: Field, sign: Comparator, value: Any, zone: tzinfo) -> Callable[[datetime], Bounds]:
    match found.sort:
        case Sort.AGE:
            return lambda now: age_bounds(sign, value, now)
        case Sort.DURATION:
            lengths = length_bounds(sign, value)
            return lambda _: lengths
        case Sort.DATE:
            return lambda now: day_bounds(sign, value, now, zone)
        case Sort.TIME | Sort.DATETIME:
            return lambda now: instant_bounds(sign, value, now, zone)
    assert found.sort in NUMBERS | {Sort.COUNT}, (
        f"A value of {found.name} is text, not {type(value).__name__}."
    )
    bounds = plain_bounds(sign, value)
    return lambda _: bounds


def _within(read: _Read, bounds: Callable[[datetime], Bounds]) -> Judge:
    def judge(row: Row, now: datetime) -> bool:
        value = read(row)
        return value is not None and all(_HOLDS[sign](value, bound) for sign, bound in bounds(now))

    return judge


def _amount(read: _Read, bounds: Bounds) -> Judge:
    def holds(worth: Worth | None) -> bool:
        return worth is not None and all(
            worth.currency == price.currency and _HOLDS[sign](worth.value, price.value)
            for sign, price in bounds
        )

    return lambda row, _: holds(read(row))


def _is_present(found: Field) -> Judge:
    read = _reader(found)
    if found.sort is Sort.TAG:
        return lambda row, _: bool(read(row))
    return lambda row, _: read(row) is not None


def _reader(found: Field) -> _Read:  # noqa: PLR0911 - one way out for each place where a value stands
    name = found.column
    if found.sort in ATTRIBUTES:
        return lambda row: as_text(row.attributes.get(name))
    if name == "priority":
        return lambda row: PRIORITIES[row.assignment.priority + 1 if row.assignment else 1]
    if found.name in OF_WORK:
        return lambda row: getattr(row.assignment, name) if row.assignment else None
    if name == "currency":
        return lambda row: row.amount.currency if row.amount else None
    if found.sort is Sort.DURATION:
        return lambda row: row.closed_at - row.created_at if row.closed_at else None
    if name == "operation_id":
        return lambda row: row.id
    return operator.attrgetter(name)


def _typed(read: _Read, reading: Callable[[str], Any]) -> _Read:
    def typed(row: Row) -> Any:
        text = read(row)
        return None if text is None else reading(text)

    return typed


# How an attribute of these types is read from the text that stands in the row.
_TYPED: Mapping[Sort, Callable[[str], Any]] = {
    Sort.INTEGER: read_number,
    Sort.DECIMAL: read_number,
    Sort.DATE: read_day,
    Sort.DATETIME: read_instant,
}
_HOLDS: Mapping[Comparator, Callable[[Any, Any], bool]] = {
    Comparator.IS: operator.eq,
    Comparator.ABOVE: operator.gt,
    Comparator.AT_LEAST: operator.ge,
    Comparator.BELOW: operator.lt,
    Comparator.AT_MOST: operator.le,
}
