"""What is usual, what is not, and when an alert opens and closes: on numbers, without a database."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from viertakt import language
from viertakt.alerts.model import Alert, AlertId, Counts, Direction, Finding, Level, Measure
from viertakt.alerts.rules import (
    OPENS_AT,
    baseline,
    binomial_at_least,
    judge,
    poisson_at_least,
    poisson_at_most,
    query_of,
)
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


def test_tails_are_those_of_the_distributions() -> None:
    """Added up term by term, as the books define them."""
    mean, share, of = 7.5, 0.1, 40
    poisson = [math.exp(-mean) * mean**n / math.factorial(n) for n in range(80)]
    binomial = [math.comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(of + 1)]
    assert math.exp(poisson_at_least(15, mean)) == pytest.approx(sum(poisson[15:]))
    assert math.exp(poisson_at_most(2, mean)) == pytest.approx(sum(poisson[:3]))
    assert math.exp(binomial_at_least(11, of, share)) == pytest.approx(sum(binomial[11:]))


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
    assert spoilt.errors < 1.5 * usual.errors
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


KEY = Key("deposit", Measure.ERRORS, Direction.ABOVE)


def _finding(score: float) -> Finding:
    return Finding(Measure.ERRORS, Direction.ABOVE, score, HOUR, 0.3, 0.02)


def _alert(score: float = 9, *, brand: str | None = None) -> Alert:
    names = (AlertId(UUID(int=1)), Measure.ERRORS, Direction.ABOVE, Level.WARNING)
    return Alert(*names, "deposit", brand, 0.3, 0.02, 60, score, NOW, NOW)


def _looks(watch: Watch, alerts: dict[Key, Alert], scores: list[float]) -> Iterator[tuple[int, int, int]]:
    for n, score in enumerate(scores):
        found = {KEY: (None, _finding(score))} if score else {}
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


def test_it_is_the_brand_s_where_one_stands_out_alone() -> None:
    """Where two do, or all together, it is the kind's."""
    bad, small = [_finding(9)], [_finding(1)]
    assert of_a_kind("deposit", bad, {"nl": bad, "be": small})[KEY][0] == "nl"
    assert of_a_kind("deposit", bad, {"nl": bad, "be": bad})[KEY][0] is None
    assert of_a_kind("deposit", bad, {"nl": small, "be": small})[KEY][0] is None
    assert of_a_kind("deposit", [], {"nl": small, "be": bad})[KEY][0] == "be"


def test_its_query_finds_what_is_behind_it() -> None:
    """In the query language, from its window on."""
    assert query_of(_alert(brand="casino-nl")) == (
        "kind:deposit brand:casino-nl status:error closed>=2026-11-23T19:00:00+00:00"
    )
    assert language.parse(query_of(_alert())).terms
