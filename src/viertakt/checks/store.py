"""The only place that knows the tables `check_run` and `check_target`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, sql

from viertakt.checks.model import Claimed, Run, RunSort, Settled, Target
from viertakt.db.queries import load
from viertakt.language import Query, to_sql
from viertakt.operations.findings import Finding
from viertakt.operations.holding import NOTHING, Looks, Released, held_sql
from viertakt.operations.store_assignment import primary_clock

_queries = load(__package__)
_claimed = msgspec.json.Decoder(list[Claimed])
_runs = msgspec.json.Decoder(list[Run])
_targets = msgspec.json.Decoder(list[Target])


def project_runs(conn: Connection[Any], after: int, upto: int, *, told_late: timedelta) -> None:
    """A run for each version that came to a checked stage at the positions (after, upto]."""
    conn.execute(_queries["project_runs"], {"after": after, "upto": upto, "told_late": told_late})


def claim_runs(
    conn: Connection[Any], *, limit: int, lease: timedelta, outside: Looks | None = None
) -> list[Claimed]:
    """The next runs that are due, for as long as the lease lasts. `outside`: of those that ask there, but about nothing held."""
    held, params = held_sql(conn) if outside is not None else (NOTHING, {})
    now = primary_clock(conn)
    statement = sql.SQL(_queries["claim_runs"]).format(held=held)
    asked = {
        "outside": outside is not None,
        "looked_at": now,
        "since": outside.since(now, held) if outside is not None else None,
        "limit": limit,
        "lease": lease,
    }
    row = conn.execute(statement, {**params, **asked}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    found = _claimed.decode(row[0])
    if outside is not None:
        outside.note(now, held, left=len(found) == limit)
    return found


def spread_runs(conn: Connection[Any], released: Released) -> datetime | None:
    """Ask about what was held again, no more a minute than it says; when the last is asked about, None where none waited."""
    hold = released.hold
    assert hold.released_from is not None, "only what is let go goes on"
    assert hold.per_minute is not None, "it is let go at a rate"
    condition, params = to_sql(released.query, primary_clock(conn))
    asked = {"apart": timedelta(minutes=1) / hold.per_minute, "waited": hold.released_from - hold.held_at}
    statement = sql.SQL(_queries["spread_runs"]).format(found=condition)
    row = conn.execute(statement, {**params, **asked}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    until: datetime | None = row[0]
    return until


def hold_run(
    conn: Connection[Any], operation_id: UUID, version: int, sort: RunSort, attempt: int, *, lease: timedelta
) -> bool:
    """Whether a run is still this attempt's; then its lease begins anew. Where it is not, that is counted."""
    key = {"operation_id": operation_id, "version": version, "sort": sort.value}
    held = conn.execute(_queries["hold_run"], {**key, "attempt": attempt, "lease": lease}).rowcount > 0
    if not held:
        conn.execute(_queries["fence_run"], key)
    return held


def settle_runs(conn: Connection[Any], settled: Sequence[Settled]) -> None:
    """Write what came of claimed runs."""
    rows = [msgspec.to_builtins(one) | {"rest": one.rest.total_seconds()} for one in settled]
    conn.execute(_queries["settle_runs"], {"rows": msgspec.json.encode(rows).decode()})


def read_runs(
    conn: Connection[Any],
    sight: Query,
    *,
    operation_id: UUID | None = None,
    version: int | None = None,
    sort: RunSort | None = None,
    kind: str | None = None,
    state: str | None = None,
    verdict: str | None = None,
    limit: int,
) -> list[Run]:
    """Runs of operations in sight, the newest first."""
    condition, params = to_sql(sight, primary_clock(conn))
    asked = {
        "operation_id": operation_id,
        "version": version,
        "sort": sort,
        "kind": kind,
        "state": state,
        "verdict": verdict,
    }
    statement = sql.SQL(_queries["read_runs"]).format(sight=condition)
    row = conn.execute(statement, {**params, **asked, "limit": limit}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return _runs.decode(row[0])


def run_again(conn: Connection[Any], operation_id: UUID, version: int) -> int:
    """Let an operation's runs at a version be due now; how many there are."""
    return conn.execute(_queries["run_again"], {"operation_id": operation_id, "version": version}).rowcount


def answer_run(
    conn: Connection[Any], operation_id: UUID, version: int, attempt: int, finding: Finding
) -> bool:
    """Keep an answer that was said to come later, of the attempt that waits for it; whether it was waited for."""
    key = {"operation_id": operation_id, "version": version, "sort": RunSort.CHECKS.value}
    said = {"attempt": attempt, "check": finding.check, "finding": msgspec.json.encode([finding]).decode()}
    return conn.execute(_queries["answer_run"], {**key, **said}).rowcount > 0


def target_failed(
    conn: Connection[Any], target: str, said: str, *, failures_max: int, rest: timedelta
) -> None:
    """Asking has failed once more."""
    params = {"target": target, "said": said, "failures_max": failures_max, "rest": rest}
    conn.execute(_queries["target_failed"], params)


def target_answered(conn: Connection[Any], target: str) -> None:
    """Whoever answers has not failed."""
    conn.execute(_queries["target_answered"], {"target": target})


def target_rests(conn: Connection[Any], target: str) -> bool:
    """Whether nobody asks it now."""
    row = conn.execute(_queries["target_rests"], {"target": target}).fetchone()
    return row is not None and bool(row[0])


def list_targets(conn: Connection[Any]) -> list[Target]:
    """Whom asking has failed lately, the worst first."""
    return _targets.decode(_one(conn, "list_targets", {}))


def prune_runs(conn: Connection[Any], *, kept: timedelta) -> None:
    """Forget runs that were done so long ago."""
    conn.execute(_queries["prune_runs"], {"kept": kept})


def _one(conn: Connection[Any], query: str, params: Mapping[str, object]) -> str:
    row = conn.execute(_queries[query], params).fetchone()
    assert row is not None, "an aggregate always answers one row"
    text: str = row[0]
    return text
