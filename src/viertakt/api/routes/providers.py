"""Signing in at a provider: the browser is sent there and comes back. Every end of it is a page of the console.

    start ─ a sealed cookie, a redirect ─► the provider ─► callback ─ a session, or a link ─► the console

The cookie of this journey is Lax, because the browser comes back from elsewhere; the session's stays Strict.
"""

import asyncio
import secrets
import time
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.access.provider_client import ProviderClient
from viertakt.access.providers import Claims
from viertakt.access.sign_in_model import Started
from viertakt.access.signing_in import fresh
from viertakt.access.signing_in_by_provider import link_provider, sign_in_by_provider
from viertakt.api import credentials, journey, proofs
from viertakt.api.route import Answers, Call, Headers, Reply, Route
from viertakt.errors import Forbidden, NotFound, StepUpRequired, Unauthenticated, ViertaktError

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
            client.begin, journey.redirect_uri(call), age_max=age_max, again=asked.again
        )
    except ViertaktError as refusal:
        return _back(call, ACCOUNT if asked.link else SIGN_IN, refusal)
    begun = journey.begin(client.provider.name, request, to, actor=actor, session_id=session_id)
    return _see(address, [journey.kept(call, begun)])


async def come_back(call: Call) -> Reply:
    """Take what the provider sent, and go on in the console."""
    client = _client(call)
    begun: journey.Journey | None = None
    try:
        begun = journey.read(call)
        claims = await _claims(call, client, begun)
        if begun.actor is not None:
            await _link(call, client, begun, claims)
            return _see(begun.to, [journey.forgotten(call)])
        started = await _started(call, client, claims)
    except ViertaktError as refusal:
        return _back(call, ACCOUNT if begun and begun.actor else SIGN_IN, refusal)
    return _see(begun.to, [credentials.cookie(started.secret, secure=call.secure), journey.forgotten(call)])


async def _claims(call: Call, client: ProviderClient, begun: journey.Journey) -> Claims:
    asked: CallbackQuery = call.query
    # One redirect address a provider, and its own name where it says it: no other provider's code is taken (RFC 9207).
    if begun.provider != client.provider.name or asked.iss not in {None, client.provider.issuer}:
        raise Unauthenticated("The answer is of another provider.")
    if not secrets.compare_digest((asked.state or "").encode(), begun.request.state.encode()):
        raise Unauthenticated("The answer belongs to no sign-in that was begun here.")
    if asked.code is None:
        raise Forbidden("The provider was not willing.", why_not="declined")
    return await asyncio.to_thread(client.redeem, asked.code, begun.request, journey.redirect_uri(call))


async def _started(call: Call, client: ProviderClient, claims: Claims) -> Started:
    origin, limits = proofs.origin_of(call), call.application.limits
    answer = await call.application.sign_in(
        lambda conn: sign_in_by_provider(conn, client.provider, claims, origin=origin, limits=limits)
    )
    if isinstance(answer, ViertaktError):
        raise answer
    return answer


async def _link(call: Call, client: ProviderClient, begun: journey.Journey, claims: Claims) -> None:
    actor, session_id = begun.actor, begun.session_id
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
    credentials.check_unhindered(session)
    step_up = fresh(session, call.application.limits.fresh_for)
    if step_up.until.timestamp() <= time.time():
        raise StepUpRequired("Prove once more who you are, then link.", how=step_up.how)
    return session.actor.id, session.id


def _client(call: Call) -> ProviderClient:
    found = call.application.providers.get(call.path["provider"])
    if found is None:
        raise NotFound("There is no such provider.")
    return found


def _is_own_page(to: str) -> bool:
    return to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() and to.isascii()


def _back(call: Call, page: str, refusal: ViertaktError) -> Reply:
    """The console's page that says why not, by a code it knows."""
    why = {"refused": str(refusal.facts.get("why_not", refusal.code))}
    return _see(f"{page}?{urlencode(why)}", [journey.forgotten(call)])


def _see(address: str, headers: Headers) -> Reply:
    return Reply(303, None, [(b"location", address.encode("ascii")), *headers])


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
