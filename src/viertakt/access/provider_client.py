"""Asks an OpenID provider: where its doors are, whose code this is. Authorization code with PKCE, state and nonce.

    begin ─ state, nonce, verifier: kept sealed in the browser's cookie ─► the provider ─► callback with code and state
    redeem ─ code and verifier for an ID token: signature, issuer, audience, time and nonce are checked

Network only, and never inside a transaction. What a provider says of itself is kept for an hour.
"""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from viertakt.access.providers import Claims, Provider, check_https, check_id_token, claims_of
from viertakt.errors import Unauthenticated, Unavailable, ViertaktError

KEPT_SECONDS = 3_600.0
KEYS_KEPT_SECONDS_MIN = 60.0  # unknown keys are looked for again, but not with every forged token
TIMEOUT_SECONDS = 10.0
ANSWER_BYTES_MAX = 1_000_000


class Request(msgspec.Struct, frozen=True):
    """One sign-in on its way: what the answer must carry, and what redeems its code."""

    state: str
    nonce: str
    verifier: str


class Doors(msgspec.Struct, frozen=True):
    """What a provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class ProviderClient:
    """Talks with one provider. Safe to share between threads."""

    def __init__(self, provider: Provider, clock: Callable[[], float] = time.monotonic) -> None:
        self.provider = provider
        self._clock = clock
        self._lock = threading.Lock()
        self._doors: tuple[Doors, float] | None = None
        self._keys: tuple[KeySet, float] | None = None

    def begin(self, redirect_uri: str, *, age_max: int, again: bool = False) -> tuple[Request, str]:
        """A request to be kept, and the address to send the browser to. `again`: the provider asks who it is anew.

        `age_max`: seconds since the provider last asked. Raises `Unavailable`.
        """
        request = Request(*(secrets.token_urlsafe(32) for _ in range(3)))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(request.verifier.encode()).digest())
        asked = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(self.provider.scopes),
            "state": request.state,
            "nonce": request.nonce,
            "code_challenge": challenge.rstrip(b"=").decode("ascii"),
            "code_challenge_method": "S256",
            "max_age": str(age_max),
            **({"prompt": "login"} if again else {}),
        }
        endpoint = self._found().authorization_endpoint
        return request, endpoint + ("&" if "?" in endpoint else "?") + urlencode(asked)

    def redeem(self, code: str, request: Request, redirect_uri: str) -> Claims:
        """Whom the provider vouches for with this code. Raises `Unauthenticated`, `Unavailable`."""
        with self._network() as client:
            doors = self._found(client)
            granted = self._granted(client, doors, code, request, redirect_uri)
            token, access = granted.get("id_token"), granted.get("access_token")
            if not isinstance(token, str):
                raise Unauthenticated(f"{self.provider.label} sent no ID token.")
            told = check_id_token(
                token,
                self._keys_for(client, doors, token),
                self.provider,
                algorithms=doors.id_token_signing_alg_values_supported,
                nonce=request.nonce,
                now=datetime.now(UTC),
            )
            missing = {"email", self.provider.groups_claim} - told.keys()
            if missing and doors.userinfo_endpoint and isinstance(access, str):
                more = self._read(client, "GET", doors.userinfo_endpoint, bearer=access)
                if more.get("sub") != told["sub"]:
                    raise Unauthenticated(f"{self.provider.label} told of somebody else.")
                told = {**more, **told}
        return claims_of(told, self.provider)

    def _granted(
        self, client: httpx.Client, doors: Doors, code: str, request: Request, redirect_uri: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": request.verifier,
        }
        own = (self.provider.client_id, self.provider.client_secret)
        if "client_secret_basic" in doors.token_endpoint_auth_methods_supported:
            # RFC 6749 2.3.1: both are form-encoded before they become a header.
            quoted = httpx.BasicAuth(*(quote(part, safe="") for part in own))
            return self._read(client, "POST", doors.token_endpoint, data=form, auth=quoted)
        body = {**form, "client_id": own[0], "client_secret": own[1]}
        return self._read(client, "POST", doors.token_endpoint, data=body)

    def _found(self, client: httpx.Client | None = None) -> Doors:
        with self._lock:
            if self._doors is not None and self._doors[1] > self._clock():
                return self._doors[0]
        if client is None:
            with self._network() as own:
                return self._found(own)
        address = self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
        try:
            doors = msgspec.convert(self._read(client, "GET", address), Doors)
        except msgspec.ValidationError as fault:
            raise Unavailable(f"{self.provider.label} does not say where its doors are: {fault}.") from None
        if doors.issuer != self.provider.issuer:
            raise Unavailable(f"{self.provider.label} calls itself {doors.issuer!r}; set that as its issuer.")
        for url in (doors.authorization_endpoint, doors.token_endpoint, doors.jwks_uri):
            check_https(url, f"An address that {self.provider.label} names")
        with self._lock:
            self._doors = (doors, self._clock() + KEPT_SECONDS)
        return doors

    def _keys_for(self, client: httpx.Client, doors: Doors, token: str) -> KeySet:
        """The provider's keys; read again where the token names one that is not among them."""
        with self._lock:
            kept = self._keys
        now = self._clock()
        if kept is not None and now - kept[1] < KEPT_SECONDS:
            known = {key.kid for key in kept[0].keys}
            if _named_key(token) in known or now - kept[1] < KEYS_KEPT_SECONDS_MIN:
                return kept[0]
        try:
            keys = KeySet.import_key_set(self._read(client, "GET", doors.jwks_uri))  # type: ignore[arg-type]
        except (ValueError, KeyError, TypeError) as fault:
            raise Unavailable(f"The keys of {self.provider.label} do not read.") from fault
        with self._lock:
            self._keys = (keys, now)
        return keys

    def _network(self) -> httpx.Client:
        return httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False)

    def _read(
        self, client: httpx.Client, method: str, url: str, *, bearer: str | None = None, **sent: Any
    ) -> dict[str, Any]:
        """The JSON object of an answer. Raises `Unauthenticated` where the provider refuses, `Unavailable`."""
        headers = {"accept": "application/json", **({"authorization": f"Bearer {bearer}"} if bearer else {})}
        try:
            with client.stream(method, url, headers=headers, **sent) as answer:
                content = b""
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > ANSWER_BYTES_MAX:
                        raise self._silent("sends too much")
        except httpx.HTTPError as fault:
            raise self._silent(f"does not answer ({type(fault).__name__})") from fault
        if answer.status_code in {400, 401, 403} and method == "POST":
            raise Unauthenticated(f"{self.provider.label} does not take this code; sign in again.")
        try:
            told = msgspec.json.decode(content) if answer.status_code == 200 else None
        except (msgspec.DecodeError, UnicodeError):
            told = None
        if not isinstance(told, dict):
            raise self._silent(f"answers {answer.status_code}")
        return told

    def _silent(self, why: str) -> ViertaktError:
        return Unavailable(f"{self.provider.label} {why}; try again, or sign in with your password.")


def _named_key(token: str) -> object:
    try:
        return extract_compact(token.encode("ascii")).headers().get("kid")
    except ValueError:
        return None
