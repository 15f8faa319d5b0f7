"""Saved views: who may see, change and star them, and what becomes of their queries."""

from uuid import uuid4

import pytest

from viertakt import errors
from viertakt.access.actions import add_person, install_roles
from viertakt.access.model import Actor
from viertakt.db.pool import Connection
from viertakt.kinds.actions import Kinds, install_builtin
from viertakt.language.fields import Fields
from viertakt.reports import views
from viertakt.reports.views_model import Audience, View, ViewContent

FIELDS: Fields = {}


def somebody(conn: Connection, *roles: str) -> Actor:
    """A person with these roles."""
    install_roles(conn)
    return add_person(conn, email=f"{uuid4()}@example.com", name="Somebody", roles=roles, password=None)


def content(name: str = "Mine", query: str = "status:pending", **chosen: object) -> ViewContent:
    """A view's content."""
    return ViewContent(name=name, query=query, **chosen)  # type: ignore[arg-type]


def team(role: str, name: str = "Ours") -> ViewContent:
    """A team's view."""
    return content(name, audience=Audience.TEAM, role=role)


def saved(conn: Connection, wanted: ViewContent, actor: Actor) -> View:
    """The view, saved."""
    return views.add_view(conn, wanted, actor, fields=FIELDS)


def names(conn: Connection, actor: Actor) -> list[str]:
    """What stands in this actor's list."""
    return [view.content.name for view in views.list_views(conn, actor)]


def test_a_query_is_kept_canonical_and_its_times_relative(conn: Connection) -> None:
    """Of the last day must be another day tomorrow; and two ways to write one query are one view."""
    anna = somebody(conn, "payments")
    view = saved(conn, content(query="(status:pending)   AND created>-24h"), anna)
    assert view.content.query == "status:pending created>-24h"


def test_a_query_that_does_not_read_is_refused(conn: Connection) -> None:
    """Whoever saves it is still there to mend it."""
    anna = somebody(conn, "payments")
    with pytest.raises(errors.InvalidQuery, match="Did you mean status"):
        saved(conn, content(query="stauts:pending"), anna)


def test_ones_own_view_is_nobody_elses(conn: Connection) -> None:
    """Not even an administrator's: what somebody looks for may say what they suspect."""
    anna, admin = somebody(conn, "payments"), somebody(conn, "admin")
    view = saved(conn, content("Suspects"), anna)
    assert "Suspects" in names(conn, anna)
    assert "Suspects" not in names(conn, admin)
    with pytest.raises(errors.NotFound):
        views.read_view(conn, view.id, admin)


def test_a_team_view_is_its_roles(conn: Connection) -> None:
    """Everybody of the role keeps it together, and administrators may."""
    anna, piet, outsider, admin = (somebody(conn, role) for role in ("kyc", "kyc", "support", "admin"))
    view = saved(conn, team("kyc"), anna)
    assert [names(conn, who) for who in (piet, outsider, admin)] == [["Ours"], [], ["Ours"]]
    changed = views.replace_view(conn, view.id, team("kyc", "Ours too"), piet, fields=FIELDS)
    assert (changed.content.name, changed.version, changed.owner) == ("Ours too", 2, anna.id)
    with pytest.raises(errors.NotFound):
        views.delete_view(conn, view.id, outsider)


def test_nobody_keeps_views_for_a_role_they_do_not_have(conn: Connection) -> None:
    """A view in somebody's rail is a word to them."""
    anna = somebody(conn, "kyc")
    with pytest.raises(errors.Forbidden, match="needs that role"):
        saved(conn, team("support"), anna)


def test_only_an_administrator_keeps_views_for_everyone(conn: Connection) -> None:
    """Everybody sees it, so nobody changes it in passing."""
    anna, admin = somebody(conn, "payments"), somebody(conn, "admin")
    everyone = content("All", audience=Audience.EVERYONE)
    with pytest.raises(errors.Forbidden):
        saved(conn, everyone, anna)
    view = saved(conn, everyone, admin)
    assert names(conn, anna) == ["All"]
    with pytest.raises(errors.Forbidden, match="Save a view of your own"):
        views.replace_view(conn, view.id, content("Mine now"), anna, fields=FIELDS)


def test_a_shared_view_that_is_made_personal_is_its_takers(conn: Connection) -> None:
    """It would be nobody's otherwise: out of sight of the one who took it, a surprise in another's list."""
    anna, piet = somebody(conn, "kyc"), somebody(conn, "kyc")
    view = saved(conn, team("kyc"), anna)
    taken = views.replace_view(conn, view.id, content("Mine"), piet, fields=FIELDS)
    assert taken.owner == piet.id
    assert names(conn, anna) == []


def test_a_view_that_somebody_else_changed_is_not_overwritten(conn: Connection) -> None:
    """A team shares it: the second one saving would undo what the first one did."""
    anna, piet = somebody(conn, "kyc"), somebody(conn, "kyc")
    view = saved(conn, team("kyc"), anna)
    views.replace_view(conn, view.id, team("kyc", "New"), piet, fields=FIELDS, expected_version=view.version)
    with pytest.raises(errors.Stale):
        views.replace_view(
            conn, view.id, team("kyc", "Old"), anna, fields=FIELDS, expected_version=view.version
        )
    with pytest.raises(errors.Stale):
        views.delete_view(conn, view.id, anna, expected_version=view.version)


def test_a_deleted_view_comes_back_with_its_stars(conn: Connection) -> None:
    """Deleting asks no question, so undoing must give back everything."""
    anna, piet = somebody(conn, "kyc"), somebody(conn, "kyc")
    view = saved(conn, team("kyc"), anna)
    views.star_view(conn, view.id, piet, on=True)
    version = views.delete_view(conn, view.id, anna)
    assert names(conn, piet) == []
    with pytest.raises(errors.NotFound):
        views.star_view(conn, view.id, piet, on=False)
    views.replace_view(conn, view.id, view.content, anna, fields=FIELDS, expected_version=version)
    assert [found.starred for found in views.list_views(conn, piet)] == [True]


def test_a_star_is_its_readers_own(conn: Connection) -> None:
    """It puts the view on top of one rail, not of all."""
    anna, piet = somebody(conn, "kyc"), somebody(conn, "kyc")
    view = saved(conn, team("kyc"), anna)
    views.star_view(conn, view.id, anna, on=True)
    views.star_view(conn, view.id, anna, on=True)
    assert views.list_views(conn, anna)[0].starred
    assert not views.list_views(conn, piet)[0].starred
    views.star_view(conn, view.id, anna, on=False)
    assert not views.list_views(conn, anna)[0].starred


def test_a_view_whose_query_reads_no_longer_is_shown_with_its_fault(conn: Connection) -> None:
    """A kind lost an attribute; the list of views must not be lost with it."""
    anna = somebody(conn, "payments")
    install_builtin(conn)
    known = Kinds().search_fields(conn)
    view = views.add_view(conn, content(query="attributes.method:bank"), anna, fields=known)
    assert views.fault_of(view, known) is None
    fault = views.fault_of(view, {"attributes.other": known["attributes.method"]})
    assert fault is not None
    assert (fault.facts["offset"], fault.facts["length"]) == (0, len("attributes.method"))
    views.star_view(conn, view.id, anna, on=True)
    assert views.view_counts(conn, anna, fields={}) == [(view.id, None)]


def test_only_starred_and_team_views_are_counted(conn: Connection) -> None:
    """An agent looks at three views a week: counting all of them would be work for nobody."""
    anna = somebody(conn, "kyc")
    saved(conn, content("Plain"), anna)
    ours = saved(conn, team("kyc"), anna)
    starred = saved(conn, content("Starred"), anna)
    views.star_view(conn, starred.id, anna, on=True)
    found = views.view_counts(conn, anna, fields=FIELDS)
    assert [id_ for id_, _ in found] == [starred.id, ours.id]
    assert [count.value for _, count in found if count is not None] == [0, 0]


def test_the_products_views_are_installed_once_and_for_everyone(conn: Connection) -> None:
    """A new installation has something to look at; what an administrator deleted does not come back at the next start."""
    anna, admin = somebody(conn, "read_only"), somebody(conn, "admin")
    views.install_views(conn)
    assert len(names(conn, anna)) == len(views.BUILTIN)
    gone, renamed = views.list_views(conn, anna)[:2]
    views.delete_view(conn, gone.id, admin)
    views.replace_view(conn, renamed.id, content("Ours", audience=Audience.EVERYONE), admin, fields=FIELDS)
    views.prune_views(conn)
    views.install_views(conn)
    left = {view.content.name: view.builtin for view in views.list_views(conn, anna)}
    assert len(left) == len(views.BUILTIN) - 1
    assert left["Ours"] is None


def test_every_view_of_the_product_reads(conn: Connection) -> None:
    """They are written by hand, and checked by nobody else."""
    install_builtin(conn)
    fields = Kinds().search_fields(conn)
    somebody(conn, "admin")
    views.install_views(conn)
    admin = somebody(conn, "admin")
    assert [views.fault_of(view, fields) for view in views.list_views(conn, admin)] == [None] * len(
        views.BUILTIN
    )


def test_a_view_is_noted_as_used_when_it_is_read_alone(conn: Connection) -> None:
    """Administrators see which shared views nobody opens any more."""
    anna = somebody(conn, "kyc")
    view = saved(conn, team("kyc"), anna)
    assert views.list_views(conn, anna)[0].used_at is None
    views.read_view(conn, view.id, anna)
    assert views.list_views(conn, anna)[0].used_at is not None
