"""A limit that goes by the operation's own dates, stored with the move and reckoned anew when they change."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tests.deadlines.conftest import Clocked, until
from viertakt.access.model import system
from viertakt.deadlines.actions import set_calendar
from viertakt.kinds.actions import Kinds, publish_kind
from viertakt.kinds.calendars import WEEKDAYS, Calendar
from viertakt.kinds.model import Limit, StageName, TransitionName
from viertakt.operations.model import AmendRequest, Caller, Operation


def amend(clocked: Clocked, claim: Operation, **attributes: Any) -> Operation:
    request = AmendRequest(claim.id, Caller(clocked.house.token), attributes=attributes)
    return clocked.house.batch.call(request).operation


def test_an_amended_date_moves_the_deadline(clocked: Clocked) -> None:
    """The law's date was typed wrong: what fires is the date that stands there now."""
    soon = datetime.now(UTC) + timedelta(hours=5)
    claim = clocked.house.open("claim", "C-1", attributes={"respond_by": soon.isoformat()})
    assert claim.deadline_at == soon
    sooner = soon - timedelta(hours=1)
    assert amend(clocked, claim, respond_by=sooner.isoformat()).deadline_at == sooner
    # What the limit does not go by leaves it where it is.
    assert amend(clocked, claim, country="NL").deadline_at == sooner
    later = claim.entered_at + timedelta(days=9)
    assert amend(clocked, claim, respond_by=later.isoformat()).deadline_at == claim.entered_at + timedelta(
        hours=48
    )
    past = datetime.now(UTC) - timedelta(minutes=1)
    amend(clocked, claim, respond_by=past.isoformat())
    assert (clocked.fire(), clocked.stages()) == (1, {"escalated": 1})


def test_working_hours_are_those_of_the_calendar_as_it_is(clocked: Clocked) -> None:
    """A kind's version stays; its holidays are set every year, and count for what begins from then on."""
    always: dict[str, tuple[str, ...]] = dict.fromkeys(WEEKDAYS, ("00:00-24:00",))
    clocked.ask(lambda conn: set_calendar(conn, Calendar("office", "UTC", always)))
    clocked.ask(publish_with_office_hours)
    first = clocked.solved(1)[0]
    assert first.deadline_at == first.entered_at + timedelta(hours=8)
    closed: dict[str, tuple[str, ...]] = {"monday": ("00:00-24:00",)}
    clocked.ask(lambda conn: set_calendar(conn, Calendar("office", "UTC", closed)))

    def counts_by_mondays() -> bool:
        ticket = clocked.house.open("ticket", f"M-{time.monotonic_ns()}")
        solved = clocked.house.move(ticket, "solve").operation
        assert solved.deadline_at is not None
        return (solved.deadline_at - timedelta(microseconds=1)).weekday() == 0

    until(counts_by_mondays)


def publish_with_office_hours(conn: Any) -> None:
    """Tickets close eight office hours after they are solved."""
    ticket = Kinds().latest(conn, "ticket").kind
    stage = StageName("solved")
    limit = Limit(transition=TransitionName("close"), after="PT8H", working=True)
    stages = ticket.stages | {stage: msgspec.structs.replace(ticket.stages[stage], limit=limit)}
    changed = msgspec.structs.replace(ticket, stages=stages, calendar="office", targets=())
    labels = msgspec.structs.replace(ticket.labels, targets={})
    publish_kind(conn, msgspec.structs.replace(changed, labels=labels), actor=system("cli"))
