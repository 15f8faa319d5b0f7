"""One office for the whole folder: its tests use references of their own."""

from collections.abc import Iterator

import pytest

from tests.conftest import _copy
from tests.signals.office import Office, office_at


@pytest.fixture(scope="session")
def office(server_url: str, template: str) -> Iterator[Office]:
    """An office with a source for each provider that has a ready mapping."""
    for database in _copy(server_url, template):
        with office_at(database) as made:
            for scheme in ("stripe", "adyen", "sumsub", "onfido", "veriff"):
                made.source(scheme)
            yield made
