"""What comes beside the body: the target and the headers of a request, checked before anybody reads them."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote_to_bytes

from uuid_utils import uuid7

from viertakt.api.refusals import HeadersTooLarge, InvalidCharacters, InvalidHeader, TargetTooLong, invalid
from viertakt.errors import Invalid

TARGET_BYTES_MAX = 8_192
HEADERS_MAX = 100
HEADER_BYTES_MAX = 8_192
REQUEST_ID_CHARS_MAX = 128
KEY_CHARS_MAX = 255
YEAR_MIN, YEAR_MAX = 1970, 2999  # of what is asked about

_VISIBLE = re.compile(rb"[\x21-\x7e]+")
_ETAG = re.compile(rb'"([1-9][0-9]{0,9})"')
_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
)


def collected(scope: Mapping[str, Any]) -> dict[bytes, bytes]:
    """The headers by name. One that decides something and stands there twice is refused."""
    headers: dict[bytes, bytes] = {}
    if len(scope["headers"]) > HEADERS_MAX:
        raise HeadersTooLarge(f"A request has at most {HEADERS_MAX} headers.")
    for name, value in scope["headers"]:
        if len(value) > HEADER_BYTES_MAX:
            raise HeadersTooLarge(f"A header has at most {HEADER_BYTES_MAX:,} bytes.")
        if name in headers:
            if name in _SINGLE:
                raise InvalidHeader(f"The header {name.decode('latin-1')} stands there twice.")
            headers[name] += (b"; " if name == b"cookie" else b", ") + value
        else:
            headers[name] = value
    return headers


_SINGLE = frozenset({
    b"authorization", b"idempotency-key", b"if-match", b"content-type", b"content-length", b"content-encoding",
    b"x-request-id", b"origin", b"host", b"sec-fetch-site",
})  # fmt: skip


def request_id(headers: Mapping[bytes, bytes]) -> str:
    """The caller's X-Request-Id where it is one to keep, else the trace of its traceparent, else a fresh one."""
    given = headers.get(b"x-request-id")
    if given is not None and len(given) <= REQUEST_ID_CHARS_MAX and _VISIBLE.fullmatch(given):
        return given.decode("ascii")
    trace = _TRACEPARENT.fullmatch(headers.get(b"traceparent", b""))
    if trace is not None:
        return trace[1].decode("ascii")
    return str(uuid7())


def check_target(scope: Mapping[str, Any]) -> None:
    """Refuse a path or query that is too long, or whose percent signs say what no text can hold."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    if len(raw) + len(query) > TARGET_BYTES_MAX:
        raise TargetTooLong(f"A path with its query has at most {TARGET_BYTES_MAX:,} bytes.")
    if b"%" in raw:
        _decoded(raw, "path")


def query_values(raw: bytes) -> dict[str, str]:
    """The query string by name. Raises `InvalidCharacters`, or `Invalid` for a name that stands there twice."""
    values: dict[str, str] = {}
    for part in raw.split(b"&"):
        if not part:
            continue
        name, _, value = (_decoded(piece.replace(b"+", b" "), "query") for piece in part.partition(b"="))
        if name in values:
            raise invalid(f"/{name}", "duplicate_parameter", f"The parameter {name!r} stands there twice.")
        values[name] = value
    return values


def last_event_id(headers: Mapping[bytes, bytes]) -> str | None:
    """Where a stream's reader stopped, as it says when it comes back."""
    given = headers.get(b"last-event-id")
    return given.decode("latin-1") if given else None


def idempotency_key(headers: Mapping[bytes, bytes]) -> str | None:
    """The request key, at most 255 visible ASCII characters. Raises `InvalidHeader`."""
    given = headers.get(b"idempotency-key")
    if given is None:
        return None
    if len(given) > KEY_CHARS_MAX or not _VISIBLE.fullmatch(given):
        raise InvalidHeader(f"An Idempotency-Key has 1 to {KEY_CHARS_MAX} visible ASCII characters.")
    return given.decode("ascii")


def expected_version(headers: Mapping[bytes, bytes]) -> int | None:
    """The version that If-Match names; `*` names any. Raises `InvalidHeader`."""
    given = headers.get(b"if-match", b"*").strip()
    if given == b"*":
        return None
    etag = _ETAG.fullmatch(given)
    if etag is None or int(etag[1]) > 2**31 - 1:
        raise InvalidHeader('If-Match is the ETag of an operation, such as "3".')
    return int(etag[1])


def instant(text: str, *, name: str) -> datetime:
    """A moment as RFC 3339 writes it, with an offset, in UTC. Raises `Invalid`."""
    refusal = invalid(
        f"/{name}", "invalid_time", f"{name} is a moment with its offset, such as 2026-11-22T09:30:00Z."
    )
    if not _RFC3339.fullmatch(text):
        raise refusal
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refusal from None


def day_or_instant(text: str, *, name: str) -> date | datetime:
    """A day, or a moment as `instant` reads it, between the years 1970 and 2999. Raises `Invalid`."""
    try:
        found: date | datetime = date.fromisoformat(text)
    except ValueError:
        found = instant(text, name=name)
    if not YEAR_MIN <= found.year <= YEAR_MAX:
        raise Invalid(f"{name} is a day between {YEAR_MIN} and {YEAR_MAX}.")
    return found


def _decoded(raw: bytes, where: str) -> str:
    if _PERCENT.search(raw):
        raise _unreadable(where)
    try:
        text = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        raise _unreadable(where) from None
    if "\x00" in text:
        raise _unreadable(where)
    return text


def _unreadable(where: str) -> Invalid:
    return InvalidCharacters(f"The {where} holds percent signs that stand for no text, or NUL.")
