"""Secrets that must be read again, such as an authenticator's: kept sealed with a key that is not in the database.

AES-256-GCM, bound to what it belongs to, so that a sealed text moved to another row does not open. Several keys may be
given, separated by commas: the first seals, all open, so a key is replaced by setting the new one before the old.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from viertakt.errors import Unavailable
from viertakt.settings import Settings

NONCE_BYTES = 12
KEY_FILE = "secret.key"
KEY_LENGTH_MIN = 32  # characters: no passphrase that somebody thought of


class Sealer:
    """Seals and opens under the installation's key, which is read when it is first needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ciphers: list[AESGCM] = []

    def seal(self, secret: bytes, *, about: str) -> bytes:
        """The secret as the database may hold it; it opens only with the same `about`. Raises `Unavailable`."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._keys()[0].encrypt(nonce, secret, about.encode())

    def open(self, sealed: bytes, *, about: str) -> bytes:
        """What was sealed. Raises `Unavailable` where no key of this server opens it."""
        nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        for cipher in self._keys():
            try:
                return cipher.decrypt(nonce, text, about.encode())
            except InvalidTag:
                continue
        raise Unavailable(
            "What is sealed here was sealed with another key: set VIERTAKT_SECRET_KEY to the one of all servers."
        )

    def derive(self, about: str) -> tuple[bytes, ...]:
        """A secret of 32 bytes for this purpose from each key, the one in use first: the same on every server, kept nowhere."""
        label = b"viertakt:derived:" + about.encode()
        return tuple(hmac.digest(text.encode(), label, hashlib.sha256) for text in self._texts())

    def _keys(self) -> list[AESGCM]:
        if not self._ciphers:
            digests = [hashlib.sha256(b"viertakt:" + text.encode()).digest() for text in self._texts()]
            self._ciphers = [AESGCM(digest) for digest in digests]
        return self._ciphers

    def _texts(self) -> list[str]:
        known = self._settings.secret_key or _own_key(self._settings.data)
        texts = [part.strip() for part in known.split(",")]
        if any(len(text) < KEY_LENGTH_MIN for text in texts):
            raise Unavailable(f"VIERTAKT_SECRET_KEY has at least {KEY_LENGTH_MIN} random characters.")
        return texts


def _own_key(data: Path) -> str:
    """The key in the data folder, made where there is none; two servers that start together end up with the same."""
    path = data / KEY_FILE
    try:
        if not path.exists():
            data.mkdir(parents=True, exist_ok=True)
            draft = data / f".{KEY_FILE}.{secrets.token_hex(4)}"
            draft.touch(mode=0o600, exist_ok=False)
            draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
            try:
                os.link(draft, path)  # whole, or not at all
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text(encoding="ascii").strip()
    except OSError as fault:
        raise Unavailable(
            f"The key of this installation cannot be kept in {path}: {fault.strerror}. Set VIERTAKT_SECRET_KEY."
        ) from fault
