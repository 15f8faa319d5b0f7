"""A1: what share of deviations is found, and how many false alarms there are a week.

Eight weeks of eight kinds and three brands are drawn: a season by hour of the week, days that are busier than others,
shares that vary by the day. In the last four weeks deviations are hidden whose kind, size, brand and length come from a
seed of their own; the detector (`viertakt.alerts.rules`) is the product's and has never seen it.
"""

import math
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from viertakt.alerts.model import COUNTED, STEP, Alert, AlertId, Counts, Finding, Measure, Series, Usual
from viertakt.alerts.rules import WINDOWS, baseline, judge, level_of
from viertakt.alerts.rules_turn import Key, Watch, of_a_kind

KINDS = {  # a day, share of errors, share of rejections
    "deposit": (4_000, 0.02, 0.10),
    "withdrawal": (1_200, 0.01, 0.08),
    "bonus": (900, 0.004, 0.05),
    "kyc": (300, 0.01, 0.15),
    "ticket": (500, 0.002, 0.02),
    "order": (2_400, 0.01, 0.04),
    "booking": (700, 0.01, 0.05),
    "transfer": (1_500, 0.015, 0.03),
}
BRANDS = {"casino-nl": 0.55, "casino-be": 0.3, "market-eu": 0.15}
BEGIN = datetime(2026, 9, 28, tzinfo=UTC)  # a Monday
PAST, WATCHED = timedelta(weeks=4), timedelta(weeks=4)
PARTS = 60  # of the time; a deviation in each that touches enough
# What touches fewer operations than this is nobody's incident, and cannot be told from chance.
TOUCHED_MIN = 20
LOOK = 2 * STEP
HOUR = timedelta(hours=1)


class Deviation(NamedTuple):
    """Something that goes wrong from `begin` to `end`: a measure times `factor`, of one brand or of all."""

    kind: str
    brand: str | None
    measure: Measure
    factor: float
    begin: datetime
    end: datetime


def run(*, seed: int) -> dict[str, float]:
    """Found share, false alarms a week, and the median minutes until an alert opened."""
    hidden = list(_deviations(random.Random(seed)))
    drawn = _draw(random.Random(seed + 1), hidden)
    alerts = _watch(drawn)
    late: list[float] = []
    excused: set[int] = set()
    for one in hidden:
        mine = [
            n for n, (key, opened, closed) in enumerate(alerts)
            if key.kind == one.kind and opened <= one.end + timedelta(hours=1) and closed >= one.begin
        ]  # fmt: skip
        excused.update(mine)
        if mine:
            first = min(alerts[n][1] for n in mine)
            late.append(max((first - one.begin) / timedelta(minutes=1), 0))
    false = len(alerts) - len(excused)
    return {
        "deviations": len(hidden),
        "found": len(late) / len(hidden),
        "false_alarms_a_week": false / (WATCHED / timedelta(weeks=1)),
        "minutes_until_opened": sorted(late)[len(late) // 2] if late else math.nan,
    }


def _deviations(chance: random.Random) -> Iterator[Deviation]:
    for n in range(PARTS):
        measure = chance.choice(COUNTED)
        kind = chance.choice(list(KINDS))
        brand = chance.choice([None, *BRANDS])
        # One in each part of the time, so that they do not lie on one another.
        begin = BEGIN + PAST + (WATCHED / PARTS) * (n + chance.random() * 0.4)
        end = begin + timedelta(minutes=chance.choice([60, 120, 240, 360]))
        if measure in {Measure.CREATED, Measure.ENDED}:
            factor = chance.choice([0.0, 0.1, 0.3, 3.0, 5.0])
        else:
            factor = chance.uniform(6, 20) if measure is Measure.ERRORS else chance.uniform(3, 6)
        one = Deviation(kind, brand, measure, factor, begin, end)
        if _touched(one) >= TOUCHED_MIN:
            yield one


def _touched(one: Deviation) -> float:
    """How many operations it makes, loses, fails or turns down, beside what is usual."""
    a_day, errors, rejections = KINDS[one.kind]
    middle = one.begin + (one.end - one.begin) / 2
    hours = (one.end - one.begin) / HOUR
    there = a_day / 24 * hours * _season(middle) * (BRANDS[one.brand] if one.brand else 1)
    share = {Measure.ERRORS: errors, Measure.REJECTIONS: rejections}.get(one.measure, 1)
    return there * share * abs(one.factor - 1)


def _draw(chance: random.Random, hidden: list[Deviation]) -> dict[Series, dict[datetime, Counts]]:
    drawn: dict[Series, dict[datetime, Counts]] = {}
    steps = int((PAST + WATCHED) / STEP)
    for kind, (a_day, errors, rejections) in KINDS.items():
        of_kind = [one for one in hidden if one.kind == kind]
        days = [math.exp(chance.gauss(0, 0.08)) for _ in range(60)]
        shares = [math.exp(chance.gauss(0, 0.25)) for _ in range(60)]
        for brand, part in BRANDS.items():
            mine = drawn.setdefault(Series(kind, brand), {})
            for n in range(steps):
                at = BEGIN + n * STEP
                rate = a_day * part * _season(at) * days[n * STEP // timedelta(days=1)] / 288
                share = shares[n * STEP // timedelta(days=1)]
                here = [one for one in of_kind if one.begin <= at < one.end and one.brand in {None, brand}]
                factor = {one.measure: one.factor for one in here}
                ended = _poisson(chance, rate * 0.97 * factor.get(Measure.ENDED, 1))
                wrong = min(errors * share * factor.get(Measure.ERRORS, 1), 0.9)
                refused = min(rejections * share * factor.get(Measure.REJECTIONS, 1), 0.95 - wrong)
                failed = sum(chance.random() < wrong for _ in range(ended))
                rejected = sum(chance.random() < refused for _ in range(ended - failed))
                created = _poisson(chance, rate * factor.get(Measure.CREATED, 1))
                mine[at] = Counts(created, ended - failed - rejected, failed, rejected)
    return drawn


def _season(at: datetime) -> float:
    evening = 1 + 0.75 * math.sin((at.hour + at.minute / 60 - 14) / 24 * 2 * math.pi)
    return evening * (1.3 if at.weekday() >= 4 else 0.9)


def _poisson(chance: random.Random, mean: float) -> int:
    if mean <= 0:
        return 0
    if mean > 50:
        return max(round(chance.gauss(mean, math.sqrt(mean))), 0)
    limit, n, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        n, product = n + 1, product * chance.random()
    return n


def _watch(drawn: dict[Series, dict[datetime, Counts]]) -> list[tuple[Key, datetime, datetime]]:
    """Every alert there was: what of, from when to when."""
    usual: dict[Series, Usual | None] = {}
    watch = Watch()
    open_: dict[Key, Alert] = {}
    told: list[tuple[Key, datetime, datetime]] = []
    begun: dict[AlertId, datetime] = {}
    everything = dict(drawn)
    for kind in KINDS:
        whole: dict[datetime, Counts] = {}
        for brand in BRANDS:
            for at, counts in drawn[Series(kind, brand)].items():
                whole[at] = whole.get(at, Counts()).plus(counts)
        everything[Series(kind, None)] = whole
    sums = {series: Sums(steps) for series, steps in everything.items()}
    now, end = BEGIN + PAST, BEGIN + PAST + WATCHED
    while now < end:
        if now.minute == now.hour == 0:
            usual = {series: baseline(_hours(one, now), now) for series, one in sums.items()}
        found: dict[Key, tuple[str | None, Finding]] = {}
        for kind in KINDS:
            findings = {
                brand: list(_findings(sums[Series(kind, brand)], usual.get(Series(kind, brand)), now))
                for brand in [None, *BRANDS]
            }
            together = findings.pop(None)
            found |= of_a_kind(kind, together, {brand: one for brand, one in findings.items() if brand})
        turn = watch.turn(found, open_, now)
        for key, whose, finding in turn.opened:
            alert = Alert(
                AlertId(uuid4()), finding.measure, finding.direction, level_of(finding.score), key.kind, whose,
                finding.value, finding.usual, 0, finding.score, now, now,
            )  # fmt: skip
            open_[key], begun[alert.id] = alert, now
        closed = set(turn.closed)
        for key, alert in list(open_.items()):
            if alert.id in closed:
                told.append((key, begun[alert.id], now))
                del open_[key]
        now += LOOK
    return told + [(key, begun[alert.id], end) for key, alert in open_.items()]


class Sums:
    """Counts of a series, added up from the beginning on, so that any window of it is one difference."""

    def __init__(self, steps: dict[datetime, Counts]) -> None:
        self._sums = [Counts()]
        for at in sorted(steps):
            self._sums.append(self._sums[-1].plus(steps[at]))

    def between(self, begin: datetime, end: datetime) -> Counts:
        """What lies between."""
        last, first = ((at - BEGIN) // STEP for at in (end, begin))
        return Counts(
            *(late - early for late, early in zip(self._sums[last], self._sums[first], strict=True))
        )


def _hours(sums: Sums, now: datetime) -> dict[datetime, Counts]:
    hours = (BEGIN + n * HOUR for n in range((now - BEGIN) // HOUR))
    return {at: sums.between(at, at + HOUR) for at in hours}


def _findings(sums: Sums, usual: Usual | None, now: datetime) -> Iterable[Finding]:
    if usual is None:
        return ()
    return judge(usual, {window: sums.between(now - window, now) for window in WINDOWS}, now)


if __name__ == "__main__":
    import sys

    for seed in map(int, sys.argv[1:] or ["7"]):
        print(seed, run(seed=seed))
