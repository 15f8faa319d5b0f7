"""Months of counts, drawn from a seed: what kinds, brands and providers usually do, and what goes wrong with them.

Eight kinds of three brands, each carried out by the same three providers, have a season by hour of the week, days that are
busier than others and shares that vary by the day. Deviations are hidden in the part that is watched: kind, brand or provider,
measure, size and length are drawn.
"""

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import NamedTuple

from viertakt.alerts.model import COUNTED, SHARES, STEP, Counts, Direction, Measure, Provider, Series
from viertakt.alerts.rules_chances import at_least, at_most, part_at_least

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
PROVIDERS = {"card": 0.6, "bank": 0.3, "wallet": 0.1}
BEGIN = datetime(2026, 9, 28, tzinfo=UTC)  # a Monday
PAST, WATCHED = timedelta(weeks=4), timedelta(weeks=4)
PARTS = 40  # of the time that is watched, with a deviation in each, so that they do not lie on one another
# What touches fewer operations than this is nobody's incident, and cannot be told from chance.
TOUCHED_MIN = 20
HOUR = timedelta(hours=1)
# Kinds, brands and providers, and what an alert may be of: too many and too few created and ended, too many errors and rejections.
PLACES = len(KINDS) * (len(BRANDS) + len(PROVIDERS)) * 6

Drawn = dict[Series, dict[datetime, Counts]]


class Deviation(NamedTuple):
    """Something that goes wrong from `begin` to `end`: a measure times `factor`, of one brand, of one provider or of all."""

    kind: str
    brand: str | None
    provider: str | None
    measure: Measure
    factor: float
    begin: datetime
    end: datetime

    @property
    def direction(self) -> Direction:
        """Which way it goes."""
        return Direction.ABOVE if self.factor > 1 else Direction.BELOW


class Truth(NamedTuple):
    """What a deviation came to: how many were `found`, how many there would usually have been on that day, and `of` how many."""

    found: int = 0
    usual: float = 0.0
    of: int = 0

    def plus(self, other: "Truth") -> "Truth":
        """Both together."""
        return Truth(self.found + other.found, self.usual + other.usual, self.of + other.of)


def deviations(chance: random.Random) -> Iterator[Deviation]:
    """One for each part of the time that is watched, drawn until it touches enough."""
    for n in range(PARTS):
        one = _deviation(chance, n)
        while _touched(one) < TOUCHED_MIN:
            one = _deviation(chance, n)
        yield one


def _deviation(chance: random.Random, n: int) -> Deviation:
    measure = chance.choice(COUNTED)
    kind = chance.choice(list(KINDS))
    brand, provider = chance.choice(
        [(None, None), *((brand, None) for brand in BRANDS), *((None, provider) for provider in PROVIDERS)]
    )
    begin = BEGIN + PAST + (WATCHED / PARTS) * (n + chance.random() * 0.4)
    end = begin + timedelta(minutes=chance.choice([60, 120, 240, 360]))
    if measure in {Measure.CREATED, Measure.ENDED}:
        factor = chance.choice([0.0, 0.1, 0.3, 3.0, 5.0])
    else:
        factor = chance.uniform(6, 20) if measure is Measure.ERRORS else chance.uniform(3, 6)
    return Deviation(kind, brand, provider, measure, factor, begin, end)


def _touched(one: Deviation) -> float:
    """How many operations it makes, loses, fails or turns down, beside what is usual."""
    a_day, errors, rejections = KINDS[one.kind]
    middle = one.begin + (one.end - one.begin) / 2
    hours = (one.end - one.begin) / HOUR
    there = (
        a_day
        / 24
        * hours
        * _season(middle)
        * BRANDS.get(one.brand or "", 1)
        * PROVIDERS.get(one.provider or "", 1)
    )
    share = {Measure.ERRORS: errors, Measure.REJECTIONS: rejections}.get(one.measure, 1)
    return there * share * abs(one.factor - 1)


def draw(chance: random.Random, hidden: list[Deviation]) -> tuple[Drawn, dict[Deviation, Truth]]:
    """Counts by five minutes of every kind, brand and provider, and what each deviation came to."""
    drawn: Drawn = {}
    truths: dict[Deviation, Truth] = {}
    for kind, (a_day, errors, rejections) in KINDS.items():
        of_kind = [one for one in hidden if one.kind == kind]
        days = [math.exp(chance.gauss(0, 0.08)) for _ in range(60)]
        shares = [math.exp(chance.gauss(0, 0.25)) for _ in range(60)]
        for n in range(int((PAST + WATCHED) / STEP)):
            at, day = BEGIN + n * STEP, n * STEP // timedelta(days=1)
            now = [one for one in of_kind if one.begin <= at < one.end]
            for (brand, part), (provider, its) in product(BRANDS.items(), PROVIDERS.items()):
                rate = a_day * part * its * _season(at) * days[day] / 288
                here = [one for one in now if one.brand in {None, brand} and one.provider in {None, provider}]
                usual = (rate, errors * shares[day], rejections * shares[day])
                counts = _counts(chance, usual, {one.measure: one.factor for one in here})
                for series in (Series(kind), Series(kind, brand), carried_out(kind, provider)):
                    steps = drawn.setdefault(series, {})
                    steps[at] = steps.get(at, Counts()).plus(counts)
                for one in here:
                    truths[one] = truths.get(one, Truth()).plus(_truth(one, usual, counts))
    return drawn, truths


def carried_out(kind: str, provider: str) -> Series:
    """The series of a provider."""
    return Series(kind, provider=Provider("provider", provider))


def _counts(chance: random.Random, usual: tuple[float, float, float], factor: dict[Measure, float]) -> Counts:
    rate, errors, rejections = usual
    ended = _poisson(chance, rate * 0.97 * factor.get(Measure.ENDED, 1))
    wrong = min(errors * factor.get(Measure.ERRORS, 1), 0.9)
    refused = min(rejections * factor.get(Measure.REJECTIONS, 1), 0.95 - wrong)
    failed = sum(chance.random() < wrong for _ in range(ended))
    rejected = sum(chance.random() < refused for _ in range(ended - failed))
    created = _poisson(chance, rate * factor.get(Measure.CREATED, 1))
    return Counts(created, ended - failed - rejected, failed, rejected)


def _truth(one: Deviation, usual: tuple[float, float, float], counts: Counts) -> Truth:
    rate, errors, rejections = usual
    match one.measure:
        case Measure.CREATED:
            return Truth(counts.created, rate)
        case Measure.ENDED:
            return Truth(counts.ended, rate * 0.97)
        case Measure.ERRORS:
            return Truth(counts.error, counts.ended * errors, counts.ended)
        case _:
            return Truth(counts.rejected, counts.ended * rejections, counts.ended)


def rarer_than_chance(one: Deviation, truth: Truth) -> bool:
    """Whether it can be told from chance by one who knows the true rate, the place and the span, and may err once a week.

    The most powerful test of one rate against another (Neyman and Pearson, 1933) looks at the count of the span and nothing
    else. There are so many spans of that length and places to err at in a week; each has its even part of the one false alarm.
    """
    allowed = (one.end - one.begin) / timedelta(weeks=1) / PLACES
    if one.measure in SHARES:
        chance = part_at_least(truth.found, truth.of, truth.usual / truth.of) if truth.of else 0.0
    elif one.direction is Direction.ABOVE:
        chance = at_least(truth.found, truth.usual)
    else:
        chance = at_most(truth.found, truth.usual)
    return chance <= math.log(allowed)


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
