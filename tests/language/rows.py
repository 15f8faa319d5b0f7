"""Operations put straight into the table: the language and the reports only read."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from viertakt.db.pool import Connection

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_numbers = count(1)

INSERT = """
    INSERT INTO viertakt.operation (
        operation_id, kind, kind_version, reference, subject, brand, amount, currency, attributes, tags, parent_id,
        stage, status, waiting_on, version, contradiction, created_at, entered_at, changed_at, closed_at, deadline_at
    ) VALUES (
        %(operation_id)s, %(kind)s, 1, %(reference)s, %(subject)s, %(brand)s, %(amount)s, %(currency)s,
        %(attributes)s, %(tags)s, %(parent_id)s, %(stage)s, %(status)s, %(waiting_on)s, 1, %(contradiction)s,
        %(created_at)s, %(created_at)s, %(changed_at)s, %(closed_at)s, %(deadline_at)s
    )
"""
ALIAS = "INSERT INTO viertakt.alias (scheme, value, operation_id) VALUES (%s, %s, %s)"


def insert(conn: Connection, *, aliases: dict[str, str] | None = None, **given: Any) -> UUID:
    """One operation with these columns, and its id; what is not given is plain. Later ones are created later."""
    number = next(_numbers)
    created_at = given.get("created_at", NOON + timedelta(seconds=number))
    row: dict[str, Any] = {
        "operation_id": UUID(int=(0x0190 << 112) | (7 << 76) | (2 << 62) | number),
        "kind": "withdrawal",
        "reference": f"W-{number}",
        "subject": None,
        "brand": None,
        "amount": None,
        "currency": None,
        "attributes": {},
        "tags": [],
        "parent_id": None,
        "stage": "requested",
        "status": "pending",
        "waiting_on": None,
        "contradiction": False,
        "created_at": created_at,
        "changed_at": created_at,
        "closed_at": None,
        "deadline_at": None,
    } | given
    if row["status"] != "pending" and row["closed_at"] is None:
        row["closed_at"] = created_at
    row["attributes"] = Jsonb(row["attributes"])
    conn.execute(INSERT, row)
    names = {f"kind:{row['kind']}": row["reference"]} | (aliases or {})
    for scheme, value in names.items():
        conn.execute(ALIAS, [scheme, value, row["operation_id"]])
    operation_id = row["operation_id"]
    assert isinstance(operation_id, UUID)
    return operation_id
