"""Somebody leaves: what is theirs is handed over in the same transaction in which they may no longer act."""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.access.actions import deactivate, person
from viertakt.access.model import ActorId
from viertakt.errors import Conflict, Invalid
from viertakt.operations.approvals import Left, void_asked_by
from viertakt.operations.assigning import hand_over
from viertakt.reports.views import hand_over_views


class Leaving(msgspec.Struct, frozen=True):
    """What a leaver left: views and operations handed over, tokens ended, and the moves that are no longer asked for."""

    views: int
    assignments: int
    tokens: int
    approvals: Sequence[Left]


def leave(
    conn: Connection[Any],
    leaver: ActorId,
    *,
    to: ActorId | None,
    by: ActorId,
    reason: str | None = None,
) -> Leaving:
    """Deactivate somebody and hand over what is theirs. Raises `NotFound`, `Invalid`, `Conflict`."""
    if leaver == by:
        raise Conflict("You cannot deactivate yourself; somebody else who manages has to.")
    person(conn, leaver)
    if to is not None and (to == leaver or not person(conn, to).active):
        raise Invalid("What is theirs goes to somebody else who is active.")
    tokens = deactivate(conn, leaver, by=by, reason=reason)
    views = 0 if to is None else hand_over_views(conn, leaver, to)
    assignments = hand_over(conn, leaver, to=to, by=by)
    return Leaving(views, assignments, tokens, void_asked_by(conn, leaver, by=by))
