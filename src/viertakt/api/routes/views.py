"""Saved views: a query under a name, personal, a team's or everyone's; and each reader's stars."""

from typing import Any, cast
from uuid import UUID

from viertakt.api import replies, views, wire
from viertakt.api.permissions import Who
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.shapes import utc
from viertakt.errors import NotFound
from viertakt.language.fields import Fields
from viertakt.reports import views as actions
from viertakt.reports.views_model import Audience, View, ViewContent
from viertakt.reports.views_rules import may_change
from viertakt.reports.zones import zone_named

EXAMPLE = {
    "name": "Large withdrawals",
    "query": "kind:withdrawal status:pending amount>=1000EUR",
    "audience": "team",
    "role": "payments",
}


async def list_views(call: Call) -> Reply:
    """Every view that is there for the caller, by name. One whose query reads no longer says so."""

    def read(conn: Any) -> views.ViewList:
        fields = call.application.kinds.search_fields(conn)
        return views.ViewList(tuple(_view(view, call, fields) for view in actions.list_views(conn, call.by)))

    return Reply(200, await call.application.ask(read))


async def count_views(call: Call) -> Reply:
    """How many operations each starred and each team view holds, up to 999, within two seconds altogether."""
    zone = zone_named(call.query.zone)

    def read(conn: Any) -> views.ViewCounts:
        fields = call.application.kinds.search_fields(conn)
        found = actions.view_counts(conn, call.by, fields=fields, zone=zone)
        return views.ViewCounts(
            tuple(
                views.ViewCount(
                    id_, None if count is None else replies.CappedCount(count.value, count.capped)
                )
                for id_, count in found
            )
        )

    return Reply(200, await call.application.ask(read))


async def create_view(call: Call) -> Reply:
    """Save a new view of the caller's."""
    sent: views.SaveView = call.body

    def write(conn: Any) -> views.View:
        fields = call.application.kinds.search_fields(conn)
        return _view(actions.add_view(conn, _content(sent), call.by, fields=fields), call, fields)

    saved = await call.application.ask(write)
    return Reply(201, saved, [_etag(saved.version), (b"location", f"/v1/views/{saved.id}".encode())])


async def read_view(call: Call) -> Reply:
    """One view, about to be used."""
    sought = _id(call)

    def read(conn: Any) -> views.View:
        return _view(
            actions.read_view(conn, sought, call.by), call, call.application.kinds.search_fields(conn)
        )

    found = await call.application.ask(read)
    return Reply(200, found, [_etag(found.version)])


async def replace_view(call: Call) -> Reply:
    """Save a view anew: all of it. One that was deleted is there again."""
    sent: views.SaveView = call.body
    sought = _id(call)

    def write(conn: Any) -> views.View:
        fields = call.application.kinds.search_fields(conn)
        changed = actions.replace_view(
            conn, sought, _content(sent), call.by, fields=fields, expected_version=call.if_match
        )
        return _view(changed, call, fields)

    saved = await call.application.ask(write)
    return Reply(200, saved, [_etag(saved.version)])


async def delete_view(call: Call) -> Reply:
    """Delete a view. It stays out of sight for a month: saving it anew brings it back, stars included."""
    sought = _id(call)
    version = await call.application.ask(
        lambda conn: actions.delete_view(conn, sought, call.by, expected_version=call.if_match)
    )
    return Reply(204, None, [_etag(version)])


async def star(call: Call) -> Reply:
    """Put the caller's star on a view."""
    sought = _id(call)
    await call.application.ask(lambda conn: actions.star_view(conn, sought, call.by, on=True))
    return Reply(204)


async def unstar(call: Call) -> Reply:
    """Take the caller's star off a view."""
    sought = _id(call)
    await call.application.ask(lambda conn: actions.star_view(conn, sought, call.by, on=False))
    return Reply(204)


def _content(sent: views.SaveView) -> ViewContent:
    return ViewContent(
        name=sent.name,
        query=sent.query,
        audience=Audience(sent.audience),
        role=sent.role,
        columns=sent.columns,
        sort=sent.sort,
        density=sent.density,
        icon=sent.icon,
    )


def _view(core: View, call: Call, fields: Fields) -> views.View:
    content = core.content
    fault = actions.fault_of(core, fields)
    return views.View(
        id=core.id,
        version=core.version,
        name=content.name,
        query=content.query,
        audience=content.audience.value,
        role=content.role,
        columns=content.columns,
        sort=cast("wire.Sort | None", content.sort),
        density=cast("views.Density | None", content.density),
        icon=content.icon,
        owner=Who(core.owner, core.owner_name),
        builtin=core.builtin,
        starred=core.starred,
        may_change=may_change(core, call.by),
        counted=actions.is_counted(core),
        fault=None
        if fault is None
        else views.ViewFault(
            fault.detail,
            cast("int", fault.facts.get("offset", 0)),
            cast("int", fault.facts.get("length", len(content.query))),
        ),
        created_at=utc(core.created_at),
        changed_at=utc(core.changed_at),
        used_at=utc(core.used_at) if core.used_at else None,
    )


def _id(call: Call) -> UUID:
    """The id in the path. Raises the same `NotFound` for what is no id as for an id that is nobody's."""
    text = call.path["id"]
    try:
        found = UUID(text) if len(text) == 36 else None
    except ValueError:
        found = None
    if found is None:
        raise NotFound(f"There is no view {text[:100]!r}.")
    return found


def _etag(version: int) -> tuple[bytes, bytes]:
    return b"etag", b'"%d"' % version


_READS = (400, 401, 404, 422, 429)
_WRITES = (400, 401, 403, 404, 409, 412, 413, 415, 422, 429)

ROUTES = (
    Route(
        method="GET",
        path="/v1/views",
        operation_id="listViews",
        summary="List saved views",
        tag="views",
        handler=list_views,
        answers={200: Answers("Every view for the caller.", views.ViewList)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/views",
        operation_id="createView",
        summary="Save a view",
        tag="views",
        handler=create_view,
        body=views.SaveView,
        answers={201: Answers("Saved.", views.View, ("ETag", "Location"))},
        refusals=(400, 401, 403, 409, 413, 415, 422, 429),
        example=EXAMPLE,
    ),
    Route(
        method="GET",
        path="/v1/views/counts",
        operation_id="countViews",
        summary="Count what views hold",
        tag="views",
        handler=count_views,
        query=views.ViewCountsQuery,
        answers={200: Answers("A count for each starred and each team view.", views.ViewCounts)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/views/{id}",
        operation_id="readView",
        summary="Read a saved view",
        tag="views",
        handler=read_view,
        answers={200: Answers("The view.", views.View, ("ETag",))},
        refusals=_READS,
    ),
    Route(
        method="PUT",
        path="/v1/views/{id}",
        operation_id="replaceView",
        summary="Save a view anew",
        tag="views",
        handler=replace_view,
        body=views.SaveView,
        answers={200: Answers("The view as it now is.", views.View, ("ETag",))},
        refusals=_WRITES,
        if_match=True,
        example=EXAMPLE,
    ),
    Route(
        method="DELETE",
        path="/v1/views/{id}",
        operation_id="deleteView",
        summary="Delete a saved view",
        tag="views",
        handler=delete_view,
        answers={204: Answers("Deleted; its ETag brings it back.", None, ("ETag",))},
        refusals=(400, 401, 403, 404, 412, 422, 429),
        if_match=True,
    ),
    Route(
        method="PUT",
        path="/v1/views/{id}/star",
        operation_id="starView",
        summary="Star a view",
        tag="views",
        handler=star,
        answers={204: Answers("Starred.")},
        refusals=_READS,
    ),
    Route(
        method="DELETE",
        path="/v1/views/{id}/star",
        operation_id="unstarView",
        summary="Take the star off a view",
        tag="views",
        handler=unstar,
        answers={204: Answers("Not starred.")},
        refusals=_READS,
    ),
)
