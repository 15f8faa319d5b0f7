"""The graph of a kind: main path, columns of the strip, diagram."""

from typing import Any

from tests.kinds.example import spoilt, withdrawal
from viertakt.kinds.flow import layers, main_path, mermaid, reachable, transitions_from
from viertakt.kinds.model import StageName


def test_the_ways_out_of_a_stage_stand_in_the_authors_order() -> None:
    """The console shows buttons in this order."""
    assert list(transitions_from(withdrawal(), StageName("under_review"))) == [
        "approve",
        "refuse",
        "escalate",
        "ask_documents",
    ]


def test_the_main_path_is_the_story_that_the_author_tells() -> None:
    """The strip's spine is what goes well, step by step; shortcuts and detours hang beside it."""
    assert main_path(withdrawal()) == ["requested", "approved", "sending", "paid"]
    shortcut = spoilt(lambda content: content["transitions"]["settle"]["from"].append("requested"))
    assert main_path(shortcut) == ["requested", "approved", "sending", "paid"]


def test_without_a_way_forward_the_main_path_is_the_shortest() -> None:
    """An author may write the ends first; the strip must still show something."""

    def turn(content: dict[str, Any]) -> None:
        content["stages"] = dict(reversed(content["stages"].items()))

    assert main_path(spoilt(turn)) == ["requested", "approved", "sending", "paid"]


def test_stages_stand_in_columns_and_ended_ones_last() -> None:
    """An operator reads from left to right and looks for the end at the right."""
    assert layers(withdrawal()) == [
        ["requested"],
        ["under_review", "compliance_hold", "approved", "releasing"],
        ["awaiting_documents", "sending"],
        ["outcome_unknown"],
        ["unclear"],
        ["paid", "failed", "rejected"],
    ]


def test_what_can_be_reached_includes_the_start() -> None:
    """A stage is behind itself: an undo may start where the move ended."""
    assert reachable(withdrawal(), [StageName("releasing")]) >= {"releasing", "rejected", "under_review"}
    assert reachable(withdrawal(), [StageName("nowhere")]) == set()


def test_the_diagram_names_stages_transitions_and_ends() -> None:
    """It is pasted into a wiki: a label with a colon must not break it."""
    diagram = mermaid(withdrawal(), {StageName("paid"): "Paid: at last"})
    assert diagram.startswith("stateDiagram-v2\n    [*] --> requested\n")
    assert "    paid : Paid at last (success)\n" in diagram
    assert "    sending --> paid : settle\n" in diagram
    assert "    rejected --> [*]\n" in diagram
