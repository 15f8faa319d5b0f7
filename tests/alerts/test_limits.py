"""Limits of one's own: what a person states opens an alert at the first look that passes it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.alerts.test_incidents import Control, control
from tests.alerts.test_watching import _ask, _fail, _follow, _look, limited
from tests.operations.conftest import House, euros, house
from viertakt.access.model import Actor
from viertakt.alerts import limits, limits_store
from viertakt.alerts.limits_model import Limit, LimitId
from viertakt.alerts.model import Direction, Level, Measure
from viertakt.alerts.rules import query_of
from viertakt.alerts.watching import Watcher
from viertakt.errors import Conflict, Forbidden, Invalid, NotFound

__all__ = ["control", "house", "limited"]


def _set(
    control: Control, measure: Measure, bound: float, *, kind: str | None = "withdrawal", **more: Any
) -> Limit:
    def write(conn: Any) -> Limit:
        of = None if kind is None else control.house.engine.kinds.latest(conn, kind).kind
        return limits.set_limit(conn, control.person, measure=measure, bound=bound, kind=of, **more)

    return control.ask(write)


def _later(watcher: Watcher) -> None:
    calm = watcher._limits._calm
    watcher._limits._calm = {one: at - timedelta(minutes=11) for one, at in calm.items()}


def test_a_share_of_errors_opens_an_alert_at_the_first_look(house: House, control: Control) -> None:
    """No past is needed; it closes once it has been within for ten minutes."""
    limit = _set(control, Measure.ERRORS, 0.2, brand="casino-nl", at_least=4)
    watcher = Watcher(_ask)
    _fail(house, 3)
    _follow(house)
    assert _look(house, watcher) == [], "three are fewer than four"
    house.sql("UPDATE viertakt.pulse SET error = 6, success = 14")
    (alert,) = _look(house, watcher)
    assert (alert.limit_id, alert.level, alert.value, alert.usual) == (limit.id, Level.WARNING, 0.3, 0.2)
    assert "kind:withdrawal brand:casino-nl status:error" in query_of(alert)
    house.sql("UPDATE viertakt.pulse SET error = 10")
    (worse,) = _look(house, watcher)
    assert (worse.id, worse.level, round(worse.value, 2)) == (alert.id, Level.CRITICAL, 0.42)
    house.sql("UPDATE viertakt.pulse SET error = 0")
    assert _look(house, watcher)[0].closed_at is None, "it may be only the moment"
    _later(watcher)
    assert _look(house, watcher)[0].closed_at is not None
    house.sql("UPDATE viertakt.pulse SET error = 10")
    assert len(_look(house, watcher)) == 2, "and opens anew"


def test_a_limit_on_every_kind_is_on_each_by_itself(house: House, control: Control) -> None:
    """One that fails is not drowned by those that do not."""
    _set(control, Measure.ERRORS, 0.5, kind=None, at_least=1)
    _fail(house, 2)
    _follow(house)
    house.sql("INSERT INTO viertakt.pulse SELECT bucket, 'deposit', brand, 0, 90, 1, 0 FROM viertakt.pulse")
    (alert,) = _look(house, Watcher(_ask))
    assert (alert.kind, alert.brand) == ("withdrawal", None)


def test_too_few_are_found_where_there_is_nothing_at_all(house: House, control: Control) -> None:
    """Nobody counts what does not come, so nothing is found of it in the counts."""
    _set(control, Measure.CREATED, 5, direction=Direction.BELOW)
    (alert,) = _look(house, Watcher(_ask))
    assert (alert.measure, alert.direction, alert.value, alert.level) == ("created", "below", 0, "critical")


def test_what_waits_too_long_is_found(house: House, control: Control) -> None:
    """The oldest under way, the first in a stage, and a provider that says nothing while something waits on it."""
    _set(control, Measure.BACKLOG, 60)
    _set(control, Measure.STAGE_TIME, 30, stage="sending")
    _set(control, Measure.SILENCE, 20)
    opened = house.open("withdrawal", "W-1", amount=euros("1"))
    watcher = Watcher(_ask)
    assert _look(house, watcher) == []
    house.sql("UPDATE viertakt.operation SET created_at = created_at - interval '2 hours'")
    assert [one.measure for one in _look(house, watcher)] == ["backlog"]
    house.move(house.move(opened, "approve").operation, "send")
    house.sql("UPDATE viertakt.operation SET entered_at = entered_at - interval '45 minutes'")
    found = {one.measure: one for one in _look(house, watcher)}
    assert found.keys() == {"backlog", "stage_time", "silence"}
    assert query_of(found[Measure.STAGE_TIME]) == "kind:withdrawal status:pending stage:sending"
    assert "waiting_on:provider" in query_of(found[Measure.SILENCE])
    assert round(found[Measure.SILENCE].value) == 45
    # Somebody reports about another: the provider lives.
    house.sql(
        "INSERT INTO viertakt.pulse VALUES (date_bin('5 minutes', now(), 'epoch'), 'withdrawal', '', 0, 0, 0, 0, 1)"
    )
    _look(house, watcher)
    _later(watcher)
    over = [one.measure for one in _look(house, watcher) if one.closed_at]
    assert over == ["silence"]


def test_a_limit_looks_only_at_the_stage_it_names(house: House, control: Control) -> None:
    """What waits elsewhere is another limit's; the alert leads to the operations of that stage alone."""
    _set(control, Measure.BACKLOG, 60, stage="sending")
    _set(control, Measure.SILENCE, 60, stage="sending")
    elsewhere = house.open("withdrawal", "W-1", amount=euros("1"))
    lost = house.open("withdrawal", "W-2", amount=euros("1"))
    for transition in ("approve", "send", "lose_sight"):
        lost = house.move(lost, transition).operation
    house.sql(
        "UPDATE viertakt.operation SET created_at = created_at - interval '2 hours',"
        " entered_at = entered_at - interval '2 hours'"
    )
    assert (elsewhere.stage, lost.waiting_on) == ("requested", "provider")
    watcher = Watcher(_ask)
    assert _look(house, watcher) == []
    late = house.open("withdrawal", "W-3", amount=euros("1"))
    house.move(house.move(late, "approve").operation, "send")
    house.sql(
        "UPDATE viertakt.operation SET created_at = created_at - interval '90 minutes',"
        " entered_at = entered_at - interval '90 minutes' WHERE stage = 'sending'"
    )
    found = {one.measure: one for one in _look(house, watcher)}
    assert found.keys() == {"backlog", "silence"}
    assert {round(one.value) for one in found.values()} == {90}
    assert query_of(found[Measure.BACKLOG]) == "kind:withdrawal status:pending stage:sending"
    assert query_of(found[Measure.SILENCE]) == f"{query_of(found[Measure.BACKLOG])} waiting_on:provider"


def test_what_a_provider_reports_is_counted(house: House) -> None:
    """By whom a move was caused, whatever it leads to."""
    _fail(house, 2)
    _follow(house)
    causes = house.sql("SELECT count(*) FROM viertakt.entry WHERE cause = 'source'")
    assert house.sql("SELECT sum(reported)::bigint FROM viertakt.pulse") == causes


def test_an_ended_limit_closes_what_it_opened_and_stays_written(house: House, control: Control) -> None:
    """Who set it and who ended it stands in the table and in the audit of access."""
    limit = _set(control, Measure.BACKLOG, 0)
    house.open("withdrawal", "W-1", amount=euros("1"))
    watcher = Watcher(_ask)
    assert len(_look(house, watcher)) == 1
    ended = control.ask(lambda conn: limits.end_limit(conn, control.person, limit.id))
    assert (ended.set_by, ended.ended_by) == (control.person.id, control.person.id)
    assert _look(house, watcher)[0].closed_at is not None
    with pytest.raises(Conflict):
        control.ask(lambda conn: limits.end_limit(conn, control.person, limit.id))
    assert control.ask(lambda conn: limits_store.limits(conn, max_count=9)) == []
    assert [
        one.id for one in control.ask(lambda conn: limits.list_limits(conn, control.person, ended=True))
    ] == [limit.id]
    audited = house.sql(
        "SELECT sort, detail ->> 'measure' FROM viertakt.access_change WHERE sort LIKE 'limit%%' ORDER BY at"
    )
    assert audited == [("limit_set", "backlog"), ("limit_ended", "backlog")]


NO_LIMITS: list[tuple[Measure, float, dict[str, Any]]] = [
    (Measure.ERRORS, 5, {}),
    (Measure.ERRORS, 0.5, {"direction": Direction.BELOW}),
    (Measure.SILENCE, 5, {"kind": None}),
    (Measure.CREATED, 5, {"kind": None, "direction": Direction.BELOW}),
    (Measure.STAGE_TIME, 5, {}),
    (Measure.STAGE_TIME, 5, {"stage": "no_stage"}),
    (Measure.BACKLOG, 5, {"stage": "no_stage"}),
    (Measure.STAGE_TIME, 5, {"stage": "paid"}),
    (Measure.SILENCE, 5, {"stage": "approved"}),
    (Measure.ERRORS, 0.5, {"stage": "sending"}),
    (Measure.CREATED, 5, {"kind": None, "stage": "sending"}),
    (Measure.BACKLOG, 5, {"window_minutes": 1}),
    (Measure.BACKLOG, -1, {}),
    (Measure.BACKLOG, 5, {"at_least": 0}),
]


def test_what_is_no_limit_is_refused_with_a_sentence(control: Control) -> None:
    """A limit that could never be passed, or always, is a mistake."""
    for measure, bound, more in NO_LIMITS:
        with pytest.raises(Invalid):
            _set(control, measure, bound, **more)


def test_who_manages_sets_limits_and_others_see_theirs(
    house: House, control: Control, limited: Actor
) -> None:
    """Which kinds there are limits on is nobody's business who does not see them."""
    _set(control, Measure.ERRORS, 0.1, kind="deposit")
    mine = _set(control, Measure.ERRORS, 0.1, brand="casino-nl")
    seen = control.ask(lambda conn: limits.list_limits(conn, limited))
    assert [one.id for one in seen] == [mine.id]
    with pytest.raises(Forbidden):
        control.ask(lambda conn: limits.set_limit(conn, limited, measure=Measure.ERRORS, bound=0.1))
    with pytest.raises(Forbidden):
        control.ask(lambda conn: limits.end_limit(conn, limited, mine.id))
    with pytest.raises(NotFound):
        control.ask(lambda conn: limits.end_limit(conn, control.person, LimitId(uuid4())))
