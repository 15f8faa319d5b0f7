"""The company's providers, at their own desks: signed deliveries to /v1/signals/…, as anybody's provider sends them.

adyen     notification items, each with its `hmacSignature`     stripe    events, Stripe-Signature
sumsub    X-Payload-Digest                                      bank      Standard Webhooks

How they sign is how the real ones do. What they say is not: the real ones know nothing of orders, claims and bonuses, so
each says in its own envelope which transition it means, and the demo's mappings read that instead of the ready ones.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from viertakt.access.model import ActorId
from viertakt.demo.customers import People
from viertakt.demo.model import Habits, Step
from viertakt.kinds.model import Cause, Kind
from viertakt_client import Client, Operation

Headers = dict[str, str]
Sent = dict[str, Any]


class Report(msgspec.Struct, frozen=True):
    """One thing that a provider tells."""

    event: str
    at: datetime
    kind: str
    reference: str
    does: str
    why: str


class Protocol(msgspec.Struct, frozen=True):
    """How a provider speaks: its scheme of signatures and a secret for it, its envelope, and where in it things stand."""

    scheme: str
    secret: Callable[[], str]
    envelope: Callable[[Report, str], Sent]
    signed: Callable[[bytes, str, Report], Headers]
    reads: Mapping[str, str]
    items: str | None = None


class Providers:
    """All of them: each signs what it reports with a secret of its own."""

    def __init__(self, platform: Client, secrets_of: Mapping[str, str]) -> None:
        self._platform = platform
        self._secrets = secrets_of

    def report(self, source: str, operation: Operation, step: Step, *, times: int = 1) -> None:
        """Report that something has happened, so often; the same event, as providers do that got no answer."""
        protocol, secret = PROTOCOLS[source], self._secrets[source]
        report = Report(
            f"evt_{secrets.token_hex(12)}",
            datetime.now(UTC),
            operation.kind,
            operation.reference,
            step.transition,
            step.reason or "",
        )
        body = json.dumps(protocol.envelope(report, secret)).encode()
        headers = {"content-type": "application/json"} | protocol.signed(body, secret, report)
        for _ in range(times):
            self._platform.signal(source, body, headers)


def register_sources(
    people: People, admin: ActorId, names: Sequence[str], habits: Habits, kinds: Mapping[str, Kind]
) -> dict[str, str]:
    """The providers as sources with one fresh secret each, made by the administrator over HTTP; the secrets by name."""
    fresh = {}
    for name in names:
        path, protocol = f"/v1/sources/{name}", PROTOCOLS[name]
        told = {"scheme": protocol.scheme, "mapping": mapping(name, habits, kinds)}
        known = people.ask(admin, "PUT", path, told)
        for old in known["secrets"]:
            people.ask(admin, "DELETE", f"{path}/secrets/{old['id']}")
        fresh[name] = protocol.secret()
        people.ask(admin, "POST", f"{path}/secrets", {"secret": fresh[name]})
    return fresh


def mapping(name: str, habits: Habits, kinds: Mapping[str, Kind]) -> str:
    """What a provider of the demo says, as a mapping (YAML, which JSON is too): one rule for each thing it may report."""
    protocol = PROTOCOLS[name]
    reads = protocol.reads
    rules = []
    for kind, habit in habits.kinds.items():
        for way in sorted({way for ways in habit.ways.values() for way in ways} - {"stay"}):
            transition = next(known for called, known in kinds[kind].transitions.items() if called == way)
            if Cause.SOURCE in transition.by:
                said = f"{reads['kind']} == '{kind}' && {reads['does']} == '{way}'"
                rules += [
                    {
                        "when": f"{said} && {reads['why']} == '{reason}'",
                        "kind": kind,
                        "transition": way,
                        "reason": reason,
                    }
                    for reason in transition.reasons[1:]
                ]
                first = {"reason": transition.reasons[0]} if transition.reasons else {}
                rules.append({"when": said, "kind": kind, "transition": way, **first})
    document = {
        "event": reads["event"],
        "at": reads["at"],
        "type": reads["does"],
        "find": {kind: {f"kind:{kind}": reads["reference"]} for kind in habits.kinds},
        "show": ["why", "reason"],
        "rules": rules,
    }
    return json.dumps(document | ({"items": protocol.items} if protocol.items else {}))


# Each one's own ----------------------------------------------------------------------------------------------------


def _adyen(report: Report, secret: str) -> Sent:
    item: Sent = {
        "pspReference": report.event,
        "merchantAccountCode": "Demo",
        "merchantReference": report.reference,
        "eventCode": report.does,
        "eventDate": report.at.isoformat(),
        "success": "true",
        "reason": report.why,
        "additionalData": {"kind": report.kind},
    }
    # An original reference, an amount and its currency have their places, empty.
    covered = f"{report.event}::Demo:{report.reference}:::{report.does}:true"
    mac = hmac.digest(bytes.fromhex(secret), covered.encode(), hashlib.sha256)
    item["additionalData"]["hmacSignature"] = base64.b64encode(mac).decode()
    return {"live": "false", "notificationItems": [{"NotificationRequestItem": item}]}


def _stripe(report: Report, _: str) -> Sent:
    told = {"kind": report.kind, "reference": report.reference, "why": report.why}
    return {
        "id": report.event,
        "type": report.does,
        "created": int(report.at.timestamp()),
        "data": {"object": {"metadata": told}},
    }


def _sumsub(report: Report, _: str) -> Sent:
    return {
        "correlationId": report.event,
        "externalUserId": report.reference,
        "type": report.does,
        "createdAtMs": report.at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3],
        "levelName": report.kind,
        "why": report.why,
    }


def _bank(report: Report, _: str) -> Sent:
    return msgspec.to_builtins(report)  # type: ignore[no-any-return]


def _signed_stripe(body: bytes, secret: str, _: Report) -> Headers:
    at = str(int(datetime.now(UTC).timestamp()))
    mac = hmac.digest(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return {"stripe-signature": f"t={at},v1={mac.hex()}"}


def _signed_sumsub(body: bytes, secret: str, _: Report) -> Headers:
    mac = hmac.digest(secret.encode(), body, hashlib.sha256)
    return {"x-payload-digest": mac.hex(), "x-payload-digest-alg": "HMAC_SHA256_HEX"}


def _signed_standard(body: bytes, secret: str, report: Report) -> Headers:
    at = str(int(datetime.now(UTC).timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.digest(key, f"{report.event}.{at}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": report.event,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


PROTOCOLS: Mapping[str, Protocol] = {
    "adyen": Protocol(
        "adyen",
        lambda: secrets.token_hex(32),
        _adyen,
        lambda *_: {},  # each item carries its own
        {
            "event": "pspReference", "at": "eventDate", "does": "eventCode", "kind": "additionalData.kind",
            "reference": "merchantReference", "why": "reason",
        },
        items="notificationItems[].NotificationRequestItem",
    ),
    "bank": Protocol(
        "standard_webhooks",
        lambda: f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}",
        _bank,
        _signed_standard,
        {name: name for name in Report.__struct_fields__},
    ),
    "stripe": Protocol(
        "stripe",
        lambda: f"whsec_{secrets.token_hex(16)}",
        _stripe,
        _signed_stripe,
        {
            "event": "id", "at": "created", "does": "type", "kind": "data.object.metadata.kind",
            "reference": "data.object.metadata.reference", "why": "data.object.metadata.why",
        },
    ),
    "sumsub": Protocol(
        "sumsub",
        lambda: secrets.token_urlsafe(24),
        _sumsub,
        _signed_sumsub,
        {
            "event": "correlationId", "at": "createdAtMs", "does": "type", "kind": "levelName",
            "reference": "externalUserId", "why": "why",
        },
    ),
}  # fmt: skip
