"""Lists and counts: questions about many operations at once."""

from datetime import tzinfo
from typing import Any

from viertakt import language
from viertakt.api import replies, shapes, wire
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.shapes import utc
from viertakt.deadlines.alarms import next_promises
from viertakt.operations.model import Operation
from viertakt.reports.as_of import position_of
from viertakt.reports.counts import Count, Counts, count_capped, counts
from viertakt.reports.lists import list_operations
from viertakt.reports.tallied import tallied_count, tallied_counts
from viertakt.reports.zones import zone_named


async def list_page(call: Call) -> Reply:
    """One page of what a query finds."""
    asked: wire.ListQuery = call.query
    zone = zone_named(asked.zone)

    def read(conn: Any) -> replies.OperationPage:
        query = call.read_query(conn, asked.q)
        position = position_of(conn, asked.as_of) if asked.as_of is not None else None
        page = list_operations(
            conn,
            query,
            sort=asked.sort,
            limit=asked.limit,
            cursor=asked.cursor,
            zone=zone,
            position=position,
        )
        found = _count(conn, query, zone, position) if asked.count else None
        kinds = call.application.kinds
        return replies.OperationPage(
            items=tuple(
                shapes.at_work(item, kinds.shown(conn, item.kind, item.kind_version)) for item in page.items
            ),
            sort=page.sort,
            next_cursor=page.next_cursor,
            prev_cursor=page.prev_cursor,
            count=replies.CappedCount(found.value, found.capped) if found else None,
            promises=_promised(conn, page.items) if asked.promises and position is None else None,
        )

    return Reply(200, await call.application.ask(read))


async def count_operations(call: Call) -> Reply:
    """Counts by the fields asked for."""
    asked: wire.CountsQuery = call.query
    zone = zone_named(asked.zone)

    def read(conn: Any) -> Counts:
        query = call.read_query(conn, asked.q)
        by = asked.by.split(",")
        position = position_of(conn, asked.as_of) if asked.as_of is not None else None
        return tallied_counts(conn, query, by, zone=zone, position=position) or counts(
            conn, query, by, zone=zone, position=position
        )

    return Reply(200, await call.application.ask(read))


def _promised(conn: Any, items: list[Operation]) -> tuple[replies.NextPromise, ...]:
    open_ones = [item.id for item in items if item.closed_at is None]
    return tuple(
        replies.NextPromise(
            one.operation_id, one.target, one.standing, utc(one.due_at) if one.due_at else None
        )
        for one in next_promises(conn, open_ones)
    )


def _count(conn: Any, query: language.Query, zone: tzinfo, position: int | None) -> Count:
    return tallied_count(conn, query, zone=zone, position=position) or count_capped(
        conn, query, zone=zone, position=position
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
