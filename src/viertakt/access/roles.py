"""Roles: the product's, and those a company makes itself; what one asks for, and the world through its eyes.

A removed role stays in the database: histories and the audit name it, so its name is never given to another.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from psycopg import Connection

from viertakt.access import audit_store, granting, store
from viertakt.access.actions import LANGUAGES, check_name
from viertakt.access.audit_model import ChangeSort
from viertakt.access.grants_store import grants, lock_grants
from viertakt.access.model import Actor, ActorId, Look, Role, Session
from viertakt.errors import Conflict, Invalid, NotFound, Unauthenticated

ROLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED = frozenset({"import", "system"})  # what no person is: `rules`
LOOK_MAX = timedelta(hours=1)
_NAMED_MAX = 5

roles = store.roles
holders_of_role = store.holders_of_role


def role_called(conn: Connection[Any], name: str) -> Role:
    """The role of this name. Raises `NotFound`."""
    for role in store.roles(conn):
        if role.role == name:
            return role
    raise NotFound(f"There is no role {name[:80]!r}; list them to see which there are.")


def make_role(
    conn: Connection[Any], name: str, label: Mapping[str, str], *, by: ActorId, reason: str | None = None
) -> Role:
    """A role of the company's own, which may nothing yet. Raises `Invalid`, and `Conflict` where the name was used."""
    if not ROLE_NAME.fullmatch(name) or name in _RESERVED:
        raise Invalid(
            "A role's name is 1 to 40 small letters, digits and _, and begins with a letter; "
            f"{', '.join(sorted(_RESERVED))} are the system's own."
        )
    lock_grants(conn)
    if not store.make_role(conn, name, _checked_label(label), by=by):
        raise Conflict(f"There is, or was, a role {name}; histories name it, so choose another name.")
    _note(conn, ChangeSort.ROLE_MADE, name, by=by, reason=reason)
    return role_called(conn, name)


def change_role(
    conn: Connection[Any],
    name: str,
    *,
    label: Mapping[str, str] | None = None,
    second_factor: bool | None = None,
    by: ActorId,
    reason: str | None = None,
) -> Role:
    """Call a role something else, or let it ask for an authenticator. Raises `Invalid`, `NotFound`."""
    before = role_called(conn, name)
    if label is not None and before.made_by is None:
        raise Invalid(f"{name} is the product's own: what it is called comes with the product.")
    store.change_role(
        conn, name, label=None if label is None else _checked_label(label), second_factor=second_factor
    )
    after = role_called(conn, name)
    if after != before:
        _note(conn, ChangeSort.ROLE_CHANGED, name, by=by, reason=reason, second_factor=after.second_factor)
    return after


def remove_role(conn: Connection[Any], name: str, *, by: Actor, reason: str | None = None) -> None:
    """Take a company's role out of use, with its grants. Raises `NotFound`, `Invalid`, and `Conflict` while somebody has it."""
    lock_grants(conn)
    role = role_called(conn, name)
    if role.made_by is None:
        raise Invalid(f"{name} is the product's own and stays; revoke its grants, and it may nothing.")
    held = list(store.holders_of_role(conn, name).values())
    if held:
        more = f" and {len(held) - _NAMED_MAX} more" if len(held) > _NAMED_MAX else ""
        raise Conflict(
            f"{', '.join(held[:_NAMED_MAX])}{more} still have role {name}; take it from them first."
        )
    for line in grants(conn, role=name):
        granting.revoke_grant(conn, line.id, actor=by, reason=reason)
    store.remove_role(conn, name)
    _note(conn, ChangeSort.ROLE_REMOVED, name, by=by.id, reason=reason)


def look_as(conn: Connection[Any], session: Session, name: str) -> Look:
    """From now on this session sees what a role sees, and changes nothing; it ends by itself. Raises `NotFound`."""
    role = role_called(conn, name)
    until = store.open_eyes(conn, session.id, role.role, length=LOOK_MAX)
    if until is None:
        raise Unauthenticated("This session has ended; sign in again.")
    _note(conn, ChangeSort.LOOKED, name, by=session.actor.id, reason=None)
    return Look(role.role, until)


def look_no_more(conn: Connection[Any], session: Session) -> None:
    """The session is its person's again; one that looks through nobody's eyes is no fault."""
    store.close_eyes(conn, session.id)


def _checked_label(label: Mapping[str, str]) -> dict[str, str]:
    if set(label) != set(LANGUAGES):
        raise Invalid(f"A role is called something in {' and '.join(LANGUAGES)}.")
    return {language: check_name(label[language]) for language in LANGUAGES}


def _note(
    conn: Connection[Any],
    sort: ChangeSort,
    role: str,
    *,
    by: ActorId,
    reason: str | None,
    second_factor: bool | None = None,
) -> None:
    detail: dict[str, Any] = {"role": role}
    if second_factor is not None:
        detail["second_factor"] = second_factor
    audit_store.note(conn, sort, by=by, reason=reason and check_name(reason), detail=detail)
