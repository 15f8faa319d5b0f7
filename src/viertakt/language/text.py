"""Printing a tree back to text that reads into the same tree."""

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from viertakt.language.fields import NOT_YET_WORDS
from viertakt.language.model import Ago, Anything, Comparison, Price, Query, Span, Term, Words

# What may stand without quotes; narrower than what can be read, so that what is printed is never ambiguous.
BARE_VALUE = re.compile(r"[^\W-][\w.:@/+-]*")
BARE_WORD = re.compile(r"[^\W-][\w.@/+-]*")


def to_text(query: Query) -> str:
    """The text of a query, one blank between its terms."""
    return " ".join(_term(term) for term in query.terms)


def _term(term: Term) -> str:
    sign = "-" if term.negated else ""
    match term:
        case Words(text):
            bare = BARE_WORD.fullmatch(text) and text not in NOT_YET_WORDS
            return sign + (text if bare else _quoted(text))
        case Comparison(field, comparator, values):
            return f"{sign}{field}{comparator.value}{','.join(_value(value) for value in values)}"


def _value(value: Any) -> str:
    match value:
        case Anything():
            text = "*"
        case Span(low, high):
            text = f"{'' if low is None else _value(low)}..{'' if high is None else _value(high)}"
        case Price(amount, currency):
            text = f"{amount:f}{currency}"
        case Ago(count, unit):
            text = f"{count:+d}{unit}"
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
