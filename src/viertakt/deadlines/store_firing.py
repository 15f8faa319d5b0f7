"""What `deadline_attempt` and `deadline_pause` hold, as values: the only place that writes them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection, sql

from viertakt.db.queries import load
from viertakt.deadlines.model import Due, Settled, Standing
from viertakt.operations.holding import Looks, held_sql

_queries = load(__package__, "firing.sql")
_due = msgspec.json.Decoder(list[Due])


def look(conn: Connection[Any]) -> tuple[datetime, bool]:
    """The primary's clock, and whether firing is stopped."""
    row = conn.execute(_queries["look"]).fetchone()
    assert row is not None, "a clock always answers"
    return row[0], row[1]


def claim_due(
    conn: Connection[Any], looks: Looks, *, looked_at: datetime, limit: int, lease: timedelta
) -> list[Due]:
    """Take the operations that were due at that look and are not held, the longest overdue first, for as long as the lease lasts."""
    held, params = held_sql(conn)
    statement = sql.SQL(_queries["claim_due"]).format(held=held)
    conn.execute(_queries["go_by_the_index"])
    asked = {"since": looks.since(looked_at, held), "looked_at": looked_at, "limit": limit, "lease": lease}
    row = conn.execute(statement, {**params, **asked}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    found = _due.decode(row[0])
    looks.note(looked_at, held, left=len(found) == limit)
    return found


def settle_due(conn: Connection[Any], settled: Sequence[Settled]) -> None:
    """Write what came of claimed operations."""
    conn.execute(_queries["settle_due"], {"rows": msgspec.json.encode(settled).decode()})


def prune_attempts(conn: Connection[Any]) -> None:
    """Forget refusals of operations that have moved on since."""
    conn.execute(_queries["prune_attempts"])


def pause(conn: Connection[Any], *, cause: str, by: str, jumped: timedelta | None = None) -> bool:
    """Fire nothing from now on; whether anything was before."""
    parameters = {"cause": cause, "actor": by, "jumped": jumped}
    return conn.execute(_queries["pause"], parameters).rowcount > 0


def resume(conn: Connection[Any], *, by: str) -> bool:
    """Fire what is due again; whether it was stopped."""
    return conn.execute(_queries["resume"], {"actor": by}).rowcount > 0


def standing(conn: Connection[Any], *, due_max: int) -> Standing:
    """How firing stands."""
    return msgspec.json.decode(_one(conn, "standing", {"due_max": due_max}), type=Standing, strict=False)


def _one(conn: Connection[Any], query: str, parameters: dict[str, object]) -> str:
    row = conn.execute(_queries[query], parameters).fetchone()
    assert row is not None, "an aggregate always answers one row"
    text: str = row[0]
    return text
