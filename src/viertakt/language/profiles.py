"""Which part of the language a query needs: what one operation at hand can answer, or only the database."""

from enum import Enum, auto

from viertakt.language.fields import HISTORY, SEARCHED, known_field
from viertakt.language.model import Comparison, Query, Term, Words


class Profile(Enum):
    """`ROW` is decidable from the operation alone; `SEARCH` also looks at words, at the history and at other operations."""

    ROW = auto()
    SEARCH = auto()


def profile(query: Query) -> Profile:
    """The smallest profile that answers this query. Guards, scopes and subscriptions take only `ROW`."""
    return Profile.SEARCH if any(map(_searches, (*query.terms, *query.sight.terms))) else Profile.ROW


def is_searched(term: Comparison) -> bool:
    """Whether a comparison asks more than an operation at hand can tell."""
    if known_field(term.field, term.sort).sort in HISTORY:
        return True
    return any(isinstance(value, str) and value in SEARCHED for value in term.values) and term.field in {
        "is",
        "has",
    }


def _searches(term: Term) -> bool:
    match term:
        case Words():
            return True
        case Comparison():
            return is_searched(term)
        case _:
            return any(map(_searches, term.terms))
