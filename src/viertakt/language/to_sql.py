"""Compiling a tree to a condition on `viertakt.operation`, aliased `o`. Values are parameters, without exception.

    kind:withdrawal -brand:shop,casino created>2026-11-21
         │               │                   │
         │               │                   └─ o.created_at >= %(q3)s       midnight after that day, in the reader's zone
         │               └───────────────────── (o.brand = ANY(%(q2)s)) IS NOT TRUE
         └───────────────────────────────────── o.kind = %(q1)s              bare, so that its index serves it

Logic is two-valued: a comparison with an absent value is false, its negation true. SQL's NULL is neither, so a negation
is `(…) IS NOT TRUE`, never `NOT (…)`. A positive condition is left bare: WHERE takes NULL for false, and so do AND and OR
on their way there, and an index can be used. Text is compared by equality; where an attribute has an order, it is that
of its code points (`COLLATE "C"`). An attribute counts as a number or a time only where it has the form of one
(`stored`), looked at first: a cast that fails would take the whole list along. Names (a reference, an identifier, a free word) are
looked up in `viertakt.alias` first, by the one index that knows them, and arrive as an array of ids.

Nothing of a query's text reaches the statement: columns come from `fields`, signs from two tables below, the rest are
parameters.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, LiteralString

from psycopg import sql

from viertakt.language.bounds import Bounds, day_bounds, instant_bounds, plain_bounds
from viertakt.language.fields import ATTRIBUTES, NUMBERS, Field, Sort, known_field
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
from viertakt.language.stored import DAY_FORM, INSTANT_FORM, NUMBER_FORM

Params = dict[str, object]

# Identifiers are looked up where they are unique and indexed; request keys (key:<actor>) are nobody's to search.
_BY_VALUES: LiteralString = "SELECT a.operation_id FROM viertakt.alias AS a WHERE a.value = ANY({values}::text []) AND a.scheme NOT LIKE 'key:%%'"


def to_sql(query: Query, now: datetime, zone: tzinfo = UTC) -> tuple[sql.Composable, Params]:
    """A condition and its named parameters (`q1`, `q2`, …); `now` and the reader's `zone` decide what times mean."""
    assert now.tzinfo is not None, "Now has a time zone; a naive one would mean the server's."
    compiler = _Compiler(now, zone)
    conditions = [compiler.term(term) for term in query.terms]
    return sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("TRUE"), compiler.params


class _Compiler:
    """Keeps the parameters of one query."""

    def __init__(self, now: datetime, zone: tzinfo) -> None:
        self.now, self.zone = now, zone
        self.params: Params = {}

    def term(self, term: Term) -> sql.Composable:
        match term:
            case Words(text):
                condition = self._words(text)
            case Comparison():
                condition = self._comparison(term)
            case AllOf(terms):
                condition = self._joined(" AND ", terms)
            case AnyOf(terms):
                condition = self._joined(" OR ", terms)
        return sql.SQL("({}) IS NOT TRUE").format(condition) if term.negated else condition

    def _joined(self, word: LiteralString, terms: tuple[Term, ...]) -> sql.Composable:
        return sql.SQL("({})").format(sql.SQL(word).join(self.term(term) for term in terms))

    def _words(self, text: str) -> sql.Composable:
        # One array of ids first: the planner can then combine the key with the index of subjects.
        return sql.SQL(
            "(o.operation_id = ANY(ARRAY(" + _BY_VALUES + ") || {id}::uuid []) OR o.subject = {text}::text)"
        ).format(values=self._param([text]), id=self._param(_ids(text)), text=self._param(text))

    def _comparison(self, term: Comparison) -> sql.Composable:
        found = known_field(term.field, term.sort)
        column = self._column(found)
        texts = [value for value in term.values if isinstance(value, str)]
        others = [value for value in term.values if not isinstance(value, str)]
        conditions = [self._texts(found, column, term.comparator, texts)] if texts else []
        conditions += [self._value(found, column, term.comparator, value) for value in others]
        if len(conditions) == 1:
            return conditions[0]
        return sql.SQL("({})").format(sql.SQL(" OR ").join(conditions))

    def _column(self, found: Field) -> sql.Composable:
        if found.sort in ATTRIBUTES:
            return sql.SQL("(o.attributes ->> {}::text)").format(self._param(found.column))
        return sql.SQL("o.{}").format(sql.Identifier(found.column))

    def _texts(
        self, found: Field, column: sql.Composable, comparator: Comparator, texts: list[str]
    ) -> sql.Composable:
        if found.sort is Sort.FLAG:
            return column
        if found.sort is Sort.TAG:
            return sql.SQL("{} && {}::text []").format(column, self._param(texts))
        if found.name == "reference":
            return self._has_reference(texts)
        if comparator is not Comparator.IS:
            sign = sql.SQL(_SIGNS[comparator])
            return sql.SQL('{} COLLATE "C" {} {}::text').format(column, sign, self._param(texts[0]))
        # One value as plain equality: then the next columns of an index still give the order.
        if len(texts) == 1:
            return sql.SQL("{} = {}::text").format(column, self._param(texts[0]))
        return sql.SQL("{} = ANY({}::text [])").format(column, self._param(texts))

    def _has_reference(self, texts: list[str]) -> sql.Composable:
        # References are indexed as aliases only; every operation has its own there, written with it.
        return sql.SQL(
            "(o.operation_id = ANY(ARRAY(" + _BY_VALUES + ")) AND o.reference = ANY({text}::text []))"
        ).format(values=self._param(texts), text=self._param(texts))

    def _value(  # noqa: PLR0911 - one way out for each sort of value
        self, found: Field, column: sql.Composable, comparator: Comparator, value: Any
    ) -> sql.Composable:
        assert not isinstance(value, Variable), "A variable is given its value before a query is compiled."
        if isinstance(value, Anything):
            return _is_present(found, column)
        if found.sort is Sort.AMOUNT:
            return self._amount(column, plain_bounds(comparator, value))
        if found.sort is Sort.OPERATION:
            return sql.SQL("{} = {}::uuid").format(column, self._param(value))
        if found.sort in NUMBERS:
            return self._within(_number(column), _NUMERIC, plain_bounds(comparator, value))
        if found.sort is Sort.DATE:
            return self._within(_day(column), _DATE, day_bounds(comparator, value, self.now, self.zone))
        instants = instant_bounds(comparator, value, self.now, self.zone)
        if found.sort is Sort.DATETIME:
            return self._within(_instant(column), _TIMESTAMPTZ, instants)
        assert found.sort is Sort.TIME, f"A value of {found.name} is text, not {type(value).__name__}."
        return self._within(column, _TIMESTAMPTZ, instants)

    def _amount(self, column: sql.Composable, bounds: Bounds) -> sql.Composable:
        values = self._within(column, _NUMERIC, [(sign, price.value) for sign, price in bounds])
        currency = self._param(bounds[0][1].currency)
        return sql.SQL("({} AND o.currency = {}::text)").format(values, currency)

    def _within(self, column: sql.Composable, type_: sql.SQL, bounds: Bounds) -> sql.Composable:
        conditions = [
            sql.SQL("{} {} {}::{}").format(column, sql.SQL(_SIGNS[sign]), self._param(value), type_)
            for sign, value in bounds
        ]
        return sql.SQL("({})").format(sql.SQL(" AND ").join(conditions))

    def _param(self, value: object) -> sql.Placeholder:
        name = f"q{len(self.params) + 1}"
        self.params[name] = value
        return sql.Placeholder(name)


_SIGNS: Mapping[Comparator, LiteralString] = {
    Comparator.IS: "=",
    Comparator.ABOVE: ">",
    Comparator.AT_LEAST: ">=",
    Comparator.BELOW: "<",
    Comparator.AT_MOST: "<=",
}
_NUMERIC, _DATE, _TIMESTAMPTZ = sql.SQL("numeric"), sql.SQL("date"), sql.SQL("timestamptz")


def _is_present(found: Field, column: sql.Composable) -> sql.Composable:
    if found.sort is Sort.TAG:
        return sql.SQL("cardinality({}) > 0").format(column)
    if found.sort is Sort.FLAG:
        return column
    return sql.SQL("{} IS NOT NULL").format(column)


def _number(text: sql.Composable) -> sql.Composable:
    form = sql.Literal(f"^(?:{NUMBER_FORM})$")
    return sql.SQL("CASE WHEN {0} ~ {1} THEN {0}::numeric END").format(text, form)


def _day(text: sql.Composable) -> sql.Composable:
    form = sql.Literal(f"^(?:{DAY_FORM})$")
    return sql.SQL("CASE WHEN {0} ~ {1} AND pg_input_is_valid({0}, 'date') THEN {0}::date END").format(
        text, form
    )


def _instant(text: sql.Composable) -> sql.Composable:
    form = sql.Literal(f"^(?:{INSTANT_FORM})$")
    # PostgreSQL rounds what is finer than a microsecond, Python cuts it: cut here too.
    cut = sql.SQL(r"regexp_replace({}, '(\.[0-9]{{6}})[0-9]+', '\1')").format(text)
    return sql.SQL(
        "CASE WHEN {0} ~ {1} AND pg_input_is_valid({0}, 'timestamptz') THEN {2}::timestamptz END"
    ).format(text, form, cut)


def _ids(text: str) -> list[str]:
    """The text as an operation's id, where it is one in its usual form."""
    plain = text.lower()
    groups = [len(group) for group in plain.split("-")]
    usual = groups == [8, 4, 4, 4, 12] and set(plain) <= set("0123456789abcdef-")
    return [plain] if usual else []
