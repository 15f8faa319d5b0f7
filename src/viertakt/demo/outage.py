"""The outage: a card provider goes down, and its incident is handled to the end.

    all is well ── the provider is down ──► errors, and payouts of which nobody knows ──► an alert, within two minutes
                                                                                             │
        all is paid ◄── asked again, so many a minute ◄── released ◄── it is back    an incident: what goes there waits

Everything goes through the doors that everybody uses; what looks, asks and lets go is the worker's. Only the company's own
programs are played here: they pay out, and report what the provider says.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from importlib.resources import files
from random import Random
from typing import Any, TypeVar

import msgspec
from uuid_utils.compat import uuid7

from viertakt.access.actions import actor_by_id, people
from viertakt.access.model import Actor, system
from viertakt.alerts import incidents, limits, limits_store, store
from viertakt.alerts.incidents_model import Incident, IncidentState
from viertakt.alerts.model import Alert, Measure
from viertakt.db.pool import Connection
from viertakt.db.queries import load
from viertakt.demo.cast import DOMAIN
from viertakt.errors import Conflict, OnHold, Unavailable, ViertaktError
from viertakt.kinds.actions import publish_kind
from viertakt.kinds.document import read_kind
from viertakt.kinds.model import KindName, Outcome, TransitionName
from viertakt.operations.model import (
    Answer,
    Caller,
    Money,
    MoveRequest,
    OpenRequest,
    OperationId,
    OutcomeRequest,
)
from viertakt.operations.requests import Request
from viertakt.wiring import Application, tell_incident

_queries = load(__package__)

COUNT = 40
SECONDS = 75  # how long the provider is down: long enough for a look every half minute
PER_MINUTE = 120
LATER = 10  # of so many a program tries to send while nothing may be sent
ALERT_WITHIN = timedelta(minutes=2)
DONE_WITHIN = timedelta(minutes=10)
KIND = KindName("card_payout")
SHARE, AT_LEAST = 0.2, 5

Tell = Callable[[str], None]
T = TypeVar("T")


class Outage(msgspec.Struct, frozen=True):
    """How it went: seconds from the first failure to the alert, how many failed, were held, were asked about, and are paid now."""

    incident: Incident
    alert_after: float
    failed: int
    unknown: int
    held: int
    paid: int


def play(
    application: Application,
    tell: Tell,
    *,
    count: int = COUNT,
    seconds: int = SECONDS,
    per_minute: int = PER_MINUTE,
) -> Outage:
    """Play the outage in a demo whose worker runs. Raises `Conflict` where nobody of the demo is there, `Unavailable` where no worker is."""
    return _Play(application, tell, count, seconds, per_minute).play()


class _Play:
    def __init__(
        self, application: Application, tell: Tell, count: int, seconds: int, per_minute: int
    ) -> None:
        self._application = application
        self._tell, self._count, self._seconds, self._per_minute = tell, count, seconds, per_minute
        self._duty = application.call(_on_duty)
        self._chance = Random(count)  # noqa: S311 - a story needs no secrets
        self._begins = (
            ""  # how the references begin of what is opened here, and not when it was played before
        )

    def play(self) -> Outage:
        self._application.call(self._prepare)
        back_at = int(time.time()) + self._seconds
        self._begins = f"CP-{back_at}-"
        self._pay(self._open(self._count))
        self._tell(f"{self._count} card payouts are paid, as on any day.")
        before, began = self._opened_alerts(), time.monotonic()
        failed, unknown = self._fail(self._open(self._count))
        self._tell(
            f"The provider is down: {failed} payouts fail, of {unknown} nobody knows what became of them."
        )
        alert = self._until(
            lambda: self._fresh(before), ALERT_WITHIN, "No alert has been opened: is a worker running?"
        )
        after = time.monotonic() - began
        self._tell(f"An alert after {after:.0f} seconds: {alert.value:.0%} of card payouts end in Error.")
        incident = self._open_incident(alert)
        waiting = self._open(LATER)
        held = self._held(waiting)
        self._tell(f"Of {LATER} more, programs could send none: {held} are refused with 'on_hold'.")
        while time.time() < back_at:
            time.sleep(0.2)
        self._tell(
            f"The provider is back. {self._duty.name} releases: {self._per_minute} a minute are asked about again."
        )
        self._release(incident)
        self._until(
            lambda: self._stages().get("outcome_unknown", 0) == 0,
            DONE_WITHIN,
            "Not all have been asked about.",
        )
        self._tell(f"What became of all {unknown} is known: the provider had paid them.")
        self._pay([*waiting, *self._in("failed")])
        self._tell(f"What had failed, and the {LATER} that waited, are sent again and paid.")
        closed = self._application.call(
            lambda conn: incidents.close(
                conn, self._duty, incident.id, comment="The provider is back; all is paid."
            )
        )
        self._tell(
            "The incident is closed. Look at it in the console under Alerts: its timeline says all of this."
        )
        return Outage(closed, after, failed, unknown, held, self._stages().get("paid", 0))

    def _prepare(self, conn: Connection) -> None:
        text = files("viertakt.demo").joinpath("card_payout.yaml").read_text(encoding="utf-8")
        publish_kind(conn, read_kind(text), actor=system("demo"))
        kind = self._application.kinds.latest(conn, KIND).kind
        # A limit of its own each time it is played: what the last one opened may still be open.
        for one in limits_store.limits(conn, max_count=limits.LIMITS_MAX):
            if one.kind == KIND:
                limits.end_limit(conn, self._duty, one.id)
        limits.set_limit(conn, self._duty, measure=Measure.ERRORS, bound=SHARE, kind=kind, at_least=AT_LEAST)

    def _open(self, count: int) -> list[OperationId]:
        openings = [
            OpenRequest(
                operation_id=OperationId(uuid7()),
                caller=Caller(system("till")),
                kind=KIND,
                reference=f"{self._begins}{uuid7().hex[-12:]}",
                subject=f"player-{self._chance.randrange(1, 9000)}",
                brand="casino-nl",
                amount=Money(Decimal(self._chance.randrange(20, 400)), "EUR"),
            )
            for _ in range(count)
        ]
        self._ask(openings)
        return [one.operation_id for one in openings]

    def _pay(self, ids: list[OperationId]) -> None:
        self._ask([MoveRequest(one, Caller(system("till")), TransitionName("send")) for one in ids])
        self._report(ids, Outcome.SUCCESS)

    def _fail(self, ids: list[OperationId]) -> tuple[int, int]:
        """Sent while the provider is down: every other one fails, of the rest nobody knows."""
        self._ask([MoveRequest(one, Caller(system("till")), TransitionName("send")) for one in ids])
        failed, unknown = ids[::2], ids[1::2]
        self._report(failed, Outcome.ERROR)
        self._report(unknown, Outcome.UNKNOWN)
        return len(failed), len(unknown)

    def _report(self, ids: list[OperationId], outcome: Outcome) -> None:
        self._ask([OutcomeRequest(one, Caller(system("till")), outcome=outcome) for one in ids])

    def _open_incident(self, alert: Alert) -> Incident:
        def write(conn: Connection) -> Incident:
            return incidents.open_incident(
                conn,
                self._duty,
                title="The card provider is down",
                query=f"kind:{KIND}",
                fields=self._application.kinds.search_fields(conn),
                alerts=[alert.id],
                pause=True,
                comment="Their status page says so.",
                tell=tell_incident,
            )

        made = self._application.call(write)
        self._application.call(self._application.engine.holds.refresh)
        self._tell(
            f"{self._duty.name} opens an incident: nothing is sent to the provider, asked of it, or timed out."
        )
        return made

    def _held(self, ids: list[OperationId]) -> int:
        sends: list[Request] = [
            MoveRequest(one, Caller(system("till")), TransitionName("send")) for one in ids
        ]
        return sum(isinstance(result, OnHold) for result in self._application.batch.call_all(sends))

    def _release(self, incident: Incident) -> None:
        self._application.call(
            lambda conn: incidents.release(conn, self._duty, incident.id, per_minute=self._per_minute)
        )

        def gone_on() -> bool:
            found = self._application.call(
                lambda conn: incidents.read_incident(
                    conn, self._duty, self._application.kinds.search_fields(conn), incident.id
                )
            )[0]
            return found.state is IncidentState.OPEN

        self._until(gone_on, DONE_WITHIN, "Nothing is let go: is a worker running?")
        self._application.call(self._application.engine.holds.refresh)

    def _opened_alerts(self) -> set[Any]:
        return {one.id for one in self._application.call(_alerts)}

    def _fresh(self, before: set[Any]) -> Alert | None:
        return next((one for one in self._application.call(_alerts) if one.id not in before), None)

    def _stages(self) -> dict[str, int]:
        asked = {"kind": KIND, "begins": self._begins}
        return self._application.call(
            lambda conn: dict(conn.execute(_queries["in_stages"], asked).fetchall())
        )

    def _in(self, stage: str) -> list[OperationId]:
        asked = {"kind": KIND, "stage": stage, "begins": self._begins}
        rows = self._application.call(lambda conn: conn.execute(_queries["in_stage"], asked).fetchall())
        return [OperationId(row[0]) for row in rows]

    def _until(self, question: Callable[[], T | None], within: timedelta, otherwise: str) -> T:
        ends = time.monotonic() + within.total_seconds()
        while not (found := question()):
            if time.monotonic() > ends:
                raise Unavailable(otherwise)
            time.sleep(0.25)
        return found

    def _ask(self, requests: list[Any]) -> None:
        """A refusal here is a fault of the story."""
        for result in self._application.batch.call_all(requests):
            if isinstance(result, ViertaktError):
                raise result
            assert isinstance(result, Answer), "what is no refusal is an answer"


def _alerts(conn: Connection) -> list[Alert]:
    return [one for one in store.list_alerts(conn, only_open=True, limit=200) if one.kind == KIND]


def _on_duty(conn: Connection) -> Actor:
    """Who manages in the demo."""
    for one in people(conn):
        if one.active and one.email.endswith(f"@{DOMAIN}") and "admin" in one.roles:
            return actor_by_id(conn, one.id)
    raise Conflict("The people of the demo are not here: start `viertakt demo` once, then play this.")
