"""Consents in another's name: whose they are, that nobody counts twice, and when it ends."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.operations.desk import Desk
from tests.operations.test_approvals_races import Interrupted, _execute
from viertakt.access.actions import deactivate
from viertakt.access.audit_model import ChangeFilter, ChangeSort
from viertakt.access.delegations import (
    Delegation,
    NewDelegation,
    delegate,
    delegations,
    end_delegation,
)
from viertakt.access.granting import access_changes
from viertakt.access.model import Actor
from viertakt.db.pool import connect
from viertakt.errors import Forbidden, Invalid, NotFound, NotPermitted, ViertaktError
from viertakt.operations.approvals import read_inbox
from viertakt.operations.model import EntrySort, Verdict
from viertakt.operations.turn import Engine


def _stands_in(
    desk: Desk, other: Actor, person: Actor, *, by: Actor | None = None, days: int = 3
) -> Delegation:
    new = NewDelegation(person.id, other.id, datetime.now(UTC) + timedelta(days=days), absent=True)
    with connect(desk.house.url) as conn:
        said = delegate(conn, new, by=by or person)
        conn.commit()
    return said


def _end(desk: Desk, said: Delegation, by: Actor) -> None:
    with connect(desk.house.url) as conn:
        end_delegation(conn, said.id, by=by)
        conn.commit()


@pytest.fixture
def other(desk: Desk) -> Actor:
    """Somebody who may not consent in their own name."""
    return desk.person("a colleague", "support")


def test_a_stand_in_consents_in_the_name_of_who_is_away(desk: Desk, other: Actor) -> None:
    """By the right of that person; the entry, the inbox and the history say for whom."""
    operation = desk.withdrawal()
    desk.asked(operation)
    assert desk.refused(operation, other).facts["why_not"] == "needs_role"
    _stands_in(desk, other, desk.first)
    with connect(desk.house.url) as conn:
        kinds, now = desk.house.engine.kinds, datetime.now(UTC)
        (seen,) = read_inbox(conn, kinds, reader=other, mine="decide", limit=10, now=now)
    assert seen.may == (Verdict.APPROVE, Verdict.DECLINE)
    assert seen.on_behalf_of == desk.first.id
    entry = desk.says(operation, other).entry
    assert (entry.sort, entry.actor, entry.data["for"]) == (  # type: ignore[index]
        EntrySort.CONSENTED,
        other.id,
        desk.first.id,
    )
    assert str(entry.granted_by).startswith("role payments_lead, grant")
    desk.says(operation, desk.second)
    assert desk.stage(operation) == "approved"


@pytest.mark.parametrize("stand_in_first", [True, False])
def test_a_person_and_their_stand_in_count_once(desk: Desk, other: Actor, stand_in_first: bool) -> None:
    """Two consents are two people: whoever was spoken for has spoken."""
    operation = desk.withdrawal()
    desk.asked(operation)
    _stands_in(desk, other, desk.first)
    early, late = (other, desk.first) if stand_in_first else (desk.first, other)
    desk.says(operation, early)
    assert desk.refused(operation, late).facts["why_not"] in {"consented_already", "needs_role"}
    assert desk.stage(operation) == "requested"


def test_who_stands_in_for_two_consents_once(desk: Desk, other: Actor) -> None:
    """One person looked at it, whoever is away."""
    operation = desk.withdrawal()
    desk.asked(operation)
    for lead in (desk.first, desk.second):
        _stands_in(desk, other, lead)
    desk.says(operation, other)
    assert isinstance(desk.refused(operation, other), ViertaktError)
    assert desk.stage(operation) == "requested"


def test_who_consents_by_their_own_right_does_so_in_their_own_name(desk: Desk) -> None:
    """And then not in another's too: two leads, one of whom is away, are one pair of eyes."""
    operation = desk.withdrawal()
    desk.asked(operation)
    _stands_in(desk, desk.second, desk.first)
    assert "for" not in (desk.says(operation, desk.second).entry.data or {})
    assert desk.refused(operation, desk.second).facts["why_not"] == "consented_already"
    assert desk.stage(operation) == "requested"


def test_who_asked_consents_in_nobodys_name_and_nobody_in_theirs(desk: Desk, other: Actor) -> None:
    """Else whoever asks would hand their colleague the pen."""
    operation = desk.withdrawal()
    desk.asked(operation, by=desk.house.person)
    _stands_in(desk, desk.house.person, desk.first)
    assert desk.refused(operation, desk.house.person).facts["why_not"] == "own_request"
    _stands_in(desk, other, desk.house.person)
    assert isinstance(desk.refused(operation, other), Forbidden)
    assert desk.stage(operation) == "requested"


def test_it_ends_by_itself_and_is_worth_what_the_person_may(desk: Desk, other: Actor) -> None:
    """A right that the absent person has lost, nobody has in their name."""
    operation = desk.withdrawal()
    desk.asked(operation)
    _stands_in(desk, other, desk.first)
    desk.house.sql("UPDATE viertakt.delegation SET from_at = from_at - interval '9 days', until_at = now()")
    assert desk.refused(operation, other).facts["why_not"] == "needs_role"
    _stands_in(desk, other, desk.second)
    desk.says(operation, other)
    desk.change(desk.second, "support")
    desk.says(operation, desk.first)
    assert desk.stage(operation) == "requested", "the consent in the name of the second counts no more"
    with connect(desk.house.url) as conn:
        deactivate(conn, desk.second.id)
        conn.commit()
    desk.says(operation, desk.person("a third lead", "payments_lead"))
    assert desk.stage(operation) == "approved"


def test_a_delegation_ended_between_reading_and_writing(desk: Desk, other: Actor) -> None:
    """What was decided on it is not written."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    said = _stands_in(desk, other, desk.first)
    engine = Engine(
        desk.house.engine.kinds,
        desk.house.engine.catalogue,
        Interrupted(desk.first.id, lambda: _end(desk, said, desk.first)),
    )
    result = _execute(desk, desk.saying(operation, other, asked_seq=asked.entry.seq), engine)
    assert isinstance(result, ViertaktError)
    assert "consented" not in [sort for sort, _, _ in desk.history(operation)]


def test_a_delegation_ended_while_its_last_consent_is_written(desk: Desk, other: Actor) -> None:
    """The move needs both leads' rights to stand; the stand-in's alone is not enough."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    desk.says(operation, desk.second)
    _stands_in(desk, other, desk.first)
    engine = Engine(
        desk.house.engine.kinds,
        desk.house.engine.catalogue,
        Interrupted(desk.first.id, lambda: desk.change(desk.first, "support")),
    )
    result = _execute(desk, desk.saying(operation, other, asked_seq=asked.entry.seq), engine)
    assert isinstance(result, ViertaktError)
    assert desk.stage(operation) == "requested"


def test_who_says_it_and_what_the_audit_tells(desk: Desk, other: Actor) -> None:
    """The person, or who manages; ended by them or the stand-in."""
    with pytest.raises(Forbidden):
        _stands_in(desk, other, desk.first, by=desk.second)
    said = _stands_in(desk, other, desk.first, by=desk.house.token)
    with pytest.raises(NotFound):
        _end(desk, said, desk.second)
    _end(desk, said, other)
    with pytest.raises(NotFound):
        _end(desk, said, desk.first)
    with connect(desk.house.url) as conn:
        told = access_changes(conn, ChangeFilter(about=desk.first.id))
        assert delegations(conn) == []
    assert [one.sort for one in told][:2] == [ChangeSort.DELEGATION_ENDED, ChangeSort.DELEGATED]


@pytest.mark.parametrize(
    ("days", "to", "refusal"),
    [(-1, "other", Invalid), (400, "other", Invalid), (1, "themselves", Invalid), (1, "token", NotFound)],
)
def test_what_cannot_be_delegated(
    desk: Desk, other: Actor, days: int, to: str, refusal: type[ViertaktError]
) -> None:
    """An end in the past or far away, to oneself, to a program."""
    whom = {"other": other, "themselves": desk.first, "token": desk.house.token}[to]
    with pytest.raises(refusal):
        _stands_in(desk, whom, desk.first, days=days)
    assert isinstance(desk.refused(desk.withdrawal(), desk.first), NotFound)


def test_a_stand_in_declines_too(desk: Desk, other: Actor) -> None:
    """Who asked is told by whom and for whom."""
    operation = desk.withdrawal()
    desk.asked(operation)
    _stands_in(desk, other, desk.first)
    data = desk.says(operation, other, "decline", comment="Not without her.").entry.data or {}
    assert data["for"] == desk.first.id
    assert isinstance(desk.refused(operation, desk.first, asked_seq=data["approval"]), NotPermitted)
