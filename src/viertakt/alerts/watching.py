"""The look at what comes and ends, every half minute: what is unusual opens an alert, what is usual again closes it.

    pulse (follows the journal) ──► what is usual, once an hour ──► judge ──► open, worsen, close ──► tell
             └────────────────────► limits of one's own ──────────────────────────┘

One worker looks at a time; another takes over when it stops, and needs two looks of its own before it opens anything.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog
from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt.alerts import limits_store, store
from viertakt.alerts.limits import LIMITS_MAX
from viertakt.alerts.model import STEP, Alert, AlertId, Counts, Direction, Finding, Measure, Series, Usual
from viertakt.alerts.rules import WINDOWS, baseline, judge, level_of, opens_at
from viertakt.alerts.rules_limits import LimitWatch, level_by
from viertakt.alerts.rules_turn import Key, Watch, of_a_kind
from viertakt.db.leases import Ask

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=30)
ASK_EVERY = 5.0
LEARNS_FROM = timedelta(weeks=8)
LEARNS_EVERY = timedelta(hours=1)
UNSEEN_FOR = timedelta(minutes=30)  # an open alert that nobody has looked at for so long is told of once more
# What is told of an alert at a step, in the transaction that writes it.
Step = Literal["opened", "worse", "unseen", "closed"]
Tell = Callable[[Connection[Any], Alert, Step, datetime], None]


class Watcher:
    """Looks where a look is due. One a thread: it remembers what is usual, and what it saw once."""

    def __init__(self, ask: Ask, tell: Sequence[Tell] = ()) -> None:
        self._ask = ask
        self._tell = tell
        self._watch = Watch()
        self._limits = LimitWatch()
        self._usual: dict[Series, Usual] = {}
        self._learnt_at: datetime | None = None

    def turn(self) -> float:
        """One look, if it is due; how many seconds until it is worth asking again."""
        self._ask(self.look)
        return ASK_EVERY

    def look(self, conn: Connection[Any]) -> bool:
        """Whether a look was due; what it came to is written in this transaction."""
        now = store.take_look(conn, EVERY)
        if now is None:
            return False
        if self._learnt_at is None or now - self._learnt_at >= LEARNS_EVERY:
            self._usual = learnt(store.hours(conn, since=now - LEARNS_FROM, until=_hour(now)), now)
            self._learnt_at = now
        steps = [*self._unusual(conn, now), *self._over(conn, now)]
        steps += [(one, "unseen") for one in store.escalate(conn, now, unseen_for=UNSEEN_FOR)]
        for alert_id, step in steps:
            alert = store.read_alert(conn, alert_id)
            assert alert is not None, "it was written just now"
            for tell in self._tell:
                tell(conn, alert, step, now)
        return True

    def _unusual(self, conn: Connection[Any], now: datetime) -> Iterator[tuple[AlertId, Step]]:
        """Open, worsen and close what is held against its past; what is to be told of which."""
        alerts = store.open_alerts(conn)
        bound = opens_at(len(self._usual))
        turn = self._watch.turn(self._found(conn, now, bound), alerts, now, bound=bound)
        for key, series, finding in turn.opened:
            new = store.New(AlertId(uuid7()), key, series, finding)
            store.open_alert(conn, new, now)
            _log_opened(series, key.measure, key.direction)
            yield new.id, "opened"
        before = {alert.id: alert for alert in alerts.values()}
        for alert_id, series, finding in turn.worse:
            store.worsen_alert(conn, alert_id, series, finding, now)
            if level_of(finding.score) != before[alert_id].level:
                yield alert_id, "worse"
        store.close_alerts(conn, turn.closed, now)
        yield from ((one, "closed") for one in turn.closed)

    def _over(self, conn: Connection[Any], now: datetime) -> Iterator[tuple[AlertId, Step]]:
        """The same of what is held against limits of one's own."""
        limits = limits_store.limits(conn, max_count=LIMITS_MAX)
        alerts = store.open_by_limits(conn)
        if not limits and not alerts:
            return
        turn = self._limits.turn(limits, limits_store.found(conn, limits, now), alerts, now)
        for limit, found in turn.opened:
            alert_id = AlertId(uuid7())
            store.open_by_limit(conn, alert_id, limit, found, now)
            _log_opened(Series(found.kind, limit.brand, limit.provider), limit.measure, limit.direction)
            yield alert_id, "opened"
        before = {alert.id: alert for alert in alerts.values()}
        for alert_id, limit, found in turn.worse:
            store.worsen_by_limit(conn, alert_id, limit, found, now)
            if level_by(limit, found) != before[alert_id].level:
                yield alert_id, "worse"
        store.close_alerts(conn, turn.closed, now)
        yield from ((one, "closed") for one in turn.closed)

    def _found(self, conn: Connection[Any], now: datetime, bound: float) -> dict[Key, tuple[Series, Finding]]:
        steps = store.recent(conn, since=_step(now - max(WINDOWS)))
        found: dict[Key, tuple[Series, Finding]] = {}
        for kind in sorted({series.kind for series in self._usual}):
            mine = {
                series: list(judge(usual, windows(steps.get(series, {}), now), now))
                for series, usual in self._usual.items()
                if series.kind == kind
            }
            found |= of_a_kind(kind, mine, bound=bound)
        return found


def learnt(past: store.Past, now: datetime) -> dict[Series, Usual]:
    """What is usual for each series that has been there long enough."""
    known = ((series, baseline(hours, now)) for series, hours in past.items())
    return {series: usual for series, usual in known if usual is not None}


def windows(steps: Mapping[datetime, Counts], now: datetime) -> dict[timedelta, Counts]:
    """The counts of each window that ends now. Steps are whole, so a window is up to five minutes longer than its name."""
    found: dict[timedelta, Counts] = {}
    total, earlier = Counts(), sorted(steps)
    for window in WINDOWS:
        begin = _step(now - window)
        while earlier and earlier[-1] >= begin:
            total = total.plus(steps[earlier.pop()])
        found[now - begin] = total
    return found


def _log_opened(series: Series, measure: Measure, direction: Direction) -> None:
    provider = series.provider and series.provider.value
    told = {"kind": series.kind, "brand": series.brand, "provider": provider}
    log.warning("alert_opened", measure=measure, direction=direction, **told)


def _step(moment: datetime) -> datetime:
    return moment - timedelta(seconds=moment.timestamp() % STEP.total_seconds())


def _hour(moment: datetime) -> datetime:
    return moment - timedelta(seconds=moment.timestamp() % 3600)
