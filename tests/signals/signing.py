"""The providers' side of signatures, written from their documents and apart from the product's."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

SECRETS = {
    "stripe": "whsec_9f2c5e0d7b1a4c6e8f3d",
    "adyen": "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056",
    "sumsub": "a8pX2yWq71",
    "onfido": "T0kenOfTheWebhook",
    "veriff": "d3b07384-d9a0-4c9b-8f0e-000000000001",
    "standard_webhooks": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "hmac": "anything-that-both-know",
}


def signed(
    scheme: str, payload: Any, *, secret: str | None = None, at: float | None = None
) -> tuple[bytes, dict[str, str]]:
    """A payload as its provider would send it: the body, and the headers."""
    key = secret or SECRETS[scheme]
    now = datetime.now(UTC).timestamp() if at is None else at
    if scheme == "adyen":
        for item in payload["notificationItems"]:
            sign_adyen(item["NotificationRequestItem"], key)
    body = json.dumps(payload).encode()
    headers = {"content-type": "application/json"}
    match scheme:
        case "stripe":
            mac = _hex(key.encode(), f"{int(now)}.".encode() + body)
            headers["stripe-signature"] = f"t={int(now)},v1={mac},v0=ignored"
        case "sumsub":
            headers |= {
                "x-payload-digest": _hex(key.encode(), body),
                "x-payload-digest-alg": "HMAC_SHA256_HEX",
            }
        case "onfido":
            headers["x-sha2-signature"] = _hex(key.encode(), body)
        case "veriff":
            headers |= {"x-auth-client": "api-key", "x-hmac-signature": _hex(key.encode(), body)}
        case "hmac":
            headers["x-signature"] = _hex(key.encode(), body)
        case "standard_webhooks":
            moment = datetime.fromtimestamp(int(now), UTC)
            headers |= {
                "webhook-id": "msg_1",
                "webhook-timestamp": str(int(now)),
                "webhook-signature": Webhook(key).sign("msg_1", moment, body.decode()),
            }
    return body, headers


def sign_adyen(item: dict[str, Any], key: str) -> None:
    """Put the signature of its eight fields into an item."""
    amount = item.get("amount", {})
    text = ":".join(
        str(part)
        for part in (
            item.get("pspReference", ""),
            item.get("originalReference", ""),
            item.get("merchantAccountCode", ""),
            item.get("merchantReference", ""),
            amount.get("value", ""),
            amount.get("currency", ""),
            item.get("eventCode", ""),
            item.get("success", ""),
        )
    )
    mac = hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).digest()
    item.setdefault("additionalData", {})["hmacSignature"] = base64.b64encode(mac).decode()


def _hex(key: bytes, text: bytes) -> str:
    return hmac.new(key, text, hashlib.sha256).hexdigest()
