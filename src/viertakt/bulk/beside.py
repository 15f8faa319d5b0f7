"""Working off what moves nothing: some items in one transaction, each in a savepoint, with what came of them.

Written and settled together, so that a worker that dies has done and told both or neither; what was before is kept with the
item, so that it can be put back. Items are taken in the order of their operations: two jobs never wait for each other.
"""

import time
from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from viertakt.access.model import Actor
from viertakt.bulk import store
from viertakt.bulk.model import Before, Claimed, ItemState, Job, Settled, Verb
from viertakt.bulk.rules import caller_of, code_of
from viertakt.bulk.rules_beside import (
    NOTHING,
    assignment_request,
    check_still,
    note_request,
    state_of_refusal,
    tag_request,
)
from viertakt.errors import NotPermitted, ViertaktError
from viertakt.operations.assigning import assignee_of, change_assignment, write_note
from viertakt.operations.model import Entry
from viertakt.operations.tagging import change_tags


def perform(conn: Connection[Any], job: Job, items: Sequence[Claimed], asker: Actor) -> None:
    """Do to each what the job says, and settle it."""
    begun = time.monotonic()
    with conn.transaction():
        ordered = sorted(items, key=lambda one: one.operation_id)
        settled = [_settled(conn, job, item, asker) for item in ordered]
        store.settle_items(conn, job.bulk_id, settled, time.monotonic() - begun)


def _settled(conn: Connection[Any], job: Job, item: Claimed, asker: Actor) -> Settled:
    try:
        with conn.transaction():
            entry, before = _done(conn, job, item, asker)
    except ViertaktError as refusal:
        state = state_of_refusal(refusal)
        return Settled(item.n, item.attempt, state, code=code_of(refusal), detail=refusal.detail)
    return Settled(item.n, item.attempt, ItemState.DONE, entry_seq=entry.seq, before=before)


def _done(conn: Connection[Any], job: Job, item: Claimed, asker: Actor) -> tuple[Entry, Before | None]:
    wanted, caller = job.wanted, caller_of(job, item, asker)
    match wanted.verb:
        case Verb.ASSIGN:
            held = assignee_of(conn, item.operation_id)
            check_still(held, wanted)
            changed = change_assignment(
                conn, assignment_request(item.operation_id, caller, wanted, item.before)
            )
            return _told(changed.entry), None if changed.replayed else Before(assignee=held)
        case Verb.TAG:
            tagged = change_tags(conn, tag_request(item.operation_id, caller, wanted, item.before))
            return _told(tagged.entry), Before(added=tagged.change.added, removed=tagged.change.removed)
        case _:
            return write_note(conn, note_request(item.operation_id, caller, wanted)).entry, None


def _told(entry: Entry | None) -> Entry:
    if entry is None:
        raise NotPermitted("It was so already.", why_not=NOTHING)
    return entry
