"""ISO 8601 durations of a fixed length."""

from datetime import timedelta

import pytest

from viertakt.kinds.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P14D", timedelta(days=14)),
        ("P2W", timedelta(weeks=2)),
        ("PT2H", timedelta(hours=2)),
        ("PT90M", timedelta(minutes=90)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("PT36H", timedelta(hours=36)),
    ],
)
def test_a_fixed_length_reads(text: str, length: timedelta) -> None:
    """Whatever a stage's limit may say."""
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text",
    ["P1M", "P1Y", "P", "PT", "P1DT", "PT1.5H", "P1D2H", "PT1M1H", "-P1D", "+P1D", "P1W2D", "p1d", "P0D", "PT0S", " P1D", "P1D\n", "P٣D", "P99999999D", "P99999D", "PT9999999999S", "1d", ""],
)  # fmt: skip
def test_what_has_no_fixed_length_or_no_meaning_does_not_read(text: str) -> None:
    """A month is 28 to 31 days: a limit of one would fire on a day that nobody can name. Zero would fire at once."""
    assert parse_duration(text) is None
