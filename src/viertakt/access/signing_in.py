"""How a person gets in: password, and a code where they have an authenticator; and how they prove it again later.

    admit ─ counted, committed ──► sign_in ─┬─ session, failures forgotten
                                            └─ refusal, recorded: returned, not raised, so that the record is committed

The answer and the time it takes are the same for an unknown address, a wrong password and a person who may not sign in.
A right password without the code that is needed says so, and forgets no failure.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.access import brake
from viertakt.access import sign_in_store as store
from viertakt.access.actions import EMAIL, EMAIL_LENGTH_MAX, actor_by_id
from viertakt.access.model import ActorId, Session, StepUp
from viertakt.access.passwords import hash_password, is_outdated, verify_password
from viertakt.access.sealing import Sealer
from viertakt.access.second_factor import accepted_step, plain_code, recovery_hash
from viertakt.access.secret_text import fingerprint, new_session_secret
from viertakt.access.sign_in_model import Event, Factor, Known, Limits, Origin, Started
from viertakt.access.store import end_dead_sessions, see_person, set_password_hash
from viertakt.errors import Invalid, SecondFactorRequired, Unauthenticated, ViertaktError

WRONG = "E-mail address or password is not right."
WRONG_CODE = "This code is not right, or was used before. Wait for the next one."


class Attempt(msgspec.Struct, frozen=True):
    """What somebody types to get in, and where it comes from. `code`: of the authenticator, or a recovery code."""

    email: str
    password: str
    code: str | None = None
    origin: Origin = Origin()

    @property
    def account(self) -> str:
        return self.email.strip().lower()

    @property
    def brakes(self) -> brake.Brakes:
        return brake.brakes_of(self.account, self.origin.address)


def admit(conn: Connection[Any], attempt: Attempt) -> None:
    """Count a try, to be committed before `sign_in`. Raises `RateLimited`."""
    brake.admit(conn, attempt.brakes)


def sign_in(
    conn: Connection[Any], attempt: Attempt, sealer: Sealer, *, limits: Limits | None = None
) -> Started | ViertaktError:
    """A session, or the refusal to be raised once its record is committed: `Unauthenticated`, `SecondFactorRequired`."""
    found = store.known(conn, email=attempt.account) if _is_address(attempt.account) else None
    right = verify_password(found.password_hash if found else None, attempt.password)
    if found is None or not right or found.password_hash is None:
        _refused(conn, found.actor if found else None, attempt.brakes, attempt.origin, "password")
        return Unauthenticated(WRONG)
    method = "password"
    if found.factor is not None:
        if attempt.code is None:
            brake.take_back(conn, attempt.brakes)
            return SecondFactorRequired("The password is right; a code of the authenticator is needed too.")
        proved = _proved_by_code(conn, found.actor, found.factor, attempt.code, sealer)
        if proved is None:
            _refused(conn, found.actor, attempt.brakes, attempt.origin, "code")
            return SecondFactorRequired(WRONG_CODE, wrong_code=True)
        method = proved
    brake.succeeded(conn, attempt.brakes)
    if is_outdated(found.password_hash):
        set_password_hash(conn, found.actor, hash_password(attempt.password))
    return start_session(conn, found.actor, method=method, origin=attempt.origin, limits=limits or Limits())


def start_session(
    conn: Connection[Any],
    actor: ActorId,
    *,
    method: str,
    origin: Origin,
    limits: Limits,
    proved_at: datetime | None = None,
) -> Started:
    """A fresh session of somebody who has proved who they are; the database keeps the hash of its secret alone.

    `proved_at`: when they proved it, where that was earlier, at a provider that still knew them.
    """
    end_dead_sessions(conn, actor, idle_max=limits.idle_max)
    secret = new_session_secret()
    store.start_session(
        conn,
        actor,
        fingerprint(secret),
        age_max=limits.age_max,
        method=method,
        address=origin.address,
        client=origin.client,
        proved_at=proved_at,
    )
    see_person(conn, actor)
    _note(conn, "signed_in", actor, origin, method=method)
    return Started(secret, actor_by_id(conn, actor))


def admit_again(conn: Connection[Any], session: Session, origin: Origin) -> None:
    """Count a try of somebody signed in, to be committed before `step_up` and whatever else asks for a proof."""
    brake.admit(conn, brake.brakes_of(session.actor.id, origin.address))


def step_up(
    conn: Connection[Any],
    session: Session,
    sealer: Sealer,
    *,
    password: str | None,
    code: str | None,
    origin: Origin,
) -> Started | ViertaktError:
    """The session under a fresh secret, proved now; or the refusal, to be raised once its record is committed."""
    actor = session.actor
    refusal = prove(conn, session, sealer, password=password, code=code, origin=origin)
    if refusal is not None:
        return refusal
    secret = new_session_secret()
    if not store.step_up_session(conn, session.id, fingerprint(secret)):
        return Unauthenticated("This session has ended; sign in again.")
    _note(conn, "stepped_up", actor.id, origin, method="code" if code else "password")
    return Started(secret, actor)


def prove(
    conn: Connection[Any],
    session: Session,
    sealer: Sealer,
    *,
    password: str | None,
    code: str | None,
    origin: Origin,
    both: bool = False,
) -> ViertaktError | None:
    """Why somebody signed in has not proved who they are, or None where they have.

    A code where they have an authenticator, else the password; `both`: the password besides the code, where there is one.
    """
    actor = session.actor.id
    found = store.known(conn, actor=actor)
    if found is None:
        return Unauthenticated("This session has ended; sign in again.")
    refusal = _objection(conn, found, sealer, password=password, code=code, both=both)
    brakes = brake.brakes_of(actor, origin.address)
    if refusal is None:
        brake.succeeded(conn, brakes)
    else:
        _refused(conn, actor, brakes, origin, "step_up")
    return refusal


def prove_password(
    conn: Connection[Any], session: Session, password: str | None, *, origin: Origin
) -> ViertaktError | None:
    """Why this is not the password of somebody signed in, or None where it is, or where they have none."""
    actor = session.actor.id
    found = store.known(conn, actor=actor)
    if found is None:
        return Unauthenticated("This session has ended; sign in again.")
    brakes = brake.brakes_of(actor, origin.address)
    refusal = _password_objection(found, password, both=True)
    if refusal is None:
        brake.succeeded(conn, brakes)
    else:
        _refused(conn, actor, brakes, origin, "password")
    return refusal


def fresh(session: Session, fresh_for: timedelta) -> StepUp:
    """Until when this session's proof counts, and how to renew it."""
    return StepUp(session.proved_at + fresh_for, session.how)


def _objection(
    conn: Connection[Any], found: Known, sealer: Sealer, *, password: str | None, code: str | None, both: bool
) -> ViertaktError | None:
    if both or found.factor is None:
        refusal = _password_objection(found, password, both=both)
        if refusal is not None or found.factor is None:
            return refusal
    if code is None:
        return Invalid("A code of the authenticator is needed, or a recovery code.")
    right = _proved_by_code(conn, found.actor, found.factor, code, sealer) is not None
    return None if right else Invalid(WRONG_CODE)


def _password_objection(found: Known, password: str | None, *, both: bool) -> ViertaktError | None:
    if found.password_hash is None:
        return (
            None
            if both
            else Invalid(
                "This account has neither password nor authenticator: sign in again at your provider."
            )
        )
    if password is None:
        return Invalid("The password is needed.")
    return None if verify_password(found.password_hash, password) else Invalid("The password is not right.")


def _proved_by_code(
    conn: Connection[Any], actor: ActorId, factor: Factor, code: str, sealer: Sealer
) -> str | None:
    """`code` or `recovery_code` where it is right and was not used before; it is used then."""
    plain = plain_code(code)
    secret = sealer.open(factor.sealed_secret, about=actor).decode()
    step = accepted_step(secret, plain, now=factor.now, last_step=factor.last_step)
    if step is not None:
        return "code" if store.accept_step(conn, actor, step) else None
    return "recovery_code" if store.use_recovery_code(conn, actor, recovery_hash(plain)) else None


def _is_address(account: str) -> bool:
    return len(account) <= EMAIL_LENGTH_MAX and EMAIL.fullmatch(account) is not None


def _refused(
    conn: Connection[Any], actor: ActorId | None, brakes: brake.Brakes, origin: Origin, detail: str
) -> None:
    _note(conn, "refused", actor, origin, detail=detail)
    if brake.is_on(conn, brakes):
        _note(conn, "locked", actor, origin)


def _note(
    conn: Connection[Any],
    sort: str,
    actor: ActorId | None,
    origin: Origin,
    *,
    method: str | None = None,
    detail: str | None = None,
) -> None:
    event = Event(
        sort=sort, actor=actor, method=method, address=origin.address, client=origin.client, detail=detail
    )
    store.note(conn, event)
