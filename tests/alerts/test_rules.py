"""What is usual, what is not, and when an alert opens and closes: on numbers, without a database."""

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from viertakt import language
from viertakt.alerts.model import Alert, AlertId, Counts, Direction, Finding, Level, Measure, Provider, Series
from viertakt.alerts.rules import DAYS_APART_MIN, OPENS_AT, WINDOWS, baseline, judge, query_of
from viertakt.alerts.rules_turn import CALM, Key, Watch, of_a_kind

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
NOW = MONDAY + timedelta(weeks=3, hours=20)
HOUR = timedelta(hours=1)


def _past(weeks: int = 3, *, per_hour: int = 100) -> dict[datetime, Counts]:
    """Two in a hundred fail, ten are rejected; nights are half as busy, and no two hours are alike."""
    hours = {}
    for n in range(weeks * 168 + 20):
        busy = per_hour // 2 if n % 24 < 8 else per_hour
        busy += n * 7 % 11 - 5
        hours[MONDAY + n * HOUR] = Counts(busy, busy - busy // 10 - busy // 50, busy // 50, busy // 10)
    return hours


def _found(counts: Counts, window: timedelta = HOUR) -> dict[tuple[Measure, Direction], Finding]:
    usual = baseline(_past(), NOW)
    assert usual is not None
    return {(one.measure, one.direction): one for one in judge(usual, {window: counts}, NOW)}


def test_nothing_is_usual_before_two_weeks_have_passed() -> None:
    """One value for an hour of the week is an anecdote."""
    assert baseline({}, NOW) is None
    assert baseline(_past(1), MONDAY + timedelta(days=8)) is None
    assert baseline(_past(2), MONDAY + timedelta(days=15)) is not None


def test_one_bad_day_in_the_past_moves_nothing() -> None:
    """What is usual is a median: an outage last week is not what today is held against."""
    past = _past()
    for n in range(24):
        at = MONDAY + timedelta(weeks=2) + n * HOUR
        past[at] = Counts(past[at].created, 10, 60, 10)
    spoilt, usual = baseline(past, NOW), baseline(_past(), NOW)
    assert spoilt is not None
    assert usual is not None
    assert spoilt.errors.highest < 1.5 * usual.errors.highest
    assert spoilt.created[20] == usual.created[20]


@pytest.mark.parametrize(
    ("counts", "what"),
    [
        (Counts(100, 60, 30, 10), (Measure.ERRORS, Direction.ABOVE)),
        (Counts(100, 45, 2, 53), (Measure.REJECTIONS, Direction.ABOVE)),
        (Counts(10, 88, 2, 10), (Measure.CREATED, Direction.BELOW)),
        (Counts(400, 88, 2, 10), (Measure.CREATED, Direction.ABOVE)),
        (Counts(100, 0, 0, 0), (Measure.ENDED, Direction.BELOW)),
    ],
)
def test_what_is_out_of_the_ordinary_is_found(counts: Counts, what: tuple[Measure, Direction]) -> None:
    """Each measure, in the direction that it has gone, and none of the others."""
    alarming = {place for place, one in _found(counts).items() if one.score >= OPENS_AT}
    assert alarming == {what}


@pytest.mark.parametrize("counts", [Counts(100, 88, 2, 10), Counts(90, 84, 4, 12), Counts(110, 78, 1, 14)])
def test_an_ordinary_hour_is_no_alarm(counts: Counts) -> None:
    """Hours differ, and that is usual too."""
    assert [one for one in _found(counts).values() if one.score >= OPENS_AT] == []


def test_a_quiet_night_is_held_against_nights() -> None:
    """Half as many at three in the morning are as many as ever."""
    usual = baseline(_past(), NOW)
    assert usual is not None
    night = MONDAY + timedelta(weeks=3, hours=4)
    assert [one for one in judge(usual, {HOUR: Counts(50, 44, 1, 5)}, night) if one.score >= OPENS_AT] == []


def _slow(now: datetime) -> dict[datetime, Counts]:
    """Two an hour by day and none by night, every day alike."""
    hours = ((NOW - timedelta(weeks=4) + n * HOUR).replace(minute=0) for n in range(4 * 168))
    return {at: Counts(2, 2) if at.hour >= 8 else Counts() for at in hours if at < now}


def test_what_is_seldom_has_an_expectation_of_its_own() -> None:
    """Two an hour are neither one nor three for want of counts, and where nothing ever was something may be."""
    usual = baseline(_slow(NOW), NOW)
    assert usual is not None
    assert all(1.5 < usual.created[hour] < 2.5 for hour in range(168) if 9 <= hour % 24 <= 22)
    assert all(0 < usual.created[hour] < 0.5 for hour in range(168) if 1 <= hour % 24 <= 6)


def test_days_of_little_are_no_more_apart_than_chance_has_them() -> None:
    """That few counts differ by themselves is not taken for days that differ: it would hide a real loss."""
    chance = random.Random(3)
    past = {at: Counts(sum(chance.random() < 0.02 for _ in range(100))) for at in _slow(NOW)}
    usual = baseline(past, NOW)
    assert usual is not None
    assert usual.days_created == pytest.approx(DAYS_APART_MIN, abs=0.03)


def test_where_most_are_turned_down_nearly_all_are_out_of_the_ordinary() -> None:
    """Twice the odds, for twice the share cannot be."""
    past = {at: Counts(100, 45, 0, 55) for at in _past()}
    usual = baseline(past, NOW)
    assert usual is not None
    found = judge(usual, {HOUR * 3: Counts(300, 3, 0, 297)}, NOW)
    assert [one.measure for one in found if one.score >= OPENS_AT] == [Measure.REJECTIONS]


def test_the_same_chance_weighs_more_in_a_longer_window() -> None:
    """There are fewer of them in a week: slow and long is found where short would be an accident."""
    usual = baseline(_past(), NOW)
    assert usual is not None
    part = Counts(created=100, success=70, error=8, rejected=0)
    short, long = (
        next(one for one in judge(usual, {window: part}, NOW) if one.measure is Measure.ERRORS).score
        for window in (WINDOWS[0], WINDOWS[-1])
    )
    assert long - short == pytest.approx(math.log10(36))


KEY = Key("deposit", Measure.ERRORS, Direction.ABOVE)


def _finding(score: float) -> Finding:
    return Finding(Measure.ERRORS, Direction.ABOVE, score, HOUR, 0.3, 0.02)


def _alert(score: float = 9, *, brand: str | None = None) -> Alert:
    names = (AlertId(UUID(int=1)), Measure.ERRORS, Direction.ABOVE, Level.WARNING)
    return Alert(*names, "deposit", brand, 0.3, 0.02, 60, score, NOW, NOW)


def _looks(watch: Watch, alerts: dict[Key, Alert], scores: list[float]) -> Iterator[tuple[int, int, int]]:
    for n, score in enumerate(scores):
        found = {KEY: (Series("deposit"), _finding(score))} if score else {}
        turn = watch.turn(found, alerts, NOW + n * CALM / 2)
        yield len(turn.opened), len(turn.worse), len(turn.closed)


def test_an_alert_opens_at_the_second_look() -> None:
    """What is there once may be an accident of the moment."""
    assert list(_looks(Watch(), {}, [9, 9])) == [(0, 0, 0), (1, 0, 0)]
    assert list(_looks(Watch(), {}, [9, 0, 9])) == [(0, 0, 0)] * 3
    assert list(_looks(Watch(), {}, [OPENS_AT - 1] * 3)) == [(0, 0, 0)] * 3


def test_an_open_alert_gets_worse_and_closes_once_it_has_been_calm() -> None:
    """What swings about its bound is one alert, not ten."""
    looks = _looks(Watch(), {KEY: _alert()}, [9, 12, 0, 5, 0, 0, 0])
    assert list(looks) == [(0, 0, 0), (0, 1, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 1)]


ALL, NL, BE = Series("deposit"), Series("deposit", "nl"), Series("deposit", "be")
CARD, BANK = (Series("deposit", provider=Provider("method", value)) for value in ("card", "bank"))


@pytest.mark.parametrize(
    ("scores", "whose"),
    [
        ({NL: 9, BE: 1, ALL: 9}, NL),
        ({NL: 9, BE: 9, ALL: 9}, ALL),
        ({NL: 1, BE: 1, ALL: 9}, ALL),
        ({NL: 1, BE: 9}, BE),
        ({NL: 9, BE: 9, CARD: 20, BANK: 1, ALL: 12}, CARD),
        ({NL: 20, BE: 1, CARD: 9, BANK: 9, ALL: 12}, NL),
        ({NL: 9, BE: 1, CARD: 20, BANK: 1, ALL: 12}, CARD),
        ({NL: 9, BE: 9, CARD: 9, BANK: 9, ALL: 12}, ALL),
        ({CARD: 2, BANK: 1}, CARD),
    ],
)
def test_it_is_of_whoever_stands_out_alone(scores: dict[Series, float], whose: Series) -> None:
    """A provider that is down has every brand fail, and a brand that is broken every provider; else it is of all together."""
    findings = {series: [_finding(score)] for series, score in scores.items()}
    series, finding = of_a_kind("deposit", findings)[KEY]
    assert (series, finding.score) == (whose, scores[whose])


def test_an_alert_of_one_is_of_all_once_another_stands_out() -> None:
    """It does not say any longer who is alone, for nobody is."""
    watch, alerts = Watch(), {KEY: _alert(brand="nl")}
    for found, whose in ((NL, []), (CARD, [ALL]), (ALL, [ALL])):
        turn = watch.turn({KEY: (found, _finding(9))}, alerts, NOW)
        assert [series for _, series, _ in turn.worse] == whose


def test_its_query_finds_what_is_behind_it() -> None:
    """In the query language, from its window on."""
    assert query_of(_alert(brand="casino-nl")) == (
        "kind:deposit brand:casino-nl status:error closed>=2026-11-23T19:00:00+00:00"
    )
    within = msgspec.structs.replace(_alert(), window_minutes=12)
    assert query_of(within).endswith("closed>=2026-11-23T19:45:00+00:00"), (
        "as it is counted: by five whole minutes"
    )
    assert language.parse(query_of(_alert())).terms
    of_provider = msgspec.structs.replace(_alert(), provider=Provider("method", "bank transfer"))
    assert query_of(of_provider).startswith('kind:deposit attributes.method:"bank transfer" status:error')
