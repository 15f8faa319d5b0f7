"""Sources: which providers report to us, with which secrets and mappings. Only an administrator sees and changes them."""

from typing import Any
from uuid import UUID

from viertakt.api import signal_shapes as shapes
from viertakt.api import signals as documents
from viertakt.api.refusals import invalid
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.errors import NotFound
from viertakt.signals import inbox, sources, store
from viertakt.signals.model import Source
from viertakt.signals.reading import NotReadable

SENT_BYTES_MAX = 1_000_000


async def list_sources(call: Call) -> Reply:
    """Every source, without its secrets."""
    found = await call.application.ask(store.read_sources)
    return Reply(200, documents.SourceList(tuple(map(shapes.source, found))))


async def read_source(call: Call) -> Reply:
    """One source, without its secrets."""
    return await _answered(call, lambda conn: sources.read_source(conn, call.path["source"]))


async def set_source(call: Call) -> Reply:
    """Make or change a source; its secrets stay. A mapping with faults is refused with all of them."""
    sent: documents.SetSource = call.body
    name = _name(call)
    return await _answered(
        call,
        lambda conn: sources.set_source(
            conn,
            name,
            scheme=sent.scheme,
            options=sent.options,
            document=sent.mapping,
            active=sent.active,
            by=call.by,
            catalogue=call.application.catalogue,
        ),
    )


async def add_secret(call: Call) -> Reply:
    """Believe one more secret; it is sealed, and nobody sees it again. Remove the old one when the provider uses it no more."""
    sent: documents.AddSecret = call.body
    sealer = call.application.sealer
    return await _answered(
        call,
        lambda conn: sources.add_secret(conn, call.path["source"], sent.secret, by=call.by, sealer=sealer),
    )


async def drop_secret(call: Call) -> Reply:
    """Believe a secret no more."""
    named = call.path["secret"]
    try:
        sought = UUID(named if len(named) == 36 else "?")
    except ValueError:
        raise NotFound(f"There is no secret {named[:100]}.") from None
    return await _answered(
        call, lambda conn: sources.drop_secret(conn, call.path["source"], sought, by=call.by)
    )


async def try_payload(call: Call) -> Reply:
    """What a payload would do now, by the source's mapping or by the one that is sent; nothing is changed."""
    sent: documents.TryPayload = call.body
    running = call.application

    def read(conn: Any) -> documents.TriedList:
        source = sources.read_source(conn, call.path["source"])
        mapping = (
            sources.mapping_of(source)
            if sent.mapping is None
            else sources.check_mapping(conn, sent.mapping, running.catalogue)
        )
        try:
            found = inbox.try_payload(
                conn, running.engine, mapping, sent.payload.encode(), source=source.name, reader=call.by
            )
        except NotReadable as fault:
            raise invalid("/payload", "unreadable", f"This is no payload that we read: {fault}") from None
        kinds = running.kinds
        return documents.TriedList(
            tuple(
                shapes.tried(one, kinds.at(conn, one.operation.kind, one.operation.kind_version).kind)
                if one.operation
                else shapes.tried(one, None)
                for one in found
            )
        )

    return Reply(200, await call.application.ask(read))


async def replay_many(call: Call) -> Reply:
    """Let a source's signals in these states be read and applied once more, 1,000 at most."""
    sent: documents.Replay = call.body
    count = await call.application.ask(
        lambda conn: inbox.replay_many(conn, reader=call.by, source=call.path["source"], states=sent.states)
    )
    return Reply(200, documents.Replayed(count))


async def _answered(call: Call, act: Any) -> Reply:
    def shown(conn: Any) -> documents.Source:
        found: Source = act(conn)
        return shapes.source(found)

    return Reply(200, await call.application.ask(shown))


def _name(call: Call) -> str:
    name = call.path["source"]
    if not sources.is_name(name):
        raise invalid(
            "/source",
            "invalid_name",
            "A source's name has small letters, digits, _ and -, begins with a letter, and has at most 40.",
        )
    return name


_SOURCE = {200: Answers("The source, without its secrets.", documents.Source)}
_READS = (400, 401, 403, 404, 422, 429)
_WRITES = (400, 401, 403, 404, 413, 415, 422, 429)

ROUTES = (
    Route(
        method="GET",
        path="/v1/sources",
        operation_id="listSources",
        summary="List sources",
        tag="signals",
        handler=list_sources,
        admin=True,
        answers={200: Answers("Every source.", documents.SourceList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/sources/{source}",
        operation_id="readSource",
        summary="Read a source",
        tag="signals",
        handler=read_source,
        admin=True,
        answers=_SOURCE,
        refusals=_READS,
    ),
    Route(
        method="PUT",
        path="/v1/sources/{source}",
        operation_id="setSource",
        summary="Make or change a source",
        tag="signals",
        handler=set_source,
        body=documents.SetSource,
        admin=True,
        answers=_SOURCE,
        refusals=_WRITES,
        example={"scheme": "stripe"},
    ),
    Route(
        method="POST",
        path="/v1/sources/{source}/secrets",
        operation_id="addSourceSecret",
        summary="Add a secret to a source",
        tag="signals",
        handler=add_secret,
        body=documents.AddSecret,
        admin=True,
        answers=_SOURCE,
        refusals=_WRITES,
        example={"secret": "whsec_as_the_provider_shows_it"},
    ),
    Route(
        method="DELETE",
        path="/v1/sources/{source}/secrets/{secret}",
        operation_id="dropSourceSecret",
        summary="Remove a secret of a source",
        tag="signals",
        handler=drop_secret,
        admin=True,
        answers=_SOURCE,
        refusals=_READS,
    ),
    Route(
        method="POST",
        path="/v1/sources/{source}/try",
        operation_id="tryPayload",
        summary="See what a payload would do",
        tag="signals",
        handler=try_payload,
        body=documents.TryPayload,
        body_bytes_max=SENT_BYTES_MAX,
        admin=True,
        answers={200: Answers("What each of its reports would do.", documents.TriedList)},
        refusals=_WRITES,
        example={"payload": '{"id": "evt_1", "type": "payout.paid", "data": {"object": {"id": "po_1"}}}'},
    ),
    Route(
        method="POST",
        path="/v1/sources/{source}/replay",
        operation_id="replaySignals",
        summary="Replay signals of a source",
        tag="signals",
        handler=replay_many,
        body=documents.Replay,
        admin=True,
        answers={200: Answers("How many.", documents.Replayed)},
        refusals=_WRITES,
        example={"states": ["parked", "unmapped"]},
    ),
)
