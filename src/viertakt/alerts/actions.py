"""Alerts for whoever may see what they are about."""

from typing import Any

from psycopg import Connection

from viertakt.access.model import Actor
from viertakt.alerts import store
from viertakt.alerts.model import Alert, AlertId, attributes_of
from viertakt.errors import NotFound
from viertakt.journal.followers import follow_again
from viertakt.operations.reading import sees_new

LIST_MAX = 200


def list_alerts(conn: Connection[Any], reader: Actor, *, only_open: bool) -> list[Alert]:
    """Alerts in the reader's sight, open ones first, then the latest: at most 200."""
    return [
        one for one in store.list_alerts(conn, only_open=only_open, limit=LIST_MAX) if may_see(reader, one)
    ]


def see(conn: Connection[Any], alert_id: AlertId, reader: Actor) -> Alert:
    """Take note of an alert: others see by whom. Again is harmless, and who was first stays. Raises `NotFound`."""
    alert = store.read_alert(conn, alert_id)
    if alert is None or not may_see(reader, alert):
        raise NotFound(f"There is no alert {alert_id}.")
    store.see_alert(conn, alert_id, reader.id)
    found = store.read_alert(conn, alert_id)
    assert found is not None, "alerts are never deleted"
    return found


def may_see(reader: Actor, alert: Alert) -> bool:
    """Whether an alert is there for the reader, by its kind, brand, provider and stage."""
    return sees_new(
        reader,
        kind=alert.kind,
        brand=alert.brand,
        stage=alert.stage,
        attributes=attributes_of(alert.provider),
    )


def rebuild_pulse(conn: Connection[Any]) -> None:
    """Count again from the journal what came and ended."""
    follow_again(conn, "pulse", store.follow_pulse, lambda: store.clear_pulse(conn))
