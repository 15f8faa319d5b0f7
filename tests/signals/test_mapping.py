"""Mappings are read strictly: all faults at once, each with its place and remedy; and whatever is sent is only read."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viertakt.errors import InvalidKind
from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.model import Money
from viertakt.signals.mapping import Mapping, read_mapping
from viertakt.signals.reading import NotReadable, read, read_payload
from viertakt.signals.sources import READY, ready_mapping


def mapping(text: str) -> Mapping:
    return read_mapping(text, kinds=builtin_kinds(), catalogue=load_catalogue())


def test_all_faults_are_named_at_once() -> None:
    """An author mends a mapping once, not once a fault."""
    with pytest.raises(InvalidKind) as refusal:
        mapping("""
codes: stripes
event: "id["
find: {deposits: {"kind:deposit": ref}}
rules:
  - {when: "a == 'b'", kind: deposit, find: {"x:y": id}, transition: credited}
  - {when: "a == 'b'", kind: deposit, find: {"x:y": id}, transition: approve, reason: becuase}
  - {when: "a == 'b'", kind: withdrawal, outcome: success}
  - {when: "a == 'b'"}
  - {when: "a == 'b'", kind: ticket, find: {"x:y": id}, outcome: success, code: c, amount: {currency: c}}
""")
    found = {(fault.pointer, fault.code) for fault in refusal.value.faults}
    assert found == {
        ("/event", "invalid_expression"),
        ("/codes", "unknown_scheme"),
        ("/find/deposits", "unknown_kind"),
        ("/rules/0/transition/0", "unknown_transition"),
        ("/rules/1/transition/0", "not_by_source"),
        ("/rules/1/reason", "unknown_reason"),
        ("/rules/2", "not_found_by"),
        ("/rules/3", "says_nothing"),
        ("/rules/4/outcome", "one_of_two"),
        ("/rules/4/amount", "one_of_two"),
    }
    assert all(fault.detail.startswith("Line ") for fault in refusal.value.faults)
    meant = next(fault for fault in refusal.value.faults if fault.pointer == "/codes")
    assert meant.remedy == "Did you mean 'stripe'?"


@pytest.mark.parametrize(
    "text", ["", "[]", "rules: {}", "rule: []", "rules: []\nrules: []", "rules: [1]", "x: &a 1"]
)
def test_what_is_no_mapping_is_refused(text: str) -> None:
    """Unknown and double keys, other shapes, and anchors."""
    with pytest.raises(InvalidKind):
        mapping(text)


SIMPLE = """
event: id
at: at
find: {deposit: {"kind:deposit": ref}}
rules:
  - {when: "ok", kind: deposit, outcome: success, amount: {minor: sum, currency: cur}}
  - {when: "price", kind: deposit, outcome: success, amount: {value: price, currency: cur}}
"""


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (1764000001, datetime(2025, 11, 24, 16, 0, 1, tzinfo=UTC)),
        (1764000001500, datetime(2025, 11, 24, 16, 0, 1, 500_000, tzinfo=UTC)),
        ("1764000001", datetime(2025, 11, 24, 16, 0, 1, tzinfo=UTC)),
        ("2026-11-20T10:00:01+01:00", datetime(2026, 11, 20, 9, 0, 1, tzinfo=UTC)),
        ("2026-11-20T10:00:01.000Z", datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC)),
        ("2026-11-20 10:00:01+0000", datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC)),
        ("2026-11-20 10:00:01", datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC)),
    ],
)
def test_times_as_providers_write_them(at: Any, expected: datetime) -> None:
    """Seconds, milliseconds and texts."""
    assert read(mapping(SIMPLE), {"ok": True, "ref": "x", "at": at}).at == expected


NO_TIMES: list[Any] = ["yesterday", "", None, True, -1, 10**300, [], {}, "²", "0001-01-01T00:00:00+14:00"]


@pytest.mark.parametrize("at", NO_TIMES)
def test_what_is_no_time_is_none(at: Any) -> None:
    """It is ordered by its arrival then, and nothing is guessed."""
    assert read(mapping(SIMPLE), {"ok": True, "ref": "x", "at": at}).at is None


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"ok": True, "sum": 1200, "cur": "eur"}, Money(Decimal("12.00"), "EUR")),
        ({"ok": True, "sum": "1200", "cur": "JPY"}, Money(Decimal(1200), "JPY")),
        ({"ok": True, "sum": 1200, "cur": "BHD"}, Money(Decimal("1.200"), "BHD")),
        ({"ok": True, "sum": 1200, "cur": "XXX"}, None),
        ({"ok": True, "sum": True, "cur": "EUR"}, None),
        ({"ok": True, "sum": "NaN", "cur": "EUR"}, None),
        ({"ok": True, "sum": "9" * 400, "cur": "EUR"}, None),
        ({"ok": True, "cur": "EUR"}, None),
    ],
)
def test_amounts_in_minor_units(payload: dict[str, Any], expected: Money | None) -> None:
    """By the digits of ISO 4217; and never by a float."""
    (way,) = read(mapping(SIMPLE), {"ref": "x", **payload}).ways
    assert way.amount == expected


def test_a_decimal_amount_is_exact() -> None:
    """0.1 + 0.2 of a cent is somebody's money."""
    tree = read_payload(b'{"ref": "x", "price": 0.30000000000000004, "cur": "EUR"}')
    text = SIMPLE.replace('when: "price"', 'when: "price > `0`"')
    (way,) = read(mapping(text), tree).ways
    assert way.amount == Money(Decimal("0.30000000000000004"), "EUR")


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "data", "object", "id", "payload", "verification", "status", "amount"])
            | st.text(),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=60)
@given(payload=ANY, name=st.sampled_from(READY))
def test_whatever_a_provider_sends_is_read_without_an_exception(payload: Any, name: str) -> None:
    """A payload that a provider changes overnight must be kept for a person, not thrown at one."""
    read(ready_mapping(name), payload)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b"NaN", b"\xff", b"1" * 5_000, b'{"a":' * 70 + b"1" + b"}" * 70]
)
def test_what_is_no_payload_says_so(body: bytes) -> None:
    """Too deep, too long a number, no JSON."""
    with pytest.raises(NotReadable):
        read_payload(body)
