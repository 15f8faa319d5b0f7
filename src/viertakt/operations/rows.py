"""Decisions as the rows that `store.sql` writes, with the commitments that stand for personal values."""

from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from secrets import token_bytes
from typing import Any
from uuid import UUID

import msgspec

from viertakt.access.model import Actor, ActorSort
from viertakt.operations.model import Caller, Decision, Entry, EntrySort

Written = tuple[int, datetime]  # an entry's seq and when it was recorded


class Line(msgspec.Struct, gc=False):
    """A decision on its way into the tables, with the commitments that stand for its personal values.

    `makes`: the move that the last consent makes, written with it or not at all.
    """

    caller: Caller
    decision: Decision
    commitments: dict[str, str] | None = None
    parent_version: int | None = None
    makes: "Line | None" = None

    def parts(self) -> "tuple[Line, ...]":
        """Itself, and the move that it makes."""
        return (self,) if self.makes is None else (self, self.makes)


def line_of(caller: Caller, decision: Decision) -> Line:
    """The line of a decision, with fresh commitments."""
    made = decision.makes
    return Line(
        caller,
        decision,
        commit_to(decision),
        makes=None if made is None else Line(made.caller, made.decision, commit_to(made.decision)),
    )


def commit_to(decision: Decision) -> dict[str, str] | None:
    """A fresh salt and commitment for each personal value, as `salt.commitment` in hexadecimal; None where there is none.

    sha256(salt ‖ field ‖ 0 ‖ value as JSON) with 128 bits of salt: without the row in `subject_data` the value cannot
    be guessed back, not even an e-mail address from a list.
    """
    if not decision.personal:
        return None
    commitments = {}
    for field, value in decision.personal.items():
        salt = token_bytes(16)
        text = salt + field.encode() + b"\0" + msgspec.json.encode(value, order="deterministic")
        commitments[field] = f"{salt.hex()}.{sha256(text).hexdigest()}"
    return commitments


def kept(commitments: dict[str, str] | None) -> dict[str, str] | None:
    """The commitments without their salts: what an entry may hold for ever."""
    return {field: pair.partition(".")[2] for field, pair in commitments.items()} if commitments else None


def entry_of(line: Line, written: Written) -> Entry:
    """The entry as it now stands in the history."""
    decision, caller = line.decision, line.caller
    after = decision.operation
    changes = decision.sort in CHANGES
    # In the order of the fields, as in `locked`.
    return Entry(
        after.id,
        written[0],
        decision.sort,
        caller.actor.id,
        decision.cause,
        decision.at,
        written[1],
        after.version if changes else None,
        decision.transition,
        decision.from_stage,
        decision.from_status,
        after.stage if changes else None,
        after.status if changes else None,
        decision.granted_by,
        decision.reason,
        decision.data,
        kept(line.commitments),
        decision.personal or None,
        key_of(line),
        caller.body_digest,
        caller.request_id,
    )


CHANGES = frozenset({EntrySort.OPENED, EntrySort.MOVED, EntrySort.AMENDED})
# A refusal is decided anew: it does not use up its key. An opening's key is an alias, unique across operations.
KEYLESS = frozenset({EntrySort.REFUSED, EntrySort.OPENED})


def key_of(line: Line) -> str | None:
    """The request key that the entry holds."""
    return None if line.decision.sort in KEYLESS else line.caller.key


def _guard(actor: Actor) -> int | None:
    """The access version a write is guarded by; the system's rights are its kind's, and do not change under it."""
    return None if actor.sort is ActorSort.SYSTEM else actor.access_version


class _DecisionRow(msgspec.Struct, omit_defaults=True, gc=False):
    """One row of `write_decisions`. What is absent is left out: the database reads a null by its absence, and sooner."""

    operation_id: UUID
    read_version: int
    sort: EntrySort
    stage: str
    status: str
    contradiction: bool
    entered_at: datetime
    actor: str
    cause: str
    at: datetime
    version: int | None = None
    transition: str | None = None
    from_stage: str | None = None
    from_status: str | None = None
    waiting_on: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    attributes: dict[str, Any] | None = None
    closed_at: datetime | None = None
    deadline_at: datetime | None = None
    access_version: int | None = None
    granted_by: str | None = None
    reason: str | None = None
    data: Any = None
    commitments: dict[str, str] | None = None
    key: str | None = None
    body_digest: str | None = None
    request_id: str | None = None


def rights_of(line: Line) -> set[tuple[str, int]]:
    """Who counts when the last consent makes its move, with the access version that was read of each."""
    made = line.makes
    actors = (*line.decision.guards, line.caller.actor, *((made.caller.actor,) if made else ()))
    return {(actor.id, actor.access_version) for actor in actors if actor.sort is not ActorSort.SYSTEM}


def decision_row(line: Line) -> _DecisionRow:
    """The row of a line, without the move that it makes."""
    decision, caller = line.decision, line.caller
    after = decision.operation
    amended = after if decision.sort is EntrySort.AMENDED else None
    amount = amended.amount if amended else None
    # In the order of the fields, as in `locked`.
    return _DecisionRow(
        after.id,
        decision.read_version,
        decision.sort,
        after.stage,
        after.status,
        after.contradiction,
        after.entered_at,
        caller.actor.id,
        decision.cause,
        decision.at,
        after.version if decision.sort in CHANGES else None,
        decision.transition,
        decision.from_stage,
        decision.from_status,
        after.waiting_on,
        amount.value if amount else None,
        amount.currency if amount else None,
        amended.attributes if amended else None,
        after.closed_at,
        after.deadline_at,
        _guard(caller.actor),
        decision.granted_by,
        decision.reason,
        decision.data,
        kept(line.commitments),
        key_of(line),
        caller.body_digest,
        caller.request_id,
    )


def opening_row(line: Line) -> dict[str, Any]:
    """The row of an opening."""
    decision, caller = line.decision, line.caller
    after = decision.operation
    return {
        "operation_id": after.id,
        "kind": after.kind,
        "kind_version": after.kind_version,
        "reference": after.reference,
        "subject": after.subject,
        "brand": after.brand,
        "amount": after.amount.value if after.amount else None,
        "currency": after.amount.currency if after.amount else None,
        "attributes": after.attributes,
        "tags": after.tags,
        "parent_id": after.parent_id,
        "parent_version": line.parent_version,
        "stage": after.stage,
        "status": after.status,
        "waiting_on": after.waiting_on,
        "closed_at": after.closed_at,
        "deadline_at": after.deadline_at,
        "actor": caller.actor.id,
        "access_version": _guard(caller.actor),
        "granted_by": decision.granted_by,
        "cause": decision.cause,
        "data": decision.data,
        "commitments": kept(line.commitments),
        "key": None,
        "body_digest": caller.body_digest,
        "request_id": caller.request_id,
        "at": decision.at,
    }
