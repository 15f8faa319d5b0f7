"""The inbox: what has been received, why it is where it is, what a payload would do, and replay by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, sql
from uuid_utils.compat import uuid7

from viertakt.access.grants import Slice
from viertakt.access.model import Actor
from viertakt.access.rules import sees, sees_slices, visible
from viertakt.errors import NotFound
from viertakt.language import Query, to_sql, within
from viertakt.operations.model import Operation
from viertakt.operations.store import read_operations
from viertakt.operations.turn import Engine
from viertakt.signals import rules, store
from viertakt.signals.mapping import Mapping
from viertakt.signals.masking import Shown, masked_payload
from viertakt.signals.model import Reading, Refused, Signal, SignalId, SignalState, Way
from viertakt.signals.placing import way_to
from viertakt.signals.reading import read, read_payload, split
from viertakt.signals.sources import mapping_of, read_source

COUNTED_MAX = 1_000
REPLAYED_MAX = 1_000  # in one asking; asked again, the next thousand
REPLAYABLE = (SignalState.PARKED, SignalState.UNMAPPED, SignalState.IGNORED, SignalState.CONTRADICTING)


class Would(msgspec.Struct, frozen=True):
    """What one report of a payload would do now. `step` None: its operation is there, and it would wait."""

    reading: Reading
    way: Way | None = None
    operation: Operation | None = None
    step: rules.Step | None = None


def list_signals(
    conn: Connection[Any],
    *,
    reader: Actor,
    source: str | None = None,
    state: SignalState | None = None,
    operation_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[Signal]:
    """One page of the signals that are there for the reader, the last received first."""
    seen, params = _seen(conn, reader)
    wanted = store.Filter(seen, params, source, state, operation_id, before)
    return store.list_signals(conn, wanted, limit=limit)


def count_states(
    conn: Connection[Any], *, reader: Actor, source: str | None = None
) -> dict[SignalState, int]:
    """How many of them stand in each state, counted to 1,000."""
    seen, params = _seen(conn, reader)
    return store.count_states(conn, store.Filter(seen, params, source), limit=COUNTED_MAX)


def read_refused(conn: Connection[Any], *, source: str | None = None, limit: int) -> tuple[Refused, ...]:
    """What was not believed, by day."""
    return store.read_refused(conn, source, limit=limit)


def read_signal(
    conn: Connection[Any], signal_id: SignalId, *, reader: Actor, source: str | None = None
) -> Signal:
    """One signal, of this source. Raises `NotFound`, also where its operation is out of the reader's sight."""
    found = store.read_signals(conn, [signal_id])
    if not found or source not in {None, found[0].source} or not _sees(conn, reader, found[0]):
        raise NotFound(f"There is no signal {signal_id}.")
    return found[0]


def payload_of(conn: Connection[Any], signal: Signal) -> Shown:
    """What was delivered, with personal values masked; nothing of it once it is erased."""
    if signal.erased_at is not None:
        return Shown("", 0)
    return masked_payload(mapping_of(read_source(conn, signal.source)), store.read_body(conn, signal.id))


def replay_signal(
    conn: Connection[Any], signal_id: SignalId, *, reader: Actor, source: str | None = None
) -> Signal:
    """Let a signal be read and applied once more; one that moved its operation stays. Raises `NotFound`."""
    read_signal(conn, signal_id, reader=reader, source=source)
    store.replay_signals(conn, [signal_id])
    return read_signal(conn, signal_id, reader=reader)


def replay_many(
    conn: Connection[Any], *, reader: Actor, source: str, states: Sequence[SignalState] = REPLAYABLE
) -> int:
    """Let a source's signals in these states be read once more, 1,000 at most; how many that is. Raises `NotFound`."""
    read_source(conn, source)
    ids: list[SignalId] = []
    for state in states:
        found = list_signals(conn, reader=reader, source=source, state=state, limit=REPLAYED_MAX - len(ids))
        ids += [one.id for one in found]
        if len(ids) == REPLAYED_MAX:
            break
    return store.replay_signals(conn, ids) if ids else 0


def try_payload(
    conn: Connection[Any], engine: Engine, mapping: Mapping, body: bytes, *, source: str, reader: Actor
) -> list[Would]:
    """What each report of a payload would do now; nothing is changed, and no signature is asked. Raises `NotReadable`."""
    return [
        _would(conn, engine, read(mapping, item), source, reader)
        for item in split(mapping, read_payload(body))[:20]
    ]


def _would(conn: Connection[Any], engine: Engine, reading: Reading, source: str, reader: Actor) -> Would:
    names = [name for way in reading.ways for name in way.names]
    placed = way_to(reading, store.find_operations(conn, names)) if names else None
    if placed is None:
        return Would(reading)
    way, operation_id = placed
    operation = read_operations(conn, [operation_id])[operation_id]
    if not sees(reader, operation):
        return Would(reading)
    now = store.primary_clock(conn)
    signal = Signal(
        id=SignalId(uuid7()),
        source=source,  # type: ignore[arg-type]
        event_id=reading.event_id or "tried",
        state=SignalState.RECEIVED,
        at=reading.at or now,
        received_at=now,
        operation_id=operation_id,
        way=way,
    )
    kind = engine.kinds.at(conn, operation.kind, operation.kind_version).kind
    others = [one for one in store.signals_of(conn, [operation_id]) if one.state not in rules.WAITS]
    step = rules.next_step(kind, operation, [*others, signal], catalogue=engine.catalogue, now=now)
    return Would(reading, way, operation, step)


def _seen(conn: Connection[Any], reader: Actor) -> tuple[sql.Composable, dict[str, object]]:
    """What a reader may see: the signals of operations in sight; those without one, where all kinds and brands are."""
    condition, params = to_sql(within(Query(()), visible(reader)), store.primary_clock(conn))
    whole = sql.SQL("true" if _sees_unplaced(reader) else "false")
    both = sql.SQL(
        "CASE WHEN s.operation_id IS NULL THEN {whole} ELSE o.operation_id IS NOT NULL AND ({condition}) END"
    )
    return both.format(whole=whole, condition=condition), dict(params)


def _sees(conn: Connection[Any], reader: Actor, signal: Signal) -> bool:
    if signal.operation_id is None:
        return _sees_unplaced(reader)
    operation = read_operations(conn, [signal.operation_id]).get(signal.operation_id)
    return operation is not None and sees(reader, operation)


def _sees_unplaced(reader: Actor) -> bool:
    return sees_slices(reader, (Slice(),))
