"""Fifteen characters are not enough where everybody begins with them."""

import pytest

from viertakt.access.actions import add_person, set_password
from viertakt.access.guessable import is_guessable
from viertakt.access.model import Actor
from viertakt.access.passwords import generate_password
from viertakt.db.pool import Connection
from viertakt.errors import Invalid

ABOUT = ("Anna de Vries", "anna.devries@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword", "Password1234567", "Welkom welkom 2026!", "aaaaaaaaaaaaaaa", "123456789012345",
        "qwertyuiopasdfgh", "Casino-Casino-24", "viertakt viertakt", "zyxwvutsrqponmlk", "anna.devries2026!",
        "ababababababababab",
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password: str) -> None:
    """Common words, rows of keys, the house's own words, one's own name, and much of the same."""
    assert is_guessable(password, ABOUT)


@pytest.mark.parametrize("password", ["1qaz2wsx3edc4rfv", "ManchesterUnited", "q1w2e3r4t5y6u7i8o9p0"])
def test_what_was_leaked_and_is_met_often_is_refused(password: str) -> None:
    """Whoever tries leaked passwords begins with those."""
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "a long enough password",
        "paarse fiets zonder zadel",
        "xK9!vT2#mQ7$wR4",
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_are_fine(password: str) -> None:
    """A rule that refuses good passwords makes people write them down."""
    assert not is_guessable(password, ABOUT)


def test_what_we_make_up_ourselves_is_never_refused() -> None:
    """Otherwise a newcomer could not be added, once in a while."""
    assert not any(is_guessable(generate_password(), ABOUT) for _ in range(500))


def test_nobody_begins_with_one(conn: Connection, anna: Actor) -> None:
    """Neither a newcomer nor who changes theirs."""
    with pytest.raises(Invalid, match="guessed soon"):
        set_password(conn, anna.id, "welkom welkom welkom")
    with pytest.raises(Invalid, match="guessed soon"):
        add_person(
            conn, email="bo.jansen@example.com", name="Bo Jansen", roles=[], password="bo.jansen@example"
        )
