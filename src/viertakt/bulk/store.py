"""The only place that knows the tables `bulk_job`, `bulk_item` and `bulk_consent`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, sql

from viertakt.access.grants import Slice
from viertakt.access.model import ActorId
from viertakt.bulk.model import (
    Asker,
    BulkId,
    Claimed,
    Frozen,
    Item,
    ItemState,
    Job,
    JobState,
    Part,
    Preview,
    Settled,
    Wanted,
)
from viertakt.db.queries import load
from viertakt.operations.model import Need

_queries = load(__package__)
_encode = msgspec.json.Encoder().encode
_jobs = msgspec.json.Decoder(list[Job])
_items = msgspec.json.Decoder(list[Item])
_claimed = msgspec.json.Decoder(list[Claimed])
_parts = msgspec.json.Decoder(list[Part])
_frozen = msgspec.json.Decoder(list[Frozen])


class Filter(msgspec.Struct, frozen=True):
    """A query as a condition on `viertakt.operation AS o`, with its parameters."""

    condition: sql.Composable
    params: Mapping[str, object]


def primary_clock(conn: Connection[Any]) -> datetime:
    """Now, as the database has it."""
    row = conn.execute(_queries["primary_clock"]).fetchone()
    assert row is not None, "now() is always answered"
    now: datetime = row[0]
    return now


def freeze_query(conn: Connection[Any], bulk_id: BulkId, found: Filter, *, items_max: int) -> int:
    """Freeze what a query finds; how many, one more than the most where there are more."""
    return _freeze(conn, "freeze_query", bulk_id, found, items_max=items_max + 1)


def freeze_ids(conn: Connection[Any], bulk_id: BulkId, ids: Sequence[UUID], seen: Filter) -> int:
    """Freeze the named operations; what is not there or not to be seen is skipped."""
    return _freeze(conn, "freeze_ids", bulk_id, seen, ids=_encode(ids).decode())


def freeze_undo(conn: Connection[Any], bulk_id: BulkId, undoes: BulkId, seen: Filter, *, moved: bool) -> int:
    """Freeze what another job moved, or assigned and tagged, as it stands now."""
    return _freeze(conn, "freeze_undo" if moved else "freeze_undo_work", bulk_id, seen, undoes=undoes)


def _freeze(conn: Connection[Any], query: str, bulk_id: BulkId, filter_: Filter, **params: object) -> int:
    statement = sql.SQL(_queries[query]).format(filter=filter_.condition)
    return conn.execute(statement, {**filter_.params, "bulk_id": bulk_id, **params}).rowcount


def count_items(conn: Connection[Any], bulk_id: BulkId) -> dict[str | None, int]:
    """How many items there are by why they were skipped; None: those that wait."""
    return dict(conn.execute(_queries["count_items"], {"bulk_id": bulk_id}).fetchall())


def places(conn: Connection[Any], bulk_id: BulkId) -> list[tuple[str, str]]:
    """The kinds and stages in which a job's operations stand now."""
    return conn.execute(_queries["places"], {"bulk_id": bulk_id}).fetchall()


def read_frozen(conn: Connection[Any], bulk_id: BulkId, *, after: int, limit: int) -> list[Frozen]:
    """Waiting items after a number, with their operations as they stand."""
    return _frozen.decode(_one(conn, "read_frozen", {"bulk_id": bulk_id, "after": after, "limit": limit}))


def skip_items(conn: Connection[Any], bulk_id: BulkId, codes: Mapping[int, str]) -> None:
    """Settle items that cannot be moved, by their number."""
    rows = [{"n": n, "code": code} for n, code in codes.items()]
    conn.execute(_queries["skip_items"], {"bulk_id": bulk_id, "rows": _encode(rows).decode()})


def add_job(
    conn: Connection[Any],
    bulk_id: BulkId,
    wanted: Wanted,
    asker: Asker,
    *,
    query: str | None,
    scope: Sequence[Slice],
    preview: Preview,
    needs: Sequence[Need],
    parts: Sequence[Part],
    total: int,
    affected: int,
) -> None:
    """Write a job with what its dry run says."""
    conn.execute(
        _queries["add_job"],
        {
            "bulk_id": bulk_id,
            **msgspec.structs.asdict(wanted),
            "work": None if wanted.work is None else _encode(wanted.work).decode(),
            "query": query,
            "scope": _encode(scope).decode(),
            "asked_by": asker.actor.id,
            "preview": _encode(preview).decode(),
            "needs": _encode(needs).decode(),
            "parts": _encode(parts).decode() if parts else None,
            "total": total,
            "affected": affected,
            "skipped": total - affected,
            "key": asker.key,
            "body_digest": asker.body_digest,
        },
    )


def job_of_key(conn: Connection[Any], actor: ActorId, key: str) -> BulkId | None:
    """The job that an actor's request key has made."""
    row = conn.execute(_queries["job_of_key"], {"actor": actor, "key": key}).fetchone()
    return None if row is None else BulkId(row[0])


def read_job(conn: Connection[Any], bulk_id: BulkId, *, lock: bool = False) -> Job | None:
    """A job as it stands; locked until the transaction ends where it is about to be changed."""
    if lock:
        conn.execute(_queries["lock_job"], {"bulk_id": bulk_id})
    found = _read(conn, bulk_id=bulk_id, limit=1)
    return found[0] if found else None


def newest_jobs(conn: Connection[Any], *, limit: int) -> list[Job]:
    """The newest jobs."""
    return _read(conn, limit=limit)


def jobs_at_work(conn: Connection[Any], *, limit: int) -> list[Job]:
    """The jobs that are to be worked on now."""
    return _read(conn, at_work=True, limit=limit)


def _read(
    conn: Connection[Any], *, bulk_id: BulkId | None = None, at_work: bool = False, limit: int
) -> list[Job]:
    return _jobs.decode(_one(conn, "read_jobs", {"bulk_id": bulk_id, "at_work": at_work, "limit": limit}))


def change_job(
    conn: Connection[Any],
    bulk_id: BulkId,
    state: JobState,
    *,
    after: timedelta | None = None,
    waits: timedelta | None = None,
    said: str | None = None,
) -> None:
    """Put a job into another state. `after`: how long from now it is to begin, `waits`: for how long it waits for consents.

    What is left out stays as it is.
    """
    params = {"bulk_id": bulk_id, "state": state.value, "after": after, "waits": waits, "said": said}
    conn.execute(_queries["change_job"], params)


def add_consent(
    conn: Connection[Any], bulk_id: BulkId, actor: ActorId, granted_by: str, *, on_behalf_of: ActorId | None
) -> None:
    """Write down somebody's consent, in their own name or another's."""
    params = {"bulk_id": bulk_id, "actor": actor, "granted_by": granted_by, "on_behalf_of": on_behalf_of}
    conn.execute(_queries["add_consent"], params)


def read_parts(conn: Connection[Any], bulk_id: BulkId) -> list[Part]:
    """The places in which a job moves operations that need no consents of their own."""
    row = conn.execute(_queries["read_parts"], {"bulk_id": bulk_id}).fetchone()
    return _parts.decode(row[0]) if row is not None and row[0] is not None else []


def expire_jobs(conn: Connection[Any]) -> None:
    """End the jobs whose time for consents is up."""
    conn.execute(_queries["expire_jobs"])


def claim_items(
    conn: Connection[Any], bulk_id: BulkId, *, after: int, limit: int, lease: timedelta
) -> list[Claimed]:
    """Take the next waiting items after a number, for as long as the lease lasts."""
    params = {"bulk_id": bulk_id, "after": after, "limit": limit, "lease": lease}
    return _claimed.decode(_one(conn, "claim_items", params))


def settle_items(conn: Connection[Any], bulk_id: BulkId, items: Iterable[Settled], seconds: float) -> None:
    """Write what came of claimed items, and how long it took."""
    rows = _encode(list(items)).decode()
    conn.execute(_queries["settle_items"], {"bulk_id": bulk_id, "rows": rows, "seconds": seconds})


def finish_job(conn: Connection[Any], bulk_id: BulkId) -> bool:
    """End a job of which nothing waits any more; whether that was so."""
    return conn.execute(_queries["finish_job"], {"bulk_id": bulk_id}).rowcount > 0


def retry_failed(conn: Connection[Any], bulk_id: BulkId) -> None:
    """Let failed items wait again."""
    conn.execute(_queries["retry_failed"], {"bulk_id": bulk_id})


def list_items(
    conn: Connection[Any], bulk_id: BulkId, *, state: ItemState | None, after: int, limit: int
) -> list[Item]:
    """A job's items after a number."""
    params = {"bulk_id": bulk_id, "state": state, "after": after, "limit": limit}
    return _items.decode(_one(conn, "list_items", params))


def prune(conn: Connection[Any]) -> None:
    """Forget jobs that nobody started within a day."""
    with conn.transaction():
        conn.execute(_queries["prune_items"])
        conn.execute(_queries["prune_jobs"])


def standing(conn: Connection[Any]) -> tuple[dict[str, int], int]:
    """How many jobs are not over, by state, and how many items of running ones wait."""
    row = conn.execute(_queries["standing"]).fetchone()
    assert row is not None, "a count always answers"
    jobs: dict[str, int] = msgspec.json.decode(row[0])
    return jobs, row[1]


def _one(conn: Connection[Any], query: str, params: Mapping[str, object]) -> str:
    row = conn.execute(_queries[query], params).fetchone()
    assert row is not None, "an aggregate always answers one row"
    text: str = row[0]
    return text
