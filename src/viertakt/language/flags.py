"""What the flags that one operation answers mean, said in the language itself: so both compilers cannot differ.

    is:overdue   status:pending deadline<-0m
    has:parent   parent:*

`is:contradiction` is a column and needs no words; those flags that only the database answers are in `searching`.
"""

from collections.abc import Mapping
from functools import cache

from viertakt.language.model import AllOf, Query, Term
from viertakt.language.parse import parse

MEANING: Mapping[str, str] = {
    "is:open": "status:pending",
    "is:closed": "-status:pending",
    "is:overdue": "status:pending deadline<-0m",
    "is:claimed": "claimed_by:*",
    "is:mine": "assignee:me OR claimed_by:me",
    "is:snoozed": "snoozed_until>-0m",
    "has:amount": "amount:*",
    "has:brand": "brand:*",
    "has:deadline": "deadline:*",
    "has:parent": "parent:*",
    "has:subject": "subject:*",
    "has:tag": "tag:*",
    "has:waiting_on": "waiting_on:*",
}


@cache
def meaning(field: str, word: str) -> Term | None:
    """The term that `field:word` stands for; None where it is a column of its own, or the database's to answer."""
    text = MEANING.get(f"{field}:{word}")
    return None if text is None else _one(parse(text))


def _one(query: Query) -> Term:
    return query.terms[0] if len(query.terms) == 1 else AllOf(query.terms)
