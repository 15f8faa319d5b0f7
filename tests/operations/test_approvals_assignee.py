"""By default the one who works on an operation is not one of the others who consent."""

from datetime import UTC, datetime
from threading import Thread
from typing import Any

import msgspec
import pytest
from psycopg import Connection

from tests.operations.desk import Desk
from tests.operations.test_assignment import does
from viertakt.access.model import Actor
from viertakt.db.pool import connect
from viertakt.errors import Forbidden
from viertakt.kinds.model import Kind, PublishedKind, TransitionName
from viertakt.operations.actions import execute
from viertakt.operations.approvals import read_open
from viertakt.operations.model import Operation, Verdict
from viertakt.operations.reading import read_operation
from viertakt.operations.turn import Engine


def test_the_assignee_does_not_consent(desk: Desk) -> None:
    """Four eyes are two pairs: who works on it has looked already."""
    operation = desk.withdrawal()
    desk.asked(operation)
    does(desk, operation, desk.asker, "assign", to=desk.first.id)
    refusal = desk.refused(operation, desk.first)
    assert (type(refusal), refusal.facts["why_not"]) == (Forbidden, "assignee")
    assert desk.stage(operation) == "requested"
    does(desk, operation, desk.asker, "assign", to="role:payments_lead")
    desk.says(operation, desk.first)
    desk.says(operation, desk.second)
    assert desk.stage(operation) == "approved"


def test_a_consent_counts_no_more_once_it_is_assigned_to_its_giver(desk: Desk) -> None:
    """Looked at again when the last one comes, as rights are."""
    operation = desk.withdrawal()
    desk.asked(operation)
    desk.says(operation, desk.first)
    does(desk, operation, desk.asker, "assign", to=desk.first.id)
    desk.says(operation, desk.second)
    assert desk.stage(operation) == "requested"
    third = desk.person("a third lead", "payments_lead")
    desk.says(operation, third)
    assert desk.stage(operation) == "approved"


def test_picking_it_up_to_look_is_no_assignment(desk: Desk) -> None:
    """A lead who works through what waits for consents has each in hand."""
    operation = desk.withdrawal()
    desk.asked(operation)
    for lead in (desk.first, desk.second):
        does(desk, operation, lead, "claim")
        desk.says(operation, lead)
        does(desk, operation, lead, "release")
    assert desk.stage(operation) == "approved"


def test_the_inbox_says_so(desk: Desk) -> None:
    """The button is not there, and the reason is; a consent that does not count is marked."""
    operation = desk.withdrawal()
    desk.asked(operation)
    desk.says(operation, desk.first)
    does(desk, operation, desk.asker, "assign", to=desk.first.id)
    with connect(desk.house.url) as conn:
        stands = read_operation(conn, operation.id)
        (seen,) = read_open(conn, desk.house.engine.kinds, stands, reader=desk.first, now=datetime.now(UTC))
    assert Verdict.APPROVE not in seen.may
    assert seen.objection is not None
    assert seen.objection.facts["why_not"] == "assignee"
    assert seen.counted == frozenset()
    assert [need.given for need in seen.needs] == [0 for _ in seen.needs]


class Lenient:
    """The kinds of an engine, where whoever it is assigned to may consent too."""

    def __init__(self, engine: Engine) -> None:
        self._kinds = engine.kinds

    def at(self, conn: Connection[Any], name: str, version: int) -> PublishedKind:
        return PublishedKind(lenient(self._kinds.at(conn, name, version).kind), version)

    def latest(self, conn: Connection[Any], name: str) -> PublishedKind:
        return self._kinds.latest(conn, name)


def lenient(kind: Kind) -> Kind:
    """The kind with `by_assignee` in every rule of `approve`."""
    approve = kind.transitions[TransitionName("approve")]
    rules = tuple(msgspec.structs.replace(rule, by_assignee=True) for rule in approve.approvals)
    changed = msgspec.structs.replace(approve, approvals=rules)
    return msgspec.structs.replace(kind, transitions={**kind.transitions, TransitionName("approve"): changed})


def test_a_kind_may_let_the_assignee_consent(desk: Desk) -> None:
    """A default is what a company can decide otherwise."""
    operation = desk.withdrawal()
    desk.asked(operation)
    does(desk, operation, desk.asker, "assign", to=desk.first.id)
    house = desk.house.engine
    engine = Engine(Lenient(house), house.catalogue, house.reload_actor)
    for lead in (desk.first, desk.second):
        _say(desk, operation, lead, engine)
    assert desk.stage(operation) == "approved"


def _say(desk: Desk, operation: Operation, lead: Actor, engine: Engine) -> None:
    with connect(desk.house.url) as conn:
        execute(conn, engine, [desk.saying(operation, lead)])
        conn.commit()


@pytest.mark.parametrize("first", ["consent", "assignment"])
def test_a_consent_and_an_assignment_at_once_come_one_after_the_other(desk: Desk, first: str) -> None:
    """What the decision read stands until it is written: either it counted before, or it is refused."""
    operation = desk.withdrawal()
    desk.asked(operation)
    desk.says(operation, desk.second)
    does(desk, operation, desk.asker, "prioritise", priority=1)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connect(desk.house.url) as conn:
        if first == "consent":
            execute(conn, desk.house.engine, [desk.saying(operation, desk.first)])
            other = Thread(
                target=does, args=(desk, operation, desk.asker, "assign"), kwargs={"to": desk.first.id}
            )
        else:
            conn.execute(
                "UPDATE viertakt.assignment SET assignee = %s WHERE operation_id = %s",
                [desk.first.id, operation.id],
            )
            other = Thread(target=_say, args=(desk, operation, desk.first, desk.house.engine))
        other.start()
        while desk.house.sql(waiting) == [(0,)]:
            assert other.is_alive()
        conn.commit()
    other.join()
    assert desk.stage(operation) == ("approved" if first == "consent" else "requested")
