"""Reading a query: text to tree, or a refusal that says where and what was meant.

    text ── lark (grammar.lark) ──► tokens with their places ── fields, values ──► Query

At most 2 kB and 200 nodes, and no nesting: the cost of reading is bounded by the length of the text.
"""

import re
from functools import cache
from importlib.resources import files
from typing import NoReturn

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from viertakt.language.faults import closest, fault, shown
from viertakt.language.fields import (
    ATTRIBUTE_PREFIX,
    FIELDS,
    NOT_YET_FIELDS,
    NOT_YET_WORDS,
    Field,
    Sort,
    field,
)
from viertakt.language.model import Comparator, Comparison, Query, Term, Words
from viertakt.language.values import Written, read_value

BYTES_MAX = 2048
NODES_MAX = 200

# Any other backslash stands for itself.
_ESCAPED = re.compile(r"\\([\"\\])")
ORDERED = frozenset({Sort.AMOUNT, Sort.TIME})


def parse(text: str) -> Query:
    """The tree of a query; an empty text means every operation. Raises `InvalidQuery`."""
    _check_text(text)
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as unexpected:
        _refuse(text, unexpected)
    terms = tuple(_term(node) for node in tree.children if isinstance(node, Tree))
    nodes = sum(1 + len(term.values) if isinstance(term, Comparison) else 1 for term in terms)
    if nodes > NODES_MAX:
        raise fault(
            f"A query has at most {NODES_MAX} terms and values; this one has {nodes}.",
            offset=0,
            length=len(text),
        )
    return Query(terms)


@cache
def _grammar() -> Lark:
    grammar = files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=False)


def _check_text(text: str) -> None:
    # Before anything reads it: PostgreSQL stores neither, and Python would only notice in the driver.
    for place, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            name = "a NUL character" if character == "\0" else "half of a surrogate pair"
            raise fault(f"A query cannot hold {name}.", offset=place, length=1)
    size = len(text.encode())
    if size > BYTES_MAX:
        raise fault(
            f"A query has at most {BYTES_MAX} bytes; this one has {size}.", offset=0, length=len(text)
        )


def _term(node: Tree[Token]) -> Term:
    *minus, content = node.children
    assert isinstance(content, Tree), "A term holds a comparison or words; the grammar says so."
    negated = bool(minus)
    return (
        _comparison(content, negated=negated)
        if content.data == "comparison"
        else _words(content, negated=negated)
    )


def _words(node: Tree[Token], *, negated: bool) -> Words:
    written = _written(_token(node.children[0]))
    if not written.quoted and written.text in NOT_YET_WORDS:
        raise written.fault(
            f"{written.text} is not understood yet: terms beside each other must all hold, '-' before one negates it. "
            f'Put it in quotes to search for the word "{written.text}".'
        )
    if not written.text.strip():
        raise written.fault("There is nothing between these quotes to search for.")
    return Words(written.text, negated)


def _comparison(node: Tree[Token], *, negated: bool) -> Comparison:
    name, sign, *nodes = node.children
    name, sign = _token(name), _token(sign)
    found = _field(name)
    comparator = Comparator(str(sign))
    if comparator is not Comparator.IS and found.sort not in ORDERED:
        why = (
            "until attributes are compared by their type"
            if found.sort is Sort.ATTRIBUTE
            else "it has no order"
        )
        raise fault(
            f"{name} can be asked with ':', not with '{sign}': {why}.",
            offset=_start(sign),
            length=len(sign),
            expected=(":",),
        )
    values = [_written(_token(value.children[0])) for value in nodes if isinstance(value, Tree)]
    if len(values) > 1 and comparator is not Comparator.IS:
        raise values[1].fault(f"Several values stand after ':', not after '{sign}'.", expected=(":",))
    return Comparison(str(name), comparator, tuple(read_value(found, comparator, v) for v in values), negated)


def _field(token: Token) -> Field:
    found = field(str(token))
    if found is not None:
        return found
    name = str(token)
    offset, length = _start(token), len(name)
    if name in NOT_YET_FIELDS:
        raise fault(f"The field {name} is not understood yet.", offset=offset, length=length, expected=FIELDS)
    if name.startswith(ATTRIBUTE_PREFIX):
        raise fault(
            f"{shown(name)} is not the name of an attribute: small letters, digits and _.",
            offset=offset,
            length=length,
        )
    raise fault(
        f"There is no field {shown(name)}.",
        offset=offset,
        length=length,
        expected=[*FIELDS, ATTRIBUTE_PREFIX + "<name>"],
        meant=closest(name, FIELDS),
    )


def _written(token: Token) -> Written:
    quoted = token.type == "QUOTED"
    text = _ESCAPED.sub(r"\1", token[1:-1]) if quoted else str(token)
    return Written(text, quoted=quoted, offset=_start(token), width=len(token))


def _token(node: Token | Tree[Token]) -> Token:
    assert isinstance(node, Token), "The grammar puts a token here."
    return node


def _start(token: Token) -> int:
    assert token.start_pos is not None, "A token that was read knows where it stood."
    return token.start_pos


def _refuse(text: str, unexpected: UnexpectedInput) -> NoReturn:
    """Say in words what lark found; its own messages name terminals."""
    if isinstance(unexpected, UnexpectedCharacters):
        offset, allowed = int(unexpected.pos_in_stream or 0), set(unexpected.allowed or ())
    elif isinstance(unexpected, UnexpectedToken):
        at_end = unexpected.token.type == "$END"
        offset = len(text) if at_end else _start(unexpected.token)
        allowed = set(unexpected.accepts or unexpected.expected)
    else:
        offset, allowed = len(text), set()
    length = 1 if offset < len(text) else 0
    found = text[offset : offset + 1]
    if not found:
        detail = (
            "The query ends where a value was expected."
            if "PLAIN" in allowed
            else "The query ends too early."
        )
    elif found in "()":
        detail = "Parentheses are not understood yet: terms beside each other must all hold."
    elif found == '"':
        detail = (
            "This quote is never closed."
            if '"' not in text[offset + 1 :]
            else "A blank is missing before this quote."
        )
    elif found == "=":
        detail = "'=' is not a comparison: write ':', or '>=' and '<='."
    elif "PLAIN" in allowed:
        detail = "A value stands right after its field, without a blank."
    else:
        detail = f"{shown(found)} cannot stand here."
    raise fault(detail, offset=offset, length=length, expected=sorted(_in_words(allowed)))


def _in_words(terminals: set[str]) -> set[str]:
    names = {
        "FIELD": "a field",
        "WORD": "a word",
        "QUOTED": "a text in quotes",
        "PLAIN": "a value",
        "STAR": "*",
        "MINUS": "-",
        "_COMMA": ",",
        "_BLANK": "a blank",
        "COMPARATOR": "a comparison",
        "$END": "the end",
    }
    return {names[terminal] for terminal in terminals if terminal in names}
