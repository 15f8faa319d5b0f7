"""What the value of a field may look like, and reading it; every refusal says what was expected."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from viertakt.errors import InvalidQuery
from viertakt.language.faults import Fault, closest, shown
from viertakt.language.faults import fault as refusal
from viertakt.language.fields import LENGTHS, Field, Sort
from viertakt.language.model import Ago, Anything, Comparator, Length, Path, Price, Span, Variable

YEAR_MIN, YEAR_MAX = 1900, 2999
# PostgreSQL's numeric holds far more; a bound keeps a query of 2 kB from costing more than it looks.
PRICE = re.compile(r"(-?[0-9]{1,18}(?:\.[0-9]{1,8})?)([A-Z]{3})")
NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
INTEGER = re.compile(r"-?[0-9]{1,18}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
AGO = re.compile(r"([+-])([0-9]{1,6})([mhdw])")
AGO_DAYS_MAX = 36_525  # a century
LENGTH = re.compile(r"([0-9]{1,9})([smhdw])")
STAGE = re.compile(r"[a-z][a-z0-9_]{0,62}")
STAGES_MAX = 6  # each step of a path costs a look into the history
CURRENCY = re.compile(r"[A-Z]{3}")
PERSON = re.compile(r"person:[0-9a-f-]{36}")
PERSON_OR_ROLE = re.compile(r"person:[0-9a-f-]{36}|role:[a-z][a-z0-9_]{0,62}")
DIGITS = re.compile(r"[-+]?[0-9.,]+")

TIME_EXPECTED = ("2026-11-22", "2026-11-22T13:45:00Z", "-7d")
PRICE_EXPECTED = ("1000EUR", "12.50USD")
LENGTH_EXPECTED = ("30m", "24h", "2d", "1w")
PATH_EXPECTED = ("under_review>approved",)
NUMBER_EXPECTED = {Sort.INTEGER: ("3", "-12"), Sort.DECIMAL: ("3", "0.75")}


class Written:
    """One value as it stands in a query: its text without quotes, whether it had them, and where it stands."""

    __slots__ = ("offset", "quoted", "text", "width")

    def __init__(self, text: str, *, quoted: bool, offset: int, width: int) -> None:
        self.text, self.quoted, self.offset, self.width = text, quoted, offset, width

    def fault(
        self,
        detail: str,
        *,
        fault: Fault = Fault.WRONG_VALUE,
        expected: tuple[str, ...] = (),
        meant: str | None = None,
    ) -> InvalidQuery:
        """A complaint about this value."""
        return refusal(
            detail, offset=self.offset, length=self.width, fault=fault, expected=expected, meant=meant
        )


def read_value(  # noqa: PLR0911 - one way out for each sort of value
    field: Field, comparator: Comparator, written: Written
) -> Any:
    """The typed value of a field. Raises `InvalidQuery`."""
    if "*" in written.text and not written.quoted:
        return _star(field, comparator, written)
    if field.sort in _RANGED:
        return _span_or_one(comparator, written, _RANGED[field.sort])
    if field.sort in LENGTHS:
        return _age(field, comparator, written)
    match field.sort:
        case Sort.ACTOR:
            return _actor(field, written)
        case Sort.PATH:
            return _path(field, written)
        case Sort.OPERATION:
            return _operation_id(written)
        case _:
            return _text(field, comparator, written)


def _star(field: Field, comparator: Comparator, written: Written) -> Anything:
    if written.text != "*":
        raise written.fault(
            f"{shown(written.text)} is taken exactly: '*' stands for any value only when it stands alone. "
            "Put the value in quotes if it holds a star."
        )
    if comparator is not Comparator.IS:
        raise written.fault(f"'*' means any value; nothing is {comparator.value} it. Write {field.name}:*.")
    if field.sort in {Sort.FLAG, Sort.HAS, Sort.PATH}:
        raise written.fault(f"{field.name}:* says nothing; name one.", expected=field.values)
    return Anything()


def read_variable(written: Written, variables: Collection[str]) -> Variable | None:
    """The variable a value is: bare, with a dollar before it. Raises `InvalidQuery` for one that does not exist here."""
    if written.quoted or not written.text.startswith("$"):
        return None
    name = written.text[1:]
    if name in variables:
        return Variable(name)
    if variables:
        raise written.fault(
            f"There is no variable {shown(written.text)}.",
            fault=Fault.UNKNOWN_VARIABLE,
            expected=tuple(variables),
            meant=closest(name, variables),
        )
    raise written.fault(
        f"{shown(written.text)} is a variable, which only the checks of a kind have. "
        "Put the value in quotes if it begins with a dollar.",
        fault=Fault.UNKNOWN_VARIABLE,
    )


def _text(field: Field, comparator: Comparator, written: Written) -> str:
    if not written.text:
        raise written.fault(f"{field.name} needs a value; {field.name}:* means any.")
    if comparator is not Comparator.IS and DIGITS.fullmatch(written.text):
        raise written.fault(
            f"{field.name} is a text: letter by letter 10 comes before 9, so it is not compared with a number.",
            fault=Fault.NOT_COMPARABLE,
        )
    if field.name == "currency" and not CURRENCY.fullmatch(written.text):
        meant = written.text.upper() if CURRENCY.fullmatch(written.text.upper()) else None
        raise written.fault(
            f"{shown(written.text)} is not a currency: three capital letters.", expected=("EUR",), meant=meant
        )
    if field.values and written.text not in field.values:
        raise written.fault(
            f"{field.name} is never {shown(written.text)}; it is one of {', '.join(field.values)}.",
            fault=Fault.UNKNOWN_VALUE,
            expected=field.values,
            meant=closest(written.text, field.values),
        )
    return written.text


def _actor(field: Field, written: Written) -> str:
    form = PERSON if field.name == "claimed_by" else PERSON_OR_ROLE
    if written.text in field.values or form.fullmatch(written.text):
        return written.text
    team = "" if form is PERSON else ", or role:<name>"
    raise written.fault(
        f"{shown(written.text)} is nobody: {field.name} is {', '.join(field.values)}, person:<id>{team}.",
        expected=field.values,
        meant=closest(written.text, field.values),
    )


def _operation_id(written: Written) -> UUID:
    try:
        return UUID(written.text)
    except ValueError:
        raise written.fault(
            f"{shown(written.text)} is not the id of an operation.", expected=("UUID",)
        ) from None


def _span_or_one(comparator: Comparator, written: Written, read: Callable[[Written, str], Any]) -> Any:
    low_text, dots, high_text = written.text.partition("..")
    if not dots:
        return read(written, written.text)
    if comparator is not Comparator.IS:
        raise written.fault(f"A range stands after ':', not after '{comparator.value}'.")
    if not low_text and not high_text:
        raise written.fault("A range needs a beginning or an end; '*' means any value.")
    low = read(written, low_text) if low_text else None
    high = read(written, high_text) if high_text else None
    _check_order(written, low, high)
    return Span(low, high)


def _check_order(written: Written, low: Any, high: Any) -> None:
    """Refuse a range that can hold nothing; a date and a moment are compared in the database, by the reader's zone."""
    if isinstance(low, Price) and isinstance(high, Price):
        if low.currency != high.currency:
            raise written.fault(f"A range has one currency, not {low.currency} and {high.currency}.")
        backwards = low.value > high.value
    elif isinstance(low, Ago) and isinstance(high, Ago):
        backwards = low.offset > high.offset
    elif isinstance(low, Length) and isinstance(high, Length):
        backwards = low.span > high.span
    else:
        backwards = low is not None and type(low) is type(high) and low > high
    if backwards:
        raise written.fault(f"The range {shown(written.text)} ends before it begins.")


def _price(written: Written, text: str) -> Price:
    found = PRICE.fullmatch(text)
    if found:
        return Price(Decimal(found[1]), found[2])
    if DIGITS.fullmatch(text) and len(text) <= 19:
        raise written.fault(
            f"The amount {shown(text)} needs its currency, as in {text}EUR.",
            fault=Fault.NO_CURRENCY,
            expected=PRICE_EXPECTED,
        )
    meant = text.upper() if PRICE.fullmatch(text.upper()) else None
    raise written.fault(
        f"{shown(text)} is not an amount: digits, at most 18 before and 8 after the point, then a currency.",
        expected=PRICE_EXPECTED,
        meant=meant,
    )


def _age(field: Field, comparator: Comparator, written: Written) -> Any:
    found = _span_or_one(comparator, written, _length)
    if comparator is Comparator.IS and isinstance(found, Length):
        raise written.fault(
            f"Nothing takes exactly {written.text}: write {field.name}>{written.text}, "
            f"{field.name}<{written.text}, or a range such as {field.name}:1d..2d.",
            expected=(">", "<"),
        )
    return found


def _length(written: Written, text: str) -> Length:
    found = LENGTH.fullmatch(text)
    if not found:
        meant = text[1:] if LENGTH.fullmatch(text[1:]) else None
        raise written.fault(
            f"{shown(text)} is not a length of time: a number of seconds, minutes, hours, days or weeks (s, m, h, d, w).",
            expected=LENGTH_EXPECTED,
            meant=meant,
        )
    length = Length(int(found[1]), found[2])
    if length.span.days > AGO_DAYS_MAX:
        raise written.fault(f"{shown(text)} is more than a century.")
    return length


def _path(field: Field, written: Written) -> Path:
    stages = tuple(written.text.split(">"))
    if len(stages) < 2 or "" in stages:
        raise written.fault(
            "A path names at least two stages with '>' between, as in path:under_review>approved.",
            expected=PATH_EXPECTED,
        )
    offset = written.offset + written.quoted
    for stage in stages:
        _check_stage(field, Written(stage, quoted=False, offset=offset, width=len(stage)))
        offset += len(stage) + 1
    if len(stages) > STAGES_MAX:
        raise written.fault(f"A path has at most {STAGES_MAX} stages; this one has {len(stages)}.")
    return Path(stages)


def _check_stage(field: Field, written: Written) -> None:
    stage = written.text
    if not STAGE.fullmatch(stage):
        raise written.fault(f"{shown(stage)} is not the name of a stage.", expected=PATH_EXPECTED)
    if field.values and stage not in field.values:
        raise written.fault(
            f"No kind has a stage {shown(stage)}.",
            fault=Fault.UNKNOWN_VALUE,
            expected=field.values,
            meant=closest(stage, field.values),
        )


def _integer(written: Written, text: str) -> Decimal:
    if not INTEGER.fullmatch(text):
        raise written.fault(
            f"{shown(text)} is not a whole number of at most 18 digits.",
            expected=NUMBER_EXPECTED[Sort.INTEGER],
        )
    return Decimal(text)


def _number(written: Written, text: str) -> Decimal:
    if not NUMBER.fullmatch(text):
        raise written.fault(
            f"{shown(text)} is not a number: digits, at most 18 before and 18 after the point.",
            expected=NUMBER_EXPECTED[Sort.DECIMAL],
        )
    return Decimal(text)


def _moment(written: Written, text: str) -> datetime | date | Ago:
    if found := AGO.fullmatch(text):
        ago = Ago(int(found[1] + found[2]), found[3])
        if abs(ago.offset.days) > AGO_DAYS_MAX:
            raise written.fault(f"{shown(text)} is more than a century away.")
        return ago
    try:
        moment: datetime | date | None = None
        if DAY.fullmatch(text):
            moment = date.fromisoformat(text)
        elif TIMESTAMP.fullmatch(text):
            moment = datetime.fromisoformat(text)
    except ValueError as refusal:
        raise written.fault(f"{shown(text)} does not exist: {refusal}.", expected=TIME_EXPECTED) from None
    if moment is None:
        raise written.fault(
            f"{shown(text)} is not a time: a date, a time with its offset, or a distance from now "
            "in minutes, hours, days or weeks (m, h, d, w).",
            expected=TIME_EXPECTED,
        )
    if not YEAR_MIN <= moment.year <= YEAR_MAX:
        raise written.fault(f"The year {moment.year} is out of range: {YEAR_MIN} to {YEAR_MAX}.")
    return moment


# Sorts of which a range may be asked, and how one end of it is read.
_RANGED: Mapping[Sort, Callable[[Written, str], Any]] = {
    Sort.AMOUNT: _price,
    Sort.TIME: _moment,
    Sort.DATE: _moment,
    Sort.DATETIME: _moment,
    Sort.INTEGER: _integer,
    Sort.COUNT: _integer,
    Sort.DECIMAL: _number,
}
