"""The shape of tokens: told from anything else without asking the database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viertakt.access.secret_text import (
    TOKEN_PATTERN,
    fingerprint,
    hint,
    is_token,
    new_session_secret,
    new_token,
)

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def test_a_new_token_is_one() -> None:
    """The pattern is published, so that secret scanners find tokens that leak."""
    token = new_token()
    assert TOKEN_PATTERN.fullmatch(token)
    assert is_token(token)
    assert new_token() != token


@given(place=st.integers(3, 38), other=st.sampled_from(BASE62))
def test_one_wrong_character_is_noticed(place: int, other: str) -> None:
    """A mistyped token is told so without a look-up: CRC-32 finds every change of one character."""
    token = new_token()
    changed = token[:place] + other + token[place + 1 :]
    assert is_token(changed) == (changed == token)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vt_",
        "vt_" + "1" * 36,
        "vt_" + "0" * 35,
        "xx_" + "0" * 36,
        "vt_" + "é" * 36,
        pytest.param(new_token() + "\n", id="with a line end"),
    ],
)
def test_anything_else_is_none(text: str) -> None:
    """Invented tokens are the usual thing an open port sees."""
    assert not is_token(text)


def test_only_a_digest_is_kept() -> None:
    """Whoever reads the table cannot become anybody; the hint is four characters of the checksum."""
    token = new_token()
    assert len(fingerprint(token)) == 32
    assert fingerprint(token) == fingerprint(token)
    assert hint(token) == "…" + token[-4:]


def test_a_session_secret_has_256_bits() -> None:
    """It is all that stands between a stranger and a person's console."""
    assert len(new_session_secret()) == 43  # 32 bytes in base64 without padding
    assert new_session_secret() != new_session_secret()


def test_a_secret_with_half_a_surrogate_is_just_unknown() -> None:
    """A header can hold what UTF-8 cannot; it must not become a crash."""
    assert fingerprint("\ud800") != fingerprint("a")
