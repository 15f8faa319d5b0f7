"""What an operation may hold: references, money, attributes and words, judged against its kind. Pure.

Every complaint at once, each with a JSON Pointer. Text that PostgreSQL cannot keep (NUL, lone surrogates) and
characters that hide or reorder what people read are refused in identifiers; comments keep what people type.
"""

import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from viertakt.errors import Fault, Invalid
from viertakt.kinds.model import AmountRule, Attribute, AttributeClass, AttributeType, Kind
from viertakt.language.stored import read_day, read_instant, read_number
from viertakt.operations.currencies import CURRENCY_DIGITS
from viertakt.operations.model import AmendRequest, Money, OpenRequest, Operation

IDENTIFIER_CHARS_MAX = 200
COMMENT_CHARS_MAX = 10_000
TEXT_CHARS_MAX = 2_000
TAGS_MAX = 50
ALIASES_MAX = 20
AMOUNT_DIGITS_MAX = 18  # before the point: more than any ledger holds, and sums stay exact in numeric
INTEGER_MAX = 2**53 - 1  # what every JSON reader keeps exactly
DECIMAL_CHARS_MAX = 40
UNSEEN = frozenset(
    {"Cc", "Cf", "Cs", "Zl", "Zp"}
)  # control, invisible and direction characters, half ones, line ends

PERSONAL_CLASSES = frozenset({AttributeClass.PERSONAL, AttributeClass.SENSITIVE})


def check_opening(kind: Kind, request: OpenRequest) -> None:
    """Refuse an opening its kind does not permit. Raises `Invalid` with every fault."""
    faults = [
        *identifier_faults("/reference", request.reference),
        *(identifier_faults("/subject", request.subject) if request.subject is not None else ()),
        *(identifier_faults("/brand", request.brand) if request.brand is not None else ()),
        *_amount_faults(kind, request.amount),
        *_attribute_faults(kind, request.attributes),
        *_alias_faults(request.aliases),
        *tag_faults("/tags", request.tags),
    ]
    _refuse(faults, f"This {kind.label.en.lower()} cannot be opened")


def check_amendment(kind: Kind, operation: Operation, request: AmendRequest) -> None:
    """Refuse an amendment its kind does not permit. Raises `Invalid` with every fault."""
    faults = [
        *_attribute_faults(kind, request.attributes),
        *_fixed_faults(kind, operation, request.attributes),
    ]
    if request.amount is not None:
        faults += _amount_faults(kind, request.amount)
    if request.amount is None and not request.attributes:
        faults.append(Fault("", "nothing_to_amend", "Name an amount or at least one attribute to change."))
    _refuse(faults, f"This {kind.label.en.lower()} cannot be amended")


def check_words(comment: str | None, data: dict[str, Any] | None) -> None:
    """Refuse a comment or data the database cannot keep. Raises `Invalid` with every fault."""
    faults: list[Fault] = []
    if comment is not None:
        if len(comment) > COMMENT_CHARS_MAX:
            faults.append(
                Fault("/comment", "too_long", f"A comment has at most {COMMENT_CHARS_MAX:,} characters.")
            )
        faults += _keepable("/comment", comment)
    if data is not None:
        faults += _keepable_json("/data", data)
    _refuse(faults, "This cannot be written down")


def split_personal(kind: Kind, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes an entry and a row may hold, and the personal ones that live in `subject_data`."""
    public: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    for name, value in values.items():
        attribute = kind.attributes.get(name)
        keep = attribute is not None and attribute.class_ not in PERSONAL_CLASSES
        (public if keep else personal)[name] = value
    return public, personal


def identifier_faults(pointer: str, value: str) -> Iterator[Fault]:
    """Why a text cannot name something: empty, too long, or with characters that nobody sees."""
    if not value or value != value.strip():
        yield Fault(pointer, "invalid_identifier", "It is empty or has blanks at an end.")
    if len(value) > IDENTIFIER_CHARS_MAX:
        yield Fault(pointer, "too_long", f"At most {IDENTIFIER_CHARS_MAX} characters.")
    elif unseen(value):
        yield Fault(
            pointer,
            "invalid_characters",
            "Control, invisible and direction characters cannot name something.",
        )


def unseen(text: str, *, besides: str = "") -> bool:
    """Whether a text has characters that nobody sees, or that reorder or break what is read; `besides`: some that it may have."""
    return any(unicodedata.category(char) in UNSEEN and char not in besides for char in text)


def _amount_faults(kind: Kind, amount: Money | None) -> Iterator[Fault]:
    if amount is None:
        if kind.amount is AmountRule.REQUIRED:
            yield Fault(
                "/amount",
                "required",
                f"A {kind.label.en.lower()} needs an amount.",
                remedy='{"value": "12.50", "currency": "EUR"}',
            )
        return
    if kind.amount is AmountRule.NONE:
        yield Fault("/amount", "not_expected", f"A {kind.label.en.lower()} has no amount: leave it out.")
        return
    digits = CURRENCY_DIGITS.get(amount.currency)
    if digits is None:
        yield Fault("/amount/currency", "invalid_amount", "Not a currency of ISO 4217, such as EUR.")
        return
    if not amount.value.is_finite() or amount.value <= 0:
        yield Fault("/amount/value", "invalid_amount", "An amount is a positive decimal, such as 12.50.")
        return
    exponent = amount.value.as_tuple().exponent
    assert isinstance(exponent, int), "a finite decimal has a numeric exponent"
    if -exponent > digits:
        yield Fault(
            "/amount/value", "invalid_amount", f"{amount.currency} has {digits} digits after the point."
        )
    if amount.value.adjusted() >= AMOUNT_DIGITS_MAX:
        yield Fault(
            "/amount/value", "invalid_amount", f"At most {AMOUNT_DIGITS_MAX} digits before the point."
        )


def _attribute_faults(kind: Kind, values: dict[str, Any]) -> Iterator[Fault]:
    for name, value in values.items():
        attribute = kind.attributes.get(name)
        pointer = _attribute_pointer(name)
        if attribute is None:
            near = get_close_matches(name, kind.attributes, n=1)
            yield Fault(
                pointer,
                "unknown_attribute",
                f"A {kind.label.en.lower()} has no such attribute.",
                remedy=f"Did you mean '{near[0]}'?" if near else f"It has: {', '.join(kind.attributes)}.",
            )
        elif value is not None and not _fits(attribute, value):
            wanted = f"one of {', '.join(attribute.enum)}" if attribute.enum else f"a {attribute.type}"
            yield Fault(pointer, "invalid_attribute", f"It must be {wanted}.")


def _fixed_faults(kind: Kind, operation: Operation, values: dict[str, Any]) -> Iterator[Fault]:
    """What was said at the opening for good. The same value again is no change; a personal one is not here to compare."""
    for name, value in values.items():
        attribute = kind.attributes.get(name)
        if attribute is None or not attribute.fixed:
            continue
        if attribute.class_ in PERSONAL_CLASSES or operation.attributes.get(name) != value:
            yield Fault(
                _attribute_pointer(name),
                "fixed_attribute",
                "It is fixed at the opening and stays as it is.",
                remedy="Open another operation.",
            )


def _attribute_pointer(name: str) -> str:
    return f"/attributes/{name.replace('~', '~0').replace('/', '~1')}"


def _fits(attribute: Attribute, value: object) -> bool:
    match attribute.type:
        case AttributeType.STRING:
            fits = (
                isinstance(value, str) and _is_text(value) and (not attribute.enum or value in attribute.enum)
            )
        case AttributeType.BOOLEAN:
            fits = isinstance(value, bool)
        case AttributeType.INTEGER:
            fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= INTEGER_MAX
        case AttributeType.DECIMAL:
            fits = _is_decimal(value)
        case AttributeType.DATE:
            fits = isinstance(value, str) and read_day(value) is not None
        case AttributeType.DATETIME:
            fits = isinstance(value, str) and read_instant(value) is not None
    return fits


def _is_text(value: str) -> bool:
    return len(value) <= TEXT_CHARS_MAX and not any(_keepable("", value))


def _is_decimal(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > DECIMAL_CHARS_MAX:
        return False
    number = read_number(str(value))
    return number is not None and abs(number.adjusted()) < AMOUNT_DIGITS_MAX


def _alias_faults(aliases: dict[str, str]) -> Iterator[Fault]:
    if len(aliases) > ALIASES_MAX:
        yield Fault("/aliases", "too_many", f"At most {ALIASES_MAX} aliases.")
    for scheme, value in aliases.items():
        yield from identifier_faults("/aliases", scheme)
        yield from identifier_faults("/aliases", value)
        if scheme.startswith(("kind:", "key:")):
            yield Fault("/aliases", "reserved_scheme", "Schemes kind: and key: are ours; use stripe:payout.")


def tag_faults(pointer: str, tags: tuple[str, ...], *, of: tuple[str, ...] | None = None) -> Iterator[Fault]:
    """Why these cannot be tags; `of`: all that the operation would have then, where these are only some."""
    if len(tags if of is None else of) > TAGS_MAX:
        yield Fault(pointer, "too_many", f"At most {TAGS_MAX} tags.")
    for tag in tags:
        yield from identifier_faults(pointer, tag)


def _keepable(pointer: str, text: str) -> Iterator[Fault]:
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        yield Fault(pointer, "invalid_characters", "NUL and lone surrogates are no text.")


def _keepable_json(pointer: str, value: object) -> Iterator[Fault]:
    match value:
        case str():
            yield from _keepable(pointer, value)
        case dict():
            for name, member in value.items():
                yield from _keepable(pointer, name)
                yield from _keepable_json(pointer, member)
        case list() | tuple():
            for member in value:
                yield from _keepable_json(pointer, member)


def _refuse(faults: list[Fault], sentence: str) -> None:
    if faults:
        said = "; ".join(f"{fault.pointer or 'body'}: {fault.detail}" for fault in faults)
        raise Invalid(f"{sentence}: {said}", faults=tuple(faults))
