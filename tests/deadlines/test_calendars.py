"""Working calendars: what counts, and when enough of it has counted."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viertakt.deadlines.calendars import read_calendar
from viertakt.errors import Invalid
from viertakt.kinds.calendars import Calendar, add_working, working_seconds

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OFFICE = Calendar(
    calendar="office",
    zone="Europe/Amsterdam",
    hours={
        "monday": ("09:00-12:30", "13:00-17:30"),
        "tuesday": ("09:00-17:00",),
        "friday": ("09:00-17:00",),
    },
    holidays=("2026-12-25",),
)
NIGHTS = Calendar(
    calendar="nights",
    zone="Europe/Amsterdam",
    hours={"saturday": ("22:00-24:00",), "sunday": ("00:00-06:00", "06:00-07:00")},
)
ALWAYS = Calendar(
    calendar="always",
    zone="America/New_York",
    hours=dict.fromkeys(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), ("00:00-24:00",)
    ),
)
CALENDARS = st.sampled_from([OFFICE, NIGHTS, ALWAYS])
# Two years around both changes of the clock, to the microsecond.
MOMENTS = st.integers(0, 2 * 365 * 86_400 * 10**6).map(
    lambda micros: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)
DURATIONS = st.timedeltas(timedelta(0), timedelta(days=20))


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def test_only_the_hours_of_the_week_count() -> None:
    """Neither the lunch, nor the night, nor the days between."""
    start, end = wall("2026-11-23T12:00"), wall("2026-11-24T10:00")
    assert working_seconds(start, end, OFFICE) == (0.5 + 4.5 + 1) * 3600
    assert working_seconds(wall("2026-11-25T00:00"), wall("2026-11-27T09:00"), OFFICE) == 0


def test_a_holiday_counts_nothing() -> None:
    """Christmas 2026 is a Friday."""
    assert working_seconds(wall("2026-12-24T00:00"), wall("2026-12-28T09:00"), OFFICE) == 0
    assert add_working(wall("2026-12-24T12:00"), timedelta(hours=1), OFFICE) == wall("2026-12-28T10:00")


def test_the_night_in_which_the_clock_is_changed_has_its_own_length() -> None:
    """On 29 March 2026 it is two o'clock at no time, on 25 October twice."""
    for first, hours in (("2026-03-28", 8), ("2026-10-24", 10), ("2026-10-31", 9)):
        start = wall(f"{first}T12:00")
        assert working_seconds(start, start + timedelta(days=1), NIGHTS) == hours * 3600


def test_enough_has_counted_at_the_first_such_moment() -> None:
    """At the end of Monday, not at the beginning of Tuesday."""
    assert add_working(wall("2026-11-23T07:00"), timedelta(hours=8), OFFICE) == wall("2026-11-23T17:30")
    assert add_working(wall("2026-11-23T20:00"), timedelta(0), OFFICE) == wall("2026-11-23T20:00")


@given(MOMENTS, MOMENTS, MOMENTS, CALENDARS)
def test_neighbouring_intervals_add_up(one: datetime, two: datetime, three: datetime, of: Calendar) -> None:
    """A stay may be cut in two anywhere, and counts the same; a longer one never counts less."""
    a, b, c = sorted((one, two, three))
    whole = working_seconds(a, c, of)
    assert working_seconds(a, b, of) + working_seconds(b, c, of) == pytest.approx(whole, abs=1e-5)
    assert 0 <= working_seconds(a, b, of) <= whole + 1e-5
    assert whole <= (c - a).total_seconds() + 1e-5
    assert working_seconds(c, a, of) == 0


@given(MOMENTS, DURATIONS, DURATIONS, CALENDARS)
def test_what_is_added_is_what_counts(
    start: datetime, one: timedelta, other: timedelta, of: Calendar
) -> None:
    """Adding and counting are each other's inverse; more time ends later, and two steps end where one does."""
    less, more = sorted((one, other))
    end = add_working(start, more, of)
    assert working_seconds(start, end, of) == pytest.approx(more.total_seconds(), abs=1e-5)
    assert start <= add_working(start, less, of) <= end
    assert add_working(add_working(start, less, of), more - less, of) == end or less == more


@given(MOMENTS, DURATIONS)
def test_where_every_hour_counts_it_is_plain_time(start: datetime, duration: timedelta) -> None:
    """Whatever the clocks of New York do."""
    assert add_working(start, duration, ALWAYS) == start + duration


GOOD = """
calendar: office
zone: Europe/Amsterdam
hours: {monday: ["09:00-12:30", "13:00-17:30"], sunday: ["22:00-24:00"]}
holidays: [2026-12-25]
"""


def test_a_calendar_is_read_as_it_is_written() -> None:
    """A day without quotes is a text in YAML 1.2."""
    calendar = read_calendar(GOOD)
    assert calendar.week[0] == ((540, 750), (780, 1050))
    assert calendar.week[6] == ((1320, 1440),)
    assert calendar.holidays == ("2026-12-25",)


@pytest.mark.parametrize(
    ("written", "instead", "code"),
    [
        ("office", "Office", "not_a_name"),
        ("Europe/Amsterdam", "Europe/Amsterdm", "unknown_zone"),
        ("monday", "mondy", "unknown_day"),
        ("13:00-17:30", "13:00-25:30", "not_hours"),
        ("13:00-17:30", "12:00-17:30", "hours_in_disorder"),
        ("22:00-24:00", "22:00-06:00", "hours_in_disorder"),
        ("2026-12-25", "2026-02-30", "not_a_day"),
        ('{monday: ["09:00-12:30", "13:00-17:30"], sunday: ["22:00-24:00"]}', "{}", "no_hours"),
        ("zone: ", "zoen: ", "unknown_key"),
    ],
)
def test_a_fault_is_named(written: str, instead: str, code: str) -> None:
    """Whoever writes a calendar is told what is wrong, and where."""
    with pytest.raises(Invalid) as refusal:
        read_calendar(GOOD.replace(written, instead))
    assert code in [fault.code for fault in refusal.value.faults]
    assert "Line" in refusal.value.detail
