"""A brake on guessing, for each account and for each network address: from a few failures on, a growing wait.

Counted in the database: with several servers there is one count, and a restart forgets nothing. A try is counted when it
begins, in a transaction of its own, and taken back when it succeeds: tries at the same moment must not pass uncounted.
Known and unknown accounts are braked alike, so that the brake does not tell who exists; only hashes are kept.
"""

import hashlib
from datetime import timedelta
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.access import sign_in_store as store
from viertakt.errors import RateLimited

ACCOUNT_FREE = 5  # tries before the first wait
ADDRESS_FREE = 30  # an office behind one address has many who mistype
ADDRESS_LEAK = timedelta(
    minutes=2
)  # one failure of an address is forgotten: such an office is never quiet for a day
WAIT_FIRST = timedelta(minutes=1)  # doubled with each failure more
WAIT_MAX = timedelta(minutes=15)  # a stranger must not lock somebody out for a day
FORGOTTEN_AFTER = timedelta(days=1)
PRUNED_AT_ONCE = 10_000


class Brakes(msgspec.Struct, frozen=True):
    """What one try is counted on. `address` is None where nobody knows where it comes from."""

    account: bytes
    address: bytes | None

    @property
    def keys(self) -> list[bytes]:
        return sorted([self.account, *([self.address] if self.address else [])])


def brakes_of(account: str, address: str | None) -> Brakes:
    """The keys to count a try on: an account (an e-mail address, or a person's id) and a network address."""
    return Brakes(_key(f"account:{account}"), _key(f"address:{address}") if address else None)


def admit(conn: Connection[Any], brakes: Brakes) -> None:
    """Let a try pass, counted as failed until it succeeds. To be committed at once.

    Raises `RateLimited` with `retry_after` in seconds.
    """
    rows = store.lock_brake(conn, brakes.keys)
    waits = [row.locked_until - row.now for row in rows if row.locked_until and row.locked_until > row.now]
    if waits:
        seconds = int(max(waits).total_seconds()) + 1
        raise RateLimited(
            f"Too many failed tries; try again in {-(-seconds // 60)} minutes.", retry_after=seconds
        )
    for row in rows:
        quiet = row.now - row.failed_at
        if row.key_hash == brakes.account:
            failures = (0 if quiet > FORGOTTEN_AFTER else row.failures) + 1
            wait = wait_after(failures, free=ACCOUNT_FREE)
        else:
            failures = max(row.failures - quiet // ADDRESS_LEAK, 0) + 1
            wait = wait_after(failures, free=ADDRESS_FREE)
        store.count_try(conn, row.key_hash, failures, row.now + wait if wait else None)


def is_on(conn: Connection[Any], brakes: Brakes) -> bool:
    """Whether the next try has to wait."""
    return any(row.locked_until for row in store.lock_brake(conn, brakes.keys))


def succeeded(conn: Connection[Any], brakes: Brakes) -> None:
    """Forget the failures of an account whose person got in; its network address only gets this try back."""
    store.forget_failures(conn, brakes.account)
    if brakes.address is not None:
        store.take_back_try(conn, [brakes.address])


def take_back(conn: Connection[Any], brakes: Brakes) -> None:
    """This try was none: right so far, and to be completed."""
    store.take_back_try(conn, brakes.keys)


def prune_brake(conn: Connection[Any]) -> None:
    """Remove what is long over."""
    store.prune_brake(conn, kept=FORGOTTEN_AFTER, limit=PRUNED_AT_ONCE)


def wait_after(failures: int, *, free: int) -> timedelta | None:
    """How long nobody may try after so many failures in a row; None while they are few."""
    if failures < free:
        return None
    doubled: timedelta = min(WAIT_FIRST * 2 ** min(failures - free, 16), WAIT_MAX)
    return doubled


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
