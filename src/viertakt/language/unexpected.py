"""Says in words what lark found; its own messages name terminals."""

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from viertakt.errors import InvalidQuery
from viertakt.language.faults import fault, shown

NAMES = {
    "FIELD": "a field",
    "WORD": "a word",
    "QUOTED": "a text in quotes",
    "PLAIN": "a value",
    "STAR": "*",
    "MINUS": "-",
    "NOT": "NOT",
    "_AND": "AND",
    "_OR": "OR",
    "_OPEN": "(",
    "_CLOSE": ")",
    "_COMMA": ",",
    "_BLANK": "a blank",
    "COMPARATOR": "a comparison",
    "$END": "the end",
}


def in_words(text: str, unexpected: UnexpectedInput) -> InvalidQuery:
    """The refusal of a text whose form is wrong."""
    offset, allowed = _place(text, unexpected)
    found = text[offset : offset + 1]
    expected = sorted({NAMES[terminal] for terminal in allowed if terminal in NAMES})
    return fault(_detail(text, offset, allowed), offset=offset, length=len(found), expected=expected)


def _place(text: str, unexpected: UnexpectedInput) -> tuple[int, set[str]]:
    """Where it went wrong, and what might have stood there."""
    end = len(text.rstrip())
    if isinstance(unexpected, UnexpectedCharacters):
        return int(unexpected.pos_in_stream or 0), set(unexpected.allowed or ())
    if isinstance(unexpected, UnexpectedToken):
        allowed = set(unexpected.accepts or unexpected.expected)
        token = unexpected.token
        if token.type == "$END":
            return end, allowed
        return _first_visible(token, allowed), allowed
    return end, set()


def _first_visible(token: Token, allowed: set[str]) -> int:
    """Operators take the blanks before them along; the fault is in what follows, unless the blank itself is."""
    assert token.start_pos is not None, "A token that was read knows where it stood."
    if "PLAIN" in allowed:
        return token.start_pos
    return token.start_pos + len(token) - len(token.lstrip() or token)


def _detail(text: str, offset: int, allowed: set[str]) -> str:
    found = text[offset : offset + 1]
    value_wanted = "PLAIN" in allowed
    if offset >= len(text.rstrip()):
        return _cut_short(allowed)
    if found == '"':
        closed = '"' in text[offset + 1 :]
        detail = "A blank is missing before this quote." if closed else "This quote is never closed."
    elif found == "=":
        detail = "'=' is not a comparison: write ':', or '>=' and '<='."
    elif found == "(" and value_wanted:
        detail = "Parentheses stand around terms; several values are listed, as in kind:a,b."
    elif value_wanted:
        detail = "A value stands right after its field, without a blank."
    elif found == "(":
        detail = "A blank is missing before this parenthesis."
    elif found == ")" and "_OPEN" in allowed:
        detail = "There is nothing in these parentheses."
    elif found == ")":
        detail = "This parenthesis closes nothing."
    else:
        detail = f"{shown(found)} cannot stand here."
    return detail


def _cut_short(allowed: set[str]) -> str:
    if "PLAIN" in allowed:
        return "The query ends where a value was expected."
    return "A parenthesis is not closed." if "_CLOSE" in allowed else "The query ends too early."
