"""What each provider sends drives its kind to the stage that the mapping table names: through the door, by signature."""

import pytest

from tests.signals.office import Office
from tests.signals.talks import PROVIDERS, Talk, all_talks, fresh, talks


def held(office: Office, talk: Talk) -> str:
    """Hold a conversation in its order; the operation's id."""
    operation = office.open(talk.kind, **talk.opening())
    for transition in talk.before:
        office.move(operation, transition)
    for payload in talk.deliveries:
        answer = office.deliver(talk.provider, payload)
        assert answer.status_code == 202, answer.text
        office.work()
    for transition in talk.after:
        office.move(operation, transition)
    return operation


@pytest.mark.parametrize("talk", all_talks(), ids=lambda talk: f"{talk.provider}: {talk.name}")
def test_a_conversation_ends_in_the_stage_that_the_table_names(office: Office, talk: Talk) -> None:
    """Mapped by hand and read by nobody, a value would be found wrong by the first customer whom it concerns."""
    talk = fresh(talk)
    operation = held(office, talk)
    found = [(one["type"], one["state"], one["why"]) for one in office.signals(operation=operation)]
    assert office.stage(operation) == (*talk.expect, False), found


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_has_every_sort_of_end(provider: str) -> None:
    """Veriff tells of no technical failure: it says nothing then, and asking again is what an unknown outcome is for."""
    wanted = {"success", "decline", "technical failure", "review", "late reversal"}
    if provider == "veriff":
        wanted -= {"technical failure"}
    assert wanted <= {talk.name for talk in talks(provider)}
