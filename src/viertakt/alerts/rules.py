"""What is usual, and how unusual the present is. Pure.

A count is held against the same hour of the week before: the median of those hours, so that one bad day in the past moves
nothing, times how busy the last week was beside the others. How much hours vary around that is measured too (the median of
their squared Pearson residuals), and by how much whole days differ; what is found is divided by both before its chance is reckoned as
Poisson's (quasi-Poisson: McCullagh and Nelder, Generalized Linear Models, 2nd ed., 6.2.3). A share is held against the highest that
is usual by the day (median and two and a half times the median absolute deviation, which is the scale that outliers do not reach:
Rousseeuw and Croux, JASA 1993), and its chance is the binomial's.

The score is minus the decimal logarithm of that chance: 6 is one in a million. Many series are looked at every half minute
over five windows, so what opens an alert must be rarer than that, and be there at two looks.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

from viertakt.alerts.model import COUNTED, Alert, Counts, Direction, Finding, Level, Measure, Usual
from viertakt.language.model import Comparator, Comparison
from viertakt.language.text import terms_text

WINDOWS = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 60, 180, 360))
HOURS_OF_A_WEEK = 168
WEEKS_MIN = 2  # of an hour of the week one value is an anecdote
OPENS_AT, CRITICAL_AT, CLOSES_BELOW = 5.5, 15.0, 2.0
# Whatever chance says: fewer are nobody's alarm.
FAILED_MIN = 4
MISSING_MIN = 8.0
# A share that is twice as high is worth a look, one a tenth higher is not, however sure it is.
SHARE_FACTOR, COUNT_FACTOR = 1.5, 1.5
SHARE_FLOOR = 0.005
SPREAD_MIN = 1.0
DAYS_APART_MIN = 0.09  # four weeks show few days; with less a quiet day of a busy kind was an alarm


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
        _highest_share(past, "error"),
        _highest_share(past, "rejected"),
        whole,
    )


def _seasonal(past: Sequence[tuple[datetime, int]]) -> tuple[tuple[float, ...], float, float]:
    """What an hour of the week usually counts, as busy as the last week was; how much more than chance hours vary; and days."""
    slots: list[list[int]] = [[] for _ in range(HOURS_OF_A_WEEK)]
    for at, count in past:
        slots[hour_of_week(at)].append(count)
    # Neighbouring hours are counted in: few weeks give few values, and hours do not jump.
    middles = [
        median([*slots[n - 1], *slots[n], *slots[n], *slots[(n + 1) % HOURS_OF_A_WEEK]])
        for n in range(HOURS_OF_A_WEEK)
    ]
    means = [sum(slot) / len(slot) if slot else 0.0 for slot in slots]
    # The median of few small counts is a whole number, often 0: there the mean says more.
    usual = [middle if middle >= 5 else mean for middle, mean in zip(middles, means, strict=True)]
    days = _days(past, usual)
    busy = min(max(median(days[-7:]), 0.5), 2.0)
    apart = max(1.4826 * median(abs(day - median(days)) for day in days), DAYS_APART_MIN)
    residuals = [
        (count - usual[hour_of_week(at)]) ** 2 / usual[hour_of_week(at)]
        for at, count in past
        if usual[hour_of_week(at)] >= 1
    ]
    # The median of a chi-squared of one degree of freedom is 0.455.
    spread = max(median(residuals) / 0.455, SPREAD_MIN) if residuals else SPREAD_MIN
    return tuple(one * busy for one in usual), spread, apart


def _days(past: Sequence[tuple[datetime, int]], usual: Sequence[float]) -> list[float]:
    """How busy each whole day was beside a usual one."""
    last = len(past) % 24  # counted from the end, so that the last day is whole
    days = [past[n : n + 24] for n in range(last, len(past), 24)]
    pairs = [(sum(count for _, count in day), sum(usual[hour_of_week(at)] for at, _ in day)) for day in days]
    return [found / expected if expected else 1.0 for found, expected in pairs]


def _highest_share(past: Sequence[tuple[datetime, Counts]], status: str) -> float:
    days: dict[int, list[int]] = {}
    for at, counts in past:
        day = days.setdefault(at.toordinal(), [0, 0])
        day[0] += getattr(counts, status)
        day[1] += counts.ended
    told = sorted((part / whole, part, whole) for part, whole in days.values() if whole)
    if not told:
        return SHARE_FLOOR
    middle = median(share for share, _, _ in told)
    deviation = 1.4826 * median(abs(share - middle) for share, _, _ in told)
    # Where few end in a day most days have none of it, and their median says nothing: all days but the worst tenth together.
    rest = told[: -max(len(told) // 10, 1)] or told
    pooled = sum(part for _, part, _ in rest) / sum(whole for _, _, whole in rest)
    return max(middle + 2.5 * deviation, pooled, SHARE_FLOOR)


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
    for measure, found, hourly, apart in (
        (Measure.CREATED, counts.created, usual.created, (usual.spread_created, usual.days_created)),
        (Measure.ENDED, counts.ended, usual.ended, (usual.spread_ended, usual.days_ended)),
    ):
        expected = _expected(hourly, window, now)
        spread = apart[0] + expected * apart[1] ** 2
        scaled, mean = found / spread, expected / spread
        if found > expected * COUNT_FACTOR and found - expected >= MISSING_MIN:
            score = _score(poisson_at_least(math.floor(scaled), mean))
            yield Finding(measure, Direction.ABOVE, score, window, found, expected)
        elif found < expected / COUNT_FACTOR and expected - found >= MISSING_MIN:
            score = _score(poisson_at_most(math.ceil(scaled), mean))
            yield Finding(measure, Direction.BELOW, score, window, found, expected)
    for measure, part, highest in (
        (Measure.ERRORS, counts.error, usual.errors),
        (Measure.REJECTIONS, counts.rejected, usual.rejections),
    ):
        if part >= FAILED_MIN and part > counts.ended * highest * SHARE_FACTOR:
            score = _score(binomial_at_least(part, counts.ended, highest))
            yield Finding(measure, Direction.ABOVE, score, window, part / counts.ended, highest)


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


def _score(log_chance: float) -> float:
    return max(-log_chance / math.log(10), 0.0)


def poisson_at_least(count: int, mean: float) -> float:
    """The natural logarithm of the chance of `count` or more where `mean` are expected, `count` being above it."""
    return (
        _tail(count, lambda n: n * math.log(mean) - mean - math.lgamma(n + 1), up=True)
        if mean > 0
        else -math.inf
    )


def poisson_at_most(count: int, mean: float) -> float:
    """The same of `count` or fewer, `count` being below it."""
    return _tail(count, lambda n: n * math.log(mean) - mean - math.lgamma(n + 1), up=False)


def binomial_at_least(count: int, of: int, share: float) -> float:
    """The same of `count` or more of so many, where each is one with the chance `share`."""

    def log_chance(n: int) -> float:
        ways = math.lgamma(of + 1) - math.lgamma(n + 1) - math.lgamma(of - n + 1)
        return ways + n * math.log(share) + (of - n) * math.log1p(-share)

    return _tail(count, log_chance, up=True, last=of) if 0 < share < 1 else 0.0


def _tail(start: int, log_chance: Callable[[int], float], *, up: bool, last: int | None = None) -> float:
    """The logarithm of a sum of chances from `start` away from the mean, where each is smaller than the one before."""
    first = log_chance(start)
    total, n = 1.0, start
    while True:
        n += 1 if up else -1
        if n < 0 or (last is not None and n > last):
            break
        part = math.exp(log_chance(n) - first)
        total += part
        if part < 1e-9:
            break
    return min(first + math.log(total), 0.0)


def query_of(alert: Alert) -> str:
    """The operations behind an alert, as text of the query language: from its window on, up to when it closed."""
    terms = [Comparison("kind", Comparator.IS, (alert.kind,))]
    if alert.brand is not None:
        terms.append(Comparison("brand", Comparator.IS, (alert.brand,)))
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
    if status is not None:
        terms.append(Comparison("status", Comparator.IS, (status,)))
    terms.append(Comparison(field, Comparator.AT_LEAST, (since.astimezone(UTC),)))
    if alert.closed_at is not None:
        terms.append(Comparison(field, Comparator.BELOW, (alert.closed_at.astimezone(UTC),)))
    return terms_text(terms)
