"""Reading a query: text to tree, or a refusal that says where and what was meant.

    text ── lark (grammar.lark) ──► tokens with their places ── fields, values ──► Query

At most 2 kB, 200 nodes and 20 parentheses or negations inside each other: the cost of reading, of compiling and of
judging is bounded by the length of the text.
"""

import re
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from viertakt.errors import InvalidQuery
from viertakt.language.faults import Fault, closest, fault, shown
from viertakt.language.fields import (
    ATTRIBUTE_PREFIX,
    ATTRIBUTES,
    FIELDS,
    OPERATORS,
    ORDERED,
    Field,
    Fields,
    KnownFields,
    Sort,
    field,
)
from viertakt.language.model import AllOf, AnyOf, Comparator, Comparison, Hint, Path, Query, Term, Words
from viertakt.language.profiles import Profile, is_searched
from viertakt.language.unexpected import in_words
from viertakt.language.values import Written, read_value, read_variable

__all__ = ["BYTES_MAX", "NESTING_MAX", "NODES_MAX", "Profile", "examine", "parse", "term_places"]

BYTES_MAX = 2048
NODES_MAX = 200
NESTING_MAX = 20

# Any other backslash stands for itself.
_ESCAPED = re.compile(r"\\([\"\\])")


def parse(
    text: str,
    *,
    fields: Fields | None = None,
    profile: Profile = Profile.SEARCH,
    variables: Collection[str] = (),
) -> Query:
    """The tree of a query; an empty text means every operation. Raises `InvalidQuery`, the first fault.

    `fields` types the attributes it names, and leaves no others; without it attributes are compared as text.
    """
    query, faults = examine(text, fields=fields, profile=profile, variables=variables)
    if faults:
        raise faults[0]
    return query


def examine(
    text: str,
    *,
    fields: Fields | None = None,
    profile: Profile = Profile.SEARCH,
    variables: Collection[str] = (),
) -> tuple[Query, list[InvalidQuery]]:
    """What can be read of a query, and everything that is wrong with it: an author wants to hear of all faults at once."""
    reader = _Reader(fields, profile, variables)
    try:
        _check_text(text)
        query = reader.query(_tree(text))
        if reader.nodes > NODES_MAX:
            raise fault(
                f"A query has at most {NODES_MAX} terms and values; this one has {reader.nodes}.",
                offset=0,
                length=len(text),
                fault=Fault.TOO_LONG,
            )
    except InvalidQuery as refused:
        return Query(), [*reader.faults, refused]
    return query, reader.faults


def term_places(text: str) -> list[tuple[int, int]]:
    """Where each term of a query that reads stands: its beginning and its end, in characters."""
    tree = _tree(text)
    if not tree.children:
        return []
    either = _node(tree.children[0])
    parts = _node(either.children[0]).children if len(either.children) == 1 else [either]
    return [(_node(part).meta.start_pos, _node(part).meta.end_pos) for part in parts]


@cache
def _grammar() -> Lark:
    grammar = files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar, parser="lalr", lexer="contextual", maybe_placeholders=False, propagate_positions=True
    )


def _tree(text: str) -> Tree[Token]:
    try:
        return _grammar().parse(text.rstrip())
    except UnexpectedInput as unexpected:
        raise in_words(text, unexpected) from None


def _check_text(text: str) -> None:
    # Before anything reads it: PostgreSQL stores neither, and Python would only notice in the driver.
    for place, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            name = "a NUL character" if character == "\0" else "half of a surrogate pair"
            raise fault(f"A query cannot hold {name}.", offset=place, length=1)
    size = len(text.encode())
    if size > BYTES_MAX:
        raise fault(
            f"A query has at most {BYTES_MAX} bytes; this one has {size}.",
            offset=0,
            length=len(text),
            fault=Fault.TOO_LONG,
        )


class _Reader:
    """One query on its way from tokens to terms. A term that does not read is kept as a fault and left out."""

    def __init__(self, fields: Fields | None, profile: Profile, variables: Collection[str]) -> None:
        self.fields, self.profile, self.variables = fields, profile, variables
        self.faults: list[InvalidQuery] = []
        self.nodes = 0

    def query(self, tree: Tree[Token]) -> Query:
        if not tree.children:
            return Query()
        term = self._either(_node(tree.children[0]), nesting=0)
        if term is None:
            return Query()
        return Query(term.terms if isinstance(term, AllOf) and not term.negated else (term,))

    def _either(self, node: Tree[Token], nesting: int) -> Term | None:
        read = [self._both(_node(part), nesting) for part in node.children]
        return _joined(AnyOf, [term for term in read if term is not None])

    def _both(self, node: Tree[Token], nesting: int) -> Term | None:
        read = [self._factor(_node(part), nesting) for part in node.children]
        return _joined(AllOf, [term for term in read if term is not None])

    def _factor(self, node: Tree[Token], nesting: int) -> Term | None:
        *sign, content = node.children
        content = _node(content)
        if content.data in {"factor", "group"} and nesting == NESTING_MAX:
            opened = _first_token(content)
            raise fault(
                f"A query has at most {NESTING_MAX} parentheses or negations inside each other.",
                offset=_start(opened),
                length=len(opened),
                fault=Fault.TOO_LONG,
            )
        term: Term | None
        try:
            match content.data:
                case "factor":
                    term = self._factor(content, nesting + 1)
                case "group":
                    self.nodes += 1
                    term = self._either(_node(content.children[0]), nesting + 1)
                case "comparison":
                    term = self._comparison(content)
                case _:
                    term = self._words(content)
        except InvalidQuery as refused:
            if refused.facts["fault"] is Fault.TOO_LONG:
                raise
            self.faults.append(refused)
            return None
        return _negated(term) if sign and term is not None else term

    def _words(self, node: Tree[Token]) -> Words:
        self.nodes += 1
        written = _written(_token(node.children[0]))
        if not written.quoted and written.text in OPERATORS:
            raise written.fault(
                f"{written.text} stands {'before a term' if written.text == 'NOT' else 'between two terms'}. "
                f'Put it in quotes to search for the word "{written.text}".',
                fault=Fault.SHAPE,
            )
        if not written.text.strip():
            raise written.fault("There is nothing between these quotes to search for.", fault=Fault.SHAPE)
        if self.profile is Profile.ROW:
            raise written.fault(
                f"{shown(written.text)} is free text, which is for searching, not for rules. Write field:value.",
                fault=Fault.FREE_TEXT,
            )
        return Words(written.text)

    def _comparison(self, node: Tree[Token]) -> Comparison:
        name, sign, *nodes = node.children
        name, sign = _token(name), _token(sign)
        self.nodes += 1 + len(nodes)
        found = self._field(name)
        comparator = Comparator(str(sign))
        _check_comparable(found, sign)
        values = [_written(_token(_node(value).children[0])) for value in nodes]
        if len(values) > 1 and comparator is not Comparator.IS:
            raise values[1].fault(f"Several values stand after ':', not after '{sign}'.", expected=(":",))
        read = tuple(read_variable(v, self.variables) or read_value(found, comparator, v) for v in values)
        typed = found.sort in ATTRIBUTES and found.sort is not Sort.ATTRIBUTE
        # Each step of a path is a join: it costs what a value costs.
        self.nodes += sum(len(value.stages) - 2 for value in read if isinstance(value, Path))
        sort = found.sort if typed else None
        term = Comparison(str(name), comparator, read, sort=sort, hint=_hint(found, read))
        if self.profile is Profile.ROW and is_searched(term):
            raise _about(
                name,
                f"{name}{sign}{values[0].text} is for searching, not for rules: "
                "one operation at hand does not tell its history or its children.",
                Fault.SEARCH_ONLY,
            )
        return term

    def _field(self, token: Token) -> Field:
        name = str(token)
        found = field(name, self.fields)
        if found is not None:
            return found
        if isinstance(self.fields, KnownFields) and name in self.fields.masked:
            raise _about(
                token,
                f"{name} is personal: it is revealed one operation at a time, and nothing is found by it.",
                Fault.MASKED,
            )
        if name.startswith(ATTRIBUTE_PREFIX) and self.fields is None:
            raise _about(
                token,
                f"{shown(name)} is not the name of an attribute: small letters, digits and _.",
                Fault.UNKNOWN_FIELD,
            )
        attributes = [*self.fields] if self.fields is not None else [ATTRIBUTE_PREFIX + "<name>"]
        known = {*FIELDS, *attributes}
        raise _about(
            token,
            f"There is no field {shown(name)}.",
            Fault.UNKNOWN_FIELD,
            expected=known,
            # People leave the prefix out; an attribute of just this name is meant, whatever else looks like it.
            meant=ATTRIBUTE_PREFIX + name if ATTRIBUTE_PREFIX + name in known else closest(name, known),
        )


def _check_comparable(found: Field, sign: Token) -> None:
    if str(sign) == Comparator.IS.value or (found.sort in ORDERED and not found.values):
        return
    if found.sort is Sort.ATTRIBUTE:
        why = "its type is not known here"
    elif found.sort is Sort.BOOLEAN:
        why = "it is true or false"
    else:
        why = "it has no order"
    raise _about(
        sign,
        f"{found.name} can be asked with ':', not with '{sign}': {why}.",
        Fault.NOT_COMPARABLE,
        expected=(":",),
    )


def _joined(group: type[AllOf] | type[AnyOf], terms: list[Term]) -> Term | None:
    """One term of these: itself where it is alone; what joins the same way is joined with it, not put inside."""
    flat: list[Term] = []
    for term in terms:
        if isinstance(term, group) and not term.negated:
            flat.extend(term.terms)
        else:
            flat.append(term)
    if len(flat) < 2:
        return flat[0] if flat else None
    return group(tuple(flat))


def _negated(term: Term) -> Term:
    """The opposite; twice is not at all, for the logic has two values."""
    return msgspec.structs.replace(term, negated=not term.negated)


def _hint(found: Field, values: tuple[Any, ...]) -> Hint | None:
    """What the kinds say of all these values together; nothing where they do not know one of them."""
    if not found.places:
        return None
    known = {place.value: place for place in found.places}
    places = [known.get(value if isinstance(value, str) else None, known.get(None)) for value in values]
    if any(place is None for place in places):
        return None
    return Hint(
        status=tuple(sorted({status for place in places if place for status in place.status})),
        kind=tuple(sorted({kind for place in places if place for kind in place.kind})),
    )


def _about(
    token: Token, detail: str, what: Fault, *, expected: Collection[str] = (), meant: str | None = None
) -> InvalidQuery:
    return fault(detail, offset=_start(token), length=len(token), fault=what, expected=expected, meant=meant)


def _written(token: Token) -> Written:
    quoted = token.type == "QUOTED"
    text = _ESCAPED.sub(r"\1", token[1:-1]) if quoted else str(token)
    return Written(text, quoted=quoted, offset=_start(token), width=len(token))


def _first_token(node: Tree[Token]) -> Token:
    """Where a node begins; by a loop, for it may be nested deeper than Python may call."""
    first: Token | Tree[Token] = node
    while isinstance(first, Tree):
        first = first.children[0]
    return first


def _token(node: Token | Tree[Token]) -> Token:
    assert isinstance(node, Token), "The grammar puts a token here."
    return node


def _node(node: Token | Tree[Token]) -> Tree[Token]:
    assert isinstance(node, Tree), "The grammar puts a rule here."
    return node


def _start(token: Token) -> int:
    assert token.start_pos is not None, "A token that was read knows where it stood."
    return token.start_pos
