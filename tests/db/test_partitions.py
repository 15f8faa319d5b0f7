"""Monthly partitions, made ahead."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import uuid_utils

from viertakt.db.partitions import ensure_partitions, lowest_id, month_start, next_month
from viertakt.db.pool import Connection, connect

# Far from any month the template brings along.
NOW = datetime(2031, 11, 22, 9, 30, tzinfo=UTC)

OPEN = """
    INSERT INTO viertakt.operation (operation_id, kind, kind_version, reference, stage, status, version,
        created_at, entered_at, changed_at)
    VALUES (%s, 'withdrawal', 1, 'W-1', 'requested', 'pending', 1, now(), now(), now())
    RETURNING tableoid::regclass::text
"""


def test_this_month_and_the_next_three_are_made_for_all_tables(conn: Connection) -> None:
    """Three months of a forgotten worker before anything lands in the default partition."""
    made = ensure_partitions(conn, now=NOW)
    assert made == [
        *("operation_203111", "operation_203112", "operation_203201", "operation_203202"),
        *("entry_203111", "entry_203112", "entry_203201", "entry_203202"),
        *("stay_203111", "stay_203112", "stay_203201", "stay_203202"),
        *("promise_203111", "promise_203112", "promise_203201", "promise_203202"),
    ]
    assert ensure_partitions(conn, now=NOW) == []


def test_an_operation_lands_in_the_partition_of_its_month(conn: Connection) -> None:
    """The bound is the first millisecond of the month, so not even the edges go astray."""
    ensure_partitions(conn, now=NOW)
    december = datetime(2031, 12, 1, tzinfo=UTC)
    last_of_november = UUID(int=lowest_id(december).int - 1)
    assert conn.execute(OPEN, [last_of_november]).fetchone() == ("viertakt.operation_203111",)
    assert conn.execute(OPEN, [lowest_id(december)]).fetchone() == ("viertakt.operation_203112",)


def test_a_month_that_already_has_rows_in_the_default_partition_is_left_alone(database: str) -> None:
    """PostgreSQL refuses to cut them out, and history must not be deleted to move it; all else goes on."""
    with connect(database) as connection:
        connection.execute(OPEN, [lowest_id(NOW)])
        connection.commit()
        made = ensure_partitions(connection, now=NOW, months_ahead=1)
        connection.commit()
        assert made == [
            "operation_203112",
            *("entry_203111", "entry_203112", "stay_203111", "stay_203112"),
            *("promise_203111", "promise_203112"),
        ]
        assert ensure_partitions(connection, now=NOW, months_ahead=1) == []


def test_a_partition_refuses_to_change_history_as_its_parent_does(conn: Connection) -> None:
    """A partition made apart and attached must not lack the triggers."""
    ensure_partitions(conn, now=NOW, months_ahead=0)
    names = conn.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'viertakt.entry_203111'::regclass AND NOT tgisinternal"
        " OR tgrelid = 'viertakt.entry_203111'::regclass AND tgparentid <> 0"
    ).fetchall()
    assert "history_stays" in {name for (name,) in names}


def test_a_month_is_counted_in_utc() -> None:
    """Two processes in two countries must make the same bounds."""
    new_year_in_amsterdam = datetime(2032, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert month_start(new_year_in_amsterdam) == datetime(2031, 12, 1, tzinfo=UTC)
    assert next_month(datetime(2031, 12, 31, tzinfo=UTC)) == datetime(2032, 1, 1, tzinfo=UTC)


def test_the_lowest_id_of_a_moment_is_below_every_uuid_of_it() -> None:
    """Otherwise the first operations of a month would land in the month before."""
    identifier = UUID(str(uuid_utils.uuid7()))
    moment = datetime.fromtimestamp((identifier.int >> 80) / 1000, tz=UTC)
    assert abs(lowest_id(moment).int - identifier.int) < 2 << 80
    assert lowest_id(moment - timedelta(milliseconds=2)).int < identifier.int
