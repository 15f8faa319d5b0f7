"""Reading maps: strict, and all faults at once."""

from pathlib import Path

import pytest

from tests.exchange.logs import MAP, write_map
from viertakt.errors import Invalid
from viertakt.exchange.map import read_map


def test_a_map_brings_its_kind_along(tmp_path: Path) -> None:
    """One file says everything about a log."""
    log_map, kind = read_map(write_map(tmp_path))
    assert kind.kind == "parcel"
    assert log_map.events.stages["Post"] == "posted"


def test_a_kind_may_stand_in_a_file_beside_the_map(tmp_path: Path) -> None:
    """A kind that is published already has its file; writing it twice would let them drift."""
    text = MAP.split("case:")[0].removeprefix("kind:\n")
    (tmp_path / "parcel.yaml").write_text("\n".join(line.removeprefix("  ") for line in text.splitlines()))
    _, kind = read_map(write_map(tmp_path, "kind_file: parcel.yaml\nevents: {stages: {Post: posted}}\n"))
    assert kind.kind == "parcel"


def test_all_faults_of_a_map_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    """Mending one fault a run is a way to lose an afternoon."""
    text = (
        MAP.replace("Sort: sorted", "Sort: sortd")
        .replace("case:", "case:\n  end: {attribute: ended, stage: deliverd}")
        .replace("currency: EUR", "currency: EURO")
        .replace("/Amsterdam", "/Amsterdm")
    )
    with pytest.raises(Invalid) as refusal:
        read_map(write_map(tmp_path, text))
    assert [fault.code for fault in refusal.value.faults] == [
        "unknown_stage",
        "unknown_stage",
        "unknown_currency",
        "unknown_zone",
    ]
    assert "Did you mean 'sorted'?" in refusal.value.detail
    assert refusal.value.faults[0].detail.startswith("Line ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MAP + "zome: UTC\n", "zome"),
        (MAP.replace("start: posted", "start: posted\n  start: posted"), "twice"),
        (MAP.replace("{Post: posted, ", "{"), "No event becomes 'posted'"),
        (MAP.replace('belt: "system:belt"', 'belt: "system:"'), "becomes nobody"),
        ("events: {stages: {}}\n", "names one kind"),
        ("kind_file: nowhere.yaml\nevents: {stages: {}}\n", "cannot be read"),
        ("[]", "table"),
    ],
)
def test_a_map_that_means_nothing_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """A misspelt key that is silently ignored would be found in the figures."""
    with pytest.raises(Invalid, match=said):
        read_map(write_map(tmp_path, text))
