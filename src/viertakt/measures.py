"""How the work stands, as numbers that a monitoring system reads (`GET /metrics`): what a slice tells of itself.

A slice has a function `measures(conn)` and `wiring.MEASURES` names it. Numbers are about the work, never about the business:
how much waits and for how long, not what it is worth or whose it is.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple


class Measure(NamedTuple):
    """One number. `name`: as the Prometheus conventions have it, with its unit at the end and without the `viertakt_` before it."""

    name: str
    about: str
    value: float
    labels: Mapping[str, str] = {}


def seconds(length: timedelta | None) -> float:
    """A length in seconds; 0 where nothing waits."""
    return 0.0 if length is None else max(length.total_seconds(), 0.0)
