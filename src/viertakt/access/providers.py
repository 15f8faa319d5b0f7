"""OpenID providers as the settings name them, and what an answer of one must be to be believed. No network here.

Several may be set. Who signs in is told apart by issuer and subject, never by an e-mail address: addresses change hands.
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from viertakt.access.model import ROLES
from viertakt.errors import Invalid, Unauthenticated

# Signatures by a key that only the provider has; never `none`, and never one made with the client's own secret.
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
CLOCK_SECONDS = 60  # how far a provider's clock may be off
GROUPS_MAX = 1_000
_LOOPBACK = re.compile(r"(127\.\d+\.\d+\.\d+|localhost|::1)")


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One provider. `roles`: what its groups are here. `add_people`: whoever is in such a group becomes a person here."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}\Z")]
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    issuer: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    groups_claim: str = "groups"
    roles: dict[str, tuple[str, ...]] = {}
    add_people: bool = False


class Claims(msgspec.Struct, frozen=True):
    """Whom a provider vouches for. `email` only where the provider has verified it; `authenticated_at`: where it says so."""

    subject: str
    email: str | None
    name: str | None
    groups: frozenset[str]
    authenticated_at: datetime | None = None


def read_providers(text: str) -> dict[str, Provider]:
    """The providers of the setting, by name. Raises `Invalid`, without a word of the secrets."""
    if not text.strip():
        return {}
    try:
        found = msgspec.json.decode(text, type=list[Provider])
    except (msgspec.DecodeError, UnicodeError) as fault:
        raise Invalid(f"VIERTAKT_SIGN_IN_PROVIDERS does not read: {fault}.") from None
    providers = {provider.name: _checked(provider) for provider in found}
    if len(providers) < len(found):
        raise Invalid("VIERTAKT_SIGN_IN_PROVIDERS names a provider twice.")
    return providers


def roles_of(provider: Provider, groups: Collection[str]) -> frozenset[str]:
    """What somebody in these groups is here."""
    return frozenset(role for group, roles in provider.roles.items() if group in groups for role in roles)


def check_id_token(
    token: str, keys: KeySet, provider: Provider, *, algorithms: Collection[str], nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims of an ID token, as OpenID Connect Core 3.1.3.7 asks. Raises `Unauthenticated`."""
    try:
        decoded = jwt.decode(token, keys, algorithms=[one for one in ALGORITHMS if one in algorithms])
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=CLOCK_SECONDS,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(decoded.claims)
    except (JoseError, ValueError) as fault:
        raise Unauthenticated(
            f"What {provider.label} sent is not to be believed ({type(fault).__name__})."
        ) from fault
    claims: dict[str, Any] = decoded.claims
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    if (several or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise Unauthenticated(f"What {provider.label} sent is for another program.")
    return claims


def claims_of(told: Mapping[str, Any], provider: Provider) -> Claims:
    """What was told, as far as it is of use. Raises `Unauthenticated` where the subject is no text."""
    subject = told.get("sub")
    if not isinstance(subject, str) or not subject or len(subject) > 255:
        raise Unauthenticated(f"{provider.label} does not say who it is.")
    email, name, groups = told.get("email"), told.get("name"), told.get(provider.groups_claim)
    listed = groups if isinstance(groups, list) else [groups]
    at = told.get("auth_time")
    return Claims(
        subject=subject,
        email=email if isinstance(email, str) and told.get("email_verified") is True else None,
        name=name if isinstance(name, str) else None,
        groups=frozenset(group for group in listed[:GROUPS_MAX] if isinstance(group, str)),
        authenticated_at=datetime.fromtimestamp(at, UTC) if isinstance(at, int) and 0 < at < 2**33 else None,
    )


def check_https(url: object, what: str) -> str:
    """The address, where it is one to be trusted: HTTPS, or on this very machine. Raises `Invalid`."""
    if isinstance(url, str):
        parts = urlsplit(url)
        if parts.hostname and (parts.scheme == "https" or _is_here(parts.scheme, parts.hostname)):
            return url
    raise Invalid(f"{what} is no https address.")


def _is_here(scheme: str, host: str) -> bool:
    return scheme == "http" and _LOOPBACK.fullmatch(host) is not None


def _checked(provider: Provider) -> Provider:
    check_https(provider.issuer, f"The issuer of provider {provider.name}")
    if "openid" not in provider.scopes:
        raise Invalid(f"Provider {provider.name} is asked for no scope 'openid'.")
    for role in (role for roles in provider.roles.values() for role in roles):
        # A company's own roles stand in the database, which nobody has read yet: here only a slip is found.
        if role not in ROLES and (close := get_close_matches(role, ROLES, n=1, cutoff=0.85)):
            raise Invalid(
                f"Provider {provider.name} gives a role {role!r} that there is not. Did you mean {close[0]}?"
            )
    return provider
