"""Every refusal as a problem document (RFC 9457): the one table of statuses, and the one function that makes them.

The core does not know HTTP. A refusal that is not in `STATUS` is a bug that a test finds; an exception that is no
refusal is logged with the request's id and answered 500 without a word about the inside.
"""

import logging
import re
import traceback
from typing import Any

import msgspec

from viertakt.errors import Fault, ViertaktError

STATUS: dict[str, int] = {
    "refused": 422,
    "invalid": 422,
    "invalid_kind": 422,
    "invalid_query": 400,
    "invalid_cursor": 400,
    "not_found": 404,
    "unauthenticated": 401,
    "second_factor_required": 401,
    "forbidden": 403,
    "step_up_required": 403,
    "factor_missing": 403,
    "password_made": 403,
    "looking": 403,
    "conflict": 409,
    "reference_taken": 409,
    "kind_taken": 409,
    "not_permitted": 409,
    "on_hold": 409,
    "stale": 412,
    "lost_race": 409,
    "retry_transaction": 409,
    "key_reused": 422,
    "rate_limited": 429,
    "unavailable": 503,
    "malformed_json": 400,
    "too_complex": 400,
    "duplicate_key": 400,
    "invalid_number": 400,
    "invalid_header": 400,
    "two_credentials": 400,
    "invalid_characters": 422,
    "payload_too_large": 413,
    "uri_too_long": 414,
    "unsupported_media_type": 415,
    "headers_too_large": 431,
    "no_route": 404,
    "method_not_allowed": 405,
    "not_same_origin": 403,
    "internal": 500,
}

RESERVED = frozenset({"type", "title", "status", "code", "detail", "instance", "errors"})
_SURROGATES = re.compile("[\ud800-\udfff]")
_encode = msgspec.json.Encoder(enc_hook=str, order=None).encode
_log = logging.getLogger("viertakt.api")

Headers = list[tuple[bytes, bytes]]


class Refusal(msgspec.Struct, frozen=True):
    """A problem document with its status and the headers that belong to it."""

    status: int
    document: dict[str, Any]
    headers: Headers

    def encoded(self) -> bytes:
        """The document as bytes."""
        return _encode(self.document)


def problem(error: Exception, request_id: str) -> Refusal:
    """The refusal that answers an exception; whatever is none of ours is logged and becomes `internal`."""
    if not isinstance(error, ViertaktError):
        _log_failure(error, request_id)
        detail = f"Something went wrong on our side. Nothing is known to be lost; the request's id is {request_id}."
        return Refusal(500, _document("internal", 500, detail, request_id), [])
    status = STATUS[error.code]
    document = _document(error.code, status, error.detail, request_id)
    if error.faults:
        document["errors"] = [_fault(fault) for fault in error.faults]
    document |= {name: value for name, value in error.facts.items() if name not in RESERVED}
    return Refusal(status, document, _headers(status, error))


def _log_failure(error: Exception, request_id: str) -> None:
    """One line of JSON, so that nothing in it can pass for a line of its own; no local values: they hold tokens."""
    stack = "".join(traceback.format_exception(error))
    _log.error(_encode({"event": "request failed", "request_id": request_id, "stack": stack}).decode())


def _document(code: str, status: int, detail: str, request_id: str) -> dict[str, Any]:
    return {
        "type": f"/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": _speakable(detail),
        "instance": request_id,
    }


def _fault(fault: Fault) -> dict[str, str]:
    members = msgspec.structs.asdict(fault).items()
    return {name: _speakable(value) for name, value in members if value is not None}


def _speakable(text: str) -> str:
    """A sentence may quote what was sent: lone surrogates cannot be encoded, and NUL helps nobody."""
    return _SURROGATES.sub("\ufffd", text).replace("\x00", "\u2400")


def _headers(status: int, error: ViertaktError) -> Headers:
    headers: Headers = []
    if status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="viertakt"'))
    if status == 405:
        headers.append((b"allow", str(error.facts.get("allow", "")).encode("latin-1")))
    if status in {413, 414, 431}:
        headers.append((b"connection", b"close"))  # the rest of the body is not read
    if "retry_after" in error.facts:
        headers.append((b"retry-after", str(error.facts["retry_after"]).encode("ascii")))
    return headers
