"""Whom an entry is told to."""

from tests.notices.conftest import Office
from tests.operations.conftest import euros
from viertakt.notices.model import NoticeEvent


def events(office: Office, reader: object) -> list[str]:
    return [notice.event.value for notice in office.notices(reader)]  # type: ignore[arg-type]


def test_a_subscriber_is_told_of_any_move_that_its_query_finds(office: Office) -> None:
    """One language for what is looked for and what is told."""
    lead = office.person("a lead", "payments_lead")
    office.subscribe(lead, NoticeEvent.MOVED, query="kind:withdrawal amount>=100EUR")
    small = office.house.open("withdrawal", "W-1", amount=euros("10"))
    large = office.house.open("withdrawal", "W-2", amount=euros("500"))
    for operation in (small, large):
        office.house.move(operation, "approve")
    assert [notice.operation.reference for notice in office.notices(lead)] == ["W-2"]


def test_a_note_that_calls_somebody_is_told_without_a_subscription(office: Office) -> None:
    """Whoever is called expects nothing less."""
    clerk = office.person("a clerk", "payments")
    operation = office.house.open("withdrawal", "W-1", amount=euros("10"))
    office.note(operation, "@a clerk, have a look", office.house.person)
    office.note(operation, "@A payments lead said so", clerk)
    assert events(office, clerk) == ["mention"]


def test_an_entry_is_told_once_however_often_it_is_found_and_followed(office: Office) -> None:
    """Two subscriptions, a role's and a second follower are no reason to read the same twice."""
    lead = office.person("a lead", "payments_lead")
    office.subscribe(lead, NoticeEvent.MOVED)
    office.subscribe(lead, NoticeEvent.MOVED, query="kind:withdrawal")
    office.subscribe(lead, NoticeEvent.ENTERED, stages=("approved",))
    operation = office.house.open("withdrawal", "W-1", amount=euros("10"))
    office.house.move(operation, "approve")
    assert events(office, lead) == ["entered"]
    office.house.sql("UPDATE viertakt.follower SET position = 0 WHERE name = 'notices'")
    assert events(office, lead) == ["entered"]
