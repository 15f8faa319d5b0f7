"""What a door asks of access: sign in, issue a token, who is this?

Every function works on the caller's connection and leaves COMMIT to whoever opened the transaction. Whatever changes
what an actor may do raises its `access_version`: the write guard of a batch compares it, so a revoked right stops even
the move that was decided a moment before.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import Connection

from viertakt.access import audit_store, store
from viertakt.access.audit_model import ChangeSort
from viertakt.access.grants import MANAGE
from viertakt.access.grants_store import lock_grants
from viertakt.access.installed import INSTALLED, install_grants
from viertakt.access.model import (
    ROLE_LABELS,
    ROLES,
    Actor,
    ActorId,
    ActorSort,
    Person,
    Session,
    Token,
    system,
)
from viertakt.access.passwords import check_new_password, hash_password
from viertakt.access.secret_text import fingerprint, hint, is_token, new_token
from viertakt.errors import Conflict, Invalid, NotFound, Unauthenticated

MADE_FOR = timedelta(days=7)  # a password that was made up for somebody: long enough to hand it over
SESSION_IDLE_MAX = timedelta(minutes=30)  # where no setting says otherwise
NAME_LENGTH_MAX = 200
EMAIL_LENGTH_MAX = 254  # RFC 5321
LANGUAGES = ("en", "nl")
COMMAND_LINE = system("cli").id  # who changes access where nobody has signed in

# Loose on purpose: only a sent mail proves an address. No spaces, no control characters, one @.
EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f\ud800-\udfff]+@[^\s@\x00-\x1f\x7f\ud800-\udfff]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def install_roles(conn: Connection[Any]) -> None:
    """Write the product's roles and what they are granted; again is harmless."""
    assert set(ROLE_LABELS) == set(ROLES) == set(INSTALLED), (
        "Every role has a label and is granted something."
    )
    store.install_roles(conn, ROLE_LABELS)
    install_grants(conn)


def role_labels(conn: Connection[Any]) -> dict[str, dict[str, str]]:
    """Every role with its label in both languages."""
    return {one.role: one.label for one in store.roles(conn)}


def ensure_actor(conn: Connection[Any], actor: Actor) -> None:
    """Make a `system` actor known before it acts: the write guard looks for it. Again is harmless."""
    assert actor.sort is ActorSort.SYSTEM, f"{actor.id} is added with add_person or issue_token, not ensured."
    store.ensure_actors(conn, {actor.id: actor.name})


def ensure_imported_people(conn: Connection[Any], names: Mapping[ActorId, str]) -> None:
    """Make people of an imported history known by name; they have no e-mail address and cannot sign in.

    Ids are `person:<uuid5>` made by the importer, so that a second import finds the same people.
    """
    assert all(actor.startswith("person:") for actor in names), "Imported people have ids person:<uuid>."
    if names:
        store.ensure_actors(conn, {actor: check_name(name) for actor, name in names.items()})


def actor_by_id(conn: Connection[Any], actor: ActorId) -> Actor:
    """The actor as it may act now. Raises `Unauthenticated` where it may not any more."""
    found = store.actor_by_id(conn, actor)
    if found is None:
        raise Unauthenticated(f"{actor} may not act any more.")
    return found


def names_of(conn: Connection[Any], actors: Collection[ActorId]) -> dict[ActorId, str]:
    """The names behind these ids, at most 1,000; who is unknown is missing."""
    return store.names_of(conn, actors)


def set_roles(
    conn: Connection[Any],
    actor: ActorId,
    roles: Collection[str],
    *,
    by: ActorId = COMMAND_LINE,
    reason: str | None = None,
) -> Actor:
    """Replace what an actor is, at once. Raises `Invalid`, `NotFound`, and `Conflict` for the last one who manages."""
    known = check_roles(conn, roles)
    lock_grants(conn)
    if not store.lock_actor(conn, actor):
        raise NotFound(f"Nobody active has the id {actor}.")
    before = actor_by_id(conn, actor)
    if known == before.roles:
        return before
    store.replace_roles(conn, actor, known)
    store.raise_access_version(conn, actor, active=True)
    after = actor_by_id(conn, actor)
    if before.rights.to(MANAGE) and not after.rights.to(MANAGE):
        _check_somebody_manages(conn)
    detail = {"before": sorted(before.roles), "after": sorted(known)}
    audit_store.note(
        conn, ChangeSort.ROLES_SET, by=by, about=actor, reason=reason and check_name(reason), detail=detail
    )
    return after


# People --------------------------------------------------------------------------------------------------------


def add_person(
    conn: Connection[Any],
    *,
    email: str,
    name: str,
    roles: Collection[str],
    password: str | None,
    language: str = "en",
    by: ActorId = COMMAND_LINE,
    made: bool = False,
) -> Actor:
    """A person who can sign in, or, without a password, cannot yet. `made`: the password is not theirs; they replace it.

    Raises `Invalid`, `Conflict`.
    """
    address = check_email(email)
    full_name = check_name(name)
    known = check_roles(conn, roles)
    if language not in LANGUAGES:
        raise Invalid(f"The console speaks {' and '.join(LANGUAGES)}, not {language!r}.")
    if password is not None:
        check_new_password(password, (full_name, address))
    password_hash = None if password is None else hash_password(password)
    actor_id = ActorId(f"person:{uuid4()}")
    try:
        with conn.transaction():
            actor = store.add_actor(conn, actor_id, name=full_name, roles=known)
            store.add_person(
                conn,
                actor_id,
                email=address,
                password_hash=password_hash,
                language=language,
                made_for=MADE_FOR if made else None,
            )
    except psycopg.errors.UniqueViolation as refusal:
        raise Conflict(f"Somebody signs in with {address} already; choose another address.") from refusal
    audit_store.note(conn, ChangeSort.PERSON_ADDED, by=by, about=actor_id, detail={"after": sorted(known)})
    return actor


def person(conn: Connection[Any], actor: ActorId) -> Person:
    """A person with address and language. Raises `NotFound`."""
    found = store.people(conn, actor=actor)
    if not found:
        raise NotFound(f"No person has the id {actor}.")
    return found[0]


def person_called(conn: Connection[Any], name: str) -> Person:
    """The person with this e-mail address or id. Raises `NotFound`."""
    for known in store.people(conn):
        if name == known.id or name.strip().lower() == known.email.lower():
            return known
    raise NotFound(f"Nobody signs in as {name[:254]!r}; list people to see who does.")


def people(conn: Connection[Any]) -> tuple[Person, ...]:
    """Everybody who signs in, by name, at most 1,000."""
    return store.people(conn)


def set_password(conn: Connection[Any], actor: ActorId, password: str) -> None:
    """Another password; every session of the person ends. Raises `Invalid`, `NotFound`."""
    known = person(conn, actor)
    check_new_password(password, (known.name, known.email))
    store.set_password_hash(conn, actor, hash_password(password))
    store.own_password(conn, actor)
    store.end_sessions_of_actor(conn, actor)


def set_language(conn: Connection[Any], actor: ActorId, language: str) -> None:
    """The language a person reads. Raises `Invalid`."""
    if language not in LANGUAGES:
        raise Invalid(f"The console speaks {' and '.join(LANGUAGES)}, not {language!r}.")
    store.set_language(conn, actor, language)


def deactivate(
    conn: Connection[Any], actor: ActorId, *, by: ActorId = COMMAND_LINE, reason: str | None = None
) -> int:
    """Nobody acts under this id any more: sessions end, so do the tokens it issued, decisions under way fail.

    How many tokens ended: who knew their secret may keep it. Raises `NotFound`, `Conflict` for the last who manages.
    """
    lock_grants(conn)
    was_active = store.lock_actor(conn, actor)
    if was_active is None:
        raise NotFound(f"Nobody has the id {actor}.")
    if not was_active:
        return 0
    manages = bool(actor_by_id(conn, actor).rights.to(MANAGE))
    store.raise_access_version(conn, actor, active=False)
    if manages and actor.startswith("person:"):
        _check_somebody_manages(conn)
    store.end_sessions_of_actor(conn, actor)
    issued = store.live_tokens_issued_by(conn, actor)
    for token in issued:
        _end_token(conn, token, by=by)
    audit_store.note(
        conn,
        ChangeSort.DEACTIVATED,
        by=by,
        about=actor,
        reason=reason and check_name(reason),
        detail={"tokens": len(issued)},
    )
    return len(issued)


def activate(conn: Connection[Any], actor: ActorId, *, by: ActorId = COMMAND_LINE) -> Actor:
    """Somebody who was deactivated may sign in again, with the roles of then. Raises `NotFound`."""
    active = store.lock_actor(conn, person(conn, actor).id)
    if not active:
        store.raise_access_version(conn, actor, active=True)
        audit_store.note(conn, ChangeSort.ACTIVATED, by=by, about=actor)
    return actor_by_id(conn, actor)


def _check_somebody_manages(conn: Connection[Any]) -> None:
    if not store.somebody_manages(conn):
        raise Conflict("This is the last person who may manage: without them nobody could let anybody in.")


# Sessions ------------------------------------------------------------------------------------------------------


def session_of(conn: Connection[Any], secret: str, *, idle_max: timedelta = SESSION_IDLE_MAX) -> Session:
    """The live session with this secret; writes a sign of life at most once a minute. Raises `Unauthenticated`."""
    secret_hash = fingerprint(secret)
    found = store.session(conn, secret_hash, idle_max=idle_max)
    if found is None:
        raise Unauthenticated("This session has ended; sign in again.")
    session, seen_is_old = found
    if seen_is_old:
        store.see_session(conn, secret_hash)
        store.see_person(conn, session.actor.id)
    return session


def sign_out(conn: Connection[Any], secret: str) -> None:
    """End a session; one that has ended already is no fault."""
    store.end_session(conn, fingerprint(secret))


# Tokens --------------------------------------------------------------------------------------------------------


def issue_token(
    conn: Connection[Any],
    name: str,
    roles: Collection[str],
    expires_at: datetime | None = None,
    *,
    by: ActorId = COMMAND_LINE,
    without_roles: bool = False,
) -> tuple[str, Actor]:
    """A token in plain text, shown here only, and the actor it speaks for. Raises `Invalid`.

    `without_roles`: it is about to get grants of its own (`granting.issue_with_grants`).
    """
    known = check_roles(conn, roles)
    full_name = check_name(name)
    if not known and not without_roles:
        raise Invalid("A token needs at least one role, or a grant of its own.")
    if expires_at is not None and expires_at.tzinfo is None:
        raise Invalid("The end of a token needs a time zone.")
    plain = new_token()
    actor = store.add_actor(conn, ActorId(f"token:{uuid4()}"), name=full_name, roles=known)
    store.add_token(
        conn,
        actor.id,
        secret_hash=fingerprint(plain),
        hint=hint(plain),
        expires_at=expires_at,
        issued_by=by,
    )
    audit_store.note(conn, ChangeSort.TOKEN_ISSUED, by=by, about=actor.id, detail={"after": sorted(known)})
    return plain, actor


def actor_of_token(conn: Connection[Any], plain: str) -> Actor:
    """Who this token speaks for; one that is none of ours never reaches the database. Raises `Unauthenticated`."""
    actor = store.actor_of_token(conn, fingerprint(plain)) if is_token(plain) else None
    if actor is None:
        raise Unauthenticated("This token is unknown, revoked or expired.")
    return actor


def note_token_use(conn: Connection[Any], actor: ActorId) -> None:
    """Note that a token is in use, at most once a minute. In a transaction of its own, never in a move's."""
    store.note_token_use(conn, actor)


def tokens(conn: Connection[Any]) -> tuple[Token, ...]:
    """All tokens without their secrets, the newest first, at most 1,000."""
    return store.tokens(conn)


def revoke_token(conn: Connection[Any], name_or_id: str, *, by: ActorId = COMMAND_LINE) -> ActorId:
    """Take a token out of use at once. Raises `NotFound`, or `Invalid` where several have that name."""
    found = store.live_tokens_called(conn, name_or_id) if not _UNPRINTABLE.search(name_or_id) else ()
    if not found:
        raise NotFound("No live token has this name or id; list them to see which there are.")
    if len(found) > 1:
        raise Invalid(
            f"{len(found)} live tokens are called {name_or_id}; name one by its id: {', '.join(found)}."
        )
    _end_token(conn, found[0], by=by)
    return found[0]


def _end_token(conn: Connection[Any], token: ActorId, *, by: ActorId) -> None:
    store.lock_actor(conn, token)
    store.revoke_token(conn, token)
    store.raise_access_version(conn, token, active=False)
    audit_store.note(conn, ChangeSort.TOKEN_REVOKED, by=by, about=token)


# What may be written -------------------------------------------------------------------------------------------


def check_roles(conn: Connection[Any], roles: Collection[str]) -> frozenset[str]:
    """The roles, all of them there. Raises `Invalid` with what was probably meant."""
    known = [one.role for one in store.roles(conn)] if roles else []
    for role in roles:
        if role not in known:
            close = get_close_matches(role, known, n=1)
            meant = f" Did you mean {close[0]}?" if close else ""
            raise Invalid(f"There is no role {role[:80]!r}.{meant} The roles are {', '.join(known)}.")
    return frozenset(roles)


def check_name(name: str) -> str:
    """The name of somebody, without blanks around it. Raises `Invalid`."""
    trimmed = name.strip()
    if not trimmed or len(trimmed) > NAME_LENGTH_MAX or _UNPRINTABLE.search(trimmed):
        raise Invalid(f"A name has 1 to {NAME_LENGTH_MAX} characters and no control characters.")
    return trimmed


def check_email(email: str) -> str:
    """The address, without blanks around it. Raises `Invalid`."""
    trimmed = email.strip()
    if len(trimmed) > EMAIL_LENGTH_MAX or not EMAIL.fullmatch(trimmed):
        raise Invalid("An e-mail address looks like name@example.com.")
    return trimmed
