"""When an alert opens, gets worse and closes: the decision of one look. Pure; `now` is passed in.

An alert is of a kind, a measure and a direction: there is one at a time, for the brand or the provider that stands out or for
all together.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from viertakt.alerts.model import Alert, AlertId, Direction, Finding, Measure, Series
from viertakt.alerts.rules import CLOSES_BELOW, OPENS_AT

LOOKS_TO_OPEN = 2
CALM = timedelta(minutes=10)  # so that what swings about its bound is one alert, not ten


class Key(NamedTuple):
    """What there is one alert of at a time."""

    kind: str
    measure: Measure
    direction: Direction


class Turn(NamedTuple):
    """What one look leads to: alerts to open, to make worse (or to widen to all together), and to close."""

    opened: list[tuple[Key, Series, Finding]]
    worse: list[tuple[AlertId, Series, Finding]]
    closed: list[AlertId]


class Watch:
    """What is remembered between two looks: what was unusual once, and since when an open alert has been calm."""

    def __init__(self) -> None:
        self._seen: dict[Key, int] = {}
        self._calm: dict[AlertId, datetime] = {}

    def turn(
        self,
        found: Mapping[Key, tuple[Series, Finding]],
        alerts: Mapping[Key, Alert],
        now: datetime,
        *,
        bound: float = OPENS_AT,
    ) -> Turn:
        """What to do about what was found, with the alerts that are open. `bound`: the score that opens one."""
        opened, worse, closed = [], [], []
        seen: dict[Key, int] = {}
        for key, (series, finding) in found.items():
            alert = alerts.get(key)
            if alert is None:
                if finding.score < bound:
                    continue
                seen[key] = self._seen.get(key, 0) + 1
                if seen[key] >= LOOKS_TO_OPEN:
                    opened.append((key, series, finding))
                    del seen[key]
                continue
            if finding.score >= CLOSES_BELOW:
                self._calm.pop(alert.id, None)
            whole = Series(key.kind)
            wider = alert.series not in {whole, series} and finding.score >= bound
            if finding.score > alert.score or wider:
                worse.append((alert.id, whole if wider else alert.series, finding))
        self._seen = seen
        for key, alert in alerts.items():
            if key in found and found[key][1].score >= CLOSES_BELOW:
                continue
            since = self._calm.setdefault(alert.id, now)
            if now - since >= CALM:
                del self._calm[alert.id]
                closed.append(alert.id)
        return Turn(opened, worse, closed)


def of_a_kind(
    kind: str, findings: Mapping[Series, Iterable[Finding]], *, bound: float = OPENS_AT
) -> dict[Key, tuple[Series, Finding]]:
    """What is unusual in a kind, each measure once: of the provider or the brand that stands out alone, else of all together."""
    by_key: dict[Key, dict[Series, Finding]] = {}
    for series, its in findings.items():
        for one in its:
            by_key.setdefault(Key(kind, one.measure, one.direction), {})[series] = one
    return {key: _whose(kind, found, bound) for key, found in by_key.items()}


def _whose(kind: str, found: Mapping[Series, Finding], bound: float) -> tuple[Series, Finding]:
    """A provider that is down has every brand fail, and a brand that is broken every provider: who stands out alone is the cause."""

    def unlikely(series: Series) -> float:
        return found[series].score

    out = [series for series in found if unlikely(series) >= bound]
    providers = [series for series in out if series.provider is not None]
    brands = [series for series in out if series.brand is not None]
    alone = [series for one in (providers, brands) if len(one) == 1 for series in one]
    whole = Series(kind)
    series = max(alone, key=unlikely) if alone else whole if whole in found else max(found, key=unlikely)
    return series, found[series]
