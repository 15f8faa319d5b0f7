"""The only place that knows the tables `journal`, `epoch`, `sequencer` and `follower`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, LiteralString, TypeVar

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, dict_row

from viertakt.db.queries import load
from viertakt.journal.model import Cursor, Epoch, Line
from viertakt.operations.model import Entry, Operation

T = TypeVar("T")

_queries = load(__package__)
_lines = msgspec.json.Decoder(list[tuple[int, Entry, Operation]])


class State(msgspec.Struct, frozen=True):
    """What the sequencer has done; snapshots as PostgreSQL writes them (`xmin:xmax:xip,…`). `now`: the moment's own."""

    position: int
    seen: str | None
    target: str | None
    cut: int | None
    now: str


class Cluster(msgspec.Struct, frozen=True):
    """Which cluster this is: restored into another, the identifier differs; after a failover, the timeline."""

    system_identifier: int
    timeline: int


class EpochRow(msgspec.Struct, frozen=True):
    """An epoch as it is kept; entries up to `seq_floor` were written before it."""

    epoch: int
    first_position: int
    system_identifier: int
    timeline: int
    seq_floor: int
    started_at: datetime


def cluster(conn: Connection[Any]) -> Cluster:
    """Which cluster and timeline this is."""
    found = _row(conn, Cluster, _queries["cluster"])
    assert found is not None, "every cluster says which one it is"
    return found


def latest_epoch(conn: Connection[Any]) -> EpochRow | None:
    """The epoch in force, None before the first."""
    return _row(conn, EpochRow, _queries["latest_epoch"])


def lock_sequencer(conn: Connection[Any]) -> State | None:
    """The state, held until the transaction ends; None while another sequencer holds it."""
    return _row(conn, State, _queries["lock_sequencer"])


def hold_writers(conn: Connection[Any]) -> int:
    """Hold whoever writes history until the transaction ends; the last entry_seq taken. Raises LockNotAvailable."""
    return int(_value(conn, "hold_writers"))


def start_epoch(
    conn: Connection[Any], where: Cluster, *, first_position: int, seq_floor: int, anew: bool
) -> None:
    """One more epoch; `anew`: what was seen is forgotten, and entries are compared with the journal."""
    parameters = {
        "first_position": first_position,
        "seq_floor": seq_floor,
        "system_identifier": where.system_identifier,
        "timeline": where.timeline,
    }
    conn.execute(_queries["start_epoch"], parameters)
    if anew:
        conn.execute(_queries["forget_seen"])


def sequence_known(
    conn: Connection[Any], *, position: int, seq_floor: int, cut: int, limit: int
) -> tuple[int, int]:
    """Positions for entries of an earlier cluster: how many got one, and the last one's entry_seq."""
    parameters = {"position": position, "seq_floor": seq_floor, "cut": cut, "limit": limit}
    return _placed(conn, "sequence_known", parameters)


def sequence_difference(
    conn: Connection[Any], *, position: int, seen: str, target: str, seq_floor: int, cut: int, limit: int
) -> tuple[int, int]:
    """Positions for what `target` sees and `seen` did not: how many got one, and the last one's entry_seq."""
    waited = seen.rpartition(":")[2]
    parameters = {
        "position": position,
        "seen": seen,
        "target": target,
        "waited": f"{{{waited}}}",
        "seq_floor": seq_floor,
        "cut": cut,
        "limit": limit,
    }
    return _placed(conn, "sequence_difference", parameters)


def move_sequencer(
    conn: Connection[Any], *, position: int, seen: str | None, target: str | None, cut: int | None
) -> None:
    """Where the sequencer now stands; told to whoever listens once this is committed."""
    parameters = {"position": position, "seen": seen, "target": target, "cut": cut}
    conn.execute(_queries["move_sequencer"], parameters)
    conn.execute(_queries["tell_followers"], {"position": position})


def open_writers(conn: Connection[Any]) -> set[str]:
    """The virtual transactions that have written history and are open still."""
    return {row[0] for row in conn.execute(_queries["open_writers"]).fetchall()}


def lock_follower(conn: Connection[Any], name: str) -> tuple[int, int] | None:
    """A follower's place and the end of the order, held until the transaction ends; None while another works for it."""
    conn.execute(_queries["begin_follower"], {"name": name})
    return conn.execute(_queries["lock_follower"], {"name": name}).fetchone()


def move_follower(conn: Connection[Any], name: str, position: int) -> None:
    """Everything up to here is followed."""
    conn.execute(_queries["move_follower"], {"name": name, "position": position})


def head(conn: Connection[Any]) -> Cursor:
    """The epoch in force and the last position given."""
    row = conn.execute(_queries["head"]).fetchone()
    assert row is not None, "the sequencer's row is made with its table"
    return Cursor(row[0], row[1])


def epochs(conn: Connection[Any]) -> list[Epoch]:
    """All epochs, oldest first."""
    with conn.cursor(row_factory=class_row(Epoch)) as cursor:
        return cursor.execute(_queries["epochs"]).fetchall()


def read_journal(conn: Connection[Any], epoch: int, after: int, limit: int) -> list[Line]:
    """Entries after a position, in order, each with what its operation is now."""
    rows = _lines.decode(_value(conn, "read_journal", {"after": after, "limit": limit}))
    return [Line(Cursor(epoch, position), entry, operation) for position, entry, operation in rows]


def delay(conn: Connection[Any]) -> timedelta:
    """For how long the oldest committed entry has been waiting for its position; none when all have theirs."""
    row = conn.execute(_queries["delay"]).fetchone()
    assert row is not None, "the sequencer's row is made with its table"
    since, now = row
    return max(now - since, timedelta()) if since is not None else timedelta()


def lag(conn: Connection[Any]) -> dict[str, int]:
    """How many entries each follower still has before it."""
    return dict(conn.execute(_queries["lag"]).fetchall())


def _placed(conn: Connection[Any], query: str, parameters: Mapping[str, object]) -> tuple[int, int]:
    row = conn.execute(_queries[query], parameters).fetchone()
    assert row is not None, "a count always answers"
    return row[0], row[1] or 0


def _value(conn: Connection[Any], query: str, parameters: dict[str, object] | None = None) -> Any:
    row = conn.execute(_queries[query], parameters).fetchone()
    assert row is not None, f"{query} always answers"
    return row[0]


def _row(conn: Connection[Any], kind: type[T], query: LiteralString) -> T | None:
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(query).fetchone()
    return kind(**row) if row is not None else None
