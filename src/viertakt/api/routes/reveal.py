"""Revealing: the personal values of one operation, for a reason that stays in the audit."""

from typing import Any

from viertakt.access.revealing import note_reveal
from viertakt.api import access, shapes
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.operations import operation_id
from viertakt.operations import reading

ENTRIES_MAX = 1000


async def reveal(call: Call) -> Reply:
    """The personal values of one operation. That the caller saw them, and why, is kept for good."""
    sought = operation_id(call)
    sent: access.Reveal = call.body

    def read(conn: Any) -> access.Revealed:
        operation = reading.read_operation(conn, sought, reader=call.by)
        hidden = call.application.kinds.shown(conn, operation.kind, operation.kind_version).hidden
        # What a later version made personal still stands where it was open, and is as personal.
        earlier = {name: operation.attributes[name] for name in hidden.intersection(operation.attributes)}
        attributes = earlier | reading.read_personal(conn, sought)
        entries = [
            entry
            for entry in reading.read_history(conn, sought, after=0, limit=ENTRIES_MAX)
            if shapes.masked(entry, hidden) and reading.sees_entry(call.by, operation, entry)
        ]
        fields = set(attributes).union(*(shapes.masked(entry, hidden) for entry in entries))
        note_reveal(conn, call.by, operation, sought, fields=fields, reason=sent.reason)
        return access.Revealed(
            attributes, tuple(access.RevealedEntry(entry.seq, shapes.revealed(entry)) for entry in entries)
        )

    return Reply(200, await call.application.ask(read))


ROUTES = (
    Route(
        method="POST",
        path="/v1/operations/{id}/reveal",
        operation_id="revealOperation",
        summary="Reveal the personal values of an operation",
        tag="operations",
        handler=reveal,
        body=access.Reveal,
        answers={200: Answers("The values, for the caller alone.", access.Revealed)},
        refusals=(400, 401, 403, 404, 413, 415, 422, 429),
        example={"reason": "The player asks which account it went to"},
    ),
)
