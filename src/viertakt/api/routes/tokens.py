"""Tokens: how programs call. Only an administrator sees, issues and revokes them."""

from datetime import datetime
from typing import Any

import msgspec

from viertakt.access import granting
from viertakt.access.actions import issue_token, revoke_token, tokens
from viertakt.access.grants_model import GrantLine, NewGrant
from viertakt.access.model import Actor, Token
from viertakt.access.requests_store import Asked
from viertakt.api import access as documents
from viertakt.api import headers, replies
from viertakt.api.permissions import Who
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.access_requests import ask, needs_second
from viertakt.api.routes.grants import grant_document, limits
from viertakt.api.shapes import utc
from viertakt.errors import NotFound


async def list_tokens(call: Call) -> Reply:
    """Every token, newest first, without its secret, with the grants of its own that are in force."""

    def read(conn: Any) -> documents.TokenList:
        lines = granting.grants(conn, of_tokens=True)
        return documents.TokenList(tuple(_token(token, lines) for token in tokens(conn)))

    return Reply(200, await call.application.ask(read))


async def issue(call: Call) -> Reply:
    """A new token, shown this once. Without a role it may only what its own grants say."""
    sent: documents.IssueToken = call.body
    expires_at = None if sent.expires_at is None else headers.instant(sent.expires_at, name="expires_at")
    own = [
        NewGrant(None, one.may, one.kinds, one.where, limits(one.amount_max, f"/grants/{n}/amount_max"))
        for n, one in enumerate(sent.grants)
    ]

    def write(conn: Any) -> tuple[str, Actor]:
        if needs_second(call):
            return _issue_waiting(conn, call, sent, own, expires_at)
        kinds = call.application.kinds
        return granting.issue_with_grants(
            conn,
            sent.name,
            roles=[] if sent.role is None else [sent.role],
            grants=own,
            expires_at=expires_at,
            actor=call.by,
            kinds=kinds.names(conn),
            fields=kinds.scope_fields(conn),
        )

    plain, actor = await call.application.ask(write)
    return Reply(201, replies.IssuedToken(id=actor.id, name=actor.name, token=plain))


def _issue_waiting(
    conn: Any, call: Call, sent: documents.IssueToken, own: list[NewGrant], expires_at: datetime | None
) -> tuple[str, Actor]:
    """A token that may nothing until a second person approves what it is to have."""
    plain, token = issue_token(
        conn, sent.name, (), expires_at, by=call.by.id, without_roles=bool(sent.role or own)
    )
    if sent.role is not None:
        ask(conn, call, Asked(actor=token.id, roles=(sent.role,)), None)
    for grant in own:
        ask(conn, call, Asked(grant=msgspec.structs.replace(grant, token=token.id)), None)
    return plain, token


async def revoke(call: Call) -> Reply:
    """Take a token out of use, at once and for good."""
    named = call.path["id"]

    def take(conn: Any) -> None:
        if not named.startswith("token:"):
            raise NotFound("No live token has this id; list them to see which there are.")
        revoke_token(conn, named, by=call.by.id)

    await call.application.ask(take)
    return Reply(204)


def _token(core: Token, lines: tuple[GrantLine, ...]) -> documents.Token:
    return documents.Token(
        id=core.id,
        name=core.name,
        roles=core.roles,
        grants=tuple(grant_document(line) for line in lines if line.token == core.id),
        hint=core.hint,
        created_at=utc(core.created_at),
        issued_by=None
        if core.issued_by is None
        else Who(core.issued_by, core.issued_by_name or core.issued_by.partition(":")[2]),
        expires_at=utc(core.expires_at) if core.expires_at else None,
        revoked_at=utc(core.revoked_at) if core.revoked_at else None,
        last_used_at=utc(core.last_used_at) if core.last_used_at else None,
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/tokens",
        operation_id="listTokens",
        summary="List tokens",
        tag="tokens",
        handler=list_tokens,
        admin=True,
        answers={200: Answers("Every token.", documents.TokenList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/tokens",
        operation_id="issueToken",
        summary="Issue a token",
        tag="tokens",
        handler=issue,
        body=documents.IssueToken,
        admin=True,
        answers={201: Answers("The token, shown this once.", replies.IssuedToken)},
        refusals=(400, 401, 403, 413, 415, 422, 429),
        example={"name": "payout service", "role": "integration"},
    ),
    Route(
        method="DELETE",
        path="/v1/tokens/{id}",
        operation_id="revokeToken",
        summary="Revoke a token",
        tag="tokens",
        handler=revoke,
        admin=True,
        answers={204: Answers("Revoked.")},
        refusals=(400, 401, 403, 404, 422, 429),
    ),
)
