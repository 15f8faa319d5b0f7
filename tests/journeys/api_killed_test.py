"""A server killed in the middle of its work: what it acknowledged is in the history, once, and nothing else is.

Eight callers move an operation each, with a key a move. The server gets SIGKILL at a moment of its own choosing, another
one takes its place on the same port, and whoever got no answer asks again with the same key.
"""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import httpx
import msgspec
import pytest

from viertakt.access.actions import install_roles, issue_token
from viertakt.access.installed import INSTALLATION
from viertakt.db.pool import connect
from viertakt.kinds.actions import publish_kind
from viertakt.kinds.document import read_kind

KILLS = int(os.environ.get("VIERTAKT_TEST_KILLS", "20" if os.environ.get("CI") else "5"))
CALLERS = 8
SERVE = """
import sys
from viertakt.api.server import serve
from viertakt.wiring import Application
with Application(sys.argv[1]) as application:
    serve(application, host="127.0.0.1", port=int(sys.argv[2]))
"""
LAMP = """
kind: lamp
label: {en: Lamp, nl: Lamp}
subject: {en: Room, nl: Kamer}
start: "off"
stages:
  "off": {status: pending, waiting_on: operator}
  "on": {status: pending, waiting_on: operator}
  broken: {status: error, final: yes}
transitions:
  switch_on: {from: ["off"], to: "on", by: [process], roles: [support]}
  switch_off: {from: ["on"], to: "off", by: [process], roles: [support]}
  break: {from: ["on", "off"], to: broken, by: [process]}
no_success: true
no_rejected: true
"""


class Place(msgspec.Struct):
    """A database, a port on which servers come and go, and a token they all know."""

    database: str
    port: int
    token: str
    server: subprocess.Popen[bytes]

    def start(self) -> None:
        """Another server in the place of the last."""
        self.server = subprocess.Popen([sys.executable, "-c", SERVE, self.database, str(self.port)])

    async def answers(self, client: httpx.AsyncClient) -> None:
        """Return when the server does; one that ended or says nothing for a minute fails the test instead of hanging it."""
        until = asyncio.get_running_loop().time() + 60
        while True:
            assert self.server.poll() is None, "the server ended by itself"
            assert asyncio.get_running_loop().time() < until, "the server did not answer within a minute"
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)


@pytest.fixture
def place(database: str) -> Iterator[Place]:
    """A database with one small kind, and a server over it."""
    with connect(database) as conn:
        install_roles(conn)
        publish_kind(conn, read_kind(LAMP), actor=INSTALLATION)
        token = issue_token(conn, "caller", ["integration"])[0]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = Place(database, port, token, subprocess.Popen(["true"]))
    found.start()
    yield found
    found.server.kill()
    found.server.wait()


def test_a_killed_server_loses_and_doubles_nothing_it_acknowledged(place: Place) -> None:
    """An acknowledged payout that is not in the history is paid twice."""
    asyncio.run(_journey(place))


async def _journey(place: Place) -> None:
    headers = {"authorization": f"Bearer {place.token}"}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{place.port}", headers=headers, timeout=30
    ) as client:
        await place.answers(client)
        acknowledged: list[list[int]] = [[] for _ in range(CALLERS)]
        done = asyncio.Event()
        opened = [
            (await client.post("/v1/operations", json={"kind": "lamp", "reference": str(uuid4())})).json()[
                "id"
            ]
            for _ in range(CALLERS)
        ]
        callers = [
            asyncio.create_task(_switch(client, operation, seqs, done))
            for operation, seqs in zip(opened, acknowledged, strict=True)
        ]
        for _ in range(KILLS):
            before = sum(map(len, acknowledged))
            while sum(map(len, acknowledged)) < before + 40:  # noqa: ASYNC110 - it counts work done elsewhere
                await asyncio.sleep(0.005)
            await asyncio.sleep(random.random() * 0.05)
            place.server.send_signal(signal.SIGKILL)
            place.server.wait()
            place.start()
            await place.answers(client)
        done.set()
        await asyncio.gather(*callers)
        for operation, seqs in zip(opened, acknowledged, strict=True):
            history = await _history(client, operation)
            assert [entry["seq"] for entry in history if entry["sort"] == "moved"] == seqs
            assert [entry["version"] for entry in history] == list(range(1, len(seqs) + 2))


async def _switch(client: httpx.AsyncClient, operation: str, seqs: list[int], done: asyncio.Event) -> None:
    """Switch it on and off until told to stop; a move without an answer is asked again with the same key."""
    while not done.is_set():
        transition = "switch_off" if len(seqs) % 2 else "switch_on"
        key = str(uuid4())
        while True:
            try:
                answer = await client.post(
                    f"/v1/operations/{operation}/moves",
                    json={"transition": transition},
                    headers={"idempotency-key": key},
                )
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code != 503:  # the server may answer before it can reach its database again
                break
        assert answer.status_code == 201, answer.text
        seqs.append(answer.json()["seq"])


async def _history(client: httpx.AsyncClient, operation: str) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = []
    cursor = None
    while True:
        params: dict[str, str] = {} if cursor is None else {"cursor": cursor}
        page = (await client.get(f"/v1/operations/{operation}/history", params=params)).json()
        entries += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return entries
