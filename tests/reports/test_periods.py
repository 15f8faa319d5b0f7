"""Periods are cut where the reader's calendar cuts them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viertakt.errors import Invalid
from viertakt.reports.periods import Bucket, pairs, period, previous

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NEW_YORK = ZoneInfo("America/New_York")


def lengths(first: date, after: date, bucket: Bucket | None, zone: ZoneInfo = AMSTERDAM) -> list[float]:
    """How many hours each bucket has."""
    return [(end - start) / timedelta(hours=1) for start, end in pairs(period(first, after, bucket, zone))]


def test_a_day_on_which_the_clocks_change_is_one_day() -> None:
    """Of 23 hours in March, of 25 in October."""
    assert lengths(date(2026, 3, 28), date(2026, 3, 31), Bucket.DAY) == [24, 23, 24]
    assert lengths(date(2026, 10, 24), date(2026, 10, 27), Bucket.DAY) == [24, 25, 24]
    assert lengths(date(2026, 10, 25), date(2026, 10, 26), Bucket.HOUR) == [1] * 25


@pytest.mark.parametrize(
    ("bucket", "begins"),
    [
        (Bucket.WEEK, [date(2026, 1, 30), date(2026, 2, 2), date(2026, 2, 9)]),
        (Bucket.MONTH, [date(2026, 1, 30), date(2026, 2, 1)]),
        (Bucket.QUARTER, [date(2026, 1, 30)]),
    ],
)
def test_buckets_begin_where_the_calendar_does(bucket: Bucket, begins: list[date]) -> None:
    """Weeks on Monday; the first and the last are cut short by the period."""
    found = period(date(2026, 1, 30), date(2026, 2, 11), bucket, AMSTERDAM)
    assert [edge.astimezone(AMSTERDAM).date() for edge in found.edges[:-1]] == begins
    assert found.end == datetime(2026, 2, 10, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "bucket"), [(1, "hour"), (2, "hour"), (7, "day"), (90, "day"), (180, "week"), (365, "month")]
)
def test_the_bucket_suits_the_period(days: int, bucket: str) -> None:
    """Enough steps to see something, not so many that nothing is seen."""
    first = date(2026, 1, 1)
    assert period(first, first + timedelta(days=days), None, AMSTERDAM).bucket == bucket


def test_the_month_before_march_is_february() -> None:
    """Not the 31 days before it."""
    march = period(date(2026, 3, 1), date(2026, 4, 1), Bucket.DAY, AMSTERDAM)
    assert previous(march) == period(date(2026, 2, 1), date(2026, 3, 1), Bucket.DAY, AMSTERDAM)
    week = period(date(2026, 3, 27), date(2026, 4, 3), Bucket.DAY, AMSTERDAM)
    assert previous(week) == period(date(2026, 3, 20), date(2026, 3, 27), Bucket.DAY, AMSTERDAM)
    hours = period(
        datetime(2026, 3, 1, 8, 30, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC), None, NEW_YORK
    )
    assert previous(hours).start == datetime(2026, 3, 1, 5, tzinfo=UTC)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(timedelta(minutes=1), timedelta(days=25)),
    st.sampled_from([*Bucket, None]),
    st.sampled_from(["Europe/Amsterdam", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "UTC"]),
)
def test_buckets_fill_the_period(
    start: datetime, length: timedelta, bucket: Bucket | None, zone: str
) -> None:
    """Without a gap, without an overlap, from its first moment to its last."""
    found = period(start, start + length, bucket, ZoneInfo(zone))
    assert (found.start, found.end) == (start, start + length)
    assert all(first < after for first, after in pairs(found))


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    """And so is one in more steps than a picture has."""
    with pytest.raises(Invalid, match="ends before it begins"):
        period(date(2026, 3, 2), date(2026, 3, 1), None, AMSTERDAM)
    with pytest.raises(Invalid, match="more than 800 steps"):
        period(date(2026, 1, 1), date(2026, 12, 1), Bucket.HOUR, AMSTERDAM)
