"""Printing a tree back to text that reads into the same tree."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from viertakt.language.fields import OPERATORS
from viertakt.language.model import (
    Ago,
    AllOf,
    AnyOf,
    Anything,
    Comparison,
    Length,
    Path,
    Price,
    Query,
    Span,
    Term,
    Variable,
    Words,
)

# What may stand without quotes; narrower than what can be read, so that what is printed is never ambiguous.
BARE_VALUE = re.compile(r"[^\W-][\w.:@/+-]*")
BARE_WORD = re.compile(r"[^\W-][\w.@/+-]*")


def to_text(query: Query) -> str:
    """The text of a query, one blank between its terms."""
    if len(query.terms) == 1:
        (only,) = query.terms
        if isinstance(only, AnyOf) and not only.negated:
            return _either(only.terms)
    return terms_text(query.terms)


def terms_text(terms: Iterable[Term]) -> str:
    """The text of terms that must all hold, fit to stand beside others: an OR keeps its parentheses."""
    return " ".join(_term(term) for term in terms)


def _either(terms: Iterable[Term]) -> str:
    # AND binds closer than OR, so what must all hold needs no parentheses here.
    return " OR ".join(
        terms_text(term.terms) if isinstance(term, AllOf) and not term.negated else _term(term)
        for term in terms
    )


def _term(term: Term) -> str:
    sign = "-" if term.negated else ""
    match term:
        case Words(text):
            bare = BARE_WORD.fullmatch(text) and text not in OPERATORS
            return sign + (text if bare else _quoted(text))
        case Comparison(field, comparator, values):
            return f"{sign}{field}{comparator.value}{','.join(value_text(value) for value in values)}"
        case AnyOf(terms):
            return f"{sign}({_either(terms)})"
        case AllOf(terms):
            return f"{sign}({terms_text(terms)})"


def value_text(value: Any) -> str:  # noqa: C901 - one case for each sort of value
    """One value as it is written in a query; text in quotes where it must be."""
    match value:
        case Anything():
            text = "*"
        case Span(low, high):
            text = f"{'' if low is None else value_text(low)}..{'' if high is None else value_text(high)}"
        case Price(amount, currency):
            text = f"{amount:f}{currency}"
        case Decimal():
            text = f"{value:f}"
        case Ago(count, unit):
            text = f"{count:+d}{unit}"
        case Length(count, unit):
            text = f"{count}{unit}"
        case Path(stages):
            text = ">".join(stages)
        case Variable(name):
            text = f"${name}"
        case datetime() | date():
            text = value.isoformat()
        case UUID():
            text = str(value)
        case str():
            text = value if BARE_VALUE.fullmatch(value) else _quoted(value)
        case _:
            raise AssertionError(f"A query holds no {type(value).__name__}.")
    return text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
