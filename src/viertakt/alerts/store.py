"""The only place that knows the tables `pulse`, `provider_pulse`, `alert` and `alert_look`."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from viertakt.alerts.limits_model import Found, Limit, LimitId
from viertakt.alerts.model import Alert, AlertId, Counts, Finding, Provider, Series, whose
from viertakt.alerts.rules import level_of
from viertakt.alerts.rules_limits import level_by
from viertakt.alerts.rules_turn import Key
from viertakt.db.queries import load

_queries = load(__package__)
_encode = msgspec.json.Encoder().encode
_counted = msgspec.json.Decoder(
    list[tuple[str, str | None, str | None, str | None, datetime, int, int, int, int]]
)
_alerts = msgspec.json.Decoder(list[Alert])
_alert = msgspec.json.Decoder(Alert)

KEPT = timedelta(weeks=10)
PROVIDERS_MAX = 50  # of a kind: more are no providers, and each is one more that chance may single out
DIFFERENCES_MAX = 20


class New(NamedTuple):
    """An alert to be written, of what is unusual."""

    id: AlertId
    key: Key
    series: Series
    found: Finding


Past = dict[Series, dict[datetime, Counts]]


def follow_pulse(conn: Connection[Any], after: int, upto: int) -> None:
    """Count what the entries of positions (after, upto] opened and ended."""
    conn.execute(_queries["follow_pulse"], {"after": after, "upto": upto, "kept": KEPT})


def clear_pulse(conn: Connection[Any]) -> None:
    """Forget all counts, before everything is followed again."""
    conn.execute(_queries["clear_pulse"])


def prune_pulse(conn: Connection[Any]) -> None:
    """Forget counts that are older than is kept."""
    conn.execute(_queries["prune_pulse"], {"kept": KEPT})


def differing_pulse(conn: Connection[Any]) -> list[str]:
    """Kinds whose counts of yesterday are not what the history says, at most twenty."""
    return [
        row[0] for row in conn.execute(_queries["differing_pulse"], {"limit": DIFFERENCES_MAX}).fetchall()
    ]


def take_look(conn: Connection[Any], every: timedelta) -> datetime | None:
    """The primary's clock, where a look is due and nobody else takes it; held until the transaction ends."""
    row = conn.execute(_queries["take_look"], {"every": every}).fetchone()
    found: datetime | None = None if row is None else row[0]
    return found


def hours(conn: Connection[Any], *, since: datetime, until: datetime) -> Past:
    """The past by whole hours, of each kind together, of each brand and of the fifty busiest providers of a kind."""
    return _past(conn, "hours", {"since": since, "until": until, "providers": PROVIDERS_MAX})


def recent(conn: Connection[Any], *, since: datetime) -> Past:
    """The last few hours by five minutes, of each kind together, of each brand and of each provider."""
    return _past(conn, "recent", {"since": since})


def _past(conn: Connection[Any], query: str, parameters: Mapping[str, object]) -> Past:
    past: Past = {}
    for kind, brand, attribute, value, at, *counts in _counted.decode(_one(conn, query, parameters)):
        if attribute is not None and value is not None:
            counted = {Series(kind, provider=Provider(attribute, value))}
        else:
            counted = {Series(kind, brand or None), Series(kind)}
        for series in counted:
            steps = past.setdefault(series, {})
            steps[at] = steps.get(at, Counts()).plus(Counts(*counts))
    return past


def open_alerts(conn: Connection[Any]) -> dict[Key, Alert]:
    """The alerts that are open."""
    found = _alerts.decode(_one(conn, "open_alerts", {"limited": False}))
    return {Key(alert.kind, alert.measure, alert.direction): alert for alert in found}


def open_by_limits(conn: Connection[Any]) -> dict[tuple[LimitId, str], Alert]:
    """The alerts that are open because somebody's limit is passed, by limit and kind."""
    found = _alerts.decode(_one(conn, "open_alerts", {"limited": True}))
    return {(LimitId(alert.limit_id), alert.kind): alert for alert in found if alert.limit_id is not None}


def list_alerts(conn: Connection[Any], *, only_open: bool, limit: int) -> list[Alert]:
    """Alerts, open ones first, then the latest."""
    return _alerts.decode(_one(conn, "list_alerts", {"open": only_open, "limit": limit}))


def read_alert(conn: Connection[Any], alert_id: AlertId) -> Alert | None:
    """One alert."""
    row = conn.execute(_queries["read_alert"], {"alert_id": alert_id}).fetchone()
    return None if row is None else _alert.decode(row[0])


def open_alert(conn: Connection[Any], new: New, at: datetime) -> None:
    """Write a new alert."""
    key = new.key
    names = {"kind": key.kind, "measure": key.measure.value, "direction": key.direction.value}
    facts = _facts(new.found, new.series, at)
    nobodys = {"limit_id": None, "stage": None}
    conn.execute(_queries["open_alert"], {**facts, **names, **nobodys, "alert_id": new.id})


def open_by_limit(conn: Connection[Any], alert_id: AlertId, limit: Limit, found: Found, at: datetime) -> None:
    """Write a new alert of a limit that is passed."""
    told = {"kind": found.kind, "measure": limit.measure.value, "direction": limit.direction.value}
    by = {"alert_id": alert_id, "limit_id": limit.id, "stage": limit.stage}
    conn.execute(_queries["open_alert"], {**_facts_by(limit, found, at), **told, **by})


def worsen_by_limit(
    conn: Connection[Any], alert_id: AlertId, limit: Limit, found: Found, at: datetime
) -> None:
    """Write what an alert of a limit has come to."""
    conn.execute(_queries["worsen_alert"], {**_facts_by(limit, found, at), "alert_id": alert_id})


def worsen_alert(
    conn: Connection[Any], alert_id: AlertId, series: Series, found: Finding, at: datetime
) -> None:
    """Write what an alert has come to."""
    conn.execute(_queries["worsen_alert"], {**_facts(found, series, at), "alert_id": alert_id})


def escalate(conn: Connection[Any], at: datetime, *, unseen_for: timedelta) -> list[AlertId]:
    """Alerts that are open for so long and nobody has looked at, each once; those of an incident somebody has looked at."""
    rows = conn.execute(_queries["escalate"], {"at": at, "unseen_for": unseen_for}).fetchall()
    return [AlertId(row[0]) for row in rows]


def close_alerts(conn: Connection[Any], ids: Iterable[AlertId], at: datetime) -> None:
    """Write that these are usual again."""
    conn.execute(_queries["close_alerts"], {"ids": _encode(list(ids)).decode(), "at": at})


def see_alert(conn: Connection[Any], alert_id: AlertId, actor: str) -> None:
    """Write who has taken note of it."""
    conn.execute(_queries["see_alert"], {"alert_id": alert_id, "actor": actor})


def standing(conn: Connection[Any]) -> dict[str, int]:
    """How many alerts are open, by level."""
    found: dict[str, int] = msgspec.json.decode(_one(conn, "standing", {}))
    return found


def _facts(found: Finding, series: Series, at: datetime) -> dict[str, object]:
    return {
        **whose(series.brand, series.provider),
        "level": level_of(found.score).value,
        "value": found.value,
        "usual": found.usual,
        "window_minutes": round(found.window / timedelta(minutes=1)),
        "score": found.score,
        "at": at,
    }


def _facts_by(limit: Limit, found: Found, at: datetime) -> dict[str, object]:
    return {
        **whose(limit.brand, limit.provider),
        "level": level_by(limit, found).value,
        "value": found.value,
        "usual": limit.bound,
        "window_minutes": limit.window_minutes,
        "score": 0.0,
        "at": at,
    }


def _one(conn: Connection[Any], query: str, parameters: Mapping[str, object]) -> str:
    row = conn.execute(_queries[query], parameters).fetchone()
    assert row is not None, "an aggregate always answers one row"
    text: str = row[0]
    return text
