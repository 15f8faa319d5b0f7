"""Passwords: what is stored, what is refused, and what a guesser learns."""

import threading

import pytest
from argon2 import PasswordHasher

from viertakt.access import passwords
from viertakt.errors import Invalid, RateLimited


def test_the_stored_hash_is_argon2id_with_the_costs_of_the_design() -> None:
    """46 MiB, one pass, one lane: OWASP's second choice, small enough for two at once on a small machine."""
    assert passwords.hash_password("correct horse battery").startswith("$argon2id$v=19$m=47104,t=1,p=1$")


def test_only_the_right_password_is_right() -> None:
    """The plainest promise of all."""
    stored = passwords.hash_password("correct horse battery")
    assert passwords.verify_password(stored, "correct horse battery")
    assert not passwords.verify_password(stored, "Correct horse battery")
    assert not passwords.verify_password(stored, "")


@pytest.mark.parametrize("password", ["", "\ud800" * 20, "x" * 257, "any other password"])
def test_nobody_has_no_right_password(password: str) -> None:
    """An unknown person costs the same hashing as a known one, and no password opens that door."""
    assert not passwords.verify_password(None, password)


@pytest.mark.parametrize("password", ["x" * 14, "x" * 257, "\ud800" * 20])
def test_a_password_that_cannot_be_one_is_refused(password: str) -> None:
    """Fifteen characters stand alone (NIST 800-63B-4); beyond 256 hashing is somebody else's lever."""
    with pytest.raises(Invalid):
        passwords.hash_password(password)


def test_a_generated_password_is_long_enough_and_new_each_time() -> None:
    """The demo and `people add` show one; it must pass our own rule."""
    first, second = passwords.generate_password(), passwords.generate_password()
    passwords.check_password(first)
    assert first != second


def test_a_hash_with_other_costs_is_to_be_made_again() -> None:
    """Costs rise over the years; people's hashes follow when they sign in."""
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("correct horse battery")
    assert passwords.is_outdated(old)
    assert passwords.verify_password(old, "correct horse battery")
    assert not passwords.is_outdated(passwords.hash_password("correct horse battery"))


def test_at_most_two_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred sign-ins at 46 MiB each would take the machine's memory; the third waits, here in vain."""
    monkeypatch.setattr(passwords, "WAIT_SECONDS_MAX", 0.01)
    inside, leave = threading.Barrier(3), threading.Event()

    def hold() -> None:
        with passwords._at_work():
            inside.wait()
            leave.wait()

    holders = [threading.Thread(target=hold) for _ in range(2)]
    for holder in holders:
        holder.start()
    inside.wait()
    with pytest.raises(RateLimited):
        passwords.verify_password(None, "a third one who waits")
    leave.set()
    for holder in holders:
        holder.join()
    assert not passwords.verify_password(None, "and now there is room")
