"""Grants are given and taken here: by an administrator, by the product when it is installed, by a kind when it is published.

A grant is never changed, only revoked and another given, so its number in a history means the same for ever. Every change
is in the audit, and raises the `access_version` of everybody who has the role: what was decided a moment before on the
earlier rights is not written.
"""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from psycopg import Connection

from viertakt.access import grants_store as store
from viertakt.access.actions import check_name, check_roles
from viertakt.access.grants import ACTS, MANAGE, MOVE, RESTRICTED, VIEW
from viertakt.access.grants_model import Change, GrantLine, NewGrant
from viertakt.access.model import Actor, ActorId
from viertakt.errors import Conflict, Invalid, InvalidQuery, NotFound
from viertakt.language import Profile, parse, to_text
from viertakt.language.fields import Fields
from viertakt.language.model import comparisons

SCOPED = frozenset({"brand", "kind", "stage", "status"})  # and dimensions: what every tally knows
MAY_MAX = 200


def grants(conn: Connection[Any], *, role: str | None = None, revoked: bool = False) -> tuple[GrantLine, ...]:
    """Grants in force by their number, at most 1,000; `revoked`: the others too. Raises `Invalid`."""
    if role is not None:
        check_roles([role])
    return store.grants(conn, role=role, revoked=revoked)


def access_changes(conn: Connection[Any]) -> tuple[Change, ...]:
    """The audit of grants, the newest first, at most 1,000."""
    return store.changes(conn)


def add_grant(
    conn: Connection[Any],
    new: NewGrant,
    *,
    actor: Actor,
    kinds: Collection[str],
    fields: Fields,
    reason: str | None = None,
) -> GrantLine:
    """Grant something to a role. `kinds` there are; `fields`: those of the language with the kinds' dimensions alone.

    Raises `Invalid`, `InvalidQuery`.
    """
    checked = _checked(new, kinds, fields)
    store.lock_grants(conn)
    grant_id = store.add_grant(
        conn, checked, actor=actor.id, brought_by=None, reason=reason and check_name(reason)
    )
    if grant_id is None:
        raise Invalid(f"The role {new.role} is not installed.")
    store.raise_access_versions(conn, [checked.role])
    return next(line for line in store.grants(conn, role=checked.role) if line.id == grant_id)


def revoke_grant(conn: Connection[Any], grant_id: int, *, actor: Actor, reason: str | None = None) -> None:
    """Take a grant out of force, at once and for good. Raises `NotFound`, and `Conflict` for the last one to manage."""
    store.lock_grants(conn)
    managing = [line for line in store.grants(conn) if MANAGE in line.may]
    if [line.id for line in managing] == [grant_id]:
        raise Conflict("This is the last grant that says 'manage': without it nobody could grant anything.")
    role = store.revoke_grant(conn, grant_id, actor=actor.id, reason=reason and check_name(reason))
    if role is None:
        raise NotFound(f"No grant {grant_id} is in force; list them to see which are.")
    store.raise_access_versions(conn, [role])


def bring_grants(
    conn: Connection[Any],
    kind: str,
    *,
    before: Mapping[str, Collection[str]],
    after: Mapping[str, Collection[str]],
    restricted: Collection[str],
    actor: ActorId,
) -> None:
    """What a kind brings along when a version is published: by role the transitions that it opens to it, before and now.

    Only the difference counts: what a company has revoked since does not come back with the next version.
    """
    store.lock_grants(conn)
    changed = {
        role for role in before.keys() | after.keys() if set(before.get(role, ())) != set(after.get(role, ()))
    }
    in_force = {line.role: line for line in store.grants(conn) if line.brought_by == kind}
    for role in sorted(changed):
        old, new = (frozenset(MOVE + name for name in one.get(role, ())) for one in (before, after))
        line = in_force.get(role)
        may = (frozenset(line.may if line else ()) - (old - new)) | (new - old)
        if line is not None:
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


def _checked(new: NewGrant, kinds: Collection[str], fields: Fields) -> NewGrant:
    check_roles([new.role])
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
    )


def _check_may(may: Collection[str]) -> None:
    if not may or len(may) > MAY_MAX:
        raise Invalid(f"A grant says 1 to {MAY_MAX} things that it lets a role do.")
    for act in may:
        if act not in ACTS and not (act.startswith(MOVE) and len(act) > len(MOVE)):
            raise Invalid(
                f"A grant cannot say {act[:80]!r}.{_meant(act, ACTS)} It says {', '.join(ACTS)}, "
                "or move:<transition>, or move:*."
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
