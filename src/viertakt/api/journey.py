"""A sign-in on its way to a provider and back: what the browser keeps of it, sealed, in a cookie of its own.

Lax, because the browser comes back from elsewhere; for ten minutes; and opened only by this installation's key.
"""

import base64
import time
from uuid import UUID

import msgspec

from viertakt.access.provider_client import Request
from viertakt.api import credentials
from viertakt.api.route import Call
from viertakt.errors import Unauthenticated, ViertaktError

SECONDS_MAX = 600
ABOUT = "sign-in"


class Journey(msgspec.Struct, frozen=True):
    """What a sign-in has begun with. `session_id`: of whoever links, None where somebody signs in. `until`: seconds since 1970."""

    provider: str
    request: Request
    to: str
    until: float
    actor: str | None = None
    session_id: UUID | None = None


def begin(provider: str, request: Request, to: str, *, actor: str | None, session_id: UUID | None) -> Journey:
    """A journey that ends at `to`."""
    return Journey(provider, request, to, time.time() + SECONDS_MAX, actor, session_id)


def read(call: Call) -> Journey:
    """The journey that this browser has begun. Raises `Unauthenticated`."""
    found = credentials.cookie_named(call.headers, _name(call))
    try:
        sealed = base64.urlsafe_b64decode((found or "").encode("ascii"))
        opened = call.application.sealer.open(sealed, about=ABOUT)
        journey = msgspec.json.decode(opened, type=Journey)
    except (ValueError, ViertaktError):
        raise Unauthenticated("No sign-in was begun here.") from None
    if journey.until < time.time():
        raise Unauthenticated("This took too long; begin again.")
    return journey


def kept(call: Call, journey: Journey) -> tuple[bytes, bytes]:
    """The Set-Cookie header that keeps it."""
    sealed = call.application.sealer.seal(msgspec.json.encode(journey), about=ABOUT)
    return _cookie(call, base64.urlsafe_b64encode(sealed).decode("ascii"), SECONDS_MAX)


def forgotten(call: Call) -> tuple[bytes, bytes]:
    """The Set-Cookie header that ends it."""
    return _cookie(call, "", 0)


def redirect_uri(call: Call) -> str:
    """Where the provider sends the browser back to: one address a provider."""
    own = call.application.settings.public_url
    if own is None:
        host = call.headers.get(b"host", b"").decode("latin-1")
        own = f"{'https' if call.secure else 'http'}://{host}"
    return f"{own.rstrip('/')}/v1/sign-in/providers/{call.path['provider']}/callback"


def _name(call: Call) -> str:
    return "__Host-viertakt-sign-in" if call.secure else "viertakt-sign-in"


def _cookie(call: Call, sealed: str, age: int) -> tuple[bytes, bytes]:
    secure = "; Secure" if call.secure else ""
    text = f"{_name(call)}={sealed}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"
    return b"set-cookie", text.encode("ascii")
