"""How grants are given, taken, and kept: at once for everybody, and never without a trace."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from viertakt.access import actions, granting
from viertakt.access.granting import bring_grants
from viertakt.access.grants_model import GrantLine, NewGrant
from viertakt.access.installed import INSTALLED
from viertakt.access.model import Actor, system
from viertakt.db.pool import Connection
from viertakt.errors import Conflict, Invalid, InvalidQuery, NotFound
from viertakt.language.fields import attribute

CHIEF = system("cli")
KINDS = ("withdrawal", "refund")
FIELDS = {"attributes.method": attribute("method", "string", ("bank", "card"))}


def add(conn: Connection, role: str, *may: str, **limits: Any) -> GrantLine:
    """Grant it, as an administrator does."""
    return granting.add_grant(
        conn, NewGrant(role, may, **limits), actor=CHIEF, kinds=KINDS, fields=FIELDS, reason="as agreed"
    )


def test_the_products_roles_are_granted_what_they_did_before(conn: Connection, roles: None) -> None:
    """Whoever upgrades goes on working."""
    assert {line.role: line.may for line in granting.grants(conn)} == dict(INSTALLED)


def test_what_was_revoked_does_not_come_back_with_the_next_start(conn: Connection, anna: Actor) -> None:
    """Every start installs what is missing; a company's decision is not missing."""
    (line,) = granting.grants(conn, role="payments")
    granting.revoke_grant(conn, line.id, actor=CHIEF)
    actions.install_roles(conn)
    assert granting.grants(conn, role="payments") == ()
    assert actions.actor_by_id(conn, anna.id).rights.grants == ()


def test_a_grant_counts_at_once_for_everybody_who_has_the_role(conn: Connection, anna: Actor) -> None:
    """Their access version rises, so that what was decided on the earlier rights is not written."""
    support = actions.add_person(conn, email="s@example.com", name="Sam", roles=["support"], password=None)
    line = add(conn, "payments", "move:approve", kinds=("withdrawal",), amount_max={"EUR": Decimal(1000)})
    now = actions.actor_by_id(conn, anna.id)
    assert now.access_version == anna.access_version + 1
    assert [one.id for one in now.rights.to("move:approve")] == [line.id]
    assert now.rights.to("move:approve")[0].amount_max == {"EUR": Decimal(1000)}
    assert actions.actor_by_id(conn, support.id) == support
    granting.revoke_grant(conn, line.id, actor=CHIEF)
    after = actions.actor_by_id(conn, anna.id)
    assert after.access_version == anna.access_version + 2
    assert after.rights.to("move:approve") == ()


def test_every_change_stands_in_the_audit(conn: Connection, roles: None) -> None:
    """Who could approve in March is asked in June."""
    line = add(conn, "support", "move:approve")
    granting.revoke_grant(conn, line.id, actor=CHIEF, reason="left the team")
    newest = granting.access_changes(conn)[:2]
    assert [(one.sort, one.grant_id, one.role, one.actor, one.reason) for one in newest] == [
        ("revoked", line.id, "support", "system:cli", "left the team"),
        ("granted", line.id, "support", "system:cli", "as agreed"),
    ]
    (kept,) = [one for one in granting.grants(conn, role="support", revoked=True) if one.id == line.id]
    assert kept.revoked_by == "system:cli"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE viertakt.access_grant SET may = '{manage}'",
        "UPDATE viertakt.access_grant SET role = 'admin'",
        "DELETE FROM viertakt.access_grant",
        "UPDATE viertakt.access_change SET actor = 'system:nobody'",
        "DELETE FROM viertakt.access_change",
    ],
)
def test_neither_a_grant_nor_its_trace_is_rewritten(conn: Connection, roles: None, statement: str) -> None:
    """The application's role may revoke and no more, whatever its code does."""
    conn.execute("SET LOCAL ROLE viertakt_app")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)


def test_the_last_who_manages_cannot_be_lost(conn: Connection, roles: None) -> None:
    """Nobody could grant anything any more."""
    (admin,) = granting.grants(conn, role="admin")
    with pytest.raises(Conflict, match="last grant"):
        granting.revoke_grant(conn, admin.id, actor=CHIEF)
    add(conn, "risk", "manage")
    granting.revoke_grant(conn, admin.id, actor=CHIEF)
    with pytest.raises(NotFound, match="list them"):
        granting.revoke_grant(conn, admin.id, actor=CHIEF)


@pytest.mark.usefixtures("roles")
@pytest.mark.parametrize(
    ("role", "may", "limits", "told"),
    [
        ("paymints", ["view"], {}, "Did you mean payments?"),
        ("payments", [], {}, "1 to 200"),
        ("payments", ["veiw"], {}, "Did you mean view?"),
        ("payments", ["approve"], {}, "move:<transition>"),
        ("payments", ["move:"], {}, "move:<transition>"),
        ("payments", ["restricted"], {}, "say 'view'"),
        ("payments", ["view"], {"kinds": ("withdrawl",)}, "Did you mean withdrawal?"),
        ("payments", ["open"], {"amount_max": {"euro": Decimal(1)}}, "1000EUR"),
        ("payments", ["open"], {"amount_max": {"EUR": Decimal(-1)}}, "zero or more"),
        ("payments", ["open"], {"amount_max": {"EUR": Decimal("NaN")}}, "zero or more"),
    ],
)
def test_a_grant_that_means_nothing_is_refused(
    conn: Connection, role: str, may: list[str], limits: Mapping[str, Any], told: str
) -> None:
    """Kept, it would look like a right that somebody has."""
    with pytest.raises(Invalid, match=told):
        add(conn, role, *may, **limits)


@pytest.mark.parametrize(
    "where",
    [
        "subject:player-1",
        "amount>5EUR",
        "created>-1d",
        "free",
        "attributes.iban:NL1",
        "was:paid",
        "is:open",
        "brand:a OR id:*",
        "brnd:a",
    ],
)
def test_a_scope_asks_only_what_is_counted(conn: Connection, roles: None, where: str) -> None:
    """Else the number on a tab would be exact for some people and a guess for others."""
    with pytest.raises(InvalidQuery):
        add(conn, "payments", "view", where=where)


def test_a_scope_is_kept_in_its_canonical_form(conn: Connection, roles: None) -> None:
    """Two that mean the same read the same."""
    line = add(conn, "payments", "view", where="  brand:north   (attributes.method:card OR stage:requested)")
    assert line.where == "brand:north (attributes.method:card OR stage:requested)"


def test_a_kind_brings_grants_along_and_later_only_the_difference(conn: Connection, anna: Actor) -> None:
    """What a company revoked does not come back with a version that changed something else."""

    def publish(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> None:
        bring_grants(conn, "refund", before=before, after=after, restricted=[], actor=CHIEF.id)

    def brought() -> dict[str, tuple[str, ...]]:
        return {line.role or "": line.may for line in granting.grants(conn) if line.brought_by == "refund"}

    first = {"payments": ["move:approve", "move:refuse"], "risk": ["move:refuse"], "warehouse": ["move:pack"]}
    publish({}, first)
    assert brought() == {"payments": ("move:approve", "move:refuse"), "risk": ("move:refuse",)}
    (risks,) = [line for line in granting.grants(conn, role="risk") if line.brought_by]
    granting.revoke_grant(conn, risks.id, actor=CHIEF)
    second = {"payments": ["move:approve", "move:send"], "risk": ["move:refuse"]}
    publish(first, second)
    assert brought() == {"payments": ("move:approve", "move:send")}
    assert actions.actor_by_id(conn, anna.id).rights.to("move:send")


def test_a_stage_that_becomes_restricted_is_out_of_sight_at_once(conn: Connection, anna: Actor) -> None:
    """Of every version: what stood there before is no less suspected."""
    bring_grants(conn, "refund", before={}, after={}, restricted=["held"], actor=CHIEF.id)
    now = actions.actor_by_id(conn, anna.id)
    assert ("refund", "held") in now.rights.restricted
    assert now.access_version == anna.access_version + 1
