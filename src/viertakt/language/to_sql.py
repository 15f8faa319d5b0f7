"""Compiling a tree to a condition on `viertakt.operation`, aliased `o`. Values are parameters, without exception.

    kind:withdrawal -brand:shop,casino created>2026-11-21
         │               │                   │
         │               │                   └─ o.created_at >= %(q3)s       midnight after that day, in the reader's zone
         │               └───────────────────── (o.brand = ANY(%(q2)s)) IS NOT TRUE
         └───────────────────────────────────── o.kind = %(q1)s              bare, so that its index serves it

Logic is two-valued: a comparison with an absent value is false, its negation true. SQL's NULL is neither, so a negation
is `(…) IS NOT TRUE`, never `NOT (…)`. A positive condition is left bare: WHERE takes NULL for false, and an index can be
used. Text is compared by equality alone, so no collation is asked. Names (a reference, an identifier, a free word) are
looked up in `viertakt.alias` first, by the one index that knows them, and arrive as an array of ids.

Nothing of a query's text reaches the statement: columns come from `fields`, signs from two tables below, the rest are
parameters.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, LiteralString

from psycopg import sql

from viertakt.language.fields import Field, Sort, field
from viertakt.language.model import Ago, Anything, Comparator, Comparison, Price, Query, Span, Term, Words

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
        return sql.SQL("({}) IS NOT TRUE").format(condition) if term.negated else condition

    def _words(self, text: str) -> sql.Composable:
        # One array of ids first: the planner can then combine the key with the index of subjects.
        return sql.SQL(
            "(o.operation_id = ANY(ARRAY(" + _BY_VALUES + ") || {id}::uuid []) OR o.subject = {text}::text)"
        ).format(values=self._param([text]), id=self._param(_ids(text)), text=self._param(text))

    def _comparison(self, term: Comparison) -> sql.Composable:
        found = field(term.field)
        assert found is not None, f"The tree was read with fields that exist; {term.field} does not."
        column = sql.SQL("o.{}").format(sql.Identifier(found.column))
        texts = [value for value in term.values if isinstance(value, str)]
        others = [value for value in term.values if not isinstance(value, str)]
        conditions = [self._is_one_of(found, column, texts)] if texts else []
        conditions += [self._value(found, column, term.comparator, value) for value in others]
        if len(conditions) == 1:
            return conditions[0]
        return sql.SQL("({})").format(sql.SQL(" OR ").join(conditions))

    def _is_one_of(self, found: Field, column: sql.Composable, texts: list[str]) -> sql.Composable:
        match found.sort:
            case Sort.FLAG:
                return column
            case Sort.TAG:
                return sql.SQL("{} && {}::text []").format(column, self._param(texts))
            case Sort.TEXT if found.name == "reference":
                return self._has_reference(texts)
            case Sort.ATTRIBUTE:
                left: sql.Composable = sql.SQL("o.attributes ->> {}::text").format(self._param(found.column))
            case _:
                left = column
        # One value as plain equality: then the next columns of an index still give the order.
        if len(texts) == 1:
            return sql.SQL("{} = {}::text").format(left, self._param(texts[0]))
        return sql.SQL("{} = ANY({}::text [])").format(left, self._param(texts))

    def _has_reference(self, texts: list[str]) -> sql.Composable:
        # References are indexed as aliases only; every operation has its own there, written with it.
        return sql.SQL(
            "(o.operation_id = ANY(ARRAY(" + _BY_VALUES + ")) AND o.reference = ANY({text}::text []))"
        ).format(values=self._param(texts), text=self._param(texts))

    def _value(
        self, found: Field, column: sql.Composable, comparator: Comparator, value: Any
    ) -> sql.Composable:
        if isinstance(value, Anything):
            return self._is_present(found, column)
        match found.sort:
            case Sort.AMOUNT:
                return self._amount(column, comparator, value)
            case Sort.TIME:
                return self._time(column, comparator, value)
            case Sort.OPERATION:
                return sql.SQL("{} = {}::uuid").format(column, self._param(value))
        raise AssertionError(f"A value of {found.name} is text, not {type(value).__name__}.")

    def _is_present(self, found: Field, column: sql.Composable) -> sql.Composable:
        match found.sort:
            case Sort.TAG:
                return sql.SQL("cardinality({}) > 0").format(column)
            case Sort.ATTRIBUTE:
                return sql.SQL("(o.attributes ->> {}::text) IS NOT NULL").format(self._param(found.column))
            case Sort.FLAG:
                return column
        return sql.SQL("{} IS NOT NULL").format(column)

    def _amount(self, column: sql.Composable, comparator: Comparator, value: Price | Span) -> sql.Composable:
        if isinstance(value, Span):
            bounds = [(">=", value.low), ("<=", value.high)]
        else:
            bounds = [(_SIGNS[comparator], value)]
        given = [(sign, price) for sign, price in bounds if price is not None]
        conditions = [
            sql.SQL("{} {} {}::numeric").format(column, sql.SQL(sign), self._param(price.value))
            for sign, price in given
        ]
        conditions.append(sql.SQL("o.currency = {}::text").format(self._param(given[0][1].currency)))
        return sql.SQL("({})").format(sql.SQL(" AND ").join(conditions))

    def _time(self, column: sql.Composable, comparator: Comparator, value: Any) -> sql.Composable:
        """A day is the whole day: `>` begins after it, `<=` reaches to its end."""
        if isinstance(value, Span):
            bounds = [(">=", value.low), ("<=", value.high)]
        elif comparator is Comparator.IS:
            bounds = [(">=", value), ("<=", value)]
        else:
            bounds = [(_SIGNS[comparator], value)]
        conditions = [self._bound(column, sign, moment) for sign, moment in bounds if moment is not None]
        return sql.SQL("({})").format(sql.SQL(" AND ").join(conditions))

    def _bound(
        self, column: sql.Composable, sign: LiteralString, moment: datetime | date | Ago
    ) -> sql.Composable:
        if isinstance(moment, Ago):
            instant = self.now + moment.offset
        elif isinstance(moment, datetime):
            instant = moment
        else:
            sign, days = _BOUND_OF_DAY[sign]
            midnight = datetime.combine(moment + timedelta(days=days), time.min, self.zone)
            instant = midnight.astimezone(UTC)
        return sql.SQL("{} {} {}::timestamptz").format(column, sql.SQL(sign), self._param(instant))

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
# How a comparison with a day becomes one with a midnight: its own, or the next day's.
_BOUND_OF_DAY: Mapping[LiteralString, tuple[LiteralString, int]] = {
    ">": (">=", 1),
    ">=": (">=", 0),
    "<": ("<", 0),
    "<=": ("<", 1),
}


def _ids(text: str) -> list[str]:
    """The text as an operation's id, where it is one in its usual form."""
    plain = text.lower()
    groups = [len(group) for group in plain.split("-")]
    usual = groups == [8, 4, 4, 4, 12] and set(plain) <= set("0123456789abcdef-")
    return [plain] if usual else []
