"""Reading an attribute as its type says, from the text that stands in the row; None where it is no such value.

An attribute is JSON, and an older version of its kind may have let in something else. So a value counts as a number or
a time only in a form that Python and PostgreSQL read alike: these patterns are used by both, and what a kind lets in
(`operations.rules_content`) is judged by these very functions, so that nothing that was let in compares as nothing.
"""

import re
from datetime import date, datetime
from decimal import Decimal

NUMBER_FORM = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
DAY_FORM = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# No offset beyond those of the earth, no hour 24 and no second 60: the two disagree there. Nanoseconds are let in, for
# other languages write them, and cut to microseconds.
INSTANT_FORM = (
    DAY_FORM
    + r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
)
_NUMBER, _DAY, _INSTANT = re.compile(NUMBER_FORM), re.compile(DAY_FORM), re.compile(INSTANT_FORM)


def as_text(value: object) -> str | None:
    """What `attributes ->> name` is in PostgreSQL."""
    match value:
        case None | str():
            return value
        case True | False:
            return "true" if value else "false"
        case int() | Decimal():
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
    raise AssertionError(f"An attribute is text, a number or a truth value, not a {type(value).__name__}.")


def read_number(text: str) -> Decimal | None:
    """The number a text is."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def read_day(text: str) -> date | None:
    """The day a text is."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def read_instant(text: str) -> datetime | None:
    """The moment a text is, with its offset."""
    try:
        return datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    except ValueError:
        return None
