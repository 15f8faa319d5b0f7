"""The only place that knows the tables `access_grant`, `access_change` and `restricted_stage`."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from viertakt.access.grants_model import Change, GrantLine, NewGrant
from viertakt.access.model import ActorId
from viertakt.db.queries import load

_queries = load(__package__, "grants.sql")


def lock_grants(conn: Connection[Any]) -> None:
    """Nobody else changes grants, or gives anybody a role, until the transaction ends."""
    conn.execute(_queries["lock_grants"])


def hold_grants(conn: Connection[Any]) -> None:
    """Nobody changes grants until the transaction ends."""
    conn.execute(_queries["hold_grants"])


def add_grant(
    conn: Connection[Any], new: NewGrant, *, actor: ActorId, brought_by: str | None, reason: str | None
) -> int | None:
    """The number of a new grant, None where its role is not installed; in the audit too."""
    params = {
        "role": new.role,
        "kinds": list(new.kinds),
        "may": list(new.may),
        "where": new.where,
        "amount_max": msgspec.json.encode(new.amount_max).decode(),
        "brought_by": brought_by,
        "actor": actor,
    }
    found = _rows(conn, "add_grant", params)
    if not found:
        return None
    grant_id = int(found[0]["grant_id"])
    _note(conn, "granted", grant_id, actor, reason)
    return grant_id


def revoke_grant(conn: Connection[Any], grant_id: int, *, actor: ActorId, reason: str | None) -> str | None:
    """The role that loses it, None where no such grant is in force; in the audit too."""
    found = _rows(conn, "revoke_grant", {"grant_id": grant_id, "actor": actor})
    if not found:
        return None
    _note(conn, "revoked", grant_id, actor, reason)
    return str(found[0]["role"])


def raise_access_versions(conn: Connection[Any], roles: Collection[str]) -> None:
    """Make every decision fail that is based on what these roles were granted before."""
    conn.execute(_queries["raise_access_versions"], {"roles": sorted(roles)})


def raise_all_access_versions(conn: Connection[Any]) -> None:
    """Make every decision fail that is based on anybody's earlier rights."""
    conn.execute(_queries["raise_all_access_versions"])


def grants(
    conn: Connection[Any], *, role: str | None = None, revoked: bool = False, limit: int = 1000
) -> tuple[GrantLine, ...]:
    """Grants by their number."""
    rows = _rows(conn, "grants_of", {"role": role, "revoked": revoked, "limit": limit})
    for row in rows:
        row["amount_max"] = {currency: Decimal(value) for currency, value in row["amount_max"].items()}
    return msgspec.convert(rows, tuple[GrantLine, ...])


def was_installed(conn: Connection[Any], role: str, *, by: ActorId) -> bool:
    """Whether a role was ever given what the product grants it."""
    return bool(_rows(conn, "was_installed", {"role": role, "actor": by})[0]["installed"])


def add_restricted_stages(conn: Connection[Any], kind: str, stages: Collection[str]) -> int:
    """Remember these stages as restricted; how many are new."""
    params = {"kind": kind, "stages": sorted(stages)}
    return int(_rows(conn, "add_restricted_stages", params)[0]["added"])


def changes(conn: Connection[Any], *, limit: int = 1000) -> tuple[Change, ...]:
    """The audit, the newest first."""
    return msgspec.convert(_rows(conn, "changes", {"limit": limit}), tuple[Change, ...])


def _note(conn: Connection[Any], sort: str, grant_id: int, actor: ActorId, reason: str | None) -> None:
    params = {"actor": actor, "sort": sort, "grant_id": grant_id, "reason": reason}
    conn.execute(_queries["note_change"], params)


def _rows(conn: Connection[Any], name: str, params: Mapping[str, object]) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_queries[name], params).fetchall()
