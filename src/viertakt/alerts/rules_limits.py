"""When a limit of one's own opens an alert, makes it worse and closes it: the decision of one look. Pure; `now` is passed in.

What a person states needs no second look and no season: it opens at the first look that is over it, and closes once it has
been within for ten minutes, like any other. Twice the bound is critical.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from viertakt.alerts.limits_model import Found, Limit, LimitId
from viertakt.alerts.model import COUNTED, SHARES, Alert, AlertId, Direction, Level, Measure
from viertakt.alerts.rules_turn import CALM
from viertakt.kinds.model import Kind, StageName, Status, WaitingOn

CRITICAL_AT = 2.0

Place = tuple[LimitId, str]


class LimitTurn(NamedTuple):
    """What one look leads to: alerts to open, those that have become worse, and those to close."""

    opened: list[tuple[Limit, Found]]
    worse: list[tuple[AlertId, Limit, Found]]
    closed: list[AlertId]


class LimitWatch:
    """What is remembered between two looks: since when an open alert has been within its limit."""

    def __init__(self) -> None:
        self._calm: dict[AlertId, datetime] = {}

    def turn(
        self, limits: Collection[Limit], found: Iterable[Found], alerts: Mapping[Place, Alert], now: datetime
    ) -> LimitTurn:
        """What to do about what was found, with the alerts by limits that are open."""
        in_force = {limit.id: limit for limit in limits}
        over = {
            (one.limit, one.kind): one
            for one in found_by(in_force, found)
            if is_over(in_force[one.limit], one)
        }
        opened = [(in_force[place[0]], one) for place, one in over.items() if place not in alerts]
        worse, closed = [], []
        for place, alert in alerts.items():
            limit, one = in_force.get(place[0]), over.get(place)
            if limit is None:
                closed.append(alert.id)  # nobody holds it against anything any more
            elif one is not None:
                self._calm.pop(alert.id, None)
                if _is_worse(limit, one.value, alert.value):
                    worse.append((alert.id, limit, one))
            elif now - self._calm.setdefault(alert.id, now) >= CALM:
                closed.append(alert.id)
        for alert_id in closed:
            self._calm.pop(alert_id, None)
        return LimitTurn(opened, worse, closed)


def found_by(in_force: Mapping[LimitId, Limit], found: Iterable[Found]) -> list[Found]:
    """What was found of limits in force; where nothing came or ended at all, that is found too."""
    told = [one for one in found if one.limit in in_force]
    known = {(one.limit, one.kind) for one in told}
    nothing = (
        Found(limit.id, limit.kind, 0.0, 0)
        for limit in in_force.values()
        if limit.kind is not None
        and limit.direction is Direction.BELOW
        and limit.measure in COUNTED
        and (limit.id, limit.kind) not in known
    )
    return [*told, *nothing]


def is_over(limit: Limit, found: Found) -> bool:
    """Whether that is more than the limit says, or less where it says so."""
    if limit.direction is Direction.BELOW:
        return found.value < limit.bound
    if limit.measure in SHARES and found.of < limit.at_least:
        return False
    return found.value > limit.bound


def level_by(limit: Limit, found: Found) -> Level:
    """How bad that is."""
    if limit.direction is Direction.BELOW:
        return Level.CRITICAL if found.value * CRITICAL_AT < limit.bound else Level.WARNING
    return Level.CRITICAL if found.value >= limit.bound * CRITICAL_AT else Level.WARNING


def _is_worse(limit: Limit, value: float, than: float) -> bool:
    return value < than if limit.direction is Direction.BELOW else value > than


def fault_of(limit: Limit) -> str | None:
    """Why this is no limit, in a sentence; None where it is one."""
    if limit.measure in SHARES and not 0 <= limit.bound < 1:
        return "A share is between 0 and 1: 0.05 is five in a hundred."
    if limit.direction is Direction.BELOW and limit.measure not in (Measure.CREATED, Measure.ENDED):
        return f"'{limit.measure.value}' has a limit above, never below."
    if limit.brand is not None and limit.provider is not None:
        return "A limit is of one brand or of one provider: name one of them."
    if limit.kind is None and limit.measure not in COUNTED:
        return f"'{limit.measure.value}' is of one kind: say which."
    if limit.kind is None and limit.direction is Direction.BELOW:
        return "Too few of every kind would be an alarm for each that is seldom used: say which kind."
    return None


def fault_in(kind: Kind | None, limit: Limit) -> str | None:
    """Why this limit cannot look at the stage it names, or has to name one, in a sentence; None where it can. `kind`: its own."""
    if limit.stage is None:
        return "Say in which stage." if limit.measure is Measure.STAGE_TIME else None
    if limit.measure in COUNTED or kind is None:
        return f"'{limit.measure.value}' counts what comes or ends, in whichever stage: name none."
    stage = kind.stages.get(StageName(limit.stage))
    if stage is None:
        return f"{kind.kind} has no stage '{limit.stage[:60]}'."
    if stage.status is not Status.PENDING:
        return f"Nothing waits in '{limit.stage}': it has ended there."
    if limit.measure is Measure.SILENCE and stage.waiting_on is not WaitingOn.PROVIDER:
        return f"Nothing in '{limit.stage}' waits on a provider, so none is silent there."
    return None
