"""Where a list goes on, or goes back: opaque outside, signed, and good only for the list it came from.

    base64url( mac[16] ‖ JSON [value of the sort, operation id, way] )
    mac = HMAC-SHA256(installation's secret, "cursor" ‖ query as printed ‖ sort ‖ JSON), cut to 128 bits

The filter is not in the cursor but under its signature: a cursor of another list, installation or invention is refused
in one way, without saying which.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from viertakt.errors import InvalidCursor

MAC_BYTES = 16
LENGTH_MAX = 512


class Way(StrEnum):
    """On which side of its operation a page lies; `from` and `upto` hold the operation too."""

    AFTER = "after"
    FROM = "from"
    BEFORE = "before"
    UPTO = "upto"

    @property
    def back(self) -> bool:
        """Whether the page is read from its end."""
        return self in (Way.BEFORE, Way.UPTO)


class Place(msgspec.Struct, frozen=True, array_like=True):
    """An operation at the edge of a page: its sort value, and its id to tell it from others with the same."""

    at: datetime
    id: UUID
    way: Way = Way.AFTER


def write_cursor(secret: bytes, list_key: bytes, place: Place) -> str:
    """The cursor of the page that lies there."""
    body = msgspec.json.encode(place)
    return base64.urlsafe_b64encode(_mac(secret, list_key, body) + body).decode().rstrip("=")


def read_cursor(secret: bytes, list_key: bytes, text: str) -> Place:
    """The place a cursor names. Raises `InvalidCursor`."""
    if len(text) > LENGTH_MAX or not text.isascii():
        raise _invalid()
    try:
        # The standard decoder skips what is not base64; `validate` does not.
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _invalid() from None
    mac, body = raw[:MAC_BYTES], raw[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(secret, list_key, body)):
        raise _invalid()
    return msgspec.json.decode(body, type=Place)


def list_key(query_text: str, sort: str) -> bytes:
    """What makes a list this list: its query as printed and its sort."""
    return msgspec.json.encode([query_text, sort])


def _mac(secret: bytes, key: bytes, body: bytes) -> bytes:
    # A digest of the key keeps the two parts apart, whatever they hold.
    message = b"cursor" + hashlib.sha256(key).digest() + body
    return hmac.digest(secret, message, "sha256")[:MAC_BYTES]


def _invalid() -> InvalidCursor:
    return InvalidCursor("This cursor does not belong to this list; begin again without one.")
