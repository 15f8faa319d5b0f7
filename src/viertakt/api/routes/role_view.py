"""Through the eyes of a role: what it would see now, and what it may do. For who manages, and only to look."""

from typing import Any

from viertakt import language
from viertakt.access import granting
from viertakt.access.grants import ANY_MOVE, MOVE, Grant, Rights
from viertakt.access.grants_model import GrantLine
from viertakt.access.roles import role_called
from viertakt.api import access as documents
from viertakt.api import replies
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.grants import grant_document
from viertakt.kinds.model import Kind
from viertakt.reports.counts import counts
from viertakt.reports.tallied import tallied_counts
from viertakt.reports.zones import UTC_ZONE

_BY = ["kind", "status"]


async def view_as_role(call: Call) -> Reply:
    """How many operations a role sees by kind and status, its grants, and the transitions it may make by hand."""
    role = call.path["role"]

    def read(conn: Any) -> documents.RoleView:
        known = role_called(conn, role)
        lines = granting.grants(conn, role=role)
        query = language.within(language.parse(""), _rights(lines, call.by.rights).sight)
        found = tallied_counts(conn, query, _BY, zone=UTC_ZONE) or counts(conn, query, _BY, zone=UTC_ZONE)
        kinds = call.application.kinds
        return documents.RoleView(
            role=role,
            label=known.label,
            grants=tuple(map(grant_document, lines)),
            sees=tuple(
                replies.Count(
                    count=int(one["count"]),
                    capped=bool(one.get("capped", False)),
                    kind=one["kind"],
                    status=one["status"],
                )
                for one in found.items
            ),
            moves=tuple(
                move for published in kinds.all_latest(conn) for move in _moves(published.kind, lines)
            ),
        )

    return Reply(200, await call.application.ask(read))


def _rights(lines: tuple[GrantLine, ...], own: Rights) -> Rights:
    """The rights of who has this role and nothing else; which stages are restricted is the same for everybody."""
    grants = (
        Grant(line.id, line.role or "", line.kinds, line.may, line.where, line.amount_max) for line in lines
    )
    return Rights(tuple(grants), own.restricted)


def _moves(kind: Kind, lines: tuple[GrantLine, ...]) -> list[documents.RoleMove]:
    found = []
    for name, transition in kind.transitions.items():
        by = tuple(
            line.id
            for line in lines
            if (MOVE + name in line.may or ANY_MOVE in line.may)
            and (not line.kinds or kind.kind in line.kinds)
        )
        if transition.roles and by:
            found.append(documents.RoleMove(str(kind.kind), str(name), by))
    return found


ROUTES = (
    Route(
        method="GET",
        path="/v1/roles/{role}/view",
        operation_id="viewAsRole",
        summary="Look through the eyes of a role",
        tag="access",
        handler=view_as_role,
        admin=True,
        answers={200: Answers("What the role sees and may do.", documents.RoleView)},
        refusals=(400, 401, 403, 404, 422, 429),
    ),
)
