"""What the door does with a delivery: verify the raw bytes, keep them, answer. Nothing is applied here.

    bytes ── the source's signature? ──no──► counted, not kept: 401
                │
                yes ── its reports, by the provider's event id ──┬─ new ──────► kept: 202, the worker goes on
                                                                 └─ all known ► counted: 200

What cannot be read although it is signed is kept too, for a person: the provider would only send it again for days.
Adyen signs each item of a delivery: those that are signed are kept, and where one is not, the delivery is refused, so that
it is sent again; what was kept of it acts once.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt.access.sealing import Sealer
from viertakt.errors import NotFound
from viertakt.signals import store
from viertakt.signals.model import Reading, Scheme, SignalId, SourceName
from viertakt.signals.reading import NotReadable, read, read_payload, split
from viertakt.signals.schemes import WRONG, Doubt, Headers, adyen_is_signed, doubt
from viertakt.signals.sources import mapping_of, open_secrets, read_source

ITEMS_MAX = 1_000


class Received(msgspec.Struct, frozen=True):
    """What came of a delivery: its signals, how many are `new`, and why it was not believed, if so."""

    signals: tuple[SignalId, ...] = ()
    new: int = 0
    doubt: Doubt | None = None


def take_in(conn: Connection[Any], name: str, headers: Headers, body: bytes, *, sealer: Sealer) -> Received:
    """Keep a delivery where it is the source's, or count it where it is not.

    Raises `NotFound` for a source that there is not, or that is switched off; `Unavailable` where its secrets cannot be opened.
    """
    source = read_source(conn, name)
    if not source.active:
        raise NotFound(f"Source {source.name!r} is switched off.")
    secrets = open_secrets(conn, source, sealer)
    now = store.primary_clock(conn)
    doubted = doubt(source.scheme, headers, body, secrets, options=source.options, now=now)
    if doubted is not None:
        store.count_refused(conn, source.name, doubted.code)
        return Received(doubt=doubted)
    try:
        items = split(mapping_of(source), read_payload(body))[:ITEMS_MAX]
    except NotReadable:
        items = []
    believed = list(range(len(items)))
    if source.scheme is Scheme.ADYEN:
        believed = [n for n in believed if adyen_is_signed(items[n], secrets)]
        doubted = WRONG if len(believed) < len(items) or not items else None
        if doubted is not None:
            store.count_refused(conn, source.name, doubted.code)
    read_items = [(n, read(mapping_of(source), items[n])) for n in believed]
    if not items and doubted is None:
        read_items = [(0, Reading())]
    kept = _keep(conn, source.name, body, read_items)
    return Received(tuple(kept), sum(1 for times in kept.values() if times == 1), doubted)


def _keep(
    conn: Connection[Any], name: SourceName, body: bytes, items: Sequence[tuple[int, Reading]]
) -> dict[SignalId, int]:
    """The reports, each once a delivery; one without an id of its own is told apart by what was sent."""
    told: dict[str, store.Told] = {}
    for n, reading in items:
        event_id = reading.event_id or f"sha256:{hashlib.sha256(body).hexdigest()}:{n}"
        told[event_id] = store.Told(SignalId(uuid7()), event_id, n, reading.type, reading.at)
    return store.keep_signals(conn, name, body, list(told.values())) if told else {}
