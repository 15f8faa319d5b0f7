"""What callers get about a query's text: what it reads as, and what may come next."""

from typing import Literal

import msgspec


class QueryChip(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """One term of a query. `text` with its sign: joined by blanks the texts are the query. `from`, `to`: its place in `q`.

    `field` is absent for free words and groups.
    """

    text: str
    negated: bool
    from_: int
    to: int
    field: str | None = None


class ParsedQuery(msgspec.Struct, frozen=True):
    """A query that reads. `profile`: `row` is decidable from one operation, `search` only by the database."""

    canonical: str
    chips: tuple[QueryChip, ...]
    profile: Literal["row", "search"]


class QuerySuggestion(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """Text to put in place of what stands between `from` and `to`, in characters."""

    text: str
    label: str
    kind: Literal["field", "value", "operator"]
    from_: int
    to: int


class QuerySuggestions(msgspec.Struct, frozen=True):
    """What fits where the caret stands, the likeliest first, at most 20."""

    items: tuple[QuerySuggestion, ...]
