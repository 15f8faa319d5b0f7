"""A payload as people may look at it: what the mapping reads is shown, everything else that could say who it is, is not. Pure.

A provider's payload holds names, birthdays and documents under names that nobody can list. So nothing is shown because
it looks harmless, but only what the mapping reads, or its `show` names; yes, no and nothing are shown anywhere.
"""

from typing import Any

import msgspec

from viertakt.signals.mapping import Mapping, names_read
from viertakt.signals.reading import NotReadable, read_payload

MASK = "•••"


class Shown(msgspec.Struct, frozen=True):
    """A payload as indented JSON, and how many of its values are masked."""

    text: str
    masked: int


def masked_payload(mapping: Mapping, body: bytes) -> Shown:
    """The payload with everything masked that the mapping does not read; what is no JSON is masked as a whole."""
    try:
        payload = read_payload(body)
    except NotReadable:
        return Shown(MASK, 1)
    counted = [0]
    shown = _masked(payload, None, names_read(mapping), counted)
    text = msgspec.json.format(msgspec.json.encode(shown), indent=2).decode()
    return Shown(text, counted[0])


def _masked(value: Any, name: str | None, shown: frozenset[str], counted: list[int]) -> Any:
    match value:
        case dict():
            return {_kept(key): _masked(one, key, shown, counted) for key, one in value.items()}
        case list():
            return [_masked(one, name, shown, counted) for one in value]
        case None | bool():
            return value
    if name in shown:
        return value if isinstance(value, int) and abs(value) < 2**53 else _kept(str(value))
    counted[0] += 1
    return MASK


def _kept(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
