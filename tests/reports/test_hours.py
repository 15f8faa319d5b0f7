"""The report of weekdays and hours: each operation in the hour that a clock on the reader's wall showed."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.operations.conftest import House
from viertakt.db.pool import Connection, connect
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.language import parse
from viertakt.reports.catalogue import build
from viertakt.reports.periods import period
from viertakt.reports.stays import project_stays

FIRST = datetime(2026, 10, 24, 20, 7, tzinfo=UTC)
# Every 23 minutes over the weekend on which Europe's clocks go back, and some in summer.
OPENED = [FIRST + n * timedelta(minutes=23) for n in range(90)] + [
    FIRST - timedelta(days=100) + n * timedelta(hours=7) for n in range(9)
]


ZONES = (
    "Europe/Amsterdam", "UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe",
)  # fmt: skip


@pytest.fixture
def opened(house: House) -> Iterator[Connection]:
    """Tickets opened all over the weekend, for an organisation in Amsterdam."""
    house.sql("UPDATE viertakt.installation SET zone = 'Europe/Amsterdam'")
    openings = [house.opening("ticket", f"T-{n}", at=at) for n, at in enumerate(OPENED)]
    house.batch.call_all(openings)
    with connect(house.url, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn)
        follow_all(conn, "stays", project_stays)
        yield conn


def test_each_operation_is_in_its_hour_by_the_readers_clock(opened: Connection) -> None:
    """Beside a count of the moments themselves, in zones whose midnights cut days of the organisation in two."""
    for zone in ZONES:
        reader = ZoneInfo(zone)
        asked = period(date(2026, 7, 1), date(2026, 10, 26), None, reader)
        local = [at.astimezone(reader) for at in OPENED if asked.start <= at < asked.end]
        expected = Counter((at.isoweekday(), at.hour) for at in local)
        assert len(local) > 40
        for text in ("", "kind:ticket", "kind:ticket created>=2000-01-01"):
            table = build(opened, "hours", parse(text), asked, now=datetime(2026, 11, 1, tzinfo=UTC))
            found = {row.values[:2]: row.values[2:] for row in table.rows if row.values[2:] != (0, 0)}
            assert found == {cell: (count, count) for cell, count in expected.items()}, (zone, text)
            assert not table.partial
