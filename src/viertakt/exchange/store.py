"""What an import asks of the tables before it writes through the batch. It writes nothing itself."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.db.queries import load
from viertakt.operations.model import OperationId

queries = load(__package__)


class Imported(msgspec.Struct, frozen=True):
    """A case that is here already, and how many of its moves an import made."""

    operation_id: OperationId
    moves: int


def imported(conn: Connection[Any], kind: str, references: Collection[str]) -> dict[str, Imported]:
    """The cases of this kind that are here already, by reference."""
    parameters = {"scheme": f"kind:{kind}", "references": msgspec.json.encode(list(references)).decode()}
    rows: list[tuple[str, UUID, int]] = conn.execute(queries["imported"], parameters).fetchall()
    return {reference: Imported(OperationId(operation), moves) for reference, operation, moves in rows}
