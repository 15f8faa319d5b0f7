"""The sequencer: gives every entry its position, once, in an order that no reader can fall behind of.

An entry's id is taken when it is inserted and seen when its transaction commits, so whoever polls by id misses what
commits late. The sequencer compares snapshots instead: what the present one sees and the last one did not is next.

    seen ──► entries visible in `target`, not in `seen` ──► positions, in the order of entry_seq ──► seen = target

A transaction that stays open delays its own entries and nobody else's. Entries of one operation keep their order: a
second one's entry_seq is taken under the row lock that the first one's commit has released.
"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from psycopg import Connection
from psycopg.pq import TransactionStatus

from viertakt.journal import store
from viertakt.journal.store import Cluster, EpochRow, State

log = structlog.get_logger(__name__)

# Positions (after, up to]: what must stand in the same transaction as they do.
Fold = Callable[[Connection[Any], int, int], None]

AT_ONCE = 20_000  # entries; a larger difference is cut, and each further cut may be twice as large
AT_ONCE_MAX = 1_000_000
OPEN_TOO_LONG = timedelta(seconds=60)
LOOK_FOR_OPEN = timedelta(seconds=5)


class Sequencer:
    """Works on one connection that nobody else uses. Two may run: one works, the other stands by."""

    def __init__(
        self,
        conn: Connection[Any],
        folds: Sequence[Fold] = (),
        *,
        at_once: int = AT_ONCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._conn = conn
        self._folds = folds
        self._at_once = at_once
        self._limit = at_once
        self._clock = clock
        self._epoch: EpochRow | None = None
        self._idle: tuple[int, str] | None = (
            None  # up to which snapshot there was nothing after this position
        )
        self._open_since: dict[str, float] = {}
        self._alarmed: set[str] = set()
        self._looked = float("-inf")

    def step(self) -> int:
        """Give positions to the next entries, in a transaction of its own; how many got one. 0 also while standing by."""
        assert self._conn.info.transaction_status == TransactionStatus.IDLE, (
            "the sequencer's connection is its own"
        )
        with self._conn.transaction():
            state = store.lock_sequencer(self._conn)
            if state is None:
                self._epoch = None  # another one works, perhaps in another epoch
                return 0
            if self._epoch is None:
                self._epoch = self._begin(state)
                state = store.lock_sequencer(self._conn) or state
            count = self._advance(state, self._epoch)
        self._look_for_open()
        return count

    def _begin(self, state: State) -> EpochRow:
        """The epoch in force; another one where the database is not the one that was sequenced before."""
        where, known = store.cluster(self._conn), store.latest_epoch(self._conn)
        if known is not None and Cluster(known.system_identifier, known.timeline) == where:
            return known
        # On another timeline xids go on as they were. In another cluster they began anew.
        anew = known is None or known.system_identifier != where.system_identifier
        assert known is not None or anew, "the first epoch begins anew"
        floor = store.hold_writers(self._conn) if anew or known is None else known.seq_floor
        store.start_epoch(self._conn, where, first_position=state.position + 1, seq_floor=floor, anew=anew)
        begun = store.latest_epoch(self._conn)
        assert begun is not None, "it was just begun"
        log.info("epoch_started", epoch=begun.epoch, first_position=begun.first_position, anew=anew)
        return begun

    def _advance(self, state: State, epoch: EpochRow) -> int:
        limit, position = self._limit, state.position
        target, cut = state.target or state.now, state.cut or 0
        seen = self._seen(state)
        if seen is None:
            count, last = store.sequence_known(
                self._conn, position=position, seq_floor=epoch.seq_floor, cut=cut, limit=limit
            )
        else:
            count, last = store.sequence_difference(
                self._conn, position=position, seen=seen, target=target,
                seq_floor=epoch.seq_floor, cut=cut, limit=limit,
            )  # fmt: skip
        whole = count < limit
        self._limit = self._at_once if whole else min(limit * 2, AT_ONCE_MAX)
        if count == 0 and state.target is None:
            self._idle = (position, target)
            return 0
        for fold in self._folds if count else ():
            fold(self._conn, position, position + count)
        store.move_sequencer(
            self._conn,
            position=position + count,
            seen=target if whole else seen,
            target=None if whole else target,
            cut=None if whole else last,
        )
        return count

    def _seen(self, state: State) -> str | None:
        """Up to which snapshot everything has its position: what was found empty since is remembered, not written."""
        if self._idle is not None and self._idle[0] == state.position and state.target is None:
            return self._idle[1]
        return state.seen

    def _look_for_open(self) -> None:
        """Alarm about transactions that wrote history and stay open: their own entries wait for them."""
        now = self._clock()
        if now - self._looked < LOOK_FOR_OPEN.total_seconds():
            return
        self._looked = now
        with self._conn.transaction():
            writers = store.open_writers(self._conn)
        self._open_since = {one: self._open_since.get(one, now) for one in writers}
        self._alarmed &= writers
        for one, since in self._open_since.items():
            if now - since >= OPEN_TOO_LONG.total_seconds() and one not in self._alarmed:
                self._alarmed.add(one)
                log.warning(
                    "writing_transaction_open_too_long", virtual_transaction=one, seconds=round(now - since)
                )


def sequence_all(conn: Connection[Any], folds: Sequence[Fold] = ()) -> int:
    """Give positions to everything that is committed, and say how many got one: for commands and tests."""
    sequencer = Sequencer(conn, folds)
    total = 0
    while count := sequencer.step():
        total += count
    return total
