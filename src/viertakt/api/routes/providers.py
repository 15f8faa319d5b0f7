"""Signing in at a provider: the browser is sent there and comes back. Every end of it is a page of the console.

    start ─ a sealed cookie, a redirect ─► the provider ─► callback ─ a session, or a link ─► the console

The cookie of this journey is Lax, because the browser comes back from elsewhere; the session's stays Strict.
"""

import asyncio
import base64
import secrets
import time
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.access.provider_client import ProviderClient, Request
from viertakt.access.providers import Claims
from viertakt.access.sign_in_model import Started
from viertakt.access.signing_in import fresh
from viertakt.access.signing_in_by_provider import link_provider, sign_in_by_provider
from viertakt.api import credentials, proofs
from viertakt.api.route import Answers, Call, Headers, Reply, Route
from viertakt.errors import Forbidden, NotFound, StepUpRequired, Unauthenticated, ViertaktError

JOURNEY_SECONDS = 600
ABOUT = "sign-in"
HOME, ACCOUNT, SIGN_IN = "/operations", "/account", "/sign-in"


class StartQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of a start. `to`: the page to come back to; `link`: to one's account; `again`: ask who it is anew."""

    to: Annotated[str, Meta(max_length=2000)] | None = None
    link: bool = False
    again: bool = False


class CallbackQuery(msgspec.Struct, frozen=True):
    """What a provider sends along; what else it sends is not read."""

    state: Annotated[str, Meta(max_length=2000)] | None = None
    code: Annotated[str, Meta(max_length=4000)] | None = None
    error: Annotated[str, Meta(max_length=200)] | None = None
    iss: Annotated[str, Meta(max_length=2000)] | None = None


class SignInProvider(msgspec.Struct, frozen=True):
    """A provider by which people sign in."""

    name: str
    label: str
    issuer: str


class SignInProviderList(msgspec.Struct, frozen=True):
    """The providers that are set, in their order."""

    items: tuple[SignInProvider, ...]


class Journey(msgspec.Struct, frozen=True):
    """A sign-in on its way, sealed into the browser's cookie. `session_id`: of whoever links, None where somebody signs in."""

    provider: str
    request: Request
    to: str
    until: float
    actor: str | None = None
    session_id: UUID | None = None


async def list_providers(call: Call) -> Reply:
    """The providers by which people sign in; none where none is set."""
    known = [client.provider for client in call.application.providers.values()]
    return Reply(
        200, SignInProviderList(tuple(SignInProvider(one.name, one.label, one.issuer) for one in known))
    )


async def start(call: Call) -> Reply:
    """Send the browser to the provider."""
    client, asked = _client(call), call.query
    to = asked.to if asked.to and _is_own_page(asked.to) else ACCOUNT if asked.link else HOME
    actor = session_id = None
    try:
        if asked.link:
            actor, session_id = await _who_links(call)
        age_max = int(call.application.limits.age_max.total_seconds())
        request, address = await asyncio.to_thread(
            client.begin, _redirect_uri(call), age_max=age_max, again=asked.again
        )
    except ViertaktError as refusal:
        return _back(call, ACCOUNT if asked.link else SIGN_IN, refusal)
    journey = Journey(
        client.provider.name, request, to, time.time() + JOURNEY_SECONDS, actor=actor, session_id=session_id
    )
    sealed = call.application.sealer.seal(msgspec.json.encode(journey), about=ABOUT)
    return _see(address, [_cookie(call, base64.urlsafe_b64encode(sealed).decode("ascii"))])


async def come_back(call: Call) -> Reply:
    """Take what the provider sent, and go on in the console."""
    client = _client(call)
    journey: Journey | None = None
    try:
        journey = _journey(call)
        claims = await _claims(call, client, journey)
        if journey.actor is not None:
            await _link(call, client, journey, claims)
            return _see(journey.to, [_cookie(call, None)])
        started = await _started(call, client, claims)
    except ViertaktError as refusal:
        return _back(call, ACCOUNT if journey and journey.actor else SIGN_IN, refusal)
    return _see(journey.to, [credentials.cookie(started.secret, secure=call.secure), _cookie(call, None)])


async def _claims(call: Call, client: ProviderClient, journey: Journey) -> Claims:
    asked: CallbackQuery = call.query
    # One redirect address a provider, and its own name where it says it: no other provider's code is taken (RFC 9207).
    if journey.provider != client.provider.name or asked.iss not in {None, client.provider.issuer}:
        raise Unauthenticated("The answer is of another provider.")
    if not secrets.compare_digest((asked.state or "").encode(), journey.request.state.encode()):
        raise Unauthenticated("The answer belongs to no sign-in that was begun here.")
    if asked.code is None:
        raise Forbidden("The provider was not willing.", why_not="declined")
    return await asyncio.to_thread(client.redeem, asked.code, journey.request, _redirect_uri(call))


async def _started(call: Call, client: ProviderClient, claims: Claims) -> Started:
    origin, limits = proofs.origin_of(call), call.application.limits
    answer = await call.application.sign_in(
        lambda conn: sign_in_by_provider(conn, client.provider, claims, origin=origin, limits=limits)
    )
    if isinstance(answer, ViertaktError):
        raise answer
    return answer


async def _link(call: Call, client: ProviderClient, journey: Journey, claims: Claims) -> None:
    actor, session_id = journey.actor, journey.session_id
    assert actor is not None, "only a journey that links comes here"
    assert session_id is not None, "whoever links is signed in"
    origin, limits = proofs.origin_of(call), call.application.limits

    def write(conn: Any) -> None:
        link_provider(
            conn,
            client.provider,
            claims,
            actor=actor,  # type: ignore[arg-type]
            session_id=session_id,
            origin=origin,
            limits=limits,
        )

    await call.application.ask(write)


async def _who_links(call: Call) -> tuple[str, UUID]:
    """Whoever is signed in and has just proved it. A page elsewhere cannot make it so: the session's cookie is Strict."""
    secret = credentials.session_secret(call.headers, secure=call.secure)
    if secret is None:
        raise Unauthenticated("Sign in first.")
    session = await credentials.session_of_cookie(call.application, secret)
    step_up = fresh(session, call.application.limits.fresh_for)
    if step_up.until.timestamp() <= time.time():
        raise StepUpRequired("Prove once more who you are, then link.", how=step_up.how)
    return session.actor.id, session.id


def _client(call: Call) -> ProviderClient:
    found = call.application.providers.get(call.path["provider"])
    if found is None:
        raise NotFound("There is no such provider.")
    return found


def _journey(call: Call) -> Journey:
    found = credentials.cookie_named(call.headers, _cookie_name(call))
    try:
        sealed = base64.urlsafe_b64decode((found or "").encode("ascii"))
        opened = call.application.sealer.open(sealed, about=ABOUT)
        journey = msgspec.json.decode(opened, type=Journey)
    except (ValueError, ViertaktError):
        raise Unauthenticated("No sign-in was begun here.") from None
    if journey.until < time.time():
        raise Unauthenticated("This took too long; begin again.")
    return journey


def _redirect_uri(call: Call) -> str:
    own = call.application.settings.public_url
    if own is None:
        host = call.headers.get(b"host", b"").decode("latin-1")
        own = f"{'https' if call.secure else 'http'}://{host}"
    return f"{own.rstrip('/')}/v1/sign-in/providers/{call.path['provider']}/callback"


def _is_own_page(to: str) -> bool:
    return to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() and to.isascii()


def _back(call: Call, page: str, refusal: ViertaktError) -> Reply:
    """The console's page that says why not, by a code it knows."""
    why = {"refused": str(refusal.facts.get("why_not", refusal.code))}
    return _see(f"{page}?{urlencode(why)}", [_cookie(call, None)])


def _see(address: str, headers: Headers) -> Reply:
    return Reply(303, None, [(b"location", address.encode("ascii")), *headers])


def _cookie_name(call: Call) -> str:
    return "__Host-viertakt-sign-in" if call.secure else "viertakt-sign-in"


def _cookie(call: Call, sealed: str | None) -> tuple[bytes, bytes]:
    age = JOURNEY_SECONDS if sealed else 0
    secure = "; Secure" if call.secure else ""
    text = f"{_cookie_name(call)}={sealed or ''}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"
    return b"set-cookie", text.encode("ascii")


_ON = {303: Answers("On to the next page.", None, ("Location", "Set-Cookie"))}

ROUTES = (
    Route(
        method="GET",
        path="/v1/sign-in/providers",
        operation_id="listSignInProviders",
        summary="List the providers by which people sign in",
        tag="session",
        handler=list_providers,
        open_to_all=True,
        answers={200: Answers("The providers that are set.", SignInProviderList)},
        refusals=(400, 422),
    ),
    Route(
        method="GET",
        path="/v1/sign-in/providers/{provider}/start",
        operation_id="startAtProvider",
        summary="Sign in at a provider, or link it to one's account",
        tag="session",
        handler=start,
        query=StartQuery,
        open_to_all=True,
        answers=_ON,
        refusals=(400, 404, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/sign-in/providers/{provider}/callback",
        operation_id="comeBackFromProvider",
        summary="Come back from a provider",
        tag="session",
        handler=come_back,
        query=CallbackQuery,
        open_to_all=True,
        answers=_ON,
        refusals=(400, 404, 422, 429),
    ),
)
