"""What is promised about an operation, and how that stands."""

from typing import Any

from viertakt.api import deadlines as documents
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.operations import operation_id
from viertakt.api.shapes import utc
from viertakt.deadlines import alarms
from viertakt.operations.reading import read_operation


async def list_promises(call: Call) -> Reply:
    """One operation's promises, the first begun first."""
    sought = operation_id(call)

    def read(conn: Any) -> documents.Promises:
        read_operation(conn, sought, reader=call.by)
        found = alarms.read_promises(conn, sought)
        return documents.Promises(
            tuple(
                documents.PromiseStanding(
                    target=one.target,
                    standing=one.standing,
                    began_at=utc(one.began_at),
                    due_at=utc(one.due_at) if one.due_at else None,
                    decided_at=utc(one.decided_at) if one.decided_at else None,
                )
                for one in found
            )
        )

    return Reply(200, await call.application.ask(read))


ROUTES = (
    Route(
        method="GET",
        path="/v1/operations/{id}/promises",
        operation_id="listPromises",
        summary="What is promised about an operation",
        tag="operations",
        handler=list_promises,
        answers={200: Answers("The promises, as they stand now.", documents.Promises)},
        refusals=(400, 401, 404, 422, 429),
    ),
)
