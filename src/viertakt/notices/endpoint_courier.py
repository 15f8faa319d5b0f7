"""Carrying deliveries: an event loop in a thread of its own, on which each endpoint has a window of so many under way.

A window opens by one with each that arrives and is as small as at the beginning after one that does not, so an endpoint that
answers is told as fast as it takes it, and one that hangs holds a few places until the first of them is given up.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

from viertakt.notices import endpoint_apprise as apprise
from viertakt.notices.endpoint_model import Claimed, Endpoint, EndpointId
from viertakt.notices.endpoint_rules import PROBED_AFTER
from viertakt.notices.endpoints import Opened
from viertakt.outgoing import Failure, Networks, Sent
from viertakt.outgoing_http import Posts, Resolve, resolve

PLACES = 512  # under way at once; a connection each
WINDOW_MIN, WINDOW_MAX = 4, 32  # of one endpoint
PROBES_MAX = 24  # places that all endpoints which fail may hold together


class Ready(NamedTuple):
    """A delivery as it goes out, or what it comes to without going out."""

    claimed: Claimed
    opened: Opened
    headers: Mapping[str, str]
    body: bytes
    dropped: bool = False


class Ended(NamedTuple):
    """What came of one attempt, and when it began."""

    ready: Ready
    at: datetime
    milliseconds: int
    sent: Sent

    @property
    def arrived(self) -> bool:
        """Whether the receiver has it, as far as its window goes."""
        return self.sent.failure is None and self.sent.status is not None and self.sent.status < 300


class Courier:
    """Sends what it is given, and keeps what came of it until it is taken. All but the sending is its owner's thread's."""

    def __init__(self, allowed: Networks, *, places: int = PLACES, resolver: Resolve = resolve) -> None:
        self.allowed = allowed
        self._places = places
        self._resolver = resolver
        self._begun: dict[tuple[EndpointId, int], Claimed] = {}
        self._windows: dict[EndpointId, int] = {}
        self._ended: SimpleQueue[Ended] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def under_way(self) -> int:
        """How many were begun and not taken."""
        return len(self._begun)

    @property
    def begun(self) -> list[Claimed]:
        """What was begun and not taken."""
        return list(self._begun.values())

    @property
    def has_ended(self) -> bool:
        """Whether there is something to take."""
        return not self._ended.empty()

    def rooms(self, due: Iterable[Endpoint]) -> list[tuple[EndpointId, int]]:
        """How many deliveries each endpoint may have more."""
        busy = Counter(id_ for id_, _ in self._begun)
        return share(due, busy, self._windows, self._places)

    def begin(self, ready: Sequence[Ready]) -> None:
        """Send these."""
        for one in ready:
            self._begun[one.claimed.endpoint_id, one.claimed.number] = one.claimed
            if one.dropped:
                self._ended.put(Ended(one, datetime.now(UTC), 0, Sent()))
        going = [one for one in ready if not one.dropped]
        if going:
            loop = self._loop or self._start()
            loop.call_soon_threadsafe(self._go, going)

    def take(self, seconds: float) -> list[Ended]:
        """What has ended; waits so long for the first."""
        found: list[Ended] = []
        try:
            found.append(self._ended.get(timeout=seconds) if seconds > 0 else self._ended.get_nowait())
            while True:
                found.append(self._ended.get_nowait())
        except Empty:
            pass
        for one in found:
            id_ = one.ready.claimed.endpoint_id
            self._begun.pop((id_, one.ready.claimed.number), None)
            if one.arrived:
                self._windows[id_] = min(self._windows.get(id_, WINDOW_MIN) + 1, WINDOW_MAX)
            else:
                self._windows.pop(id_, None)
        return found

    def _start(self) -> asyncio.AbstractEventLoop:
        loop = self._loop = asyncio.new_event_loop()
        self._posts = Posts(self.allowed, self._resolver)
        Thread(target=loop.run_forever, name="courier", daemon=True).start()
        return loop

    def _go(self, ready: Sequence[Ready]) -> None:
        for one in ready:
            task = asyncio.get_running_loop().create_task(self._send(one))
            self._tasks.add(task)  # a loop only knows tasks weakly
            task.add_done_callback(self._tasks.discard)

    async def _send(self, ready: Ready) -> None:
        begun, at = time.monotonic(), datetime.now(UTC)
        sent = Sent(failure=Failure.BROKEN, detail="It could not be sent.")
        try:
            if apprise.is_one(ready.opened.url):
                sent = await apprise.send(ready.opened.url, ready.body.decode())
            else:
                sent = await self._posts.send(ready.opened.url, ready.body, ready.headers)
        finally:
            # Whatever befell it, it costs this delivery a try: what nobody settles would be claimed for ever.
            took = round((time.monotonic() - begun) * 1000)
            self._ended.put(Ended(ready, at, took, sent))


def share(
    due: Iterable[Endpoint],
    busy: Mapping[EndpointId, int],
    windows: Mapping[EndpointId, int],
    places: int,
) -> list[tuple[EndpointId, int]]:
    """How many deliveries each endpoint may have more, in all no more than there are free places; those that fail one each.

    No window is wider than an even share, so those that hang together leave the others theirs. Of those that fail the one
    that was tried the longest ago is next, so each has its turn.
    """
    endpoints = sorted(due, key=lambda one: (_idles(one, busy), one.failed_at or one.created_at))
    free = places - sum(busy.values())
    even = max(places // max(len(endpoints), 1), WINDOW_MIN)
    probes = PROBES_MAX
    rooms: dict[EndpointId, int] = {}
    for endpoint in endpoints:
        failing = endpoint.failures >= PROBED_AFTER
        window = 1 if failing else min(windows.get(endpoint.id, WINDOW_MIN), even)
        room = window - busy.get(endpoint.id, 0)
        if failing:
            probes -= 1
            room = room if probes >= 0 else 0
        if room > 0:
            rooms[endpoint.id] = room
    shared: Counter[EndpointId] = Counter()
    while free > 0 and any(shared[id_] < room for id_, room in rooms.items()):
        for id_, room in rooms.items():
            if free > 0 and shared[id_] < room:
                shared[id_] += 1
                free -= 1
    return list(shared.items())


def _idles(endpoint: Endpoint, busy: Mapping[EndpointId, int]) -> bool:
    """Whether it fails and is not tried now."""
    return endpoint.failures >= PROBED_AFTER and not busy.get(endpoint.id)
