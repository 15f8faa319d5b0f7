"""Counts from the tallies say what a scan says, or nothing at all."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.operations.conftest import House, euros
from viertakt.access.model import system
from viertakt.db.pool import connect
from viertakt.journal.sequencing import sequence_all
from viertakt.kinds.actions import publish_kind
from viertakt.kinds.compiled import builtin_texts
from viertakt.kinds.document import read_kind
from viertakt.language import parse
from viertakt.reports.counts import count_capped, counts
from viertakt.reports.tallied import tallied_count, tallied_counts
from viertakt.reports.tallies import fold_statuses

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAYS = [NOW - timedelta(days=back, hours=back) for back in (0, 1, 2, 8, 40)]

TALLIED = (
    "",
    "kind:withdrawal",
    "kind:withdrawal status:pending -brand:north",
    "(kind:ticket OR brand:north) -stage:open",
    "is:open",
    "-is:closed has:brand",
    "attributes.method:card",
    "-attributes.method:card kind:deposit,withdrawal",
    "currency:EUR created:2026-11-22",
    "created>=2026-11-15 created<2026-11-23",
    "-created:2026-11-22..2026-11-23",
    "created>=2026-11-22T10:00:00Z",
    "brand:*",
    "waiting_on:operator",
    "is:open -waiting_on:operator",
)
SCANNED = (
    "created>-36h",
    "created>2026-11-22T10:30:00Z",
    "subject:player-1",
    "amount>5EUR",
    "free",
    "was:open",
    "created:*",
    "is:overdue",
)


@pytest.fixture
def busy(house: House) -> House:
    """Operations of several kinds, places and days, all of them counted."""
    for n, at in enumerate(DAYS):
        for kind in ("withdrawal", "deposit", "ticket"):
            money: dict[str, Any] = {} if kind == "ticket" else {"amount": euros(f"{n + 1}")}
            extra = {} if kind == "ticket" else {"attributes": {"method": ("card", "bank")[n % 2]}}
            house.open(
                kind, f"{kind}-{n}", brand=("north", None)[n % 2], subject="player-1", at=at, **money, **extra
            )
    with connect(house.url, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn, [fold_statuses])
    return house


@pytest.mark.parametrize(
    "by", [["status"], ["kind"], ["kind", "stage", "brand"], ["currency"], ["waiting_on"]]
)
def test_the_tallies_say_what_a_scan_says(busy: House, by: list[str]) -> None:
    """Two ways to one figure: where they differed, no number could be trusted."""
    with connect(busy.url, role="viertakt_app") as conn:
        for text in TALLIED:
            query = parse(text)
            found = tallied_counts(conn, query, by, now=NOW)
            assert found is not None, f"{text} can be counted"
            assert found.items == counts(conn, query, by, now=NOW).items, text
            assert found.position == "1.15"
            total = tallied_count(conn, query, now=NOW)
            assert total == count_capped(conn, query, now=NOW), text


def test_what_they_do_not_know_they_do_not_say(busy: House) -> None:
    """A guess would look like a count."""
    with connect(busy.url, role="viertakt_app") as conn:
        for text in SCANNED:
            assert tallied_counts(conn, parse(text), ["status"], now=NOW) is None, text


def test_on_whom_a_stage_waits_is_not_told_where_two_versions_differ(busy: House) -> None:
    """Which of them an operation was opened with stands in no tally."""
    kind = builtin_texts()["ticket.yaml"]
    changed = kind.replace(
        "{status: pending, waiting_on: provider}", "{status: pending, waiting_on: customer}"
    )
    assert changed != kind
    with connect(busy.url) as owner:
        publish_kind(owner, read_kind(changed), actor=system("test"))
        owner.commit()
    with connect(busy.url, role="viertakt_app") as conn:
        assert tallied_counts(conn, parse(""), ["waiting_on"], now=NOW) is None
        assert tallied_counts(conn, parse("waiting_on:operator"), ["status"], now=NOW) is None
        assert tallied_counts(conn, parse(""), ["status"], now=NOW) is not None


def test_a_readers_day_is_counted_in_hours_while_they_are_kept(busy: House) -> None:
    """A day in Amsterdam is none of the organisation's, which counts in UTC here."""
    amsterdam = ZoneInfo("Europe/Amsterdam")
    now = datetime.now(UTC)
    with connect(busy.url, role="viertakt_app") as conn:
        recent = parse(f"created:{(now - timedelta(days=2)).date()}")
        assert tallied_count(conn, recent, zone=amsterdam) == count_capped(conn, recent, zone=amsterdam)
        old = parse("created:2025-01-01")
        assert tallied_count(conn, old, zone=amsterdam) is None
        assert tallied_count(conn, old) is not None


def test_tallies_that_lag_behind_are_not_read(busy: House) -> None:
    """Without a worker they would show for ever what was true when it stopped."""
    busy.open("ticket", "late")
    busy.sql("ALTER TABLE viertakt.entry DISABLE TRIGGER history_stays")
    busy.sql("UPDATE viertakt.entry SET recorded_at = recorded_at - interval '1 minute'")
    with connect(busy.url, role="viertakt_app", autocommit=True) as conn:
        assert tallied_count(conn, parse("")) is None
        sequence_all(conn, [fold_statuses])
        assert tallied_count(conn, parse("")) is not None
