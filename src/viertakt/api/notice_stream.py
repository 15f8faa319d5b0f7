"""Server-sent events of one person's inbox: the badge, whenever it changes.

    event: badge
    data: {"unread": 3, "mentions": 1, "capped": false}

Only that something changed is told here; what was told is asked for, so a broken connection loses nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import msgspec

from viertakt.access.model import Actor
from viertakt.api import notice_shapes
from viertakt.errors import ViertaktError
from viertakt.notices import inbox
from viertakt.wiring import Application

HEARTBEAT_SECONDS = (
    15.0  # shorter than any proxy's patience; the reader's rights are looked up again each time
)
GATHERED_SECONDS = 0.1  # what comes together is counted once
RETRY_MILLISECONDS = 2_000

_encode = msgspec.json.Encoder().encode


async def badges(application: Application, recheck: Callable[[], Awaitable[Actor]]) -> AsyncIterator[bytes]:
    """The stream, until the server or the reader ends it."""
    loop = asyncio.get_running_loop()
    rung = asyncio.Event()
    reader = await recheck()

    def ring() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(rung.set)

    leave = application.bell.listen(reader.id, ring)
    told: bytes | None = None
    try:
        yield b"retry: %d\n\n" % RETRY_MILLISECONDS
        while not application.bell.ended:
            rung.clear()
            try:
                reader = await recheck()
            except ViertaktError:
                return  # the reader comes back, and is told why
            found = await application.ask(partial(inbox.badge, reader=reader))
            event = b"event: badge\ndata: %s\n\n" % _encode(notice_shapes.badge(found))
            yield event if event != told else b": still here\n\n"
            told = event
            try:
                await asyncio.wait_for(rung.wait(), HEARTBEAT_SECONDS)
                await asyncio.sleep(GATHERED_SECONDS)
            except TimeoutError:
                pass
    finally:
        leave()
