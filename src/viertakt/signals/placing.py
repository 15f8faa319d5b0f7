"""Reading signals and finding their operations: one short transaction for some hundred, in which nothing is moved."""

from collections.abc import Mapping as Table
from typing import Any

from psycopg import Connection

from viertakt.kinds.model import KindName
from viertakt.operations.model import OperationId
from viertakt.signals import rules, store
from viertakt.signals.mapping import Mapping
from viertakt.signals.model import Name, Reading, SignalState, SourceName, Way
from viertakt.signals.reading import NotReadable, read, read_payload, split
from viertakt.signals.sources import mapping_of, read_source

Found = Table[Name, tuple[OperationId, KindName]]


def place(conn: Connection[Any], *, limit: int) -> int:
    """Read what is due and look for its operations; how many signals that was."""
    due = store.claim_unplaced(conn, limit=limit)
    mappings: dict[SourceName, Mapping] = {}
    for one in due:
        if one.source not in mappings:
            mappings[one.source] = mapping_of(read_source(conn, one.source))
    readings = [read_item(mappings[one.source], one.body, one.item) for one in due]
    names = {name for reading in readings for way in reading.ways for name in way.names}
    found = store.find_operations(conn, names) if names else {}
    if due:
        store.place_signals(
            conn, [_placed(one, reading, found) for one, reading in zip(due, readings, strict=True)]
        )
    return len(due)


def read_item(mapping: Mapping, body: bytes, item: int) -> Reading:
    """What a mapping reads in one report of a delivery."""
    try:
        items = split(mapping, read_payload(body))
    except NotReadable as fault:
        return Reading(trouble=f"This is no JSON that we read: {fault}")
    if item >= len(items):
        return Reading(trouble="The mapping finds no report in this delivery.")
    return read(mapping, items[item])


def way_to(reading: Reading, found: Found) -> tuple[Way, OperationId] | None:
    """The first way whose operation is there, and that operation."""
    for way in reading.ways:
        for name in way.names:
            operation = found.get(name)
            if operation is not None and operation[1] == way.kind:
                return way, operation[0]
    return None


def _placed(one: store.Unplaced, reading: Reading, found: Found) -> store.Placed:
    if reading.ignored:
        return store.Placed(one.signal_id, SignalState.IGNORED, reading, reading.type)
    if not reading.ways:
        words = reading.trouble or "The mapping has no rule for such a report."
        code = "unreadable" if reading.trouble else "no_rule"
        return store.Placed(
            one.signal_id, SignalState.UNMAPPED, reading, reading.type, code=code, detail=words
        )
    placed = way_to(reading, found)
    if placed is None:
        again = rules.retry_after(one.received_at, one.now)
        return store.Placed(
            one.signal_id, SignalState.PARKED, reading, reading.type, code="no_operation", again=again
        )
    way, operation_id = placed
    return store.Placed(
        one.signal_id, SignalState.RECEIVED, reading, reading.type, way=way, operation_id=operation_id
    )
