"""What every move makes is built in the order of the fields: each value has to stand under its own name."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from viertakt.access.model import Actor, ActorId, Right
from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.model import (
    KindName,
    PublishedKind,
    ReasonCode,
    StageName,
    Status,
    TransitionName,
    WaitingOn,
)
from viertakt.kinds.moments import deadline_of
from viertakt.operations.locked import read_present
from viertakt.operations.model import Caller, Decision, EntrySort, Money, MoveRequest, Operation, OperationId
from viertakt.operations.rows import Line, decision_row, entry_of
from viertakt.operations.rules_moved import moved

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ID, PARENT = UUID(int=1), UUID(int=2)


def _at(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


# Every value differs from every other of its type.
OPERATION = Operation(
    id=OperationId(ID),
    kind=KindName("withdrawal"),
    kind_version=3,
    reference="W-1",
    stage=StageName("requested"),
    status=Status.PENDING,
    version=7,
    created_at=_at(1),
    entered_at=_at(2),
    changed_at=_at(3),
    waiting_on=WaitingOn.CUSTOMER,
    subject="player-1",
    brand="casino-nl",
    amount=Money(Decimal("12.50"), "EUR"),
    attributes={"method": "bank"},
    tags=("vip",),
    parent_id=OperationId(PARENT),
    closed_at=_at(4),
    deadline_at=_at(5),
    contradiction=True,
)
CALLER = Caller(
    Actor(ActorId("token:1"), "A platform", access_version=5),
    key="a key",
    body_digest="a digest",
    request_id="a request",
)


DECISION = Decision(
    sort=EntrySort.AMENDED,
    operation=OPERATION,
    read_version=6,
    at=_at(6),
    cause="manual",
    granted_by="role risk, grant 1",
    transition=TransitionName("escalate"),
    from_stage=StageName("under_review"),
    from_status=Status.ERROR,
    reason=ReasonCode("fraud"),
    data={"code": "R1"},
    personal={"comment": "a word"},
)


def test_an_operation_is_read_as_its_row_stands() -> None:
    """A column read into another's field would be moved on, and written back, as that."""
    row = {
        name: value
        for name, value in msgspec.to_builtins(OPERATION).items()
        if name not in {"id", "amount", "assignment"}
    } | {"operation_id": str(ID), "amount": 12.50, "currency": "EUR"}
    [found] = read_present(json.dumps({"now": NOW.isoformat(), "operations": [row]})).operations
    assert found == OPERATION


def test_a_move_changes_its_own_fields_and_no_others() -> None:
    """What a move does not name stays as it is."""
    published = PublishedKind(builtin_kinds()[KindName("withdrawal")], 3)
    escalate = TransitionName("escalate")
    to = published.kind.transitions[escalate].to
    stage = published.kind.stages[to]
    request = MoveRequest(OPERATION.id, CALLER, escalate, data={"note": "x"}, at=_at(8))
    right = Right("manual", "role risk, grant 1")
    decision = moved(published, OPERATION, request, escalate, right, reason=ReasonCode("fraud"), now=_at(9))
    after = msgspec.structs.replace(
        OPERATION,
        stage=to,
        status=stage.status,
        waiting_on=stage.waiting_on,
        version=8,
        entered_at=_at(8),
        changed_at=_at(8),
        closed_at=None,
        deadline_at=deadline_of(published, to, entered=_at(9), attributes=OPERATION.attributes),
    )
    assert decision == msgspec.structs.replace(
        DECISION,
        sort=EntrySort.MOVED,
        operation=after,
        read_version=7,
        at=_at(8),
        from_stage=StageName("requested"),
        from_status=Status.PENDING,
        data=None,
        personal={"data": {"note": "x"}},
    )


LINE = Line(CALLER, DECISION, {"comment": "salt.commitment"})
ENTRY = {
    "sort": "amended",
    "actor": "token:1",
    "cause": "manual",
    "at": _at(6),
    "version": 7,
    "transition": "escalate",
    "from_stage": "under_review",
    "from_status": "error",
    "granted_by": "role risk, grant 1",
    "reason": "fraud",
    "data": {"code": "R1"},
    "commitments": {"comment": "commitment"},
    "key": "a key",
    "body_digest": "a digest",
    "request_id": "a request",
}


def test_a_row_holds_what_was_decided() -> None:
    """The table holds what was decided, each value in its column."""
    assert msgspec.structs.asdict(decision_row(LINE)) == ENTRY | {
        "operation_id": ID,
        "read_version": 6,
        "stage": "requested",
        "status": "pending",
        "contradiction": True,
        "entered_at": _at(2),
        "waiting_on": "customer",
        "amount": Decimal("12.50"),
        "currency": "EUR",
        "attributes": {"method": "bank"},
        "closed_at": _at(4),
        "deadline_at": _at(5),
        "access_version": 5,
    }


def test_an_entry_tells_what_was_decided() -> None:
    """The answer tells what the table holds."""
    assert msgspec.structs.asdict(entry_of(LINE, (11, _at(7)))) == ENTRY | {
        "operation_id": ID,
        "seq": 11,
        "recorded_at": _at(7),
        "to_stage": "requested",
        "to_status": "pending",
        "personal": {"comment": "a word"},
    }
