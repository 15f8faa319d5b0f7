"""Reading, writing and storing a kind's document."""

import pytest

from tests.kinds.example import WITHDRAWAL, withdrawal
from viertakt.errors import Fault, InvalidKind
from viertakt.kinds.complaints import FAULTS_MAX
from viertakt.kinds.document import digest, from_json, read_document, read_kind, to_json, write_kind
from viertakt.kinds.model import Finality, StageName
from viertakt.kinds.yaml_tree import DOCUMENT_BYTES_MAX, NODES_MAX, core_value, read_tree


def refused(text: str) -> tuple[Fault, ...]:
    with pytest.raises(InvalidKind) as caught:
        read_kind(text)
    return caught.value.faults


def test_the_example_of_the_design_reads() -> None:
    """It is the first document that an author copies."""
    assert list(withdrawal().stages)[:3] == ["requested", "under_review", "awaiting_documents"]
    assert withdrawal().stages[StageName("rejected")].final is Finality.YES


def test_the_example_survives_writing_and_storing() -> None:
    """A kind shown, edited and published again must not lose a field or the order of its stages."""
    kind = withdrawal()
    assert read_kind(write_kind(kind)) == kind
    assert from_json(to_json(kind)) == kind
    assert list(from_json(to_json(kind)).stages) == list(kind.stages)


def test_the_digest_sees_the_order_of_stages_but_not_the_spelling() -> None:
    """Comments and defaults written out are the same kind; another order is shown to people, so it is another."""
    spelt_out = WITHDRAWAL.replace(
        "wagering_open: {type: boolean}", "wagering_open: {type: boolean, class: internal}"
    )
    lines = WITHDRAWAL.splitlines()
    paid = next(index for index, line in enumerate(lines) if line.startswith("  paid:"))
    lines[paid], lines[paid + 1] = lines[paid + 1], lines[paid]
    assert digest(read_kind(spelt_out)) == digest(withdrawal())
    assert digest(read_kind("\n".join(lines))) != digest(withdrawal())


def test_all_faults_of_spelling_come_at_once_with_path_line_and_remedy() -> None:
    """One fault a run is what makes people give up on a strict format."""
    text = WITHDRAWAL.replace("status: error", "status: eror").replace("tries: 24", "tries: '24'")
    text = text.replace("start: requested", "strat: requested")
    faults = {fault.pointer: fault for fault in refused(text)}
    assert set(faults) == {"/strat", "", "/stages/failed/status", "/stages/outcome_unknown/re_ask/tries"}
    assert faults["/strat"].remedy == "Did you mean 'start'?"
    assert faults["/stages/failed/status"].remedy == "Did you mean 'error'?"
    assert faults["/stages/failed/status"].value == "eror"
    assert faults["/stages/failed/status"].detail.startswith("Line 23: ")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2", "duplicate_key"),
        ("a: {b: 1, b: 2}", "duplicate_key"),
        ("a: &x [1]\nb: *x", "alias"),
        ("a: *x", "alias"),
        ("a: !!python/object:os.system ls", "tag"),
        ("a: !mine 1", "tag"),
        ("a: 1\n---\nb: 2", "several_documents"),
        ("? [a]\n: 1", "key_not_text"),
        ("[" * 100_000, "too_deep"),
        ("{a: " * 100_000, "document_too_large"),
        ("- " * 50_000, "too_deep"),
        ("a: [", "not_yaml"),
        ("a:\n\t- b", "not_yaml"),
        ("\x00", "not_yaml"),
        ("a: \ud800", "not_yaml"),
        ("%YAML 3.0\n---\na: 1", "not_yaml"),
        ("a: " + "x" * DOCUMENT_BYTES_MAX, "document_too_large"),
        ("- a\n" * NODES_MAX, "document_too_large"),
    ],
)
def test_what_can_surprise_is_refused(text: str, code: str) -> None:
    """A billion laughs, an object made while reading, the last of two equal keys: each has cost somebody a night."""
    assert [fault.code for fault in refused(text)] == [code]


@pytest.mark.parametrize("text", ["", "null", "just words", "[]", "42", "# a comment"])
def test_a_document_that_is_no_table_is_refused(text: str) -> None:
    """Empty files are published by scripts that failed a step earlier."""
    assert [fault.code for fault in refused(text)] == ["not_a_table"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("05", 5),
        ("0o17", 15),
        ("0x1F", 31),
        ("017", 17),
        ("1_000", "1_000"),
        ("12:30:00", "12:30:00"),
        ("2026-11-22", "2026-11-22"),
        ("true", True),
        ("~", None),
        ("1e3", 1000.0),
        (".inf", ".inf"),
        ("9" * 5000, "9" * 5000),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_plain_words_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    """Norway is a text, and so is a date: nothing here wants a clock time of 750 minutes."""
    assert core_value(text) == value


def test_complaints_are_bounded() -> None:
    """A document of nothing but faults must not make an answer larger than itself."""
    faults = refused("".join(f"a{index}: {'x' * 50}\n" for index in range(4000)))
    assert len(faults) == FAULTS_MAX
    assert all(
        len(fault.detail) < 400 for fault in refused(f"kind: withdrawal\nstart: s\namount: {'x' * 9000}")
    )


def test_keys_stay_as_they_are_written() -> None:
    """Codes of card schemes begin with noughts."""
    assert read_tree("{00: a, 05: b, 1e3: c, null: d}").value == {
        "00": "a",
        "05": "b",
        "1e3": "c",
        "null": "d",
    }


def test_later_complaints_find_their_lines() -> None:
    """A path is exact, a line is quick; an author wants both."""
    document = read_document(WITHDRAWAL)
    placed = document.place([Fault(pointer="/stages/paid/final", code="x", detail="Wrong.")])
    assert placed[0].detail == "Line 22: Wrong."
