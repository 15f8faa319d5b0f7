"""Standing in: who consents in whose name until when, and who is away."""

from typing import Any

from viertakt.access import delegations as access
from viertakt.access.model import ActorId
from viertakt.access.rules import check_may_manage
from viertakt.api import delegations as documents
from viertakt.api.permissions import Who
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.access_requests import needs_second
from viertakt.api.shapes import utc
from viertakt.errors import NotFound


async def list_delegations(call: Call) -> Reply:
    """Who stands in for the caller, and for whom the caller does; for who manages also everybody's."""
    query: documents.DelegationsQuery = call.query
    if query.all:
        check_may_manage(call.by)
    of = None if query.all else call.by.id
    found = await call.application.ask(lambda conn: access.delegations(conn, of=of))
    return Reply(200, documents.DelegationList(tuple(map(_shown, found))))


async def add_delegation(call: Call) -> Reply:
    """Let somebody consent in one's name, or, for who manages, in another's."""
    sent: documents.AddDelegation = call.body
    new = access.NewDelegation(
        person=ActorId(sent.person or call.by.id),
        stand_in=ActorId(sent.stand_in),
        until_at=sent.until_at,
        from_at=sent.from_at,
        absent=sent.absent,
    )
    length_max = access.LENGTH_MAX_OF_TWO if needs_second(call) else access.LENGTH_MAX
    said = await call.application.ask(
        lambda conn: access.delegate(conn, new, by=call.by, length_max=length_max)
    )
    return Reply(201, _shown(said))


async def end_delegation(call: Call) -> Reply:
    """End it before its time, at once."""
    text = call.path["number"]
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise NotFound(f"No delegation {text[:100]} is in force.")

    def end(conn: Any) -> None:
        access.end_delegation(conn, int(text), by=call.by)

    await call.application.ask(end)
    return Reply(204)


def _shown(one: access.Delegation) -> documents.Delegation:
    return documents.Delegation(
        id=one.id,
        person=Who(one.person, one.person_name),
        stand_in=Who(one.stand_in, one.stand_in_name),
        absent=one.absent,
        from_at=utc(one.from_at),
        until_at=utc(one.until_at),
        said_by=one.said_by,
        said_at=utc(one.said_at),
        in_force=one.in_force,
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/delegations",
        operation_id="listDelegations",
        summary="List who consents in whose name",
        tag="approvals",
        handler=list_delegations,
        query=documents.DelegationsQuery,
        answers={200: Answers("Those that hold or will.", documents.DelegationList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/delegations",
        operation_id="addDelegation",
        summary="Let somebody consent in one's name for a time",
        tag="approvals",
        handler=add_delegation,
        body=documents.AddDelegation,
        answers={201: Answers("It holds, or will.", documents.Delegation)},
        refusals=(400, 401, 403, 404, 413, 415, 422, 429),
        example={
            "stand_in": "person:0198c1c2-3333-7000-8000-000000000000",
            "until_at": "2027-01-04T08:00:00Z",
            "absent": True,
        },
    ),
    Route(
        method="DELETE",
        path="/v1/delegations/{number}",
        operation_id="endDelegation",
        summary="End a delegation before its time",
        tag="approvals",
        handler=end_delegation,
        answers={204: Answers("It holds no more.")},
        refusals=(401, 404, 429),
    ),
)
