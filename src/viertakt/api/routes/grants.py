"""Grants: what each role may. Only who manages sees and changes them; every change is in the audit."""

from decimal import Decimal
from typing import Any

from viertakt.access import granting
from viertakt.access.grants_model import GrantLine, NewGrant
from viertakt.access.model import ActorId
from viertakt.access.requests_store import Asked
from viertakt.api import grants as documents
from viertakt.api import wire
from viertakt.api.grant_effect import grant_effect
from viertakt.api.refusals import invalid
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.access_requests import WAITS, asked, needs_second
from viertakt.api.shapes import utc
from viertakt.errors import NotFound

EXAMPLE = {
    "role": "payments",
    "may": ["move:approve"],
    "kinds": ["withdrawal"],
    "where": "brand:casino-nl",
    "amount_max": [{"value": "1000.00", "currency": "EUR"}],
}
NUMBER_LENGTH_MAX = 18


async def list_grants(call: Call) -> Reply:
    """Grants by their number."""
    query: documents.GrantsQuery = call.query
    token = None if query.token is None else ActorId(query.token)
    found = await call.application.ask(
        lambda conn: granting.grants(conn, role=query.role, token=token, revoked=query.revoked)
    )
    return Reply(200, documents.GrantList(tuple(map(grant_document, found))))


async def add_grant(call: Call) -> Reply:
    """Grant something to a role, at once for everybody who has it."""
    sent: documents.AddGrant = call.body
    new = _new(sent)
    if needs_second(call):
        return await asked(call, Asked(grant=new), sent.reason)

    def write(conn: Any) -> GrantLine:
        kinds = call.application.kinds
        return granting.add_grant(
            conn,
            new,
            actor=call.by,
            kinds=kinds.names(conn),
            fields=kinds.scope_fields(conn),
            reason=sent.reason,
        )

    return Reply(201, grant_document(await call.application.ask(write)))


async def replace_grant(call: Call) -> Reply:
    """Put one grant in place of another of the same role, at once for everybody who has it."""
    sent: documents.AddGrant = call.body
    new, grant_id = _new(sent), _number(call)
    if needs_second(call):
        return await asked(call, Asked(grant=new, revoke=grant_id), sent.reason)

    def write(conn: Any) -> GrantLine:
        kinds = call.application.kinds
        return granting.replace_grant(
            conn,
            grant_id,
            new,
            actor=call.by,
            kinds=kinds.names(conn),
            fields=kinds.scope_fields(conn),
            reason=sent.reason,
        )

    return Reply(200, grant_document(await call.application.ask(write)))


async def preview_grant(call: Call) -> Reply:
    """What a change of grants would do now; nothing is changed."""
    sent: documents.PreviewGrant = call.body
    if sent.grant is not None and sent.grant.role != sent.role:
        raise invalid(
            "/grant/role", "another_role", "The grant that is looked at is of the role that is named."
        )
    new = None if sent.grant is None else _new(sent.grant)
    waits = needs_second(call)

    def read(conn: Any) -> documents.GrantEffect:
        return grant_effect(
            conn, call.application.kinds, role=sent.role, new=new, revoke=sent.revoke, waits=waits
        )

    return Reply(200, await call.application.ask(read))


async def revoke_grant(call: Call) -> Reply:
    """Take a grant out of force, at once and for good."""
    grant_id, reason = _number(call), call.query.reason
    if needs_second(call):
        return await asked(call, Asked(revoke=grant_id), reason)
    await call.application.ask(
        lambda conn: granting.revoke_grant(conn, grant_id, actor=call.by, reason=reason)
    )
    return Reply(204)


def _new(sent: documents.AddGrant) -> NewGrant:
    return NewGrant(sent.role, sent.may, sent.kinds, sent.where, limits(sent.amount_max, "/amount_max"))


def _number(call: Call) -> int:
    text = call.path["grant"]
    if not (text.isascii() and text.isdecimal() and len(text) <= NUMBER_LENGTH_MAX):
        raise NotFound(f"There is no grant {text[:40]!r}; list them to see which there are.")
    return int(text)


def limits(sent: tuple[wire.Money, ...], pointer: str) -> dict[str, Decimal]:
    """Limits by currency. Raises `Invalid` for a currency that is named twice."""
    found = {money.currency: Decimal(money.value) for money in sent}
    if len(found) < len(sent):
        raise invalid(pointer, "currency_twice", "A currency has one limit; name it once.")
    return found


def grant_document(line: GrantLine) -> documents.Grant:
    """The grant on the wire."""
    highest = sorted(line.amount_max.items())
    return documents.Grant(
        id=line.id,
        role=line.role,
        token=line.token,
        may=line.may,
        kinds=line.kinds,
        where=line.where,
        amount_max=tuple(wire.Money(f"{amount:f}", currency) for currency, amount in highest),
        brought_by=line.brought_by,
        created_by=line.created_by,
        created_at=utc(line.created_at),
        revoked_by=line.revoked_by,
        revoked_at=utc(line.revoked_at) if line.revoked_at else None,
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/grants",
        operation_id="listGrants",
        summary="List grants",
        tag="access",
        handler=list_grants,
        query=documents.GrantsQuery,
        admin=True,
        answers={200: Answers("Grants by their number.", documents.GrantList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/grants",
        operation_id="addGrant",
        summary="Grant something to a role",
        tag="access",
        handler=add_grant,
        body=documents.AddGrant,
        admin=True,
        answers={201: Answers("Granted.", documents.Grant), 202: WAITS},
        refusals=(400, 401, 403, 413, 415, 422, 429),
        example=EXAMPLE,
    ),
    Route(
        method="DELETE",
        path="/v1/grants/{grant}",
        operation_id="revokeGrant",
        summary="Revoke a grant",
        tag="access",
        handler=revoke_grant,
        query=documents.RevokeQuery,
        admin=True,
        answers={204: Answers("Revoked."), 202: WAITS},
        refusals=(400, 401, 403, 404, 409, 422, 429),
    ),
    Route(
        method="PUT",
        path="/v1/grants/{grant}",
        operation_id="replaceGrant",
        summary="Put one grant in place of another",
        tag="access",
        handler=replace_grant,
        body=documents.ReplaceGrant,
        admin=True,
        answers={200: Answers("The grant that is in force now.", documents.Grant), 202: WAITS},
        refusals=(400, 401, 403, 404, 409, 413, 415, 422, 429),
        example=EXAMPLE,
    ),
    Route(
        method="POST",
        path="/v1/grants/preview",
        operation_id="previewGrant",
        summary="See what a change of grants would do",
        tag="access",
        handler=preview_grant,
        body=documents.PreviewGrant,
        admin=True,
        answers={200: Answers("What it would do now; nothing is changed.", documents.GrantEffect)},
        refusals=(400, 401, 403, 404, 413, 415, 422, 429),
        example={"role": "payments", "grant": EXAMPLE},
    ),
)
