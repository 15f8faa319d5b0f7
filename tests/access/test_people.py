"""People, roles, and the actors who are no people."""

import pytest

from tests.access.conftest import EMAIL, PASSWORD, sign_in
from viertakt.access import actions, granting
from viertakt.access.grants_model import NewGrant
from viertakt.access.model import ROLES, Actor, ActorId, system
from viertakt.db.pool import Connection
from viertakt.errors import Conflict, Invalid, NotFound, Unauthenticated


def test_roles_are_installed_once_with_both_languages(conn: Connection) -> None:
    """Every start installs them; the second time must be harmless."""
    actions.install_roles(conn)
    actions.install_roles(conn)
    labels = actions.role_labels(conn)
    assert sorted(labels) == sorted(ROLES)
    assert all(set(label) == {"en", "nl"} and all(label.values()) for label in labels.values())


def test_a_person_has_an_address_a_name_roles_and_a_language(conn: Connection, roles: None) -> None:
    """What the console shows at the top right, and what the history says later."""
    actor = actions.add_person(
        conn,
        email=" piet@example.com ",
        name=" Piet ",
        roles=["kyc", "risk"],
        password=PASSWORD,
        language="nl",
    )
    person = actions.person(conn, actor.id)
    assert (actor.name, actor.roles, actor.access_version) == ("Piet", frozenset({"kyc", "risk"}), 1)
    assert (person.email, person.name, person.roles, person.language, person.active) == (
        "piet@example.com",
        "Piet",
        ("kyc", "risk"),
        "nl",
        True,
    )
    assert actions.people(conn) == (person,)
    assert actions.names_of(conn, [actor.id, ActorId("person:unknown")]) == {actor.id: "Piet"}


def test_an_address_signs_in_one_person(conn: Connection, anna: Actor) -> None:
    """Capital letters do not make another address; the transaction survives the refusal."""
    with pytest.raises(Conflict, match="already"):
        actions.add_person(conn, email="Anna@Example.com", name="Other", roles=["kyc"], password=PASSWORD)
    assert [person.id for person in actions.people(conn)] == [anna.id]


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "no-at-sign"},
        {"email": "a@b\x00.c"},
        {"email": "a@b\ud800"},
        {"email": "a@" + "b" * 260},
        {"name": "  "},
        {"name": "a\x00b"},
        {"name": "\u202eevil"},
        {"name": "x" * 201},
        {"password": "short"},
        {"language": "de"},
        {"roles": ["payment"]},
    ],
)
def test_what_cannot_be_a_person_is_refused(conn: Connection, roles: None, wrong: dict[str, object]) -> None:
    """Each would be a crash in the driver or a trap in a list; none may reach the database."""
    usual: dict[str, object] = {"email": EMAIL, "name": "A", "roles": ["kyc"], "password": PASSWORD}
    with pytest.raises(Invalid):
        actions.add_person(conn, **(usual | wrong))  # type: ignore[arg-type]


def test_an_unknown_role_says_what_was_meant(conn: Connection, roles: None) -> None:
    """Roles are typed on the command line."""
    with pytest.raises(Invalid, match="Did you mean payments"):
        actions.issue_token(conn, "x", ["paymets"])


def test_other_roles_make_earlier_decisions_fail(conn: Connection, anna: Actor) -> None:
    """The write guard compares access_version: a right taken away stops the move decided a moment before."""
    changed = actions.set_roles(conn, anna.id, ["kyc", "payments"])
    assert changed.roles == {"kyc", "payments"}
    assert changed.access_version == 2
    assert actions.set_roles(conn, anna.id, []).roles == frozenset()
    with pytest.raises(NotFound):
        actions.set_roles(conn, ActorId("person:nobody"), ["kyc"])


def test_somebody_deactivated_acts_no_more(conn: Connection, anna: Actor) -> None:
    """Sessions end at once, and so does what was being decided."""
    secret, _ = sign_in(conn)
    actions.deactivate(conn, anna.id)
    with pytest.raises(Unauthenticated):
        actions.actor_by_id(conn, anna.id)
    with pytest.raises(Unauthenticated):
        actions.session_of(conn, secret)
    with pytest.raises(Unauthenticated):
        sign_in(conn)
    row = conn.execute("SELECT access_version FROM viertakt.actor WHERE actor = %s", [anna.id]).fetchone()
    assert row == (2,)


def test_the_system_is_known_before_it_acts(conn: Connection) -> None:
    """The write guard looks every actor up; a deadline must not fail for want of a row."""
    deadline = system("deadline")
    actions.ensure_actor(conn, deadline)
    actions.ensure_actor(conn, deadline)
    assert actions.actor_by_id(conn, deadline.id) == deadline


def test_people_of_an_imported_history_have_names_and_no_door(conn: Connection) -> None:
    """Their work stands in the history; a second import finds the same people."""
    names = {ActorId("person:5c9c4b7e-0000-5000-8000-000000000001"): "Resource 112"}
    actions.ensure_imported_people(conn, names)
    actions.ensure_imported_people(conn, names)
    actions.ensure_imported_people(conn, {})
    assert actions.names_of(conn, list(names)) == names
    assert actions.people(conn) == ()


def test_the_last_who_manages_stays(conn: Connection, anna: Actor) -> None:
    """Else nobody could let anybody in any more; a token signs nobody in, so it does not count."""
    chief = actions.add_person(conn, email="c@example.com", name="Chief", roles=["admin"], password=None)
    actions.issue_token(conn, "other", ["admin"])
    with pytest.raises(Conflict, match="last person who may manage"), conn.transaction():
        actions.set_roles(conn, chief.id, ["support"])
    with pytest.raises(Conflict, match="last person who may manage"), conn.transaction():
        actions.deactivate(conn, chief.id)


def test_the_grant_of_the_last_who_manages_stays(conn: Connection, roles: None) -> None:
    """Also where a role that nobody has would still say so."""
    chief = actions.add_person(conn, email="c@example.com", name="Chief", roles=["admin"], password=None)
    manage = NewGrant("risk", ("manage",))
    granting.add_grant(conn, manage, actor=chief, kinds=[], fields={})
    (held,) = granting.grants(conn, role="admin")
    with pytest.raises(Conflict, match="Nobody who signs in would be left"), conn.transaction():
        granting.revoke_grant(conn, held.id, actor=chief)
    assert actions.actor_by_id(conn, chief.id).rights.to("manage")


def test_of_two_who_manage_one_may_go(conn: Connection, roles: None) -> None:
    """The refusal is about the last one only."""
    first = actions.add_person(conn, email="c@example.com", name="Chief", roles=["admin"], password=None)
    actions.add_person(conn, email="d@example.com", name="Other", roles=["admin"], password=None)
    assert actions.set_roles(conn, first.id, ["support"]).roles == {"support"}
