"""Lists and counts: questions about many operations at once."""

from typing import Any

from viertakt import language
from viertakt.api import replies, shapes, wire
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.reports.counts import count_capped, counts
from viertakt.reports.lists import list_operations
from viertakt.reports.zones import zone_named


async def list_page(call: Call) -> Reply:
    """One page of what a query finds."""
    asked: wire.ListQuery = call.query
    query = language.parse(asked.q)
    zone = zone_named(asked.zone)

    def read(conn: Any) -> replies.OperationPage:
        page = list_operations(
            conn, query, sort=asked.sort, limit=asked.limit, cursor=asked.cursor, zone=zone
        )
        found = count_capped(conn, query, zone=zone) if asked.count else None
        kinds = call.application.kinds
        return replies.OperationPage(
            items=tuple(
                shapes.operation(item, kinds.at(conn, item.kind, item.kind_version)) for item in page.items
            ),
            next_cursor=page.next_cursor,
            count=replies.CappedCount(found.value, found.capped) if found else None,
        )

    return Reply(200, await call.application.ask(read))


async def count_operations(call: Call) -> Reply:
    """Counts by the fields asked for."""
    asked: wire.CountsQuery = call.query
    query = language.parse(asked.q)
    zone = zone_named(asked.zone)
    return Reply(
        200, await call.application.ask(lambda conn: counts(conn, query, asked.by.split(","), zone=zone))
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/operations",
        operation_id="listOperations",
        summary="List operations",
        tag="operations",
        handler=list_page,
        query=wire.ListQuery,
        answers={200: Answers("A page of operations.", replies.OperationPage)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/counts",
        operation_id="countOperations",
        summary="Count operations",
        tag="operations",
        handler=count_operations,
        query=wire.CountsQuery,
        answers={200: Answers("A count for each group.", replies.Counts)},
        refusals=(400, 401, 422, 429),
    ),
)
