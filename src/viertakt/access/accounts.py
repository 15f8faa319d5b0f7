"""A person's own account: password, authenticator, recovery codes, sessions; and what an administrator does to it.

Whoever changes how somebody signs in has just proved who they are: the door asks for it before it calls. Every change is
recorded, with who did it.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from viertakt.access import brake
from viertakt.access import sign_in_store as store
from viertakt.access.actions import actor_by_id, person
from viertakt.access.grants import MANAGE
from viertakt.access.model import Actor, ActorId, Session
from viertakt.access.passwords import check_new_password, generate_password, hash_password
from viertakt.access.sealing import Sealer
from viertakt.access.second_factor import (
    accepted_step,
    new_recovery_codes,
    new_secret,
    otpauth_uri,
    plain_code,
    qr_svg,
    recovery_hashes,
)
from viertakt.access.sign_in_model import Account, AccountSession, Enrolment, Event, EventLine, Limits, Origin
from viertakt.access.store import made_password, own_password, roles, set_password_hash
from viertakt.errors import Conflict, Forbidden, Invalid, NotFound

RESET_FOR = timedelta(days=1)  # whoever asked for it waits for it


def account(conn: Connection[Any], actor: ActorId) -> Account:
    """How a person proves who they are."""
    return store.account(conn, actor)


def enrol(conn: Connection[Any], session: Session, sealer: Sealer) -> Enrolment:
    """A secret for an authenticator, shown this once and not in force until `confirm`. Raises `Conflict`."""
    actor = session.actor.id
    secret = new_secret()
    if not store.enrol_factor(conn, actor, sealer.seal(secret.encode(), about=actor)):
        raise Conflict("An authenticator is in use already; take it out of use first.")
    uri = otpauth_uri(secret, account=person(conn, actor).email)
    return Enrolment(secret, uri, qr_svg(uri))


def confirm(
    conn: Connection[Any], session: Session, sealer: Sealer, code: str, *, origin: Origin
) -> tuple[str, ...]:
    """Put the authenticator in force by its first code; ten recovery codes, shown this once. Raises `Conflict`, `Invalid`."""
    actor = session.actor.id
    factor = store.enrolled_factor(conn, actor)
    if factor is None:
        raise Conflict("No authenticator waits for its first code; begin again.")
    secret = sealer.open(factor.sealed_secret, about=actor).decode()
    step = accepted_step(secret, plain_code(code), now=factor.now, last_step=factor.last_step)
    if step is None or not store.accept_step(conn, actor, step):
        raise Invalid(
            "This code is not right. Check the clock of your device, and take the code that shows now."
        )
    brake.succeeded(conn, brake.brakes_of(actor, origin.address))
    codes = _fresh_codes(conn, actor)
    store.end_sessions(conn, actor, but=session.id)
    _note(conn, "factor_added", session.actor, origin)
    return codes


def renew_recovery_codes(conn: Connection[Any], session: Session, *, origin: Origin) -> tuple[str, ...]:
    """Ten fresh recovery codes in place of all earlier ones. Raises `Conflict` without an authenticator."""
    if store.account(conn, session.actor.id).confirmed_at is None:
        raise Conflict("Recovery codes stand in for an authenticator; add one first.")
    codes = _fresh_codes(conn, session.actor.id)
    _note(conn, "recovery_codes_renewed", session.actor, origin)
    return codes


def drop_factor(conn: Connection[Any], session: Session, *, origin: Origin) -> None:
    """Take the authenticator out of use. Raises `Conflict` where there is none."""
    check_droppable(conn, session.actor.id)
    if not store.drop_factor(conn, session.actor.id):
        raise Conflict("No authenticator is in use.")
    _note(conn, "factor_removed", session.actor, origin)


def check_droppable(conn: Connection[Any], actor: ActorId) -> None:
    """Raises `Conflict` where one of the person's roles asks for an authenticator; only an administrator resets it then."""
    asking = [role.role for role in roles(conn) if role.second_factor]
    held = sorted(actor_by_id(conn, actor).roles.intersection(asking))
    if held:
        raise Conflict(
            f"Role {held[0]} asks for an authenticator. For another device, ask who administers to reset this one."
        )


def change_password(conn: Connection[Any], session: Session, password: str, *, origin: Origin) -> None:
    """Another password; every other session ends. Raises `Invalid`."""
    known = person(conn, session.actor.id)
    check_new_password(password, (known.name, known.email))
    set_password_hash(conn, session.actor.id, hash_password(password))
    own_password(conn, session.actor.id)
    store.end_sessions(conn, session.actor.id, but=session.id)
    _note(conn, "password_changed", session.actor, origin)


def sessions(conn: Connection[Any], actor: ActorId, limits: Limits) -> tuple[AccountSession, ...]:
    """The live sessions of a person, the last seen first. Raises `NotFound`."""
    person(conn, actor)
    return store.sessions_of(conn, actor, idle_max=limits.idle_max)


def end_sessions(
    conn: Connection[Any],
    actor: ActorId,
    *,
    by: Actor,
    origin: Origin,
    only: UUID | None = None,
    but: UUID | None = None,
) -> None:
    """End one session of a person (`only`), all but one (`but`), or all of them. Raises `NotFound`."""
    person(conn, actor)
    ended = store.end_sessions(conn, actor, only=only, but=but)
    if only is not None and not ended:
        raise NotFound("There is no such session; it may have ended.")
    if ended:
        _note(conn, "sessions_ended", by, origin, actor=actor, detail=f"{ended}")


def reset_factor(conn: Connection[Any], actor: ActorId, *, by: Actor, origin: Origin, reason: str) -> None:
    """For somebody who lost device and codes: no authenticator any more, and signed out everywhere. Raises `NotFound`, `Conflict`."""
    person(conn, actor)
    if actor == by.id:
        raise Conflict("Somebody else resets your authenticator; you can take it out of use yourself.")
    if not store.drop_factor(conn, actor):
        raise Conflict("This person has no authenticator in use.")
    store.end_sessions(conn, actor)
    _note(conn, "factor_reset", by, origin, actor=actor, detail=reason)


def reset_password(conn: Connection[Any], actor: ActorId, *, by: Actor, origin: Origin, reason: str) -> str:
    """For somebody who forgot theirs: a made-up password, shown this once, good for a day and for choosing their own.

    They are signed out everywhere; an authenticator stays asked for. Raises `NotFound`, `Conflict`.
    """
    if not person(conn, actor).active:
        raise Conflict("This person may not sign in; let them come back first.")
    if actor == by.id:
        raise Conflict("Somebody else resets your password; you can change it yourself.")
    password = generate_password()
    set_password_hash(conn, actor, hash_password(password))
    made_password(conn, actor, RESET_FOR)
    store.end_sessions(conn, actor)
    _note(conn, "password_reset", by, origin, actor=actor, detail=reason)
    return password


def check_not_second(conn: Connection[Any], actor: ActorId) -> None:
    """Where access takes two, nobody at the door makes up how another who may approve signs in: they would be both.

    Raises `NotFound`, `Conflict` for somebody who left, `Forbidden`.
    """
    if not person(conn, actor).active:
        raise Conflict("This person may not sign in; let them come back first.")
    if actor_by_id(conn, actor).rights.to(MANAGE):
        raise Forbidden(
            "Access takes two persons here and this one may be the second: nobody who manages resets how they sign in."
            " Whoever runs the server does: viertakt people reset-password, or reset-authenticator."
        )


def unlink(conn: Connection[Any], session: Session, issuer: str, *, origin: Origin) -> None:
    """Sign in by this provider no more. Raises `NotFound`, and `Conflict` where nothing else would be left."""
    known = store.account(conn, session.actor.id)
    if not known.has_password and len(known.identities) < 2:
        raise Conflict("This is the only way you sign in; set a password first.")
    if not store.unlink_identity(conn, session.actor.id, issuer):
        raise NotFound("You do not sign in by this provider.")
    _note(conn, "identity_unlinked", session.actor, origin, detail=issuer)


def events(conn: Connection[Any], actor: ActorId | None = None) -> tuple[EventLine, ...]:
    """What happened at the door, the newest first, at most 500; about one person where one is named."""
    return store.events(conn, actor=actor)


def _fresh_codes(conn: Connection[Any], actor: ActorId) -> tuple[str, ...]:
    codes = new_recovery_codes()
    store.replace_recovery_codes(conn, actor, recovery_hashes(codes))
    return codes


def _note(
    conn: Connection[Any],
    sort: str,
    by: Actor,
    origin: Origin,
    *,
    actor: ActorId | None = None,
    detail: str | None = None,
) -> None:
    whose = actor or by.id
    event = Event(
        sort=sort,
        actor=whose,
        by_actor=None if whose == by.id else by.id,
        address=origin.address,
        client=origin.client,
        detail=detail,
    )
    store.note(conn, event)
