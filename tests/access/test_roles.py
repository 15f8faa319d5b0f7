"""Roles of a company's own: made, given, and removed once nobody has them."""

import pytest

from viertakt.access import actions, granting, roles
from viertakt.access.grants_model import NewGrant
from viertakt.access.model import Actor, system
from viertakt.db.pool import Connection
from viertakt.errors import Conflict, Invalid, NotFound

CHIEF = system("cli")
LABEL = {"en": "Night shift", "nl": "Nachtdienst"}


def make(conn: Connection, name: str = "night_shift") -> None:
    """A role that may nothing yet."""
    roles.make_role(conn, name, LABEL, by=CHIEF.id, reason="as agreed")


def test_a_role_is_made_given_and_granted_like_any(conn: Connection, anna: Actor) -> None:
    """What it may is what is granted to it, and nothing comes along."""
    make(conn)
    actions.set_roles(conn, anna.id, ["night_shift"])
    assert actions.actor_by_id(conn, anna.id).rights.grants == ()
    granting.add_grant(conn, NewGrant("night_shift", ("view",)), actor=CHIEF, kinds=(), fields={})
    assert actions.actor_by_id(conn, anna.id).rights.sees_everything
    assert actions.role_labels(conn)["night_shift"] == LABEL
    sorts = [(one.sort, one.role) for one in granting.access_changes(conn)]
    assert ("role_made", "night_shift") in sorts


def test_a_role_that_somebody_has_is_not_removed(conn: Connection, anna: Actor) -> None:
    """Nobody loses what they may by the way; who has it is named."""
    make(conn)
    actions.set_roles(conn, anna.id, ["night_shift"])
    with pytest.raises(Conflict, match="Anna still have role night_shift"):
        roles.remove_role(conn, "night_shift", by=CHIEF)


def test_a_removed_role_takes_its_grants_along_and_its_name_stays_taken(
    conn: Connection, anna: Actor
) -> None:
    """A history that says 'role night_shift' means the same for ever."""
    make(conn)
    granting.add_grant(conn, NewGrant("night_shift", ("view",)), actor=CHIEF, kinds=(), fields={})
    roles.remove_role(conn, "night_shift", by=CHIEF)
    assert "night_shift" not in actions.role_labels(conn)
    assert [line for line in granting.grants(conn) if line.role == "night_shift"] == []
    with pytest.raises(Invalid, match="no role 'night_shift'"):
        actions.set_roles(conn, anna.id, ["night_shift"])
    with pytest.raises(Conflict, match="choose another name"):
        make(conn)


def test_who_left_with_a_role_comes_back_without_it(conn: Connection, anna: Actor) -> None:
    """Otherwise a removed role would be held again."""
    make(conn)
    actions.set_roles(conn, anna.id, ["night_shift", "support"])
    actions.deactivate(conn, anna.id)
    roles.remove_role(conn, "night_shift", by=CHIEF)
    assert actions.activate(conn, anna.id).roles == {"support"}


def test_the_products_roles_stay(conn: Connection, anna: Actor) -> None:
    """Kinds bring them grants; emptied they may nothing."""
    with pytest.raises(Invalid, match="revoke its grants"):
        roles.remove_role(conn, "support", by=CHIEF)
    with pytest.raises(Invalid, match="comes with the product"):
        roles.change_role(conn, "support", label=LABEL, by=CHIEF.id)


@pytest.mark.parametrize("name", ["", "Night", "9to5", "a" * 41, "import", "system", "night shift"])
def test_a_name_that_is_none_is_refused(conn: Connection, anna: Actor, name: str) -> None:
    """It stands in grants, commands and histories; 'import' writes history and asks no grant."""
    with pytest.raises(Invalid):
        make(conn, name)


def test_a_role_that_there_is_not_is_not_found(conn: Connection, anna: Actor) -> None:
    """Removing, changing and looking through one say so."""
    with pytest.raises(NotFound):
        roles.remove_role(conn, "nobody", by=CHIEF)
    with pytest.raises(NotFound):
        roles.change_role(conn, "nobody", second_factor=True, by=CHIEF.id)


def test_the_last_grant_to_manage_can_be_changed_but_not_lost(conn: Connection, anna: Actor) -> None:
    """The new one comes first; one that no longer says 'manage' is refused whole."""
    actions.set_roles(conn, anna.id, ["admin"])
    (line,) = granting.grants(conn, role="admin")
    narrower = NewGrant("admin", tuple(act for act in line.may if act != "export"))
    changed = granting.replace_grant(conn, line.id, narrower, actor=CHIEF, kinds=(), fields={})
    assert [one.id for one in granting.grants(conn, role="admin")] == [changed.id]
    with pytest.raises(Conflict, match="last"):
        granting.replace_grant(
            conn, changed.id, NewGrant("admin", ("view",)), actor=CHIEF, kinds=(), fields={}
        )


def test_a_grant_takes_the_place_of_its_own_roles_only(conn: Connection, anna: Actor) -> None:
    """And only of one that is in force."""
    (line,) = granting.grants(conn, role="support")
    with pytest.raises(Invalid, match="takes the place of its own"):
        granting.replace_grant(
            conn, line.id, NewGrant("payments", ("view",)), actor=CHIEF, kinds=(), fields={}
        )
    granting.revoke_grant(conn, line.id, actor=CHIEF)
    with pytest.raises(NotFound):
        granting.replace_grant(
            conn, line.id, NewGrant("support", ("view",)), actor=CHIEF, kinds=(), fields={}
        )
