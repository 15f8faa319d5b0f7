"""What may be written next: suggestions for the place where the caret stands. Pure; what is known comes with `fields`.

    kind:withdrawal sta|        status:  stage:  stage_time>         a field, at the beginning of a term
    kind:withdrawal stage:un|   stage:under_review                   a value, after a field's sign
    path:under_review>ap|       approved                             one stage of a path

Half-written text is no query yet, so nothing is parsed: the term around the caret is looked at by itself.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from viertakt.language.fields import FIELDS, LENGTHS, ORDERED, Field, Fields, Sort, field
from viertakt.language.text import value_text

SUGGESTIONS_MAX = 20
CURRENCIES = ("EUR", "USD", "GBP")
PAST = ("-1h", "-24h", "-7d", "-30d", "-90d")
AHEAD = ("+1h", "+24h", "+7d")
OFFERED_LENGTHS = ("1h", "4h", "24h", "2d", "7d", "30d")
EXAMPLES = {
    Sort.AMOUNT: ">=1000EUR",
    Sort.TIME: ">-24h",
    Sort.AGE: ">2d",
    Sort.DURATION: ">2d",
    Sort.PATH: ":under_review>approved",
    Sort.COUNT: ":1",
}

_TERM = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_.\-]*)(?P<sign>:|>=|<=|>|<)(?P<values>.*)", re.DOTALL)


class Suggestion(msgspec.Struct, frozen=True):
    """Text to put in place of what stands from `offset` to `end`. `kind`: field, value or operator."""

    text: str
    label: str
    kind: Literal["field", "value", "operator"]
    offset: int
    end: int


def complete(text: str, caret: int, fields: Fields | None = None) -> list[Suggestion]:
    """What fits where the caret stands, the likeliest first, at most 20. `fields`: what the published kinds add."""
    caret = max(0, min(caret, len(text)))
    start, end = _around(text, caret)
    known = _known(fields)
    found = _TERM.fullmatch(text[start:caret])
    if found is None:
        suggestions = _fields(text, start, caret, end, known)
    else:
        of = field(found["name"], fields) or field(found["name"])
        suggestions = (
            [] if of is None else _values(of, text, (start + found.start("values"), caret, end), known)
        )
    return suggestions[:SUGGESTIONS_MAX]


def _known(fields: Fields | None) -> dict[str, Field]:
    return {**FIELDS, **(fields or {})}


def _around(text: str, caret: int) -> tuple[int, int]:
    """The term around the caret, without its sign. A blank inside quotes does not end it."""
    start, quoted = 0, False
    for place, character in enumerate(text[:caret]):
        if character == '"':
            quoted = not quoted
        elif not quoted and (character.isspace() or character in "()"):
            start = place + 1
    if text[start : start + 1] == "-" and start < caret:
        start += 1
    end = caret
    while end < len(text) and (quoted or not (text[end].isspace() or text[end] in "()")):
        quoted = quoted and text[end] != '"'
        end += 1
    return start, end


def _fields(text: str, start: int, caret: int, end: int, known: dict[str, Field]) -> list[Suggestion]:
    prefix = text[start:caret]
    sign = re.search(r"[:<>]=?", text[caret:end])
    end = caret + sign.end() if sign else end
    suggestions = []
    if prefix in known and known[prefix].sort in ORDERED and not known[prefix].values:
        signs = (">", "<") if known[prefix].sort in LENGTHS else (">=", "<=", ":")
        suggestions = [Suggestion(prefix + sign, prefix + sign, "operator", start, end) for sign in signs]
        known = {name: one for name, one in known.items() if name != prefix}
    suggestions += [
        Suggestion(name + _sign(known[name]), name + _example(known[name]), "field", start, end)
        for name in _ranked(prefix, known)
    ]
    if text[:start].strip().rstrip("-") and text[start - 1 : start] != "-":
        operators = [
            Suggestion(word, word, "operator", start, end) for word in _ranked(prefix, ("OR", "NOT"))
        ]
        # In capitals only an operator can be meant.
        suggestions = operators + suggestions if prefix.isupper() else suggestions + operators
    return suggestions


def _values(of: Field, text: str, places: tuple[int, int, int], known: dict[str, Field]) -> list[Suggestion]:
    # A list, a range and a path have several values: only the one around the caret is replaced.
    start, caret, end = places
    for mark in (",", "..") if of.sort is not Sort.PATH else (",", ">"):
        at = text.rfind(mark, start, caret)
        start = at + len(mark) if at >= 0 else start
    for mark in (",", "..", ">"):
        at = text.find(mark, caret, end)
        end = at if at >= 0 else end
    prefix = text[start:caret].removeprefix('"')
    return [
        Suggestion(value_text(value) if value in of.values else value, value, "value", start, end)
        for value in _ranked(prefix, _offered(of, prefix, known))
    ]


def _offered(of: Field, prefix: str, known: dict[str, Field]) -> Sequence[str]:
    match of.sort:
        case Sort.PATH | Sort.STAGES:
            return known["stage"].values
        case Sort.AMOUNT:
            digits = re.match(r"-?[0-9.]+", prefix)
            return tuple(digits[0] + currency for currency in CURRENCIES) if digits else ("*",)
        case Sort.TIME | Sort.DATE | Sort.DATETIME:
            ahead = of.name == "deadline" or of.sort is not Sort.TIME
            return (*AHEAD, *PAST, "*") if ahead else (*PAST, "*") if of.optional else PAST
        case Sort.AGE | Sort.DURATION:
            return OFFERED_LENGTHS
        case Sort.NAME if of.name == "currency":
            return (*CURRENCIES, "*")
        case _:
            return (*of.values, "*") if of.optional else of.values


def _ranked(prefix: str, words: Iterable[str]) -> list[str]:
    """Those that begin so, then those of which a part does, then those that hold it; in their own order."""
    sought = prefix.lower()

    def distance(word: str) -> int:
        plain = word.lower()
        if plain.startswith(sought):
            return 0
        return 1 if sought in re.split(r"[._]", plain) or re.search(r"[._]" + re.escape(sought), plain) else 2

    near = [word for word in words if sought in word.lower()]
    return sorted(near, key=distance)


def _sign(of: Field) -> str:
    return ">" if of.sort in LENGTHS else ":"


def _example(of: Field) -> str:
    return EXAMPLES.get(of.sort, ":")
