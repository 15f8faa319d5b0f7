"""A back office that providers report to: a server, a worker that works when it is told to, and a source for each scheme."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx

from tests.api.conftest import SETTINGS, Running, run
from tests.signals.signing import SECRETS, signed
from viertakt.signals.applying import Applier
from viertakt.wiring import Application

Payload = dict[str, Any]


class Office:
    """What the tests do: open operations, deliver what a provider sends, let the worker work, look."""

    def __init__(self, running: Running, application: Application, client: httpx.Client) -> None:
        self.running = running
        self.admin = client
        self.application = application
        self.applier = Applier(application.call, application.batch, application.engine)

    def source(self, name: str, scheme: str | None = None, **told: Any) -> dict[str, Any]:
        """A source with its secret, as an administrator makes it."""
        scheme = scheme or name
        made = self.admin.put(f"/v1/sources/{name}", json={"scheme": scheme, **told})
        assert made.status_code == 200, made.text
        if not made.json()["secrets"]:
            path = f"/v1/sources/{name}/secrets"
            made = self.admin.post(path, json={"secret": SECRETS[scheme]})
            assert made.status_code == 200, made.text
        source: dict[str, Any] = made.json()
        return source

    def open(self, kind: str, reference: str | None = None, **content: Any) -> str:
        """An operation; its id."""
        opening = {"kind": kind, "reference": reference or f"R-{uuid4()}", **content}
        answer = self.admin.post("/v1/operations", json=opening)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def move(self, operation_id: str, transition: str, **told: Any) -> None:
        answer = self.admin.post(
            f"/v1/operations/{operation_id}/moves", json={"transition": transition, **told}
        )
        assert answer.status_code == 201, answer.text

    def deliver(
        self, source: str, payload: Payload, *, scheme: str | None = None, **signing: Any
    ) -> httpx.Response:
        """One delivery, signed as its provider signs."""
        body, headers = signed(scheme or source, payload, **signing)
        with self.running.anybody() as provider:
            return provider.post(f"/v1/signals/{source}", content=body, headers=headers)

    def work(self) -> None:
        """Let the worker work until nothing is due at this moment."""
        while self.applier.turn() is not None:
            pass

    def look(self, operation_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.admin.get(f"/v1/operations/{operation_id}").json()
        return found

    def stage(self, operation_id: str) -> tuple[str, str, bool]:
        """Where it stands, and whether it is flagged."""
        found = self.look(operation_id)
        return found["stage"], found["status"], found["contradiction"]

    def signals(self, **asked: Any) -> list[dict[str, Any]]:
        """The inbox, in the order the signals were received."""
        answer = self.admin.get("/v1/signals", params={"limit": 200, **asked})
        assert answer.status_code == 200, answer.text
        return list(reversed(answer.json()["items"]))

    def until(self, operation_id: str, stage: str) -> None:
        """Let the worker work until an operation stands there: parked signals are looked at again a second later."""
        end = time.monotonic() + 60
        while self.look(operation_id)["stage"] != stage:
            assert time.monotonic() < end, self.look(operation_id)
            self.work()
            time.sleep(0.05)


@contextmanager
def office_at(database: str) -> Iterator[Office]:
    """An office over a migrated database that has none yet."""
    server = run(database)
    running = next(server)
    with Application(database, settings=SETTINGS) as application, running.client() as client:
        yield Office(running, application, client)
    next(server, None)
