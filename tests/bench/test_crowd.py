"""The crowd that lists and reports are measured on is one that the product itself could have made."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from psycopg import sql

from bench.crowd import make
from tests.conftest import _copy
from viertakt.access.actions import install_roles
from viertakt.db.pool import Connection, connect
from viertakt.kinds.actions import install_builtin
from viertakt.wiring import DIFFERENCES, REBUILDS

TALLIES = {
    "tallies": ("status_tally",),
    "stays": ("stay", "duration_tally", "way_tally", "move_tally", "hour_tally", "person_tally"),
    "outcomes": ("outcome_tally", "reason_tally", "duration_tally"),
    "targets": ("promise", "target_tally"),
}


@pytest.fixture(scope="module")
def crowd(server_url: str, template: str) -> Iterator[str]:
    """A thousand operations with their history, in three pieces."""
    for url in _copy(server_url, template):
        with connect(url) as conn:
            install_roles(conn)
            install_builtin(conn)
            conn.commit()
        make(url, operations=1_000, now=datetime.now(UTC), piece=400)
        yield url


@pytest.mark.parametrize("name", list(DIFFERENCES))
def test_a_crowd_differs_from_its_history_in_nothing(crowd: str, name: str) -> None:
    """A doctor would find it healthy: figures taken on another shape would be of another product."""
    with connect(crowd) as conn:
        assert DIFFERENCES[name](conn) == []


@pytest.mark.parametrize("name", list(TALLIES))
def test_what_is_counted_of_a_crowd_is_what_a_rebuild_counts(crowd: str, name: str) -> None:
    """Reports read these rows: too few of them would make each report look faster than it is."""
    with connect(crowd) as conn:
        made = {table: _rows(conn, table) for table in TALLIES[name]}
        conn.commit()
        REBUILDS[name](conn)
        for table in TALLIES[name]:
            assert made[table]
            assert _rows(conn, table) == made[table], table


def _rows(conn: Connection, table: str) -> set[str]:
    statement = sql.SQL("SELECT t::text FROM viertakt.{} AS t").format(sql.Identifier(table))
    # Nothing is nothing, whatever scale it was added up with.
    return {row[0].replace(",0.000000", ",0") for row in conn.execute(statement)}
