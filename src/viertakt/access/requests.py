"""A second person for changes of access, where an installation asks one: what widens access waits until another approves.

    who manages asks ──► waits ──► another person who manages approves ──► it is made, as if the first had done it now
                           └─ declined, or withdrawn by who asked

What narrows access at once (deactivating somebody, revoking a token) never waits: an emergency has one person. Adding
somebody and issuing a token do not wait either, but what they may does: until then they may nothing.
"""

from collections.abc import Collection
from typing import Any, Literal

from psycopg import Connection

from viertakt.access import audit_store, granting, grants_store
from viertakt.access import requests_store as store
from viertakt.access import store as actors
from viertakt.access.actions import activate, actor_by_id, check_name, check_roles, set_roles
from viertakt.access.audit_model import ChangeSort
from viertakt.access.grants import MANAGE
from viertakt.access.model import Actor, ActorSort
from viertakt.access.requests_store import AccessRequest, Asked, RequestState
from viertakt.access.rules import check_may_manage
from viertakt.errors import Conflict, Forbidden, NotFound
from viertakt.language.fields import Fields

RequestVerdict = Literal["approve", "decline", "withdraw"]

waiting = store.requests


def ask_change(
    conn: Connection[Any],
    asked: Asked,
    *,
    actor: Actor,
    reason: str | None,
    kinds: Collection[str],
    fields: Fields,
) -> AccessRequest:
    """Write down a change that waits for a second person. What could not be made is refused now: `Invalid`, `NotFound`."""
    if asked.grant is not None:
        if asked.revoke is not None:
            granting.check_in_force(conn, asked.revoke, asked.grant)
        granting.check_grant(conn, asked.grant, kinds, fields)
    if asked.roles is not None:
        check_roles(conn, asked.roles)
    request_id = store.add(conn, asked, by=actor.id, reason=reason and check_name(reason))
    audit_store.note(
        conn,
        ChangeSort.CHANGE_ASKED,
        by=actor.id,
        about=asked.actor or (asked.grant.token if asked.grant else None),
        reason=reason and check_name(reason),
        detail=_detail(request_id, asked),
    )
    return store.requests(conn, request_id=request_id)[0]


def settle(
    conn: Connection[Any],
    request_id: int,
    verdict: RequestVerdict,
    *,
    actor: Actor,
    kinds: Collection[str],
    fields: Fields,
) -> AccessRequest:
    """Approve, decline or withdraw a change that waits. Raises `NotFound`, `Forbidden`, `Conflict`.

    The rights of both are read under the lock that every change of rights takes: who lost theirs a moment ago decides
    nothing, and nothing is made in the name of who may no longer ask for it.
    """
    grants_store.lock_grants(conn)
    store.lock(conn, request_id)
    found = store.requests(conn, request_id=request_id)
    if not found:
        raise NotFound(f"There is no request {request_id}.")
    request, by = found[0], actor_by_id(conn, actor.id)
    check_may_manage(by)
    if request.state is not RequestState.OPEN:
        raise Conflict(f"Request {request_id} is {request.state}: it is settled only once.")
    if verdict == "withdraw":
        if by.id != request.asked_by:
            raise Forbidden(f"Only {request.asked_by_name} withdraws this; you may decline it.")
        state, sort = RequestState.WITHDRAWN, ChangeSort.CHANGE_WITHDRAWN
    else:
        _check_another_person(by, request)
        state, sort = RequestState.DECLINED, ChangeSort.CHANGE_DECLINED
    if verdict == "approve":
        _make(conn, request, kinds=kinds, fields=fields)
        state, sort = RequestState.MADE, ChangeSort.CHANGE_APPROVED
    store.settle(conn, request_id, state, by=by.id)
    audit_store.note(conn, sort, by=by.id, about=request.asked_by, detail=_detail(request_id, request.asked))
    return store.requests(conn, request_id=request_id)[0]


def _check_another_person(by: Actor, request: AccessRequest) -> None:
    if by.sort is not ActorSort.PERSON:
        raise Forbidden("Only a person is the second one, never a program.", why_not="not_a_person")
    if by.id == request.asked_by:
        raise Forbidden(f"{by.name} asked for this: somebody else has to decide.", why_not="own_request")


def _make(conn: Connection[Any], request: AccessRequest, *, kinds: Collection[str], fields: Fields) -> None:
    asker, asked = actors.actor_by_id(conn, request.asked_by), request.asked
    if asker is None or not asker.rights.to(MANAGE):
        raise Conflict(f"{request.asked_by_name} may no longer change access; ask for it yourself.")
    if asked.grant is not None:
        if asked.revoke is not None:
            granting.check_in_force(conn, asked.revoke, asked.grant)
        granting.add_grant(conn, asked.grant, actor=asker, kinds=kinds, fields=fields, reason=request.reason)
        if asked.revoke is not None:
            granting.revoke_grant(conn, asked.revoke, actor=asker, reason=request.reason)
    elif asked.revoke is not None:
        granting.revoke_grant(conn, asked.revoke, actor=asker, reason=request.reason)
    else:
        assert asked.actor is not None, "a change that is about no grant is about somebody"
        if asked.roles is None:
            activate(conn, asked.actor, by=asker.id)
        else:
            set_roles(conn, asked.actor, asked.roles, by=asker.id, reason=request.reason)


def _detail(request_id: int, asked: Asked) -> dict[str, object]:
    return {"request": request_id, "change": asked.sort.value}
