"""What the tables of views hold, as values: the only place that knows them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from viertakt.access.model import Actor, ActorId
from viertakt.access.rules import ADMIN
from viertakt.db.queries import load
from viertakt.reports.views_model import Audience, View, ViewContent, ViewId

queries = load(__package__, "views.sql")

Row = dict[str, Any]


def list_views(conn: Connection[Any], actor: Actor, *, limit: int) -> list[View]:
    """The views that are there for an actor, by name."""
    params = {
        "actor": actor.id,
        "roles": sorted(actor.roles),
        "is_admin": ADMIN in actor.roles,
        "limit": limit,
    }
    return [_view(row) for row in _rows(conn, "list_views", params)]


def read_view(conn: Connection[Any], view_id: ViewId, actor: ActorId, *, lock: bool = False) -> View | None:
    """One view, deleted or not, held until the transaction ends where it is to be changed."""
    if lock:
        conn.execute(queries["lock_view"], {"view_id": view_id})
    found = _rows(conn, "read_view", {"view_id": view_id, "actor": actor})
    return _view(found[0]) if found else None


def count_owned(conn: Connection[Any], owner: ActorId) -> int:
    """How many views somebody keeps."""
    return int(_rows(conn, "count_owned", {"owner": owner})[0]["count"])


def add_view(conn: Connection[Any], view_id: ViewId, content: ViewContent, owner: ActorId) -> None:
    """Write a new view."""
    conn.execute(queries["add_view"], _columns(view_id, content) | {"owner": owner})


def replace_view(conn: Connection[Any], view_id: ViewId, content: ViewContent, owner: ActorId) -> None:
    """Write another content; a deleted view is there again."""
    conn.execute(queries["replace_view"], _columns(view_id, content) | {"owner": owner})


def delete_view(conn: Connection[Any], view_id: ViewId) -> None:
    """Take a view out of sight."""
    conn.execute(queries["delete_view"], {"view_id": view_id})


def hand_over_views(conn: Connection[Any], owner: ActorId, to: ActorId) -> int:
    """Give all views of an owner to another; how many."""
    return conn.execute(queries["hand_over_views"], {"owner": owner, "to": to}).rowcount


def prune_views(conn: Connection[Any], *, age: timedelta, installer: ActorId) -> None:
    """Forget what was deleted longer ago than this."""
    conn.execute(queries["prune_views"], {"age": age, "installer": installer})


def note_use(conn: Connection[Any], view_id: ViewId) -> None:
    """Note that a view is in use."""
    conn.execute(queries["note_view_use"], {"view_id": view_id})


def star(conn: Connection[Any], view_id: ViewId, actor: ActorId, *, on: bool) -> None:
    """Put one actor's star on, or take it off."""
    conn.execute(queries["add_star" if on else "drop_star"], {"view_id": view_id, "actor": actor})


def install_views(conn: Connection[Any], views: Sequence[Mapping[str, str]], installer: ActorId) -> None:
    """Write those views of the product that have never been here."""
    conn.execute(queries["install_views"], {"views": Jsonb(views), "installer": installer})


def _columns(view_id: ViewId, content: ViewContent) -> Row:
    columns = msgspec.structs.asdict(content)
    columns["columns"] = None if content.columns is None else list(content.columns)
    return columns | {"view_id": view_id, "audience": content.audience.value}


def _view(row: Row) -> View:
    columns = row["columns"]
    return View(
        id=row["view_id"],
        version=row["version"],
        content=ViewContent(
            name=row["name"],
            query=row["query"],
            audience=Audience(row["audience"]),
            role=row["role"],
            columns=None if columns is None else tuple(columns),
            sort=row["sort"],
            density=row["density"],
            icon=row["icon"],
        ),
        owner=row["owner"],
        owner_name=row["owner_name"],
        starred=row["starred"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        used_at=row["used_at"],
        deleted_at=row["deleted_at"],
        builtin=row["builtin"],
    )


def _rows(conn: Connection[Any], name: str, params: Mapping[str, object]) -> list[Row]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(queries[name], params).fetchall()
