"""Whether a delivery is the provider's: signatures over the raw bytes, as each provider writes them. Pure; `now` is passed in.

    stripe              Stripe-Signature: t=<unix>,v1=<hex>[,v1=…]    sha256 of "t.body", the secret as text
    adyen               in each item's additionalData.hmacSignature    sha256 of eight fields, the key in hexadecimal
    sumsub              X-Payload-Digest, X-Payload-Digest-Alg         sha256 or sha512 of the body
    onfido              X-SHA2-Signature: <hex>                        sha256 of the body
    veriff              X-HMAC-SIGNATURE: <hex>                        sha256 of the body
    standard_webhooks   webhook-id, webhook-timestamp, webhook-signature: v1,<base64> …   the secret in base64 after whsec_
    hmac                as the source's options say

All secrets of a source are tried, so that one is replaced while both are in use; every comparison takes the same time
however much of it is right. A signed time may be off by five minutes either way; where the time is not signed (Adyen's
eventDate), it proves nothing and is not asked.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, assert_never

import msgspec

from viertakt.signals.model import Algorithm, Encoding, HmacOptions, Scheme

TOLERANCE = timedelta(minutes=5)  # Stripe's and Standard Webhooks' own
SIGNATURES_MAX = 20  # of one delivery: a rotation sends two
Headers = Mapping[bytes, bytes]


class Doubt(msgspec.Struct, frozen=True):
    """Why a delivery is not believed: `signature_missing`, `signature_wrong`, `too_old`, `from_the_future`, `no_secret`."""

    code: str
    words: str


MISSING = Doubt("signature_missing", "There is no signature where the provider puts one.")
WRONG = Doubt("signature_wrong", "The signature is not of this body by any of the source's secrets.")
TOO_OLD = Doubt("too_old", "It was signed more than five minutes ago.")
FUTURE = Doubt("from_the_future", "It was signed more than five minutes ahead of our clock.")
NO_SECRET = Doubt("no_secret", "The source has no secret yet.")


def doubt(
    scheme: Scheme,
    headers: Headers,
    body: bytes,
    secrets: Sequence[bytes],
    *,
    options: HmacOptions,
    now: datetime,
) -> Doubt | None:
    """Why a delivery is not the provider's, or None where it is. Adyen signs each item: `adyen_is_signed` asks that."""
    if not secrets:
        return NO_SECRET
    doubted: Doubt | None
    match scheme:
        case Scheme.STRIPE:
            doubted = _stripe(headers, body, secrets, now)
        case Scheme.ADYEN:
            doubted = None
        case Scheme.SUMSUB:
            doubted = _sumsub(headers, body, secrets)
        case Scheme.ONFIDO:
            doubted = _hex_sha256(headers, b"x-sha2-signature", body, secrets)
        case Scheme.VERIFF:
            doubted = _hex_sha256(headers, b"x-hmac-signature", body, secrets)
        case Scheme.STANDARD_WEBHOOKS:
            doubted = _standard(headers, body, secrets, now)
        case Scheme.HMAC:
            doubted = _generic(headers, body, secrets, options, now)
        case _:
            assert_never(scheme)
    return doubted


def check_secret(scheme: Scheme, secret: str) -> str | None:
    """Why a text is no secret of this scheme, or None where it is one."""
    if not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
        return "A secret is printable ASCII without blanks."
    if scheme is Scheme.ADYEN and _from_hex(secret) is None:
        return "Adyen's HMAC key is written in hexadecimal."
    if scheme is Scheme.STANDARD_WEBHOOKS and _from_whsec(secret) is None:
        return "A secret of Standard Webhooks is base64, after whsec_."
    return None


def adyen_is_signed(item: Any, secrets: Sequence[bytes]) -> bool:
    """Whether one NotificationRequestItem carries a signature of its eight fields, missing ones empty, nothing escaped."""
    if not isinstance(item, dict):
        return False
    more, amount = item.get("additionalData"), item.get("amount")
    given = more.get("hmacSignature") if isinstance(more, dict) else None
    amount = amount if isinstance(amount, dict) else {}
    fields = (
        item.get("pspReference"),
        item.get("originalReference"),
        item.get("merchantAccountCode"),
        item.get("merchantReference"),
        amount.get("value"),
        amount.get("currency"),
        item.get("eventCode"),
        item.get("success"),
    )
    if not isinstance(given, str) or not given.isascii():
        return False
    text = ":".join(_field(field) for field in fields).encode("utf-8", "surrogatepass")
    keys = (key for secret in secrets if (key := _from_hex(secret.decode("ascii", "replace"))) is not None)
    expected = [base64.b64encode(_mac(key, text)) for key in keys]
    return _one_is(expected, [given.encode("ascii")])


def _stripe(headers: Headers, body: bytes, secrets: Sequence[bytes], now: datetime) -> Doubt | None:
    parts = [part.partition(b"=") for part in headers.get(b"stripe-signature", b"").split(b",")]
    times = [value.strip() for name, _, value in parts if name.strip() == b"t"]
    given = [value.strip() for name, _, value in parts if name.strip() == b"v1"]
    if len(times) != 1 or not given:
        return MISSING
    expected = [_mac(secret, times[0] + b"." + body).hex().encode() for secret in secrets]
    return _judged(expected, given) or _stale(times[0], now)


def _sumsub(headers: Headers, body: bytes, secrets: Sequence[bytes]) -> Doubt | None:
    # SHA-1 is offered too, for webhooks of before; it is not believed here.
    names = {b"HMAC_SHA256_HEX": "sha256", b"HMAC_SHA512_HEX": "sha512"}
    algorithm = names.get(headers.get(b"x-payload-digest-alg", b"").strip())
    given = headers.get(b"x-payload-digest", b"").strip()
    if algorithm is None or not given:
        return MISSING
    return _judged([_mac(secret, body, algorithm).hex().encode() for secret in secrets], [given.lower()])


def _hex_sha256(headers: Headers, name: bytes, body: bytes, secrets: Sequence[bytes]) -> Doubt | None:
    given = headers.get(name, b"").strip()
    if not given:
        return MISSING
    return _judged([_mac(secret, body).hex().encode() for secret in secrets], [given.lower()])


def _standard(headers: Headers, body: bytes, secrets: Sequence[bytes], now: datetime) -> Doubt | None:
    named, at = headers.get(b"webhook-id", b""), headers.get(b"webhook-timestamp", b"").strip()
    listed = (one.partition(b",") for one in headers.get(b"webhook-signature", b"").split())
    given = [signature for version, _, signature in listed if version == b"v1"]
    if not named or not at or not given:
        return MISSING
    keys = (key for secret in secrets if (key := _from_whsec(secret.decode("ascii", "replace"))) is not None)
    expected = [base64.b64encode(_mac(key, b".".join((named, at, body)))) for key in keys]
    return _judged(expected, given) or _stale(at, now)


def _generic(
    headers: Headers, body: bytes, secrets: Sequence[bytes], options: HmacOptions, now: datetime
) -> Doubt | None:
    given = headers.get(options.header.lower().encode(), b"").strip()
    prefix = options.prefix.encode()
    if not given.startswith(prefix) or len(given) == len(prefix):
        return MISSING
    at = b""
    if options.timestamp_header is not None:
        at = headers.get(options.timestamp_header.lower().encode(), b"").strip()
        if not at:
            return MISSING
        body = at + b"." + body
    given = given[len(prefix) :]
    algorithm = "sha512" if options.algorithm is Algorithm.SHA512 else "sha256"
    macs = [_mac(secret, body, algorithm) for secret in secrets]
    if options.encoding is Encoding.HEX:
        wrong = _judged([mac.hex().encode() for mac in macs], [given.lower()])
    else:
        wrong = _judged([base64.b64encode(mac) for mac in macs], [given])
    return wrong or (_stale(at, now) if at else None)


def _judged(expected: Iterable[bytes], given: Sequence[bytes]) -> Doubt | None:
    return None if _one_is(list(expected), given[:SIGNATURES_MAX]) else WRONG


def _one_is(expected: Sequence[bytes], given: Sequence[bytes]) -> bool:
    """Whether one of them is one of those; every pair is compared, so that time tells nothing."""
    found = False
    for one in expected:
        for other in given:
            found |= hmac.compare_digest(one, other)
    return found


def _stale(at: bytes, now: datetime) -> Doubt | None:
    """Looked at once the signature is right: before, a time is only what somebody wrote."""
    if not at.isdigit() or len(at) > 11:
        return TOO_OLD
    off = now.timestamp() - int(at)
    if off > TOLERANCE.total_seconds():
        return TOO_OLD
    return FUTURE if -off > TOLERANCE.total_seconds() else None


def _mac(key: bytes, text: bytes, algorithm: str = "sha256") -> bytes:
    return hmac.new(key, text, getattr(hashlib, algorithm)).digest()


def _field(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _from_hex(secret: str) -> bytes | None:
    try:
        return bytes.fromhex(secret) or None
    except ValueError:
        return None


def _from_whsec(secret: str) -> bytes | None:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True) or None
    except (binascii.Error, ValueError):
        return None
