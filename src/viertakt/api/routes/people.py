"""People: who signs in, with which roles; and what happens with theirs when they leave."""

from typing import Any

from viertakt.access import actions
from viertakt.access.model import Actor, ActorId
from viertakt.access.model import Person as Known
from viertakt.access.passwords import generate_password
from viertakt.access.requests_store import Asked
from viertakt.api import access as documents
from viertakt.api.leaving import leave
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.access_requests import WAITS, ask, asked, needs_second
from viertakt.api.shapes import utc
from viertakt.errors import NotFound


async def list_people(call: Call) -> Reply:
    """Everybody who signs in or did, by name."""
    found = await call.application.ask(actions.people)
    return Reply(200, documents.PersonList(tuple(map(_person, found))))


async def add_person(call: Call) -> Reply:
    """Somebody who can sign in from now on, with a password that is shown this once."""
    sent: documents.AddPerson = call.body
    password = generate_password()

    def write(conn: Any) -> documents.AddedPerson:
        added = actions.add_person(
            conn,
            email=sent.email,
            name=sent.name,
            roles=() if needs_second(call) else sent.roles,
            password=password,
            language=sent.language,
            by=call.by.id,
            made=True,
        )
        if needs_second(call) and sent.roles:
            ask(conn, call, Asked(actor=added.id, roles=sent.roles), None)
        return documents.AddedPerson(_person(actions.person(conn, added.id)), password)

    # In the threads for sign-ins: a password is costly to hash, too.
    return Reply(201, await call.application.sign_in(write))


async def set_roles(call: Call) -> Reply:
    """The roles somebody has from now on, at once."""
    sent: documents.SetRoles = call.body
    about = _named(call)
    if needs_second(call):
        await call.application.ask(lambda conn: actions.person(conn, about))
        return await asked(call, Asked(actor=about, roles=sent.roles), sent.reason)

    def write(conn: Any) -> documents.Person:
        actions.person(conn, about)
        actions.set_roles(conn, about, sent.roles, by=call.by.id, reason=sent.reason)
        return _person(actions.person(conn, about))

    return Reply(200, await call.application.ask(write))


async def deactivate(call: Call) -> Reply:
    """Somebody leaves: sessions and the tokens they issued end at once, views and work are handed over, what they asked for is void."""
    sent: documents.Deactivate = call.body
    about = _named(call)
    to = None if sent.hand_over_to is None else ActorId(sent.hand_over_to)

    def write(conn: Any) -> documents.Deactivated:
        left = leave(conn, about, to=to, by=call.by.id, reason=sent.reason)
        return documents.Deactivated(
            person=_person(actions.person(conn, about)),
            views=left.views,
            assignments=left.assignments,
            tokens=left.tokens,
            approvals=tuple(
                documents.LostApproval(one.operation_id, one.asked_seq, one.transition)
                for one in left.approvals
            ),
        )

    return Reply(200, await call.application.ask(write))


async def activate(call: Call) -> Reply:
    """Somebody comes back, with the roles of before."""
    about = _named(call)
    if needs_second(call):
        await call.application.ask(lambda conn: actions.person(conn, about))
        return await asked(call, Asked(actor=about))

    def write(conn: Any) -> documents.Person:
        found: Actor = actions.activate(conn, about, by=call.by.id)
        return _person(actions.person(conn, found.id))

    return Reply(200, await call.application.ask(write))


def _named(call: Call) -> ActorId:
    text = call.path["person"]
    if not text.startswith("person:") or not text.isprintable():
        raise NotFound(f"No person has the id {text[:100]!r}.")
    return ActorId(text)


def _person(known: Known) -> documents.Person:
    return documents.Person(
        id=known.id,
        name=known.name,
        email=known.email,
        language="nl" if known.language == "nl" else "en",
        active=known.active,
        roles=known.roles,
        created_at=utc(known.created_at),
        last_seen_at=utc(known.last_seen_at) if known.last_seen_at else None,
    )


_WRITES = (400, 401, 403, 404, 409, 413, 415, 422, 429)

ROUTES = (
    Route(
        method="GET",
        path="/v1/people",
        operation_id="listPeople",
        summary="List people",
        tag="access",
        handler=list_people,
        admin=True,
        answers={200: Answers("People, by name.", documents.PersonList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/people",
        operation_id="addPerson",
        summary="Add a person",
        tag="access",
        handler=add_person,
        body=documents.AddPerson,
        admin=True,
        answers={201: Answers("Added; the password is shown this once.", documents.AddedPerson)},
        refusals=(400, 401, 403, 409, 413, 415, 422, 429),
        example={"email": "bo@example.com", "name": "Bo Jansen", "roles": ["payments"]},
    ),
    Route(
        method="PUT",
        path="/v1/people/{person}/roles",
        operation_id="setRoles",
        summary="Set a person's roles",
        tag="access",
        handler=set_roles,
        body=documents.SetRoles,
        admin=True,
        answers={200: Answers("The person as they are now.", documents.Person), 202: WAITS},
        refusals=_WRITES,
        example={"roles": ["payments", "support"]},
    ),
    Route(
        method="POST",
        path="/v1/people/{person}/deactivate",
        operation_id="deactivatePerson",
        summary="Deactivate a person and hand over what is theirs",
        tag="access",
        handler=deactivate,
        body=documents.Deactivate,
        admin=True,
        answers={200: Answers("They may no longer act.", documents.Deactivated)},
        refusals=_WRITES,
        example={"reason": "Left the company"},
    ),
    Route(
        method="POST",
        path="/v1/people/{person}/activate",
        operation_id="activatePerson",
        summary="Let a deactivated person sign in again",
        tag="access",
        handler=activate,
        admin=True,
        answers={200: Answers("They may sign in again.", documents.Person), 202: WAITS},
        refusals=(400, 401, 403, 404, 422, 429),
    ),
)
