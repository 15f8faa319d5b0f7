"""Who calls: a program by its token, or a person by the console's cookie; never both.

A token that writes is looked up at most every five seconds, because the write itself is guarded by `access_version`;
everything else is looked up each time. A cookie writes only from the console's own pages.
"""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from viertakt.access.actions import actor_of_token, note_token_use, session_of
from viertakt.access.model import Actor, Session
from viertakt.api.refusals import NotSameOrigin, TwoCredentials
from viertakt.errors import FactorMissing, Looking, PasswordMade, Unauthenticated
from viertakt.wiring import Application

SECURE_COOKIE = "__Host-viertakt"
PLAIN_COOKIE = "viertakt"  # a browser takes no __Host- cookie where there is no HTTPS


async def actor_of_bearer(application: Application, plain: str, *, cached: bool) -> Actor:
    """The actor of a token; `cached` for writes only. Raises `Unauthenticated`."""
    if cached and (known := application.tokens.get(plain)) is not None:
        return known

    def look_up(conn: object) -> Actor:
        actor = actor_of_token(conn, plain)  # type: ignore[arg-type]
        note_token_use(conn, actor.id)  # type: ignore[arg-type]
        return actor

    actor = await application.ask(look_up)
    application.tokens.put(plain, actor)
    return actor


async def session_of_cookie(application: Application, secret: str) -> Session:
    """A person's session, looked up each time. Raises `Unauthenticated`."""
    idle_max = application.limits.idle_max
    return await application.ask(lambda conn: session_of(conn, secret, idle_max=idle_max))


def check_unhindered(session: Session, *, reads: bool = False, without_factor: bool = False) -> None:
    """Refuse what a session may not do yet, or not now. Raises `PasswordMade`, `FactorMissing`, `Looking`."""
    if session.made_password and not without_factor:
        raise PasswordMade(
            "This password was made up for you; choose your own on your account page, then go on."
        )
    if session.lacks_factor and not without_factor:
        raise FactorMissing(
            "One of your roles asks for an authenticator; add one on your account page, then go on."
        )
    if session.look is not None and not reads:
        raise Looking(
            f"You look through the eyes of role {session.look.role}: nothing is changed meanwhile. End the look first.",
            role=session.look.role,
        )


async def still(application: Application, headers: Mapping[bytes, bytes], secret: str | None) -> Actor:
    """The caller of a stream as it may read now: a session that was ended reads no further. Raises `Unauthenticated`."""
    token = bearer(headers)
    if token is not None:
        return await actor_of_bearer(application, token, cached=False)
    assert secret is not None, "a stream is open to nobody who does not say who calls"
    session = await session_of_cookie(application, secret)
    check_unhindered(session, reads=True)
    return session.actor


def bearer(headers: Mapping[bytes, bytes]) -> str | None:
    """The token in the Authorization header, or None where there is no such header. Raises `Unauthenticated`."""
    given = headers.get(b"authorization")
    if given is None:
        return None
    scheme, _, plain = given.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not plain.isascii() or not plain.strip():
        raise Unauthenticated("Authorization is 'Bearer' and a token that begins with vt_.")
    return plain.strip()


def session_secret(headers: Mapping[bytes, bytes], *, secure: bool) -> str | None:
    """The session's secret in the cookie that belongs to this scheme, or None."""
    return cookie_named(headers, SECURE_COOKIE if secure else PLAIN_COOKIE)


def cookie_named(headers: Mapping[bytes, bytes], name: str) -> str | None:
    """What a cookie holds, or None."""
    given = headers.get(b"cookie")
    if given is None:
        return None
    try:
        cookies = SimpleCookie(given.decode("latin-1"))
    except CookieError:
        return None
    found = cookies.get(name)
    return found.value if found is not None and found.value.isascii() else None


def check_one(token: str | None, secret: str | None) -> None:
    """Refuse nobody, and two at once: which of them counts must never be a guess."""
    if token is not None and secret is not None:
        raise TwoCredentials("The request carries a token and a session cookie; send one of them.")
    if token is None and secret is None:
        raise Unauthenticated("Say who calls: 'Authorization: Bearer vt_…', or sign in.")


def check_same_origin(headers: Mapping[bytes, bytes], *, needed: bool = True) -> None:
    """Refuse a write by cookie from another page. Not `needed`: refuse only what says it comes from elsewhere."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        allowed = site in {b"same-origin", b"none"}
    else:
        origin = headers.get(b"origin")
        allowed = not needed if origin is None else _is_ours(origin, headers.get(b"host", b""))
    if not allowed:
        raise NotSameOrigin("A session cookie writes only from the console's own pages.")


def _is_ours(origin: bytes, host: bytes) -> bool:
    try:
        return bool(host) and urlsplit(origin.decode("ascii")).netloc.encode() == host
    except ValueError:
        return False


def cookie(secret: str | None, *, secure: bool) -> tuple[bytes, bytes]:
    """The Set-Cookie header that keeps a session's secret, or with None forgets it."""
    name = SECURE_COOKIE if secure else PLAIN_COOKIE
    parts = [f"{name}={secret or ''}", "Path=/", "HttpOnly", "SameSite=Strict"]
    if secure:
        parts.append("Secure")
    if secret is None:
        parts.append("Max-Age=0")
    return b"set-cookie", "; ".join(parts).encode("ascii")
