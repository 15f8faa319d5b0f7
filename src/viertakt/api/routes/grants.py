"""Roles and grants: what each role may. Only who manages sees and changes them; every change is in the audit."""

from decimal import Decimal
from typing import Any

from viertakt.access import granting
from viertakt.access.actions import role_labels
from viertakt.access.grants_model import GrantLine, NewGrant
from viertakt.access.model import ActorId
from viertakt.access.requests_store import Asked
from viertakt.api import grants as documents
from viertakt.api import wire
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
    new = NewGrant(sent.role, sent.may, sent.kinds, sent.where, limits(sent.amount_max, "/amount_max"))
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


async def revoke_grant(call: Call) -> Reply:
    """Take a grant out of force, at once and for good."""
    text = call.path["grant"]
    if not (text.isascii() and text.isdecimal() and len(text) <= NUMBER_LENGTH_MAX):
        raise NotFound(f"There is no grant {text[:40]!r}; list them to see which there are.")
    reason = call.query.reason
    if needs_second(call):
        return await asked(call, Asked(revoke=int(text)), reason)
    await call.application.ask(
        lambda conn: granting.revoke_grant(conn, int(text), actor=call.by, reason=reason)
    )
    return Reply(204)


async def list_roles(call: Call) -> Reply:
    """Every role with its grants in force."""

    def read(conn: Any) -> documents.RoleList:
        found = granting.grants(conn)
        return documents.RoleList(
            tuple(
                documents.Role(
                    role, label, tuple(grant_document(line) for line in found if line.role == role)
                )
                for role, label in role_labels(conn).items()
            )
        )

    return Reply(200, await call.application.ask(read))


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
        method="GET",
        path="/v1/roles",
        operation_id="listRoles",
        summary="List roles with their grants",
        tag="access",
        handler=list_roles,
        admin=True,
        answers={200: Answers("Every role.", documents.RoleList)},
        refusals=(400, 401, 403, 422, 429),
    ),
)
