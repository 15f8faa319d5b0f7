"""An office that decides on permits, and promises to do so in time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.operations.conftest import House
from viertakt.access.model import system
from viertakt.db.pool import Connection, connect
from viertakt.deadlines.actions import set_calendar
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.kinds.actions import publish_kind
from viertakt.kinds.calendars import Calendar
from viertakt.kinds.document import read_kind
from viertakt.operations.model import AmendRequest, Caller, Operation
from viertakt.reports.promises import differing_promises, project_promises

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)  # nine o'clock in Amsterdam
OFFICE = Calendar(
    calendar="office",
    zone="Europe/Amsterdam",
    hours=dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ("09:00-17:00",)),
    holidays=("2026-11-25",),
)
PERMIT = """
kind: permit
label: {en: Permit, nl: Vergunning}
subject: {en: Applicant, nl: Aanvrager}
attributes:
  due_on: {type: date}
start: asked
amend: [asked, with_us]
stages:
  asked:   {status: pending, waiting_on: operator}
  with_us: {status: pending, waiting_on: operator}
  waiting: {status: pending, waiting_on: customer, clock: pause}
  decided: {status: success}
  gone:    {status: rejected}
transitions:
  take:     {from: [asked, waiting], to: with_us, roles: [admin]}
  ask:      {from: [asked, with_us], to: waiting, roles: [admin]}
  decide:   {from: [asked, with_us, waiting], to: decided, roles: [admin]}
  withdraw: {from: [asked, with_us, waiting], to: gone, roles: [admin]}
  again:    {from: [decided, gone], to: asked, roles: [admin]}
  resume:   {from: [gone], to: with_us, roles: [admin]}
no_error: true
CALENDAR
targets:
  - {name: decision, from: asked, until: [decided], within: PT10H}
  - {name: in_time, from: asked, until: [decided], due: attributes.due_on}
"""


def hours(count: float) -> datetime:
    return MONDAY + timedelta(hours=count)


class Desk:
    """Permits that live, and what is said of their promises."""

    def __init__(self, house: House, conn: Connection) -> None:
        self.house = house
        self.conn = conn

    def live(
        self, name: str, *moves: tuple[str, float], due_on: str | None = None, brand: str | None = None
    ) -> Operation:
        attributes = {"due_on": due_on} if due_on else {}
        operation = self.house.open("permit", name, attributes=attributes, brand=brand, at=hours(0))
        for transition, at in moves:
            operation = self.house.move(operation, transition, at=hours(at)).operation
        return operation

    def amend(self, operation: Operation, due_on: str) -> None:
        caller = Caller(self.house.token)
        self.house.batch.call(AmendRequest(operation.id, caller, attributes={"due_on": due_on}, at=hours(2)))

    def promises(self, name: str, target: str = "decision") -> list[tuple[Any, ...]]:
        sequence_all(self.conn)
        follow_all(self.conn, "targets", project_promises)
        assert differing_promises(self.conn) == []
        rows = self.house.sql(
            """SELECT p.standing, p.seconds, p.risk_at, p.due_at FROM viertakt.promise AS p
            JOIN viertakt.operation AS o USING (operation_id)
            WHERE o.reference = %s AND p.target = %s ORDER BY p.ordinal""",
            name,
            target,
        )
        return [
            (standing, float(seconds) / 3600, *(at and at.astimezone(UTC) for at in (risk, due)))
            for standing, seconds, risk, due in rows
        ]

    def counts(self) -> list[tuple[Any, ...]]:
        return self.house.sql(
            """SELECT target, sum(kept)::int, sum(missed)::int FROM viertakt.target_tally
            WHERE grain = 'day' GROUP BY target HAVING sum(kept) + sum(missed) > 0 ORDER BY target"""
        )


def open_desk(house: House, *, calendar: bool) -> Iterator[Desk]:
    with connect(house.url) as owner:
        set_calendar(owner, OFFICE)
        text = PERMIT.replace("CALENDAR", "calendar: office" if calendar else "")
        publish_kind(owner, read_kind(text), actor=system("test"))
    with connect(house.url, role="viertakt_app", autocommit=True) as conn:
        yield Desk(house, conn)


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    """Where every hour counts."""
    yield from open_desk(house, calendar=False)


@pytest.fixture
def office(house: House) -> Iterator[Desk]:
    """Where only the office's hours count."""
    yield from open_desk(house, calendar=True)
