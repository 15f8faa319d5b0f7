"""A1: what share of deviations is found, and how many false alarms there are a week.

A month with forty hidden deviations is drawn for each seed (`bench.months`), and the product's detector
(`viertakt.alerts.rules`) watches it. A deviation is found when an alert of its kind, measure and direction opens between its
begin and an hour after its end. Any other alert is a false one, unless its kind deviates then.

`python -m bench.alerts SEED…` prints both, by measure too, and how many deviations could be told from chance at all.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import msgspec

from bench.months import (
    BEGIN,
    HOUR,
    KINDS,
    PAST,
    WATCHED,
    Deviation,
    Drawn,
    deviations,
    draw,
    rarer_than_chance,
)  # fmt: skip
from viertakt.alerts.model import COUNTED, STEP, Alert, AlertId, Counts, Finding, Series, Usual
from viertakt.alerts.rules import WINDOWS, judge, level_of, opens_at
from viertakt.alerts.rules_turn import Key, Watch, of_a_kind
from viertakt.alerts.watching import EVERY, learnt


class Opened(NamedTuple):
    """An alert there was."""

    key: Key
    series: Series
    at: datetime


class Outcome(NamedTuple):
    """What became of a deviation: after how long it was found (None: it was not), and whether it could be told from chance."""

    deviation: Deviation
    after: timedelta | None
    findable: bool


class Month(NamedTuple):
    """What became of the deviations of one seed, and what was opened for nothing."""

    outcomes: list[Outcome]
    false: list[Opened]


def run(seed: int) -> Month:
    """One month, drawn and watched."""
    hidden = list(deviations(random.Random(seed)))
    drawn, truths = draw(random.Random(seed + 1), hidden)
    alerts = _watch(drawn)
    outcomes = []
    for one in hidden:
        found = [
            alert.at - one.begin
            for alert in alerts
            if alert.key == (one.kind, one.measure, one.direction) and _during(alert, one)
        ]
        outcomes.append(Outcome(one, min(found, default=None), rarer_than_chance(one, truths[one])))
    false = [alert for alert in alerts if not any(_during(alert, one) for one in hidden)]
    return Month(outcomes, false)


def _during(alert: Opened, one: Deviation) -> bool:
    return alert.key.kind == one.kind and one.begin <= alert.at <= one.end + HOUR


def _watch(drawn: Drawn) -> list[Opened]:
    """Every alert that opens."""
    sums = {series: Sums(steps) for series, steps in drawn.items()}
    usual: dict[Series, Usual] = {}
    bound = opens_at(len(sums))
    watch, open_, told = Watch(), dict[Key, Alert](), list[Opened]()
    for now in _looks():
        if now.minute == now.hour == 0:
            usual = learnt({series: _hours(one, now) for series, one in sums.items()}, now)
        found: dict[Key, tuple[Series, Finding]] = {}
        for kind in KINDS:
            mine = {series: _findings(sums, usual, series, now) for series in sums if series.kind == kind}
            found |= of_a_kind(kind, mine, bound=bound)
        # The product looks ten times in five minutes, at what hardly differs: twice is enough to open.
        for at in (now, now + EVERY):
            turn = watch.turn(found, open_, at, bound=bound)
            for key, whose, finding in turn.opened:
                open_[key] = _alert(key, whose, finding, at)
                told.append(Opened(key, whose, at))
            closed = set(turn.closed)
            open_ = {key: alert for key, alert in open_.items() if alert.id not in closed}
    return told


def _looks() -> Iterable[datetime]:
    return (BEGIN + PAST + n * STEP for n in range(WATCHED // STEP))


def _alert(key: Key, whose: Series, finding: Finding, at: datetime) -> Alert:
    names = (finding.measure, finding.direction, level_of(finding.score), key.kind, whose.brand)
    opened = Alert(AlertId(uuid4()), *names, finding.value, finding.usual, 0, finding.score, at, at)
    return msgspec.structs.replace(opened, provider=whose.provider)


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


def _findings(
    sums: dict[Series, Sums], usual: dict[Series, Usual], series: Series, now: datetime
) -> list[Finding]:
    counts = {window: sums[series].between(now - window, now) for window in WINDOWS}
    return list(judge(usual[series], counts, now))


def main(seeds: list[int]) -> None:
    """Print what became of these months, and of all together."""
    with ProcessPoolExecutor(2) as pool:
        months = dict(zip(seeds, pool.map(run, seeds), strict=True))
    for seed, month in months.items():
        print(f"seed {seed}: {_summary([month])}")
    print(f"together: {_summary(list(months.values()))}")
    every = [one for month in months.values() for one in month.outcomes]
    for measure in COUNTED:
        print(f"  {measure}: {_found([one for one in every if one.deviation.measure is measure])}")
    for one in every:
        if one.after is None:
            print(f"  missed{'' if one.findable else ' (no more than chance)'}: {_told(one.deviation)}")
    false = Counter(alert.key[1:] for month in months.values() for alert in month.false)
    for (measure, direction), count in false.items():
        print(f"  false: {count} of {measure} {direction}")


def _summary(months: list[Month]) -> str:
    outcomes = [one for month in months for one in month.outcomes]
    false = sum(len(month.false) for month in months) / len(months) / (WATCHED / timedelta(weeks=1))
    after = sorted(one.after for one in outcomes if one.after is not None)
    minutes = after[len(after) // 2] / timedelta(minutes=1) if after else float("nan")
    return f"{_found(outcomes)}, {false:.2f} false alarms a week, opened after {minutes:.0f} minutes (median)"


def _found(outcomes: list[Outcome]) -> str:
    findable = [one for one in outcomes if one.findable]
    found = sum(one.after is not None for one in outcomes)
    of_these = sum(one.after is not None for one in findable)
    return (
        f"{found} of {len(outcomes)} found ({found / max(len(outcomes), 1):.1%}); "
        f"of {len(findable)} that are rarer than chance {of_these} ({of_these / max(len(findable), 1):.1%})"
    )


def _told(one: Deviation) -> str:
    hours = (one.end - one.begin) / HOUR
    return f"{one.kind} {one.brand or one.provider or 'all'} {one.measure} x{one.factor:.1f}, {hours:.0f} h from {one.begin:%a %d %H:%M}"


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [7])
