"""The brake on guessing: who tries too often waits, each time longer, and nobody learns who exists."""

from datetime import timedelta

import pytest

from tests.access.conftest import EMAIL, PASSWORD, SEALER
from viertakt.access import accounts, brake, signing_in
from viertakt.access.model import Actor
from viertakt.access.sign_in_model import Origin
from viertakt.access.signing_in import Attempt
from viertakt.db.pool import Connection, connect
from viertakt.errors import RateLimited

HOME = Origin("192.0.2.7", "a browser")


def attempt(conn: Connection, email: str = EMAIL, password: str = "wrong horse battery") -> object:
    """One try, from the network address that all tests of this file share."""
    tried = Attempt(email, password, origin=HOME)
    signing_in.admit(conn, tried)
    return signing_in.sign_in(conn, tried, SEALER)


def wait_over(conn: Connection) -> None:
    """Let every wait pass."""
    conn.execute("UPDATE viertakt.sign_in_brake SET locked_until = NULL")


def test_each_failure_more_doubles_the_wait() -> None:
    """A guesser gets slower; somebody who forgot a password waits a quarter of an hour at most."""
    waits = [brake.wait_after(failures, free=5) for failures in (4, 5, 6, 7, 8, 9, 100)]
    minutes = [None if wait is None else wait / timedelta(minutes=1) for wait in waits]
    assert minutes == [None, 1, 2, 4, 8, 15, 15]


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com", "no address"])
def test_five_wrong_passwords_stop_the_guessing(conn: Connection, anna: Actor, email: str) -> None:
    """Also the right one then waits: the guesser must not learn which try was it, nor who has an account."""
    for _ in range(brake.ACCOUNT_FREE):
        attempt(conn, email)
    with pytest.raises(RateLimited) as refused:
        attempt(conn, email.upper(), PASSWORD)
    assert 0 < int(str(refused.value.facts["retry_after"])) <= 61


def test_after_the_wait_the_next_failure_waits_longer(conn: Connection, anna: Actor) -> None:
    """Otherwise five guesses a minute would go on for ever."""
    for _ in range(brake.ACCOUNT_FREE):
        attempt(conn)
    wait_over(conn)
    attempt(conn)
    with pytest.raises(RateLimited) as refused:
        attempt(conn)
    assert 61 < int(str(refused.value.facts["retry_after"])) <= 121


def test_getting_in_forgets_the_failures_of_the_account(conn: Connection, anna: Actor) -> None:
    """Four typing errors in the morning must not count in the afternoon."""
    for _ in range(brake.ACCOUNT_FREE - 1):
        attempt(conn)
    attempt(conn, password=PASSWORD)
    for _ in range(brake.ACCOUNT_FREE):
        attempt(conn)
    with pytest.raises(RateLimited):
        attempt(conn)


def test_many_accounts_tried_from_one_place_stop_that_place(conn: Connection, anna: Actor) -> None:
    """One password for a thousand accounts is guessing too; an own account among them does not wash it clean."""
    for number in range(brake.ADDRESS_FREE):
        attempt(conn, f"person-{number}@example.com")
        wait_over(conn)
        attempt(conn, password=PASSWORD)
    attempt(conn, "one-more@example.com")
    with pytest.raises(RateLimited):
        attempt(conn, "another@example.com")


def test_an_office_forgets_a_failure_every_two_minutes(conn: Connection, anna: Actor) -> None:
    """Two hundred people behind one address mistype all day; that alone must not stop them."""
    for number in range(brake.ADDRESS_FREE):
        attempt(conn, f"person-{number}@example.com")
    wait_over(conn)
    conn.execute("UPDATE viertakt.sign_in_brake SET failed_at = failed_at - interval '10 minutes'")
    for number in range(5):
        attempt(conn, f"another-{number}@example.com")
    with pytest.raises(RateLimited):
        attempt(conn, "one-more@example.com")


def test_tries_at_the_same_moment_are_counted_too(database: str) -> None:
    """Fifty at once would otherwise all pass before the first has failed: each waits for the one before."""
    brakes = brake.brakes_of(EMAIL, None)
    with connect(database, autocommit=True) as one, connect(database, autocommit=True) as two:
        passed = 0
        for number in range(20):
            try:
                with (one, two)[number % 2].transaction():
                    brake.admit((one, two)[number % 2], brakes)
                passed += 1
            except RateLimited:
                pass
    assert passed == brake.ACCOUNT_FREE


def test_what_happens_is_recorded_and_never_what_was_typed(conn: Connection, anna: Actor) -> None:
    """Who tried, from where, and how it ended; a password typed into the wrong field is in no record."""
    for _ in range(brake.ACCOUNT_FREE):
        attempt(conn, password="a secret that was typed")
    wait_over(conn)
    attempt(conn, "a secret in the wrong field", "x")
    attempt(conn, password=PASSWORD)
    told = [(line.sort, line.actor, line.detail, line.address) for line in accounts.events(conn)]
    refused = ("refused", anna.id, "password", "192.0.2.7")
    assert told == [
        ("signed_in", anna.id, None, "192.0.2.7"),
        ("refused", None, "password", "192.0.2.7"),
        ("locked", anna.id, None, "192.0.2.7"),
        *[refused] * 5,
    ]
    kept = conn.execute("SELECT string_agg(e::text, ' ') FROM viertakt.sign_in_event AS e").fetchone()
    assert kept is not None
    assert "secret" not in kept[0]


def test_what_is_long_over_is_forgotten(conn: Connection, anna: Actor) -> None:
    """A flood of invented addresses must not stay for ever."""
    attempt(conn)
    conn.execute("UPDATE viertakt.sign_in_brake SET failed_at = now() - interval '25 hours'")
    brake.prune_brake(conn)
    assert conn.execute("SELECT count(*) FROM viertakt.sign_in_brake").fetchone() == (0,)
