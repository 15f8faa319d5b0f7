"""Operations put straight into the table: the language and the reports only read."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from viertakt.db.pool import Connection

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_numbers = count(1)

INSERT = """
    INSERT INTO viertakt.operation (
        operation_id, kind, kind_version, reference, subject, brand, amount, currency, attributes, tags, parent_id,
        stage, status, waiting_on, version, contradiction, created_at, entered_at, changed_at, closed_at, deadline_at
    ) VALUES (
        %(operation_id)s, %(kind)s, %(kind_version)s, %(reference)s, %(subject)s, %(brand)s, %(amount)s, %(currency)s,
        %(attributes)s, %(tags)s, %(parent_id)s, %(stage)s, %(status)s, %(waiting_on)s, %(version)s, %(contradiction)s,
        %(created_at)s, %(entered_at)s, %(changed_at)s, %(closed_at)s, %(deadline_at)s
    )
"""
WORDS = "INSERT INTO viertakt.words (operation_id, words) VALUES (%s, viertakt.words_of(concat_ws(' ', %s::text, %s::text, %s::text)))"
ENTRY = """
    INSERT INTO viertakt.entry (
        operation_id, version, sort, from_stage, from_status, to_stage, to_status, actor, cause, reason, at
    ) VALUES (
        %(operation_id)s, %(version)s, %(sort)s, %(from_stage)s, %(from_status)s, %(to_stage)s, %(to_status)s,
        'system:tests', 'process', %(reason)s, %(at)s
    )
"""
STAYS = """
    INSERT INTO viertakt.stay (
        operation_id, ordinal, kind, stage, status, entered_at, entered_position, left_at, left_position, next_stage
    )
    SELECT
        e.operation_id, e.version, 'withdrawal', e.to_stage, e.to_status, e.at, e.version,
        lead(e.at) OVER w, lead(e.version) OVER w, lead(e.to_stage) OVER w
    FROM viertakt.entry AS e
    WHERE e.operation_id = %s AND e.sort IN ('opened', 'moved')
    WINDOW w AS (ORDER BY e.version)
"""
ALIAS = "INSERT INTO viertakt.alias (scheme, value, operation_id) VALUES (%s, %s, %s)"


def insert(conn: Connection, *, aliases: dict[str, str] | None = None, **given: Any) -> UUID:
    """One operation with these columns, and its id; what is not given is plain. Later ones are created later."""
    number = next(_numbers)
    created_at = given.get("created_at", NOON + timedelta(seconds=number))
    row: dict[str, Any] = {
        "operation_id": UUID(int=(0x0190 << 112) | (7 << 76) | (2 << 62) | number),
        "kind": "withdrawal",
        "kind_version": 1,
        "version": 1,
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
        "entered_at": created_at,
        "changed_at": created_at,
        "closed_at": None,
        "deadline_at": None,
    } | given
    if row["status"] != "pending" and row["closed_at"] is None:
        row["closed_at"] = created_at
    insert_rows(conn, [row])
    free = row["attributes"].get("original_reference")
    for scheme, value in (aliases or {}).items():
        conn.execute(ALIAS, [scheme, value, row["operation_id"]])
    conn.execute(WORDS, [row["operation_id"], row["reference"], row["subject"], free])
    operation_id = row["operation_id"]
    assert isinstance(operation_id, UUID)
    return operation_id


VERSION = "UPDATE viertakt.operation SET version = greatest(%s, 1) WHERE operation_id = %s"


ASSIGNMENT = """
    INSERT INTO viertakt.assignment (operation_id, assignee, claimed_by, lease_until, snoozed_until, priority)
    VALUES (%s, %s, %s, %s, %s, %s)
"""


def insert_rows(conn: Connection, rows: list[dict[str, Any]]) -> None:
    """Operations with all their columns, and the name by which their reference is looked up, in one go; without words."""
    with conn.cursor() as cursor:
        cursor.executemany(INSERT, [row | {"attributes": Jsonb(row["attributes"])} for row in rows])
        # A scheme of its own for each: arbitrary operations may share kind and reference, real ones cannot.
        names = [(f"kind:{row['operation_id']}", row["reference"], row["operation_id"]) for row in rows]
        cursor.executemany(ALIAS, names)
        works = [(row["operation_id"], row["assignment"]) for row in rows if row.get("assignment")]
        cursor.executemany(ASSIGNMENT, [(id_, *msgspec.structs.astuple(work)) for id_, work in works])


def history(conn: Connection, operation_id: UUID, *steps: str) -> None:
    """Entries as `stage/status` or `stage/status/reason`, opening included; `=` is an amendment, `!` a refused attempt.

    And the stays that follow from them.
    """
    stage: str | None = None
    status: str | None = None
    version = 0
    for number, step in enumerate(steps):
        row: dict[str, Any] = {
            "operation_id": operation_id,
            "sort": "refused",
            "version": None,
            "from_stage": stage,
            "from_status": status,
            "to_stage": None,
            "to_status": None,
            "reason": None,
            "at": NOON + timedelta(minutes=number),
        }
        if not step.startswith("!"):
            version += 1
            if step != "=":
                stage, status, *_ = step.split("/")
            sort = "amended" if step == "=" else "moved" if number else "opened"
            row |= {"sort": sort, "version": version, "to_stage": stage, "to_status": status}
        row["reason"] = dict(enumerate(step.split("/"))).get(2)
        conn.execute(ENTRY, row)
    conn.execute(STAYS, [operation_id])
    conn.execute(VERSION, [version, operation_id])
