"""Arbitrary queries as Hypothesis strategies: trees that `parse` could have made."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import strategies as st

from tests.language.rows import NOON
from viertakt.language.fields import (
    FLAGS,
    FLAGS_OF_ROW,
    HAS,
    HAS_OF_ROW,
    PRIORITIES,
    STATUSES,
    WAITING_ON,
    Fields,
    attribute,
)
from viertakt.language.model import (
    Ago,
    AllOf,
    AnyOf,
    Anything,
    Comparator,
    Comparison,
    Length,
    Path,
    Price,
    Query,
    Span,
    Term,
    Words,
)
from viertakt.language.values import DIGITS

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
MIDNIGHT_AMSTERDAM = datetime(2026, 11, 21, 23, tzinfo=UTC)

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
some_texts = (
    st.sampled_from(["withdrawal", "W-1", "player 7", '"', "\\", "a,b", "*", "OR", "-x", "a:b", "$me"])
    | st.sampled_from(["İ", "i", "ß", "ss", "é", "e\u0301", "10", "9", "true", "Z", "a"])
    | texts
)
# Few values, which rows draw from too: what matters happens where a value and its bound are equal.
FEW_NUMBERS = [Decimal(0), Decimal(3), Decimal("0.5"), Decimal(10), Decimal(1000)]
# Half an hour before and after Amsterdam's clocks go back, and forward.
CLOCK_CHANGES = [datetime(2026, *day, hour, 30, tzinfo=UTC) for day in ((10, 25), (3, 29)) for hour in (0, 1)]
few_moments = st.sampled_from([NOON, NOON - timedelta(hours=1), MIDNIGHT, MIDNIGHT_AMSTERDAM, *CLOCK_CHANGES])
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY"])
numbers = st.sampled_from(FEW_NUMBERS) | st.decimals(-(10**6), 10**6, places=3).map(lambda d: d + 0)
prices = st.builds(Price, numbers, CURRENCIES)
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])
moments = (
    st.dates(date(1950, 1, 1), date(2900, 1, 1))
    | st.dates(date(2026, 11, 21), date(2026, 11, 23))
    | st.dates(date(2026, 10, 24), date(2026, 10, 26))
    | few_moments
    | st.sampled_from([Ago(0, "h"), Ago(-1, "h"), Ago(-12, "h"), Ago(-1, "d")])
    | st.datetimes(datetime(1950, 1, 1), datetime(2900, 1, 1), timezones=zones)  # noqa: DTZ001
    | st.builds(Ago, st.integers(-5000, 5000), st.sampled_from("mhdw"))
)
integers = (st.sampled_from([0, 3, 10, 1000]) | st.integers(-50, 10**6)).map(Decimal)
COMPARATORS = st.sampled_from(list(Comparator))
TIMES = st.sampled_from(["created", "changed", "closed", "deadline", "entered", "snoozed_until"])
AGES = st.sampled_from(["age", "stage_time", "duration"])
lengths = st.sampled_from([Length(0, "h"), Length(1, "h"), Length(12, "h"), Length(1, "d")]) | st.builds(
    Length, st.integers(0, 5000), st.sampled_from("smhdw")
)
STAGES = ["requested", "under_review", "paid", "rejected"]


def _listed(fields: list[str], value: st.SearchStrategy[object]) -> st.SearchStrategy[Comparison]:
    values = st.lists(value | st.just(Anything()), min_size=1, max_size=3).map(tuple)
    return st.builds(Comparison, st.sampled_from(fields), st.just(Comparator.IS), values, st.booleans())


def _ordered(
    fields: st.SearchStrategy[str], value: st.SearchStrategy[object]
) -> st.SearchStrategy[Comparison]:
    return st.builds(Comparison, fields, COMPARATORS, value.map(lambda v: (v,)), st.booleans())


def _price_span(bounds: tuple[Decimal, Decimal], currency: str, open_end: str) -> Span:
    low, high = sorted(bounds)
    return Span(
        None if open_end == "low" else Price(low, currency),
        None if open_end == "high" else Price(high, currency),
    )


def _day_span(bounds: tuple[date, date], open_end: str) -> Span:
    low, high = sorted(bounds)
    return Span(None if open_end == "low" else low, None if open_end == "high" else high)


ends = st.sampled_from(["low", "high", "none"])
amounts = st.sampled_from(FEW_NUMBERS) | st.decimals(-1000, 1000, places=2)
days = st.dates(date(2026, 11, 21), date(2026, 11, 23)) | st.dates(date(1950, 1, 1), date(2900, 1, 1))
price_spans = st.builds(_price_span, st.tuples(amounts, amounts), st.sampled_from(["EUR", "USD"]), ends)
day_spans = st.builds(_day_span, st.tuples(days, days), ends)

TYPED: Fields = {
    found.name: found
    for found in (
        attribute("pieces", "integer"),
        attribute("rate", "decimal"),
        attribute("flag", "boolean"),
        attribute("due_on", "date"),
        attribute("seen_at", "datetime"),
        attribute("note", "string"),
        attribute("colour", "string", ("red", "green")),
    )
}


def _span(bounds: tuple[Decimal, Decimal], open_end: str) -> Span:
    low, high = sorted(bounds)
    return Span(None if open_end == "low" else low, None if open_end == "high" else high)


def _typed(
    name: str,
    value: st.SearchStrategy[Any],
    spans: st.SearchStrategy[Span] | None = None,
    *,
    ordered: bool = True,
) -> st.SearchStrategy[Term]:
    """Comparisons with a typed attribute, by any sign its type allows; ranges and lists after `:` only."""
    sort = st.just(TYPED[f"attributes.{name}"].sort)
    names = st.just(f"attributes.{name}")
    several = st.lists(
        st.one_of(value, value if spans is None else spans, st.just(Anything())), min_size=1, max_size=3
    ).map(tuple)
    listed = st.builds(Comparison, names, st.just(Comparator.IS), several, st.booleans(), sort)
    if not ordered:
        return listed
    return listed | st.builds(Comparison, names, COMPARATORS, value.map(lambda v: (v,)), st.booleans(), sort)


FEW_IDS = st.sampled_from([UUID(int=7), UUID(int=8)])
ORDERS = st.sampled_from([sign for sign in Comparator if sign is not Comparator.IS])
counts = st.integers(1, 3).map(Decimal)
PEOPLE = [f"person:{UUID(int=n)}" for n in (1, 2)]
FEW_PEOPLE, FEW_TEAMS = st.sampled_from(PEOPLE), st.sampled_from(["role:payments", "role:kyc"])


def _words_of(field: str, words: tuple[str, ...]) -> st.SearchStrategy[Term]:
    several = st.lists(st.sampled_from(words), min_size=1, max_size=3).map(tuple)
    return st.builds(Comparison, st.just(field), st.just(Comparator.IS), several, st.booleans())


def _length_span(bounds: tuple[Length, Length], open_end: str) -> Span:
    low, high = sorted(bounds, key=lambda length: length.span)
    return Span(None if open_end == "low" else low, None if open_end == "high" else high)


columns: st.SearchStrategy[Term] = st.one_of(
    _listed(["kind", "stage", "subject", "brand", "reference", "tag"], some_texts),
    _listed(["status"], st.sampled_from(STATUSES)),
    _listed(["waiting_on"], st.sampled_from(WAITING_ON)),
    _words_of("is", FLAGS_OF_ROW),
    _words_of("has", HAS_OF_ROW),
    _listed(["assignee"], FEW_PEOPLE | FEW_TEAMS | st.sampled_from(["me", "my_teams"])),
    _listed(["claimed_by"], FEW_PEOPLE | st.just("me")),
    _listed(["priority"], st.sampled_from(PRIORITIES)),
    _listed(["snoozed_until"], moments | day_spans),
    _listed(["currency"], CURRENCIES),
    _listed(["parent", "id"], FEW_IDS | st.uuids()),
    _listed(["kind_version", "version"], counts | st.builds(_span, st.tuples(counts, counts), ends)),
    _ordered(st.sampled_from(["kind_version", "version"]), counts),
    st.builds(Comparison, AGES, ORDERS, lengths.map(lambda v: (v,)), st.booleans()),
    _listed(["age", "stage_time", "duration"], st.builds(_length_span, st.tuples(lengths, lengths), ends)),
    _listed(["amount"], prices | price_spans),
    _listed(["created", "closed", "deadline"], moments | day_spans),
    _ordered(st.just("amount"), prices),
    _ordered(TIMES, moments),
)
untyped = _listed(["attributes.method"], some_texts)
typed: st.SearchStrategy[Term] = st.one_of(
    _typed("pieces", integers, st.builds(_span, st.tuples(integers, integers), ends)),
    _typed("rate", numbers, st.builds(_span, st.tuples(numbers, numbers), ends)),
    _typed("flag", st.sampled_from(["true", "false"]), ordered=False),
    _typed("due_on", moments, day_spans),
    _typed("seen_at", moments, day_spans),
    _typed("note", some_texts.filter(lambda text: not DIGITS.fullmatch(text))),
    _typed("colour", st.sampled_from(["red", "green"]), ordered=False),
)
paths = st.lists(st.sampled_from(STAGES), min_size=2, max_size=4).map(lambda names: Path(tuple(names)))
searched: st.SearchStrategy[Term] = st.one_of(
    _words_of("is", FLAGS),
    _words_of("has", HAS),
    _listed(["was"], st.sampled_from(STAGES)),
    _listed(["reason"], st.sampled_from(["fraud", "bank_returned"])),
    st.builds(
        Comparison,
        st.just("path"),
        st.just(Comparator.IS),
        st.lists(paths, min_size=1, max_size=2).map(tuple),
        st.booleans(),
    ),
)
words = st.builds(Words, some_texts.filter(lambda text: bool(text.strip())), st.booleans())
terms: st.SearchStrategy[Term] = words | columns | untyped | searched


def joined(group: type[AllOf] | type[AnyOf], members: list[Term], *, negated: bool) -> Term:
    """Members as one term, in the one form a tree has for it."""
    flat: list[Term] = []
    for member in members:
        flat += member.terms if isinstance(member, group) and not member.negated else (member,)
    if len(flat) > 1:
        return group(tuple(flat), negated)
    return msgspec.structs.replace(flat[0], negated=negated != flat[0].negated)


def trees(leaves: st.SearchStrategy[Term]) -> st.SearchStrategy[Query]:
    """Queries of these leaves: joined by AND and OR, negated, inside each other."""

    def grouped(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        members = st.lists(inner, min_size=2, max_size=3)
        groups: st.SearchStrategy[type[AllOf | AnyOf]] = st.sampled_from([AllOf, AnyOf])
        return st.builds(joined, groups, members, negated=st.booleans())

    def query(tops: list[Term]) -> Query:
        flat: list[Term] = []
        for top in tops:
            flat += top.terms if isinstance(top, AllOf) and not top.negated else (top,)
        return Query(tuple(flat))

    return st.lists(st.recursive(leaves, grouped, max_leaves=6), max_size=3).map(query)


queries = trees(terms)
typed_queries = trees(columns | typed)
row_queries = trees(columns | untyped | typed)
