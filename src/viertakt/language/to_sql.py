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

No index holds the stage (decision 0017), but a stage belongs to a status and mostly to one kind; so do who is waited on,
and attributes. Where the reader knew the kinds, that stands beside the condition as well: it finds nothing more or less.

Nothing of a query's text reaches the statement: columns come from `fields`, signs from two tables below, the rest are
parameters.
"""

import json
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, LiteralString

from psycopg import sql

from viertakt.language import at_work, searching
from viertakt.language.bounds import (
    Bounds,
    age_bounds,
    day_bounds,
    instant_bounds,
    length_bounds,
    plain_bounds,
)
from viertakt.language.fields import (
    ATTRIBUTES,
    FLAGS_OF_NOW,
    HISTORY,
    NUMBERS,
    OF_WORK,
    Field,
    Sort,
    known_field,
)
from viertakt.language.flags import meaning
from viertakt.language.model import (
    AllOf,
    AnyOf,
    Anything,
    Comparator,
    Comparison,
    Hint,
    Query,
    Term,
    Variable,
    Words,
)
from viertakt.language.reader import as_read
from viertakt.language.stored import DAY_FORM, INSTANT_FORM, NUMBER_FORM
from viertakt.language.words import sought

_BY_WORDS: LiteralString = (
    " UNION ALL SELECT w.operation_id FROM viertakt.words AS w WHERE w.words @> {}::text []"
)
_HOLDS_WORDS: LiteralString = "EXISTS (SELECT FROM viertakt.words AS w WHERE w.operation_id = o.operation_id AND w.words @> {}::text [])"
Params = dict[str, object]

# Identifiers are looked up where they are unique and indexed; request keys (key:<actor>) are nobody's to search.
_BY_VALUES: LiteralString = "SELECT a.operation_id FROM viertakt.alias AS a WHERE a.value = ANY({values}::text []) AND a.scheme NOT LIKE 'key:%%'"


def to_sql(
    query: Query,
    now: datetime,
    zone: tzinfo = UTC,
    *,
    common: Collection[str] = (),
    beside: Params | None = None,
) -> tuple[sql.Composable, Params]:
    """A condition and its named parameters (`q1`, `q2`, …); `now` and the reader's `zone` decide what times mean.

    `common`: free texts that very many operations hold. They are looked for in each operation as it is met, since a list
    of them all would cost more than the page; what is found is the same. `beside`: the parameters of other conditions in one
    statement, which these join under names of their own.
    """
    assert now.tzinfo is not None, "Now has a time zone; a naive one would mean the server's."
    query = as_read(query)
    compiler = _Compiler(now, zone, common, query.sight.hidden, {} if beside is None else beside)
    conditions = [compiler.term(term) for term in (*query.terms, *query.sight.terms)]
    return sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("TRUE"), compiler.params


class _Compiler:
    """Keeps the parameters of one query."""

    def __init__(
        self, now: datetime, zone: tzinfo, common: Collection[str], hidden: frozenset[str], params: Params
    ) -> None:
        self.now, self.zone, self.common, self.hidden, self.params = now, zone, common, hidden, params

    def term(self, term: Term) -> sql.Composable:
        match term:
            case Words(text):
                condition = self._words(text)
            case Comparison():
                condition = self._comparison(term)
            case AllOf(terms):
                condition = self._joined(" AND ", terms)
            case AnyOf(terms):
                condition = self._either_of(terms)
        return sql.SQL("({}) IS NOT TRUE").format(condition) if term.negated else condition

    def _joined(self, word: LiteralString, terms: tuple[Term, ...]) -> sql.Composable:
        if (
            not terms
        ):  # a variable that an operation has no value for leaves nothing: all of none hold, and none of none
            return _TRUE if word == " AND " else _FALSE
        return sql.SQL("({})").format(sql.SQL(word).join(self.term(term) for term in terms))

    def _either_of(self, terms: tuple[Term, ...]) -> sql.Composable:
        """One of these; what asks who works on it is asked together."""
        work = [term for term in terms if isinstance(term, Comparison) and _asks_row(term)]
        others = tuple(term for term in terms if term not in work)
        if len(work) < 2:
            return self._joined(" OR ", terms)
        rows = at_work.has([condition for term in work for condition in self._of_row(term)] or [_FALSE])
        return sql.SQL("({} OR {})").format(rows, self._joined(" OR ", others)) if others else rows

    def _of_row(self, term: Comparison) -> list[sql.Composable]:
        """What one of these says of the row of who works on it; nothing where it means nobody."""
        found = known_field(term.field, term.sort)
        conditions = self._compared(found, term)
        return [at_work.running(found, _either(conditions), self.now, self._param)] if conditions else []

    def _words(self, text: str) -> sql.Composable:
        # One array of ids first: the planner can then combine the key with the index of subjects.
        names = sql.SQL(_BY_VALUES).format(values=self._param([text]))
        words = sought(text)
        held = sql.SQL(_HOLDS_WORDS).format(self._param(words)) if words and text in self.common else None
        if words and held is None:
            names += sql.SQL(_BY_WORDS).format(self._param(words))
        named = sql.SQL(
            "(o.operation_id = ANY(ARRAY({names}) || {id}::uuid []) OR o.subject = {text}::text)"
        ).format(names=names, id=self._param(_ids(text)), text=self._param(text))
        return named if held is None else _either([held, named])

    def _comparison(self, term: Comparison) -> sql.Composable:
        found = known_field(term.field, term.sort)
        if found.sort in _ELSEWHERE:
            return self._elsewhere(found, term.values)
        if found.name == "priority":
            return _TRUE if Anything() in term.values else at_work.is_of(term.values, self._param)
        if found.name in OF_WORK:
            rows = self._of_row(term)
            return at_work.has(rows) if rows else _FALSE
        return self._hinted(term.hint, _either(self._compared(found, term)))

    def _compared(self, found: Field, term: Comparison) -> list[sql.Composable]:
        column = self._column(found)
        texts = [value for value in term.values if isinstance(value, str)]
        others = [value for value in term.values if not isinstance(value, str)]
        conditions = [self._texts(found, column, term.comparator, texts)] if texts else []
        return conditions + [self._value(found, column, term.comparator, value) for value in others]

    def _hinted(self, hint: Hint | None, condition: sql.Composable) -> sql.Composable:
        """The condition with what is known to hold wherever it does: so an index of statuses or kinds serves it."""
        known = {} if hint is None else {"status": hint.status, "kind": hint.kind}
        for column, values in known.items():
            if len(values) == 1:
                equal = sql.SQL("o.{} = {}::text").format(sql.Identifier(column), self._param(values[0]))
                condition = sql.SQL("({} AND {})").format(condition, equal)
        return condition

    def _elsewhere(self, found: Field, values: tuple[Any, ...]) -> sql.Composable:
        """Flags, and what is asked of the history."""
        texts = [value for value in values if isinstance(value, str)]
        match found.sort:
            case Sort.STAGES:
                # Every operation stands in a stage, so `was:*` leaves nothing out.
                told = [stage for stage in texts if stage not in self.hidden]
                conditions = [searching.stood_in(told, self._param) if len(texts) == len(values) else _TRUE]
            case Sort.REASONS:
                known = texts if len(texts) == len(values) else None
                conditions = [searching.gave_reason(known, self._param)]
            case Sort.PATH:
                told_ways = [path for path in values if self.hidden.isdisjoint(path.stages)]
                conditions = [searching.went(path, self._param) for path in told_ways] or [_FALSE]
            case _:
                conditions = [self._flag(found, word) for word in texts]
        return _either(conditions)

    def _flag(self, found: Field, word: str) -> sql.Composable:
        meant = meaning(found.name, word)
        if meant is not None:
            return self.term(meant)
        if word in FLAGS_OF_NOW:
            self.params[searching.NOW] = self.now
        return searching.FLAGS[f"{found.name}:{word}"]

    def _column(self, found: Field) -> sql.Composable:
        if found.sort in ATTRIBUTES:
            return sql.SQL("(o.attributes ->> {}::text)").format(self._param(found.column))
        if found.name in OF_WORK:
            return at_work.column(found)
        if found.sort is Sort.DURATION:
            return sql.SQL("(o.{} - o.created_at)").format(sql.Identifier(found.column))
        return sql.SQL("o.{}").format(sql.Identifier(found.column))

    def _texts(
        self, found: Field, column: sql.Composable, comparator: Comparator, texts: list[str]
    ) -> sql.Composable:
        if found.sort is Sort.TAG:
            # The second half is what the index of tags says of its rows; without it the planner cannot use it.
            return sql.SQL("({0} && {1}::text [] AND {0} <> '{{}}')").format(column, self._param(texts))
        if found.name == "reference":
            return self._has_reference(texts)
        if comparator is not Comparator.IS:
            sign = sql.SQL(_SIGNS[comparator])
            return sql.SQL('{} COLLATE "C" {} {}::text').format(column, sign, self._param(texts[0]))
        # One value as plain equality: then the next columns of an index still give the order.
        equal = (
            sql.SQL("{} = {}::text").format(column, self._param(texts[0]))
            if len(texts) == 1
            else sql.SQL("{} = ANY({}::text [])").format(column, self._param(texts))
        )
        if found.sort not in ATTRIBUTES or not all(map(_only_a_text, texts)):
            return equal
        # The same as the index of attributes knows it: what has this text has this member.
        members: list[sql.Composable] = [
            sql.SQL("o.attributes @> {}::jsonb").format(self._param(json.dumps({found.column: text})))
            for text in texts
        ]
        return sql.SQL("({} AND {})").format(equal, _either(members))

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
        if found.sort is Sort.COUNT:
            return self._within(column, _NUMERIC, plain_bounds(comparator, value))
        if found.sort is Sort.AGE:
            return self._within(column, _TIMESTAMPTZ, age_bounds(comparator, value, self.now))
        if found.sort is Sort.DURATION:
            return self._within(column, _INTERVAL, length_bounds(comparator, value))
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
_TRUE, _FALSE = sql.SQL("TRUE"), sql.SQL("FALSE")
_OTHER_THAN_TEXT = re.compile(r"-?[0-9.]+|true|false|[\[{].*", re.DOTALL)
_ELSEWHERE = HISTORY | {Sort.FLAG, Sort.HAS}
_NUMERIC, _DATE, _TIMESTAMPTZ, _INTERVAL = map(sql.SQL, ("numeric", "date", "timestamptz", "interval"))


def _asks_row(term: Comparison) -> bool:
    return term.field in OF_WORK and term.field != "priority" and not term.negated


def _either(conditions: list[sql.Composable]) -> sql.Composable:
    if len(conditions) == 1:
        return conditions[0]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(conditions))


def _only_a_text(text: str) -> bool:
    """Whether nothing but a text reads so in JSON: a number, a truth value or a list is another member."""
    return not _OTHER_THAN_TEXT.fullmatch(text)


def _is_present(found: Field, column: sql.Composable) -> sql.Composable:
    if found.sort is Sort.TAG:
        return sql.SQL("{} <> '{{}}'").format(column)
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
