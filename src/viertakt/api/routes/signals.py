"""Signals: what providers send, the inbox of it, and replay by hand."""

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

from viertakt.access.rules import visible
from viertakt.api import access
from viertakt.api import signal_shapes as shapes
from viertakt.api import signals as documents
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.errors import InvalidCursor, NotFound, Unauthenticated
from viertakt.signals import inbox, keeping, receiving, store
from viertakt.signals.model import Signal, SignalId

DELIVERY_BYTES_MAX = (
    1_000_000  # Adyen's largest batches are far below; Stripe's events have some ten kilobytes
)
REFUSED_SHOWN_MAX = 100


async def receive(call: Call) -> Reply:
    """Take what a provider sends: its raw bytes are verified first, kept, and answered; a worker applies them."""
    name, body, given = call.path["source"], call.body, call.headers
    sealer = call.application.sealer
    got = await call.application.ask(lambda conn: receiving.take_in(conn, name, given, body, sealer=sealer))
    if got.doubt is not None:
        raise Unauthenticated(got.doubt.words, why_not=got.doubt.code)
    return Reply(202 if got.new else 200, documents.Kept(got.signals, got.new))


async def list_signals(call: Call) -> Reply:
    """The signals that are there for the caller: those of operations in sight, and those without one for who sees all brands and kinds."""
    asked: documents.SignalsQuery = call.query
    before = _place(asked.cursor)

    def read(conn: Any) -> list[Signal]:
        return inbox.list_signals(
            conn,
            reader=call.by,
            source=asked.source,
            state=asked.state,
            operation_id=asked.operation,
            before=before,
            limit=asked.limit,
        )

    found = await call.application.ask(read)
    items = tuple(shapes.signal(one, reader=call.by) for one in found)
    cursor = _cursor(found[-1]) if len(found) == asked.limit else None
    return Reply(200, documents.SignalList(items, cursor))


async def count_signals(call: Call) -> Reply:
    """How many signals stand in each state, and what was refused lately."""
    asked: documents.SignalCountsQuery = call.query

    def read(conn: Any) -> documents.SignalCounts:
        states = inbox.count_states(conn, reader=call.by, source=asked.source)
        # What was refused says nothing about operations, but of which providers there are.
        whole = not visible(call.by).terms
        refused = inbox.read_refused(conn, source=asked.source, limit=REFUSED_SHOWN_MAX) if whole else ()
        return shapes.counts(states, refused, store.read_sources(conn))

    return Reply(200, await call.application.ask(read))


async def read_signal(call: Call) -> Reply:
    """One signal with its payload, masked."""
    sought = _id(call)

    def read(conn: Any) -> documents.SignalDetail:
        found = inbox.read_signal(conn, sought, reader=call.by, source=call.path["source"])
        shown = inbox.payload_of(conn, found)
        return shapes.detail(found, shown, reader=call.by, revealable=keeping.reveals(conn, found, call.by))

    return Reply(200, await call.application.ask(read))


async def reveal_signal(call: Call) -> Reply:
    """All of one report as it was delivered. That the caller saw it, and why, is kept for good."""
    sought, sent = _id(call), call.body
    source, by = call.path["source"], call.by
    text = await call.application.ask(
        lambda conn: keeping.reveal_payload(conn, sought, source=source, reason=sent.reason, by=by)
    )
    return Reply(200, documents.RevealedPayload(text))


async def erase_signal(call: Call) -> Reply:
    """Erase what was delivered with a signal; the signal stays, with what was read and what became of it."""
    sought, sent = _id(call), call.body
    source, by = call.path["source"], call.by

    def erase(conn: Any) -> documents.SignalDetail:
        found = keeping.erase_payload(conn, sought, source=source, reason=sent.reason, by=by)
        return shapes.detail(found, inbox.payload_of(conn, found), reader=by, revealable=False)

    return Reply(200, await call.application.ask(erase))


async def replay_signal(call: Call) -> Reply:
    """Let one signal be read and applied once more, by the mapping of today; what moved its operation stays as it is."""
    sought = _id(call)
    found = await call.application.ask(
        lambda conn: inbox.replay_signal(conn, sought, reader=call.by, source=call.path["source"])
    )
    return Reply(200, shapes.signal(found, reader=call.by))


def _cursor(last: Signal) -> str:
    text = f"{last.received_at.isoformat()}|{last.id}"
    return str(base64.urlsafe_b64encode(text.encode()), "ascii")


def _place(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    try:
        at, _, id_ = str(base64.urlsafe_b64decode(cursor.encode("ascii")), "ascii").partition("|")
        place = datetime.fromisoformat(at), UUID(id_)
    except (ValueError, binascii.Error):
        raise InvalidCursor("This cursor does not belong to this list; begin again without one.") from None
    if place[0].tzinfo is None:
        raise InvalidCursor("This cursor does not belong to this list; begin again without one.")
    return place


def _id(call: Call) -> SignalId:
    text = call.path["id"]
    try:
        return SignalId(UUID(text if len(text) == 36 else "?"))
    except ValueError:
        raise NotFound(f"There is no signal {text[:100]}.") from None


ROUTES = (
    Route(
        method="POST",
        path="/v1/signals/{source}",
        operation_id="receiveSignals",
        summary="Take what a provider sends",
        tag="signals",
        handler=receive,
        open_to_all=True,
        raw=True,
        body_bytes_max=DELIVERY_BYTES_MAX,
        answers={
            200: Answers("Known already.", documents.Kept),
            202: Answers("Kept; a worker applies it.", documents.Kept),
        },
        refusals=(400, 401, 404, 413, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/signals",
        operation_id="listSignals",
        summary="List signals",
        tag="signals",
        handler=list_signals,
        query=documents.SignalsQuery,
        answers={200: Answers("A page, the last received first.", documents.SignalList)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/signal-counts",
        operation_id="countSignals",
        summary="Count signals by state",
        tag="signals",
        handler=count_signals,
        query=documents.SignalCountsQuery,
        answers={200: Answers("What the inbox holds.", documents.SignalCounts)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/signals/{source}/{id}",
        operation_id="readSignal",
        summary="Read a signal",
        tag="signals",
        handler=read_signal,
        answers={200: Answers("The signal with its payload.", documents.SignalDetail)},
        refusals=(400, 401, 404, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/signals/{source}/{id}/reveal",
        operation_id="revealSignal",
        summary="Reveal the payload of a signal",
        tag="signals",
        handler=reveal_signal,
        body=access.Reveal,
        answers={200: Answers("All of the report, for the caller alone.", documents.RevealedPayload)},
        refusals=(400, 401, 403, 404, 413, 415, 422, 429),
        example={"reason": "The provider asks what they sent"},
    ),
    Route(
        method="POST",
        path="/v1/signals/{source}/{id}/erase",
        operation_id="eraseSignal",
        summary="Erase the payload of a signal",
        tag="signals",
        handler=erase_signal,
        admin=True,
        body=documents.ErasePayload,
        answers={200: Answers("The signal without its payload.", documents.SignalDetail)},
        refusals=(400, 401, 403, 404, 413, 415, 422, 429),
        example={"reason": "The customer asked for it"},
    ),
    Route(
        method="POST",
        path="/v1/signals/{source}/{id}/replay",
        operation_id="replaySignal",
        summary="Replay a signal",
        tag="signals",
        handler=replay_signal,
        admin=True,
        answers={200: Answers("It is read and applied once more.", documents.Signal)},
        refusals=(400, 401, 403, 404, 422, 429),
    ),
)
