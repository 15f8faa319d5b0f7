"""What waits for consents, as one reader sees it: what is missing, who gave what, and what the reader may say.

What a consent is worth is asked of the rights of this moment, as it will be when the last one comes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.access.actions import actor_by_id
from viertakt.access.delegations import represented_by
from viertakt.access.model import Actor, ActorId, Right
from viertakt.access.rules import sees
from viertakt.errors import NotFound, ViertaktError
from viertakt.operations import store, store_approvals
from viertakt.operations.model import Approval, ApprovalState, Need, Operation, Verdict
from viertakt.operations.rules_approvals import (
    counts_for,
    needs_to_decide,
    objection,
    own_or_for,
    right_to_decide,
    standing,
    state_of,
    voices,
)
from viertakt.operations.store_approvals import Left, Place, read_approvals, settle_void, void_asked_by
from viertakt.operations.turn import Kinds
from viertakt.operations.verdicts import givers, present

__all__ = [
    "Left",
    "Seen",
    "read_approval",
    "read_approvals",
    "read_inbox",
    "read_open",
    "settle_void",
    "void_asked_by",
]

# Of what waits, at most so many are looked at for one who may decide: the longest waiting.
WAITING_MAX = 1000


class Seen(msgspec.Struct, frozen=True):
    """An approval as a reader sees it. `counted`: whose consents count now; `may`: what the reader may say to it.

    `objection`: why the reader may not consent. `on_behalf_of`: in whose name the reader would, where not in their own. `comment`: what was said when it was asked for, while it is kept.
    """

    approval: Approval
    operation: Operation
    state: ApprovalState
    needs: tuple[Need, ...]
    counted: frozenset[ActorId]
    may: tuple[Verdict, ...]
    objection: ViertaktError | None
    names: Mapping[str, str] = {}
    comment: str | None = None
    on_behalf_of: ActorId | None = None


def read_open(
    conn: Connection[Any], kinds: Kinds, operation: Operation, *, reader: Actor, now: datetime
) -> list[Seen]:
    """What waits for consents on an operation as it stands, oldest first."""
    found = store_approvals.read_approvals(conn, [operation.id])
    seen = _seen(conn, kinds, found, {operation.id: operation}, reader=reader, now=now)
    return [one for one in seen if one.state is ApprovalState.OPEN]


def read_approval(conn: Connection[Any], kinds: Kinds, place: Place, *, reader: Actor, now: datetime) -> Seen:
    """One approval, whatever became of it. Raises `NotFound`."""
    found = _read(conn, kinds, [place], reader=reader, now=now)
    if not found:
        raise NotFound(f"Operation {place.operation_id} has no approval {place.asked_seq}.")
    return found[0]


def read_inbox(
    conn: Connection[Any],
    kinds: Kinds,
    *,
    reader: Actor,
    mine: str | None,
    limit: int,
    now: datetime,
) -> list[Seen]:
    """What waits, the longest first: `decide`, what the reader's consent counts for; `asked`, what the reader asked for.

    After what the reader asked for and still waits comes what is over, the latest first. Without `mine` all that waits.
    """
    if mine == "decide":
        places = store_approvals.waiting(conn, asked_by=None, limit=WAITING_MAX)
        seen = _read(conn, kinds, places, reader=reader, now=now)
        return [one for one in seen if one.objection is None][:limit]
    places = store_approvals.waiting(conn, asked_by=reader.id if mine else None, limit=limit)
    if mine:
        places += store_approvals.settled(conn, asked_by=reader.id, limit=limit - len(places))
    return _read(conn, kinds, places, reader=reader, now=now)


def _read(
    conn: Connection[Any], kinds: Kinds, places: Sequence[Place], *, reader: Actor, now: datetime
) -> list[Seen]:
    """These approvals, in this order."""
    read = store.read_operations(conn, {place.operation_id for place in places})
    operations = {id_: operation for id_, operation in read.items() if sees(reader, operation)}
    wanted = {place.asked_seq for place in places}
    found = store_approvals.read_approvals(conn, operations, named=wanted)
    seen = _seen(
        conn,
        kinds,
        [one for one in found if one.asked_seq in wanted],
        operations,
        reader=reader,
        now=now,
    )
    order = {place: n for n, place in enumerate(places)}
    placed = {Place(one.operation.id, one.approval.asked_seq): one for one in seen}
    return [placed[place] for place in sorted(placed.keys() & order.keys(), key=order.__getitem__)]


def _seen(
    conn: Connection[Any],
    kinds: Kinds,
    approvals: Iterable[Approval],
    operations: Mapping[UUID, Operation],
    *,
    reader: Actor,
    now: datetime,
) -> list[Seen]:
    listed = list(approvals)
    if not listed:
        return []
    gave = {actor for approval in listed for actor in givers(approval)}
    represented = present(conn, actor_by_id, represented_by(conn, reader.id))
    people = present(conn, actor_by_id, gave)
    named = gave | represented.keys() | {approval.asked_by for approval in listed}
    named |= {approval.settled_by for approval in listed if approval.settled_by is not None}
    names = store.read_names(conn, named)
    comments = store_approvals.read_comments(conn, listed)
    return [
        msgspec.structs.replace(
            _seen_by(
                reader,
                approval,
                operations[approval.operation_id],
                _needs(conn, kinds, approval, operations[approval.operation_id], now),
                people,
                represented=tuple(represented.values()),
                now=now,
            ),
            names=names,
            comment=comments.get(approval.asked_seq),
        )
        for approval in listed
    ]


def _needs(
    conn: Connection[Any], kinds: Kinds, approval: Approval, operation: Operation, now: datetime
) -> tuple[Need, ...]:
    kind = kinds.at(conn, operation.kind, operation.kind_version).kind
    return needs_to_decide(kind, approval.transition, operation, now)


def _seen_by(
    reader: Actor,
    approval: Approval,
    operation: Operation,
    needs: tuple[Need, ...],
    people: Mapping[ActorId, Actor],
    *,
    represented: tuple[Actor, ...],
    now: datetime,
) -> Seen:
    own, *others = [
        (objection(operation, approval, voice, needs, people, now=now), voice)
        for voice in own_or_for(reader, represented)
    ]
    why_not, voice = next((one for one in (own, *others) if one[0] is None), own)
    name = approval.transition
    decides = [
        one
        for one in (reader, *represented)
        if one.id != approval.asked_by and isinstance(right_to_decide(one, operation, name, needs), Right)
    ]
    state = state_of(approval, operation, now)
    may: list[Verdict] = []
    if state is ApprovalState.OPEN:
        if why_not is None:
            may.append(Verdict.APPROVE)
        if reader.id == approval.asked_by:
            may.append(Verdict.WITHDRAW)
        elif decides:
            may.append(Verdict.DECLINE)
    return Seen(
        approval=approval,
        operation=operation,
        state=state,
        needs=standing(operation, needs, approval, people),
        counted=frozenset(
            voice.giver.id
            for voice in voices(approval, people)
            if any(counts_for(need, voice, operation, name) for need in needs)
        ),
        may=tuple(may),
        on_behalf_of=voice.on_behalf_of if why_not is None else None,
        objection=why_not,
    )
