"""The forwarder: tells what the outbox holds, each operation's rows in order, and each once.

One forwarder works at a time (an advisory lock); others stand by and take over when its connection ends. One that hangs
and comes back late can do no harm: what it sends has been sent with the same key, and is only answered again.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from viertakt_client import calls, model
from viertakt_client.asynchronous import AsyncClient
from viertakt_client.errors import NotFound, Problem, RateLimited, Unauthenticated, Unavailable, ViertaktError
from viertakt_client.outbox.queries import load

ROWS_AT_ONCE = 500
LINES_AT_ONCE = (
    8  # operations told at the same time: enough to fill the server's sets, few for its rate limits
)
KNOWN_MAX = 10_000
# How often an empty outbox is looked at, and how long a server that is away is left alone.
LOOK_SECONDS, REST_SECONDS = 0.25, 2.0

_queries = load()


class Row(NamedTuple):
    """One thing to be told."""

    id: int
    key: str
    kind: str
    reference: str
    call: str
    body: dict[str, Any]


class Forwarder:
    """Tells the rows of one outbox to one server."""

    def __init__(self, conn: psycopg.AsyncConnection[Any], client: AsyncClient) -> None:
        """`conn`: in autocommit, for this alone."""
        self._conn = conn
        self._client = client
        self._lines = asyncio.Semaphore(LINES_AT_ONCE)
        self._known: dict[tuple[str, str], UUID] = {}

    async def run(self, *, once: bool = False) -> None:
        """Tell what there is and what comes, until cancelled; `once`: until nothing is left that can be told.

        Raises `Unauthenticated`, for no row is to blame for a token. A server that is away is waited for.
        """
        while not await self._hold():  # noqa: ASYNC110 - another process holds it, no event tells
            await asyncio.sleep(LOOK_SECONDS)
        while True:
            try:
                told = await self.turn()
            except Unauthenticated:
                raise
            except ViertaktError as fault:
                say(f"waiting: {fault}")
                await asyncio.sleep(REST_SECONDS)
                continue
            if not told:
                if once:
                    return
                await asyncio.sleep(LOOK_SECONDS)

    async def turn(self) -> int:
        """How many rows were dealt with; every operation's in order, several operations at once."""
        found = await self._conn.execute(_queries["next"], {"limit": ROWS_AT_ONCE})
        lines: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in map(Row._make, await found.fetchall()):
            lines[row.kind, row.reference].append(row)
        done = await asyncio.gather(*map(self._tell_line, lines.values()), return_exceptions=True)
        for failure in done:
            if isinstance(failure, BaseException):
                raise failure
        return sum(len(line) for line in lines.values())

    async def _hold(self) -> bool:
        found = await (await self._conn.execute(_queries["hold"])).fetchone()
        return bool(found and found[0])

    async def _tell_line(self, rows: Sequence[Row]) -> None:
        async with self._lines:
            for row in rows:
                try:
                    await self._tell(row)
                except (Unavailable, RateLimited, Unauthenticated):
                    raise
                except Problem as refusal:
                    say(f"refused: {row.call} of {row.kind} '{row.reference}' (row {row.id}): {refusal}")
                    problem = {"code": refusal.code, "status": refusal.status, "detail": refusal.detail}
                    sent = {"id": row.id, "problem": msgspec.json.encode(problem).decode()}
                    await self._conn.execute(_queries["refused"], sent)
                    return
                await self._conn.execute(_queries["told"], {"id": row.id})

    async def _tell(self, row: Row) -> None:
        if row.call == "open":
            opened = await self._client.send(
                calls.open_operation(msgspec.convert(row.body, model.Opening), row.key)
            )
            self._know(row, opened.id)
            return
        operation = await self._id_of(row)
        if row.call == "move":
            await self._client.send(calls.move(operation, row.key, **row.body))
        else:
            await self._client.send(calls.outcome(operation, row.key, **row.body))

    async def _id_of(self, row: Row) -> UUID:
        known = self._known.get((row.kind, row.reference))
        if known is not None:
            return known
        found = await self._client.find(row.kind, row.reference)
        if found is None:
            detail = f"There is no {row.kind} '{row.reference}' that this token may see."
            raise NotFound(404, {"code": "not_found", "detail": detail})
        return self._know(row, found.id)

    def _know(self, row: Row, operation: UUID) -> UUID:
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()  # asked again where needed; simpler than to remember who was asked for when
        self._known[row.kind, row.reference] = operation
        return operation


def say(text: str) -> None:
    """Talk goes to stderr, a line each."""
    sys.stderr.write(f"outbox: {text}\n")
    sys.stderr.flush()
