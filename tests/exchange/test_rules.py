"""What a case comes to."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.exchange.logs import MAP, write_map
from viertakt.errors import Invalid
from viertakt.exchange.map import read_map
from viertakt.exchange.model import Case, Event
from viertakt.exchange.rules import NoStages, Planner


@pytest.fixture
def planner(tmp_path: Path) -> Planner:
    return Planner(*read_map(write_map(tmp_path)))


def happened(
    name: str, at: str | None = "2026-01-01T10:00:00+01:00", who: str | None = None, life: str = "complete"
) -> Event:
    said = {"concept:name": name, "time:timestamp": at, "org:resource": who, "lifecycle:transition": life}
    return Event({key: value for key, value in said.items() if value is not None})


def case(*events: Event, **attributes: str) -> Case:
    return Case(1, {"concept:name": "P-1", **attributes}, list(events))


def test_events_become_an_opening_and_moves_by_the_kinds_transitions(planner: Planner) -> None:
    """A log knows no transitions, only where a case came; the kind says by which way."""
    plan = planner.plan(case(happened("Post"), happened("Sort"), happened("Sort"), happened("Deliver")))
    assert [(step.stage, step.transition) for step in plan.steps] == [
        ("posted", None),
        ("sorted", "sort"),
        ("sorted", "sort"),
        ("delivered", "deliver"),
    ]


def test_a_case_that_says_itself_when_it_ended_ends_then(tmp_path: Path) -> None:
    """After its last event, also where that came later; one without an end stays open."""
    text = MAP.replace("case:", "case:\n  end: {attribute: ended, stage: delivered}")
    planner = Planner(*read_map(write_map(tmp_path, text)))
    events = (happened("Post"), happened("Sort", "2026-01-03T10:00:00Z"))
    steps = planner.plan(case(*events, ended="2026-01-02T10:00:00Z")).steps
    assert [(step.stage, step.at.day) for step in steps] == [("posted", 1), ("sorted", 3), ("delivered", 2)]
    assert [step.stage for step in planner.plan(case(*events)).steps] == ["posted", "sorted"]
    with pytest.raises(Invalid, match="does not read"):
        planner.plan(case(*events, ended="soon"))


def test_times_become_utc_and_those_without_an_offset_are_the_zones(planner: Planner) -> None:
    """The same log must mean the same moments wherever it is imported."""
    plan = planner.plan(
        case(happened("Post", "2026-07-01T10:00:00"), happened("Sort", "2026-07-01T10:00:00-05:00"))
    )
    assert [step.at for step in plan.steps] == [
        datetime(2026, 7, 1, 8, tzinfo=UTC),
        datetime(2026, 7, 1, 15, tzinfo=UTC),
    ]


def test_resources_become_people_or_systems_and_nobody_is_the_import(planner: Planner) -> None:
    """Who did it is half of a history; the same resource is the same person in every run."""
    plan = planner.plan(
        case(
            happened("Post", who="7"),
            happened("Sort", who="belt"),
            happened("Sort"),
            happened("Sort", who="7"),
        )
    )
    ans, belt, nobody, again = (step.actor for step in plan.steps)
    assert (ans.name, ans.sort, belt.id, nobody.id) == ("Ans", "person", "system:belt", "system:import")
    assert ans.id == again.id
    assert ans.roles == {"import"}


def test_amount_and_attributes_are_read_as_the_kind_types_them(planner: Planner) -> None:
    """A log writes everything as text."""
    told = {
        "value": "12.50",
        "pieces": "3",
        "fragile": "True",
        "due": "2026-01-02T00:00:00+01:00",
        "weighed": "2026-01-01T09:00:00+01:00",
    }
    plan = planner.plan(case(happened("Post"), sender="Bo", **told))
    assert plan.subject == "Bo"
    assert plan.amount is not None
    assert (str(plan.amount.value), plan.amount.currency) == ("12.50", "EUR")
    assert plan.attributes == {
        "pieces": 3,
        "fragile": True,
        "due": "2026-01-02",
        "weighed_at": "2026-01-01T08:00:00+00:00",
    }


def test_an_amount_of_nothing_is_no_amount(planner: Planner) -> None:
    """An operation's amount is positive; logs write 0 where nobody asked for money."""
    assert planner.plan(case(happened("Post"), value="0")).amount is None
    assert planner.zero_amounts == 1


def test_events_that_are_no_stages_are_counted_apart(planner: Planner) -> None:
    """What the map leaves out on purpose and what it does not know are two things to its author."""
    planner.plan(
        case(
            happened("Post"),
            happened("Scan in"),
            happened("Sort", life="start"),
            happened("Weigh"),
            happened("Weigh"),
        )
    )
    assert planner.ignored == 2
    assert planner.unmapped == {"Weigh": 2}


def test_an_earlier_time_keeps_its_place_and_is_counted(planner: Planner) -> None:
    """The file's order is the order; clocks of different machines disagree."""
    plan = planner.plan(
        case(happened("Post", "2026-01-02T00:00:00Z"), happened("Sort", "2026-01-01T00:00:00Z"))
    )
    assert [step.stage for step in plan.steps] == ["posted", "sorted"]
    assert planner.out_of_order == 1


def test_a_case_without_stages_is_told_apart_from_a_refused_one(planner: Planner) -> None:
    """Nothing is wrong with it; the map is about something else."""
    with pytest.raises(NoStages):
        planner.plan(case(happened("Scan in")))


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (case(happened("Post"), happened("Sort", None)), "no time"),
        (case(happened("Post", "yesterday")), "does not read"),
        (case(happened("Post", "0001-01-01T00:00:00+14:00")), "does not read"),
        (case(happened("Sort")), "every parcel begins in 'posted'"),
        (case(happened("Post"), happened("Deliver")), "no such transition"),
        (case(happened("Post"), value="much"), "does not read"),
        (case(happened("Post"), value="sNaN"), "does not read"),
        (case(happened("Post"), pieces="three"), "no integer"),
        (case(happened("Post"), fragile="perhaps"), "no boolean"),
        (Case(1, {}, [happened("Post")]), "would be its reference"),
    ],
)
def test_a_case_that_cannot_be_taken_whole_is_refused_with_the_reason(
    planner: Planner, broken: Case, said: str
) -> None:
    """A time that is made up, or a way bent into a permitted one, would be a false history."""
    with pytest.raises(Invalid, match=said):
        planner.plan(broken)


def test_a_name_that_cannot_be_printed_is_shown_with_question_marks(planner: Planner) -> None:
    """A resource may hold terminal codes; names are for people to read."""
    (step,) = planner.plan(case(happened("Post", who="Bo\x1b[31m\u202e"))).steps
    assert step.actor.name == "Bo?[31m?"
