"""Grants are given and taken here: by an administrator, by the product when it is installed, by a kind when it is published.

A grant is never changed, only revoked and another given, so its number in a history means the same for ever. Every change
is in the audit, and raises the `access_version` of everybody who has the role: what was decided a moment before on the
earlier rights is not written.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from psycopg import Connection

from viertakt.access import audit_store
from viertakt.access import grants_store as store
from viertakt.access import store as actors
from viertakt.access.actions import check_name, check_roles, issue_token
from viertakt.access.audit_model import Change, ChangeFilter
from viertakt.access.grants import ACTS, CONSENT, MANAGE, MOVE, RESTRICTED, VIEW
from viertakt.access.grants_model import GrantLine, NewGrant
from viertakt.access.model import Actor, ActorId
from viertakt.errors import Conflict, Invalid, InvalidQuery, NotFound
from viertakt.language import Profile, parse, to_text
from viertakt.language.fields import Fields
from viertakt.language.model import comparisons

SCOPED = frozenset({"brand", "kind", "stage", "status"})  # and dimensions: what every tally knows
MAY_MAX = 200


def grants(
    conn: Connection[Any],
    *,
    role: str | None = None,
    token: ActorId | None = None,
    of_tokens: bool = False,
    revoked: bool = False,
) -> tuple[GrantLine, ...]:
    """Grants in force by their number, at most 1,000; `revoked`: the others too, `of_tokens`: those of tokens only.

    Raises `Invalid`.
    """
    if role is not None:
        check_roles(conn, [role])
    return store.grants(conn, role=role, token=token, of_tokens=of_tokens, revoked=revoked)


def access_changes(
    conn: Connection[Any], wanted: ChangeFilter | None = None, *, limit: int = 1000
) -> tuple[Change, ...]:
    """The audit, the newest first, at most 1,000."""
    return audit_store.changes(conn, wanted or ChangeFilter(), limit=limit)


def add_grant(
    conn: Connection[Any],
    new: NewGrant,
    *,
    actor: Actor,
    kinds: Collection[str],
    fields: Fields,
    reason: str | None = None,
) -> GrantLine:
    """Grant something to a role or a token. `kinds` there are; `fields`: those of the language with the kinds' dimensions alone.

    Raises `Invalid`, `InvalidQuery`, `NotFound`.
    """
    checked = check_grant(conn, new, kinds, fields)
    store.lock_grants(conn)
    if checked.token is not None and not actors.lock_actor(conn, checked.token):
        raise NotFound(f"No live token has the id {checked.token}.")
    grant_id = store.add_grant(
        conn, checked, actor=actor.id, brought_by=None, reason=reason and check_name(reason)
    )
    if grant_id is None:
        raise Invalid(f"The role {new.role} is not installed.")
    _tell(conn, checked.role, checked.token)
    found = store.grants(conn, role=checked.role, token=checked.token)
    return next(line for line in found if line.id == grant_id)


def issue_with_grants(
    conn: Connection[Any],
    name: str,
    *,
    roles: Collection[str],
    grants: Collection[NewGrant],
    expires_at: datetime | None,
    actor: Actor,
    kinds: Collection[str],
    fields: Fields,
) -> tuple[str, Actor]:
    """A token with grants of its own besides or instead of roles, in plain text, and its actor. Raises as `add_grant`."""
    plain, token = issue_token(conn, name, roles, expires_at, by=actor.id, without_roles=bool(grants))
    for grant in grants:
        own = NewGrant(None, grant.may, grant.kinds, grant.where, grant.amount_max, token.id)
        add_grant(conn, own, actor=actor, kinds=kinds, fields=fields)
    return plain, token


def revoke_grant(conn: Connection[Any], grant_id: int, *, actor: Actor, reason: str | None = None) -> None:
    """Take a grant out of force, at once and for good. Raises `NotFound`, and `Conflict` for the last one to manage."""
    store.lock_grants(conn)
    managing = [line for line in store.grants(conn) if MANAGE in line.may and line.role is not None]
    if [line.id for line in managing] == [grant_id]:
        raise Conflict("This is the last grant that says 'manage': without it nobody could grant anything.")
    managed = actors.somebody_manages(conn)
    whose = store.revoke_grant(conn, grant_id, actor=actor.id, reason=reason and check_name(reason))
    if managed and not actors.somebody_manages(conn):
        raise Conflict(
            "Nobody who signs in would be left who may manage; give another person that right first."
        )
    if whose is None:
        raise NotFound(f"No grant {grant_id} is in force; list them to see which are.")
    _tell(conn, *whose)


def replace_grant(
    conn: Connection[Any],
    grant_id: int,
    new: NewGrant,
    *,
    actor: Actor,
    kinds: Collection[str],
    fields: Fields,
    reason: str | None = None,
) -> GrantLine:
    """One grant in place of another of the same role, in one step. Raises as `add_grant` and `revoke_grant`.

    The new one comes first, so that the last grant to manage can be changed.
    """
    store.lock_grants(conn)
    check_in_force(conn, grant_id, new)
    line = add_grant(conn, new, actor=actor, kinds=kinds, fields=fields, reason=reason)
    revoke_grant(conn, grant_id, actor=actor, reason=reason)
    return line


def check_in_force(conn: Connection[Any], grant_id: int, new: NewGrant) -> None:
    """Raises `NotFound` where this grant is not in force, `Invalid` where the new one is another role's."""
    found = [line for line in store.grants(conn) if line.id == grant_id]
    if not found:
        raise NotFound(f"No grant {grant_id} is in force; list them to see which are.")
    if (found[0].role, found[0].token) != (new.role, new.token):
        raise Invalid(f"Grant {grant_id} is not {new.role or new.token}'s: one takes the place of its own.")


def _tell(conn: Connection[Any], role: str | None, token: ActorId | None) -> None:
    if role is not None:
        store.raise_access_versions(conn, [role])
    if token is not None:
        # A revoked one stays so, whatever is granted or taken.
        actors.raise_access_version(conn, token, active=bool(actors.lock_actor(conn, token)))


def bring_grants(
    conn: Connection[Any],
    kind: str,
    *,
    before: Mapping[str, Collection[str]],
    after: Mapping[str, Collection[str]],
    restricted: Collection[str],
    actor: ActorId,
) -> None:
    """What a kind brings along when a version is published: by role what it lets it do, before and now.

    Only the difference counts: what a company has revoked since does not come back with the next version.
    """
    store.lock_grants(conn)
    changed = {
        role for role in before.keys() | after.keys() if set(before.get(role, ())) != set(after.get(role, ()))
    }
    in_force = [line for line in store.grants(conn) if line.brought_by == kind]
    for role in sorted(changed):
        old, new = (frozenset(one.get(role, ())) for one in (before, after))
        lines = [line for line in in_force if line.role == role]
        may = (frozenset(act for line in lines for act in line.may) - (old - new)) | (new - old)
        for line in lines:
            store.revoke_grant(conn, line.id, actor=actor, reason=None)
        if may:
            _bring(conn, NewGrant(role, tuple(sorted(may)), (kind,)), actor=actor, brought_by=kind)
    if store.add_restricted_stages(conn, kind, restricted):
        store.raise_all_access_versions(conn)
    elif changed:
        store.raise_access_versions(conn, changed)


def _bring(conn: Connection[Any], new: NewGrant, *, actor: ActorId, brought_by: str | None = None) -> None:
    # A role that is not installed gets nothing: a kind may name roles that another installation has.
    store.add_grant(conn, new, actor=actor, brought_by=brought_by, reason=None)


def check_grant(conn: Connection[Any], new: NewGrant, kinds: Collection[str], fields: Fields) -> NewGrant:
    """The grant in its canonical form. Raises `Invalid`, `InvalidQuery` for one that cannot be given."""
    check_roles(conn, [new.role] if new.role is not None else [])
    for kind in new.kinds:
        if kind not in kinds:
            raise Invalid(f"There is no kind {kind[:80]!r}.{_meant(kind, kinds)}")
    _check_may(new.may)
    for currency, amount in new.amount_max.items():
        if len(currency) != 3 or not currency.isascii() or not currency.isupper():
            raise Invalid(f"A limit is an amount in a currency, such as 1000EUR; {currency[:20]!r} is none.")
        if not amount.is_finite() or amount < 0:
            raise Invalid(f"A limit is zero or more; {amount} {currency} is not.")
    return NewGrant(
        new.role,
        tuple(sorted(set(new.may))),
        tuple(sorted(set(new.kinds))),
        check_scope(new.where, fields),
        new.amount_max,
        new.token,
    )


def _check_may(may: Collection[str]) -> None:
    if not may or len(may) > MAY_MAX:
        raise Invalid(f"A grant says 1 to {MAY_MAX} things that it lets a role do.")
    for act in may:
        if act not in ACTS and not any(act.startswith(word) and act != word for word in (MOVE, CONSENT)):
            raise Invalid(
                f"A grant cannot say {act[:80]!r}.{_meant(act, ACTS)} It says {', '.join(ACTS)}, "
                "move:<transition>, consent:<transition>, move:* or consent:*."
            )
    if RESTRICTED in may and VIEW not in may:
        raise Invalid("'restricted' widens what may be viewed; say 'view' in the same grant.")


def check_scope(where: str, fields: Fields) -> str:
    """The query of a scope in its canonical form. Raises `InvalidQuery` for one that asks what tallies do not know."""
    known = [*SCOPED, *(name for name in fields if name.startswith("attributes."))]
    query = parse(where, fields=fields, profile=Profile.ROW)
    for leaf in comparisons(query.terms):
        if leaf.field not in known:
            raise InvalidQuery(
                f"A grant is limited by {', '.join(sorted(known))}, so that its counts stay exact; not by {leaf.field}."
            )
    text = to_text(query)
    parse(text, profile=Profile.ROW)  # as it is read when somebody asks
    return text


def _meant(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f" Did you mean {close[0]}?" if close else ""
