"""Moves that need consents: who gives them, what they are bound to, and what the last one does."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from tests.granted import rights
from tests.operations.conftest import euros
from tests.operations.desk import Desk
from viertakt.access.actions import deactivate
from viertakt.access.model import Actor, ActorId, system
from viertakt.db.pool import connect
from viertakt.errors import Forbidden, Invalid, NotFound, NotPermitted, ViertaktError
from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.model import (
    ApprovalRule,
    KindName,
    Outcome,
    PublishedKind,
    StageName,
    TransitionName,
)
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.model import (
    AmendRequest,
    ApprovalState,
    Caller,
    EntrySort,
    OpenRequest,
    OperationId,
    OutcomeRequest,
)
from viertakt.operations.rules import decide_open
from viertakt.operations.rules_outcome import decide_outcome

# What the consents do -------------------------------------------------------------------------------------------


def test_the_last_consent_makes_the_move_in_the_name_of_who_asked(desk: Desk) -> None:
    """Two leads say yes to what an operator decided: the operator has approved, with their consent."""
    operation = desk.withdrawal()
    asked = desk.asked(operation, comment="Known for years.")
    assert (asked.entry.sort, asked.operation.stage, asked.operation.version) == ("asked", "requested", 1)
    desk.says(operation, desk.first)
    assert desk.stage(operation) == "requested"
    answer = desk.says(operation, desk.second, comment="Checked.")
    assert (answer.operation.stage, answer.entry.sort) == ("approved", "consented")
    assert desk.history(operation)[1:] == [
        ("asked", desk.asker.id, None),
        ("consented", desk.first.id, None),
        ("consented", desk.second.id, None),
        ("moved", desk.asker.id, 2),
    ]
    assert desk.state(asked) is ApprovalState.MADE


def test_the_move_carries_what_was_said_when_it_was_asked_for(desk: Desk) -> None:
    """Who reads the history looks at the move, not at what came before it."""
    operation = desk.withdrawal()
    asked = desk.asked(operation, comment="Known for years.", data={"ticket": "Z-9"})
    desk.says(operation, desk.first)
    desk.says(operation, desk.second)
    ((data, commitments),) = desk.house.sql(
        "SELECT data, commitments FROM viertakt.entry WHERE operation_id = %s AND version = 2", operation.id
    )
    assert data == {"approval": asked.entry.seq}
    values = desk.house.sql(
        "SELECT field, value FROM viertakt.subject_data WHERE commitment = ANY(%s) ORDER BY field",
        list(commitments.values()),
    )
    assert values == [("comment", "Known for years."), ("data", {"ticket": "Z-9"})]


def test_a_small_amount_asks_nobody(desk: Desk) -> None:
    """The rule names its bound."""
    assert desk.asked(desk.withdrawal("999.99")).operation.stage == "approved"


def test_an_amount_in_an_unlisted_currency_falls_under_the_strictest_rule(desk: Desk) -> None:
    """A bound in euros says nothing about yen, and nobody gets round it by paying in those."""
    assert desk.asked(desk.withdrawal("10", "JPY")).entry.sort is EntrySort.ASKED


def test_a_check_asks_nobody(desk: Desk) -> None:
    """What a kind lets a check do is its own rule already."""
    operation = desk.withdrawal()
    assert desk.asked(operation, by=system("check:velocity")).operation.stage == "approved"


def test_every_rule_that_holds_must_be_met(desk: Desk) -> None:
    """A transfer of 10,000 euros needs one lead by one rule and two by another: two in all."""
    operation = desk.house.open("transfer", "X-1", amount=euros("10000"))
    desk.house.move(operation, "ask_approval")
    desk.asked(operation, "release")
    desk.says(operation, desk.first)
    assert desk.stage(operation) == "needs_approval"
    desk.says(operation, desk.second)
    assert desk.stage(operation) == "approved"


def test_a_reported_end_by_hand_does_not_get_round_the_consents() -> None:
    """Whoever may report an end by hand makes a move by hand."""
    kind = builtin_kinds()[KindName("withdrawal")]
    settle = msgspec.structs.replace(
        kind.transitions[TransitionName("settle")], by=(), approvals=(ApprovalRule(count=1),)
    )
    kind = msgspec.structs.replace(kind, transitions={**kind.transitions, TransitionName("settle"): settle})
    lead = Actor(ActorId("person:1"), "a lead", frozenset({"payments_lead"}), rights=rights("payments_lead"))
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    request = OpenRequest(
        OperationId(UUID(int=1)), Caller(lead), kind.kind, "W-1", amount=euros("5"), subject="player-7"
    )
    opened = decide_open(PublishedKind(kind, 1), request, now=now).operation
    sending = msgspec.structs.replace(opened, stage=StageName("sending"))
    report = OutcomeRequest(sending.id, Caller(lead), outcome=Outcome.SUCCESS)
    with pytest.raises(NotPermitted) as caught:
        decide_outcome(PublishedKind(kind, 1), sending, report, catalogue=load_catalogue(), now=now)
    assert caught.value.facts["why_not"] == "needs_approval"


# Who may --------------------------------------------------------------------------------------------------------


def test_who_asked_never_consents(desk: Desk) -> None:
    """Not with any role: that is what the second pair of eyes is for."""
    operation = desk.withdrawal()
    desk.asked(operation, by=desk.house.person)
    refusal = desk.refused(operation, desk.house.person)
    assert (type(refusal), refusal.facts["why_not"]) == (Forbidden, "own_request")


@pytest.mark.parametrize(
    ("who", "why_not"), [("token", "not_a_person"), ("payments", "outside_grant"), ("support", "needs_role")]
)
def test_programs_and_people_without_a_grant_do_not_consent(desk: Desk, who: str, why_not: str) -> None:
    """A program with role admin may do everything else."""
    operation = desk.withdrawal()
    desk.asked(operation)
    by = desk.house.token if who == "token" else desk.person("another operator", who)
    assert desk.refused(operation, by).facts["why_not"] == why_not
    assert desk.history(operation)[-1][:2] == ("refused", by.id)


def test_a_consent_goes_as_far_as_its_grant(desk: Desk) -> None:
    """Of two leads one consents to large amounts; a company says so without a new version of the kind."""
    desk.narrow("payments_lead", "consent:approve", EUR="2000")
    small, large = desk.withdrawal("2000"), desk.withdrawal("2000.01", reference="W-2")
    for operation in (small, large):
        desk.asked(operation)
    assert desk.says(small, desk.first).entry.granted_by.startswith("role payments_lead, grant")  # type: ignore[union-attr]
    assert desk.refused(large, desk.first).facts["why_not"] == "amount_above"
    assert desk.refused(large, desk.first, "decline", comment="No.").facts["why_not"] == "amount_above"


def test_a_consent_whose_grant_was_revoked_no_longer_counts(desk: Desk) -> None:
    """The role stays, the right is gone."""
    operation = desk.withdrawal("2500")
    desk.asked(operation)
    desk.says(operation, desk.first)
    desk.narrow("payments_lead", "consent:approve", EUR="2000")
    chief = desk.person("an administrator", "admin")
    desk.says(operation, chief)
    assert desk.stage(operation) == "requested"
    desk.says(operation, desk.person("another administrator", "admin"))
    assert desk.stage(operation) == "approved"


def test_a_person_consents_once(desk: Desk) -> None:
    """Two consents are two people."""
    operation = desk.withdrawal()
    desk.asked(operation)
    desk.says(operation, desk.first)
    assert desk.refused(operation, desk.first).facts["why_not"] == "consented_already"
    assert desk.stage(operation) == "requested"


def test_the_same_move_is_asked_for_once(desk: Desk) -> None:
    """Two requests for one move would split the consents between them."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    with pytest.raises(NotPermitted) as caught:
        desk.asked(operation, by=desk.house.person)
    assert caught.value.facts["approval"] == asked.entry.seq


def test_the_same_key_is_the_same_request_and_the_same_consent(desk: Desk) -> None:
    """Whoever did not hear the answer asks again."""
    operation = desk.withdrawal()
    first, again = desk.asked(operation, key="a"), desk.asked(operation, key="a")
    assert (again.replayed, again.entry.seq) == (True, first.entry.seq)
    said, repeated = desk.says(operation, desk.first, key="c"), desk.says(operation, desk.first, key="c")
    assert (repeated.replayed, repeated.entry.seq) == (True, said.entry.seq)


# How it ends ----------------------------------------------------------------------------------------------------


def test_declining_needs_a_comment_and_ends_it(desk: Desk) -> None:
    """Who asked has to learn why."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    assert isinstance(desk.refused(operation, desk.first, "decline"), Invalid)
    desk.says(operation, desk.first, "decline", comment="Another name on the account.")
    assert desk.state(asked) is ApprovalState.DECLINED
    assert isinstance(desk.refused(operation, desk.second), NotFound)
    assert desk.refused(operation, desk.second, asked_seq=asked.entry.seq).facts["why_not"] == "declined"
    assert desk.asked(operation).entry.sort is EntrySort.ASKED


def test_only_who_asked_withdraws(desk: Desk) -> None:
    """Others decline, and say why."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    assert desk.refused(operation, desk.first, "withdraw").facts["why_not"] == "not_yours"
    desk.says(operation, desk.asker, "withdraw")
    assert desk.state(asked) is ApprovalState.WITHDRAWN


def test_another_amount_voids_what_was_consented_to(desk: Desk) -> None:
    """Yes to 1,500 is no yes to 15,000."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    desk.says(operation, desk.first)
    desk.house.batch.call(AmendRequest(operation.id, Caller(desk.house.token), amount=euros("15000")))
    refusal = desk.refused(operation, desk.second, asked_seq=asked.entry.seq)
    assert (type(refusal), refusal.facts["why_not"]) == (NotPermitted, "void")
    desk.asked(operation)
    desk.says(operation, desk.second)
    assert desk.stage(operation) == "requested", "the earlier consent is evidence and counts no more"


def test_an_entry_beside_the_operation_voids_nothing(desk: Desk) -> None:
    """A refused attempt changes nothing that was consented to."""
    operation = desk.withdrawal()
    desk.asked(operation)
    desk.says(operation, desk.first)
    with pytest.raises(ViertaktError):
        desk.house.move(operation, "send", by=desk.asker)
    desk.says(operation, desk.second)
    assert desk.stage(operation) == "approved"


def test_a_move_voids_what_waits_for_another(desk: Desk) -> None:
    """What was asked about stands elsewhere now."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    desk.house.move(operation, "refuse", by=desk.asker, reason="fraud")
    assert desk.refused(operation, desk.first, asked_seq=asked.entry.seq).facts["why_not"] == "void"


def test_what_waits_is_out_of_sight_with_its_operation(desk: Desk) -> None:
    """Who may consent to a withdrawal is not told that it came under suspicion meanwhile."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    desk.house.move(operation, "escalate", by=desk.asker)
    assert isinstance(desk.refused(operation, desk.first, asked_seq=asked.entry.seq), NotFound)


# Rights that change ----------------------------------------------------------------------------------------------


def test_a_revoked_consenter_no_longer_counts(desk: Desk) -> None:
    """A consent is worth what its giver may do when the move is made."""
    operation = desk.withdrawal()
    desk.asked(operation)
    desk.says(operation, desk.first)
    desk.change(desk.first, "support")
    desk.says(operation, desk.second)
    assert desk.stage(operation) == "requested"
    desk.says(operation, desk.person("a third lead", "payments_lead"))
    assert desk.stage(operation) == "approved"


def test_a_revoked_asker_makes_no_move(desk: Desk) -> None:
    """It would be made in the name of somebody who may not."""
    operation = desk.withdrawal()
    desk.asked(operation)
    desk.change(desk.asker, "support")
    assert desk.refused(operation, desk.first).facts["why_not"] == "asker_may_not"
    with connect(desk.house.url) as conn:
        deactivate(conn, desk.asker.id)
        conn.commit()
    assert desk.refused(operation, desk.first).facts["why_not"] == "asker_may_not"
    desk.says(operation, desk.first, "decline", comment="Left the company.")
