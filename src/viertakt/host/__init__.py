"""Operations inside a host application's own transaction: its ledger row and the status commit together, or not at all.

    with psycopg.connect(…) as conn, conn.transaction():
        conn.execute("INSERT INTO ledger …")
        viertakt.move(conn, operation_id, "settle", actor=viertakt.system("ledger"))

What lives here: `move`, `open` and `outcome` on a connection of psycopg, SQLAlchemy or Django, and nothing that commits.
What does not: a way past the rules; requests go to `operations.actions.execute` like everybody's.

The host's connection is used as it is: no setting is changed, and how it makes rows is its own again afterwards. Rows are
locked in the same order as everybody's, so a host that moves several operations passes them at once (`execute_in`).

        isolation of the host        somebody else moved the operation since the host's transaction began
        ───────────────────────      ─────────────────────────────────────────────────────────────────────
        read committed               decided on what stands now, like any other move
        repeatable read, serializable     `RetryTransaction`: roll back, and run the whole transaction again
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from uuid_utils.compat import uuid7

from viertakt.access.actions import actor_by_id
from viertakt.access.model import Actor, system
from viertakt.errors import Invalid, LostRace, RetryTransaction, ViertaktError
from viertakt.host.connections import HostConnection, driver_connection, our_rows, sees_one_moment
from viertakt.kinds.actions import Kinds
from viertakt.kinds.model import KindName, Outcome, ReasonCode, StageName, TransitionName
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.actions import execute
from viertakt.operations.model import (
    Answer,
    Caller,
    Money,
    MoveRequest,
    OpenRequest,
    OperationId,
    OutcomeRequest,
)
from viertakt.operations.requests import Request
from viertakt.operations.turn import Engine, Result

__all__ = ["Money", "execute_in", "move", "open", "outcome", "system"]


def open(  # noqa: A001 - the word of the API
    conn: HostConnection,
    kind: str,
    *,
    reference: str,
    actor: Actor,
    subject: str | None = None,
    brand: str | None = None,
    amount: Money | None = None,
    attributes: Mapping[str, Any] | None = None,
    parent: UUID | None = None,
    aliases: Mapping[str, str] | None = None,
    tags: Sequence[str] = (),
    key: str | None = None,
) -> Answer:
    """The operation, opened in the caller's transaction; the same reference and content again give the same one.

    Raises its refusal, and `RetryTransaction` as every call here.
    """
    request = OpenRequest(
        operation_id=OperationId(uuid7()),
        caller=Caller(actor),
        kind=KindName(kind),
        reference=reference,
        subject=subject,
        brand=brand,
        amount=amount,
        attributes=dict(attributes or {}),
        parent_id=None if parent is None else OperationId(parent),
        aliases=dict(aliases or {}),
        tags=tuple(tags),
    )
    return _one(conn, request, key)


def move(
    conn: HostConnection,
    operation_id: UUID,
    transition: str,
    *,
    actor: Actor,
    reason: str | None = None,
    comment: str | None = None,
    data: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
    expected_stage: str | None = None,
    key: str | None = None,
) -> Answer:
    """The move, written in the caller's transaction. Raises its refusal; the refused attempt is then recorded there too.

    One by a person that needs consents is only asked for: the answer's entry is `asked`, and the operation stays.
    """
    request = MoveRequest(
        operation_id=OperationId(operation_id),
        caller=Caller(actor),
        transition=TransitionName(transition),
        reason=ReasonCode(reason) if reason else None,
        comment=comment,
        data=None if data is None else dict(data),
        expected_version=expected_version,
        expected_stage=StageName(expected_stage) if expected_stage else None,
    )
    return _one(conn, request, key)


def outcome(
    conn: HostConnection,
    operation_id: UUID,
    outcome: str | None = None,
    *,
    actor: Actor,
    reason: str | None = None,
    code: str | None = None,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Answer:
    """What the report of an end came to, in the caller's transaction; with only a provider's `code` the catalogue decides."""
    if outcome is not None and outcome not in set(Outcome):
        raise Invalid(f"An outcome is {', '.join(Outcome)}; not {outcome!r}.")
    request = OutcomeRequest(
        operation_id=OperationId(operation_id),
        caller=Caller(actor),
        outcome=None if outcome is None else Outcome(outcome),
        reason=ReasonCode(reason) if reason else None,
        code=code,
        data=None if data is None else dict(data),
    )
    return _one(conn, request, key)


def execute_in(conn: HostConnection, requests: Sequence[Request]) -> list[Result]:
    """The result of each request, in order, written in the caller's transaction; a refusal is an answer here.

    Raises `RetryTransaction` where the whole transaction has to be run again, and `Invalid` where there is none.
    """
    driver = driver_connection(conn)
    try:
        with our_rows(driver):
            _engine().holds.refresh_when_old(driver)
            results = execute(driver, _engine(), requests)
            again = any(isinstance(result, LostRace) for result in results) and sees_one_moment(driver)
    except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected) as fault:
        raise _retry() from fault
    if again:
        # Asked again here, it would look at the same moment and lose again.
        raise _retry()
    return results


def _one(
    conn: HostConnection, request: OpenRequest | MoveRequest | OutcomeRequest, key: str | None
) -> Answer:
    if key is not None:
        caller = msgspec.structs.replace(request.caller, key=key, body_digest=_digest(request))
        request = msgspec.structs.replace(request, caller=caller)
    (result,) = execute_in(conn, [request])
    if isinstance(result, ViertaktError):
        raise result
    return result


def _digest(request: Request) -> str:
    """What tells another body under the same key apart: all that is asked, by whatever hand."""
    asked = msgspec.structs.asdict(request)
    content = {name: value for name, value in asked.items() if name not in {"caller", "operation_id"}}
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def _retry() -> RetryTransaction:
    return RetryTransaction(
        "Others changed what this transaction had read. Roll back, and run the whole transaction again."
    )


@cache
def _engine() -> Engine:
    return Engine(kinds=Kinds(), catalogue=load_catalogue(), reload_actor=actor_by_id)
