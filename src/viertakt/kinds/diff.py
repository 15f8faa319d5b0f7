"""What differs between two versions of a kind, in lines that its author can read."""

from enum import StrEnum
from typing import Any

import msgspec

from viertakt.kinds.complaints import pointer
from viertakt.kinds.document import plain
from viertakt.kinds.model import Kind


class Difference(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Change(msgspec.Struct, frozen=True):
    """One difference: where (JSON Pointer), what happened, and the sentence that says it."""

    pointer: str
    difference: Difference
    text: str


# Tables of named things: the noun for each, so that a line reads "stage 'paid' added".
_NOUNS = {
    "stages": "stage",
    "transitions": "transition",
    "attributes": "attribute",
    "checks": "check",
    "undo": "undo of",
    "outcomes": "outcome",
    "children": "children's rule",
}
_WHOLE = ("from", "by", "roles", "reasons", "enum", "until", "run", "never")  # lists without an order


def diff_kinds(before: Kind, after: Kind) -> list[Change]:
    """Every difference, in the order of the document; empty where both are equal but for the order of names."""
    old, new = plain(before), plain(after)
    changes: list[Change] = []
    for section in dict.fromkeys((*old, *new)):
        if section in _NOUNS:
            _diff_named(section, old.get(section, {}), new.get(section, {}), changes)
        elif section == "labels":
            for part in dict.fromkeys((*old.get(section, {}), *new.get(section, {}))):
                both = (old.get(section, {}).get(part, {}), new.get(section, {}).get(part, {}))
                _diff_fields((section, part), f"label in {part}", *both, changes)
        else:
            _diff_fields((), "kind", _only(old, section), _only(new, section), changes)
    return changes


def _diff_named(section: str, old: dict[str, Any], new: dict[str, Any], changes: list[Change]) -> None:
    noun = _NOUNS[section]
    for name in dict.fromkeys((*old, *new)):
        path = (section, name)
        if name not in old:
            text = f"{noun} {name!r} added: {_said(new[name])}"
            changes.append(Change(pointer(path), Difference.ADDED, text))
        elif name not in new:
            changes.append(Change(pointer(path), Difference.REMOVED, f"{noun} {name!r} removed"))
        elif isinstance(old[name], dict) and isinstance(new[name], dict):
            _diff_fields(path, f"{noun} {name!r}", old[name], new[name], changes)
        elif old[name] != new[name]:
            text = f"{noun} {name!r}: {_said(old[name])} → {_said(new[name])}"
            changes.append(Change(pointer(path), Difference.CHANGED, text))


def _diff_fields(
    path: tuple[str, ...], what: str, old: dict[str, Any], new: dict[str, Any], changes: list[Change]
) -> None:
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        where = pointer((*path, key))
        if key in _WHOLE and isinstance(before, list | None) and isinstance(after, list | None):
            text = _list_text(before or [], after or [])
            if text:
                changes.append(Change(where, Difference.CHANGED, f"{what}: {key} {text}"))
        elif before is None:
            changes.append(Change(where, Difference.ADDED, f"{what}: {key} added: {_said(after)}"))
        elif after is None:
            changes.append(Change(where, Difference.REMOVED, f"{what}: {key} removed (was {_said(before)})"))
        else:
            text = f"{what}: {key} {_said(before)} → {_said(after)}"
            changes.append(Change(where, Difference.CHANGED, text))


def _list_text(old: list[Any], new: list[Any]) -> str:
    added = [f"+{_said(item)}" for item in new if item not in old]
    removed = [f"-{_said(item)}" for item in old if item not in new]
    return " ".join((*added, *removed))


def _only(content: dict[str, Any], section: str) -> dict[str, Any]:
    return {section: content[section]} if section in content else {}


def _said(value: Any) -> str:
    """A value as an author would write it, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_said(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_said, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
