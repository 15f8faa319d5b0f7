"""From entries to an alert and back, on a real database: counted by five minutes, looked at, opened, noted, closed."""

from datetime import timedelta
from typing import Any

import pytest

from tests.access.test_matrix import limit_all
from tests.operations.conftest import House, euros, house
from viertakt.access.actions import actor_by_id, add_person
from viertakt.access.model import Actor
from viertakt.alerts import actions, store
from viertakt.alerts.model import Alert, Level, Measure
from viertakt.alerts.rules import query_of
from viertakt.alerts.watching import Watcher
from viertakt.db.pool import connect
from viertakt.errors import NotFound
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import Sequencer
from viertakt.operations.model import Answer

__all__ = ["house"]

# Every five minutes ten withdrawals come and end, one in a hundred wrong: eight in a hundred are rejected.
PAST = """
INSERT INTO viertakt.pulse (bucket, kind, brand, created, success, error, rejected)
SELECT
    date_bin('5 minutes', now(), 'epoch') - n * interval '5 minutes', 'withdrawal', brand, 10, 9,
    (n %% 10 = 0)::integer, (n %% 5 < 4)::integer
FROM generate_series(1, 12 * 24 * 21) AS n, unnest(ARRAY['casino-nl', 'casino-be']) AS brand
"""


def _follow(house: House) -> None:
    with connect(house.url) as conn:
        sequencer = Sequencer(conn)
        while sequencer.step():
            pass
        follow_all(conn, "pulse", store.follow_pulse)


def _look(house: House, watcher: Watcher) -> list[Alert]:
    house.sql("UPDATE viertakt.alert_look SET looked_at = looked_at - interval '1 minute'")
    with connect(house.url) as conn:
        assert watcher.look(conn)
        conn.commit()
        return store.list_alerts(conn, only_open=False, limit=10)


def _ask(question: Any) -> Any:
    raise AssertionError("looks are made by hand here")


def _fail(house: House, count: int) -> None:
    """So many withdrawals of one brand that could not be paid."""
    openings = [
        house.opening("withdrawal", f"W-{n}", amount=euros("1"), brand="casino-nl") for n in range(count)
    ]
    opened = [one.operation for one in house.batch.call_all(openings) if isinstance(one, Answer)]
    for step in ("approve", "send"):
        house.batch.call_all([house.moving(one, step) for one in opened])
    for one in opened:
        house.end(one, "error")


def test_counts_by_five_minutes_follow_the_history(house: House) -> None:
    """Opened once, ended once; what is reopened and ends again ends twice."""
    _fail(house, 3)
    _follow(house)
    found = house.sql(
        "SELECT kind, brand, sum(created), sum(success), sum(error), sum(rejected) FROM viertakt.pulse GROUP BY 1, 2"
    )
    assert found == [("withdrawal", "casino-nl", 3, 0, 3, 0)]
    with connect(house.url) as conn:
        actions.rebuild_pulse(conn)
        assert store.differing_pulse(conn) == []
    assert found == house.sql(
        "SELECT kind, brand, sum(created), sum(success), sum(error), sum(rejected) FROM viertakt.pulse GROUP BY 1, 2"
    )


def test_a_wave_of_errors_opens_an_alert_that_closes_by_itself(house: House) -> None:
    """At the second look; told once; its query finds the operations; calm for ten minutes, it is over."""
    told: list[Alert] = []
    watcher = Watcher(_ask, [lambda _, alert, step, __: told.append(alert) if step == "opened" else None])
    house.sql(PAST)
    assert _look(house, watcher) == []
    _fail(house, 40)
    _follow(house)
    assert _look(house, watcher) == []
    (alert,) = [one for one in _look(house, watcher) if one.measure is Measure.ERRORS]
    assert (alert.kind, alert.brand, alert.closed_at) == ("withdrawal", "casino-nl", None)
    assert alert.value > 3 * alert.usual
    assert [one.measure for one in told].count(Measure.ERRORS) == 1
    assert "brand:casino-nl status:error" in query_of(alert)

    house.sql("DELETE FROM viertakt.pulse WHERE error > 5")  # as if they had left every window
    _look(house, watcher)
    watcher._watch._calm = {one: at - timedelta(minutes=11) for one, at in watcher._watch._calm.items()}
    (over,) = [one for one in _look(house, watcher) if one.id == alert.id]
    assert over.closed_at is not None


def test_one_worker_looks_at_a_time(house: House) -> None:
    """Two would open what each had seen once."""
    house.sql("UPDATE viertakt.alert_look SET looked_at = now() - interval '1 minute'")
    with connect(house.url) as one, connect(house.url) as another:
        assert Watcher(_ask).look(one)
        assert not Watcher(_ask).look(another), "it is taken"
        one.commit()
        another.rollback()
        assert not Watcher(_ask).look(another), "it is not due"


def _write(house: House, kind: str, brand: str | None) -> None:
    house.sql(
        """
        INSERT INTO viertakt.alert (
            alert_id, measure, direction, level, kind, brand, value, usual, window_minutes, score, opened_at, looked_at
        )
        VALUES (gen_random_uuid(), 'errors', 'above', 'warning', %s, %s, 0.3, 0.02, 60, 9, now(), now())
        """,
        kind,
        brand,
    )


@pytest.fixture
def limited(house: House) -> Actor:
    """Somebody who sees the withdrawals of one brand."""
    where = "kind:withdrawal brand:casino-nl"
    with connect(house.url) as conn:
        limit_all(conn, where=where, amount_max={})
        person = add_person(conn, email="one@example.test", name="One", roles=["support"], password=None)
        conn.commit()
        return actor_by_id(conn, person.id)


def test_an_alert_is_for_those_who_see_what_it_is_about(house: House, limited: Actor) -> None:
    """Of another brand, of all brands together and of another kind there is nothing; noting it is noted."""
    _write(house, "withdrawal", "casino-nl")
    _write(house, "deposit", "casino-nl")
    with connect(house.url) as conn:
        (mine,) = actions.list_alerts(conn, limited, only_open=True)
        assert (mine.kind, mine.level) == ("withdrawal", Level.WARNING)
        assert len(store.list_alerts(conn, only_open=True, limit=10)) == 2
        assert actions.see(conn, mine.id, limited).seen_by == limited.id
        assert actions.see(conn, mine.id, house.person).seen_by == limited.id, "who was first stays"
        (other,) = [
            one for one in actions.list_alerts(conn, house.person, only_open=True) if one.id != mine.id
        ]
        with pytest.raises(NotFound):
            actions.see(conn, other.id, limited)
    house.sql("UPDATE viertakt.alert SET brand = NULL")
    with connect(house.url) as conn:
        assert actions.list_alerts(conn, limited, only_open=True) == []


def test_critical_ones_stand_first_while_they_are_open(house: House) -> None:
    """Whoever looks sees the worst; what is over stands behind, the latest first."""
    for kind in ("withdrawal", "deposit", "transfer", "ticket"):
        _write(house, kind, None)
    house.sql("UPDATE viertakt.alert SET level = 'critical' WHERE kind IN ('deposit', 'ticket')")
    house.sql("UPDATE viertakt.alert SET opened_at = opened_at - interval '1 hour' WHERE kind = 'deposit'")
    house.sql("UPDATE viertakt.alert SET closed_at = now() WHERE kind IN ('transfer', 'ticket')")
    with connect(house.url) as conn:
        found = [one.kind for one in store.list_alerts(conn, only_open=False, limit=10)]
    assert found[:2] == ["deposit", "withdrawal"]
    assert set(found[2:]) == {"transfer", "ticket"}
