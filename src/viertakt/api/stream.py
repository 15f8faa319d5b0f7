"""Server-sent events (WHATWG HTML, 9.2): entries as they are placed, filtered by a query, resumed where a reader stopped.

    id: 1.42
    event: entry
    data: {"cursor": "1.42", "entry": …, "operation": …, "matches": true}

`event: place` without data tells only how far the journal has come, so that whoever reconnects need not read it again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Any

import msgspec

from viertakt.access.model import Actor
from viertakt.access.rules import sees
from viertakt.api import replies, shapes
from viertakt.errors import Unavailable, ViertaktError
from viertakt.journal.model import Cursor, Line
from viertakt.journal.reading import head, place_of, read_after
from viertakt.kinds.model import PublishedKind, Status
from viertakt.language.to_predicate import Judge
from viertakt.operations.model import Entry, EntrySort, Operation
from viertakt.operations.reading import named_in, read_names, sees_entry
from viertakt.wiring import Application

HEARTBEAT_SECONDS = (
    15.0  # shorter than any proxy's patience; the caller's rights are looked up again each time
)
RECHECK_SECONDS = 1.0
BEGIN_SECONDS_MAX = 10.0
WAITING_MAX = 200  # tellings a reader may lag behind; then it is cut off, and resumes from the journal
PAGE = 200
RETRY_MILLISECONDS = 2_000

_encode = msgspec.json.Encoder().encode

OF_WORK = frozenset(
    {
        EntrySort.ASSIGNED,
        EntrySort.CLAIMED,
        EntrySort.RELEASED,
        EntrySort.SNOOZED,
        EntrySort.WOKEN,
        EntrySort.PRIORITISED,
        EntrySort.TAGGED,
    }
)

# The caller as it may read now; raises when it may no longer read at all.
Recheck = Callable[[], Awaitable[Actor]]


class Feed:
    """What one reader gets: of the entries that are for its eyes, those its query finds, or found before them.

    The reader's rights are looked up again before anything is told: what is revoked is told for a second at most.
    """

    def __init__(self, application: Application, judge: Judge, reader: Actor) -> None:
        self._application = application
        self._judge = judge
        self._reader = reader
        self._checked_at = monotonic()
        self._tellings: asyncio.Queue[Sequence[Line]] = asyncio.Queue(WAITING_MAX + 1)

    async def events(self, after: Cursor | None, recheck: Recheck) -> AsyncIterator[bytes]:
        """The stream: what was missed since `after`, then everything as it comes, until the server or the caller ends it."""
        leave = self._application.tail.listen(self._hear(asyncio.get_running_loop()))
        try:
            if not await asyncio.to_thread(self._application.tail.begun, BEGIN_SECONDS_MAX):
                raise Unavailable("The journal cannot be followed just now; ask again in a moment.")
            place = await self._application.ask(head) if after is None else after
            yield b"retry: %d\n%s" % (RETRY_MILLISECONDS, _place(place))
            while missed := await self._application.ask(partial(read_after, cursor=place, limit=PAGE)):
                if not await self._may_still(recheck):
                    return
                yield await self._told(missed)
                place = missed[-1].cursor
            while True:
                try:
                    lines = await asyncio.wait_for(self._tellings.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    if not await self._may_still(recheck):
                        return
                    yield _place(place)
                    continue
                if not lines or not await self._may_still(recheck):
                    return
                fresh = [line for line in lines if _later(line.cursor, place)]
                if fresh:
                    place = fresh[-1].cursor
                    yield await self._told(fresh)
        finally:
            leave()

    def _hear(self, loop: asyncio.AbstractEventLoop) -> Callable[[Sequence[Line]], None]:
        def offer(lines: Sequence[Line]) -> None:
            if self._tellings.qsize() < WAITING_MAX:
                self._tellings.put_nowait(lines)
            elif self._tellings.qsize() == WAITING_MAX:
                self._tellings.put_nowait(())  # too slow: it ends here, and goes on from its last id

        def hear(lines: Sequence[Line]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(offer, lines)

        return hear

    async def _may_still(self, recheck: Recheck) -> bool:
        """Whether to go on; looked up at most once a second, since a crowd is told of every move."""
        if monotonic() - self._checked_at < RECHECK_SECONDS:
            return True
        self._checked_at = monotonic()
        try:
            self._reader = await recheck()
        except ViertaktError:
            return False  # the reader comes back, and is told why
        return True

    async def _told(self, lines: Sequence[Line]) -> bytes:
        """The events of these entries, ending with the place they lead to."""
        now = datetime.now(UTC)
        found = []
        for line in lines:
            operation = as_of(line.operation, line.entry)
            published = await self._application.kind_of(operation)
            stage = published.kind.stages.get(operation.stage)
            if stage is not None:
                operation = msgspec.structs.replace(operation, waiting_on=stage.waiting_on)
            matches = self._judge(operation, now)
            if not sees_entry(self._reader, line.operation, line.entry) or not sees(self._reader, operation):
                continue
            # What was assigned differently before cannot be told from what stands now: the reader looks again.
            if matches or line.entry.sort in OF_WORK or self._judge(_before(operation, line.entry), now):
                found.append((line, operation, matches))
        if not found:
            return _place(lines[-1].cursor)
        actors = named_in(line.entry for line, *_ in found)
        pinned = {(operation.kind, operation.kind_version) for _, operation, *_ in found}

        def look_up(conn: Any) -> tuple[dict[str, str], dict[tuple[str, int], PublishedKind]]:
            kinds = self._application.kinds
            return read_names(conn, actors), {one: kinds.shown(conn, *one) for one in pinned}

        names, shown = await self._application.ask(look_up)
        events = [
            _event(
                line,
                shapes.entry(
                    line.entry,
                    names,
                    personal=shapes.sees_personal(self._reader, operation),
                    hidden=shown[operation.kind, operation.kind_version].hidden,
                ),
                shapes.at_work(operation, shown[operation.kind, operation.kind_version]),
                matches,
            )
            for line, operation, matches in found
        ]
        return b"".join(events) + (_place(lines[-1].cursor) if found[-1][0] is not lines[-1] else b"")


def as_of(operation: Operation, entry: Entry) -> Operation:
    """The operation as it stood at an entry: what is read now may be further on."""
    if entry.version is None or entry.version == operation.version:
        return operation
    assert entry.to_stage is not None, "a version has a stage"
    assert entry.to_status is not None, "a version has a status"
    return msgspec.structs.replace(
        operation,
        stage=entry.to_stage,
        status=entry.to_status,
        version=entry.version,
        changed_at=entry.at,
        entered_at=operation.created_at if entry.sort is EntrySort.AMENDED else entry.at,
        closed_at=None if entry.to_status is Status.PENDING else entry.at,
        deadline_at=None,
    )


def _before(operation: Operation, entry: Entry) -> Operation:
    if entry.from_stage is None or entry.from_status is None:
        return operation
    return msgspec.structs.replace(operation, stage=entry.from_stage, status=entry.from_status)


def _later(cursor: Cursor, place: Cursor) -> bool:
    return (cursor.epoch, cursor.position) > (place.epoch, place.position) or cursor.epoch > place.epoch


def _place(cursor: Cursor) -> bytes:
    return b"id: %s\nevent: place\ndata: {}\n\n" % str(cursor).encode()


def _event(line: Line, entry: replies.Entry, operation: replies.OperationAtWork, matches: bool) -> bytes:
    cursor = str(line.cursor)
    told = _encode(replies.StreamedEntry(cursor, entry, operation, matches))
    return b"id: %s\nevent: entry\ndata: %s\n\n" % (cursor.encode(), told)


def resumed(conn: Any, text: str | None) -> Cursor | None:
    """The cursor to go on from, checked before the stream begins. Raises `InvalidCursor`."""
    if text is None:
        return None
    cursor = Cursor.read(text)
    end = head(conn)
    return Cursor(end.epoch, place_of(conn, cursor, end))
