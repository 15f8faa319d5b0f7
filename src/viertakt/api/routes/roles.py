"""Roles: listed with their grants, made and removed, and looked through. For who manages; every change is in the audit."""

from typing import Any

import msgspec

from viertakt.access import granting, roles
from viertakt.access.model import Role
from viertakt.api import grants as documents
from viertakt.api import proofs, replies
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.grants import grant_document
from viertakt.api.shapes import utc


async def list_roles(call: Call) -> Reply:
    """Every role with its grants in force."""

    def read(conn: Any) -> documents.RoleList:
        return documents.RoleList(tuple(_document(conn, role) for role in roles.roles(conn)))

    return Reply(200, await call.application.ask(read))


async def make_role(call: Call) -> Reply:
    """A role of the company's own, which may nothing yet."""
    sent: documents.MakeRole = call.body

    def write(conn: Any) -> documents.Role:
        made = roles.make_role(conn, sent.role, _label(sent.label), by=call.by.id, reason=sent.reason)
        return _document(conn, made)

    return Reply(201, await call.application.ask(write))


async def change_role(call: Call) -> Reply:
    """What a role is called, and whether it asks for an authenticator; at once for everybody who has it."""
    sent: documents.ChangeRole = call.body

    def write(conn: Any) -> documents.Role:
        changed = roles.change_role(
            conn,
            call.path["role"],
            label=_label(sent.label) if sent.label else None,
            second_factor=sent.second_factor,
            by=call.by.id,
            reason=sent.reason,
        )
        return _document(conn, changed)

    return Reply(200, await call.application.ask(write))


async def remove_role(call: Call) -> Reply:
    """Take a company's role out of use, with its grants."""
    role, reason = call.path["role"], call.query.reason
    await call.application.ask(lambda conn: roles.remove_role(conn, role, by=call.by, reason=reason))
    return Reply(204)


async def start_look(call: Call) -> Reply:
    """From now on this session sees what a role sees, and changes nothing."""
    session, sent = proofs.own_session(call), call.body

    def write(conn: Any) -> replies.RoleLook:
        look = roles.look_as(conn, session, sent.role)
        return replies.RoleLook(look.role, roles.role_called(conn, look.role).label, utc(look.until))

    return Reply(200, await call.application.ask(write))


async def end_look(call: Call) -> Reply:
    """The session is one's own again."""
    session = proofs.own_session(call)
    await call.application.ask(lambda conn: roles.look_no_more(conn, session))
    return Reply(204)


def _document(conn: Any, role: Role) -> documents.Role:
    return documents.Role(
        role=role.role,
        label=role.label,
        grants=tuple(map(grant_document, granting.grants(conn, role=role.role))),
        own=role.made_by is not None,
        second_factor=role.second_factor,
        holders=len(roles.holders_of_role(conn, role.role)),
    )


def _label(sent: documents.RoleName) -> dict[str, str]:
    return msgspec.structs.asdict(sent)


_WRITES = (400, 401, 403, 404, 409, 413, 415, 422, 429)

ROUTES = (
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
    Route(
        method="POST",
        path="/v1/roles",
        operation_id="makeRole",
        summary="Make a role",
        tag="access",
        handler=make_role,
        body=documents.MakeRole,
        admin=True,
        answers={201: Answers("Made; it may nothing yet.", documents.Role)},
        refusals=(400, 401, 403, 409, 413, 415, 422, 429),
        example={"role": "night_shift", "label": {"en": "Night shift", "nl": "Nachtdienst"}},
    ),
    Route(
        method="PATCH",
        path="/v1/roles/{role}",
        operation_id="changeRole",
        summary="Change what a role is called or asks for",
        tag="access",
        handler=change_role,
        body=documents.ChangeRole,
        admin=True,
        answers={200: Answers("The role as it is now.", documents.Role)},
        refusals=_WRITES,
        example={"second_factor": True},
    ),
    Route(
        method="DELETE",
        path="/v1/roles/{role}",
        operation_id="removeRole",
        summary="Remove a role that nobody has",
        tag="access",
        handler=remove_role,
        query=documents.RevokeQuery,
        admin=True,
        answers={204: Answers("Removed, with its grants.")},
        refusals=(400, 401, 403, 404, 409, 422, 429),
    ),
    Route(
        method="PUT",
        path="/v1/session/look",
        operation_id="startLook",
        summary="Look through the eyes of a role",
        tag="access",
        handler=start_look,
        body=documents.ViewAs,
        admin=True,
        answers={200: Answers("What is read is what that role sees, until then.", replies.RoleLook)},
        refusals=(400, 401, 403, 404, 413, 415, 422, 429),
        example={"role": "support"},
    ),
    Route(
        method="DELETE",
        path="/v1/session/look",
        operation_id="endLook",
        summary="End the look through a role's eyes",
        tag="access",
        handler=end_look,
        while_looking=True,
        answers={204: Answers("One's own again.")},
        refusals=(400, 401, 403, 422, 429),
    ),
)
