"""Saved views: what a door may ask of them.

A view keeps its query as canonical text. Relative times stay relative: "of the last day" is another day tomorrow. A query
that read when it was saved may read no longer, when a kind has lost an attribute: such a view is shown with its fault,
and its owner mends it.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt import language
from viertakt.access.actions import check_name, check_roles, ensure_actor
from viertakt.access.model import Actor, ActorId, system
from viertakt.access.rules import visible
from viertakt.errors import Conflict, Forbidden, Invalid, InvalidQuery, NotFound, Stale
from viertakt.language.fields import Fields
from viertakt.reports import views_store as store
from viertakt.reports.counts import Count, count_capped
from viertakt.reports.store import limit_statements, primary_clock
from viertakt.reports.tallied import tallied_count
from viertakt.reports.views_model import Audience, View, ViewContent, ViewId
from viertakt.reports.views_rules import check_audience, may_change, may_see
from viertakt.reports.zones import UTC_ZONE

VIEWS_MAX = 500  # in one list
OWNED_MAX = 200  # by one person
KEPT_DELETED = timedelta(days=30)

# A number beside a view says "there is work"; nobody reads a fourth digit, and nobody's rail may cost a second.
COUNT_CAP = 999
COUNTED_MAX = 30
COUNT_LONGEST = timedelta(milliseconds=300)
COUNTS_SECONDS_MAX = 2.0

INSTALLER = system("viertakt")
BUILTIN: tuple[dict[str, str], ...] = (
    {
        "view_id": "00000000-0000-7000-8000-000000000001",
        "builtin": "overdue",
        "name": "Overdue",
        "query": "is:overdue",
        "sort": "deadline_at",
    },
    {
        "view_id": "00000000-0000-7000-8000-000000000002",
        "builtin": "waiting_on_us",
        "name": "Waiting on us",
        "query": "status:pending waiting_on:operator,second_approver",
    },
    {
        "view_id": "00000000-0000-7000-8000-000000000003",
        "builtin": "errors_last_day",
        "name": "Errors of the last day",
        "query": "status:error closed>-1d",
    },
    {
        "view_id": "00000000-0000-7000-8000-000000000004",
        "builtin": "large_withdrawals",
        "name": "Large withdrawals",
        "query": "kind:withdrawal status:pending amount>=1000EUR",
    },
    {
        "view_id": "00000000-0000-7000-8000-000000000005",
        "builtin": "stuck",
        "name": "Stuck",
        "query": "is:stuck",
    },
)


def install_views(conn: Connection[Any]) -> None:
    """Write the product's own views, for everyone; again is harmless, and what somebody changed or deleted stays so."""
    ensure_actor(conn, INSTALLER)
    store.install_views(conn, BUILTIN, INSTALLER.id)


def list_views(conn: Connection[Any], actor: Actor) -> list[View]:
    """The views that are there for this actor, by name."""
    return store.list_views(conn, actor, limit=VIEWS_MAX)


def read_view(conn: Connection[Any], view_id: UUID, actor: Actor) -> View:
    """One view; whoever reads it alone is about to use it, which is noted. Raises `NotFound`."""
    found = _visible(conn, view_id, actor)
    store.note_use(conn, found.id)
    return found


def add_view(conn: Connection[Any], content: ViewContent, actor: Actor, *, fields: Fields) -> View:
    """A new view of this actor's. Raises `Invalid`, `InvalidQuery`, `Forbidden`, `Conflict`."""
    checked = _checked(conn, content, fields)
    check_audience(checked, actor)
    if store.count_owned(conn, actor.id) >= OWNED_MAX:
        raise Conflict(f"{actor.name} keeps {OWNED_MAX} views already; delete one first.")
    view_id = ViewId(uuid7())
    store.add_view(conn, view_id, checked, actor.id)
    return _visible(conn, view_id, actor)


def replace_view(
    conn: Connection[Any],
    view_id: UUID,
    content: ViewContent,
    actor: Actor,
    *,
    fields: Fields,
    expected_version: int | None = None,
) -> View:
    """The view with another content; one that was deleted is there again.

    Whoever takes a shared view for themselves owns it from then on: it would be nobody's otherwise.
    Raises `NotFound`, `Forbidden`, `Stale`, `Invalid`, `InvalidQuery`.
    """
    found = _changeable(conn, view_id, actor, expected_version, deleted_too=True)
    checked = _checked(conn, content, fields)
    check_audience(checked, actor)
    owner = actor.id if checked.audience is Audience.PERSONAL else found.owner
    store.replace_view(conn, found.id, checked, owner)
    return _visible(conn, view_id, actor)


def delete_view(
    conn: Connection[Any], view_id: UUID, actor: Actor, *, expected_version: int | None = None
) -> int:
    """Delete a view, for now; the version under which `replace_view` brings it back. Raises `NotFound`, `Forbidden`, `Stale`."""
    found = _changeable(conn, view_id, actor, expected_version)
    store.delete_view(conn, found.id)
    return found.version + 1


def star_view(conn: Connection[Any], view_id: UUID, actor: Actor, *, on: bool) -> None:
    """Put this actor's star on a view, or take it off. Raises `NotFound`."""
    store.star(conn, _visible(conn, view_id, actor).id, actor.id, on=on)


def prune_views(conn: Connection[Any]) -> None:
    """Forget views that were deleted a month ago."""
    store.prune_views(conn, age=KEPT_DELETED, installer=INSTALLER.id)


def hand_over_views(conn: Connection[Any], owner: ActorId, to: ActorId) -> int:
    """Give the views of somebody who leaves to somebody else; how many."""
    return store.hand_over_views(conn, owner, to)


def fault_of(view: View, fields: Fields) -> InvalidQuery | None:
    """What is wrong with a view's query by now, or None."""
    try:
        language.parse(view.content.query, fields=fields)
    except InvalidQuery as fault:
        return fault
    return None


def view_counts(
    conn: Connection[Any], actor: Actor, *, fields: Fields, zone: tzinfo = UTC_ZONE
) -> list[tuple[ViewId, Count | None]]:
    """How many operations each starred and each team view holds, up to 999; None where that takes too long or reads no more."""
    counted = [view for view in list_views(conn, actor) if is_counted(view)]
    now = primary_clock(conn)
    until = time.monotonic() + COUNTS_SECONDS_MAX
    found: list[tuple[ViewId, Count | None]] = []
    limit_statements(conn, COUNT_LONGEST)
    for view in _starred_first(counted)[:COUNTED_MAX]:
        count = None
        if time.monotonic() < until:
            try:
                with conn.transaction():  # what is cut off must not take the others along
                    query = language.within(language.parse(view.content.query, fields=fields), visible(actor))
                    count = _count(conn, query, zone, now)
            except (Invalid, psycopg.errors.QueryCanceled):
                pass
        found.append((view.id, count))
    return found


def _count(conn: Connection[Any], query: language.Query, zone: tzinfo, now: datetime) -> Count:
    tallied = tallied_count(conn, query, zone=zone, now=now)
    if tallied is None:
        return count_capped(conn, query, cap=COUNT_CAP, zone=zone, now=now)
    return Count(min(tallied.value, COUNT_CAP), tallied.value > COUNT_CAP)


def is_counted(view: View) -> bool:
    """Whether a number stands beside this view: counting all of them would cost more than anybody looks at."""
    return view.starred or view.content.audience is Audience.TEAM


def _starred_first(views: Sequence[View]) -> list[View]:
    return sorted(views, key=lambda view: not view.starred)


def _visible(conn: Connection[Any], view_id: UUID, actor: Actor, *, lock: bool = False) -> View:
    found = store.read_view(conn, ViewId(view_id), actor.id, lock=lock)
    if found is None or found.deleted_at is not None or not may_see(found, actor):
        raise NotFound(f"There is no view {view_id} for {actor.name}.")
    return found


def _changeable(
    conn: Connection[Any],
    view_id: UUID,
    actor: Actor,
    expected_version: int | None,
    *,
    deleted_too: bool = False,
) -> View:
    found = store.read_view(conn, ViewId(view_id), actor.id, lock=True)
    if found is None or not may_see(found, actor) or (found.deleted_at is not None and not deleted_too):
        raise NotFound(f"There is no view {view_id} for {actor.name}.")
    if not may_change(found, actor):
        raise Forbidden(
            f"{actor.name} may not change the view '{found.content.name}'. Save a view of your own instead."
        )
    if expected_version is not None and expected_version != found.version:
        raise Stale(
            f"The view '{found.content.name}' is at version {found.version}, not {expected_version}: "
            "somebody changed it. Load it again.",
            version=found.version,
        )
    return found


def _checked(conn: Connection[Any], content: ViewContent, fields: Fields) -> ViewContent:
    if (content.audience is Audience.TEAM) != (content.role is not None):
        raise Invalid("A view for a team names the team's role, and no other view does.")
    if content.role is not None:
        check_roles(conn, [content.role])
    return msgspec.structs.replace(
        content,
        name=check_name(content.name),
        query=language.to_text(language.parse(content.query, fields=fields)),
    )
