"""Who works on an operation, and what is noted of it: entries beside its versions, and leases that run out by themselves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.operations.desk import Desk
from viertakt.access.model import Actor
from viertakt.db.pool import connect
from viertakt.errors import Forbidden, Invalid, KeyReused, LostRace, NotFound, NotPermitted, ViertaktError
from viertakt.operations.assigning import Assigned, change_assignment, look, look_away, write_note
from viertakt.operations.model import Act, Answer, AssignmentRequest, Caller, NoteRequest, Operation
from viertakt.operations.reading import about, read_history, read_operation


def does(
    desk: Desk, operation: Operation, by: Actor, act: str, *, key: str | None = None, **asked: Any
) -> Assigned:
    """One change, committed."""
    request = AssignmentRequest(
        operation.id, Caller(by, key=key, body_digest="d" if key else None), Act(act), **asked
    )
    with connect(desk.house.url) as conn:
        found = change_assignment(conn, request)
        conn.commit()
    return found


def refused(desk: Desk, operation: Operation, by: Actor, act: str, **asked: Any) -> ViertaktError:
    """What it is refused with."""
    with pytest.raises(ViertaktError) as caught:
        does(desk, operation, by, act, **asked)
    return caught.value


def notes(desk: Desk, operation: Operation, by: Actor, text: str, *, key: str | None = None) -> Answer:
    """One note, committed."""
    request = NoteRequest(operation.id, Caller(by, key=key, body_digest=text if key else None), text)
    with connect(desk.house.url) as conn:
        answer = write_note(conn, request)
        conn.commit()
    return answer


def stands(desk: Desk, operation: Operation) -> Any:
    """Who works on it, as readers see it."""
    with connect(desk.house.url) as conn:
        return read_operation(conn, operation.id).assignment


def lapse(desk: Desk, operation: Operation) -> None:
    """Let the lease run out, as a quarter of an hour does."""
    desk.house.sql(
        "UPDATE viertakt.assignment SET lease_until = now() - interval '1 second' WHERE operation_id = %s",
        operation.id,
    )


def sorts(desk: Desk, operation: Operation) -> list[str]:
    """What stands in its history."""
    return [sort for sort, _, _ in desk.history(operation)]


# Notes ----------------------------------------------------------------------------------------------------------


def test_a_note_is_an_entry_without_a_version_whose_text_can_be_erased(desk: Desk) -> None:
    """It voids no approval, and what people write about people must be able to go."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    answer = notes(desk, operation, desk.first, "Same device as W-1007.")
    assert (answer.entry.version, answer.entry.cause) == (None, "manual")
    assert desk.state(asked) == "open"
    ((text, commitments),) = desk.house.sql(
        "SELECT e::text, e.commitments FROM viertakt.entry AS e WHERE e.sort = 'noted'"
    )
    assert "Same device" not in text
    with connect(desk.house.url) as conn:
        assert read_history(conn, operation.id, after=0, limit=9)[-1].personal == {
            "comment": "Same device as W-1007."
        }
    desk.house.sql("DELETE FROM viertakt.subject_data WHERE commitment = %s", commitments["comment"])
    with connect(desk.house.url) as conn:
        assert read_history(conn, operation.id, after=0, limit=9)[-1].personal == {}


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@a lead: look", ["first"]),
        ("@A LEAD, @another lead", ["first", "second"]),
        ("@another lead", ["second"]),
        ("@a.lead@example.test and a.lead@example.test", ["first"]),
        ("@a leader, x@a lead, @nobody, a lead", []),
        ("@a lead @a lead", ["first"]),
    ],
)
def test_a_note_keeps_whom_it_calls(desk: Desk, text: str, called: list[str]) -> None:
    """By whole names only: who is called wrongly reads what is none of their business."""
    answer = notes(desk, desk.withdrawal(), desk.asker, text)
    assert list(about(answer.entry)) == [getattr(desk, one).id for one in called]


def test_a_note_sent_twice_is_written_once(desk: Desk) -> None:
    """A lost answer is asked again."""
    operation = desk.withdrawal()
    first = notes(desk, operation, desk.asker, "Once.", key="k")
    again = notes(desk, operation, desk.asker, "Once.", key="k")
    assert (again.replayed, again.entry.seq) == (True, first.entry.seq)
    with pytest.raises(KeyReused):
        notes(desk, operation, desk.asker, "Twice.", key="k")
    assert sorts(desk, operation) == ["opened", "noted"]


def test_who_only_reads_writes_no_note(desk: Desk) -> None:
    """And nobody writes an empty one, or one to what they do not see."""
    operation = desk.withdrawal()
    auditor = desk.person("an auditor", "auditor")
    with pytest.raises(Forbidden):
        notes(desk, operation, auditor, "Seen.")
    with pytest.raises(Invalid):
        notes(desk, operation, desk.asker, " \n")
    desk.house.move(operation, "escalate")
    with pytest.raises(NotFound):
        notes(desk, operation, desk.person("support", "support"), "Hello?")


def test_a_right_revoked_in_between_writes_nothing(desk: Desk) -> None:
    """The write is guarded by the rights that were read."""
    operation = desk.withdrawal()
    desk.change(desk.asker, "payments", "support")
    with pytest.raises(LostRace):
        notes(desk, operation, desk.asker, "Too late.")
    assert sorts(desk, operation) == ["opened"]


# Assignment -----------------------------------------------------------------------------------------------------


def test_it_is_assigned_to_a_person_or_a_team(desk: Desk) -> None:
    """By an id, an address or a role's name; what is said again says nothing new."""
    operation = desk.withdrawal()
    assert does(desk, operation, desk.first, "assign", to="an.operator@example.test").assignment.assignee == (
        desk.asker.id
    )
    assert does(desk, operation, desk.first, "assign", to=desk.asker.id).entry is None
    assert does(desk, operation, desk.first, "assign", to="payments").assignment.assignee == "role:payments"
    assert does(desk, operation, desk.first, "assign", to=None).assignment.assignee is None
    assert sorts(desk, operation) == ["opened", "assigned", "assigned", "released"]
    for nobody in ("nobody@example.test", "person:1", "paymants", "role:"):
        assert isinstance(refused(desk, operation, desk.first, "assign", to=nobody), NotFound)


def test_what_is_in_ones_hand_is_in_nobody_elses(desk: Desk) -> None:
    """Two people on one withdrawal is what a claim is for."""
    operation = desk.withdrawal()
    held = does(desk, operation, desk.first, "claim").assignment
    assert held.claimed_by == desk.first.id
    assert held.lease_until is not None
    assert timedelta(minutes=14) < held.lease_until - datetime.now(UTC) < timedelta(minutes=16)
    assert refused(desk, operation, desk.second, "claim").facts["why_not"] == "held"
    assert refused(desk, operation, desk.second, "renew").facts["why_not"] == "held"
    assert does(desk, operation, desk.first, "claim").entry is None
    assert does(desk, operation, desk.first, "renew").entry is None
    assert sorts(desk, operation) == ["opened", "claimed"]


def test_a_lease_that_ran_out_is_free_without_any_job(desk: Desk) -> None:
    """Whoever closed the lid of a laptop keeps nothing; if nobody came meanwhile it goes on."""
    operation = desk.withdrawal()
    does(desk, operation, desk.first, "claim")
    lapse(desk, operation)
    assert does(desk, operation, desk.first, "renew").assignment.claimed_by == desk.first.id
    lapse(desk, operation)
    assert does(desk, operation, desk.second, "claim").assignment.claimed_by == desk.second.id
    assert refused(desk, operation, desk.first, "renew").facts["why_not"] == "held"


def test_what_is_somebodys_is_not_taken_in_hand_by_another(desk: Desk) -> None:
    """Assigning it to oneself first leaves a line in the history."""
    operation = desk.withdrawal()
    does(desk, operation, desk.first, "assign", to=desk.first.id)
    assert refused(desk, operation, desk.second, "claim").facts["why_not"] == "assigned_to_other"
    does(desk, operation, desk.first, "assign", to="role:payments")
    assert refused(desk, operation, desk.second, "claim").facts["why_not"] == "assigned_to_other"
    assert does(desk, operation, desk.asker, "claim").assignment.claimed_by == desk.asker.id


def test_assigning_takes_it_out_of_anothers_hand(desk: Desk) -> None:
    """A lead who gives it to somebody else means it."""
    operation = desk.withdrawal()
    does(desk, operation, desk.asker, "claim")
    assert (
        does(desk, operation, desk.first, "assign", to=desk.asker.id).assignment.claimed_by == desk.asker.id
    )
    assert does(desk, operation, desk.first, "assign", to=desk.second.id).assignment.claimed_by is None


def test_release_lets_go_of_the_hand_first_and_then_of_the_assignee(desk: Desk) -> None:
    """Leaving a page must not take work from whom it was given to."""
    operation = desk.withdrawal()
    does(desk, operation, desk.first, "assign", to=desk.asker.id)
    does(desk, operation, desk.asker, "claim")
    after = does(desk, operation, desk.asker, "release").assignment
    assert (after.claimed_by, after.assignee) == (None, desk.asker.id)
    assert does(desk, operation, desk.asker, "release").assignment.assignee is None
    assert does(desk, operation, desk.asker, "release").entry is None


def test_what_is_put_off_is_let_go_until_then(desk: Desk) -> None:
    """And not by somebody else while it is in hand, nor into the past."""
    operation = desk.withdrawal()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    does(desk, operation, desk.asker, "claim")
    assert refused(desk, operation, desk.first, "snooze", until=tomorrow).facts["why_not"] == "held"
    for until in (None, datetime.now(UTC) - timedelta(seconds=1), tomorrow + timedelta(days=400)):
        assert isinstance(refused(desk, operation, desk.asker, "snooze", until=until), Invalid)
    after = does(desk, operation, desk.asker, "snooze", until=tomorrow, comment="Bank opens then.").assignment
    assert (after.claimed_by, after.snoozed_until, after.assignee) == (None, tomorrow, desk.asker.id)
    assert does(desk, operation, desk.asker, "wake").assignment.snoozed_until is None
    assert does(desk, operation, desk.asker, "wake").entry is None
    assert sorts(desk, operation) == ["opened", "claimed", "snoozed", "woken"]


def test_passing_it_over_asks_why(desk: Desk) -> None:
    """What nobody wants to touch is what a lead wants to know of."""
    operation = desk.withdrawal()
    does(desk, operation, desk.asker, "claim")
    assert isinstance(refused(desk, operation, desk.asker, "skip", comment="  "), Invalid)
    assert does(desk, operation, desk.asker, "skip", comment="I know them.").assignment.claimed_by is None
    assert sorts(desk, operation) == ["opened", "claimed", "skipped"]


def test_programs_take_nothing_in_hand(desk: Desk) -> None:
    """They may say who should."""
    operation = desk.withdrawal()
    assert refused(desk, operation, desk.house.token, "claim").facts["why_not"] == "not_a_person"
    assert does(desk, operation, desk.house.token, "assign", to="role:payments").entry is not None


def test_who_only_reads_assigns_nothing(desk: Desk) -> None:
    """Grants say 'assign', or not."""
    operation = desk.withdrawal()
    assert isinstance(refused(desk, operation, desk.person("an auditor", "auditor"), "claim"), Forbidden)


def test_a_claim_sent_twice_is_one(desk: Desk) -> None:
    """The key's answer is the entry that stands there."""
    operation = desk.withdrawal()
    first = does(desk, operation, desk.asker, "claim", key="k")
    assert first.entry is not None
    again = does(desk, operation, desk.asker, "claim", key="k")
    assert (again.replayed, again.entry and again.entry.seq) == (True, first.entry.seq)


def test_a_version_stays_what_it_is(desk: Desk) -> None:
    """Who works on it is no content of it: an approval stands, and a move that was decided meanwhile is made."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    does(desk, operation, desk.first, "claim")
    does(desk, operation, desk.first, "release")
    does(desk, operation, desk.first, "prioritise", priority=2)
    assert stands(desk, operation).priority == 2
    assert desk.state(asked) == "open"
    desk.says(operation, desk.first)
    desk.says(operation, desk.second)
    assert desk.stage(operation) == "approved"


# Presence -------------------------------------------------------------------------------------------------------


def test_who_looks_is_told_who_else_does(desk: Desk) -> None:
    """For as long as they say so, and only of what they may see."""
    operation = desk.withdrawal()
    with connect(desk.house.url, autocommit=True) as conn:
        assert look(conn, operation.id, desk.first, writing=False) == []
        (other,) = look(conn, operation.id, desk.second, writing=True)
        assert (other.id, other.name, other.writing) == (desk.first.id, "a lead", False)
        (other,) = look(conn, operation.id, desk.first, writing=False)
        assert other.writing
        conn.execute("UPDATE viertakt.presence SET seen_at = seen_at - interval '46 seconds'")
        assert look(conn, operation.id, desk.first, writing=False) == []
        look_away(conn, operation.id, desk.first)
        assert look(conn, operation.id, desk.second, writing=False) == []
        desk.house.move(operation, "escalate")
        with pytest.raises(NotFound):
            look(conn, operation.id, desk.person("support", "support"), writing=False)


def test_a_held_claim_is_a_refusal_that_says_until_when(desk: Desk) -> None:
    """Whoever wants it knows whom to ask."""
    operation = desk.withdrawal()
    does(desk, operation, desk.first, "claim")
    refusal = refused(desk, operation, desk.second, "claim")
    assert isinstance(refusal, NotPermitted)
    assert refusal.detail.startswith("a lead has it in hand, until ")
