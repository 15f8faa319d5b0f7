"""The console's session: a person signs in, is known, signs out."""

from typing import Any

from viertakt.access.actions import person, sign_in, sign_out
from viertakt.access.grants import MANAGE
from viertakt.access.model import Actor, ActorSort
from viertakt.api import credentials, replies, wire
from viertakt.api.permissions import Who
from viertakt.api.route import Answers, Call, Reply, Route


async def start_session(call: Call) -> Reply:
    """Sign in; the session's secret goes into a cookie that no script can read."""
    sent: wire.SignIn = call.body
    credentials.check_same_origin(call.headers, needed=False)

    def start(conn: Any) -> tuple[str, replies.Session]:
        secret, actor = sign_in(
            conn, sent.email, sent.password, failed_sign_ins=call.application.failed_sign_ins
        )
        return secret, _session(conn, actor)

    secret, session = await call.application.sign_in(start)
    return Reply(201, session, [credentials.cookie(secret, secure=call.secure)])


async def read_session(call: Call) -> Reply:
    """Who calls, be it a person or a program."""
    return Reply(200, await call.application.ask(lambda conn: _session(conn, call.by)))


async def end_session(call: Call) -> Reply:
    """Sign out; the secret in the cookie opens nothing any more."""
    secret = call.secret
    if secret is not None:
        await call.application.ask(lambda conn: sign_out(conn, secret))
    return Reply(204, None, [credentials.cookie(None, secure=call.secure)])


def _session(conn: Any, actor: Actor) -> replies.Session:
    known = person(conn, actor.id) if actor.sort is ActorSort.PERSON else None
    return replies.Session(
        actor=Who(actor.id, actor.name),
        email=known.email if known else None,
        language="nl" if known and known.language == "nl" else "en",
        roles=tuple(sorted(actor.roles)),
        manages=bool(actor.rights.to(MANAGE)),
    )


ROUTES = (
    Route(
        method="POST",
        path="/v1/session",
        operation_id="signIn",
        summary="Sign in",
        tag="session",
        handler=start_session,
        body=wire.SignIn,
        open_to_all=True,
        answers={201: Answers("Signed in; a cookie carries the session.", replies.Session, ("Set-Cookie",))},
        refusals=(400, 401, 403, 413, 415, 422, 429),
        example={"email": "anna@example.com", "password": "correct horse battery staple"},
    ),
    Route(
        method="GET",
        path="/v1/session",
        operation_id="readSession",
        summary="Read who is signed in",
        tag="session",
        handler=read_session,
        answers={200: Answers("Who calls.", replies.Session)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="DELETE",
        path="/v1/session",
        operation_id="signOut",
        summary="Sign out",
        tag="session",
        handler=end_session,
        answers={204: Answers("Signed out.", None, ("Set-Cookie",))},
        refusals=(400, 401, 403, 422, 429),
    ),
)
