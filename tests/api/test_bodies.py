"""Reading a body by itself: exact at its limits, and never slower than the body is long."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viertakt.api.bodies import DEPTH_MAX, read_json
from viertakt.api.refusals import Malformed, TooComplex

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), inner, max_size=4
        )
    ),
    max_leaves=60,
)


@given(VALUES, st.booleans())
def test_what_any_json_writer_writes_is_read_as_it_was(value: object, ascii_only: bool) -> None:
    """Strictness must not cost a caller a single honest body."""
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"b":', "}]")])
def test_the_depth_limit_is_exact(opening: str, closing: str) -> None:
    """One level more or less is the difference between a rule and a guess."""
    levels = DEPTH_MAX // len(closing)
    read_json((opening * levels + "1" + closing * levels).encode())
    with pytest.raises(TooComplex):
        read_json((opening * (levels + 1) + "1" + closing * (levels + 1)).encode())
    wide = "[" + ",".join(["[[]]"] * 500) + "]"
    assert len(read_json(wide.encode())) == 500


@pytest.mark.parametrize(
    "raw",
    [
        b'"' + b'\\"' * 500_000 + b"[" * 100,
        b'["' + b"\\" * 1_000_001 + b"[" * 100,
        b"[" * 1_000_000,
        b"[]" * 500_000,
        b'{"a":' * 200_000,
        b"]" * 1_000_000 + b"[" * 100,
    ],
)
def test_no_body_takes_longer_than_its_length_allows(raw: bytes) -> None:
    """A megabyte that keeps the loop busy for a minute stops everybody's payments."""
    begun = time.process_time()
    with pytest.raises(Malformed):
        read_json(raw)
    assert time.process_time() - begun < 2
