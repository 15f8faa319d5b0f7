"""The outage, played small: an alert, an incident, nothing sent meanwhile, asked again at a rate, and all of it paid."""

from datetime import timedelta

import msgspec
import pytest

from tests.demo.test_bad_day import office
from tests.operations.conftest import House, house
from viertakt.access.sealing import Sealer
from viertakt.alerts import watching
from viertakt.alerts.incidents_store import read_events
from viertakt.checks.asking import Question, Sender, ask
from viertakt.cli.demo import _apart
from viertakt.db.pool import connect
from viertakt.demo.cast import hire
from viertakt.demo.outage import LATER, play
from viertakt.errors import Conflict
from viertakt.kinds.actions import builtin_kinds
from viertakt.settings import Settings
from viertakt.wiring import Application
from viertakt.worker.duties import Duties
from viertakt.worker.loops import Worker

__all__ = ["house", "office"]


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
    with Application(office) as application, Worker(office), Duties(application):
        again = play(application, told.append, count=20, seconds=2, per_minute=6_000)
    assert again.paid == went.paid, "each counts its own"


def test_it_is_played_by_the_people_of_the_demo(office: str) -> None:
    """Nowhere else: an office of anybody's own has no such day."""
    with Application(office) as application, pytest.raises(Conflict):
        play(application, lambda _: None)


def test_nobody_is_asked_in_vain_what_became_of_something(house: House) -> None:
    """Each that nobody answers would stand under Checks as trouble which nobody has."""
    operation = house.open("ticket", "T-1")
    stages = [stage for kind in builtin_kinds().values() for stage in kind.stages.values()]
    asked = {stage.re_ask.python for stage in stages if stage.re_ask is not None}
    assert {"withdrawal", "deposit"} <= asked
    sender = Sender(Sealer(Settings(secret_key="x" * 40)), (), _apart(Settings()).re_ask)
    for python in asked:
        question = Question("id", "outcome.asked", "re_ask", 1, operation, python=python)
        assert ask(question, sender).document == {"outcome": "unknown"}, python
    alone = msgspec.structs.replace(sender, re_ask="")
    assert ask(question, alone).failure == "no_such_entry_point"
