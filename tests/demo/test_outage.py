"""The outage, played small: an alert, an incident, nothing sent meanwhile, asked again at a rate, and all of it paid."""

from datetime import timedelta

import pytest

from tests.demo.test_bad_day import office
from viertakt.alerts import watching
from viertakt.alerts.incidents_store import read_events
from viertakt.db.pool import connect
from viertakt.demo.cast import hire
from viertakt.demo.outage import LATER, play
from viertakt.errors import Conflict
from viertakt.wiring import Application
from viertakt.worker.duties import Duties
from viertakt.worker.loops import Worker

__all__ = ["office"]


def test_an_outage_is_found_and_its_incident_handled_to_the_end(
    office: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looks come quicker here than every half minute; all else is as in the demo."""
    monkeypatch.setattr(watching, "EVERY", timedelta(seconds=0.2))
    monkeypatch.setattr(watching, "ASK_EVERY", 0.1)
    with connect(office) as conn:
        hire(conn)
    told: list[str] = []
    with Application(office) as application, Worker(office), Duties(application):
        went = play(application, told.append, count=20, seconds=2, per_minute=6_000)
    assert (went.failed, went.unknown, went.held) == (10, 10, LATER)
    assert went.paid == 20 + 20 + LATER
    assert went.incident.closed_at is not None
    with connect(office) as conn:
        sorts = [one.sort for one in read_events(conn, went.incident.id)]
        assert sorts == ["opened", "alert_added", "paused", "released", "resumed", "closed"]
        (waited,) = conn.execute(
            """
            SELECT bool_and(e.recorded_at > h.released_from) FROM viertakt.hold AS h, viertakt.entry AS e
            WHERE e.actor = 'system:source:re_ask' AND e.sort = 'moved'
            """
        ).fetchone() or (None,)
        assert waited is True, "nobody was asked before it was released"


def test_it_is_played_by_the_people_of_the_demo(office: str) -> None:
    """Nowhere else: an office of anybody's own has no such day."""
    with Application(office) as application, pytest.raises(Conflict):
        play(application, lambda _: None)
