"""Tokens: how programs call. Only an administrator sees, issues and revokes them."""

from typing import Any

from viertakt.access.actions import issue_token, revoke_token, tokens
from viertakt.access.model import Token
from viertakt.api import headers, replies, wire
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.shapes import utc
from viertakt.errors import NotFound


async def list_tokens(call: Call) -> Reply:
    """Every token, newest first, without its secret."""
    found = await call.application.ask(tokens)
    return Reply(200, replies.TokenList(tuple(map(_token, found))))


async def issue(call: Call) -> Reply:
    """A new token, shown this once."""
    sent: wire.IssueToken = call.body
    expires_at = None if sent.expires_at is None else headers.instant(sent.expires_at, name="expires_at")
    plain, actor = await call.application.ask(
        lambda conn: issue_token(conn, sent.name, [sent.role], expires_at=expires_at)
    )
    return Reply(201, replies.IssuedToken(id=actor.id, name=actor.name, token=plain))


async def revoke(call: Call) -> Reply:
    """Take a token out of use, at once and for good."""
    named = call.path["id"]

    def take(conn: Any) -> None:
        if not named.startswith("token:"):
            raise NotFound("No live token has this id; list them to see which there are.")
        revoke_token(conn, named)

    await call.application.ask(take)
    return Reply(204)


def _token(core: Token) -> replies.Token:
    return replies.Token(
        id=core.id,
        name=core.name,
        roles=core.roles,
        hint=core.hint,
        created_at=utc(core.created_at),
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
        answers={200: Answers("Every token.", replies.TokenList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/tokens",
        operation_id="issueToken",
        summary="Issue a token",
        tag="tokens",
        handler=issue,
        body=wire.IssueToken,
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
