"""Arbitrary queries as Hypothesis strategies: trees that `parse` could have made."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st

from viertakt.language.fields import FLAGS, STATUSES, WAITING_ON
from viertakt.language.model import (
    Ago,
    Anything,
    Comparator,
    Comparison,
    Price,
    Query,
    Span,
    Term,
    Words,
)

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
some_texts = (
    st.sampled_from(["withdrawal", "W-1", "player 7", '"', "\\", "a,b", "*", "OR", "-x", "a:b"]) | texts
)
prices = st.builds(
    Price, st.decimals(-(10**6), 10**6, places=2).map(lambda d: d + 0), st.sampled_from(["EUR", "USD", "JPY"])
)
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])
moments = (
    st.dates(date(1950, 1, 1), date(2900, 1, 1))
    | st.datetimes(datetime(1950, 1, 1), datetime(2900, 1, 1), timezones=zones)  # noqa: DTZ001
    | st.builds(Ago, st.integers(-5000, 5000), st.sampled_from("mhdw"))
)
COMPARATORS = st.sampled_from(list(Comparator))
TIMES = st.sampled_from(["created", "changed", "closed", "deadline"])


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
amounts = st.decimals(-1000, 1000, places=2)
days = st.dates(date(1950, 1, 1), date(2900, 1, 1))
price_spans = st.builds(_price_span, st.tuples(amounts, amounts), st.sampled_from(["EUR", "USD"]), ends)
day_spans = st.builds(_day_span, st.tuples(days, days), ends)

terms: st.SearchStrategy[Term] = st.one_of(
    st.builds(Words, some_texts.filter(lambda text: bool(text.strip())), st.booleans()),
    _listed(["kind", "stage", "subject", "brand", "reference", "tag", "attributes.method"], some_texts),
    _listed(["status"], st.sampled_from(STATUSES)),
    _listed(["waiting_on"], st.sampled_from(WAITING_ON)),
    _listed(["is"], st.sampled_from(FLAGS)),
    _listed(["parent"], st.uuids()),
    _listed(["amount"], prices | price_spans),
    _listed(["created", "closed", "deadline"], moments | day_spans),
    _ordered(st.just("amount"), prices),
    _ordered(TIMES, moments),
)
queries = st.builds(Query, st.lists(terms, max_size=4).map(tuple))
