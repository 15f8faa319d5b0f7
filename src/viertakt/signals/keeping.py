"""How long a payload is kept, who is shown all of it, and what is told of reports that wait in vain.

A payload is kept raw, for a mapping may be mended and a report read once more. It holds more of people than anything
else here, so it goes after some months, or at once by hand; the signal stays, with what its mapping read and what became
of it. Until then it is shown masked; to see all of it is an act, with a reason and a limit (`access.revealing`).
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import structlog
from psycopg import Connection

from viertakt.access.audit_model import ChangeSort
from viertakt.access.audit_store import note
from viertakt.access.grants import MANAGE
from viertakt.access.model import Actor, system
from viertakt.access.revealing import note_reveal
from viertakt.access.rules import check_may_manage, may_reveal
from viertakt.errors import NotFound
from viertakt.operations.store import read_operations
from viertakt.signals import store
from viertakt.signals.inbox import read_signal
from viertakt.signals.model import Signal, SignalId
from viertakt.signals.reading import NotReadable, read_payload, split
from viertakt.signals.sources import mapping_of, read_source

log = structlog.get_logger(__name__)

UPKEEP = system("upkeep")
LOOK_EVERY = 3600.0  # seconds: what is parked has waited for a day at least
ERASED_AT_ONCE = 500  # each a row that is written anew; other work goes on in between
WAITED = timedelta(
    days=1
)  # as long as an operation's own report waits before a person looks (`rules.PATIENCE`)


class Keeper:
    """Once an hour: erases what has been kept long enough, and says what waits in vain."""

    def __init__(self, ask: Callable[[Callable[[Connection[Any]], Any]], Any], days: int) -> None:
        """`days`: how long a payload is kept; 0 for as long as the signal."""
        self._ask = ask
        self._kept = timedelta(days=days)
        self._next = 0.0

    def turn(self) -> float | None:
        """Seconds until the next look."""
        if time.monotonic() >= self._next:
            if self._kept and self._ask(lambda conn: erase_old(conn, self._kept)) == ERASED_AT_ONCE:
                return 0.0
            for source, count in self._ask(lambda conn: store.waiting_in_vain(conn, WAITED)):
                log.error("signals_parked", source=source, count=count, longer_than_days=WAITED.days)
            self._next = time.monotonic() + LOOK_EVERY
        return max(0.0, min(self._next - time.monotonic(), 1.0))


def erase_old(conn: Connection[Any], kept: timedelta) -> int:
    """Erase payloads that are older, some hundreds at a time; how many."""
    return store.erase_old(conn, kept, by=UPKEEP.id, limit=ERASED_AT_ONCE)


def erase_payload(
    conn: Connection[Any], signal_id: SignalId, *, source: str, reason: str, by: Actor
) -> Signal:
    """Erase what was delivered with a signal, for its other reports as well; who did and why stays in the audit.

    Raises `NotFound`, `Forbidden`.
    """
    check_may_manage(by)
    found = read_signal(conn, signal_id, reader=by, source=source)
    if store.erase_payload(conn, found.id, by=by.id, why=reason):
        about = {"fields": [_shown(found)]}
        note(conn, ChangeSort.ERASED, by=by.id, operation_id=found.operation_id, reason=reason, detail=about)
    return read_signal(conn, signal_id, reader=by)


def reveals(conn: Connection[Any], signal: Signal, actor: Actor) -> bool:
    """Whether an actor may be shown all of a signal's payload."""
    if signal.operation_id is None:
        return bool(actor.rights.to(MANAGE))
    return may_reveal(actor, read_operations(conn, [signal.operation_id])[signal.operation_id])


def reveal_payload(
    conn: Connection[Any], signal_id: SignalId, *, reason: str, by: Actor, source: str | None = None
) -> str:
    """All of one report as it was delivered, for a reason that stays in the audit; JSON indented, anything else as it is.

    `source`: only where it is this source's. Of one without an operation for who administers. Raises `NotFound`, also once it is erased; `Forbidden`, `RateLimited`.
    """
    found = read_signal(conn, signal_id, reader=by, source=source)
    if found.erased_at is not None:
        raise NotFound(f"The payload of signal {signal_id} is erased.")
    about = found.operation_id
    operation = None if about is None else read_operations(conn, [about])[about]
    note_reveal(conn, by, operation, about, fields=[_shown(found)], reason=reason)
    body = store.read_body(conn, found.id)
    try:
        item = split(mapping_of(read_source(conn, found.source)), read_payload(body))[found.item]
    except (NotReadable, IndexError):
        return body.decode("utf-8", "replace")
    return msgspec.json.format(msgspec.json.encode(item), indent=2).decode("utf-8", "replace")


def _shown(signal: Signal) -> str:
    """How the audit names what was looked at, or is gone."""
    return f"signal {signal.id}"
