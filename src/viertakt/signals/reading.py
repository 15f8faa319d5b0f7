"""What a mapping reads in a payload. Pure; whatever a provider sends, it never raises, but says what the trouble is."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from jmespath.exceptions import JMESPathError

from viertakt.operations.currencies import CURRENCY_DIGITS
from viertakt.operations.model import Money
from viertakt.signals.mapping import AmountRule, Mapping, Rule, compiled
from viertakt.signals.model import Name, Reading, Way

DEPTH_MAX = 64
TEXT_LENGTH_MAX = 300  # of an event id, a type, a name
_UNKEEPABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_MILLISECONDS_FROM = 10**11  # as seconds that would be the year 5138
_MILLISECONDS_MAX = 253_402_300_799_000  # the end of the year 9999
_ZONE = re.compile(r"([+-]\d{2})(\d{2})\Z")


class NotReadable(ValueError):
    """A payload that is no JSON, or nested too deep."""


def read_payload(body: bytes) -> Any:
    """The plain values of a body; numbers with a point are decimals. Raises `NotReadable`."""
    try:
        tree = json.loads(body, parse_float=Decimal, parse_constant=_no_number)
        if _is_deep(tree):
            raise NotReadable(f"It is nested deeper than {DEPTH_MAX}.")
    except RecursionError:
        raise NotReadable(f"It is nested deeper than {DEPTH_MAX}.") from None
    except ValueError as fault:
        raise NotReadable(str(fault)[:TEXT_LENGTH_MAX]) from None
    return tree


def split(mapping: Mapping, payload: Any) -> list[Any]:
    """The reports of one delivery: the whole payload, or each of its items."""
    if mapping.items is None:
        return [payload]
    found = _found(mapping.items, payload)
    return found if isinstance(found, list) else []


def read(mapping: Mapping, payload: Any) -> Reading:
    """What the mapping reads in one report."""
    event_id = _text(mapping.event, payload)
    type_ = _text(mapping.type, payload)
    at = _time(_found(mapping.at, payload)) if mapping.at else None
    holding = [rule for rule in mapping.rules if _holds(rule, payload)]
    acting = [rule for rule in holding if not rule.ignore]
    ways = tuple(_way(mapping, rule, payload) for rule in acting)
    named = tuple(way for way in ways if way.names)
    trouble = "It names no operation where the mapping looks for one." if ways and not named else None
    return Reading(
        event_id=event_id,
        at=at,
        attempt=_text(mapping.attempt, payload),
        type=type_,
        ways=named,
        ignored=bool(holding) and not acting,
        trouble=trouble,
    )


def _way(mapping: Mapping, rule: Rule, payload: Any) -> Way:
    assert rule.kind is not None, "only a rule that ignores names no kind"
    table = rule.find or mapping.find.get(rule.kind, {})
    code = _text(rule.code, payload)
    return Way(
        kind=rule.kind,
        names=tuple(_names(table, payload)),
        transitions=rule.transitions,
        outcome=rule.outcome,
        # Without a code where one is expected: the catalogue has none that is empty, so a person looks.
        code=None if rule.code is None else f"{mapping.codes}:{code or ''}",
        reason=rule.reason,
        amount=None if rule.amount is None else _amount(rule.amount, payload),
        otherwise=None if rule.amount is None else rule.amount.otherwise,
    )


def _names(table: dict[str, str], payload: Any) -> Iterator[Name]:
    for scheme, expression in table.items():
        value = _text(expression, payload)
        if value:
            yield scheme, value


def _amount(rule: AmountRule, payload: Any) -> Money | None:
    currency = (_text(rule.currency, payload) or "").upper()
    digits = rule.digits.get(currency, CURRENCY_DIGITS.get(currency))
    told = _found(rule.minor or rule.value or "", payload)
    if digits is None or isinstance(told, bool) or not isinstance(told, (int, str, Decimal)):
        return None
    try:
        value = Decimal(told)
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > 30:
        return None
    return Money(value.scaleb(-digits) if rule.minor else value, currency)


def _holds(rule: Rule, payload: Any) -> bool:
    """Whether a rule's condition is true; JMESPath's own truth would take an empty text for false and a 0 for true."""
    return _found(rule.when, payload) is True


def _found(expression: str, payload: Any) -> Any:
    try:
        return compiled(expression).search(payload)
    except (JMESPathError, TypeError, AttributeError, RecursionError):
        return None  # a function was given what it does not take: there is nothing there


def _text(expression: str | None, payload: Any) -> str | None:
    """The text or whole number there; None for anything else, and for what no name may hold."""
    value = None if expression is None else _found(expression, payload)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value)
    if not text or len(text) > TEXT_LENGTH_MAX or _UNKEEPABLE.search(text):
        return None
    return text


def _time(value: Any) -> datetime | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 17:
        value = int(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        if not 0 < value < _MILLISECONDS_MAX:
            return None
        seconds = float(value) / 1000 if value >= _MILLISECONDS_FROM else float(value)
        return datetime.fromtimestamp(seconds, UTC)
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        at = datetime.fromisoformat(_ZONE.sub(r"\1:\2", value.strip().replace(" ", "T", 1)))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _no_number(text: str) -> Any:
    raise NotReadable(f"{text} is no number in JSON.")


def _is_deep(tree: Any) -> bool:
    level = [tree]
    for _ in range(DEPTH_MAX + 1):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return False
    return True
