"""What an OpenID provider's answer must be to be believed, and what the setting of one must say."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from viertakt.access.providers import (
    Claims,
    Provider,
    check_https,
    check_id_token,
    claims_of,
    read_providers,
    roles_of,
)
from viertakt.errors import Invalid, Unauthenticated

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
OWN = RSAKey.generate_key(2048, {"kid": "own"})
ANOTHER = RSAKey.generate_key(2048, {"kid": "own"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve"})
KEYS = KeySet([OWN, CURVE])
PROVIDER = Provider(
    name="company",
    label="Company",
    issuer="https://id.example.com",
    client_id="viertakt",
    client_secret="a secret of thirty-two characters",
    roles={"payers": ("payments",), "leads": ("payments", "payments_lead")},
)
GOOD: dict[str, Any] = {
    "iss": PROVIDER.issuer,
    "aud": "viertakt",
    "sub": "248289761001",
    "nonce": "n",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 300,
}


def token(key: Any = OWN, alg: str = "RS256", **changed: Any) -> str:
    """A signed token; a claim that is changed to None is left out."""
    claims = {name: value for name, value in (GOOD | changed).items() if value is not None}
    return jwt.encode({"alg": alg, "kid": key.kid}, claims, key, algorithms=[alg])


def checked(text: str, algorithms: tuple[str, ...] = ("RS256", "ES256", "HS256", "none")) -> dict[str, Any]:
    """The claims, as a provider that says it signs with all of these."""
    return check_id_token(text, KEYS, PROVIDER, algorithms=algorithms, nonce="n", now=NOW)


def test_what_the_provider_signed_is_believed() -> None:
    """By any of its keys; also where it names several audiences and us as the one it was made for."""
    assert checked(token())["sub"] == "248289761001"
    assert checked(token(CURVE, "ES256"))["sub"] == "248289761001"
    assert checked(token(aud=["viertakt", "another"], azp="viertakt"))["aud"] == ["viertakt", "another"]
    assert checked(token(exp=int(NOW.timestamp()) - 30))  # its clock may be off by a minute


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://another.example.com"},
        {"aud": "another"},
        {"aud": ["viertakt", "another"]},
        {"azp": "another"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"exp": int(NOW.timestamp()) - 120},
        {"exp": None},
        {"iat": None},
        {"sub": None},
    ],
)
def test_a_token_for_another_purpose_is_not(changed: dict[str, Any]) -> None:
    """Each was signed by the provider, for somebody or something else."""
    with pytest.raises(Unauthenticated):
        checked(token(**changed))


def test_a_token_by_another_hand_is_not() -> None:
    """Another key of the same name, no signature, and the client's own secret: a program that has it is no provider."""
    secret = OctKey.import_key(PROVIDER.client_secret, {"kid": "own"})
    unsigned = ".".join([*token().split(".")[:2], ""])
    for forged in (
        token(ANOTHER),
        token(secret, "HS256"),
        unsigned,
        "no token",
        "a.b.c",
        token()[:-4] + "AAAA",
    ):
        with pytest.raises(Unauthenticated):
            checked(forged)
    with pytest.raises(Unauthenticated):
        checked(token(), algorithms=("ES256",))


def test_an_address_counts_only_where_it_is_verified() -> None:
    """And claims of another type than expected are none."""
    told = {"sub": "1", "email": "a@example.com", "name": "A", "groups": "payers", "auth_time": 1}
    expected = Claims("1", None, "A", frozenset({"payers"}), datetime.fromtimestamp(1, UTC))
    assert claims_of(told, PROVIDER) == expected
    assert claims_of(told | {"email_verified": True}, PROVIDER).email == "a@example.com"
    assert claims_of(told | {"email_verified": "true"}, PROVIDER).email is None
    assert claims_of({"sub": "1", "groups": [1, None, "x"], "auth_time": "x"}, PROVIDER).groups == {"x"}
    for subject in (None, "", 7, "x" * 256):
        with pytest.raises(Unauthenticated):
            claims_of({"sub": subject}, PROVIDER)


def test_groups_give_the_roles_that_the_setting_says() -> None:
    """Several add up; others give nothing."""
    assert roles_of(PROVIDER, {"payers", "others"}) == {"payments"}
    assert roles_of(PROVIDER, {"payers", "leads"}) == {"payments", "payments_lead"}
    assert roles_of(PROVIDER, {"others"}) == frozenset()


SET = {
    "name": "company",
    "label": "C",
    "issuer": "https://x",
    "client_id": "a",
    "client_secret": "hidden-secret",
}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "does not read"),
        (json.dumps([SET | {"name": "Not a name"}]), "does not read"),
        (json.dumps([SET | {"isuer": "x"}]), "isuer"),
        (json.dumps([SET, SET]), "twice"),
        (json.dumps([SET | {"issuer": "http://id.example.com"}]), "no https address"),
        (json.dumps([SET | {"scopes": ["email"]}]), "openid"),
        (json.dumps([SET | {"roles": {"g": ["payment"]}}]), "Did you mean payments"),
    ],
)
def test_a_faulty_setting_says_what_is_wrong(content: str, said: str) -> None:
    """When the server starts, and never with the secret in it."""
    with pytest.raises(Invalid, match=said) as refused:
        read_providers(content)
    assert "hidden-secret" not in str(refused.value)


def test_without_https_only_this_machine_is_trusted() -> None:
    """For trying out; a name that merely begins like it is elsewhere."""
    assert read_providers("") == {}
    for url in ("https://id.example.com", "http://127.0.0.1:9000", "http://localhost/x", "http://[::1]:9"):
        assert check_https(url, "It") == url
    for other in ("http://id.example.com", "http://127.0.0.1.example.com", "ftp://localhost", "", None, 7):
        with pytest.raises(Invalid):
            check_https(other, "It")
