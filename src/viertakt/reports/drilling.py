"""The query behind a number: what the report was asked, and what the number counts of it.

What is relative to the clock or to the reader's midnights is written out as instants, so that whoever opens the list
later, elsewhere, finds the operations that were counted:

    age>2d          at noon of the 23rd     created<2026-11-21T12:00:00+00:00
    created:-7d..                           created>=2026-11-16T12:00:00+00:00
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo

import msgspec

from viertakt.language import Query, to_text
from viertakt.language.bounds import Bounds, age_bounds, instant_bounds
from viertakt.language.fields import FIELDS, Sort
from viertakt.language.flags import meaning
from viertakt.language.model import (
    AllOf,
    AnyOf,
    Anything,
    Comparator,
    Comparison,
    Path,
    Span,
    Term,
    Words,
)
from viertakt.language.parse import BYTES_MAX

# An age is counted from a time that is a field of its own.
_COUNTED_FROM = {"created_at": "created", "entered_at": "entered"}


def fixed(query: Query, now: datetime, zone: tzinfo) -> Query:
    """The same query with every moment as an instant."""
    return Query(tuple(_flat(AllOf, (_fixed(term, now, zone) for term in query.terms))), query.sight)


def drilled(query: Query, *terms: Term) -> str | None:
    """The text of the query narrowed by more terms; None where it would be longer than what can be read."""
    text = to_text(narrowed(query, *terms))
    return text if len(text.encode()) <= BYTES_MAX else None


def narrowed(query: Query, *terms: Term) -> Query:
    """The query with more terms that must all hold."""
    return Query((*query.terms, *terms), query.sight)


def equal(field: str, value: str) -> Comparison:
    """`field:value`."""
    return Comparison(field, Comparator.IS, (value,))


def absent(field: str) -> Comparison:
    """`-field:*`."""
    return Comparison(field, Comparator.IS, (Anything(),), negated=True)


def at_least(field: str, moment: datetime) -> Comparison:
    """`field>=moment`."""
    return Comparison(field, Comparator.AT_LEAST, (moment.astimezone(UTC),))


def below(field: str, moment: datetime) -> Comparison:
    """`field<moment`."""
    return Comparison(field, Comparator.BELOW, (moment.astimezone(UTC),))


def between(field: str, first: datetime, after: datetime) -> tuple[Comparison, Comparison]:
    """`field>=first field<after`."""
    return at_least(field, first), below(field, after)


def went(left: str, entered: str) -> Comparison:
    """`path:left>entered`."""
    return Comparison("path", Comparator.IS, (Path((left, entered)),))


def any_of(*terms: Term) -> Term:
    """One of these holds."""
    return _one(AnyOf, tuple(_flat(AnyOf, terms)), negated=False)


def _fixed(term: Term, now: datetime, zone: tzinfo) -> Term:
    match term:
        case Words():
            return term
        case AllOf(terms) | AnyOf(terms):
            members = _flat(type(term), (_fixed(inner, now, zone) for inner in terms))
            return _one(type(term), tuple(members), negated=term.negated)
        case Comparison():
            return _fixed_comparison(term, now, zone)


def _fixed_comparison(term: Comparison, now: datetime, zone: tzinfo) -> Term:
    field = FIELDS.get(term.field)
    if field is None:
        return term
    if field.sort is Sort.FLAG and "overdue" in term.values:
        meant = [meaning(field.name, value) or equal(field.name, value) for value in term.values]
        known = [_fixed(one, now, zone) for one in meant]
        return _one(AnyOf, tuple(_flat(AnyOf, known)), negated=term.negated)
    if field.sort not in {Sort.AGE, Sort.TIME} or not any(_moves(value) for value in term.values):
        return term
    name = _COUNTED_FROM[field.column] if field.sort is Sort.AGE else field.name
    choices: list[Term] = []
    for value in term.values:
        if isinstance(value, Anything):
            choices.append(Comparison(name, Comparator.IS, (value,)))
        else:
            bounds = _bounds(field.sort, term.comparator, value, now, zone)
            choices.append(
                _one(AllOf, tuple(Comparison(name, sign, (end,)) for sign, end in bounds), negated=False)
            )
    return _one(AnyOf, tuple(choices), negated=term.negated)


def _bounds(sort: Sort, comparator: Comparator, value: object, now: datetime, zone: tzinfo) -> Bounds:
    if sort is Sort.AGE:
        return age_bounds(comparator, value, now)
    return instant_bounds(comparator, value, now, zone)


def _moves(value: object) -> bool:
    """Whether it depends on the clock or on the reader's zone."""
    if isinstance(value, Span):
        return _moves(value.low) or _moves(value.high)
    return value is not None and not isinstance(value, datetime | Anything)


def _one(group: type[AllOf | AnyOf], terms: tuple[Term, ...], *, negated: bool) -> Term:
    """A group of one is its member."""
    if len(terms) > 1:
        return group(terms, negated)
    (only,) = terms
    return _turned(only) if negated else only


def _turned(term: Term) -> Term:
    """What does not hold where the term does."""
    return msgspec.structs.replace(term, negated=not term.negated)


def _flat(group: type[AllOf | AnyOf], terms: Iterable[Term]) -> Iterator[Term]:
    """Members of a group of the same sort are members of this one."""
    for term in terms:
        if isinstance(term, group) and not term.negated:
            yield from term.terms
        else:
            yield term
