"""Consents to whole jobs: whose grants reach all of it, stand-ins, and the end of waiting."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.bulk.conftest import Bulk
from tests.operations.conftest import House
from viertakt.access.delegations import NewDelegation, delegate
from viertakt.access.model import Actor
from viertakt.bulk.model import Job, JobState, Limits
from viertakt.errors import Forbidden, NotPermitted

SMALL = Limits(countdown=timedelta(0), consent_above=2)


@pytest.fixture
def bulk(house: House) -> Bulk:
    """Where three operations are many."""
    return Bulk(house, SMALL)


def waiting(bulk: Bulk, brand: str = "casino-nl", **more: Any) -> Job:
    """A job that needs a second person for its size alone: refusing asks for no consents of its own."""
    bulk.withdrawals(3, brand=brand, **more)
    job = bulk.start(bulk.make("kind:withdrawal stage:requested"))
    assert (job.state, [need.count for need in job.needs]) == (JobState.WAITING, [1])
    return job


def consenter(bulk: Bulk, *, where: str = "", amount_max: dict[str, str] | None = None) -> Actor:
    """Somebody of a role that refuses, with one grant for it."""
    grant = "UPDATE viertakt.access_grant SET where_ = %s, amount_max = %s::jsonb WHERE role = 'risk' AND may @> %s"
    limit = msgspec.json.encode(amount_max or {}).decode()
    bulk.house.sql(grant, where, limit, ["move:refuse"])
    return bulk.person("Risk", "risk")


@pytest.mark.parametrize(
    ("where", "amount_max"),
    [("brand:casino-de", None), ("", {"EUR": "19.99"}), ("", {"USD": "1000"})],
)
def test_a_grant_that_does_not_reach_all_of_it_is_no_consent(
    bulk: Bulk, where: str, amount_max: dict[str, str] | None
) -> None:
    """The job asks no operation again, so where and up to which amount is asked here."""
    person = consenter(bulk, where=where, amount_max=amount_max)
    job = waiting(bulk)
    with pytest.raises(Forbidden, match="reach all of it"):
        bulk.says(job, person)
    assert bulk.look(job).consents == ()


def test_a_grant_that_reaches_all_of_it_is_one(bulk: Bulk) -> None:
    """Up to the very amount, in the very brand."""
    person = consenter(bulk, where="brand:casino-nl", amount_max={"EUR": "20"})
    assert bulk.says(waiting(bulk), person).state is JobState.RUNNING


def test_one_operation_out_of_reach_is_enough(bulk: Bulk) -> None:
    """Among many within it: the highest amount of each place is asked about."""
    person = consenter(bulk, amount_max={"EUR": "20"})
    bulk.withdrawals(1, amount="20.01")
    with pytest.raises(Forbidden):
        bulk.says(waiting(bulk), person)


def stands_in(bulk: Bulk, person: Actor, stand_in: Actor) -> None:
    until = bulk.house.sql("SELECT now() + interval '1 day'")[0][0]
    new = NewDelegation(person.id, stand_in.id, until_at=until)
    bulk.ask(lambda conn: delegate(conn, new, by=bulk.again(person)))


def test_a_stand_in_consents_in_anothers_name(bulk: Bulk) -> None:
    """It counts by the rights of whose consent it is, and says both."""
    lead, helper = consenter(bulk), bulk.person("A helper", "support")
    job = waiting(bulk)
    with pytest.raises(Forbidden):
        bulk.says(job, helper)
    stands_in(bulk, lead, helper)
    job = bulk.says(job, helper)
    assert job.state is JobState.RUNNING
    assert [(one.actor, one.on_behalf_of, one.on_behalf_of_name) for one in job.consents] == [
        (helper.id, lead.id, "Risk")
    ]


def test_a_person_and_their_stand_in_are_one(bulk: Bulk) -> None:
    """Two consents are needed to undo, and the two of them give one."""
    job = bulk.work(bulk.says(waiting(bulk), consenter(bulk)))
    bulk.release(bulk.fresh(bulk.ask(_all)))
    undo = bulk.start(bulk.undo(job), by=bulk.first)
    helper = bulk.person("A helper", "support")
    stands_in(bulk, bulk.second, helper)
    undo = bulk.says(undo, helper)
    assert undo.state is JobState.WAITING
    with pytest.raises(NotPermitted, match="consented already"):
        bulk.says(undo, bulk.second)
    third = bulk.person("A third lead", "payments_lead")
    undo = bulk.work(bulk.says(undo, third))
    assert (undo.done, undo.asked) == (3, 0), "each operation took both consents"


def test_who_asked_does_not_consent_as_anothers_stand_in(bulk: Bulk) -> None:
    """Nor does somebody else in the name of who asked."""
    lead = consenter(bulk)
    job = waiting(bulk)
    stands_in(bulk, lead, bulk.asker)
    with pytest.raises(Forbidden, match="asked for this job"):
        bulk.says(job, bulk.asker)
    helper = bulk.person("A helper", "support")
    stands_in(bulk, bulk.asker, helper)
    with pytest.raises(Forbidden):
        bulk.says(job, helper)


def test_waiting_ends_by_itself(bulk: Bulk) -> None:
    """As soon as the time is up nobody consents any more; the worker writes it down."""
    person, job = consenter(bulk), waiting(bulk)
    assert job.waits_until is not None
    assert job.waits_until - job.now > timedelta(days=6)
    bulk.house.sql("UPDATE viertakt.bulk_job SET waits_until = clock_timestamp() - interval '1 second'")
    with pytest.raises(NotPermitted, match="time for consents"):
        bulk.says(job, person)
    assert bulk.look(job).state is JobState.WAITING
    bulk.work_on()
    job = bulk.look(job)
    assert (job.state, job.said, bulk.stages()) == (JobState.CANCELLED, "expired", {"requested": 3})


def _all(conn: Any) -> list[Any]:
    from viertakt.operations.store import read_operations

    ids = [id_ for (id_,) in conn.execute("SELECT operation_id FROM viertakt.operation").fetchall()]
    return list(read_operations(conn, ids).values())
