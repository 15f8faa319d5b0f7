"""The only place that knows the tables `source`, `source_secret`, `signal`, `signal_line` and `signal_refused`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, sql
from psycopg.rows import dict_row

from viertakt.access.model import ActorId
from viertakt.db.queries import load
from viertakt.kinds.model import KindName
from viertakt.operations.model import OperationId
from viertakt.signals.model import (
    Name,
    Reading,
    Refused,
    Signal,
    SignalId,
    SignalState,
    Source,
    SourceName,
    Way,
)

_queries = load(__package__)
CONTRADICTING = SignalState.CONTRADICTING
_encode = msgspec.json.Encoder().encode
_sources = msgspec.json.Decoder(tuple[Source, ...])
_signals = msgspec.json.Decoder(list[Signal])


class Told(msgspec.Struct, frozen=True):
    """One report of a delivery, as it is kept first."""

    signal_id: SignalId
    event_id: str
    item: int
    type: str | None
    at: datetime | None


class Unplaced(msgspec.Struct, frozen=True):
    """A signal whose operation is to be looked for, with the delivery it came in."""

    signal_id: SignalId
    source: SourceName
    item: int
    body: bytes
    received_at: datetime
    now: datetime


class Placed(msgspec.Struct, frozen=True):
    """What was read in a signal. `again`: how long from now to look once more for its operation."""

    signal_id: SignalId
    state: SignalState
    reading: Reading | None = None
    type: str | None = None
    way: Way | None = None
    operation_id: OperationId | None = None
    code: str | None = None
    detail: str | None = None
    again: timedelta | None = None


class Line(msgspec.Struct, frozen=True):
    """The signals of one operation, taken by one worker."""

    operation_id: OperationId
    attempt: int
    rung: int


class Settled(msgspec.Struct, frozen=True):
    """What came of a signal, by the attempt that says so."""

    signal_id: SignalId
    operation_id: OperationId
    attempt: int
    state: SignalState
    rounds: int
    code: str | None = None
    detail: str | None = None
    transition: str | None = None
    from_stage: str | None = None
    to_stage: str | None = None
    entry_seq: int | None = None


class Filter(msgspec.Struct, frozen=True):
    """Which signals: all where nothing is said. `seen`: a condition on `viertakt.operation AS o`, with its parameters."""

    seen: sql.Composable = sql.SQL("true")
    params: Mapping[str, object] = {}
    source: str | None = None
    state: SignalState | None = None
    operation_id: UUID | None = None
    before: tuple[datetime, UUID] | None = None


def primary_clock(conn: Connection[Any]) -> datetime:
    """Now, as the database has it."""
    row = conn.execute(_queries["primary_clock"]).fetchone()
    assert row is not None, "a clock always answers"
    now: datetime = row[0]
    return now


# Sources -------------------------------------------------------------------------------------------------------


def read_sources(conn: Connection[Any], name: str | None = None) -> tuple[Source, ...]:
    """All sources by name, or the one of this name."""
    return _sources.decode(_one(conn, "read_sources", {"source": name}))


def read_sealed(conn: Connection[Any], name: SourceName) -> list[tuple[UUID, bytes]]:
    """The sealed secrets of a source, each with its id."""
    rows = conn.execute(_queries["read_sealed"], {"source": name}).fetchall()
    return [(row[0], bytes(row[1])) for row in rows]


def write_source(conn: Connection[Any], source: Source) -> None:
    """Write a source, new or changed; its secrets stay as they are."""
    conn.execute(
        _queries["write_source"],
        {
            "source": source.name,
            "scheme": source.scheme.value,
            "options": _encode(source.options).decode(),
            "ready": source.ready,
            "document": source.document,
            "mapping": None if source.own is None else _encode(source.own).decode(),
            "active": source.active,
            "changed_by": source.changed_by,
        },
    )


def add_secret(conn: Connection[Any], name: SourceName, secret_id: UUID, sealed: bytes, by: ActorId) -> None:
    """Write another secret."""
    params = {"secret_id": secret_id, "source": name, "sealed": sealed, "added_by": by}
    conn.execute(_queries["add_secret"], params)


def drop_secret(conn: Connection[Any], name: SourceName, secret_id: UUID) -> bool:
    """Forget a secret; whether there was one."""
    params = {"source": name, "secret_id": secret_id}
    return conn.execute(_queries["drop_secret"], params).rowcount > 0


# Deliveries ----------------------------------------------------------------------------------------------------


def count_refused(conn: Connection[Any], name: SourceName, why: str) -> None:
    """Count a delivery that is not believed."""
    conn.execute(_queries["count_refused"], {"source": name, "why": why})


def read_refused(conn: Connection[Any], name: str | None, *, limit: int) -> tuple[Refused, ...]:
    """What was not believed, the newest day first."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_queries["read_refused"], {"source": name, "limit": limit}).fetchall()
    return msgspec.convert(rows, tuple[Refused, ...])


def keep_signals(
    conn: Connection[Any], name: SourceName, body: bytes, told: Sequence[Told]
) -> dict[SignalId, int]:
    """Write the reports of a delivery; of each how often it has come by now."""
    params = {"source": name, "body": body, "signals": _encode(told).decode()}
    return dict(conn.execute(_queries["keep_signals"], params).fetchall())


# What the worker does ------------------------------------------------------------------------------------------


def claim_unplaced(conn: Connection[Any], *, limit: int) -> list[Unplaced]:
    """Signals whose operation is to be looked for now; they are this transaction's until it ends."""
    rows = conn.execute(_queries["claim_unplaced"], {"limit": limit}).fetchall()
    return [Unplaced(row[0], row[1], row[2], bytes(row[3]), row[4], row[5]) for row in rows]


def find_operations(conn: Connection[Any], names: Iterable[Name]) -> dict[Name, tuple[OperationId, KindName]]:
    """The operations that have these names, with their kinds."""
    rows = [{"scheme": scheme, "value": value} for scheme, value in sorted(set(names))]
    found = conn.execute(_queries["find_operations"], {"names": _encode(rows).decode()}).fetchall()
    return {(scheme, value): (operation, kind) for scheme, value, operation, kind in found}


def place_signals(conn: Connection[Any], placed: Sequence[Placed]) -> None:
    """Write what was read, and wake the lines of operations that were found."""
    conn.execute(_queries["place_signals"], {"rows": _encode(placed).decode()})
    found = sorted({one.operation_id for one in placed if one.operation_id is not None})
    if found:
        conn.execute(_queries["join_lines"], {"ids": _encode(found).decode()})


def claim_lines(conn: Connection[Any], *, limit: int, lease: timedelta) -> list[Line]:
    """Operations whose signals are to be worked on, taken for as long as the lease lasts."""
    rows = conn.execute(_queries["claim_lines"], {"limit": limit, "lease": lease}).fetchall()
    return [Line(*row) for row in rows]


def release_lines(conn: Connection[Any], lines: Mapping[Line, timedelta | None]) -> None:
    """Give lines back, each with how long from now it is due again; None: when somebody joins."""
    rows = [{**msgspec.structs.asdict(line), "again": again} for line, again in lines.items()]
    conn.execute(_queries["release_lines"], {"rows": _encode(rows).decode()})


def settle_signals(conn: Connection[Any], settled: Sequence[Settled]) -> None:
    """Write what came of signals; where one that was flagged before is no more, its operation may not be either."""
    conn.execute(_queries["settle_signals"], {"rows": _encode(settled).decode()})
    lifted = sorted({one.operation_id for one in settled if one.rounds and one.state is not CONTRADICTING})
    if lifted:
        conn.execute(_queries["lift_flags"], {"ids": _encode(lifted).decode()})


def signals_of(conn: Connection[Any], ids: Iterable[UUID]) -> list[Signal]:
    """The signals of these operations."""
    return _signals.decode(_one(conn, "signals_of", {"ids": _encode(list(ids)).decode()}))


# What people look at -------------------------------------------------------------------------------------------


def read_signals(conn: Connection[Any], ids: Iterable[UUID]) -> list[Signal]:
    """These signals, as far as they exist."""
    return _signals.decode(_one(conn, "read_signals", {"ids": _encode(list(ids)).decode()}))


def list_signals(conn: Connection[Any], wanted: Filter, *, limit: int) -> list[Signal]:
    """One page of signals, the last received first."""
    before, before_id = wanted.before or (None, None)
    params = {
        **wanted.params,
        "source": wanted.source,
        "state": wanted.state,
        "operation_id": wanted.operation_id,
        "before": before,
        "before_id": before_id,
        "limit": limit,
    }
    statement = sql.SQL(_queries["list_signals"]).format(seen=wanted.seen)
    row = conn.execute(statement, params).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return _signals.decode(row[0])


def count_states(conn: Connection[Any], wanted: Filter, *, limit: int) -> dict[SignalState, int]:
    """How many signals stand in each state, counted to the limit."""
    states = [state.value for state in SignalState]
    params = {**wanted.params, "source": wanted.source, "states": states, "limit": limit}
    statement = sql.SQL(_queries["count_states"]).format(seen=wanted.seen)
    return {SignalState(state): count for state, count in conn.execute(statement, params).fetchall()}


def read_body(conn: Connection[Any], signal_id: SignalId) -> bytes:
    """A delivery as it came, of a signal whose payload is not erased."""
    row = conn.execute(_queries["read_body"], {"signal_id": signal_id}).fetchone()
    assert row is not None, "asked of a signal that was found"
    return bytes(row[0])


def erase_old(conn: Connection[Any], kept: timedelta, *, by: ActorId, limit: int) -> int:
    """Erase payloads older than this, the oldest first; how many."""
    return conn.execute(_queries["erase_old"], {"kept": kept, "by": by, "limit": limit}).rowcount


def erase_payload(conn: Connection[Any], signal_id: SignalId, *, by: ActorId, why: str) -> int:
    """Erase the payload of the delivery that a signal came in; of how many reports, 0 where it was erased before."""
    asked = {"signal_id": signal_id, "by": by, "why": why}
    return conn.execute(_queries["erase_payload"], asked).rowcount


def waiting_in_vain(conn: Connection[Any], waited: timedelta) -> list[tuple[SourceName, int]]:
    """How many signals have been parked for longer than this, by source."""
    rows = conn.execute(_queries["waiting_in_vain"], {"waited": waited}).fetchall()
    return [(row[0], row[1]) for row in rows]


def replay_signals(conn: Connection[Any], ids: Iterable[UUID]) -> int:
    """Let these be read and applied anew; how many that is."""
    rows = _encode(list(ids)).decode()
    return conn.execute(_queries["replay_signals"], {"ids": rows}).rowcount


def _one(conn: Connection[Any], query: str, params: Mapping[str, object]) -> str:
    row = conn.execute(_queries[query], params).fetchone()
    assert row is not None, "an aggregate always answers one row"
    text: str = row[0]
    return text
