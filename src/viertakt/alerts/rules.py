"""What is usual, and how unusual the present is. Pure.

A count is held against the same hour of the week before, so that one bad day in the past moves nothing, times how busy the
last week was beside the others. How much hours vary around that is measured too (the median of their squared Pearson
residuals), and by how much whole days differ; with both its chance is the negative binomial's. A share is held against what is
usual by the day, and its chance is the beta-binomial's, by how much days differ. By how much is the median absolute deviation,
which is the scale that outliers do not reach (Rousseeuw and Croux, JASA 1993), less what chance alone has them differ.

The score is minus the decimal logarithm of that chance in ten minutes: 6 is once in a million times ten minutes, in whatever
window. What is rare in six hours may be the more likely: there are fewer of them in a week. Many series are looked at over
many windows, so what opens an alert must be rarer than once a week by far, and be there at two looks.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import mean, median

from viertakt.alerts.model import (
    COUNTED,
    STEP,
    Alert,
    Counts,
    Direction,
    Finding,
    Level,
    Measure,
    Share,
    Usual,
)
from viertakt.alerts.rules_chances import at_least, at_most, part_at_least
from viertakt.language.model import Comparator, Comparison
from viertakt.language.text import terms_text

WINDOWS = tuple(timedelta(minutes=minutes) for minutes in (10, 20, 30, 60, 120, 180, 240, 360))
HOURS_OF_A_WEEK = 168
WEEKS_MIN = 2  # of an hour of the week one value is an anecdote
OPENS_AT, CRITICAL_AT, CLOSES_BELOW = 5.8, 15.0, 3.0
OPENS_AMONG = 32  # series: about half a false alarm a week
# Whatever chance says: fewer are nobody's alarm.
FAILED_MIN = 4
MISSING_MIN = 8.0
# Twice the odds (a share of 0.05 at 0.1, one of 0.6 at 0.75) are worth a look, a tenth more are not, however sure it is.
SHARE_FACTOR, COUNT_FACTOR = 2.0, 1.5
SHARE_FLOOR = 0.005
SPREAD_MIN = 1.0
# A past of weeks shows few days: with less than an eighth a quiet day of a busy kind was an alarm.
DAYS_APART_MIN = 0.12
SHARES_APART_MIN, SHARES_APART_MAX = 0.36, 1.0  # of the odds
ALIKE = 11.0  # operations: one over the square of the three tenths by which hours differ from their like


def hour_of_week(moment: datetime) -> int:
    """0 for Monday 00:00 to 167 for Sunday 23:00, in UTC."""
    moment = moment.astimezone(UTC)
    return moment.weekday() * 24 + moment.hour


def baseline(hours: Mapping[datetime, Counts], now: datetime) -> Usual | None:
    """What is usual, from whole hours before `now` by when they began (an hour without a count may be missing); None too early.

    Hours before the first that is there are not taken for empty.
    """
    if not hours:
        return None
    last = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    first = min(hours)
    whole = int((last - first) / timedelta(hours=1))
    if whole < WEEKS_MIN * HOURS_OF_A_WEEK:
        return None
    past = [
        (first + timedelta(hours=n), hours.get(first + timedelta(hours=n), Counts())) for n in range(whole)
    ]
    created = [(at, counts.created) for at, counts in past]
    ended = [(at, counts.ended) for at, counts in past]
    usual_created, spread_created, days_created = _seasonal(created)
    usual_ended, spread_ended, days_ended = _seasonal(ended)
    return Usual(
        usual_created,
        usual_ended,
        spread_created,
        spread_ended,
        days_created,
        days_ended,
        _shares(past, "error"),
        _shares(past, "rejected"),
        whole,
    )


def _seasonal(past: Sequence[tuple[datetime, int]]) -> tuple[tuple[float, ...], float, float]:
    """What an hour of the week usually counts, as busy as the last week was; how much more than chance hours vary; and days."""
    slots: list[list[int]] = [[] for _ in range(HOURS_OF_A_WEEK)]
    for at, count in past:
        slots[hour_of_week(at)].append(count)
    # Neighbouring hours are counted in: few weeks give few values, and hours do not jump.
    middles = [
        _middle([*slots[n - 1], *slots[n], *slots[n], *slots[(n + 1) % HOURS_OF_A_WEEK]])
        for n in range(HOURS_OF_A_WEEK)
    ]
    usual = _evened(middles, len(past) / HOURS_OF_A_WEEK)
    days, expected = _days(past, usual)
    busy = min(max(mean(sorted(days[-7:])[1:-1]), 0.5), 2.0)  # the quietest and the busiest day do not count
    apart = max(_apart(days, 1 / expected), DAYS_APART_MIN)
    residuals = [
        (count - usual[hour_of_week(at)]) ** 2 / usual[hour_of_week(at)]
        for at, count in past
        if usual[hour_of_week(at)] >= 1
    ]
    # The median of a chi-squared of one degree of freedom is 0.455.
    spread = max(median(residuals) / 0.455, SPREAD_MIN) if residuals else SPREAD_MIN
    return tuple(one * busy for one in usual), spread, apart


def _middle(values: Sequence[int]) -> float:
    """Their mean, each pulled to within two deviations of their median (one step of Huber's M-estimate, Ann. Math. Stat. 1964).

    As good as deaf to outliers, and, unlike a median, right for small counts.
    """
    middle = median(values)
    apart = 2 * math.sqrt(max(middle, 1.0))
    return sum(min(max(value, middle - apart), middle + apart) for value in values) / len(values)


def _evened(middles: Sequence[float], weeks: float) -> list[float]:
    """Each hour of the week drawn to the usual one of its hour of the day and its day, the more so the less was counted.

    The mean of a gamma's posterior: before anything is counted, an hour differs from those by a standard deviation of three
    tenths. Where nothing ever was, half an operation might have been.
    """
    hours = 2 * weeks  # its own, and those beside it for half
    whole = max(sum(middles), 0.5)
    by_hour = [sum(middles[hour::24]) for hour in range(24)]
    by_day = [sum(middles[day * 24 : day * 24 + 24]) for day in range(7)]
    alike = [max(by_hour[n % 24] * by_day[n // 24] / whole, 0.5 / hours) for n in range(HOURS_OF_A_WEEK)]
    return [
        (hours * middle + ALIKE) / (hours + ALIKE / like) for middle, like in zip(middles, alike, strict=True)
    ]


def _days(past: Sequence[tuple[datetime, int]], usual: Sequence[float]) -> tuple[list[float], float]:
    """How busy each whole day was beside a usual one, and how many a usual one counts."""
    last = len(past) % 24  # counted from the end, so that the last day is whole
    days = [past[n : n + 24] for n in range(last, len(past), 24)]
    busy = [sum(count for _, count in day) / sum(usual[hour_of_week(at)] for at, _ in day) for day in days]
    return busy, sum(usual) / 7


def _apart(values: Sequence[float], by_chance: float) -> float:
    """The standard deviation of values beyond a variance that is chance's."""
    middle = median(values)
    return math.sqrt(max((1.4826 * median(abs(value - middle) for value in values)) ** 2 - by_chance, 0.0))


def _shares(past: Sequence[tuple[datetime, Counts]], status: str) -> Share:
    """What share usually ends so, and by how much days differ beyond chance."""
    days: dict[int, list[int]] = {}
    for at, counts in past:
        day = days.setdefault(at.toordinal(), [0, 0])
        day[0] += getattr(counts, status)
        day[1] += counts.ended
    told = sorted((part / whole, part, whole) for part, whole in days.values() if whole)
    if not told:
        return Share(SHARE_FLOOR, SHARE_FLOOR * SHARES_APART_MIN)
    # All days but the best and the worst tenth: where few end in a day most have none of it, and a median says nothing.
    tenth = len(told) // 10
    rest = told[tenth : len(told) - tenth]
    pooled = sum(part for _, part, _ in rest) / sum(whole for _, _, whole in rest)
    shares = [share for share, _, _ in told]
    usual = max(median(shares), pooled, SHARE_FLOOR)
    once = usual * (1 - usual)  # the variance of one, and by how much a share moves with its odds
    apart = _apart(shares, once / median(whole for _, _, whole in told))
    return Share(usual, min(max(apart, once * SHARES_APART_MIN), once * SHARES_APART_MAX))


def judge(usual: Usual, recent: Mapping[timedelta, Counts], now: datetime) -> Iterator[Finding]:
    """The worst of each measure and direction, over the windows that end now: those that are unusual at all (score above 0)."""
    worst: dict[tuple[Measure, Direction], Finding] = {}
    for window, counts in recent.items():
        for found in _judge_window(usual, window, counts, now):
            place = (found.measure, found.direction)
            if place not in worst or worst[place].score < found.score:
                worst[place] = found
    yield from worst.values()


def _judge_window(usual: Usual, window: timedelta, counts: Counts, now: datetime) -> Iterator[Finding]:
    for measure, found, hourly, (spread, apart) in (
        (Measure.CREATED, counts.created, usual.created, (usual.spread_created, usual.days_created)),
        (Measure.ENDED, counts.ended, usual.ended, (usual.spread_ended, usual.days_ended)),
    ):
        expected = _expected(hourly, window, now)
        # What is usual is known as well as its weeks allow.
        variance = expected * (spread + HOURS_OF_A_WEEK / usual.hours) + (expected * apart) ** 2
        if found > expected * COUNT_FACTOR and found - expected >= MISSING_MIN:
            score = _score(at_least(found, expected, variance), window)
            yield Finding(measure, Direction.ABOVE, score, window, found, expected)
        elif found < expected / COUNT_FACTOR and expected - found >= MISSING_MIN:
            score = _score(at_most(found, expected, variance), window)
            yield Finding(measure, Direction.BELOW, score, window, found, expected)
    for measure, part, share in (
        (Measure.ERRORS, counts.error, usual.errors),
        (Measure.REJECTIONS, counts.rejected, usual.rejections),
    ):
        odds = share.usual / (1 - share.usual) if share.usual < 1 else math.inf
        if part >= FAILED_MIN and part > (counts.ended - part) * odds * SHARE_FACTOR:
            score = _score(part_at_least(part, counts.ended, share.usual, share.apart), window)
            yield Finding(measure, Direction.ABOVE, score, window, part / counts.ended, share.highest)


def opens_at(series: int) -> float:
    """From which score on something is an alert where so many series are looked at: chance has more occasions with each."""
    return OPENS_AT + max(math.log10(series / OPENS_AMONG), 0.0) if series else OPENS_AT


def level_of(score: float) -> Level:
    """How bad that is."""
    return Level.CRITICAL if score >= CRITICAL_AT else Level.WARNING


def _expected(hourly: Sequence[float], window: timedelta, now: datetime) -> float:
    """How many the time before `now` usually has, hour by hour."""
    total, end = 0.0, now.astimezone(UTC)
    begin = end - window
    while begin < end:
        following = min(begin.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), end)
        total += hourly[hour_of_week(begin)] * ((following - begin) / timedelta(hours=1))
        begin = following
    return total


def _score(log_chance: float, window: timedelta) -> float:
    return max(math.log10(window / WINDOWS[0]) - log_chance / math.log(10), 0.0)


def query_of(alert: Alert) -> str:
    """The operations behind an alert, as text of the query language: from its window on, up to when it closed.

    A window begins with five whole minutes, as it is counted.
    """
    terms = [Comparison("kind", Comparator.IS, (alert.kind,))]
    if alert.brand is not None:
        terms.append(Comparison("brand", Comparator.IS, (alert.brand,)))
    if alert.provider is not None:
        terms.append(
            Comparison(f"attributes.{alert.provider.attribute}", Comparator.IS, (alert.provider.value,))
        )
    if alert.measure not in COUNTED:
        terms.append(Comparison("status", Comparator.IS, ("pending",)))
        if alert.stage is not None:
            terms.append(Comparison("stage", Comparator.IS, (alert.stage,)))
        if alert.measure is Measure.SILENCE:
            terms.append(Comparison("waiting_on", Comparator.IS, ("provider",)))
        return terms_text(terms)
    status = {Measure.ERRORS: "error", Measure.REJECTIONS: "rejected"}.get(alert.measure)
    field = "created" if alert.measure is Measure.CREATED else "closed"
    since = alert.opened_at - timedelta(minutes=alert.window_minutes)
    since -= timedelta(seconds=since.timestamp() % STEP.total_seconds())
    if status is not None:
        terms.append(Comparison("status", Comparator.IS, (status,)))
    terms.append(Comparison(field, Comparator.AT_LEAST, (since.astimezone(UTC),)))
    if alert.closed_at is not None:
        terms.append(Comparison(field, Comparator.BELOW, (alert.closed_at.astimezone(UTC),)))
    return terms_text(terms)
