"""Incidents: who may, what waits because of one, and how it goes on without a burst."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from psycopg import Cursor
from structlog.testing import capture_logs

from tests.alerts.test_watching import _write, limited
from tests.checks.conftest import examined
from tests.checks.test_outside import Provider
from tests.deadlines.conftest import Clocked, clocked
from tests.operations.conftest import House, euros, house
from viertakt.access.actions import actor_by_id, add_person
from viertakt.access.model import Actor, system
from viertakt.alerts import incidents, incidents_store, store
from viertakt.alerts.incidents_model import EventSort, Incident, IncidentState
from viertakt.checks.store import spread_runs
from viertakt.db.pool import connect
from viertakt.errors import Conflict, Forbidden, Invalid, InvalidQuery, NotFound, OnHold
from viertakt.operations import holding
from viertakt.operations.holding import Releaser
from viertakt.operations.model import Answer, Operation

__all__ = ["clocked", "examined", "house", "limited"]
T = TypeVar("T")
CARDS = "kind:withdrawal attributes.method:card"


class Control:
    """Whoever manages, and what they do about incidents."""

    def __init__(self, house: House) -> None:
        self.house = house
        with connect(house.url) as conn:
            person = add_person(
                conn, email="duty@example.test", name="On duty", roles=["admin"], password=None
            )
            conn.commit()
            self.person = actor_by_id(conn, person.id)
        self.releaser = Releaser(self.ask, (spread_runs,), (incidents.note_resumed,))

    def ask(self, question: Callable[[Any], T]) -> T:
        with connect(self.house.url) as conn:
            found = question(conn)
            conn.commit()
        return found

    def open(self, query: str = CARDS, *, by: Actor | None = None, **more: Any) -> Incident:
        def write(conn: Any) -> Incident:
            fields = self.house.engine.kinds.search_fields(conn)  # type: ignore[attr-defined]
            return incidents.open_incident(
                conn, by or self.person, title="Cards are down", query=query, fields=fields, **more
            )

        found = self.ask(write)
        self.ask(self.house.engine.holds.refresh)
        return found

    def release(self, incident: Incident, per_minute: int = 60) -> None:
        self.ask(lambda conn: incidents.release(conn, self.person, incident.id, per_minute=per_minute))
        while self.releaser.turn() is not None:
            pass
        self.ask(self.house.engine.holds.refresh)

    def now(self, incident: Incident) -> Incident:
        found = self.ask(lambda conn: incidents_store.read_incident(conn, incident.id))
        assert found is not None
        return found

    def history(self, incident: Incident) -> list[EventSort]:
        return [one.sort for one in self.ask(lambda conn: incidents_store.read_events(conn, incident.id))]

    def seen(self, reader: Actor) -> list[Incident]:
        def read(conn: Any) -> list[Incident]:
            fields = self.house.engine.kinds.search_fields(conn)  # type: ignore[attr-defined]
            return incidents.list_incidents(conn, reader, fields, only_open=False)

        return self.ask(read)


@pytest.fixture
def control(house: House) -> Control:
    return Control(house)


def _approved(house: House, reference: str, method: str) -> Operation:
    opened = house.open("withdrawal", reference, amount=euros("10"), attributes={"method": method})
    return house.move(opened, "approve").operation


def test_programs_do_not_send_what_waits(house: House, control: Control) -> None:
    """Plain moves and those that go under locks; what another provider handles is sent as ever."""
    card, bank = _approved(house, "W-1", "card"), _approved(house, "W-2", "bank")
    incident = control.open(pause=True)
    assert house.move(bank, "send").operation.stage == "sending"
    with capture_logs() as lines:
        for comment in (None, "goes under a lock"):
            with pytest.raises(OnHold):
                house.move(card, "send", comment=comment)
    told = [(one["code"], one["operation"], one["actor"]) for one in lines if one["event"] == "move_refused"]
    assert told == [("on_hold", str(card.id), house.token.id)] * 2
    refused = "SELECT count(*) FROM viertakt.entry WHERE sort = 'refused'"
    assert house.sql(refused) == [(0,)], "who asks until it is over fills no history"
    control.release(incident)
    assert house.move(card, "send").operation.stage == "sending"


def test_what_is_told_of_the_past_is_not_held(house: House, control: Control) -> None:
    """It was sent before anybody paused it; and what is with the provider already may still be reported on."""
    sent, late = _approved(house, "W-1", "card"), _approved(house, "W-2", "card")
    sent = house.move(sent, "send").operation
    control.open(pause=True)
    assert house.move(late, "send", at=late.changed_at).operation.stage == "sending"
    assert isinstance(house.end(sent, "success"), Answer)


def test_deadlines_wait_and_come_as_far_apart_as_they_would_have(clocked: Clocked, control: Control) -> None:
    """Nothing fires for what is held; afterwards each has the time back that it stood still, neither more nor less."""
    first, second, other = clocked.solved(3)
    incident = control.open("kind:ticket reference:T-0,T-1", pause=True)
    apart = "UPDATE viertakt.operation SET deadline_at = now() - interval '3 hours' + %s::interval WHERE operation_id = %s"
    clocked.house.sql(apart, "0", first.id)
    clocked.house.sql(apart, "1 hour", second.id)
    clocked.due(where=f"operation_id = '{other.id}'")
    assert (clocked.fire(), clocked.stages()) == (1, {"solved": 2, "closed": 1})
    clocked.house.sql("UPDATE viertakt.hold SET held_at = held_at - interval '5 hours'")
    clocked.house.sql("UPDATE viertakt.operation SET entered_at = entered_at - interval '1 day'")
    control.release(incident)
    left = (
        "SELECT extract(epoch FROM deadline_at - now())::int / 60 FROM viertakt.operation "
        "WHERE deadline_at IS NOT NULL ORDER BY deadline_at"
    )
    # Five hours stood still: what was three hours over has two left, what was two hours over has three.
    assert [round(minutes / 60) for (minutes,) in clocked.house.sql(left)] == [2, 3]
    assert clocked.fire() == 0
    assert control.history(incident) == ["opened", "paused", "released", "resumed"]


def test_two_holds_on_one_another_give_the_time_back_once(clocked: Clocked, control: Control) -> None:
    """Else whoever pauses twice gives everybody a day off."""
    clocked.solved(1)
    first, second = control.open("kind:ticket", pause=True), control.open("kind:ticket", pause=True)
    clocked.house.sql("UPDATE viertakt.hold SET held_at = held_at - interval '5 hours'")
    clocked.house.sql(
        "UPDATE viertakt.operation SET entered_at = entered_at - interval '1 day', deadline_at = now() - interval '1 hour'"
    )
    control.release(first)
    assert clocked.fire() == 0, "the other one still holds it"
    control.release(second)
    ((minutes,),) = clocked.house.sql(
        "SELECT extract(epoch FROM deadline_at - now())::int / 60 FROM viertakt.operation"
    )
    assert round(minutes / 60) == 4


def test_a_hold_within_another_takes_no_time_from_it(clocked: Clocked, control: Control) -> None:
    """From ten to twelve, and within that from half past ten to eleven: two hours, whichever ends first."""
    clocked.solved(1)
    clocked.house.sql(
        "UPDATE viertakt.operation SET entered_at = '2026-01-05 09:00Z', deadline_at = '2026-01-05 13:00Z'"
    )
    outer, inner = control.open("kind:ticket", pause=True), control.open("reference:T-0", pause=True)
    hours = {inner: ("10:30", "11:00", "13:30"), outer: ("10:00", "12:00", "15:00")}
    for incident, (held, released, due) in hours.items():
        control.ask(partial(incidents.release, by=control.person, incident_id=incident.id, per_minute=60))
        clocked.house.sql(
            "UPDATE viertakt.hold SET held_at = %s::timestamptz, released_from = %s::timestamptz WHERE query = %s",
            f"2026-01-05 {held}Z",
            f"2026-01-05 {released}Z",
            incident.query,
        )
        while control.releaser.turn() is not None:
            pass
        found = clocked.house.sql(
            "SELECT deadline_at = %s::timestamptz FROM viertakt.operation", f"2026-01-05 {due}Z"
        )
        assert found == [(True,)], f"due at {due}"


def test_letting_go_is_taken_up_where_it_was(
    clocked: Clocked, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is killed between two steps: nothing fires meanwhile, and each deadline has its time back once."""
    monkeypatch.setattr(holding, "EXTENDED_AT_ONCE", 2)
    clocked.solved(5)
    incident = control.open("kind:ticket", pause=True)
    clocked.due()
    clocked.house.sql("UPDATE viertakt.hold SET held_at = held_at - interval '1 hour'")
    clocked.house.sql("UPDATE viertakt.operation SET entered_at = entered_at - interval '1 day'")
    control.ask(lambda conn: incidents.release(conn, control.person, incident.id, per_minute=60))
    assert control.releaser.turn() == 0.0
    with connect(clocked.house.url) as conn:
        assert control.releaser.step(conn)
        conn.rollback()
    assert (clocked.fire(), control.now(incident).state) == (0, IncidentState.RELEASING)
    while control.releaser.turn() is not None:
        pass
    assert control.now(incident).state is IncidentState.OPEN
    spread = "SELECT count(*), max(deadline_at) - min(deadline_at) < interval '1 second', min(deadline_at) > now() FROM viertakt.operation"
    assert clocked.house.sql(spread) == [(5, True, True)]
    assert clocked.house.sql("SELECT count(*) FROM viertakt.hold_extended") == [(5,)]


def test_nobody_is_asked_about_what_waits_and_then_one_after_the_other(
    examined: Any, control: Control, tmp_path: Path
) -> None:
    """Ten a minute: six seconds lie between any two, whenever each of them would have been due."""
    provider = Provider(examined, tmp_path)
    try:
        opened = [examined.house.open("payout", f"P-{n}", subject=f"p-{n}") for n in range(4)]
        assert provider.work() == 4
        assert {examined.now(one).stage for one in opened} == {"unknown"}
        incident = control.open("kind:payout", pause=True)
        assert (provider.again(), provider.again()) == (0, 0), "due, and nobody is asked"
        control.release(incident, per_minute=10)
        gaps = examined.house.sql(
            "SELECT due_at - lag(due_at) OVER (ORDER BY due_at) FROM viertakt.check_run WHERE sort = 're_ask' ORDER BY due_at"
        )
        assert [gap for (gap,) in gaps[1:]] == [timedelta(seconds=6)] * 3
        assert provider.work() == 1, "the first is due at once"
        shown = control.now(incident)
        assert (shown.state, shown.resumed_at) == (IncidentState.RELEASING, None)
        assert shown.asked_until is not None
        last = shown.asked_until - timedelta(seconds=18)
        assert [shown.to_ask(last + timedelta(seconds=n)) for n in (1, 7, 13, 19)] == [3, 2, 1, 0]
        with pytest.raises(Conflict, match="being released"):
            control.ask(lambda conn: incidents.close(conn, control.person, incident.id))
        examined.house.sql("UPDATE viertakt.hold SET asked_until = now()")
        while control.releaser.turn() is not None:
            pass
        assert control.now(incident).state is IncidentState.OPEN
        assert control.history(incident) == ["opened", "paused", "released", "resumed"]
        provider.answers(outcome="success")
        assert provider.again() == 4
        assert {examined.now(one).stage for one in opened} == {"paid"}
    finally:
        provider.process.kill()
        provider.process.wait()


def test_what_was_let_go_too_early_waits_again(examined: Any, control: Control, tmp_path: Path) -> None:
    """The provider fails again while it is asked: nobody has to wait until all questions have gone out."""
    provider = Provider(examined, tmp_path)
    try:
        for n in range(3):
            examined.house.open("payout", f"P-{n}", subject=f"p-{n}")
        provider.work()
        incident = control.open("kind:payout", pause=True)
        provider.again()
        control.release(incident, per_minute=1)
        assert control.now(incident).state is IncidentState.RELEASING
        control.ask(lambda conn: incidents.pause(conn, control.person, incident.id))
        assert control.now(incident).state is IncidentState.PAUSED
        assert provider.again() == 0
        control.release(incident, per_minute=6_000)
        control.house.sql("UPDATE viertakt.hold SET asked_until = now()")
        while control.releaser.turn() is not None:
            pass
        # Once: what was let go first never went on.
        told = ["opened", "paused", "released", "paused", "released", "resumed"]
        assert control.history(incident) == told
    finally:
        provider.process.kill()
        provider.process.wait()


def test_who_manages_opens_and_closes_and_all_of_it_is_written_down(house: House, control: Control) -> None:
    """Its own history, and the audit of access; an alert belongs to one incident."""
    _write(house, "withdrawal", None)
    (alert,) = control.ask(lambda conn: store.list_alerts(conn, only_open=True, limit=5))
    incident = control.open(alerts=[alert.id], pause=True, comment="Their status page says so.")
    assert (incident.state, incident.alerts) == (IncidentState.PAUSED, 1)
    with pytest.raises(Conflict):
        control.open(alerts=[alert.id])
    act: dict[str, Any] = {"by": control.person, "incident_id": incident.id}
    with pytest.raises(Conflict, match="release it"):
        control.ask(lambda conn: incidents.close(conn, **act))
    with pytest.raises(Conflict, match="wait already"):
        control.ask(lambda conn: incidents.pause(conn, **act))
    control.ask(lambda conn: incidents.note(conn, **act, comment="They are looking into it."))
    control.release(incident)
    assert control.ask(lambda conn: incidents.pause(conn, **act)).state is IncidentState.PAUSED
    control.release(incident)
    closed = control.ask(lambda conn: incidents.close(conn, **act))
    assert (closed.state, closed.closed_by) == (IncidentState.CLOSED, control.person.id)
    with pytest.raises(Conflict, match="closed"):
        control.ask(lambda conn: incidents.note(conn, **act, comment="Too late."))
    told = control.history(incident)
    assert told == [
        "opened", "alert_added", "paused", "noted", "released", "resumed", "paused", "released", "resumed", "closed",
    ]  # fmt: skip
    audited = house.sql("SELECT sort FROM viertakt.access_change WHERE sort LIKE 'incident%%' ORDER BY at")
    assert [sort for (sort,) in audited] == [
        "incident_opened", "incident_paused", "incident_released", "incident_paused", "incident_released",
        "incident_closed",
    ]  # fmt: skip


def test_an_incident_is_there_for_those_whose_operations_it_concerns(
    house: House, control: Control, limited: Actor
) -> None:
    """Who sees none of them is told of none, and nobody acts on it who does not manage."""
    incident = control.open()
    assert (control.seen(limited), control.seen(control.person)) == ([], [incident])
    house.open(
        "withdrawal",
        "W-1",
        amount=euros("5"),
        brand="casino-be",
        attributes={"method": "card"},
        by=system("till"),
    )
    assert control.seen(limited) == []
    house.open("withdrawal", "W-2", amount=euros("5"), brand="casino-nl", attributes={"method": "card"})
    assert control.seen(limited) == [incident]
    with pytest.raises(Forbidden):
        control.ask(lambda conn: incidents.close(conn, limited, incident.id))
    with pytest.raises(Forbidden):
        control.open(by=limited)


def test_a_list_of_incidents_is_asked_in_few_statements(
    house: House, control: Control, limited: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are: each of the statements asks about so many at once, and mixes up none of them."""
    monkeypatch.setattr(holding, "CONCERNED_AT_ONCE", 4)
    till: dict[str, Any] = {"amount": euros("5"), "by": system("till")}
    house.open("withdrawal", "W-1", brand="casino-nl", attributes={"method": "card"}, **till)
    house.open("withdrawal", "W-2", brand="casino-be", attributes={"method": "bank"}, **till)
    queries = [
        CARDS,
        "attributes.method:bank",
        "reference:W-1",
        "reference:W-2",
        "amount>=1EUR",
        "kind:deposit",
    ]
    opened = [control.open(query) for query in queries]
    gone = control.open()
    house.sql("UPDATE viertakt.incident SET query = 'attributes.gone:1' WHERE incident_id = %s", gone.id)
    asked: list[str] = []

    class Listening(Cursor[Any]):
        def execute(self, query: Any, *rest: Any, **more: Any) -> Any:
            asked.append(query if isinstance(query, str) else query.as_string(self))
            return super().execute(query, *rest, **more)

    with connect(house.url) as conn:
        fields = house.engine.kinds.search_fields(conn)  # type: ignore[attr-defined]
        conn.cursor_factory = Listening
        seen = incidents.list_incidents(conn, limited, fields, only_open=False)
    assert {one.id for one in seen} == {opened[n].id for n in (0, 2, 4)}
    assert [one.count("EXISTS") for one in asked if "EXISTS" in one] == [4, 2]


def test_an_incident_is_about_what_the_operation_alone_tells(control: Control) -> None:
    """Never about everything, and never about what claims could not decide in a moment."""
    for query in ("stauts:pending", '"free text"', "path:a>b"):
        with pytest.raises(InvalidQuery):
            control.open(query)
    with pytest.raises(Invalid):
        control.open("")


def test_of_what_is_not_there_nothing_is_told(control: Control) -> None:
    """An incident, an alert."""
    with pytest.raises(NotFound):
        control.ask(lambda conn: incidents.note(conn, control.person, uuid4(), "x"))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        control.open(alerts=[uuid4()])
