"""Who there is to work with: the people and teams that work is assigned to, and those that a note calls by name."""

import re
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from viertakt.access.model import ActorId
from viertakt.db.queries import load
from viertakt.errors import NotFound

PEOPLE_MAX = 1000
MENTIONS_MAX = 50  # in one note: whoever calls everybody calls nobody
PERSON, ROLE = "person:", "role:"

_queries = load(__package__, "directory.sql")


class Colleague(msgspec.Struct, frozen=True):
    """Somebody who signs in."""

    id: ActorId
    name: str
    roles: tuple[str, ...]


def colleagues(conn: Connection[Any]) -> list[Colleague]:
    """Everybody who signs in, by name, at most 1,000."""
    return [
        Colleague(ActorId(actor), name, tuple(roles))
        for actor, name, roles in _rows(conn, "colleagues", limit=PEOPLE_MAX)
    ]


def mentioned(conn: Connection[Any], text: str) -> list[ActorId]:
    """Whom a text calls by `@name` or `@address`, in its order, each once. Two of one name are both called."""
    if "@" not in text:
        return []
    called: dict[str, list[ActorId]] = {}
    for actor, name, email in _rows(conn, "people_called", text=text, limit=PEOPLE_MAX):
        for word in {name.lower(), email.lower()}:
            called.setdefault(word, []).append(ActorId(actor))
    if not called:
        return []
    # The longest first: "@Anna de Vries" does not call another Anna.
    names = "|".join(re.escape(word) for word in sorted(called, key=len, reverse=True))
    found = re.finditer(rf"(?<!\w)@({names})(?!\w)", text, re.IGNORECASE)
    actors = [actor for match in found for actor in called.get(match[1].lower(), ())]
    return list(dict.fromkeys(actors))[:MENTIONS_MAX]


def roles_granted(conn: Connection[Any], act: str) -> list[str]:
    """The roles whose grants say this very word, such as `consent:approve`."""
    return [role for (role,) in _rows(conn, "roles_granted", act=act)]


def assignee_named(conn: Connection[Any], name: str) -> str:
    """Whom work can be assigned to: `person:<id>` or `role:<name>`, also by an e-mail address or a role's bare name.

    Raises `NotFound`.
    """
    if name.startswith(PERSON):
        found = name if _one(conn, "is_person", actor=name) else None
    elif "@" in name:
        rows = _rows(conn, "person_by_email", email=name)
        found = rows[0][0] if rows else None
    else:
        role = name.removeprefix(ROLE)
        found = ROLE + role if _one(conn, "is_role", role=role) else None
    if found is None:
        raise NotFound(
            f"Nobody here is called {name[:100]!r}: give a person's id or e-mail address, or a role."
        )
    return str(found)


def _one(conn: Connection[Any], query: str, **parameters: object) -> Any:
    ((value,),) = _rows(conn, query, **parameters)
    return value


def _rows(conn: Connection[Any], query: str, **parameters: object) -> list[tuple[Any, ...]]:
    with conn.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(_queries[query], parameters).fetchall()
