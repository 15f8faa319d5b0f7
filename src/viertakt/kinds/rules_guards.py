"""Type-checks the queries inside a kind: guards, approvals' conditions and the queries of checks.

They are of the query language's *row* profile, over the operation's own fields and the kind's attributes. This reads
just enough of the language (terms, AND, OR, NOT, parentheses, lists, ranges, variables) to say which term is wrong.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.model import Attribute, AttributeType, Kind, Status, WaitingOn

QUERY_BYTES_MAX = 2048  # the language's own bounds
TERMS_MAX = 200

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<paren>[()])
      | (?P<term>-?(?P<field>[A-Za-z_][A-Za-z0-9_.]*)(?P<op>>=|<=|:|>|<|=)
          (?P<value>(?:"(?:[^"\\]|\\.)*"|[^\s()",]+)(?:,(?:"(?:[^"\\]|\\.)*"|[^\s()",]+))*)?)
      | (?P<text>-?"(?:[^"\\]|\\.)*")
      | (?P<word>[^\s()]+)
    )""",
    re.VERBOSE,
)
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,]+)')
_MONEY = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,18})?([A-Z]{3})", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,18})?", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_MOMENT = re.compile(
    r"now|today|[-+][0-9]{1,6}(s|m|h|d|w)|[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:.]{4,20}(Z|[-+][0-9:]{4,6})?)?)?)?",
    re.ASCII,
)
_AGE = re.compile(r"[0-9]{1,6}(s|m|h|d|w)", re.ASCII)
_VARIABLES = frozenset({"subject", "brand", "reference", "id", "amount", "currency", "kind", "parent", "me"})


class _Sort(StrEnum):
    TEXT = "text"
    WORD = "word"  # a text out of a closed list
    MONEY = "money"
    INTEGER = "whole number"
    DECIMAL = "number"
    BOOLEAN = "boolean"
    MOMENT = "moment"
    AGE = "age"


class _Field(msgspec.Struct, frozen=True):
    sort: _Sort
    words: tuple[str, ...] = ()


_FLAGS = (
    "contradiction",
    "ended",
    "final",
    "mine",
    "open",
    "overdue",
    "paused",
    "provisional",
    "reopened",
    "restricted",
    "stuck",
    "unassigned",
)
_PARTS = (
    "amount",
    "approvals",
    "assignee",
    "attributes",
    "children",
    "contradiction",
    "deadline",
    "notes",
    "parent",
    "reason",
    "subject",
    "tags",
)
_OWN_FIELDS: dict[str, _Field] = {
    **dict.fromkeys(
        (
            "kind",
            "stage",
            "reference",
            "subject",
            "brand",
            "assignee",
            "reason",
            "tag",
            "currency",
            "parent",
            "id",
        ),
        _Field(_Sort.TEXT),
    ),
    **dict.fromkeys(
        ("created", "changed", "entered", "deadline", "closed", "recorded"), _Field(_Sort.MOMENT)
    ),
    "status": _Field(_Sort.WORD, tuple(Status)),
    "waiting_on": _Field(_Sort.WORD, tuple(WaitingOn)),
    "amount": _Field(_Sort.MONEY),
    "version": _Field(_Sort.INTEGER),
    "age": _Field(_Sort.AGE),
    "is": _Field(_Sort.WORD, _FLAGS),
    "has": _Field(_Sort.WORD, _PARTS),
}
_SEARCH_ONLY = frozenset({"path", "stage_time", "text"})
_SORTS = {
    AttributeType.STRING: _Sort.TEXT,
    AttributeType.INTEGER: _Sort.INTEGER,
    AttributeType.DECIMAL: _Sort.DECIMAL,
    AttributeType.BOOLEAN: _Sort.BOOLEAN,
    AttributeType.DATE: _Sort.MOMENT,
    AttributeType.DATETIME: _Sort.MOMENT,
}
_PATTERNS = {
    _Sort.INTEGER: (_INTEGER, "a whole number"),
    _Sort.DECIMAL: (_NUMBER, "a number"),
    _Sort.MOMENT: (_MOMENT, "a day, a time or a relative time such as -24h"),
    _Sort.AGE: (_AGE, "an age such as 2d"),
}


def check_guards(kind: Kind, complaints: Complaints, foreign: Mapping[str, Attribute] | None = None) -> None:
    """Complain about every query in the kind. `foreign`: attributes of other kinds, for queries that name those."""
    for name, transition in kind.transitions.items():
        if transition.when is not None:
            check_query(transition.when, kind, ("transitions", name, "when"), complaints, foreign)
        for index, approval in enumerate(transition.approvals):
            if approval.when is not None:
                path = ("transitions", name, "approvals", index, "when")
                check_query(approval.when, kind, path, complaints, foreign)
    for check_name, check in kind.checks.items():
        for key, query in (("rule", check.rule), ("count", check.count), ("sum", check.sum)):
            if query is not None:
                check_query(query, kind, ("checks", check_name, key), complaints, foreign)


def check_query(
    query: str,
    kind: Kind,
    path: tuple[str | int, ...],
    complaints: Complaints,
    foreign: Mapping[str, Attribute] | None = None,
) -> None:
    """Complain about one query: its shape first, then each term against the fields it names."""
    if len(query.encode()) > QUERY_BYTES_MAX:
        complaints.add(path, "query_too_long", f"A query is at most {QUERY_BYTES_MAX} bytes.", value=query)
        return
    tokens = list(_TOKEN.finditer(query.rstrip()))
    if not any(token["term"] for token in tokens):
        complaints.add(path, "query_empty", "The query has no term such as amount>=1000EUR.", value=query)
    if len(tokens) > TERMS_MAX:
        complaints.add(path, "query_too_long", f"A query has at most {TERMS_MAX} terms.", value=query)
        return
    if (wrong := _misshapen(tokens)) is not None:
        complaints.add(
            path,
            "query_shape",
            wrong,
            value=query,
            remedy="Put AND and OR between terms and close what you open.",
        )
    own = not _names_other_kinds(tokens, kind)
    for token in tokens:
        if token["term"]:
            _check_term(token, kind, path, complaints, foreign or {}, own=own)
        elif token["text"] or (token["word"] and token["word"] not in {"AND", "OR", "NOT"}):
            said = (token["text"] or token["word"]).strip()
            detail = f"{said!r} is no term: free text is for searching, not for rules."
            complaints.add(path, "query_text", detail, value=said, remedy="Write field:value.")


def _misshapen(tokens: list[re.Match[str]]) -> str | None:
    """What is wrong with the order of operators and parentheses; None where it is in order."""
    depth = 0
    operand_before = False
    for token in tokens:
        if token["paren"] == "(":
            depth += 1
            operand_before = False
        elif token["paren"] == ")":
            depth -= 1
            if depth < 0 or not operand_before:
                return "A parenthesis closes nothing."
        elif token["word"] in {"AND", "OR"}:
            if not operand_before:
                return f"{token['word']} has nothing before it."
            operand_before = False
        else:
            operand_before = token["word"] != "NOT"
    if depth:
        return "A parenthesis is not closed."
    return None if operand_before or not tokens else "The query ends where a term is expected."


def _names_other_kinds(tokens: list[re.Match[str]], kind: Kind) -> bool:
    named = [value for token in tokens if token["field"] == "kind" for value in _values(token)]
    return any(value != kind.kind for value in named)


def _values(token: re.Match[str]) -> list[str]:
    return [quoted or bare for quoted, bare in _VALUE.findall(token["value"] or "")]


def _check_term(
    token: re.Match[str],
    kind: Kind,
    path: tuple[str | int, ...],
    complaints: Complaints,
    foreign: Mapping[str, Attribute],
    *,
    own: bool,
) -> None:
    name = token["field"]
    term = token["term"]
    if name in _SEARCH_ONLY:
        complaints.add(
            path,
            "query_search_only",
            f"{name!r} looks into the history: it is for searching, not for rules.",
            value=term,
        )
        return
    field = _field(name, kind, foreign, own=own)
    if field is None:
        options = [*_OWN_FIELDS, *(f"attributes.{attribute}" for attribute in {**kind.attributes, **foreign})]
        # A query over other kinds is judged with their attributes by `check_together`.
        if own or foreign or not name.startswith("attributes."):
            complaints.add(
                path, "unknown_field", f"{name!r} is no field.", value=term, remedy=meant(name, options)
            )
        return
    if token["value"] is None:
        complaints.add(
            path, "query_shape", f"{term!r} has no value.", value=term, remedy="Write field:value."
        )
        return
    if token["op"] in {">", "<", ">=", "<="} and field.sort in {_Sort.TEXT, _Sort.WORD, _Sort.BOOLEAN}:
        detail = f"{name!r} is a {field.sort}: it cannot be compared with {token['op']}."
        complaints.add(path, "not_comparable", detail, value=term, remedy=f"Write {name}:value.")
        return
    for value in _values(token):
        _check_value(value, field, term, path, complaints)


def _field(name: str, kind: Kind, foreign: Mapping[str, Attribute], *, own: bool) -> _Field | None:
    if name == "stage" and own:
        return _Field(_Sort.WORD, tuple(kind.stages))
    if not name.startswith("attributes."):
        return _OWN_FIELDS.get(name)
    attribute = {**foreign, **kind.attributes}.get(name.removeprefix("attributes."))
    if attribute is None:
        return None
    if attribute.enum and own:
        return _Field(_Sort.WORD, attribute.enum)
    return _Field(_SORTS[attribute.type])


def _check_value(
    value: str, field: _Field, term: str, path: tuple[str | int, ...], complaints: Complaints
) -> None:
    if value == "*":
        return
    if value.startswith("$"):
        if value[1:] not in _VARIABLES and not value.startswith("$attributes."):
            remedy = meant(value[1:], _VARIABLES)
            complaints.add(path, "unknown_variable", f"{value!r} is no variable.", value=term, remedy=remedy)
        return
    ends = value.split("..") if field.sort in {_Sort.MONEY, *_PATTERNS} and ".." in value else [value]
    for end in ends:
        _check_plain(end, field, term, path, complaints)


def _check_plain(
    value: str, field: _Field, term: str, path: tuple[str | int, ...], complaints: Complaints
) -> None:
    if field.sort is _Sort.WORD and value not in field.words:
        complaints.add(
            path,
            "unknown_value",
            f"{value!r} is no value of this field.",
            value=term,
            remedy=meant(value, field.words),
        )
    elif field.sort is _Sort.BOOLEAN and value not in {"true", "false"}:
        complaints.add(path, "wrong_value", f"{value!r} is neither true nor false.", value=term)
    elif field.sort is _Sort.MONEY and not _MONEY.fullmatch(value):
        if _NUMBER.fullmatch(value):
            detail = f"The amount {value} has no currency: amounts of different currencies do not compare."
            complaints.add(path, "amount_without_currency", detail, value=term, remedy=f"Write {value}EUR.")
        else:
            complaints.add(
                path, "wrong_value", f"{value!r} is no amount.", value=term, remedy="Write it as 1000EUR."
            )
    elif field.sort in _PATTERNS:
        pattern, expected = _PATTERNS[field.sort]
        if not pattern.fullmatch(value):
            complaints.add(path, "wrong_value", f"{value!r} is not {expected}.", value=term)
