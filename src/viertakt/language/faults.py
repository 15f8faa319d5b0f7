"""How a query is refused: where (offset and length in characters), what was expected, and what was perhaps meant."""

from collections.abc import Collection
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from viertakt.errors import InvalidQuery


class Fault(StrEnum):
    """What is wrong with a query, for those who act on it; people read the sentence."""

    SHAPE = "shape"
    TOO_LONG = "too_long"
    FREE_TEXT = "free_text"
    SEARCH_ONLY = "search_only"
    UNKNOWN_FIELD = "unknown_field"
    MASKED = "masked"
    UNKNOWN_VALUE = "unknown_value"
    UNKNOWN_VARIABLE = "unknown_variable"
    NOT_COMPARABLE = "not_comparable"
    WRONG_VALUE = "wrong_value"
    NO_CURRENCY = "amount_without_currency"


def fault(
    detail: str,
    *,
    offset: int,
    length: int,
    fault: Fault = Fault.SHAPE,
    expected: Collection[str] = (),
    meant: str | None = None,
) -> InvalidQuery:
    """The refusal to raise; its facts let an editor underline the place and offer the remedy."""
    facts: dict[str, Any] = {"offset": offset, "length": length, "fault": fault.value}
    if expected:
        facts["expected"] = sorted(expected)
    if meant:
        facts["did_you_mean"] = meant
        detail = f"{detail} Did you mean {meant}?"
    return InvalidQuery(detail, **facts)


def closest(word: str, known: Collection[str]) -> str | None:
    """What somebody who wrote this word probably meant: one that is spelt nearly so, or the one that begins or ends so."""
    sought = word.lower()
    close = get_close_matches(sought, list(known), n=1, cutoff=0.6)
    if close:
        return close[0]
    longer = [
        name for name in known if len(sought) > 2 and (name.startswith(sought) or name.endswith(sought))
    ]
    return longer[0] if len(longer) == 1 else None


def shown(text: str) -> str:
    """A piece of a query as it may stand in a message: short, in quotes, without characters that disturb."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return repr(short)
