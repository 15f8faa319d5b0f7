"""The bad day, played in a small demo: what is rejected by mistake comes back, or is listed with why it cannot."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.notices.post_office import parts, post_office
from viertakt.access.actions import install_roles
from viertakt.bulk.model import Limits
from viertakt.db.leases import work_off
from viertakt.db.pool import connect
from viertakt.demo.bad_day import BY_HAND, LATE, Heard, play
from viertakt.demo.cast import hire
from viertakt.errors import Conflict
from viertakt.kinds.actions import install_builtin
from viertakt.notices.mailing import Mails
from viertakt.wiring import FOLLOWERS, Application
from viertakt.worker.loops import Worker

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
    with (
        Worker(office, followers={"notices": FOLLOWERS["notices"]}, upkeep=()),
        Application(office, bulk=Limits(consent_above=50)) as application,
    ):
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


def test_whoever_was_told_of_a_rejection_is_told_of_its_end(office: str) -> None:
    """Where they were told: who reads the inbox there, who reads mail by mail; taken back by an undo or by hand."""
    with connect(office) as conn:
        hire(conn)
    told: list[str] = []
    with (
        post_office() as (server, settings),
        Worker(office, followers={"notices": FOLLOWERS["notices"]}, upkeep=()),
        Application(office, bulk=Limits(consent_above=50)) as application,
    ):
        day = play(application, told.append, count=COUNT, now=datetime.now(UTC))
        in_two_hours = datetime.now(UTC) + timedelta(hours=2)
        while work_off(application.call, Mails(settings, application.kinds, clock=lambda: in_two_hours)):
            pass
    assert day.heard == Heard(3, 3 * COUNT, 2 * COUNT, 3 * COUNT, 2 * COUNT)
    assert any("300 were put right" in line for line in told)
    undone = "Wat u gemeld was is ongedaan gemaakt"
    put_right = {str(mail["To"]).partition("<")[2] for mail in server.taken if undone in parts(mail)[0]}
    assert put_right == {"support2@demo.example>", "support3@demo.example>"}
    with connect(office) as conn:
        unsent = conn.execute(
            "SELECT count(*) FROM viertakt.notice AS n JOIN viertakt.delivery AS d USING (delivery_id) "
            "WHERE n.event = 'correction' AND d.state <> 'done'"
        ).fetchone()
    assert unsent == (0,)
    with connect(office) as conn:
        left = conn.execute("SELECT count(*) FROM viertakt.subscription WHERE query <> ''").fetchone()
    assert left == (0,), "it leaves no subscription behind"


def test_it_is_played_by_the_people_of_the_demo(office: str) -> None:
    """Nowhere else: an office of anybody's own has no such day."""
    with Application(office) as application, pytest.raises(Conflict):
        play(application, lambda _: None, count=COUNT, now=datetime.now(UTC))
    with connect(office) as conn:
        assert conn.execute("SELECT count(*) FROM viertakt.operation").fetchone() == (0,)
