"""Passwords: argon2id, never more than two at work at once, and no difference between a wrong one and an unknown person.

46 MiB, one pass, one lane (OWASP's second choice). Two at once keep a burst of sign-ins under 100 MiB; without the gate
a hundred of them would take 4.6 GiB.
"""

import secrets
import string
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from viertakt.access.guessable import is_guessable
from viertakt.errors import Invalid, RateLimited

LENGTH_MIN = 15  # NIST 800-63B-4, where a password stands alone
LENGTH_MAX = 256
AT_ONCE_MAX = 2
WAIT_SECONDS_MAX = 10.0

_hasher = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
_gate = threading.BoundedSemaphore(AT_ONCE_MAX)
_ALPHABET = string.ascii_lowercase + string.digits
# Of a password nobody knows, with the same cost as a real one: the answer for an unknown person takes as long.
_NOBODY = _hasher.hash(secrets.token_urlsafe(32))


def generate_password() -> str:
    """A password that can be read aloud: four groups of five from 36 characters, 103 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def check_password(password: str) -> None:
    """Refuse what cannot be a password here. Raises `Invalid`."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        raise Invalid(
            f"A password has {LENGTH_MIN} to {LENGTH_MAX} characters; this one has {len(password)}. Several words will do."
        )
    if not _encodable(password):
        raise Invalid("This password has characters that cannot be stored; choose another.")


def check_new_password(password: str, about: Iterable[str]) -> None:
    """Refuse what somebody should not begin to use; `about`: what they are called. Raises `Invalid`."""
    check_password(password)
    if is_guessable(password, about):
        raise Invalid(
            "This password is guessed soon: it is made of common words, rows of keys, or a name. Several words that "
            "have nothing to do with each other are better."
        )


def hash_password(password: str) -> str:
    """The argon2id hash to store. Raises `Invalid`, `RateLimited`."""
    check_password(password)
    with _at_work():
        return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether this is the password; without a stored hash the same work is done and the answer is no."""
    if len(password) > LENGTH_MAX or not _encodable(password):
        password, stored = "", None
    with _at_work():
        try:
            return _hasher.verify(stored or _NOBODY, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other costs than today's, and is to be made again at sign-in."""
    return _hasher.check_needs_rehash(stored)


def _encodable(password: str) -> bool:
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _at_work() -> Iterator[None]:
    # A bounded wait: a flood of sign-ins must not hold every database connection of the server.
    if not _gate.acquire(timeout=WAIT_SECONDS_MAX):
        raise RateLimited(
            "Too many people are signing in at this moment; try again in a minute.", retry_after=60
        )
    try:
        yield
    finally:
        _gate.release()
