"""The pytest plugin: `viertakt`, a back office for one test. Nothing is imported or started before a test asks for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from viertakt.testing.back_office import BackOffice


@pytest.fixture(scope="session")
def viertakt_template(request: pytest.FixtureRequest) -> "Iterator[str]":
    """The address of a database with roles, kinds and a held clock, from which each test gets a copy.

    On the embedded PostgreSQL, which keeps its files in pytest's cache; or on VIERTAKT_TEST_DATABASE_URL, as superuser.
    """
    from viertakt.testing.databases import template

    folder = request.config.rootpath / ".pytest_cache" / "viertakt"
    with template(folder) as made:
        yield made


@pytest.fixture
def viertakt(viertakt_template: str) -> "Iterator[BackOffice]":
    """A back office of the test's own, with a clock that stands still until the test moves it."""
    from viertakt.testing.back_office import back_office
    from viertakt.testing.databases import copy

    with copy(viertakt_template) as database, back_office(database) as made:
        yield made
