"""What a token and a session secret look like, and the only form in which they are stored.

A token is `vt_`, 30 characters of base62 (178 bits) and 6 of their CRC-32: scanners and our own door tell a mistyped or
invented one without asking the database. Pattern: `vt_[0-9A-Za-z]{36}`.
"""

import hashlib
import re
import secrets
import string
import zlib

PREFIX = "vt_"
BODY_LENGTH = 30
CHECKSUM_LENGTH = 6
TOKEN_PATTERN = re.compile(r"vt_[0-9A-Za-z]{36}")
HINT_LENGTH = 4
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def new_token() -> str:
    """A fresh token in plain text; it is shown once and kept by nobody."""
    body = "".join(secrets.choice(_BASE62) for _ in range(BODY_LENGTH))
    return PREFIX + body + _checksum(body)


def is_token(text: str) -> bool:
    """Whether this could be one of our tokens: its shape and checksum are right."""
    if not TOKEN_PATTERN.fullmatch(text):
        return False
    body = text[len(PREFIX) : -CHECKSUM_LENGTH]
    return secrets.compare_digest(_checksum(body), text[-CHECKSUM_LENGTH:])


def new_session_secret() -> str:
    """256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> bytes:
    """The SHA-256 under which a secret is stored; it is random enough to need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def hint(token: str) -> str:
    """The end of a token, to tell two apart in a list. Four of six checksum characters say nothing about the rest."""
    return "…" + token[-HINT_LENGTH:]


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    digits = ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits
