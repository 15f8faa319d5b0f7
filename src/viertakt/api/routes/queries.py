"""Help with writing queries: what one means, piece by piece, and what may be written next."""

from viertakt import language
from viertakt.api import parsed, wire
from viertakt.api.route import Answers, Call, Reply, Route


async def parse_query(call: Call) -> Reply:
    """The query in its canonical form and in pieces; a fault says where and what was meant."""
    asked: wire.ParseQuery = call.query
    fields = await call.application.ask(call.application.kinds.search_fields)
    query, chips = language.chips(asked.q, fields)
    return Reply(
        200,
        parsed.ParsedQuery(
            canonical=language.to_text(query),
            chips=tuple(
                parsed.QueryChip(
                    text=chip.text, negated=chip.negated, from_=chip.offset, to=chip.end, field=chip.field
                )
                for chip in chips
            ),
            profile="row" if language.profile(query) is language.Profile.ROW else "search",
        ),
    )


async def complete_query(call: Call) -> Reply:
    """What may be written where the caret stands."""
    asked: wire.CompleteQuery = call.query
    fields = await call.application.ask(call.application.kinds.search_fields)
    found = language.complete(asked.q, len(asked.q) if asked.at is None else asked.at, fields)
    return Reply(
        200,
        parsed.QuerySuggestions(
            tuple(
                parsed.QuerySuggestion(
                    text=one.text, label=one.label, kind=one.kind, from_=one.offset, to=one.end
                )
                for one in found
            )
        ),
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/query/parse",
        operation_id="parseQuery",
        summary="Read a query",
        tag="operations",
        handler=parse_query,
        query=wire.ParseQuery,
        answers={200: Answers("The query in its canonical form and in pieces.", parsed.ParsedQuery)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/query/complete",
        operation_id="completeQuery",
        summary="Complete a query",
        tag="operations",
        handler=complete_query,
        query=wire.CompleteQuery,
        answers={200: Answers("What may be written next.", parsed.QuerySuggestions)},
        refusals=(400, 401, 422, 429),
    ),
)
