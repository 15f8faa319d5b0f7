"""Personal values are masked for everybody; to see those of one operation is an act, with a reason and a limit.

The limit is counted from the audit, so it holds over all servers and restarts. It is meant for somebody who copies a
list by hand or by script; whoever handles one case after the other stays far below it.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from viertakt.access import audit_store
from viertakt.access.actions import check_name
from viertakt.access.audit_model import ChangeSort
from viertakt.access.model import Actor
from viertakt.access.rules import check_may_manage, may_reveal
from viertakt.errors import Forbidden, RateLimited
from viertakt.language.to_predicate import Row

REVEALS_MAX = 60
WINDOW = timedelta(hours=1)


def note_reveal(
    conn: Connection[Any],
    actor: Actor,
    operation: Row | None,
    operation_id: UUID | None,
    *,
    fields: Collection[str],
    reason: str,
) -> None:
    """Write down that an actor is shown these fields, before they are; what belongs to no operation, to who administers.

    Raises `Forbidden`, `Invalid`, `RateLimited`.
    """
    if operation is None:
        check_may_manage(actor)
    elif not may_reveal(actor, operation):
        raise Forbidden(
            f"{actor.name} may not see personal values here: it needs a grant that says 'reveal'.",
            why_not="needs_role",
        )
    said = check_name(reason)
    audit_store.lock_reveals(conn, actor.id)
    reveals, seconds = audit_store.reveals_within(conn, actor.id, WINDOW)
    if reveals >= REVEALS_MAX:
        raise RateLimited(
            f"{actor.name} has revealed values {reveals} times within an hour; go on in {seconds // 60 + 1} minutes.",
            retry_after=max(seconds, 1),
        )
    audit_store.note(
        conn,
        ChangeSort.REVEALED,
        by=actor.id,
        operation_id=operation_id,
        reason=said,
        detail={"fields": sorted(fields)},
    )
