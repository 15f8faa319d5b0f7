"""What a measurement comes to, and how two sides are measured in turns so that the machine's moods hit both."""

from collections.abc import Callable, Mapping
from statistics import median

import msgspec

WARM_UP_SECONDS_MAX = 1.0  # caches, prepared statements and token lookups are warm by then; not counted


class Rounds(msgspec.Struct, frozen=True):
    """How long a round lasts, and how many rounds each side gets."""

    seconds: float
    count: int


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One result. `goal` is the design's; `least` is what a release may not fall below; `holds`: the goal is reached.

    Rates: `ratio` is ours by the other's, and more is better. Latencies: `ours` is the p99 in milliseconds, `goal` bounds
    it, and `ratio` is ours by the other's all the same.
    """

    ratio: float
    ours: float
    other: float
    goal: float
    holds: bool
    unit: str
    ours_is: str
    other_is: str
    least: float | None = None
    details: dict[str, float] = {}

    def sentence(self) -> str:
        """Both sides, the ratio and the goal, on one line."""
        least = f", at least {self.least:g}" if self.least is not None else ""
        bound = f"goal {self.goal:g}" if self.unit == "moves/s" else f"goal {self.goal:g} {self.unit}"
        more = "".join(f"; {name} {value:,.4g}" for name, value in self.details.items())
        return (
            f"{self.ours_is} {self.ours:,.4g} {self.unit}, {self.other_is} {self.other:,.4g} {self.unit}: "
            f"ratio {self.ratio:.2f} ({bound}{least}: {'holds' if self.holds else 'missed'}){more}"
        )


def rates(
    *,
    ours: float,
    ours_is: str,
    other: float,
    other_is: str,
    goal: float,
    least: float,
    details: dict[str, float] | None = None,
) -> Figure:
    """The figure of two rates in moves per second."""
    ratio = ours / other
    return Figure(
        ratio=round(ratio, 3),
        ours=round(ours, 1),
        other=round(other, 1),
        goal=goal,
        holds=ratio >= goal,
        unit="moves/s",
        ours_is=ours_is,
        other_is=other_is,
        least=least,
        details=details or {},
    )


def interleaved(sides: Mapping[str, Callable[[], float]], rounds: Rounds) -> dict[str, float]:
    """The median of each side over A B C, A B C, …: what slows the machine for a while slows all of them."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds.count):
        for name, side in sides.items():
            value = side()
            found[name].append(value)
            print(f"        round {number + 1}: {name} {value:,.0f}", flush=True)
    return {name: median(values) for name, values in found.items()}
