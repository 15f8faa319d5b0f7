"""The bad day, played in a small demo: what is rejected by mistake comes back, or is listed with why it cannot."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from viertakt.access.actions import install_roles
from viertakt.bulk.model import Limits
from viertakt.db.pool import connect
from viertakt.demo.bad_day import BY_HAND, LATE, play
from viertakt.demo.cast import hire
from viertakt.errors import Conflict
from viertakt.kinds.actions import install_builtin
from viertakt.wiring import Application

COUNT = 100


@pytest.fixture
def office(database: str) -> str:
    with connect(database) as conn:
        install_roles(conn)
        install_builtin(conn)
        conn.commit()
    return database


def test_what_was_rejected_is_under_review_again_or_listed(office: str) -> None:
    """Those that went on by hand are somebody's decision; those the ledger was late with come back with the next undo."""
    with connect(office) as conn:
        hire(conn)
    told: list[str] = []
    with Application(office, bulk=Limits(consent_above=50)) as application:
        day = play(application, told.append, count=COUNT, now=datetime.now(UTC))
    assert (day.count, day.restored, day.restored_later) == (COUNT, COUNT - LATE - BY_HAND, LATE)
    assert day.left == {"not_permitted": LATE, "moved_since": BY_HAND}
    assert any("not_permitted" in line for line in told)
    with connect(office) as conn:
        rows = conn.execute("SELECT stage, count(*) FROM viertakt.operation GROUP BY 1").fetchall()
        made = conn.execute(
            "SELECT e.actor, count(*) FROM viertakt.entry AS e "
            "WHERE e.sort = 'consented' AND e.request_id LIKE 'bulk:%' AND e.transition = 'reinstate' GROUP BY 1"
        ).fetchall()
    assert Counter(dict(rows)) == {"under_review": COUNT}
    assert sorted(count for _, count in made) == [COUNT - BY_HAND] * 2, "two others consented to each"


def test_it_is_played_by_the_people_of_the_demo(office: str) -> None:
    """Nowhere else: an office of anybody's own has no such day."""
    with Application(office) as application, pytest.raises(Conflict):
        play(application, lambda _: None, count=COUNT, now=datetime.now(UTC))
    with connect(office) as conn:
        assert conn.execute("SELECT count(*) FROM viertakt.operation").fetchone() == (0,)
