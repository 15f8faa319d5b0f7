"""When an alert opens, gets worse and closes: the decision of one look. Pure; `now` is passed in.

An alert is of a kind, a measure and a direction: there is one at a time, for the brand that stands out or for all together.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from viertakt.alerts.model import Alert, AlertId, Direction, Finding, Measure
from viertakt.alerts.rules import CLOSES_BELOW, OPENS_AT

LOOKS_TO_OPEN = 2
CALM = timedelta(minutes=10)  # so that what swings about its bound is one alert, not ten


class Key(NamedTuple):
    """What there is one alert of at a time."""

    kind: str
    measure: Measure
    direction: Direction


class Turn(NamedTuple):
    """What one look leads to: alerts to open, to make worse (or to widen to all brands), and to close."""

    opened: list[tuple[Key, str | None, Finding]]
    worse: list[tuple[AlertId, str | None, Finding]]
    closed: list[AlertId]


class Watch:
    """What is remembered between two looks: what was unusual once, and since when an open alert has been calm."""

    def __init__(self) -> None:
        self._seen: dict[Key, int] = {}
        self._calm: dict[AlertId, datetime] = {}

    def turn(
        self, found: Mapping[Key, tuple[str | None, Finding]], alerts: Mapping[Key, Alert], now: datetime
    ) -> Turn:
        """What to do about what was found, with the alerts that are open."""
        opened, worse, closed = [], [], []
        seen: dict[Key, int] = {}
        for key, (brand, finding) in found.items():
            alert = alerts.get(key)
            if alert is None:
                if finding.score < OPENS_AT:
                    continue
                seen[key] = self._seen.get(key, 0) + 1
                if seen[key] >= LOOKS_TO_OPEN:
                    opened.append((key, brand, finding))
                    del seen[key]
                continue
            if finding.score >= CLOSES_BELOW:
                self._calm.pop(alert.id, None)
            wider = alert.brand is not None and brand != alert.brand and finding.score >= OPENS_AT
            if finding.score > alert.score or wider:
                worse.append((alert.id, None if wider else alert.brand, finding))
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
    kind: str, together: Iterable[Finding], brands: Mapping[str, Iterable[Finding]]
) -> dict[Key, tuple[str | None, Finding]]:
    """What is unusual in a kind, each measure once: of the brand that stands out alone, else of all together."""
    found: dict[Key, tuple[str | None, Finding]] = {}
    by_brand: dict[Key, list[tuple[str, Finding]]] = {}
    for brand, findings in brands.items():
        for one in findings:
            by_brand.setdefault(Key(kind, one.measure, one.direction), []).append((brand, one))
    whole = {Key(kind, one.measure, one.direction): one for one in together}
    for key in {*by_brand, *whole}:
        standing_out = [(brand, one) for brand, one in by_brand.get(key, []) if one.score >= OPENS_AT]
        if len(standing_out) == 1:
            found[key] = standing_out[0]
        elif key in whole:
            found[key] = (None, whole[key])
        else:
            found[key] = max(by_brand[key], key=lambda pair: pair[1].score)
    return found
