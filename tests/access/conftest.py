"""People to test with: the roles are installed once a test."""

import pytest

from viertakt.access import signing_in
from viertakt.access.actions import add_person, install_roles
from viertakt.access.model import Actor
from viertakt.access.sealing import Sealer
from viertakt.access.signing_in import Attempt
from viertakt.db.pool import Connection
from viertakt.errors import ViertaktError
from viertakt.settings import Settings

EMAIL = "anna@example.com"
PASSWORD = "correct horse battery"
SEALER = Sealer(Settings(secret_key="a key that only these tests know"))


def sign_in(
    conn: Connection, email: str = EMAIL, password: str = PASSWORD, code: str | None = None
) -> tuple[str, Actor]:
    """The secret of a session, and whose it is; the brake is not asked."""
    started = signing_in.sign_in(conn, Attempt(email, password, code), SEALER)
    if isinstance(started, ViertaktError):
        raise started
    return started.secret, started.actor


@pytest.fixture
def roles(conn: Connection) -> None:
    """The product's roles, installed."""
    install_roles(conn)


@pytest.fixture
def anna(conn: Connection, roles: None) -> Actor:
    """A person of the payments team who can sign in."""
    return add_person(conn, email=EMAIL, name="Anna", roles=["payments"], password=PASSWORD)
