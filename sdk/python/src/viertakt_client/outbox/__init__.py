"""An outbox for services whose data lies in another PostgreSQL: your commit delivers, your rollback does not.

    your transaction ── INSERT your row ── outbox.move(conn, …) ── COMMIT
                                                    │ a row of viertakt_outbox
    forwarder ── oldest first ── sends with the row's key ── deletes the row
                                    │
              killed here, it is sent again: the key makes it happen once

What lives here: the table (`TABLE`), what writes into it (`open`, `move`, `outcome`), and the forwarder
(`viertakt-client outbox forward`). What does not: an answer. Whoever needs one calls `Client`, outside a transaction.

**The order.** Rows of one operation are told one after the other, in the order of their ids. Ids are given before the
commit, so a later one may be visible first; but where your transactions follow each other, because one waits for the
other's lock or reads what it wrote, the first has committed before the second takes its id. Operations do not wait for
each other.

**A refusal** ends nothing and is not passed over: the rows of that operation wait until somebody has looked
(`viertakt-client outbox list`, `retry`, `drop`). The rows of all others go on.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Protocol
from uuid import UUID

import msgspec

from viertakt_client.model import Money, Opening, Outcome, money
from viertakt_client.outbox.queries import load

__all__ = ["TABLE", "move", "open", "outcome"]

TABLE = files(__package__).joinpath("table.sql").read_text(encoding="utf-8")
_queries = load()


class Executes(Protocol):
    """A connection of psycopg."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...


class HasCursor(Protocol):
    """A connection of Django, or of any driver that takes `%(name)s`."""

    def cursor(self) -> Any: ...


class Session(Protocol):
    """A session of SQLAlchemy."""

    def connection(self) -> Any: ...


OutboxConnection = Executes | HasCursor | Session


def open(  # noqa: A001 - the word of the API
    conn: OutboxConnection,
    kind: str,
    *,
    reference: str,
    subject: str | None = None,
    brand: str | None = None,
    amount: Money | str | None = None,
    attributes: Mapping[str, str | int | bool] | None = None,
    parent: UUID | None = None,
    aliases: Mapping[str, str] | None = None,
    tags: Sequence[str] = (),
) -> None:
    """Have an operation opened once this transaction is committed."""
    opening = Opening(
        kind=kind,
        reference=reference,
        subject=subject,
        brand=brand,
        amount=money(amount),
        attributes=dict(attributes or {}),
        parent=parent,
        aliases=dict(aliases or {}),
        tags=tuple(tags),
    )
    _write(conn, kind, reference, "open", opening)


def move(
    conn: OutboxConnection,
    kind: str,
    reference: str,
    transition: str,
    *,
    reason: str | None = None,
    comment: str | None = None,
    data: Mapping[str, Any] | None = None,
    expected_stage: str | None = None,
) -> None:
    """Have a transition made once this transaction is committed."""
    asked = {"transition": transition, "reason": reason, "comment": comment, "data": data}
    _write(conn, kind, reference, "move", _given(asked | {"expected_stage": expected_stage}))


def outcome(
    conn: OutboxConnection,
    kind: str,
    reference: str,
    outcome: Outcome | str | None = None,
    *,
    reason: str | None = None,
    code: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Have an end reported once this transaction is committed."""
    told = {"outcome": outcome, "reason": reason, "code": code, "data": data}
    _write(conn, kind, reference, "outcome", _given(told))


def _write(conn: Any, kind: str, reference: str, call: str, body: Any) -> None:
    row = {"kind": kind, "reference": reference, "call": call, "body": msgspec.json.encode(body).decode()}
    if hasattr(conn, "get_bind"):  # a session of SQLAlchemy
        conn = conn.connection()
    if hasattr(conn, "exec_driver_sql"):  # its connection
        conn.exec_driver_sql(_queries["write"], row)
    elif hasattr(conn, "ensure_connection"):  # Django's
        with conn.cursor() as cursor:
            cursor.execute(_queries["write"], row)
    else:
        conn.execute(_queries["write"], row)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
