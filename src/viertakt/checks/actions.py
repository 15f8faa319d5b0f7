"""What a door asks of checks: the runs, one more examination by hand, and the answer that comes later."""

from typing import Any

import msgspec
from psycopg import Connection

from viertakt.access.model import Actor
from viertakt.access.rules import right_to_report, sees, visible
from viertakt.checks import store
from viertakt.checks.asking import EVIDENCE_BYTES_MAX
from viertakt.checks.model import Run, RunSort, RunState, Target
from viertakt.errors import Fault, Invalid, NotFound, NotPermitted, Stale
from viertakt.kinds.model import ReasonCode
from viertakt.kinds.reasons import Catalogue
from viertakt.language import Query, within
from viertakt.operations.findings import CheckVerdict, Finding
from viertakt.operations.model import OperationId
from viertakt.operations.store import read_operations

RUNS_MAX = 500


class Later(msgspec.Struct, frozen=True):
    """The answer of whoever said "later". `attempt`: of the request that it answers."""

    operation_id: OperationId
    version: int
    check: str
    attempt: int
    verdict: CheckVerdict
    reason: ReasonCode | None = None
    evidence: dict[str, Any] = {}


class Wanted(msgspec.Struct, frozen=True):
    """Which runs: all where nothing is said."""

    operation_id: OperationId | None = None
    kind: str | None = None
    state: RunState | None = None
    verdict: CheckVerdict | None = None


def list_runs(conn: Connection[Any], wanted: Wanted, *, reader: Actor, limit: int) -> list[Run]:
    """Runs of operations that the reader sees, the newest first."""
    sight = within(Query(), visible(reader))
    return store.read_runs(
        conn,
        sight,
        operation_id=wanted.operation_id,
        kind=wanted.kind,
        state=wanted.state,
        verdict=wanted.verdict,
        limit=min(limit, RUNS_MAX),
    )


def list_targets(conn: Connection[Any]) -> list[Target]:
    """Whom asking has failed lately, the worst first."""
    return store.list_targets(conn)


def run_again(conn: Connection[Any], operation_id: OperationId, *, actor: Actor) -> list[Run]:
    """Examine an operation once more as it stands. Raises `NotFound`, `Forbidden`, `NotPermitted`."""
    operation = read_operations(conn, [operation_id]).get(operation_id)
    if operation is None or not sees(actor, operation):
        raise NotFound(f"There is no operation {operation_id}.")
    right_to_report(actor, operation)
    if not store.run_again(conn, operation_id, operation.version):
        raise NotPermitted(
            f"Operation {operation_id} is in '{operation.stage}', where nothing is checked.",
            stage=operation.stage,
            status=operation.status,
        )
    return list_runs(conn, Wanted(operation_id), reader=actor, limit=RUNS_MAX)


def answer_later(conn: Connection[Any], said: Later, *, actor: Actor, catalogue: Catalogue) -> Run:
    """Keep the answer of whoever said "later"; the worker lets it act at once.

    Raises `NotFound`, `Forbidden`, `Invalid`, and `Stale` for another attempt than the one that waits.
    """
    operation = read_operations(conn, [said.operation_id]).get(said.operation_id)
    if operation is None or not sees(actor, operation):
        raise NotFound(f"There is no operation {said.operation_id}.")
    right_to_report(actor, operation)
    if said.reason is not None and catalogue.reason(said.reason) is None:
        words = "The reason catalogue has no such code."
        raise Invalid(words, faults=(Fault("/reason", "unknown_reason", words),))
    if len(msgspec.json.encode(said.evidence)) > EVIDENCE_BYTES_MAX:
        words = f"Evidence has at most {EVIDENCE_BYTES_MAX} bytes."
        raise Invalid(words, faults=(Fault("/evidence", "too_long", words),))
    finding = Finding(said.check, said.verdict, reason=said.reason, evidence=said.evidence)
    if not store.answer_run(conn, said.operation_id, said.version, said.attempt, finding):
        raise Stale(
            f"Attempt {said.attempt} of '{said.check}' waits for no answer: another has taken over, or it is done.",
            version=operation.version,
            stage=operation.stage,
            status=operation.status,
        )
    (run,) = store.read_runs(
        conn, Query(), operation_id=said.operation_id, version=said.version, sort=RunSort.CHECKS, limit=1
    )
    return run
