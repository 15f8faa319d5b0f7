"""Sessions: who gets in, for how long, and what somebody who guesses finds out."""

import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from tests.access.conftest import EMAIL, PASSWORD, sign_in
from viertakt.access import actions
from viertakt.access.model import Actor
from viertakt.access.secret_text import fingerprint
from viertakt.db.pool import Connection
from viertakt.errors import Unauthenticated


def actor_of(conn: Connection, secret: str) -> Actor:
    """Whose session this is."""
    return actions.session_of(conn, secret).actor


def age_session(conn: Connection, secret: str, *, seen: str = "0", created: str = "0") -> None:
    """Move a session into the past."""
    conn.execute(
        "UPDATE viertakt.session SET seen_at = seen_at - %s::interval, expires_at = expires_at - %s::interval"
        " WHERE secret_hash = %s",
        [seen, created, fingerprint(secret)],
    )


def test_signing_in_opens_a_session(conn: Connection, anna: Actor) -> None:
    """The address is taken as people type it; the database keeps a hash of the secret alone."""
    secret, actor = sign_in(conn, " Anna@EXAMPLE.com ")
    assert actor == anna
    assert actor_of(conn, secret) == anna
    row = conn.execute("SELECT secret_hash FROM viertakt.session").fetchone()
    assert row == (fingerprint(secret),)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "wrong horse battery"),
        ("nobody@example.com", PASSWORD),
        ("not an address", PASSWORD),
        ("a@b\x00", PASSWORD),
        (EMAIL, "\ud800"),
        (EMAIL, PASSWORD + "\x00"),
        ("x" * 100_000 + "@example.com", "x" * 100_000),
    ],
)
def test_every_failed_sign_in_reads_the_same(
    conn: Connection, anna: Actor, email: str, password: str
) -> None:
    """Nobody finds out by the words who has an account, and nothing sent is a crash."""
    with pytest.raises(Unauthenticated, match="E-mail address or password is not right"):
        sign_in(conn, email, password)


def test_an_unknown_address_costs_as_much_time_as_a_wrong_password(conn: Connection, anna: Actor) -> None:
    """Nor by the clock: without the dummy hash the unknown one would be forty times faster."""

    def seconds(email: str) -> float:
        best = 60.0
        for _ in range(3):
            begin = time.perf_counter()
            with pytest.raises(Unauthenticated):
                sign_in(conn, email, "wrong horse battery")
            best = min(best, time.perf_counter() - begin)
        return best

    assert seconds("nobody@example.com") > seconds(EMAIL) / 4


def test_a_person_without_a_password_cannot_sign_in(conn: Connection, roles: None) -> None:
    """An account made for later must not open with an empty password."""
    actions.add_person(conn, email=EMAIL, name="A", roles=["kyc"], password=None)
    with pytest.raises(Unauthenticated):
        sign_in(conn, EMAIL, "")


def test_a_session_ends_when_nobody_uses_it_for_half_an_hour(conn: Connection, anna: Actor) -> None:
    """A desk that somebody left is not an open door."""
    secret, _ = sign_in(conn)
    age_session(conn, secret, seen="29 minutes")
    assert actor_of(conn, secret) == anna
    age_session(conn, secret, seen="29 minutes")  # seen a moment ago, so this one counts anew
    assert actor_of(conn, secret) == anna
    age_session(conn, secret, seen="30 minutes 1 second")
    with pytest.raises(Unauthenticated):
        actor_of(conn, secret)


def test_a_session_ends_after_twelve_hours_of_work(conn: Connection, anna: Actor) -> None:
    """Even one that is used all the time: a stolen cookie does not live for ever."""
    secret, _ = sign_in(conn)
    age_session(conn, secret, created="12 hours")
    with pytest.raises(Unauthenticated):
        actor_of(conn, secret)


def test_an_installation_has_its_own_limit(conn: Connection, anna: Actor) -> None:
    """A bank's is shorter than a shop's."""
    secret, _ = sign_in(conn)
    age_session(conn, secret, seen="6 minutes")
    with pytest.raises(Unauthenticated):
        actions.session_of(conn, secret, idle_max=timedelta(minutes=5))
    assert actor_of(conn, secret) == anna


def test_a_busy_session_writes_once_a_minute(conn: Connection, anna: Actor) -> None:
    """A console looks several times a second; each look must not write a row."""
    secret, _ = sign_in(conn)
    seen = "SELECT ctid FROM viertakt.session WHERE secret_hash = %s"
    before = conn.execute(seen, [fingerprint(secret)]).fetchone()
    actor_of(conn, secret)
    assert conn.execute(seen, [fingerprint(secret)]).fetchone() == before


def test_signing_out_ends_this_session_only(conn: Connection, anna: Actor) -> None:
    """The other desk goes on working; signing out twice is no fault."""
    first, _ = sign_in(conn)
    second, _ = sign_in(conn)
    actions.sign_out(conn, first)
    actions.sign_out(conn, first)
    with pytest.raises(Unauthenticated):
        actor_of(conn, first)
    assert actor_of(conn, second) == anna


def test_another_password_ends_every_session(conn: Connection, anna: Actor) -> None:
    """Whoever changes a password because it leaked wants the thief out."""
    secret, _ = sign_in(conn)
    actions.set_password(conn, anna.id, "a better horse battery")
    with pytest.raises(Unauthenticated):
        actor_of(conn, secret)
    sign_in(conn, EMAIL, "a better horse battery")


def test_signing_in_renews_a_hash_of_older_costs(conn: Connection, anna: Actor) -> None:
    """Only then is the password known; nobody has to choose another because the costs rose."""
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    conn.execute("UPDATE viertakt.person SET password_hash = %s", [old])
    sign_in(conn)
    row = conn.execute("SELECT password_hash FROM viertakt.person").fetchone()
    assert row is not None
    assert row[0].startswith("$argon2id$v=19$m=47104")
    sign_in(conn)


def test_the_language_is_the_persons_own(conn: Connection, anna: Actor) -> None:
    """The console asks for it at sign-in on another machine."""
    actions.set_language(conn, anna.id, "nl")
    assert actions.person(conn, anna.id).language == "nl"
