"""Endpoints: where entries are told by webhook or in a chat room, and what became of each delivery."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from viertakt.access.model import ActorId
from viertakt.api import endpoint_shapes as shapes
from viertakt.api import endpoints as documents
from viertakt.api import headers
from viertakt.api.refusals import invalid
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.errors import NotFound
from viertakt.journal.model import Cursor
from viertakt.notices import endpoints
from viertakt.notices.endpoint_model import Again, Endpoint, EndpointId
from viertakt.notices.endpoint_wanted import Wanted
from viertakt.operations.reading import read_names


async def list_endpoints(call: Call) -> Reply:
    """The caller's endpoints, and how it goes with each."""

    def read(conn: Any) -> documents.EndpointList:
        found = endpoints.list_endpoints(conn, call.by)
        names = read_names(conn, {one.owner for one, _ in found})
        return documents.EndpointList(tuple(shapes.endpoint(one, how, names) for one, how in found))

    return Reply(200, await call.application.ask(read))


async def make_endpoint(call: Call) -> Reply:
    """Tell another place; the secret of a webhook is shown this once."""
    sent: documents.MakeEndpoint = call.body
    running = call.application

    def make(conn: Any) -> documents.EndpointMade:
        wanted = Wanted(sent.name, sent.url, sent.q, sent.entries, sent.stages, sent.alerts)
        made, secret = endpoints.make_endpoint(
            conn,
            call.by,
            sent.sort,
            wanted,
            sealer=running.sealer,
            allowed=running.networks,
            fields=running.kinds.search_fields(conn),
            owner=None if sent.owner is None else ActorId(sent.owner),
            persons=running.settings.access_persons,
        )
        names = read_names(conn, {made.owner})
        return shapes.made(made, endpoints.standing_of(conn, made), names, secret)

    return Reply(201, await running.ask(make))


async def read_endpoint(call: Call) -> Reply:
    """One endpoint, and how it goes with it."""
    return await _answered(call, lambda conn: endpoints.read_endpoint(conn, _id(call), reader=call.by))


async def change_endpoint(call: Call) -> Reply:
    """Change an endpoint, or switch it off and on; switched on, it goes on where it stopped."""
    sent: documents.ChangeEndpoint = call.body
    running = call.application

    def change(conn: Any) -> Endpoint:
        wanted = Wanted(sent.name, sent.url, sent.q, sent.entries, sent.stages, sent.alerts)
        found = endpoints.change_endpoint(
            conn,
            _id(call),
            call.by,
            wanted,
            sealer=running.sealer,
            allowed=running.networks,
            fields=running.kinds.search_fields(conn),
            persons=running.settings.access_persons,
        )
        if sent.active is None:
            return found
        return endpoints.switch(conn, found.id, call.by, on=sent.active)

    return await _answered(call, change)


async def end_endpoint(call: Call) -> Reply:
    """Tell an endpoint nothing more, ever."""
    await call.application.ask(lambda conn: endpoints.end(conn, _id(call), call.by))
    return Reply(204)


async def rotate_secret(call: Call) -> Reply:
    """A new secret, shown this once; the old one signs too for a while, so that a receiver may change at leisure."""
    sent: documents.RotateSecret = call.body
    running = call.application
    secret = await running.ask(
        lambda conn: endpoints.rotate(
            conn, _id(call), call.by, sealer=running.sealer, overlap=timedelta(hours=sent.overlap_hours)
        )
    )
    return Reply(201, documents.SecretMade(secret))


async def test_endpoint(call: Call) -> Reply:
    """Send an event that tells nothing but that it came."""
    number = await call.application.ask(lambda conn: endpoints.send_test(conn, _id(call), call.by))
    return Reply(202, documents.TestSent(number))


async def list_deliveries(call: Call) -> Reply:
    """What was delivered to an endpoint, or is to be, the latest first."""
    asked: documents.EndpointDeliveriesQuery = call.query

    def read(conn: Any) -> documents.EndpointDeliveries:
        found = endpoints.list_deliveries(
            conn,
            _id(call),
            call.by,
            state=asked.state,
            operation=asked.operation,
            before=asked.before,
            limit=asked.limit,
        )
        before = found[-1].number if len(found) == asked.limit else None
        return documents.EndpointDeliveries(tuple(map(shapes.delivery, found)), before)

    return Reply(200, await call.application.ask(read))


async def read_delivery(call: Call) -> Reply:
    """One delivery, with every attempt."""
    text = call.path["number"]
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotFound(f"There is no delivery {text[:40]!r}.")

    def read(conn: Any) -> documents.EndpointDeliveryDetail:
        found, attempts = endpoints.read_delivery(conn, _id(call), int(text), call.by)
        return documents.EndpointDeliveryDetail(shapes.delivery(found), tuple(map(shapes.attempt, attempts)))

    return Reply(200, await call.application.ask(read))


async def replay_endpoint(call: Call) -> Reply:
    """Send deliveries again: by number, state, time or query; or everything after a place or since a time."""
    sent: documents.ReplayEndpoint = call.body
    wanted = Again(
        numbers=sent.numbers,
        states=sent.states,
        since=None if sent.since is None else headers.instant(sent.since, name="since"),
        until=None if sent.until is None else headers.instant(sent.until, name="until"),
        q=sent.q,
    )
    start = None if sent.from_ is None else headers.instant(sent.from_, name="from")
    place = None if sent.after is None else Cursor.read(sent.after)
    if sum((wanted != Again(), start is not None, place is not None)) > 1:
        raise invalid("", "ambiguous", "Say `after`, or `from`, or which deliveries; not several of these.")

    def replay(conn: Any) -> documents.EndpointReplayed:
        begin = place or start
        if begin is not None:
            found = endpoints.replay_from(conn, _id(call), call.by, begin, dry_run=sent.dry_run)
        else:
            fields = call.application.kinds.search_fields(conn)
            found = endpoints.send_again(
                conn, _id(call), call.by, wanted, fields=fields, dry_run=sent.dry_run
            )
        return shapes.replayed(found, dry_run=sent.dry_run)

    return Reply(200, await call.application.ask(replay))


async def _answered(call: Call, act: Any) -> Reply:
    def shown(conn: Any) -> documents.Endpoint:
        found: Endpoint = act(conn)
        return shapes.endpoint(found, endpoints.standing_of(conn, found), read_names(conn, {found.owner}))

    return Reply(200, await call.application.ask(shown))


def _id(call: Call) -> EndpointId:
    named = call.path["endpoint"]
    try:
        return EndpointId(UUID(named if len(named) == 36 else "?"))
    except ValueError:
        raise NotFound(f"There is no endpoint {named[:100]!r}.") from None


_ENDPOINT = {200: Answers("The endpoint, without its secrets.", documents.Endpoint)}
_READS = (400, 401, 403, 404, 422, 429)
_WRITES = (400, 401, 403, 404, 409, 413, 415, 422, 429)
_ONE = "/v1/endpoints/{endpoint}"

ROUTES = (
    Route(
        method="GET",
        path="/v1/endpoints",
        operation_id="listEndpoints",
        summary="List endpoints",
        tag="endpoints",
        handler=list_endpoints,
        answers={200: Answers("Endpoints by name.", documents.EndpointList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/endpoints",
        operation_id="makeEndpoint",
        summary="Make an endpoint",
        tag="endpoints",
        handler=make_endpoint,
        body=documents.MakeEndpoint,
        answers={201: Answers("The endpoint, and its secret this once.", documents.EndpointMade)},
        refusals=(400, 401, 403, 409, 413, 415, 422, 429),
        example={"url": "https://example.com/viertakt", "q": "kind:withdrawal"},
    ),
    Route(
        method="GET",
        path=_ONE,
        operation_id="readEndpoint",
        summary="Read an endpoint",
        tag="endpoints",
        handler=read_endpoint,
        answers=_ENDPOINT,
        refusals=_READS,
    ),
    Route(
        method="PATCH",
        path=_ONE,
        operation_id="changeEndpoint",
        summary="Change an endpoint, or switch it off and on",
        tag="endpoints",
        handler=change_endpoint,
        body=documents.ChangeEndpoint,
        answers=_ENDPOINT,
        refusals=_WRITES,
        example={"active": False},
    ),
    Route(
        method="DELETE",
        path=_ONE,
        operation_id="endEndpoint",
        summary="End an endpoint",
        tag="endpoints",
        handler=end_endpoint,
        answers={204: Answers("It is told nothing more.")},
        refusals=_READS,
    ),
    Route(
        method="POST",
        path=_ONE + "/secrets",
        operation_id="rotateEndpointSecret",
        summary="Make a new secret, with overlap",
        tag="endpoints",
        handler=rotate_secret,
        body=documents.RotateSecret,
        answers={201: Answers("The new secret, this once.", documents.SecretMade)},
        refusals=_WRITES,
        example={"overlap_hours": 24},
    ),
    Route(
        method="POST",
        path=_ONE + "/test",
        operation_id="testEndpoint",
        summary="Send a test event",
        tag="endpoints",
        handler=test_endpoint,
        answers={202: Answers("The number of its delivery.", documents.TestSent)},
        refusals=(400, 401, 403, 404, 409, 422, 429),
    ),
    Route(
        method="GET",
        path=_ONE + "/deliveries",
        operation_id="listEndpointDeliveries",
        summary="List deliveries of an endpoint",
        tag="endpoints",
        handler=list_deliveries,
        query=documents.EndpointDeliveriesQuery,
        answers={200: Answers("Deliveries, the latest first.", documents.EndpointDeliveries)},
        refusals=_READS,
    ),
    Route(
        method="GET",
        path=_ONE + "/deliveries/{number}",
        operation_id="readEndpointDelivery",
        summary="Read a delivery, with every attempt",
        tag="endpoints",
        handler=read_delivery,
        answers={200: Answers("The delivery and its attempts.", documents.EndpointDeliveryDetail)},
        refusals=_READS,
    ),
    Route(
        method="POST",
        path=_ONE + "/replay",
        operation_id="replayEndpoint",
        summary="Send deliveries again",
        tag="endpoints",
        handler=replay_endpoint,
        body=documents.ReplayEndpoint,
        answers={200: Answers("How many.", documents.EndpointReplayed)},
        refusals=_WRITES,
        example={"states": ["failed"], "dry_run": True},
    ),
)
