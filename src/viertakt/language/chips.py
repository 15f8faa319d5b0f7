"""A query as the pieces that the filter bar shows: each with its canonical text and its place in what was written."""

import msgspec

from viertakt.language.fields import Fields
from viertakt.language.model import Comparison, Query
from viertakt.language.parse import parse, term_places
from viertakt.language.text import terms_text


class Chip(msgspec.Struct, frozen=True):
    """One term that has to hold. `text` with its sign, so that texts joined by blanks are the query again.

    `field`: of a comparison, None for words and groups. `offset`, `end`: where it stands, in characters.
    """

    text: str
    negated: bool
    field: str | None
    offset: int
    end: int


def chips(text: str, fields: Fields | None = None) -> tuple[Query, list[Chip]]:
    """The tree, and a chip for each of its terms as they were written. Raises `InvalidQuery`."""
    query = parse(text, fields=fields)
    return query, [_chip(text, place, fields) for place in term_places(text)]


def _chip(text: str, place: tuple[int, int], fields: Fields | None) -> Chip:
    offset, end = place
    piece = parse(text[offset:end], fields=fields)
    only = piece.terms[0] if len(piece.terms) == 1 else None
    return Chip(
        # Of several terms in needless parentheses the text has none: beside others they hold all the same.
        text=terms_text(piece.terms),
        negated=only is not None and only.negated,
        field=only.field if isinstance(only, Comparison) else None,
        offset=offset,
        end=end,
    )
