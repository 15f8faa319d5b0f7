"""What stands under an operation: its children, theirs, and so on."""

from typing import Any

from viertakt.api import children as documents
from viertakt.api import shapes
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.operations import operation_id
from viertakt.operations import families


async def list_children(call: Call) -> Reply:
    """The tree under one operation."""
    sought = operation_id(call)

    def read(conn: Any) -> documents.Children:
        tree = families.read_tree(conn, sought, reader=call.by)
        kinds = call.application.kinds
        items = [
            documents.ChildOperation(
                child.depth,
                shapes.at_work(
                    child.operation, kinds.shown(conn, child.operation.kind, child.operation.kind_version)
                ),
            )
            for child in tree.children
        ]
        return documents.Children(tuple(items), tree.partial)

    return Reply(200, await call.application.ask(read))


ROUTES = (
    Route(
        method="GET",
        path="/v1/operations/{id}/children",
        operation_id="listChildren",
        summary="List what stands under an operation",
        tag="operations",
        handler=list_children,
        answers={200: Answers("The tree under it.", documents.Children)},
        refusals=(400, 401, 404, 422, 429),
    ),
)
