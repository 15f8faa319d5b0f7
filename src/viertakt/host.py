"""Moves inside a host application's own transaction: its ledger row and the status commit together, or not at all.

    with psycopg.connect(…) as conn, conn.transaction():
        conn.execute("INSERT INTO ledger …")
        viertakt.move(conn, operation_id, "settle", actor=viertakt.system("ledger"))

The host's connection is used as it is: no setting is changed, nothing is committed, and its row factory is its own again
afterwards. Rows are locked in the same order as everybody's, so a host that moves several operations passes them at once.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

from viertakt.access.actions import actor_by_id
from viertakt.access.model import Actor, system
from viertakt.errors import ViertaktError
from viertakt.kinds.actions import Kinds
from viertakt.kinds.model import ReasonCode, TransitionName
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.actions import execute
from viertakt.operations.model import (
    Answer,
    Caller,
    MoveRequest,
    OperationId,
)
from viertakt.operations.requests import Request
from viertakt.operations.turn import Engine, Result

__all__ = ["execute_in", "move", "system"]


def move(
    conn: Connection[Any],
    operation_id: UUID,
    transition: str,
    *,
    actor: Actor,
    reason: str | None = None,
    comment: str | None = None,
    data: dict[str, Any] | None = None,
    expected_version: int | None = None,
    key: str | None = None,
) -> Answer:
    """The move, written in the caller's transaction. Raises its refusal; the refused attempt is then recorded there too.

    One by a person that needs consents is only asked for: the answer's entry is `asked`, and the operation stays.
    """
    request = MoveRequest(
        operation_id=OperationId(operation_id),
        caller=Caller(actor, key=key, body_digest=transition if key else None),
        transition=TransitionName(transition),
        reason=ReasonCode(reason) if reason else None,
        comment=comment,
        data=data,
        expected_version=expected_version,
    )
    (result,) = execute_in(conn, [request])
    if isinstance(result, ViertaktError):
        raise result
    return result


def execute_in(conn: Connection[Any], requests: Sequence[Request]) -> list[Result]:
    """The result of each request, in order, written in the caller's transaction; a refusal is an answer here."""
    with _our_rows(conn):
        return execute(conn, _engine(), requests)


@cache
def _engine() -> Engine:
    return Engine(kinds=Kinds(), catalogue=load_catalogue(), reload_actor=actor_by_id)


@contextmanager
def _our_rows(conn: Connection[Any]) -> Iterator[None]:
    """Rows as tuples while we read, whatever the host prefers."""
    theirs, conn.row_factory = conn.row_factory, tuple_row
    try:
        yield
    finally:
        conn.row_factory = theirs
