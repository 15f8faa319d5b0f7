"""The only place that knows the tables of signing in: second factors, identities, the brake, the record of all of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from viertakt.access.model import ActorId
from viertakt.access.sign_in_model import (
    Account,
    AccountSession,
    Event,
    EventLine,
    Factor,
    Identity,
    Known,
    Tried,
)
from viertakt.db.queries import load

_queries = load(__package__, "sign_in.sql")


def known(conn: Connection[Any], *, email: str | None = None, actor: ActorId | None = None) -> Known | None:
    """What a sign-in is judged by: the active person with this address, or this person."""
    rows = _rows(conn, "account_to_sign_in", {"email": email, "actor": actor})
    if not rows:
        return None
    row = rows[0]
    sealed = row["sealed_secret"]
    factor = None if sealed is None else Factor(bytes(sealed), row["last_step"], row["now"])
    return Known(row["actor"], row["email"], row["password_hash"], factor)


def account(conn: Connection[Any], actor: ActorId) -> Account:
    """An account as its person sees it; there must be one."""
    (row,) = _rows(conn, "account", {"actor": actor})
    return msgspec.convert({**row, "identities": identities_of(conn, actor)}, Account)


def enrol_factor(conn: Connection[Any], actor: ActorId, sealed_secret: bytes) -> bool:
    """Write a secret that is not in force yet; whether it was, for one in force stays."""
    return bool(_rows(conn, "enrol_factor", {"actor": actor, "sealed_secret": sealed_secret}))


def enrolled_factor(conn: Connection[Any], actor: ActorId) -> Factor | None:
    """The secret that waits for its first code."""
    rows = _rows(conn, "enrolled_factor", {"actor": actor})
    return Factor(bytes(rows[0]["sealed_secret"]), rows[0]["last_step"], rows[0]["now"]) if rows else None


def accept_step(conn: Connection[Any], actor: ActorId, step: int) -> bool:
    """Take a time step; whether nobody has taken it, or a later one, before."""
    return bool(_rows(conn, "accept_step", {"actor": actor, "step": step}))


def drop_factor(conn: Connection[Any], actor: ActorId) -> bool:
    """Remove second factor and recovery codes; whether there was one in force."""
    rows = _rows(conn, "drop_factor", {"actor": actor})
    conn.execute(_queries["drop_recovery_codes"], {"actor": actor})
    return bool(rows and rows[0]["was_confirmed"])


def replace_recovery_codes(conn: Connection[Any], actor: ActorId, code_hashes: Sequence[bytes]) -> None:
    """Write these codes in place of all earlier ones."""
    conn.execute(_queries["drop_recovery_codes"], {"actor": actor})
    conn.execute(_queries["add_recovery_codes"], {"actor": actor, "code_hashes": list(code_hashes)})


def use_recovery_code(conn: Connection[Any], actor: ActorId, code_hash: bytes) -> bool:
    """Take a recovery code; whether it was there and unused."""
    return bool(_rows(conn, "use_recovery_code", {"actor": actor, "code_hash": code_hash}))


# Sessions ------------------------------------------------------------------------------------------------------


def start_session(
    conn: Connection[Any],
    actor: ActorId,
    secret_hash: bytes,
    *,
    age_max: timedelta,
    method: str,
    address: str | None,
    client: str | None,
    proved_at: datetime | None = None,
) -> None:
    """Write a session, proved now or at the earlier moment that is given."""
    params = {"actor": actor, "secret_hash": secret_hash, "age_max": age_max, "proved_at": proved_at}
    conn.execute(
        _queries["start_session"], {**params, "method": method, "address": address, "client": client}
    )


def step_up_session(conn: Connection[Any], session_id: UUID, new_hash: bytes) -> bool:
    """Give a session another secret, proved now; whether it was still there."""
    return bool(_rows(conn, "step_up_session", {"session_id": session_id, "new_hash": new_hash}))


def sessions_of(
    conn: Connection[Any], actor: ActorId, *, idle_max: timedelta, limit: int = 200
) -> tuple[AccountSession, ...]:
    """The live sessions of a person, the last seen first."""
    rows = _rows(conn, "sessions_of", {"actor": actor, "idle_max": idle_max, "limit": limit})
    return msgspec.convert(rows, tuple[AccountSession, ...])


def end_sessions(
    conn: Connection[Any], actor: ActorId, *, only: UUID | None = None, but: UUID | None = None
) -> int:
    """End one session of a person (`only`), all but one (`but`), or all; how many there were."""
    return len(_rows(conn, "end_sessions", {"actor": actor, "only": only, "but": but}))


# Identities at providers ---------------------------------------------------------------------------------------


def identity(conn: Connection[Any], issuer: str, subject: str) -> tuple[ActorId, bool] | None:
    """Whom a provider's subject is here, and whether its groups say what they are."""
    rows = _rows(conn, "identity", {"issuer": issuer, "subject": subject})
    return (rows[0]["actor"], rows[0]["manages_roles"]) if rows else None


def link_identity(
    conn: Connection[Any], actor: ActorId, *, issuer: str, subject: str, manages_roles: bool
) -> bool:
    """Write whom a subject is; whether it was nobody before."""
    params = {"issuer": issuer, "subject": subject, "actor": actor, "manages_roles": manages_roles}
    return bool(_rows(conn, "link_identity", params))


def use_identity(conn: Connection[Any], issuer: str, subject: str) -> None:
    """Note that it was used."""
    conn.execute(_queries["use_identity"], {"issuer": issuer, "subject": subject})


def identities_of(conn: Connection[Any], actor: ActorId) -> tuple[Identity, ...]:
    """The providers by which a person signs in."""
    return msgspec.convert(_rows(conn, "identities_of", {"actor": actor}), tuple[Identity, ...])


def unlink_identity(conn: Connection[Any], actor: ActorId, issuer: str) -> bool:
    """Remove one; whether there was one."""
    return bool(_rows(conn, "unlink_identity", {"actor": actor, "issuer": issuer}))


# The brake -----------------------------------------------------------------------------------------------------


def lock_brake(conn: Connection[Any], keys: Collection[bytes]) -> tuple[Tried, ...]:
    """What was counted under these keys, locked until the transaction ends."""
    conn.execute(_queries["brake_keys"], {"keys": list(keys)})
    return msgspec.convert(_rows(conn, "lock_brake", {"keys": list(keys)}), tuple[Tried, ...])


def count_try(conn: Connection[Any], key: bytes, failures: int, locked_until: datetime | None) -> None:
    """Write what was counted."""
    params = {"key_hash": key, "failures": failures, "locked_until": locked_until}
    conn.execute(_queries["count_try"], params)


def take_back_try(conn: Connection[Any], keys: Collection[bytes]) -> None:
    """One failure less."""
    conn.execute(_queries["take_back_try"], {"keys": list(keys)})


def forget_failures(conn: Connection[Any], key: bytes) -> None:
    """No failures."""
    conn.execute(_queries["forget_failures"], {"key_hash": key})


def prune_brake(conn: Connection[Any], *, kept: timedelta, limit: int) -> None:
    """Remove what has not been counted on for so long."""
    conn.execute(_queries["prune_brake"], {"kept": kept, "limit": limit})


# The record ----------------------------------------------------------------------------------------------------


def note(conn: Connection[Any], event: Event) -> None:
    """Write what happened, for good."""
    conn.execute(_queries["note_event"], msgspec.structs.asdict(event))


def events(conn: Connection[Any], *, actor: ActorId | None, limit: int = 500) -> tuple[EventLine, ...]:
    """What happened, the newest first."""
    return msgspec.convert(_rows(conn, "events", {"actor": actor, "limit": limit}), tuple[EventLine, ...])


def _rows(conn: Connection[Any], name: str, params: Mapping[str, object]) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_queries[name], params).fetchall()
