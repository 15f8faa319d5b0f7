"""Every value of every provider stands in the data, and each path is one that its kind permits."""

from collections import Counter

import pytest

from tests.kinds.ways import NEEDS, ProviderValue, kind_of, needed, provider_values, walk
from viertakt.kinds.model import StageName, Status

# How many values each provider has per status: pending, success, error, rejected.
COUNTS = {
    "Stripe PaymentIntent": (5, 1, 1, 2),
    "Stripe payout": (2, 1, 2, 2),
    "Stripe dispute": (4, 3, 0, 1),
    "Adyen payment": (5, 3, 1, 3),
    "Hyperswitch intent": (11, 2, 1, 4),
    "Hyperswitch payout": (7, 1, 1, 6),
    "Hyperswitch dispute": (2, 2, 0, 3),
    "Formance initiation": (5, 2, 2, 1),
    "Modern Treasury": (6, 1, 1, 5),
    "Wise": (5, 1, 0, 3),
    "Modulr": (4, 1, 1, 1),
    "Onfido": (4, 1, 1, 2),
    "Sumsub": (6, 1, 1, 1),
    "Veriff": (5, 1, 0, 2),
    "Zendesk": (4, 2, 0, 1),
    "Zammad": (4, 2, 0, 1),
    "Saleor": (4, 1, 0, 3),
    "Medusa": (3, 2, 0, 1),
    "Fast Track bonus": (4, 3, 0, 2),
    "DBOS": (3, 1, 2, 1),
    "Kill Bill txn": (2, 1, 1, 1),
    "peatio withdraw": (8, 1, 2, 2),
}


@pytest.mark.parametrize("line", provider_values(), ids=lambda line: f"{line.provider}: {line.value}")
def test_a_provider_value_is_reached_by_its_path(line: ProviderValue) -> None:
    """An importer that maps a value to a stage nobody can reach would map it to nothing."""
    kind = kind_of(line.kind)
    stage = walk(kind, line.path)
    assert (stage, kind.stages[stage].status.value) == (line.expect.stage, line.expect.status)


def test_every_provider_has_all_its_values() -> None:
    """A value left out in silence is the one that a customer sends first."""
    found = Counter((line.provider, Status(line.expect.status)) for line in provider_values())
    assert {name: tuple(found[name, status] for status in Status) for name in COUNTS} == COUNTS
    assert {line.provider for line in provider_values()} == set(COUNTS)


def test_a_value_is_mapped_once() -> None:
    """Two lines for one value would let an importer choose."""
    twice = [
        key
        for key, count in Counter((line.provider, line.value) for line in provider_values()).items()
        if count > 1
    ]
    assert twice == []


def test_what_waits_for_later_machinery_says_so() -> None:
    """A path that nobody can walk yet is marked, not skipped in silence."""
    for line in provider_values():
        assert needed(line.path) <= {line.needs}, f"{line.provider} {line.value} does not say what it needs"
        assert line.needs is None or line.needs in NEEDS
        assert StageName(line.expect.stage) in kind_of(line.kind).stages
