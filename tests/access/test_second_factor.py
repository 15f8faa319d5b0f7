"""Authenticators: each code opens once, recovery codes stand in, and the secret is never told again."""

import time
from typing import Any

import pyotp
import pytest

from tests.access.conftest import EMAIL, PASSWORD, SEALER, sign_in
from viertakt.access import accounts, actions, signing_in
from viertakt.access.model import Actor, Session
from viertakt.access.sealing import Sealer
from viertakt.access.second_factor import accepted_step, new_recovery_codes
from viertakt.access.sign_in_model import Limits, Origin, Started
from viertakt.db.pool import Connection
from viertakt.errors import (
    Conflict,
    Invalid,
    SecondFactorRequired,
    Unauthenticated,
    Unavailable,
    ViertaktError,
)
from viertakt.settings import Settings

HERE = Origin()
# RFC 6238, appendix B: the secret of its SHA-1 vectors, and their last six digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


def enrolled(conn: Connection) -> tuple[Session, pyotp.TOTP, tuple[str, ...]]:
    """Anna with an authenticator in force, confirmed by the code of one step ago."""
    secret, _ = sign_in(conn)
    session = actions.session_of(conn, secret)
    totp = pyotp.TOTP(accounts.enrol(conn, session, SEALER).secret)
    codes = accounts.confirm(conn, session, SEALER, totp.at(time.time() - 30), origin=HERE)
    return session, totp, codes


@pytest.mark.parametrize(("now", "code"), RFC_CODES)
def test_codes_are_those_of_the_standard(now: int, code: str) -> None:
    """An authenticator of any make must agree."""
    assert accepted_step(RFC_SECRET, code, now=now, last_step=0) == now // 30


def test_a_code_is_taken_a_step_early_or_late_and_no_more() -> None:
    """Clocks differ a little; a code that was seen over a shoulder a minute ago opens nothing."""
    for seconds, taken in ((-31, False), (-30, True), (0, True), (59, True), (60, False)):
        found = accepted_step(RFC_SECRET, "005924", now=1234567890 + seconds, last_step=0)
        assert (found is not None) is taken, seconds


def test_an_authenticator_is_in_force_from_its_first_code(conn: Connection, anna: Actor) -> None:
    """Somebody whose app never took the secret must not be locked out by it."""
    secret, _ = sign_in(conn)
    session = actions.session_of(conn, secret)
    made = accounts.enrol(conn, session, SEALER)
    assert made.uri == f"otpauth://totp/Viertakt:anna%40example.com?secret={made.secret}&issuer=Viertakt"
    assert made.qr.startswith("<svg")
    sign_in(conn)
    with pytest.raises(Invalid):
        accounts.confirm(conn, session, SEALER, "000000", origin=HERE)
    accounts.confirm(conn, session, SEALER, pyotp.TOTP(made.secret).now(), origin=HERE)
    with pytest.raises(SecondFactorRequired):
        sign_in(conn)
    with pytest.raises(Conflict):
        accounts.enrol(conn, session, SEALER)


def test_other_sessions_end_when_an_authenticator_is_added(conn: Connection, anna: Actor) -> None:
    """Who got in by the password alone is out."""
    stolen, _ = sign_in(conn)
    enrolled(conn)
    with pytest.raises(Unauthenticated):
        actions.session_of(conn, stolen)


def test_a_code_opens_once(conn: Connection, anna: Actor) -> None:
    """Whoever reads it over a shoulder comes too late, even within its thirty seconds."""
    _, totp, _ = enrolled(conn)
    code = totp.now()
    sign_in(conn, code=f"{code[:3]} {code[3:]}")
    with pytest.raises(SecondFactorRequired) as refused:
        sign_in(conn, code=code)
    assert refused.value.facts == {"wrong_code": True}
    with pytest.raises(SecondFactorRequired):
        sign_in(conn, code=totp.at(time.time() - 30))


def test_a_wrong_password_is_not_made_right_by_a_code(conn: Connection, anna: Actor) -> None:
    """And says nothing about the code, which stays unused."""
    _, totp, _ = enrolled(conn)
    code = totp.now()
    with pytest.raises(Unauthenticated, match="E-mail address or password"):
        sign_in(conn, EMAIL, "wrong horse battery", code=code)
    sign_in(conn, code=code)


def test_a_recovery_code_opens_once(conn: Connection, anna: Actor) -> None:
    """For the day the phone is gone; as people type it."""
    _, _, codes = enrolled(conn)
    assert len(codes) == len(set(codes)) == 10
    sign_in(conn, code=codes[3].lower().replace("-", " "))
    with pytest.raises(SecondFactorRequired):
        sign_in(conn, code=codes[3])
    assert accounts.account(conn, anna.id).recovery_codes_left == 9


def test_fresh_recovery_codes_replace_the_earlier_ones(conn: Connection, anna: Actor) -> None:
    """A list that was lost opens nothing any more."""
    session, _, old = enrolled(conn)
    new = accounts.renew_recovery_codes(conn, session, origin=HERE)
    with pytest.raises(SecondFactorRequired):
        sign_in(conn, code=old[0])
    sign_in(conn, code=new[0])


def test_taking_it_out_of_use_needs_password_and_code(conn: Connection, anna: Actor) -> None:
    """Neither a stolen session nor a phone on the table is enough."""
    session, totp, codes = enrolled(conn)

    def proved(password: str | None, code: str) -> ViertaktError | None:
        return signing_in.prove(conn, session, SEALER, password=password, code=code, origin=HERE, both=True)

    assert isinstance(proved(None, totp.now()), Invalid)
    assert isinstance(proved("wrong horse battery", totp.now()), Invalid)
    assert isinstance(proved(PASSWORD, "000000"), Invalid)
    assert proved(PASSWORD, codes[0]) is None
    accounts.drop_factor(conn, session, origin=HERE)
    sign_in(conn)
    with pytest.raises(Conflict):
        accounts.drop_factor(conn, session, origin=HERE)


def test_an_administrator_resets_a_lost_one(conn: Connection, anna: Actor) -> None:
    """Signed out everywhere, recorded with who and why; nobody resets their own."""
    enrolled(conn)
    boss = actions.add_person(conn, email="b@example.com", name="B", roles=["admin"], password=None)
    with pytest.raises(Conflict):
        accounts.reset_factor(conn, anna.id, by=anna, origin=HERE, reason="me")
    accounts.reset_factor(conn, anna.id, by=boss, origin=HERE, reason="lost the phone")
    assert accounts.sessions(conn, anna.id, Limits()) == ()
    line = accounts.events(conn, anna.id)[0]
    assert (line.sort, line.by_actor, line.detail) == ("factor_reset", boss.id, "lost the phone")
    sign_in(conn)
    with pytest.raises(Conflict):
        accounts.reset_factor(conn, anna.id, by=boss, origin=HERE, reason="again")


def test_the_secret_is_kept_sealed(conn: Connection, anna: Actor) -> None:
    """A copy of the database alone makes no codes; neither does a row moved to another person."""
    _, totp, codes = enrolled(conn)
    row: Any = conn.execute("SELECT sealed_secret FROM viertakt.second_factor").fetchone()
    sealed = bytes(row[0])
    assert totp.secret.encode() not in sealed
    assert SEALER.open(sealed, about=anna.id).decode() == totp.secret
    with pytest.raises(Unavailable):
        SEALER.open(sealed, about="person:another")
    kept = conn.execute("SELECT string_agg(encode(code_hash, 'escape'), ' ') FROM viertakt.recovery_code")
    assert codes[0] not in str(kept.fetchone())


def test_a_key_is_replaced_by_setting_the_new_one_before_it(tmp_path: Any) -> None:
    """Nobody has to enrol again; the server makes a key of its own where none is set, and keeps it."""
    old, new = "an old key of more than 32 characters", "a new key of more than 32 characters"
    sealed = Sealer(Settings(secret_key=old)).seal(b"x", about="a")
    assert Sealer(Settings(secret_key=f"{new},{old}")).open(sealed, about="a") == b"x"
    with pytest.raises(Unavailable):
        Sealer(Settings(secret_key=new)).open(sealed, about="a")
    with pytest.raises(Unavailable, match="at least 32"):
        Sealer(Settings(secret_key="short")).seal(b"x", about="a")
    own = Settings(data=tmp_path / "data")
    assert Sealer(own).open(Sealer(own).seal(b"y", about="a"), about="a") == b"y"
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_recovery_codes_are_random() -> None:
    """A hundred and twenty bits each, from letters and digits that nobody mistakes for another."""
    codes = new_recovery_codes() + new_recovery_codes()
    assert len(set(codes)) == 20
    assert all(len(code) == 29 and not set("01OI") & set(code) for code in codes)


def test_stepping_up_gives_the_session_another_secret(conn: Connection, anna: Actor) -> None:
    """Whoever had copied the cookie is out; the proof is fresh again."""
    secret, _ = sign_in(conn)
    conn.execute("UPDATE viertakt.session SET proved_at = proved_at - interval '1 hour'")
    session = actions.session_of(conn, secret)
    assert session.how == ("password",)
    refused = signing_in.step_up(conn, session, SEALER, password="wrong", code=None, origin=HERE)
    assert isinstance(refused, Invalid)
    started = signing_in.step_up(conn, session, SEALER, password=PASSWORD, code=None, origin=HERE)
    assert isinstance(started, Started)
    with pytest.raises(Unauthenticated):
        actions.session_of(conn, secret)
    again = actions.session_of(conn, started.secret)
    assert again.id == session.id
    assert again.proved_at > session.proved_at


def test_with_an_authenticator_stepping_up_takes_its_code(conn: Connection, anna: Actor) -> None:
    """The stronger proof, where there is one."""
    session, totp, _ = enrolled(conn)
    assert isinstance(
        signing_in.step_up(conn, session, SEALER, password=PASSWORD, code=None, origin=HERE), Invalid
    )
    started = signing_in.step_up(conn, session, SEALER, password=None, code=totp.now(), origin=HERE)
    assert isinstance(started, Started)
    assert actions.session_of(conn, started.secret).how == ("code",)
