"""Paths through stages, asked of what the worker made of real moves."""

from tests.operations.conftest import House, euros, house
from tests.reports.test_words import references
from viertakt.db.pool import connect
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.wiring import FOLLOWERS

__all__ = ["house"]


def test_the_way_an_operation_went_is_found_and_nothing_else(house: House) -> None:
    """The figure on an arrow of the report leads to this list: both come from the same stays."""
    straight = house.open("withdrawal", "W-1", amount=euros("10"))
    reviewed = house.open("withdrawal", "W-2", amount=euros("20"))
    house.open("withdrawal", "W-3", amount=euros("30"))
    house.move(straight, "approve", by=house.person)
    house.move(reviewed, "escalate", by=house.person)
    with connect(house.url, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn)
        for name, project in FOLLOWERS.items():
            follow_all(conn, name, project)
    assert references(house, "path:requested>approved") == ["W-1"]
    assert references(house, "path:requested>compliance_hold") == ["W-2"]
    assert references(house, "-path:requested>approved") == ["W-2", "W-3"]
    assert references(house, "was:requested") == ["W-1", "W-2", "W-3"]
    assert references(house, "was:requested -stage:requested") == ["W-1", "W-2"]
    assert references(house, "path:requested>approved>sending") == []
