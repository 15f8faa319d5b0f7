"""What a later version of a kind has made personal: it still stands in the rows of earlier ones, and is shown to nobody. Pure.

Decisions and amendments read the rows as they are; whoever shows an operation or an entry takes it through here.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from viertakt.operations.model import Entry, Operation


def open_only(values: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """The values without those that are hidden."""
    if not hidden or hidden.isdisjoint(values):
        return dict(values)
    return {name: value for name, value in values.items() if name not in hidden}


def operation_shown(operation: Operation, hidden: frozenset[str]) -> Operation:
    """The operation without the attributes that are hidden."""
    if hidden.isdisjoint(operation.attributes):
        return operation
    return msgspec.structs.replace(operation, attributes=open_only(operation.attributes, hidden))


def entry_shown(entry: Entry, hidden: frozenset[str]) -> Entry:
    """The entry without them: what was opened or amended with, and what a report brought."""
    if not hidden_in(entry, hidden):
        return entry
    data = open_only(entry.data or {}, hidden)
    if isinstance(data.get("attributes"), dict):
        data["attributes"] = open_only(data["attributes"], hidden)
    return msgspec.structs.replace(entry, data=data)


def hidden_in(entry: Entry, hidden: frozenset[str]) -> frozenset[str]:
    """The names of what an entry holds and is hidden."""
    if not hidden or not entry.data:
        return frozenset()
    amended = entry.data.get("attributes")
    return hidden & {*entry.data, *(amended if isinstance(amended, dict) else ())}
