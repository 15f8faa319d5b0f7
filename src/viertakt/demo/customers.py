"""Those who act on the company's behalf, each through a door that anybody has: its people, its platform, its providers.

people      sign in over HTTP with their password, and move and consent by their session
platform    a token of the role `integration`, by viertakt_client
providers   signed deliveries to /v1/signals/…, in a small protocol that the demo's own mapping reads
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from viertakt.access.model import ActorId
from viertakt.demo.cast import SignIn
from viertakt.demo.model import Habits, Step
from viertakt.kinds.model import Cause, Kind
from viertakt_client import Client, Forbidden, Operation, Retrying, Unauthenticated
from viertakt_client.errors import problem

# A server that is stopping must not be waited for: the next turn looks again.
BRIEFLY = Retrying(tries_max=2, wait_seconds_max=1)
TIMEOUT_SECONDS = 10


class People:
    """The staff at their desks, each signed in from when they are first needed."""

    def __init__(self, address: str, sign_ins: Sequence[SignIn]) -> None:
        self._address = address
        self._sign_ins = {one.actor: one for one in sign_ins}
        self._desks: dict[ActorId, httpx.Client] = {}

    def close(self) -> None:
        """Everybody goes home."""
        for desk in self._desks.values():
            desk.close()

    def move(self, actor: ActorId, operation: UUID, step: Step) -> int | None:
        """Make a move; the number of its approval where it waits for consents. Raises `Problem`."""
        body = {"transition": step.transition, "reason": step.reason, "comment": step.comment}
        given = {name: value for name, value in body.items() if value is not None}
        answer = self._post(actor, f"/v1/operations/{operation}/moves", given)
        number: int | None = answer.get("approval")
        return number

    def consent(self, actor: ActorId, operation: UUID, approval: int) -> None:
        """Say yes to a move that waits. Raises `Problem`."""
        self._post(actor, f"/v1/operations/{operation}/approvals/{approval}", {"verdict": "approve"})

    def ask(self, actor: ActorId, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Anything else that the console can do. Raises `Problem`."""
        return self._answered(actor, method, path, body)

    def _post(self, actor: ActorId, path: str, body: Any) -> dict[str, Any]:
        try:
            return self._answered(actor, "POST", path, body)
        except (Unauthenticated, Forbidden) as refusal:
            if refusal.code not in {"unauthenticated", "step_up_required"}:
                raise
        # The session has ended, or wants to see once more who it is.
        self._desks.pop(actor).close()
        return self._answered(actor, "POST", path, body)

    def _answered(self, actor: ActorId, method: str, path: str, body: Any) -> dict[str, Any]:
        if actor not in self._desks:
            self._desks[actor] = self._sign_in(self._sign_ins[actor])
        answer = self._desks[actor].request(method, path, json=body)
        if not answer.is_success:
            raise problem(answer.status_code, answer.content)
        told: dict[str, Any] = answer.json()
        return told

    def _sign_in(self, who: SignIn) -> httpx.Client:
        desk = httpx.Client(
            base_url=self._address, timeout=TIMEOUT_SECONDS, headers={"sec-fetch-site": "same-origin"}
        )
        answer = desk.post("/v1/session", json={"email": who.email, "password": who.password})
        if not answer.is_success:
            desk.close()
            raise problem(answer.status_code, answer.content)
        return desk


class Providers:
    """The company's providers: each signs what it reports with a secret of its own (Standard Webhooks)."""

    def __init__(self, platform: Client, secrets_of: Mapping[str, bytes]) -> None:
        self._platform = platform
        self._secrets = secrets_of

    def report(self, source: str, operation: Operation, step: Step, *, times: int = 1) -> None:
        """Report that something has happened, so often; the same event, as providers do that got no answer."""
        now = datetime.now(UTC)
        event = f"evt_{secrets.token_hex(12)}"
        payload = {
            "event": event,
            "at": now.isoformat(),
            "kind": operation.kind,
            "reference": operation.reference,
            "does": step.transition,
            "why": step.reason or "",
        }
        body = json.dumps(payload).encode()
        stamp = str(int(now.timestamp()))
        signed = hmac.digest(self._secrets[source], f"{event}.{stamp}.".encode() + body, hashlib.sha256)
        headers = {
            "content-type": "application/json",
            "webhook-id": event,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
        }
        for _ in range(times):
            self._platform.signal(source, body, headers)


def platform(address: str, token: str) -> Client:
    """The company's own platform."""
    return Client(address, token, retrying=BRIEFLY, http=httpx.Client(timeout=TIMEOUT_SECONDS))


def register_sources(people: People, admin: ActorId, names: Sequence[str], document: str) -> dict[str, bytes]:
    """The providers as sources with one fresh secret each, made by the administrator over HTTP; the secrets by name."""
    fresh = {}
    for name in names:
        path = f"/v1/sources/{name}"
        known = people.ask(admin, "PUT", path, {"scheme": "standard_webhooks", "mapping": document})
        for old in known["secrets"]:
            people.ask(admin, "DELETE", f"{path}/secrets/{old['id']}")
        fresh[name] = secrets.token_bytes(32)
        told = f"whsec_{base64.b64encode(fresh[name]).decode()}"
        people.ask(admin, "POST", f"{path}/secrets", {"secret": told})
    return fresh


def mapping(habits: Habits, kinds: Mapping[str, Kind]) -> str:
    """What the demo's providers say, as a mapping (YAML, which JSON is too): one rule for each thing they report."""
    rules = []
    for name, habit in habits.kinds.items():
        for way in sorted({way for ways in habit.ways.values() for way in ways} - {"stay"}):
            transition = next(known for called, known in kinds[name].transitions.items() if called == way)
            if Cause.SOURCE in transition.by:
                said = f"kind == '{name}' && does == '{way}'"
                rules += [
                    {
                        "when": f"{said} && why == '{reason}'",
                        "kind": name,
                        "transition": way,
                        "reason": reason,
                    }
                    for reason in transition.reasons[1:]
                ]
                first = {"reason": transition.reasons[0]} if transition.reasons else {}
                rules.append({"when": said, "kind": name, "transition": way, **first})
    find = {name: {f"kind:{name}": "reference"} for name in habits.kinds}
    return json.dumps(
        {"event": "event", "at": "at", "type": "does", "find": find, "show": ["why"], "rules": rules}
    )
