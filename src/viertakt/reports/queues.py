"""Queues: a view as work to be taken in hand, one operation at a time. The first deadline first, then priority, then age.

    view's query ∩ what one may take in hand ∩ free for one
        │
        ├─ what one holds of this queue already      a lost answer is given again, and two windows share one
        ├─ what has a deadline, in their order
        └─ the rest, by priority and age
              │ locked, and passed by where another is about to take it (SKIP LOCKED)
              ▼
          claimed as by hand (`operations.assigning`): where somebody was quicker all the same, the next

Two who ask at the same moment: the second may have looked before the first committed, and then still sees an operation as
free that is not. So what counts is what the locked row of `assignment` says; the search only proposes. Each try that fails
is one that somebody else made, so all together always get on.
"""

from datetime import tzinfo
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, sql
from psycopg.rows import tuple_row

from viertakt import language
from viertakt.access.rules import claimable, teams
from viertakt.db.queries import load
from viertakt.errors import Forbidden, LostRace, NotFound, NotPermitted
from viertakt.language.fields import Fields
from viertakt.operations.assigning import change_assignment
from viertakt.operations.model import Act, AssignmentRequest, Caller, Operation, OperationId
from viertakt.operations.reading import read_operation
from viertakt.reports.store import primary_clock
from viertakt.reports.views import read_view
from viertakt.reports.words import condition
from viertakt.reports.zones import UTC_ZONE

TRIES_MAX = 200  # as many colleagues may be quicker before one is told to ask again

_queries = load(__package__, "queues.sql")


def claim_next(
    conn: Connection[Any],
    view_id: UUID,
    caller: Caller,
    *,
    fields: Fields,
    done: OperationId | None = None,
    zone: tzinfo = UTC_ZONE,
) -> Operation | None:
    """The caller's next operation of a queue, in hand from now on; None where there is none for them.

    `done`: what the caller has finished with. It is let go first, and not given again at once.
    Raises `NotFound`, `Forbidden`, `InvalidQuery`, `LostRace`.
    """
    view = read_view(conn, view_id, caller.actor)
    query = language.within(language.parse(view.content.query, fields=fields), claimable(caller.actor))
    passed: list[UUID] = []
    if done is not None:
        _let_go(conn, done, caller)
        passed.append(done)
    for _ in range(TRIES_MAX):
        found = _propose(conn, query, view.id, caller, passed=passed, zone=zone)
        if found is None:
            return None
        request = AssignmentRequest(OperationId(found), caller, Act.CLAIM, queue=view.id)
        try:
            taken = change_assignment(conn, request)
        except (NotPermitted, NotFound):
            passed.append(found)
        except Forbidden as refusal:
            if refusal.facts.get("why_not") != "amount_above":
                raise
            passed.append(found)  # seen, but too much for their grant
        else:
            return msgspec.structs.replace(taken.operation, assignment=taken.assignment)
    raise LostRace(f"{TRIES_MAX} operations of this queue were taken by others meanwhile. Ask again.")


def _let_go(conn: Connection[Any], done: OperationId, caller: Caller) -> None:
    """Release it where it is in the caller's hand; by now it may be out of sight, or another's."""
    try:
        operation = read_operation(conn, done, reader=caller.actor)
    except NotFound:
        return
    held = operation.assignment
    if held is not None and held.holder(primary_clock(conn)) == caller.actor.id:
        change_assignment(conn, AssignmentRequest(done, caller, Act.RELEASE))


def _propose(
    conn: Connection[Any],
    query: language.Query,
    queue: UUID,
    caller: Caller,
    *,
    passed: list[UUID],
    zone: tzinfo,
) -> UUID | None:
    now = primary_clock(conn)
    filter_, params = condition(conn, query, now, zone)
    actor = caller.actor
    asked = {"now": now, "actor": actor.id, "teams": list(teams(actor)), "queue": queue, "passed": passed}
    with conn.cursor(row_factory=tuple_row) as cursor:
        held = cursor.execute(_queries["held_of_queue"], asked).fetchall()
        asked["held"] = [row[0] for row in held]
        for which, order in _ROUNDS if held else _ROUNDS[1:]:
            parts = {"filter": filter_, "which": _fragment(which), "order": _fragment(order)}
            statement = sql.SQL(_queries["next_free"]).format(**parts)
            row = cursor.execute(statement, params | asked, prepare=False).fetchone()
            if row is not None:
                found: UUID = row[0]
                return found
    return None


def _fragment(name: str) -> sql.Composable:
    return sql.SQL(_queries[name]).format(o=sql.Identifier("o"))


# What is looked at one after the other, and in which order.
_ROUNDS = (
    ("which_held", "by_deadline"),
    ("which_due", "by_deadline"),
    ("which_raised", "by_priority"),
    ("which_usual", "by_age"),
    ("which_lowered", "by_age"),
)
