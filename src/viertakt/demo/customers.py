"""Those who act on the company's behalf, each through a door that anybody has: its people, its platform, its providers.

people      sign in over HTTP with their password, and move and consent by their session
platform    a token of the role `integration`, by viertakt_client
providers   signed deliveries to /v1/signals/… (`providers`)
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx

from viertakt.access.model import ActorId
from viertakt.demo.cast import SignIn
from viertakt.demo.model import Step
from viertakt_client import Client, Forbidden, Retrying, Unauthenticated
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


def platform(address: str, token: str) -> Client:
    """The company's own platform."""
    return Client(address, token, retrying=BRIEFLY, http=httpx.Client(timeout=TIMEOUT_SECONDS))
