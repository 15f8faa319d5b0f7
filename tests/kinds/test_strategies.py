"""The strategy itself: what it draws passes, survives its texts, and can be shown."""

from hypothesis import given

from tests.kinds.strategies import catalogue, kinds
from viertakt.kinds.document import digest, from_json, read_kind, to_json, write_kind
from viertakt.kinds.flow import layers, main_path, mermaid
from viertakt.kinds.model import Kind
from viertakt.kinds.rules import check_kind


@given(kinds())
def test_every_drawn_kind_passes(kind: Kind) -> None:
    """The engine's properties speak of kinds that may be published; a strategy that draws others proves nothing."""
    assert check_kind(kind, catalogue()) == []


@given(kinds())
def test_a_kind_survives_its_texts(kind: Kind) -> None:
    """What is published is read back years later: no field and no order may be lost on the way."""
    text = write_kind(kind)
    written, stored = read_kind(text), from_json(to_json(kind))
    assert written == stored == kind
    assert list(written.stages) == list(stored.stages) == list(kind.stages)
    assert write_kind(stored) == text
    assert digest(written) == digest(kind)


@given(kinds())
def test_every_stage_has_its_place_on_the_strip(kind: Kind) -> None:
    """A stage that the strip leaves out would leave an operation standing nowhere."""
    assert sorted(stage for layer in layers(kind) for stage in layer) == sorted(kind.stages)
    assert main_path(kind)[0] == kind.start
    assert mermaid(kind).count("-->") >= len(kind.transitions)
