"""Who may make a transition, and in which capacity."""

import pytest

from viertakt.access.model import ROLES, Actor, ActorId, Right, system
from viertakt.access.rules import may_open, right_to_move
from viertakt.errors import Forbidden


def person(*roles: str) -> Actor:
    """A person with these roles."""
    return Actor(ActorId("person:1"), "Anna", frozenset(roles))


def token(*roles: str) -> Actor:
    """A program with these roles."""
    return Actor(ActorId("token:1"), "ledger", frozenset(roles))


@pytest.mark.parametrize(
    ("actor", "roles", "by", "right"),
    [
        (person("payments"), ["payments", "risk"], [], Right("manual", "role payments")),
        (person("kyc"), ["payments"], [], None),
        (person("admin"), ["payments"], [], Right("manual", "role admin")),
        (person("admin"), [], ["process", "source"], None),
        (person(), ["payments"], ["process"], None),
        (token("integration"), [], ["process"], Right("process", "role integration")),
        (token("integration"), [], ["source"], Right("source", "role integration")),
        (token("integration"), ["payments"], [], None),
        (token("payments"), ["payments"], ["process"], Right("manual", "role payments")),
        (token("admin"), ["payments"], ["process"], Right("process", "role admin")),
        (token("integration"), [], ["deadline", "check", "children"], None),
        (token("admin"), [], ["deadline", "check", "children"], None),
        (system("deadline"), [], ["deadline"], Right("deadline", "system:deadline")),
        (system("check:velocity"), [], ["check"], Right("check", "system:check:velocity")),
        (system("source:stripe"), [], ["source"], Right("source", "system:source:stripe")),
        (system("ledger"), [], ["process"], Right("process", "system:ledger")),
        (system("ledger"), ["payments"], ["deadline"], None),
        (person("import"), [], [], Right("import", "import")),
    ],
)
def test_a_right_is_a_capacity_and_what_gave_it(
    actor: Actor, roles: list[str], by: list[str], right: Right | None
) -> None:
    """Nobody makes the clock, a check or the children come earlier, whatever their role."""
    assert right_to_move(actor, roles=roles, by=by) == right


@pytest.mark.parametrize("roles", [[], ["read_only"], ["auditor"], ["auditor", "read_only"]])
def test_who_only_reads_opens_nothing(roles: list[str]) -> None:
    """An auditor who could open an operation would be auditing their own work."""
    with pytest.raises(Forbidden, match="needs a role that acts"):
        may_open(person(*roles))


def test_nobody_is_given_the_role_of_an_import() -> None:
    """It makes any move: it exists only inside an importer, which gives it to the people of a log."""
    assert "import" not in ROLES


def test_opening_says_by_what_right() -> None:
    """Entry 1 of every history carries it."""
    assert may_open(person("payments", "auditor")) == Right("manual", "role payments")
    assert may_open(token("integration")) == Right("process", "role integration")
    assert may_open(system("ledger")) == Right("process", "system:ledger")
    assert may_open(person("import")) == Right("import", "import")
