"""A query over other operations, on behalf of one: `$subject` becomes that operation's own value.

What the operation does not have is absent here as everywhere: a comparison with it is false, and its negation true.
"""

from collections.abc import Mapping

import msgspec

from viertakt.errors import InvalidQuery
from viertakt.language.fields import ATTRIBUTE_PREFIX, Sort, known_field
from viertakt.language.model import AllOf, AnyOf, Comparison, Query, Term, Variable
from viertakt.language.stored import as_text
from viertakt.language.to_predicate import Row
from viertakt.language.values import Written, read_value

_NEVER = AllOf((), negated=True)


def values_of(row: Row) -> dict[str, str | None]:
    """What the variables stand for, as they would be written in a query."""
    amount = row.amount
    return {
        "amount": None if amount is None else f"{amount.value:f}{amount.currency}",
        "brand": row.brand,
        "currency": None if amount is None else amount.currency,
        "id": str(row.id),
        "kind": row.kind,
        "parent": None if row.parent_id is None else str(row.parent_id),
        "reference": row.reference,
        "subject": row.subject,
        **{name: as_text(value) for name, value in row.attributes.items()},
        **{ATTRIBUTE_PREFIX + name: as_text(value) for name, value in row.attributes.items()},
    }


def bind(query: Query, values: Mapping[str, str | None]) -> Query:
    """The query with each variable's value in its place."""
    return Query(tuple(_bound(term, values) for term in query.terms), query.sight)


def finds_nothing(query: Query) -> bool:
    """Whether a bound query can find no operation at all: what it compares with is absent, and nothing goes round that."""
    return _NEVER in query.terms


def _bound(term: Term, values: Mapping[str, str | None]) -> Term:
    if isinstance(term, AllOf | AnyOf):
        return type(term)(tuple(_bound(inner, values) for inner in term.terms), term.negated)
    if not isinstance(term, Comparison) or not any(isinstance(value, Variable) for value in term.values):
        return term
    found = [value for value in (_value(term, value, values) for value in term.values) if value is not None]
    if not found:
        return msgspec.structs.replace(_NEVER, negated=not term.negated)
    return msgspec.structs.replace(term, values=tuple(found))


def _value(term: Comparison, value: object, values: Mapping[str, str | None]) -> object:
    if not isinstance(value, Variable):
        return value
    text = values.get(value.name)
    if text is None:
        return None
    field = known_field(term.field, term.sort)
    written = Written(text, quoted=field.sort is not Sort.AMOUNT, offset=0, width=0)
    try:
        return read_value(msgspec.structs.replace(field, values=()), term.comparator, written)
    except InvalidQuery:
        return None  # no value of this field: nothing has it
