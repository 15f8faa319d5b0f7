"""Parents and children: how children end their parent, what a parent ends with itself, and the tree for a reader."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.access.model import Actor
from viertakt.access.rules import sees
from viertakt.db.queries import load
from viertakt.kinds.model import Cause
from viertakt.operations import store
from viertakt.operations.model import (
    Caller,
    Decision,
    MoveRequest,
    Operation,
)
from viertakt.operations.reading import read_operation
from viertakt.operations.requests import FamilyRequest
from viertakt.operations.rules_family import decide_family
from viertakt.operations.turn import Engine, Turn

_queries = load(__package__, "families.sql")

DEPTH_MAX = 8
TREE_MAX = 500
ENDED_AT_ONCE = 1000  # more than that are ended when these have: each end is a reason to look again

_counts = msgspec.json.Decoder(dict[str, int])
_ids = msgspec.json.Decoder(list[UUID])
_places = msgspec.json.Decoder(list[tuple[UUID, int]])


class Child(msgspec.Struct, frozen=True):
    """An operation under another, so many steps below it."""

    operation: Operation
    depth: int


class Tree(msgspec.Struct, frozen=True):
    """What stands under an operation, parents before their children. `partial`: there is more than is told."""

    children: tuple[Child, ...]
    partial: bool


def decide(turn: Turn, operation: Operation, request: FamilyRequest) -> Decision | None:
    """What the children come to, read now that their parent is locked; None where it stays as it is."""
    published = turn.kind_of(operation)
    rule = published.kind.children
    if rule is None or operation.closed_at is not None:
        return None
    parameters = {"operation_id": operation.id, "kinds": list(rule.of) or None}
    children = _counts.decode(_one(turn.conn, "children_of_round", parameters))
    return decide_family(
        published, operation, request, children, catalogue=turn.engine.catalogue, now=turn.now
    )


def endings(conn: Connection[Any], engine: Engine, parent: Operation, caller: Caller) -> list[MoveRequest]:
    """The moves that end the open children of an ended operation, where its kind declares some that may be made here."""
    rule = engine.kinds.at(conn, parent.kind, parent.kind_version).kind.children
    if rule is None or not rule.cancel:
        return []
    parameters = {"operation_id": parent.id, "kinds": list(rule.cancel), "limit": ENDED_AT_ONCE}
    children = store.read_operations(conn, _ids.decode(_one(conn, "open_children", parameters)))
    moves = []
    for child in children.values():
        kind = engine.kinds.at(conn, child.kind, child.kind_version).kind
        way = kind.transitions.get(rule.cancel[child.kind])
        if way is not None and child.stage in way.from_ and Cause.CHILDREN in way.by:
            moves.append(MoveRequest(child.id, caller, rule.cancel[child.kind], expected_stage=child.stage))
    return moves


def read_tree(conn: Connection[Any], operation_id: UUID, *, reader: Actor) -> Tree:
    """What stands under an operation, as far as this reader sees it: of what is out of sight nothing below it either.

    Raises `NotFound`.
    """
    read_operation(conn, operation_id, reader=reader)
    parameters = {"operation_id": operation_id, "depth_max": DEPTH_MAX, "limit": TREE_MAX + 1}
    places = _places.decode(_one(conn, "descendants", parameters))
    found = store.read_operations(conn, [child for child, _ in places[:TREE_MAX]])
    seen = {operation_id}
    children: list[Child] = []
    for child, depth in places[:TREE_MAX]:
        operation = found[child]
        if operation.parent_id in seen and sees(reader, operation):
            seen.add(child)
            children.append(Child(operation, depth))
    return Tree(_in_order(operation_id, children), len(places) > TREE_MAX)


def _in_order(root: UUID, children: Sequence[Child]) -> tuple[Child, ...]:
    """Each followed by its own children, the oldest first."""
    under: dict[UUID | None, list[Child]] = {}
    for child in children:
        under.setdefault(child.operation.parent_id, []).append(child)
    ordered: list[Child] = []
    waiting = list(reversed(under.get(root, [])))
    while waiting:
        child = waiting.pop()
        ordered.append(child)
        waiting += reversed(under.get(child.operation.id, []))
    return tuple(ordered)


def _one(conn: Connection[Any], query: str, parameters: Mapping[str, object]) -> str:
    row = conn.execute(_queries[query], parameters).fetchone()
    assert row is not None, "an aggregate always answers one row"
    text: str = row[0]
    return text
