"""Who a provider's subject is here: somebody known, somebody new by their groups, or nobody.

Told apart by issuer and subject. An e-mail address never links: whoever can put an address into a provider would be
anybody here. Somebody who has an account links a provider to it while signed in.
"""

from typing import Any
from uuid import UUID

from psycopg import Connection

from viertakt.access import sign_in_store as store
from viertakt.access.actions import actor_by_id, add_person, check_name, set_roles
from viertakt.access.model import ActorId
from viertakt.access.providers import Claims, Provider, roles_of
from viertakt.access.sign_in_model import Event, Limits, Origin, Started
from viertakt.access.signing_in import start_session
from viertakt.errors import Conflict, Forbidden, Invalid, Unauthenticated, ViertaktError

METHOD = "oidc"


def sign_in_by_provider(
    conn: Connection[Any], provider: Provider, claims: Claims, *, origin: Origin, limits: Limits
) -> Started | ViertaktError:
    """A session, or the refusal to be raised once its record is committed: `Forbidden`, `Conflict`, `Unauthenticated`."""
    known = store.identity(conn, provider.issuer, claims.subject)
    roles = roles_of(provider, claims.groups)
    if known is None:
        found = _newcomer(conn, provider, claims, roles)
        if isinstance(found, ViertaktError):
            return _refused(conn, None, provider, origin, found)
        _note(conn, "identity_linked", found, origin, detail=provider.issuer)
    else:
        found, manages_roles = known
        try:
            actor = actor_by_id(conn, found)
        except Unauthenticated as refusal:
            return _refused(conn, found, provider, origin, refusal)
        if manages_roles and actor.roles != roles:
            try:
                set_roles(conn, found, roles)
            except Invalid as refusal:  # the setting gives a role that there is not
                return _refused(conn, found, provider, origin, refusal)
            _note(conn, "roles_by_provider", found, origin, detail=" ".join(sorted(roles)))
        if manages_roles and not roles:
            store.end_sessions(conn, found)
            return _refused(conn, found, provider, origin, _no_group(provider))
        store.use_identity(conn, provider.issuer, claims.subject)
    return start_session(
        conn, found, method=METHOD, origin=origin, limits=limits, proved_at=claims.authenticated_at
    )


def link_provider(
    conn: Connection[Any],
    provider: Provider,
    claims: Claims,
    *,
    actor: ActorId,
    session_id: UUID,
    origin: Origin,
    limits: Limits,
) -> None:
    """From now on this subject signs in as this person, who is still signed in. Raises `Unauthenticated`, `Conflict`."""
    if session_id not in {one.id for one in store.sessions_of(conn, actor, idle_max=limits.idle_max)}:
        raise Unauthenticated("This session has ended; sign in again.")
    linked = store.link_identity(
        conn, actor, issuer=provider.issuer, subject=claims.subject, manages_roles=False
    )
    if not linked:
        raise Conflict(f"Somebody signs in by this account of {provider.label} already.")
    _note(conn, "identity_linked", actor, origin, detail=provider.issuer)


def _newcomer(
    conn: Connection[Any], provider: Provider, claims: Claims, roles: frozenset[str]
) -> ActorId | ViertaktError:
    if not provider.add_people:
        return Forbidden(
            f"Nobody here signs in by this account of {provider.label}. Sign in with your password and link it.",
            why_not="unknown",
        )
    if not roles:
        return _no_group(provider)
    if claims.email is None:
        return Forbidden(f"{provider.label} tells no verified e-mail address.", why_not="no_email")
    try:
        name = check_name(claims.name or claims.email)
        actor = add_person(conn, email=claims.email, name=name, roles=roles, password=None)
    except Conflict:
        return Conflict(
            "Somebody signs in with this e-mail address already. If it is you, sign in as before and link "
            f"{provider.label} on your account page.",
            why_not="email_taken",
        )
    except Invalid as refusal:
        return refusal
    store.link_identity(conn, actor.id, issuer=provider.issuer, subject=claims.subject, manages_roles=True)
    return actor.id


def _no_group(provider: Provider) -> Forbidden:
    return Forbidden(f"None of your groups at {provider.label} has a role here.", why_not="no_group")


def _refused(
    conn: Connection[Any], actor: ActorId | None, provider: Provider, origin: Origin, refusal: ViertaktError
) -> ViertaktError:
    why = str(refusal.facts.get("why_not", refusal.code))
    _note(conn, "refused", actor, origin, detail=f"{provider.name} {why}")
    return refusal


def _note(conn: Connection[Any], sort: str, actor: ActorId | None, origin: Origin, *, detail: str) -> None:
    event = Event(
        sort=sort, actor=actor, method=METHOD, address=origin.address, client=origin.client, detail=detail
    )
    store.note(conn, event)
