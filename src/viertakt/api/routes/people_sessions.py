"""What an administrator sees and does at the door: somebody's sessions, a lost authenticator, the record."""

from typing import Any

from viertakt.access import accounts
from viertakt.access.model import ActorId
from viertakt.access.sign_in_model import EventLine
from viertakt.api import accounts as documents
from viertakt.api import proofs
from viertakt.api.permissions import Who
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.access_requests import needs_second
from viertakt.api.routes.accounts import listed, session_id
from viertakt.api.shapes import utc
from viertakt.errors import Forbidden


async def list_sessions(call: Call) -> Reply:
    """Where a person is signed in."""
    whose, limits = ActorId(call.path["person"]), call.application.limits
    found = await call.application.ask(lambda conn: accounts.sessions(conn, whose, limits))
    return Reply(200, listed(found, current=call.session.id if call.session else None))


async def end_sessions(call: Call) -> Reply:
    """Sign a person out everywhere."""
    whose, origin = ActorId(call.path["person"]), proofs.origin_of(call)
    await call.application.ask(lambda conn: accounts.end_sessions(conn, whose, by=call.by, origin=origin))
    return Reply(204)


async def end_one_session(call: Call) -> Reply:
    """Sign a person out at one place."""
    whose, origin, named = ActorId(call.path["person"]), proofs.origin_of(call), session_id(call)
    await call.application.ask(
        lambda conn: accounts.end_sessions(conn, whose, by=call.by, origin=origin, only=named)
    )
    return Reply(204)


async def reset_authenticator(call: Call) -> Reply:
    """Take a lost authenticator out of use; who does it has just proved who they are."""
    _check_proved(call)
    whose, origin, reason = ActorId(call.path["person"]), proofs.origin_of(call), call.body.reason

    def write(conn: Any) -> None:
        _check_alone(conn, call, whose)
        accounts.reset_factor(conn, whose, by=call.by, origin=origin, reason=reason)

    await call.application.ask(write)
    return Reply(204)


async def reset_password(call: Call) -> Reply:
    """A password for somebody who forgot theirs; who makes it has just proved who they are."""
    _check_proved(call)
    whose, origin, reason = ActorId(call.path["person"]), proofs.origin_of(call), call.body.reason

    def write(conn: Any) -> str:
        _check_alone(conn, call, whose)
        return accounts.reset_password(conn, whose, by=call.by, origin=origin, reason=reason)

    # In the threads for sign-ins: a password is costly to hash.
    return Reply(200, documents.MadePassword(await call.application.sign_in(write)))


async def list_events(call: Call) -> Reply:
    """What happened at the door."""
    asked: documents.EventsQuery = call.query
    whose = ActorId(asked.person) if asked.person else None
    found = await call.application.ask(lambda conn: accounts.events(conn, whose))
    return Reply(200, documents.SignInEventList(tuple(map(_event, found))))


def _check_proved(call: Call) -> None:
    """How somebody signs in is a person's to reset: a token proves nothing anew. Raises `Forbidden`, `StepUpRequired`."""
    if call.session is None:
        raise Forbidden("Only a person who is signed in resets how another signs in; a token does not.")
    proofs.proved_session(call)


def _check_alone(conn: Any, call: Call, whose: ActorId) -> None:
    """Who resets a second person could be that person. Raises `NotFound`, `Conflict`, `Forbidden` where access takes two."""
    if needs_second(call) and whose != call.by.id:
        accounts.check_not_second(conn, whose)


def _event(line: EventLine) -> documents.SignInEvent:
    return documents.SignInEvent(
        id=line.id,
        at=utc(line.at),
        sort=line.sort,
        whose=Who(line.actor, line.actor_name or line.actor) if line.actor else None,
        by=Who(line.by_actor, line.by_name or line.by_actor) if line.by_actor else None,
        method=line.method,
        address=line.address,
        client=line.client,
        detail=line.detail,
    )


_READ = (400, 401, 403, 404, 422, 429)

ROUTES = (
    Route(
        method="GET",
        path="/v1/people/{person}/sessions",
        operation_id="listSessions",
        summary="List where a person is signed in",
        tag="access",
        handler=list_sessions,
        admin=True,
        answers={200: Answers("Live sessions.", documents.AccountSessionList)},
        refusals=_READ,
    ),
    Route(
        method="DELETE",
        path="/v1/people/{person}/sessions",
        operation_id="endSessions",
        summary="Sign a person out everywhere",
        tag="access",
        handler=end_sessions,
        admin=True,
        answers={204: Answers("Ended.")},
        refusals=_READ,
    ),
    Route(
        method="DELETE",
        path="/v1/people/{person}/sessions/{session}",
        operation_id="endSession",
        summary="Sign a person out at one place",
        tag="access",
        handler=end_one_session,
        admin=True,
        answers={204: Answers("Ended.")},
        refusals=_READ,
    ),
    Route(
        method="POST",
        path="/v1/people/{person}/authenticator/reset",
        operation_id="resetAuthenticator",
        summary="Take a lost authenticator out of use",
        tag="access",
        handler=reset_authenticator,
        body=documents.ResetFactor,
        admin=True,
        answers={204: Answers("Reset; the person is signed out everywhere.")},
        refusals=(400, 401, 403, 404, 409, 413, 415, 422, 429),
        example={"reason": "Lost the phone"},
    ),
    Route(
        method="POST",
        path="/v1/people/{person}/password/reset",
        operation_id="resetPassword",
        summary="Make up a password for somebody who forgot theirs",
        tag="access",
        handler=reset_password,
        body=documents.ResetPassword,
        admin=True,
        answers={200: Answers("Reset; the person is signed out everywhere.", documents.MadePassword)},
        refusals=(400, 401, 403, 404, 409, 413, 415, 422, 429),
        example={"reason": "Asked at the desk"},
    ),
    Route(
        method="GET",
        path="/v1/sign-in-events",
        operation_id="listSignInEvents",
        summary="What happened at the door",
        tag="access",
        handler=list_events,
        query=documents.EventsQuery,
        admin=True,
        answers={200: Answers("The record, the newest first.", documents.SignInEventList)},
        refusals=(400, 401, 403, 422, 429),
    ),
)
