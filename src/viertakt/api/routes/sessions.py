"""The console's session: a person signs in, is known, proves once more who they are, signs out."""

from typing import Any

from viertakt.access.actions import person, role_labels, session_of, sign_out
from viertakt.access.grants import MANAGE
from viertakt.access.model import Actor, ActorSort, Session
from viertakt.access.rules import may_connect
from viertakt.access.sign_in_model import Started
from viertakt.access.signing_in import Attempt, admit, sign_in, step_up
from viertakt.api import accounts, credentials, proofs, replies, wire
from viertakt.api.permissions import Who
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.shapes import utc
from viertakt.errors import ViertaktError


async def start_session(call: Call) -> Reply:
    """Sign in; the session's secret goes into a cookie that no script can read."""
    sent: wire.SignIn = call.body
    credentials.check_same_origin(call.headers, needed=False)
    application = call.application
    attempt = Attempt(sent.email, sent.password, sent.code, proofs.origin_of(call))
    before = credentials.session_secret(call.headers, secure=call.secure)

    def start(conn: Any) -> tuple[str, replies.Session] | ViertaktError:
        started = sign_in(conn, attempt, application.sealer, limits=application.limits)
        if isinstance(started, ViertaktError):
            return started
        if before is not None:
            sign_out(conn, before)
        begun = session_of(conn, started.secret, idle_max=application.limits.idle_max)
        return started.secret, _session(conn, begun.actor, begun)

    await application.sign_in(lambda conn: admit(conn, attempt))
    answer = await application.sign_in(start)
    if isinstance(answer, ViertaktError):
        raise answer
    secret, session = answer
    return Reply(201, session, [credentials.cookie(secret, secure=call.secure)])


async def prove_again(call: Call) -> Reply:
    """Prove once more who one is; the session goes on under another secret."""
    sent: accounts.Proof = call.body
    session = proofs.own_session(call)
    origin, sealer = proofs.origin_of(call), call.application.sealer

    def act(conn: Any) -> Started | ViertaktError:
        return step_up(conn, session, sealer, password=sent.password, code=sent.code, origin=origin)

    started = await proofs.tried(call, session, act)
    return Reply(204, None, [credentials.cookie(started.secret, secure=call.secure)])


async def read_session(call: Call) -> Reply:
    """Who calls, be it a person or a program."""
    return Reply(200, await call.application.ask(lambda conn: _session(conn, call.by, call.session)))


async def end_session(call: Call) -> Reply:
    """Sign out; the secret in the cookie opens nothing any more."""
    secret = call.secret
    if secret is not None:
        await call.application.ask(lambda conn: sign_out(conn, secret))
    return Reply(204, None, [credentials.cookie(None, secure=call.secure)])


def _session(conn: Any, actor: Actor, session: Session | None) -> replies.Session:
    known = person(conn, actor.id) if actor.sort is ActorSort.PERSON else None
    look = session.look if session else None
    return replies.Session(
        actor=Who(actor.id, actor.name),
        email=known.email if known else None,
        language="nl" if known and known.language == "nl" else "en",
        roles=tuple(sorted(actor.roles)),
        manages=bool(actor.rights.to(MANAGE)),
        connects=may_connect(actor),
        look=None
        if look is None
        else replies.RoleLook(look.role, role_labels(conn)[look.role], utc(look.until)),
        lacks_factor=session is not None and session.lacks_factor,
        made_password=session is not None and session.made_password,
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
        method="POST",
        path="/v1/session/step-up",
        operation_id="stepUp",
        summary="Prove once more who you are",
        tag="session",
        handler=prove_again,
        without_factor=True,
        body=accounts.Proof,
        answers={204: Answers("Proved; the cookie changes.", None, ("Set-Cookie",))},
        refusals=(400, 401, 403, 413, 415, 422, 429),
        example={"password": "correct horse battery staple"},
    ),
    Route(
        method="GET",
        path="/v1/session",
        operation_id="readSession",
        summary="Read who is signed in",
        tag="session",
        handler=read_session,
        without_factor=True,
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
        without_factor=True,
        while_looking=True,
        answers={204: Answers("Signed out.", None, ("Set-Cookie",))},
        refusals=(400, 401, 403, 422, 429),
    ),
)
