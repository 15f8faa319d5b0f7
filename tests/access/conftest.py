"""People to test with: the roles are installed once a test."""

import pytest

from viertakt.access.actions import add_person, install_roles
from viertakt.access.model import Actor
from viertakt.db.pool import Connection

EMAIL = "anna@example.com"
PASSWORD = "correct horse battery"


@pytest.fixture
def roles(conn: Connection) -> None:
    """The product's roles, installed."""
    install_roles(conn)


@pytest.fixture
def anna(conn: Connection, roles: None) -> Actor:
    """A person of the payments team who can sign in."""
    return add_person(conn, email=EMAIL, name="Anna", roles=["payments"], password=PASSWORD)
