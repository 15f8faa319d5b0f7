"""Promises are told of in time, once, with the steps their kinds declare; and so is what shows no sign of life."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import _copy
from tests.deadlines.conftest import Clocked
from tests.operations.conftest import House, back_office, euros
from tests.reports.test_words import references
from viertakt.access.model import system
from viertakt.db.pool import connect
from viertakt.deadlines import alarms
from viertakt.deadlines.measures import measures
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.kinds.actions import Kinds, publish_kind
from viertakt.kinds.model import Escalation
from viertakt.operations.assigning import change_assignment
from viertakt.operations.model import Act, AssignmentRequest, Caller, Operation
from viertakt.operations.reading import read_operation
from viertakt.wiring import FOLLOWERS

ALARMS = "SELECT sort, data ->> 'target' FROM viertakt.entry WHERE sort IN ('warned', 'breached') ORDER BY entry_seq"
OF_ONE = "SELECT sort FROM viertakt.entry WHERE sort IN ('warned', 'breached') AND operation_id = %s"
STEPS = (
    Escalation("warned", priority="high"),
    Escalation("breached", assign="payments_lead", priority="urgent"),
)


class Watched:
    """Claims whose decision is promised in two weeks, of which tickets of the first day have passed when a test says so."""

    def __init__(self, clocked: Clocked) -> None:
        self.clocked = clocked
        self.house: House = clocked.house

    def follow(self) -> None:
        with connect(self.house.url, role="viertakt_app", autocommit=True) as conn:
            sequence_all(conn)
            follow_all(conn, "targets", FOLLOWERS["targets"])

    def passes(self, operation: Operation, time: str) -> None:
        """So much time passes: everything that happened to it happened so much earlier."""
        with connect(self.house.url, autocommit=True) as conn:
            conn.execute("ALTER TABLE viertakt.entry DISABLE TRIGGER history_stays")
            for table, columns in (
                ("entry", ("at",)),
                ("operation", ("entered_at", "created_at", "changed_at")),
                ("promise", ("began_at", "risk_at", "due_at")),
                ("promise_step", ("due_at",)),
            ):
                moved = ", ".join(f"{column} = {column} - %(time)s::interval" for column in columns)
                conn.execute(
                    f"UPDATE viertakt.{table} SET {moved} WHERE operation_id = %(id)s",
                    {"time": time, "id": operation.id},
                )
            conn.execute("ALTER TABLE viertakt.entry ENABLE TRIGGER history_stays")

    def tell(self) -> int:
        return self.clocked.ask(lambda conn: alarms.tell_promises(conn, self.house.engine))

    def alarms(self) -> list[Any]:
        return [tuple(row) for row in self.house.sql(ALARMS)]

    def held(self, operation: Operation) -> Any:
        return self.clocked.ask(lambda conn: read_operation(conn, operation.id)).assignment


@pytest.fixture
def watched(clocked: Clocked) -> Watched:
    return Watched(clocked)


def withdrawal(watched: Watched, name: str = "W-1") -> Operation:
    opened = watched.house.open("withdrawal", name, amount=euros("10"))
    watched.follow()
    return opened


def test_a_promise_is_told_of_before_and_when_it_breaks(watched: Watched) -> None:
    """Twenty of twenty-four hours are a warning, twenty-five a breach; each is told once."""
    opened = withdrawal(watched)
    assert watched.tell() == 0
    watched.passes(opened, "20 hours")
    watched.tell()
    watched.tell()
    assert watched.alarms() == [("warned", "decision")]
    watched.passes(opened, "5 hours")
    watched.tell()
    watched.tell()
    assert watched.alarms() == [("warned", "decision"), ("breached", "decision")]
    told = {one.name: one.value for one in watched.clocked.ask(measures)}
    assert told["promises_broken"] == 1


def test_a_paused_promise_is_not_told_of_and_goes_on_where_it_stopped(watched: Watched) -> None:
    """What the customer takes is not ours: only running time breaks a promise."""
    opened = withdrawal(watched)
    house = watched.house
    house.move(opened, "hold", by=system("check:velocity"))
    house.move(opened, "ask_documents", by=house.token)
    watched.follow()
    watched.passes(opened, "3 days")
    watched.tell()
    assert watched.alarms() == []
    house.move(opened, "documents_in")
    watched.follow()
    watched.passes(opened, "20 hours")
    watched.tell()
    assert [sort for sort, _ in watched.alarms()] == ["warned"]


def test_what_was_kept_is_told_of_no_more(watched: Watched) -> None:
    """Also where the move is a moment older than what followed it."""
    opened = withdrawal(watched)
    watched.passes(opened, "25 hours")
    watched.house.move(opened, "approve", by=watched.house.token)
    assert (watched.tell(), watched.alarms()) == (2, [])
    watched.follow()
    assert (watched.tell(), watched.alarms()) == (0, [])
    assert watched.house.sql("SELECT count(*) FROM viertakt.promise_step") == [(0,)]


def test_steps_are_taken_as_the_kind_declares_them(watched: Watched) -> None:
    """Raised first, then given to the leads, out of a snooze if need be; nobody's higher priority is lowered."""
    watched.clocked.ask(escalating)
    opened = withdrawal(watched)
    watched.passes(opened, "20 hours")
    watched.tell()
    assert (watched.held(opened).priority, watched.held(opened).assignee) == (1, None)
    watched.clocked.ask(lambda conn: snooze(conn, opened))
    watched.passes(opened, "5 hours")
    watched.tell()
    held = watched.held(opened)
    assert (held.priority, held.assignee, held.snoozed_until) == (2, "role:payments_lead", None)


def escalating(conn: Any) -> None:
    kind = Kinds().latest(conn, "withdrawal").kind
    target = msgspec.structs.replace(kind.targets[0], escalate=STEPS)
    publish_kind(conn, msgspec.structs.replace(kind, targets=(target,)), actor=system("cli"))


def snooze(conn: Any, operation: Operation) -> None:
    ((until,),) = conn.execute("SELECT now() + interval '2 days'").fetchall()
    change_assignment(conn, AssignmentRequest(operation.id, Caller(system("cli")), Act.SNOOZE, until=until))


@settings(max_examples=8)
@given(hours=st.lists(st.tuples(st.booleans(), st.integers(0, 12)), min_size=1, max_size=5))
def test_only_running_hours_break_a_promise(shared_watched: Watched, hours: list[tuple[bool, int]]) -> None:
    """Whatever the order of pauses: told of at four fifths of twenty-four running hours, broken at all of them."""
    watched, house = shared_watched, shared_watched.house
    ((count,),) = house.sql("SELECT count(*) FROM viertakt.operation")
    opened = withdrawal(watched, f"W-{count}")
    house.move(opened, "hold", by=system("check:velocity"))
    running = True
    for pauses, length in hours:
        if pauses == running:
            house.move(opened, "ask_documents" if pauses else "documents_in", by=house.token)
            running = not pauses
        watched.follow()
        watched.passes(opened, f"{length} hours")
    counted = sum(length for pauses, length in hours if not pauses)
    watched.follow()
    watched.tell()
    told = [row[0] for row in house.sql(OF_ONE, opened.id)]
    expected = ["warned"] * (counted >= 20) + ["breached"] * (counted > 24 or (counted == 24 and running))
    assert sorted(told) == sorted(expected)


@pytest.fixture(scope="module")
def shared_watched(server_url: str, template: str) -> Any:
    for url in _copy(server_url, template):
        with back_office(url) as house:
            yield Watched(Clocked(house))


def test_what_is_stuck_is_told_of_once_and_is_what_the_query_finds(watched: Watched) -> None:
    """The list and the alarm must not differ, or one of them is believed in vain."""
    house = watched.house
    waiting, due, fresh = (withdrawal(watched, f"W-{n}") for n in range(3))
    watched.passes(waiting, "25 hours")
    house.move(due, "approve", by=house.token)
    house.move(due, "send", by=system("till"))
    house.sql(
        "UPDATE viertakt.operation SET deadline_at = now() - interval '2 hours' WHERE operation_id = %s",
        due.id,
    )
    assert watched.clocked.ask(alarms.sweep) == 2
    assert watched.clocked.ask(alarms.sweep) == 0
    told = house.sql("SELECT operation_id FROM viertakt.entry WHERE sort = 'stalled' ORDER BY 1")
    assert [row[0] for row in told] == sorted([waiting.id, due.id])
    assert references(house, "is:stuck") == [waiting.reference, due.reference]
    assert [
        (one.value, one.labels) for one in watched.clocked.ask(measures) if one.name == "operations_stuck"
    ] == [(2, {"kind": "withdrawal"})]
    house.move(waiting, "hold", by=system("check:velocity"))
    watched.clocked.ask(alarms.prune_stalled)
    assert house.sql("SELECT operation_id FROM viertakt.stalled") == [(due.id,)]
    assert fresh.id not in {row[0] for row in told}


PATIENT = {"sending": "PT30M", "requested": "P3D", "under_review": "PT2H"}


def test_a_stage_says_how_long_it_may_be_silent(watched: Watched) -> None:
    """A payout that is sent for half an hour is strange, one that waits three days for the ledger is not."""
    house = watched.house
    kind = watched.clocked.ask(lambda conn: Kinds().latest(conn, "withdrawal").kind)
    stages = {
        name: msgspec.structs.replace(stage, silence=PATIENT.get(name)) for name, stage in kind.stages.items()
    }
    patient = msgspec.structs.replace(kind, stages=stages)
    watched.clocked.ask(lambda conn: publish_kind(conn, patient, actor=system("cli")))
    waiting, sent, held = (withdrawal(watched, f"W-{n}") for n in range(3))
    for transition, by in (("approve", house.token), ("send", system("till"))):
        house.move(watched.clocked.ask(lambda conn: read_operation(conn, sent.id)), transition, by=by)
    house.move(held, "hold", by=system("check:velocity"))
    watched.passes(waiting, "25 hours")
    for one in (sent, held):
        watched.passes(one, "45 minutes")
    assert references(house, "is:stuck") == [sent.reference]
    assert watched.clocked.ask(alarms.sweep) == 1
    watched.passes(held, "90 minutes")
    watched.passes(waiting, "2 days")
    assert references(house, "is:stuck") == [one.reference for one in (waiting, sent, held)]
    assert watched.clocked.ask(alarms.sweep) == 2


def test_a_target_says_when_it_warns(watched: Watched) -> None:
    """Half a day is late enough for whoever has to find somebody first; where none says so it stays four fifths."""
    house = watched.house
    kind = watched.clocked.ask(lambda conn: Kinds().latest(conn, "withdrawal").kind)
    (target,) = kind.targets
    early = msgspec.structs.replace(kind, targets=(msgspec.structs.replace(target, warn="50%"),))
    usual = withdrawal(watched, "W-1")
    watched.clocked.ask(lambda conn: publish_kind(conn, early, actor=system("cli")))
    warned = withdrawal(watched, "W-2")
    for one in (usual, warned):
        watched.passes(one, "13 hours")
    watched.tell()
    told = house.sql("SELECT operation_id, sort FROM viertakt.entry WHERE sort = 'warned'")
    assert told == [(warned.id, "warned")]
    assert references(house, "is:at_risk") == [warned.reference]
    watched.passes(usual, "12 hours")
    assert references(house, "is:late") == [usual.reference]
    found = watched.clocked.ask(lambda conn: alarms.next_promises(conn, [usual.id, warned.id]))
    assert {one.operation_id: one.standing for one in found} == {usual.id: "late", warned.id: "at_risk"}
