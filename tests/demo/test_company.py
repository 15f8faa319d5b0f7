"""The demo's stories: plausible, complete, and told only in ways the kinds permit."""

from collections import Counter
from datetime import UTC, datetime

from viertakt.access.actions import actor_by_id, install_roles
from viertakt.db.pool import connect
from viertakt.demo.cast import hire
from viertakt.demo.company import load_habits
from viertakt.demo.run import company, tell_past
from viertakt.kinds.actions import Kinds, builtin_kinds, install_builtin
from viertakt.kinds.model import Status
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.batch import Batch
from viertakt.operations.turn import Engine

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_habits_name_only_what_their_kinds_have() -> None:
    """A renamed transition would silently never happen again."""
    kinds = {str(name): kind for name, kind in builtin_kinds().items()}
    habits = load_habits()
    assert set(habits.kinds) == set(kinds)
    for name, habit in habits.kinds.items():
        for stage, ways in habit.ways.items():
            leaving = {t for t, transition in kinds[name].transitions.items() if stage in transition.from_}
            assert set(ways) - {"stay"} <= leaving, (name, stage, set(ways) - leaving)


def test_a_month_shows_every_kind_in_every_status_it_has(database: str) -> None:
    """Through the real batch, which refuses what a kind does not permit."""
    with connect(database) as conn:
        install_roles(conn)
        install_builtin(conn)
        staff, _ = hire(conn)
        conn.commit()
    with Batch(lambda: connect(database), Engine(Kinds(), load_catalogue(), actor_by_id)) as batch:
        seen: list[tuple[int, int]] = []
        tell_past(batch, company(staff, now=NOW, seed=1), now=NOW, progress=lambda *done: seen.append(done))
    with connect(database) as conn:
        rows = conn.execute("SELECT kind, status, count(*) FROM viertakt.operation GROUP BY 1, 2").fetchall()
    found = Counter({(kind, status): count for kind, status, count in rows})
    wanted = {
        (name, stage.status.value) for name, kind in builtin_kinds().items() for stage in kind.stages.values()
    }
    assert sorted(wanted - set(found)) == []
    assert sum(found.values()) == seen[-1][1]
    assert found["deposit", Status.SUCCESS] > found["deposit", Status.ERROR]
