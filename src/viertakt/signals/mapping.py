"""A mapping: the YAML document that says what a provider's payload means, read strictly, with all faults at once.

    codes: stripe                            whose codes the reason catalogue reads
    event: id                                JMESPath: the provider's id of this report; left out, the body's digest
    at: created                              the provider's time: unix seconds or milliseconds, or RFC 3339
    type: type                               what the inbox shows
    find:
      deposit: {"stripe:payment_intent": data.object.id, "kind:deposit": data.object.metadata.reference}
    rules:
      - {when: "type == 'payment_intent.succeeded'", kind: deposit, outcome: success}

Every rule whose `when` holds is looked at, in order; the first that finds its operation acts. Expressions are JMESPath,
which only selects and compares: no mapping can run anything.
"""

from collections.abc import Iterator
from collections.abc import Mapping as Table
from functools import lru_cache
from typing import Any, NamedTuple

import jmespath
import msgspec
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.decoding import decode_struct, refusal, with_line
from viertakt.kinds.model import Cause, Kind, KindName, Outcome, ReasonCode, TransitionName
from viertakt.kinds.reasons import Catalogue
from viertakt.kinds.yaml_tree import read_tree

EXPRESSION_LENGTH_MAX = 2_000
RULES_MAX = 200
WHAT = "The mapping"
Path = tuple[str | int, ...]


class AmountRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the amount stands: in minor units (`minor`, with `digits` where the provider counts other than ISO 4217), or
    as a decimal (`value`). `otherwise`: the transition where it is not the operation's."""

    currency: str
    minor: str | None = None
    value: str | None = None
    digits: dict[str, int] = {}
    otherwise: TransitionName | None = None


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line: when it holds, of which kind the operation is, and what happens to it.

    `transition`: one or several, the first that leaves the operation's stage; else `outcome`; else what the catalogue
    reads in `code`. `reason`: where the code names none that the transition takes. `find` instead of the kind's own.
    """

    when: str
    kind: KindName | None = None
    find: dict[str, str] = {}
    transition: TransitionName | tuple[TransitionName, ...] = ()
    outcome: Outcome | None = None
    code: str | None = None
    reason: ReasonCode | None = None
    amount: AmountRule | None = None
    ignore: bool = False

    @property
    def transitions(self) -> tuple[TransitionName, ...]:
        """The transitions in the order they are tried."""
        return (self.transition,) if isinstance(self.transition, str) else self.transition


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the payloads of a provider mean. `items`: where several reports stand in one delivery. `show`: fields that
    hold nothing personal, shown to whoever sees the signal beside those the mapping reads. `attempt`: which of the
    customer's tries a report belongs to; one without a time is late once one with a time of the same try was applied."""

    rules: tuple[Rule, ...]
    codes: str | None = None
    items: str | None = None
    event: str | None = None
    at: str | None = None
    attempt: str | None = None
    type: str | None = None
    find: dict[KindName, dict[str, str]] = {}
    show: tuple[str, ...] = ()


class Known(NamedTuple):
    """What a mapping is checked against, and where its faults go."""

    kinds: Table[KindName, Kind]
    catalogue: Catalogue
    complaints: Complaints


def read_mapping(text: str, *, kinds: Table[KindName, Kind], catalogue: Catalogue) -> Mapping:
    """The mapping that a YAML text describes. Raises `InvalidKind` with all faults, each with path, line and remedy."""
    tree = read_tree(text)
    mapping = decode_struct(_listed(tree.value), Mapping, what=WHAT, lines=tree.lines)
    complaints = Complaints()
    for path, expression in _expressions(mapping):
        _check_expression(expression, path, complaints)
    if len(mapping.rules) > RULES_MAX:
        complaints.add(("rules",), "too_many", f"A mapping has at most {RULES_MAX} rules.")
    if mapping.codes is not None and mapping.codes not in catalogue.schemes:
        complaints.add(
            ("codes",),
            "unknown_scheme",
            f"The reason catalogue has no codes of {mapping.codes!r}.",
            value=mapping.codes,
            remedy=meant(mapping.codes, catalogue.schemes),
        )
    for kind in mapping.find:
        _known_kind(kind, ("find", kind), kinds, complaints)
    for n, rule in enumerate(mapping.rules):
        _check_rule(mapping, rule, ("rules", n), Known(kinds, catalogue, complaints))
    if complaints.faults:
        raise refusal(WHAT, [with_line(fault, tree.lines) for fault in complaints.faults])
    return mapping


def compiled(expression: str) -> ParsedResult:
    """A JMESPath expression, compiled once a process. Raises `JMESPathError`."""
    return _compiled(expression)


def names_read(mapping: Mapping) -> frozenset[str]:
    """The names of the fields that a mapping reads: what is shown of a payload, for no mapping reads a name."""
    found: set[str] = set(mapping.show)
    for _, expression in _expressions(mapping):
        _gather(compiled(expression).parsed, found)
    return frozenset(found)


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> ParsedResult:
    return jmespath.compile(expression)


def _gather(node: Table[str, Any], found: set[str]) -> None:
    if node["type"] == "field":
        found.add(node["value"])
    for child in node["children"]:
        if isinstance(child, dict):
            _gather(child, found)


def _listed(value: Any) -> Any:
    """One transition is a list of one: the strict decoder knows one shape a key."""
    if not isinstance(value, dict) or not isinstance(value.get("rules"), list):
        return value
    rules = [
        {**rule, "transition": [rule["transition"]]}
        if isinstance(rule, dict) and isinstance(rule.get("transition"), str)
        else rule
        for rule in value["rules"]
    ]
    return {**value, "rules": rules}


def _expressions(mapping: Mapping) -> Iterator[tuple[Path, str]]:
    """Every expression, with its path."""
    for name in ("items", "event", "at", "attempt", "type"):
        if (found := getattr(mapping, name)) is not None:
            yield (name,), found
    for kind, table in mapping.find.items():
        yield from ((("find", kind, scheme), expression) for scheme, expression in table.items())
    for n, rule in enumerate(mapping.rules):
        yield from ((("rules", n, *path), expression) for path, expression in _of_rule(rule))


def _of_rule(rule: Rule) -> Iterator[tuple[Path, str]]:
    yield ("when",), rule.when
    yield from ((("find", scheme), expression) for scheme, expression in rule.find.items())
    if rule.code is not None:
        yield ("code",), rule.code
    for name in ("minor", "value", "currency"):
        if (found := getattr(rule.amount, name, None)) is not None:
            yield ("amount", name), found


def _check_expression(expression: str, path: Path, complaints: Complaints) -> None:
    if len(expression) > EXPRESSION_LENGTH_MAX:
        words = f"An expression has at most {EXPRESSION_LENGTH_MAX} characters."
        complaints.add(path, "too_long", words, value=expression)
        return
    try:
        compiled(expression)
    except (JMESPathError, RecursionError) as fault:
        words = f"This is no JMESPath: {str(fault).splitlines()[0]}"
        complaints.add(
            path, "invalid_expression", words, value=expression, remedy="See https://jmespath.org."
        )


def _known_kind(name: str, path: Path, kinds: Table[KindName, Kind], complaints: Complaints) -> Kind | None:
    kind = kinds.get(KindName(name))
    if kind is None:
        words = f"There is no kind {name!r}."
        complaints.add(path, "unknown_kind", words, value=name, remedy=meant(name, kinds))
    return kind


def _check_rule(mapping: Mapping, rule: Rule, at: Path, known: Known) -> None:
    says = bool(rule.transitions) or rule.outcome is not None or rule.code is not None
    add = known.complaints.add
    if says == rule.ignore:
        words = "A rule says what happens (transition, outcome or code), or ignore: true."
        add(at, "says_nothing", words, remedy="Add one of them.")
    if rule.ignore or not says:
        return
    if rule.outcome is not None and rule.code is not None:
        words = "The outcome is given, or read from the code: not both."
        add((*at, "outcome"), "one_of_two", words, remedy="Leave one out.")
    if rule.code is not None and mapping.codes is None:
        words = "Whose code is it? The mapping names no scheme of the catalogue."
        add((*at, "code"), "no_scheme", words, remedy="Add codes: at the top.")
    amount = rule.amount
    if amount is not None and (amount.minor is None) == (amount.value is None):
        words = "An amount stands in minor units (minor) or as a decimal (value)."
        add((*at, "amount"), "one_of_two", words, remedy="Name one of them.")
    if rule.kind is None:
        add(at, "missing_key", "The key 'kind' is missing.", remedy="Add 'kind'.")
        return
    if not rule.find and not mapping.find.get(rule.kind):
        words = f"By what is the {rule.kind} found?"
        add(at, "not_found_by", words, remedy=f"Add find: {{{rule.kind}: …}} at the top.")
    kind = _known_kind(rule.kind, (*at, "kind"), known.kinds, known.complaints)
    if kind is not None:
        _check_against(rule, kind, at, known)


def _check_against(rule: Rule, kind: Kind, at: Path, known: Known) -> None:
    """Whether the kind has what a rule names, and opens it to sources."""
    add = known.complaints.add
    wanted: list[tuple[Path, TransitionName]] = [
        ((*at, "transition", n), name) for n, name in enumerate(rule.transitions)
    ]
    if rule.amount is not None and rule.amount.otherwise is not None:
        wanted.append(((*at, "amount", "otherwise"), rule.amount.otherwise))
    for path, name in wanted:
        transition = kind.transitions.get(name)
        if transition is None:
            words = f"A {kind.kind} has no transition {name!r}."
            add(path, "unknown_transition", words, value=name, remedy=meant(name, kind.transitions))
        elif Cause.SOURCE not in transition.by:
            words = f"{name!r} is not made by a source."
            open_ = [one for one, way in kind.transitions.items() if Cause.SOURCE in way.by]
            add(path, "not_by_source", words, value=name, remedy=meant(name, open_))
    if rule.outcome is not None and getattr(kind.outcomes, rule.outcome.value) is None:
        words = f"A {kind.kind} cannot end in {rule.outcome.value}."
        add((*at, "outcome"), "no_such_end", words, value=rule.outcome.value)
    if rule.reason is not None and known.catalogue.reason(rule.reason) is None:
        words, remedy = "The reason catalogue has no such code.", meant(rule.reason, known.catalogue.reasons)
        add((*at, "reason"), "unknown_reason", words, value=rule.reason, remedy=remedy)
