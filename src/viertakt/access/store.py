"""What the tables of access hold, as values: the only place that knows them. Rows go no further than here."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from viertakt.access.grants import MANAGE, Rights
from viertakt.access.model import Actor, ActorId, Look, Person, Role, Session, Token
from viertakt.db.queries import load

queries = load(__package__)

Row = dict[str, Any]
_rights = msgspec.json.Decoder(Rights)


def install_roles(conn: Connection[Any], labels: Mapping[str, Mapping[str, str]]) -> None:
    """Write these roles and their labels."""
    roles = [{"role": role, "label": label} for role, label in labels.items()]
    conn.execute(queries["install_roles"], {"roles": _json(roles)})


def roles(conn: Connection[Any]) -> tuple[Role, ...]:
    """Every role there is, by name."""
    return msgspec.convert(_rows(conn, "list_roles", {}), tuple[Role, ...])


def make_role(conn: Connection[Any], role: str, label: Mapping[str, str], *, by: ActorId) -> bool:
    """Write a role; whether its name was free."""
    return bool(_rows(conn, "make_role", {"role": role, "label": _json(label), "by": by}))


def change_role(
    conn: Connection[Any], role: str, *, label: Mapping[str, str] | None, second_factor: bool | None
) -> None:
    """Write another label or another demand; None leaves it."""
    params = {"role": role, "label": label and _json(label), "second_factor": second_factor}
    conn.execute(queries["change_role"], params)


def remove_role(conn: Connection[Any], role: str) -> None:
    """Take a role out of use, also from those who left with it."""
    conn.execute(queries["remove_role"], {"role": role})
    conn.execute(queries["drop_role_of_all"], {"role": role})


def holders_of_role(conn: Connection[Any], role: str, *, limit: int = 1000) -> dict[ActorId, str]:
    """Who has a role and may still act: names by id."""
    rows = _rows(conn, "holders_of_role", {"role": role, "limit": limit})
    return {row["id"]: row["name"] for row in rows}


def ensure_actors(conn: Connection[Any], names: Mapping[ActorId, str]) -> None:
    """Write the actors that do not exist yet."""
    actors = [{"actor": actor, "name": name} for actor, name in names.items()]
    conn.execute(queries["ensure_actors"], {"actors": _json(actors)})


def add_actor(conn: Connection[Any], actor: ActorId, *, name: str, roles: Collection[str]) -> Actor:
    """Write a new actor with its roles."""
    conn.execute(queries["add_actor"], {"actor": actor, "name": name})
    conn.execute(queries["add_roles"], {"actor": actor, "roles": sorted(roles)})
    added = actor_by_id(conn, actor)
    assert added is not None, "it was written a moment ago"
    return added


def lock_actor(conn: Connection[Any], actor: ActorId) -> bool | None:
    """Hold an actor's row; whether it is active, or None where nobody has this id."""
    row = _row(conn, "lock_actor", {"actor": actor})
    return bool(row["active"]) if row else None


def replace_roles(conn: Connection[Any], actor: ActorId, roles: Collection[str]) -> None:
    """Write the roles of an actor that is locked."""
    params = {"actor": actor, "roles": sorted(roles)}
    conn.execute(queries["drop_roles"], params)
    conn.execute(queries["add_roles"], params)


def raise_access_version(conn: Connection[Any], actor: ActorId, *, active: bool) -> None:
    """Make every decision based on the earlier rights fail."""
    conn.execute(queries["raise_access_version"], {"actor": actor, "active": active})


def actor_by_id(conn: Connection[Any], actor: ActorId) -> Actor | None:
    """The actor as it may act now, or None where it does not exist or is not active."""
    row = _row(conn, "actor_by_id", {"actor": actor})
    return _actor(row) if row and row["active"] else None


def names_of(conn: Connection[Any], actors: Collection[ActorId]) -> dict[ActorId, str]:
    """Names by id; who is unknown is missing."""
    rows = _rows(conn, "names_of_actors", {"actors": sorted(set(actors))})
    return {row["actor"]: row["name"] for row in rows}


def add_person(
    conn: Connection[Any],
    actor: ActorId,
    *,
    email: str,
    password_hash: str | None,
    language: str,
    made_for: timedelta | None = None,
) -> None:
    """Write the sign-in of a person. `made_for`: for how long a password that was made up for them is good.

    Raises psycopg's `UniqueViolation` where the address is taken.
    """
    params = {
        "actor": actor,
        "email": email,
        "password_hash": password_hash,
        "language": language,
        "made_for": made_for,
    }
    conn.execute(queries["add_person"], params)


def people(conn: Connection[Any], *, actor: ActorId | None = None, limit: int = 1000) -> tuple[Person, ...]:
    """People who sign in, by name; at most one where an actor is named."""
    rows = _rows(conn, "people", {"actor": actor, "limit": limit})
    return msgspec.convert(rows, tuple[Person, ...])


def set_password_hash(conn: Connection[Any], actor: ActorId, password_hash: str) -> None:
    """Write another hash."""
    conn.execute(queries["set_password_hash"], {"actor": actor, "password_hash": password_hash})


def own_password(conn: Connection[Any], actor: ActorId) -> None:
    """Note that a person's password is their own."""
    conn.execute(queries["own_password"], {"actor": actor})


def made_password(conn: Connection[Any], actor: ActorId, good_for: timedelta) -> None:
    """Note that a person's password was made up for them, and for how long it is good."""
    conn.execute(queries["made_password"], {"actor": actor, "made_for": good_for})


def set_language(conn: Connection[Any], actor: ActorId, language: str) -> None:
    """Write the language a person reads."""
    conn.execute(queries["set_language"], {"actor": actor, "language": language})


def session(conn: Connection[Any], secret_hash: bytes, *, idle_max: timedelta) -> tuple[Session, bool] | None:
    """The live session, and whether its last sign of life is more than a minute old."""
    row = _row(conn, "actor_of_session", {"secret_hash": secret_hash, "idle_max": idle_max})
    if row is None:
        return None
    how = ("code",) if row["has_factor"] else ("password",) if row["has_password"] else ("sign_in",)
    actor, look = _actor(row), None
    if row["eyes"] is not None and actor.rights.to(MANAGE):
        look, actor = Look(row["eyes"], row["eyes_until"]), _with_eyes_of(conn, actor, row["eyes"])
    lacks = row["needs_factor"] and not row["has_factor"] and row["method"] == "password"
    made = row["has_made_password"] and row["method"] == "password"
    found = Session(row["session_id"], actor, row["proved_at"], how, look, bool(lacks), bool(made))
    return found, bool(row["seen_is_old"])


def _with_eyes_of(conn: Connection[Any], actor: Actor, role: str) -> Actor:
    row = _row(conn, "rights_of_role", {"role": role})
    assert row is not None, "a role without grants has rights too, and they are empty"
    return Actor(actor.id, actor.name, frozenset({role}), actor.access_version, _rights.decode(row["rights"]))


def restricted_stages(conn: Connection[Any]) -> tuple[tuple[str, str], ...]:
    """The kinds' stages that only a grant's own word opens."""
    row = _row(conn, "rights_of_role", {"role": ""})
    return _rights.decode(row["rights"]).restricted if row else ()


def open_eyes(conn: Connection[Any], session: UUID, role: str, *, length: timedelta) -> datetime | None:
    """Until when a session looks through the eyes of a role; None where it has ended."""
    row = _row(conn, "open_eyes", {"session_id": session, "role": role, "length": length})
    return row["eyes_until"] if row else None


def close_eyes(conn: Connection[Any], session: UUID) -> bool:
    """End a session's look; whether there was one."""
    return _row(conn, "close_eyes", {"session_id": session}) is not None


def see_session(conn: Connection[Any], secret_hash: bytes) -> None:
    """Note a sign of life."""
    conn.execute(queries["see_session"], {"secret_hash": secret_hash})


def see_person(conn: Connection[Any], actor: ActorId) -> None:
    """Note that a person was here."""
    conn.execute(queries["see_person"], {"actor": actor})


def end_session(conn: Connection[Any], secret_hash: bytes) -> None:
    """Remove a session; nothing happens where there is none."""
    conn.execute(queries["end_session"], {"secret_hash": secret_hash})


def end_sessions_of_actor(conn: Connection[Any], actor: ActorId) -> None:
    """Remove all sessions of a person."""
    conn.execute(queries["end_sessions_of_actor"], {"actor": actor})


def end_dead_sessions(conn: Connection[Any], actor: ActorId, *, idle_max: timedelta) -> None:
    """Remove sessions of a person that are too old or idle."""
    conn.execute(queries["end_dead_sessions"], {"actor": actor, "idle_max": idle_max})


def add_token(
    conn: Connection[Any],
    actor: ActorId,
    *,
    secret_hash: bytes,
    hint: str,
    expires_at: datetime | None,
    issued_by: ActorId,
) -> None:
    """Write a token's stored half."""
    params = {
        "actor": actor,
        "secret_hash": secret_hash,
        "hint": hint,
        "expires_at": expires_at,
        "issued_by": issued_by,
    }
    conn.execute(queries["add_token"], params)


def actor_of_token(conn: Connection[Any], secret_hash: bytes) -> Actor | None:
    """The actor of a live token."""
    row = _row(conn, "actor_of_token", {"secret_hash": secret_hash})
    return _actor(row) if row else None


def note_token_use(conn: Connection[Any], actor: ActorId) -> None:
    """Note that a token was used; does not wait for anybody."""
    conn.execute(queries["note_token_use"], {"actor": actor})


def tokens(conn: Connection[Any], *, limit: int = 1000) -> tuple[Token, ...]:
    """Tokens, the newest first, revoked ones too."""
    return msgspec.convert(_rows(conn, "tokens", {"limit": limit}), tuple[Token, ...])


def live_tokens_called(conn: Connection[Any], name_or_id: str) -> tuple[ActorId, ...]:
    """The tokens meant by a name or an id."""
    rows = _rows(conn, "live_tokens_called", {"name_or_id": name_or_id})
    return tuple(row["actor"] for row in rows)


def live_tokens_issued_by(conn: Connection[Any], actor: ActorId) -> tuple[ActorId, ...]:
    """The tokens that somebody issued and that nobody has revoked."""
    rows = _rows(conn, "live_tokens_issued_by", {"actor": actor})
    return tuple(row["actor"] for row in rows)


def somebody_manages(conn: Connection[Any]) -> bool:
    """Whether an active person has a grant that says `manage`."""
    row = _row(conn, "somebody_manages", {})
    return bool(row and row["found"])


def revoke_token(conn: Connection[Any], actor: ActorId) -> None:
    """Write that a token is revoked."""
    conn.execute(queries["revoke_token"], {"actor": actor})


def _actor(row: Row) -> Actor:
    rights = _rights.decode(row["rights"])
    return Actor(ActorId(row["id"]), row["name"], frozenset(row["roles"]), row["access_version"], rights)


# Our own cursor with our own row shape: the connection may be a host application's.
def _rows(conn: Connection[Any], name: str, params: Mapping[str, object]) -> Sequence[Row]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(queries[name], params).fetchall()


def _row(conn: Connection[Any], name: str, params: Mapping[str, object]) -> Row | None:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(queries[name], params).fetchone()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
