"""Signatures: what each provider's own documents and libraries say is theirs, and everything that is not."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.signals.signing import SECRETS, signed
from viertakt.signals.model import Algorithm, Encoding, HmacOptions, Scheme
from viertakt.signals.schemes import (
    FUTURE,
    MISSING,
    NO_SECRET,
    TOO_OLD,
    WRONG,
    Doubt,
    adyen_is_signed,
    check_secret,
    doubt,
)

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HEADER_SCHEMES = [scheme for scheme in Scheme if scheme is not Scheme.ADYEN]
PAYLOAD = {"id": "evt_1", "name": "Zoë", "amount": 12}


def judged(
    scheme: Scheme | str,
    body: bytes,
    headers: dict[str, str],
    *secrets: str,
    options: HmacOptions | None = None,
    now: datetime = NOW,
) -> Doubt | None:
    scheme = Scheme(scheme)
    return doubt(
        scheme,
        {name.lower().encode(): value.encode() for name, value in headers.items()},
        body,
        [secret.encode() for secret in secrets or (SECRETS[scheme.value],)],
        options=options or HmacOptions(),
        now=now,
    )


@pytest.mark.parametrize("scheme", HEADER_SCHEMES)
def test_what_the_provider_signed_is_believed(scheme: Scheme) -> None:
    """The other side is written apart from ours, for Standard Webhooks by its own library."""
    body, headers = signed(scheme.value, PAYLOAD, at=NOW.timestamp())
    assert judged(scheme, body, headers) is None


@pytest.mark.parametrize("scheme", HEADER_SCHEMES)
def test_nothing_else_is(scheme: Scheme) -> None:
    """One other byte, another secret, the same JSON written anew, no signature, no secret."""
    body, headers = signed(scheme.value, PAYLOAD, at=NOW.timestamp())
    assert judged(scheme, body + b" ", headers) is WRONG
    assert judged(scheme, json.dumps(PAYLOAD, indent=1).encode(), headers) is WRONG
    assert judged(scheme, body, headers, "d2hzZWNfYW5vdGhlcg==") is WRONG
    assert judged(scheme, body, {}) is MISSING
    assert doubt(scheme, {}, body, [], options=HmacOptions(), now=NOW) is NO_SECRET


@pytest.mark.parametrize("scheme", HEADER_SCHEMES)
def test_while_a_secret_is_replaced_both_are_believed(scheme: Scheme) -> None:
    """No delivery is lost between the two moments at which each side changes."""
    body, headers = signed(scheme.value, PAYLOAD, at=NOW.timestamp())
    assert judged(scheme, body, headers, "d2hzZWNfYW5vdGhlcg==", SECRETS[scheme.value]) is None


@pytest.mark.parametrize("scheme", ["stripe", "standard_webhooks"])
def test_a_signed_time_holds_for_five_minutes(scheme: str) -> None:
    """What somebody recorded is not believed later, nor what is signed ahead of time."""
    for seconds, expected in ((299, None), (301, TOO_OLD), (-299, None), (-301, FUTURE)):
        body, headers = signed(scheme, PAYLOAD, at=(NOW - timedelta(seconds=seconds)).timestamp())
        assert judged(scheme, body, headers) is expected


@pytest.mark.parametrize("scheme", ["stripe", "standard_webhooks"])
def test_a_time_that_is_changed_breaks_the_signature(scheme: str) -> None:
    """Else an old delivery would be made fresh."""
    body, headers = signed(scheme, PAYLOAD, at=1_000_000_000)
    fresh = {name: value.replace("1000000000", str(int(NOW.timestamp()))) for name, value in headers.items()}
    assert judged(scheme, body, fresh) is WRONG


def test_the_published_vector_of_standard_webhooks() -> None:
    """From the specification: id, timestamp, body, secret, and the signature they make."""
    body = b'{"test": 2432232314}'
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    then = datetime.fromtimestamp(1614265330, UTC)
    assert (
        judged("standard_webhooks", body, headers, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", now=then) is None
    )
    signature = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign(
        headers["webhook-id"], then, body.decode()
    )
    assert signature == headers["webhook-signature"]


def test_several_signatures_of_which_one_is_right() -> None:
    """A provider in the middle of a rotation signs with both of its secrets."""
    body, headers = signed("stripe", PAYLOAD, at=NOW.timestamp())
    t, _, v1 = headers["stripe-signature"].split(",")[0], "", headers["stripe-signature"].split(",")[1]
    assert judged("stripe", body, {"stripe-signature": f"{t},v1={'0' * 64},{v1}"}) is None
    body, headers = signed("standard_webhooks", PAYLOAD, at=NOW.timestamp())
    headers["webhook-signature"] = "v1,AAAA v1a,ignored " + headers["webhook-signature"]
    assert judged("standard_webhooks", body, headers) is None


def test_a_secret_of_stripe_is_used_as_text_and_one_of_standard_webhooks_is_decoded() -> None:
    """Both begin with whsec_; read alike, one of them never verifies."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = str(int(NOW.timestamp()))
    as_text = hmac.new(secret.encode(), f"{at}.{{}}".encode(), hashlib.sha256).hexdigest()
    assert judged("stripe", b"{}", {"stripe-signature": f"t={at},v1={as_text}"}, secret) is None
    key = base64.b64decode(secret.removeprefix("whsec_"))
    decoded = hmac.new(key, f"{at}.{{}}".encode(), hashlib.sha256).hexdigest()
    assert judged("stripe", b"{}", {"stripe-signature": f"t={at},v1={decoded}"}, secret) is WRONG


def test_sumsub_by_sha512_and_never_by_sha1() -> None:
    """The header names the algorithm, so whoever forges would choose the weakest."""
    body, key = b'{"type": "applicantReviewed"}', SECRETS["sumsub"].encode()
    for algorithm, expected in (("sha512", None), ("sha1", MISSING)):
        digest = hmac.new(key, body, algorithm).hexdigest()
        headers = {"x-payload-digest": digest, "x-payload-digest-alg": f"HMAC_{algorithm.upper()}_HEX"}
        assert judged("sumsub", body, headers) is expected


def test_veriffs_old_signature_is_not_believed() -> None:
    """sha256(payload + secret) is no HMAC: whoever knows one can lengthen the payload."""
    body = b"{}"
    old = hashlib.sha256(body + SECRETS["veriff"].encode()).hexdigest()
    assert judged("veriff", body, {"x-signature": old}) is MISSING
    assert judged("veriff", body, {"x-hmac-signature": old}) is WRONG


def test_the_generic_scheme_is_what_its_options_say() -> None:
    """Header, algorithm, writing, prefix, and a signed time."""
    options = HmacOptions("X-Hub-Signature", Algorithm.SHA512, Encoding.BASE64, "sha512=", "X-Time")
    body, at = b"{}", str(int(NOW.timestamp()))
    mac = hmac.new(b"secret", f"{at}.".encode() + body, hashlib.sha512).digest()
    right = {"x-hub-signature": "sha512=" + base64.b64encode(mac).decode(), "x-time": at}
    assert judged("hmac", body, right, "secret", options=options) is None
    late = NOW + timedelta(minutes=6)
    assert judged("hmac", body, right, "secret", options=options, now=late) is TOO_OLD
    assert (
        judged("hmac", body, {"x-hub-signature": right["x-hub-signature"]}, "secret", options=options)
        is MISSING
    )
    assert judged("hmac", body, {**right, "x-hub-signature": "sha512="}, "secret", options=options) is MISSING


ADYEN_KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
ADYEN_ITEM: dict[str, Any] = {
    "pspReference": "7914073381342284",
    "originalReference": "",
    "merchantAccountCode": "TestMerchant",
    "merchantReference": "TestPayment-1407325143704",
    "amount": {"value": 1130, "currency": "EUR"},
    "eventCode": "AUTHORISATION",
    "success": "true",
    "additionalData": {"hmacSignature": "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="},
}


def test_the_published_vector_of_adyen() -> None:
    """The one in Adyen's documents and libraries: eight fields, a key in hexadecimal, base64."""
    assert adyen_is_signed(ADYEN_ITEM, [ADYEN_KEY.encode()])
    assert adyen_is_signed(ADYEN_ITEM, [b"00" * 32, ADYEN_KEY.encode()])
    for changed in (
        {"success": "false"},
        {"amount": {"value": 1131, "currency": "EUR"}},
        {"eventCode": "REFUND"},
    ):
        assert not adyen_is_signed(ADYEN_ITEM | changed, [ADYEN_KEY.encode()])


@pytest.mark.parametrize(
    "item", [None, [], {}, {"additionalData": "x"}, {"additionalData": {"hmacSignature": "é"}, "amount": 3}]
)
def test_whatever_is_sent_as_an_item_is_judged_and_never_raises(item: object) -> None:
    """It is read before anything is believed."""
    assert not adyen_is_signed(item, [ADYEN_KEY.encode()])


@pytest.mark.parametrize("scheme", HEADER_SCHEMES)
@pytest.mark.parametrize(
    "text", [b"", b"t=", b"t=1,v1", b"\xff\xfe", b"v1," * 5_000, b"t=" + b"9" * 400 + b",v1=0"]
)
def test_whatever_stands_in_a_header_is_judged_and_never_raises(scheme: Scheme, text: bytes) -> None:
    """Anybody may write there."""
    names = (
        "stripe-signature webhook-signature webhook-id webhook-timestamp x-sha2-signature x-hmac-signature "
        "x-payload-digest x-signature"
    )
    headers = dict.fromkeys((name.encode() for name in names.split()), text)
    headers[b"x-payload-digest-alg"] = b"HMAC_SHA256_HEX"
    secrets = [SECRETS[scheme.value].encode()]
    assert doubt(scheme, headers, b"{}", secrets, options=HmacOptions(), now=NOW) in {MISSING, WRONG, TOO_OLD}


def test_a_secret_is_refused_that_its_scheme_cannot_use() -> None:
    """Found out by the first delivery, it would be too late."""
    assert check_secret(Scheme.STRIPE, "whsec_x") is None
    assert check_secret(Scheme.ADYEN, "whsec_x") is not None
    assert check_secret(Scheme.ADYEN, ADYEN_KEY) is None
    assert check_secret(Scheme.STANDARD_WEBHOOKS, "whsec_not base64!") is not None
    assert check_secret(Scheme.ONFIDO, "") is not None
    assert check_secret(Scheme.ONFIDO, "with blank") is not None
