"""A job is made: its operations are frozen as of this moment, and each is asked what would happen to it."""

from datetime import UTC, datetime, tzinfo
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.access.rules import visible
from viertakt.bulk import rules, store
from viertakt.bulk.model import ITEMS_MAX, Asker, BulkId, Fate, Frozen, Group, Limits, Preview, Verb, Wanted
from viertakt.bulk.rules import Judged, Tally
from viertakt.bulk.rules_beside import judge_beside
from viertakt.bulk.rules_limits import bounds_of, limits_of
from viertakt.errors import Invalid, InvalidQuery, ViertaktError
from viertakt.kinds.model import KindName, PublishedKind, StageName
from viertakt.language import Query, to_sql, to_text, within
from viertakt.operations import store_approvals
from viertakt.operations.model import Approval, Operation
from viertakt.operations.turn import Engine

AT_ONCE = 2_000
# What is skipped without being looked at, in words.
_UNSEEN = {
    "not_found": "There is no such operation.",
    "moved_since": "Somebody has moved it on since; what it is now is their decision.",
    "before_unknown": "What was before is not known.",
    "was_asked": "The job only asked for its move; what became of that is decided where it waits.",
}


class Chosen(msgspec.Struct, frozen=True):
    """Which operations: those that a query finds, seen by its reader and read in their zone, or those that are named.

    Neither, where a job is undone.
    """

    query: Query | None = None
    ids: tuple[UUID, ...] | None = None
    zone: tzinfo = UTC


class Making(msgspec.Struct, frozen=True):
    """A job that is being made, in the transaction that makes it. `now`: the primary's clock."""

    conn: Connection[Any]
    engine: Engine
    bulk_id: BulkId
    wanted: Wanted
    asker: Asker
    now: datetime


def make(job: Making, chosen: Chosen, limits: Limits) -> None:
    """Freeze what was chosen, try it dry, and write the job. Raises `Invalid`, `InvalidQuery` for a query without terms."""
    if chosen.query is not None and not chosen.query.terms:
        raise InvalidQuery("An empty query means every operation; a bulk job needs one that says which.")
    _freeze(job, chosen)
    unseen = store.count_items(job.conn, job.bulk_id)
    total = sum(unseen.values())
    told = _Telling(job)
    preview = _with_unseen(told.preview(), {code: n for code, n in unseen.items() if code is not None})
    affected = sum(group.count for group in preview.groups if group.fate is not Fate.SKIPPED)
    if not affected and told.fault is not None:
        raise told.fault  # nothing would be moved, and the request itself is why
    limits = limits_of(limits, job.asker.actor)
    preview = msgspec.structs.replace(preview, bounds=bounds_of(limits, preview.sums))
    moves = job.wanted.verb is Verb.MOVE
    needs = told.tally.needs(told.roles, affected, preview.sums, limits) if moves else ()
    parts = told.tally.parts.found() if needs else ()
    store.add_job(
        job.conn,
        job.bulk_id,
        job.wanted,
        job.asker,
        query=None if chosen.query is None else to_text(chosen.query),
        scope=rules.scope_of_job(job.asker.actor, store.places(job.conn, job.bulk_id)),
        preview=preview,
        needs=needs,
        parts=parts,
        total=total,
        affected=affected,
    )


def _freeze(job: Making, chosen: Chosen) -> None:
    conn, bulk_id = job.conn, job.bulk_id
    seen = within(chosen.query or Query(()), visible(job.asker.actor))
    filter_ = store.Filter(*to_sql(seen, job.now, chosen.zone))
    if job.wanted.undoes is not None:
        moved = job.wanted.verb is Verb.MOVE
        store.freeze_undo(conn, bulk_id, job.wanted.undoes, filter_, moved=moved)
    elif chosen.ids is not None:
        store.freeze_ids(conn, bulk_id, chosen.ids, filter_)
    elif store.freeze_query(conn, bulk_id, filter_, items_max=ITEMS_MAX) > ITEMS_MAX:
        raise Invalid(f"This query finds more than {ITEMS_MAX:,} operations; narrow it and go on in parts.")


class _Telling:
    """Looks at one chunk of items after the other."""

    def __init__(self, job: Making) -> None:
        self._job = job
        self.tally = Tally()
        self.roles: set[str] = set()
        self.fault: ViertaktError | None = None

    def preview(self) -> Preview:
        """What would happen to all of them; what cannot be moved is settled."""
        after = 0
        while chunk := store.read_frozen(self._job.conn, self._job.bulk_id, after=after, limit=AT_ONCE):
            after = chunk[-1].n
            self._look_at(chunk)
        return self.tally.preview()

    def _look_at(self, chunk: list[Frozen]) -> None:
        if self._job.wanted.verb is not Verb.MOVE:
            self._look_beside(chunk)
            return
        judged = [(one.n, one.operation, self._judged(one.version, one.operation)) for one in chunk]
        asking = [operation.id for _, operation, one in judged if one.fate is Fate.ASKS]
        pending: dict[UUID, list[Approval]] = {}
        for approval in store_approvals.read_approvals(self._job.conn, asking) if asking else ():
            pending.setdefault(approval.operation_id, []).append(approval)
        skipped: dict[int, str] = {}
        for n, operation, first in judged:
            waits = pending.get(operation.id)
            one = first if waits is None else self._judged(operation.version, operation, waits)
            self.tally.add(self._kind(operation), operation, one, self._job.now)
            if one.fate is Fate.SKIPPED:
                skipped[n] = one.code or ""
                self.fault = self.fault or one.refusal
            elif one.transition is not None:
                self.roles.update(self._kind(operation).kind.transitions[one.transition].roles)
        if skipped:
            store.skip_items(self._job.conn, self._job.bulk_id, skipped)

    def _look_beside(self, chunk: list[Frozen]) -> None:
        """What moves nothing depends on no kind and no version, and needs no consents."""
        wanted, actor, now = self._job.wanted, self._job.asker.actor, self._job.now
        skipped: dict[int, str] = {}
        for item in chunk:
            one = judge_beside(item.operation, wanted, actor, item.before, now=now)
            self.tally.add(None, item.operation, one, now)
            if one.fate is Fate.SKIPPED:
                skipped[item.n] = one.code or ""
                self.fault = self.fault or one.refusal
        if skipped:
            store.skip_items(self._job.conn, self._job.bulk_id, skipped)

    def _kind(self, operation: Operation) -> PublishedKind:
        return self._job.engine.kinds.at(self._job.conn, operation.kind, operation.kind_version)

    def _judged(self, version: int, operation: Operation, pending: list[Approval] | None = None) -> Judged:
        if version != operation.version:  # moved between being frozen and being looked at
            return Judged(Fate.SKIPPED, code="stale", detail="It has changed since it was chosen.")
        return rules.judge(
            self._kind(operation),
            operation,
            self._job.wanted,
            self._job.asker.actor,
            catalogue=self._job.engine.catalogue,
            now=self._job.now,
            pending=pending or (),
        )


def _with_unseen(preview: Preview, unseen: dict[str, int]) -> Preview:
    """The preview with what was skipped without being looked at: nobody is told of what kind it is."""
    groups = [
        Group(KindName(""), StageName(""), Fate.SKIPPED, count, code=code, detail=_UNSEEN[code])
        for code, count in unseen.items()
    ]
    return msgspec.structs.replace(preview, groups=(*preview.groups, *groups)) if groups else preview
