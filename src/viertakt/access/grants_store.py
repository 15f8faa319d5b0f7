"""The only place that knows the tables `access_grant` and `restricted_stage`."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from viertakt.access import audit_store
from viertakt.access.audit_model import ChangeSort
from viertakt.access.grants_model import GrantLine, NewGrant
from viertakt.access.model import ActorId
from viertakt.db.queries import load

_queries = load(__package__, "grants.sql")


def lock_grants(conn: Connection[Any]) -> None:
    """Nobody else changes grants, or gives anybody a role, until the transaction ends."""
    conn.execute(_queries["lock_grants"])


def add_grant(
    conn: Connection[Any], new: NewGrant, *, actor: ActorId, brought_by: str | None, reason: str | None
) -> int | None:
    """The number of a new grant, None where its role is not installed; in the audit too."""
    params = {
        "role": new.role,
        "token": new.token,
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
    audit_store.note(conn, ChangeSort.GRANTED, by=actor, grant_id=grant_id, reason=reason)
    return grant_id


def revoke_grant(
    conn: Connection[Any], grant_id: int, *, actor: ActorId, reason: str | None
) -> tuple[str | None, ActorId | None] | None:
    """The role or the token that loses it, None where no such grant is in force; in the audit too."""
    found = _rows(conn, "revoke_grant", {"grant_id": grant_id, "actor": actor})
    if not found:
        return None
    audit_store.note(conn, ChangeSort.REVOKED, by=actor, grant_id=grant_id, reason=reason)
    return found[0]["role"], found[0]["actor"]


def raise_access_versions(conn: Connection[Any], roles: Collection[str]) -> None:
    """Make every decision fail that is based on what these roles were granted before."""
    conn.execute(_queries["raise_access_versions"], {"roles": sorted(roles)})


def raise_all_access_versions(conn: Connection[Any]) -> None:
    """Make every decision fail that is based on anybody's earlier rights."""
    conn.execute(_queries["raise_all_access_versions"])


def grants(
    conn: Connection[Any],
    *,
    role: str | None = None,
    token: ActorId | None = None,
    of_tokens: bool = False,
    revoked: bool = False,
    limit: int = 1000,
) -> tuple[GrantLine, ...]:
    """Grants by their number."""
    params = {"role": role, "token": token, "of_tokens": of_tokens, "revoked": revoked, "limit": limit}
    rows = _rows(conn, "grants_of", params)
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


def _rows(conn: Connection[Any], name: str, params: Mapping[str, object]) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_queries[name], params).fetchall()
